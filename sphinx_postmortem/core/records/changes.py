"""What a change of one page's records means for other pages.

A new kind of list names here what it shows of other pages; else it is stale after an edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.field_uses import RECORDS, SUMMARIES, without
from sphinx_postmortem.core.records.model import EVENTS, Incident, Owner, PageRecords


@dataclass(frozen=True)
class PageChange:
    """The records of one page before and after a build has read it."""

    before: PageRecords
    after: PageRecords

    @property
    def moves_lists(self) -> bool:
        """Whether the pages to which owners and tags of factors lead may be others now."""
        before, after = self.before, self.after
        return (before.has_list, before.has_factors, before.owner_lists) != (
            after.has_list,
            after.has_factors,
            after.owner_lists,
        )

    @cached_property
    def topics(self) -> frozenset[str]:
        """What has changed: ``RECORDS``, which every list shows, ``SUMMARIES`` (texts of incidents), ``EVENTS``.

        ``EVENTS`` stands for the rows of timelines and response tables, for reporting clocks and for VERIS.
        """
        before, after = self.before, self.after
        found: list[str] = []
        if _in_all_lists(before) != _in_all_lists(after):
            found.append(RECORDS)
        if before.incidents != after.incidents:
            found.append(SUMMARIES)
        rows = tuple((page.events, page.responses, page.clocks, page.veris) for page in (before, after))
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
            if before.actions == after.actions:
                return frozenset()
            changed = set(before.actions) ^ set(after.actions) or changed  # the same ones in another order
        return frozenset(name.casefold() for action in changed for name in action.owners or ("",))

    @property
    def new_or_gone_owners(self) -> frozenset[str]:
        """The keys of the owners who have actions on the page now and had none, or the other way round."""
        before, after = (
            frozenset(name.casefold() for action in page.actions for name in action.owners)
            for page in (self.before, self.after)
        )
        return before ^ after


def _in_all_lists(page: PageRecords) -> object:
    """Return what every list may show of a page; of a runbook also its title."""
    return _without_summaries(page), page.actions, page.points, page.is_runbook and page.title


def _without_summaries(page: PageRecords) -> tuple[Incident, ...]:
    return tuple(without(incident, SUMMARIES) for incident in page.incidents)


def pages_that_show(
    changes: Mapping[str, PageChange],
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
    if not changes and tuple(registered_before) == tuple(registered):
        return set()
    found = _pages_about_runbooks(changes, pages)
    every = list(changes.values())
    if tuple(registered_before) != tuple(registered) or any(change.moves_lists for change in every):
        # The owners' names, or the pages that list them, are others now.
        return {name for name, page in pages.items() if page != PageRecords(title=page.title)} | found
    topics = frozenset[str]().union(*(change.topics for change in every))
    tags = _changed_factors(every)
    found |= _pages_about_factors(tags, changes, pages)
    owners = frozenset[str]().union(*(change.owners for change in every))
    against = (action for page in pages.values() for action in page.actions if not tags.isdisjoint(action.factors))
    owners |= {name.casefold() for action in against for name in action.owners or ("",)}  # Their fixes may not hold.
    described = [owner for owner in registered if owner.key in owners]
    owners |= {owner.name.casefold() for owner in described}
    teams = {owner.team.casefold() for owner in described}
    ids = _owners_that_came_or_went(changes, pages, registered).union(*(change.incidents for change in every))
    return found | {
        name
        for name, page in pages.items()
        if (RECORDS in topics and page.has_overview)
        or (owners and page.has_list)  # the index of all actions shows no factors
        or not topics.isdisjoint(page.shows)
        or not ids.isdisjoint(page.mentions)
        or any(not owners.isdisjoint(each.owners) or not teams.isdisjoint(each.teams) for each in page.owner_lists)
    }


def _pages_about_runbooks(changes: Mapping[str, PageChange], pages: Mapping[str, PageRecords]) -> set[str]:
    """Return the runbooks of incidents that changed, and the pages of incidents whose runbook has a new title."""
    renamed = {docname for docname, change in changes.items() if change.before.title != change.after.title}
    found: set[str] = set()
    for change in changes.values():
        if change.before.incidents != change.after.incidents or RECORDS in change.topics:
            both = (*change.before.incidents, *change.after.incidents)
            found.update(name for incident in both for name in incident.runbooks)
            points = (*change.before.points, *change.after.points)
            found.update(name for point in points for name in point.runbooks)
    about = {
        docname
        for docname, page in pages.items()
        if any(not renamed.isdisjoint(incident.runbooks) for incident in page.incidents)
    }
    if about:  # Lists may show the runbooks of incidents.
        about |= {docname for docname, page in pages.items() if page.has_overview}
    return (found | about) & pages.keys()


def _changed_factors(changes: Iterable[PageChange]) -> set[str]:
    """Return the tags of which another page may say something else now: whether a fix held, and when they came back."""
    changed = (each for each in changes if _about_fixes(each.before) != _about_fixes(each.after))
    pages = [page for each in changed for page in (each.before, each.after)]
    return {tag for page in pages for tag in _tags(page)}


def _about_fixes(page: PageRecords) -> object:
    actions = [action for action in page.actions if action.factors]
    return _without_summaries(page), actions, [(point.incident_id, point.tags) for point in page.points if point.tags]


def _tags(page: PageRecords) -> Iterator[str]:
    for record in page.points:
        yield from record.tags
    for action in page.actions:
        yield from action.factors


def _pages_about_factors(
    tags: set[str], changes: Mapping[str, PageChange], pages: Mapping[str, PageRecords]
) -> set[str]:
    """Return the incidents that speak of changed factors, of one that they repeat, or of one that followed."""
    both = [page for each in changes.values() for page in (each.before, each.after) if RECORDS in each.topics]
    named = {name.casefold() for page in both for incident in page.incidents for name in incident.repeats}
    ids = {incident.key for page in both for incident in page.incidents}
    return {
        name
        for name, page in pages.items()
        if any(tag in tags for tag in _tags(page))
        or any(
            incident.key in named or not ids.isdisjoint(map(str.casefold, incident.repeats))
            for incident in page.incidents
        )
    }


def _owners_that_came_or_went(
    changes: Mapping[str, PageChange], pages: Mapping[str, PageRecords], registered: Iterable[Owner]
) -> frozenset[str]:
    """Return the ids and names, in lower case, of owners who had no actions before, or have none now."""
    candidates = frozenset[str]().union(*(change.new_or_gone_owners for change in changes.values()))
    if not candidates:
        return candidates
    others = (page for docname, page in pages.items() if docname not in changes)
    candidates -= {name.casefold() for page in others for action in page.actions for name in action.owners}
    return candidates | {owner.name.casefold() for owner in registered if owner.key in candidates}
