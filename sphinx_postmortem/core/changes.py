"""What a change of one page's records means for other pages.

A new kind of list names here what it shows of other pages; else it is stale after an edit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sphinx_postmortem.core.records import EVENTS, SUMMARIES, Incident, PageRecords

RECORDS = "records"  # the fields of incidents, actions and points: every list over all pages shows some of them


@dataclass(frozen=True)
class Change:
    """The records of one page before and after a build has read it."""

    before: PageRecords
    after: PageRecords

    @property
    def moves_owners(self) -> bool:
        """Whether the pages to which owners lead may be others now."""
        before, after = self.before, self.after
        return before.has_list != after.has_list or before.owner_lists != after.owner_lists

    @cached_property
    def topics(self) -> frozenset[str]:
        """What has changed: ``RECORDS``, ``SUMMARIES`` (the texts of incidents), ``EVENTS``."""
        before, after = self.before, self.after
        found: list[str] = []
        if (_facts(before), before.actions, before.points) != (_facts(after), after.actions, after.points):
            found.append(RECORDS)
        if before.incidents != after.incidents:
            found.append(SUMMARIES)
        if before.events != after.events or before.incidents != after.incidents:
            found.append(EVENTS)
        return frozenset(found)

    @cached_property
    def incidents(self) -> frozenset[str]:
        """The keys of the incidents whose fields, actions or points have changed."""
        if RECORDS not in self.topics:
            return frozenset()
        return frozenset(incident.key for page in (self.before, self.after) for incident in page.incidents)

    @cached_property
    def owners(self) -> frozenset[str]:
        """The keys of the owners whose lists show something that has changed; an empty key for no owner."""
        before, after = self.before, self.after
        changed = {*before.actions, *after.actions}
        if _facts(before) == _facts(after):  # An incident's fields stand beside each of its actions.
            changed = set(before.actions) ^ set(after.actions)
        return frozenset(name.casefold() for action in changed for name in action.owners or ("",))

    @property
    def new_or_gone_owners(self) -> frozenset[str]:
        """The keys of the owners who have actions on the page now and had none, or the other way round."""
        before, after = (
            frozenset(name.casefold() for action in page.actions for name in action.owners)
            for page in (self.before, self.after)
        )
        return before ^ after


def _facts(page: PageRecords) -> tuple[Incident, ...]:
    return tuple(replace(incident, summary="", impacts=()) for incident in page.incidents)
