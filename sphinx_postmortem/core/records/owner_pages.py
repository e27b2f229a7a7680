"""The page to which a reference to an owner leads."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Owner, PageRecords


class OwnerPages:
    """The pages that list owners' actions.

    Args:
        pages: the records of this site's pages.
        knowledge: the index of all records.
    """

    def __init__(self, pages: Mapping[str, PageRecords], knowledge: KnowledgeBase) -> None:
        self._with_actions = knowledge.owners_with_actions
        self._of_owner: dict[str, str] = {}
        self._of_team: dict[str, str] = {}
        self._index = ""
        for docname in sorted(pages):
            first_pages = [each for each in pages[docname].owner_lists if each.page == 1]
            for name in (name for each in first_pages for name in each.owners):
                if owner := knowledge.find_owner(name):
                    self._of_owner.setdefault(owner.key, docname)
            for team in (team for each in first_pages for team in each.teams):
                self._of_team.setdefault(team, docname)
            if pages[docname].has_list:
                self._index = self._index or docname

    def page_of(self, owner: Owner) -> str:
        """Return the page that lists an owner's actions, or an empty text.

        It is the first page for that owner, else the first for their team, else the first with the index of all
        actions. The index holds only owners who have any.
        """
        own = self._of_owner.get(owner.key) or self._of_team.get(owner.team.casefold())
        return own or (self._index if owner.key in self._with_actions else "")
