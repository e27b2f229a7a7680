"""What a change of one page's records means for other pages.

A new kind of list names here what it shows of other pages; else it is stale after an edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sphinx_postmortem.core.records.field_uses import RECORDS, SUMMARIES, without
from sphinx_postmortem.core.records.model import EVENTS, Incident, Owner, PageRecords


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
        """What has changed: ``RECORDS``, which every list shows, ``SUMMARIES`` (texts of incidents), ``EVENTS``.

        ``EVENTS`` stands for the rows of timelines and response tables, and for reporting clocks.
        """
        before, after = self.before, self.after
        found: list[str] = []
        if (_without_summaries(before), before.actions, before.points) != (
            _without_summaries(after),
            after.actions,
            after.points,
        ):
            found.append(RECORDS)
        if before.incidents != after.incidents:
            found.append(SUMMARIES)
        rows = tuple((page.events, page.responses, page.clocks) for page in (before, after))
        if rows[0] != rows[1] or before.incidents != after.incidents:
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
        if _without_summaries(before) == _without_summaries(
            after
        ):  # An incident's fields stand beside each of its actions.
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


def _without_summaries(page: PageRecords) -> tuple[Incident, ...]:
    return tuple(without(incident, SUMMARIES) for incident in page.incidents)


def pages_that_show(
    changes: Mapping[str, Change],
    pages: Mapping[str, PageRecords],
    registered: Sequence[Owner],
    registered_before: Sequence[Owner],
) -> set[str]:
    """Return the pages that show something that has changed on others: lists, and references to changed records.

    Args:
        changes: what has changed, by page.
        pages: the records of all pages as they are now.
        registered: the owners that the settings know.
        registered_before: those that they knew when the pages were last written.
    """
    found = _pages_about_runbooks(changes, pages)
    every = list(changes.values())
    if tuple(registered_before) != tuple(registered) or any(change.moves_owners for change in every):
        # The owners' names, or the pages that list them, are others now.
        return {name for name, page in pages.items() if page != PageRecords(title=page.title)} | found
    topics = frozenset[str]().union(*(change.topics for change in every))
    owners = frozenset[str]().union(*(change.owners for change in every))
    described = [owner for owner in registered if owner.key in owners]
    owners |= {owner.name.casefold() for owner in described}
    teams = {owner.team.casefold() for owner in described}
    ids = _owners_that_came_or_went(changes, pages, registered).union(*(change.incidents for change in every))
    found |= _pages_about_factors(changes, pages)
    return found | {
        name
        for name, page in pages.items()
        if (RECORDS in topics and (page.has_list or page.has_overview))
        or not topics.isdisjoint(page.shows)
        or not ids.isdisjoint(page.mentions)
        or any(not owners.isdisjoint(each.owners) or not teams.isdisjoint(each.teams) for each in page.owner_lists)
    }


def _pages_about_runbooks(changes: Mapping[str, Change], pages: Mapping[str, PageRecords]) -> set[str]:
    """Return the runbooks of incidents that changed, and the pages of incidents whose runbook has a new title."""
    renamed = {docname for docname, change in changes.items() if change.before.title != change.after.title}
    found: set[str] = set()
    for change in changes.values():
        if change.before.incidents != change.after.incidents:
            both = (*change.before.incidents, *change.after.incidents)
            found.update(name for incident in both for name in incident.runbooks)
    about = {
        docname
        for docname, page in pages.items()
        if any(not renamed.isdisjoint(incident.runbooks) for incident in page.incidents)
    }
    if about:  # Lists may show the runbooks of incidents.
        about |= {docname for docname, page in pages.items() if page.has_overview}
    return (found | about) & pages.keys()


def _pages_about_factors(changes: Mapping[str, Change], pages: Mapping[str, PageRecords]) -> set[str]:
    """Return the pages of incidents that share a factor with one that changed, or are named by its ``repeats``.

    Their summaries say which fixes did not hold, and what followed; tags lead to the page with the list of factors.
    """
    changed = [each for each in changes.values() if RECORDS in each.topics]
    both = [page for each in changed for page in (each.before, each.after)]
    tags = {tag for page in both for point in page.points for tag in point.tags}
    named = {name.casefold() for page in both for incident in page.incidents for name in incident.repeats}
    ids = {incident.key for page in both for incident in page.incidents}
    moved = any(each.before.has_factors != each.after.has_factors for each in changes.values())
    return {
        name
        for name, page in pages.items()
        if any(moved or not tags.isdisjoint(point.tags) for point in page.points if point.tags)
        or any(
            incident.key in named or not ids.isdisjoint(map(str.casefold, incident.repeats))
            for incident in page.incidents
        )
    }


def _owners_that_came_or_went(
    changes: Mapping[str, Change], pages: Mapping[str, PageRecords], registered: Iterable[Owner]
) -> frozenset[str]:
    """Return the ids and names, in lower case, of owners who had no actions before, or have none now."""
    candidates = frozenset[str]().union(*(change.new_or_gone_owners for change in changes.values()))
    if not candidates:
        return candidates
    others = (page for docname, page in pages.items() if docname not in changes)
    candidates -= {name.casefold() for page in others for action in page.actions for name in action.owners}
    return candidates | {owner.name.casefold() for owner in registered if owner.key in candidates}
