"""The knowledge base: everything derived from the pages' records. Facts go in, indices come out; nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES, says_done
from sphinx_postmortem.core.records.model import (
    Action,
    ClockRequest,
    Event,
    Incident,
    Owner,
    PageRecords,
    Point,
    Response,
    Review,
    VerisBlock,
)

UNOWNED = Owner(id="", name="No owner")


def is_done(action: Action, done_statuses: Collection[str] = DEFAULT_DONE_STATUSES) -> bool:
    """Say whether an action needs no more work, by its status."""
    return says_done(action.status, done_statuses)


def is_overdue(action: Action, today: date | None, done_statuses: Collection[str] = DEFAULT_DONE_STATUSES) -> bool:
    """Say whether an unfinished action's due date has passed. False when ``today`` is not set."""
    return today is not None and action.due is not None and action.due < today and not is_done(action, done_statuses)


def days_overdue(action: Action, today: date | None, done_statuses: Collection[str] = DEFAULT_DONE_STATUSES) -> int:
    """Return by how many days an unfinished action is overdue; 0 when it is not."""
    if today is None or action.due is None or not is_overdue(action, today, done_statuses):
        return 0
    return (today - action.due).days


@dataclass(frozen=True)
class OwnerActions:
    """One owner and their actions: overdue first, then open ones by due date, then the done ones."""

    owner: Owner
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class ForeignRecords:
    """What other sites publish: their records by a page name that no page of this site can have, and their owners.

    ``urls`` are the addresses of these pages.
    """

    pages: Mapping[str, PageRecords] = field(default_factory=dict[str, PageRecords])
    owners: tuple[Owner, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict[str, str])


NO_FOREIGN_RECORDS = ForeignRecords()


@dataclass(frozen=True)
class Numbers:
    """How many actions are open (overdue ones among them), overdue, and done."""

    open: int
    overdue: int
    done: int


class KnowledgeBase:
    """All records of a site, indexed.

    ``titles`` are those of this site's pages, by name, and ``runbook_pages`` the runbooks among them.

    Args:
        pages: the records of each page, by document name.
        owners: the owners that the settings know.
        done_statuses: statuses, in lower case, of actions that need no more work.
        foreign: what other sites publish; where they use an id of this site, this site's own record is found.
    """

    def __init__(
        self,
        pages: Mapping[str, PageRecords],
        owners: Iterable[Owner] = (),
        done_statuses: Collection[str] = DEFAULT_DONE_STATUSES,
        foreign: ForeignRecords = NO_FOREIGN_RECORDS,
    ) -> None:
        self._pages = [table[docname] for table in (pages, foreign.pages) for docname in sorted(table)]
        self.titles = {docname: pages[docname].title for docname in sorted(pages)}
        self.runbook_pages = frozenset(docname for docname, page in pages.items() if page.is_runbook)
        self._registered = {owner.key: owner for owner in owners}
        self._described_elsewhere = {owner.key: owner for owner in reversed(foreign.owners)}
        self._done_statuses = done_statuses
        self._by_owner: dict[date | None, tuple[OwnerActions, ...]] = {}

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents, the latest first; duplicates are kept."""
        found = [incident for page in self._pages for incident in page.incidents]
        return tuple(sorted(found, key=lambda i: ((i.first_day or date.min), i.key), reverse=True))

    @cached_property
    def incidents_by_runbook(self) -> dict[str, list[Incident]]:
        """The incidents by the runbooks that they used, the latest first."""
        table: dict[str, list[Incident]] = {}
        for incident in self.incidents:
            for runbook in incident.runbooks:
                table.setdefault(runbook, []).append(incident)
        return table

    @cached_property
    def incident_by_key(self) -> dict[str, Incident]:
        """The incidents by id without case. Of duplicates the first, by page name and place, stands."""
        table: dict[str, Incident] = {}
        for page in self._pages:
            for incident in page.incidents:
                table.setdefault(incident.key, incident)
        return table

    @cached_property
    def incidents_by_page(self) -> dict[str, Incident]:
        """The first incident of each page that has any."""
        return {page.incidents[0].docname: page.incidents[0] for page in self._pages if page.incidents}

    @cached_property
    def followers(self) -> dict[str, list[Incident]]:
        """The incidents that repeat another, by the id of that one without case, the earliest first."""
        table: dict[str, list[Incident]] = {}
        for incident in reversed(self.incidents):
            for name in dict.fromkeys(map(str.casefold, incident.repeats)):
                table.setdefault(name, []).append(incident)
        return table

    @cached_property
    def duplicates(self) -> tuple[tuple[Incident, Incident], ...]:
        """Pairs of an incident that repeats an id, and the one that has it."""
        every = (incident for page in self._pages for incident in page.incidents)
        return tuple((i, self.incident_by_key[i.key]) for i in every if i is not self.incident_by_key[i.key])

    @cached_property
    def actions_of_two_sites(self) -> tuple[tuple[Action, Action], ...]:
        """Pairs of an action whose full id another site uses, and the one that is found by it.

        Where the incidents share their id as well, that says it all: such actions are left out.
        """
        shared = {repeated.key for repeated, _ in self.duplicates}
        foreign = (action for action in self.actions if action.site)  # own ones come first, and are found
        pairs = ((action, self._action_by_key[_loose_key(action.full_id)]) for action in foreign)
        return tuple(
            (action, first)
            for action, first in pairs
            if action.site != first.site and action.incident_id.casefold() not in shared
        )

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """All actions, by page and row."""
        return tuple(action for page in self._pages for action in page.actions)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events, by page and row."""
        return tuple(event for page in self._pages for event in page.events)

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """All that was done against incidents, by page and row."""
        return tuple(response for page in self._pages for response in page.responses)

    @cached_property
    def responses_by_incident(self) -> dict[tuple[str, str], list[Response]]:
        """The responses by page and incident id, in their order on the page."""
        table: dict[tuple[str, str], list[Response]] = {}
        for response in self.responses:
            table.setdefault((response.docname, response.incident_id), []).append(response)
        return table

    @cached_property
    def reviews_by_incident(self) -> dict[tuple[str, str], list[Review]]:
        """The rows of review records by page and incident id, in their order on the page; without one, "" is the id."""
        table: dict[tuple[str, str], list[Review]] = {}
        for page in self._pages:
            for each in page.reviews:
                table.setdefault((each.docname, each.incident_id), []).append(each)
        return table

    @cached_property
    def clock_requests(self) -> dict[tuple[str, str], list[ClockRequest]]:
        """The reporting clocks that incidents are under, by page and incident id."""
        table: dict[tuple[str, str], list[ClockRequest]] = {}
        for page in self._pages:
            for each in page.clocks:
                table.setdefault((each.docname, each.incident_id), []).append(each)
        return table

    @cached_property
    def veris_blocks(self) -> dict[tuple[str, str], list[VerisBlock]]:
        """The blocks ``veris`` by page and incident id, in their order on the page."""
        table: dict[tuple[str, str], list[VerisBlock]] = {}
        for page in self._pages:
            for each in page.veris:
                table.setdefault((each.docname, each.incident_id), []).append(each)
        return table

    @cached_property
    def events_by_incident(self) -> dict[tuple[str, str], list[Event]]:
        """The events by page and incident id, in their order on the page."""
        table: dict[tuple[str, str], list[Event]] = {}
        for event in self.events:
            table.setdefault((event.docname, event.incident_id), []).append(event)
        return table

    @cached_property
    def actions_by_incident(self) -> dict[tuple[str, str], list[Action]]:
        """The actions by page and incident id, in their order on the page."""
        table: dict[tuple[str, str], list[Action]] = {}
        for action in self.actions:
            table.setdefault((action.docname, action.incident_id), []).append(action)
        return table

    @cached_property
    def _action_by_key(self) -> dict[str, Action]:
        table: dict[str, Action] = {}
        for action in self.actions:
            table.setdefault(_loose_key(action.full_id), action)
        return table

    @cached_property
    def owners(self) -> tuple[Owner, ...]:
        """All owners of actions, and all that the settings know, by the name shown."""
        table = dict(self._registered)
        for action in self.actions:
            for name in action.owners:
                key = name.casefold()
                table.setdefault(key, self._described_elsewhere.get(key) or Owner(id=name))
        return tuple(sorted(table.values(), key=lambda owner: (owner.label.casefold(), owner.key)))

    @cached_property
    def _owner_by_name(self) -> dict[str, Owner]:
        table: dict[str, Owner] = {}
        for owner in self.owners:
            for name in (owner.key, owner.name.casefold()):
                table.setdefault(name, owner)
        return table

    @cached_property
    def _action_by_page(self) -> dict[tuple[str, str], Action]:
        table: dict[tuple[str, str], Action] = {}
        for action in self.actions:
            table.setdefault((action.docname, action.local_id.casefold()), action)
        return table

    @cached_property
    def _incident_by_place(self) -> dict[tuple[str, str], Incident]:
        table: dict[tuple[str, str], Incident] = {}
        for incident in self.incidents:
            table.setdefault((incident.docname, incident.id), incident)
        return table

    def incident_of(self, record: Action | Event | Point | Response) -> Incident | None:
        """Return the incident that a record belongs to: the one on its own page, even if its id stands twice."""
        return self._incident_by_place.get((record.docname, record.incident_id))

    def find_incident(self, target: str) -> Incident | None:
        """Return the incident with this id, without regard to case."""
        return self.incident_by_key.get(target.strip().casefold())

    def find_action(self, target: str, docname: str = "") -> Action | None:
        """Return the action with this full id (``SEC-2026-014/A1``), or with this local id on page ``docname``."""
        found = self._action_by_key.get(_loose_key(target))
        if found is None and docname:
            found = self._action_by_page.get((docname, target.strip().casefold()))
        return found

    def has_record(self, target: str, docname: str = "") -> bool:
        """Say whether a reference on page ``docname`` leads to an incident, an action or an owner."""
        return bool(self.find_incident(target) or self.find_action(target, docname) or self.find_owner(target))

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """All factors, assets and lessons, by page and place."""
        return tuple(point for page in self._pages for point in page.points)

    def find_owner(self, target: str) -> Owner | None:
        """Return the owner with this id or name, without regard to case."""
        return self._owner_by_name.get(target.strip().casefold())

    def actions_by_owner(self, today: date | None) -> tuple[OwnerActions, ...]:
        """Return every action under each of its owners, and those without owner last."""
        if today not in self._by_owner:
            groups: dict[str, list[Action]] = {}
            for action in sorted(self.actions, key=lambda action: self._urgency(action, today)):
                for key in dict.fromkeys(name.casefold() for name in action.owners) or [UNOWNED.key]:
                    groups.setdefault(key, []).append(action)
            owners = [*self.owners, UNOWNED]
            self._by_owner[today] = tuple(
                OwnerActions(owner, tuple(groups[owner.key])) for owner in owners if owner.key in groups
            )
        return self._by_owner[today]

    @cached_property
    def owners_with_actions(self) -> frozenset[str]:
        """The keys of the owners that have any action."""
        return frozenset(name.casefold() for action in self.actions for name in action.owners)

    @cached_property
    def points_by_incident(self) -> dict[str, list[Point]]:
        """The factors, assets and lessons by incident id without case."""
        table: dict[str, list[Point]] = {}
        for point in self.points:
            table.setdefault(point.incident_id.casefold(), []).append(point)
        return table

    def numbers(self, actions: Iterable[Action], today: date | None) -> Numbers:
        """Return how many actions are open (overdue ones among them), overdue, and done."""
        unfinished = overdue = done = 0
        for action in actions:
            if is_done(action, self._done_statuses):
                done += 1
            else:
                unfinished += 1
                overdue += is_overdue(action, today, self._done_statuses)
        return Numbers(unfinished, overdue, done)

    def actions_by_team(self, today: date | None) -> tuple[tuple[str, tuple[Action, ...]], ...]:
        """Return every action once under each team that owns it; teams are those of the settings, by name."""
        teams: dict[str, dict[int, Action]] = {}
        for group in self.actions_by_owner(today):
            if group.owner.team:
                teams.setdefault(group.owner.team, {}).update((id(action), action) for action in group.actions)
        ordered = sorted(teams, key=lambda team: (team.casefold(), team))
        return tuple((team, tuple(teams[team].values())) for team in ordered)

    def _urgency(self, action: Action, today: date | None) -> tuple[int, date, object]:
        if is_overdue(action, today, self._done_statuses):
            rank = 0
        else:
            rank = 2 if is_done(action, self._done_statuses) else 1
        return rank, action.due or date.max, natural_key(action.full_id)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which ``A2`` stands before ``A10``; case does not count."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text.casefold())
    return tuple(
        (0, len(part.lstrip("0")), part.lstrip("0")) if part[0] in "0123456789" else (1, 0, part) for part in parts
    )


def duplicate_message(repeated: Incident | Action, first: Incident | Action) -> str:
    """Return what is wrong with an incident or action whose id another one has, on this site or on another."""
    used = f'the site "{first.site}"' if first.site else f"{first.docname}, line {first.line}"
    of_site = f' of the site "{repeated.site}"' if repeated.site else ""
    kind, name = ("incident", repeated.id) if isinstance(repeated, Incident) else ("action", repeated.full_id)
    return id_used(kind, name, used, of_site)


def id_used(kind: str, name: str, used: str, of_site: str = "") -> str:
    """Return what is wrong with an id that something else has, and where that stands."""
    return f'the {kind} id "{name}"{of_site} is already used in {used}; give each {kind} its own id'


def _loose_key(full_id: str) -> str:
    """Fold the ways in which people write an action's full id: ``SEC-1/A1``, ``SEC-1#A1``, ``sec-1:a1``."""
    return "/".join(map(str.strip, re.split(r"[/#:]", full_id.casefold())))
