"""The directive ``actions-by-owner``."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.lists import filters
from sphinx_postmortem.core.lists.by_owner import DEFAULT_ROWS, OwnerChoice
from sphinx_postmortem.core.lists.filters import BadFilterError
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import OwnerList
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import ActionIndex


class ActionsByOwner(PostmortemDirective):
    """The actions of all incidents by owner, the overdue first: all, or those of some owners or teams.

    With ``:overview:`` only how many each owner and team has. A list has at most ``:limit:`` rows, 500 without it;
    ``:page:`` 2 shows the next ones.
    """

    has_content = False
    option_spec = option_spec("actions-by-owner")

    def run_visible(self) -> list[nodes.Node]:
        """Return the placeholder of the list; an option that cannot be read is reported, and no list is shown."""
        try:
            choice = self.read_choice()
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            return [output.paragraph(filters.CANNOT_BE_SHOWN)]
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        overview = "overview" in self.options
        if overview:
            noted = replace(records, has_overview=True)
        elif choice.owners or choice.teams:
            listed = OwnerList(choice.owners, choice.teams, choice.page)
            noted = replace(records, owner_lists=(*records.owner_lists, listed))
        else:
            noted = replace(records, has_list=True)
        self.domain.note_page(docname, noted)
        placeholder = ActionIndex(docname=docname, overview=overview, choice=choice)
        self.set_source_info(placeholder)
        return [placeholder]

    def read_choice(self) -> OwnerChoice:
        """Return what the options ask for.

        Raises:
            BadFilterError: a value cannot be used.
        """
        options = self.options
        return OwnerChoice(
            owners=filters.split_values(options.get("owner", "")),
            teams=filters.split_values(options.get("team", "")),
            open_only="open-only" in options,
            limit=filters.read_number("limit", options.get("limit", ""), DEFAULT_ROWS),
            page=filters.read_number("page", options.get("page", ""), 1),
        )
