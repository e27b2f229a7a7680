"""Which actions a list shows, how they are sorted and grouped, and what their columns hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sphinx_postmortem.core.lists.filters import (
    Group,
    SortKey,
    folded,
    meets,
    runbook_meets,
    sort_by,
    unknown_message,
    unknown_values,
)
from sphinx_postmortem.core.records.knowledge import (
    DEFAULT_DONE_STATUSES,
    KnowledgeBase,
    is_done,
    is_overdue,
    natural_key,
)
from sphinx_postmortem.core.records.model import Action, Incident
from sphinx_postmortem.core.records.tables import column_key

STATES = ("open", "done", "overdue")
SORTS = ("urgency", "due", "owner", "team", "priority", "severity", "status", "kind", "incident", "id")
GROUPS = ("owner", "team", "incident", "priority", "severity", "status", "state", "kind", "month")
DEFAULT_COLUMNS = ("id", "action", "owner", "priority", "due", "status")
# The columns that every list knows, and their titles; a column of the tables themselves may be named too.
COLUMNS = {
    "id": "Action",
    "action": "What",
    "owner": "Owner",
    "team": "Team",
    "incident": "Incident",
    "title": "Incident title",
    "severity": "Severity",
    "priority": "Priority",
    "due": "Due date",
    "status": "Status",
    "kind": "Kind",
}
KINDS = ("preventative", "corrective")
# Words of the field that a filter may name though no action has them at the moment.
_STATUSES = ("open", "planned", "in-progress", "in progress", "blocked", *DEFAULT_DONE_STATUSES)
_PRIORITIES = ("P0", "P1", "P2", "P3", "P4", "critical", "high", "medium", "low")
_STATE_ORDER = ("overdue", "open", "done")


@dataclass(frozen=True)
class ActionFilter:
    """Which actions a list shows, and in which order. Empty fields do not filter; ``limit`` 0 is no limit."""

    owner: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    incident: tuple[str, ...] = ()
    runbook: tuple[str, ...] = ()
    due_before: date | None = None
    sort: tuple[SortKey, ...] = (SortKey("urgency"),)
    limit: int = 0
    group_by: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChosenActions:
    """The actions of a list in groups, and how many that pass the filter are left out by its limit."""

    groups: tuple[tuple[Group | None, tuple[Action, ...]], ...]
    left_out: int


class ActionFacts:
    """What is known of actions: their own fields, and those of their owners and incidents.

    Args:
        knowledge: the knowledge base.
        today: the day by which actions are overdue.
        done_statuses: statuses of actions that need no more work.
        severities: the site's severities, the gravest first.
    """

    def __init__(
        self, knowledge: KnowledgeBase, today: date | None, done_statuses: Collection[str], severities: Sequence[str]
    ) -> None:
        self.knowledge = knowledge
        self._today = today
        self._done_statuses = done_statuses
        self._rank = {folded(name): rank for rank, name in enumerate(severities)}

    def incident(self, action: Action) -> Incident | None:
        """Return the incident of an action."""
        return self.knowledge.incident_of(action)

    def state(self, action: Action) -> str:
        """Return ``done``, ``overdue`` or ``open``."""
        if is_done(action, self._done_statuses):
            return "done"
        return "overdue" if is_overdue(action, self._today, self._done_statuses) else "open"

    def values(self, field: str, action: Action) -> tuple[str, ...]:
        """Return what a field of an action holds: several texts for owners and teams, none where nothing is known."""
        incident = self.incident(action)
        read: dict[str, Callable[[], Iterable[str]]] = {
            "id": lambda: (action.full_id,),
            "action": lambda: (action.text,),
            "owner": lambda: action.owners,
            "team": lambda: dict.fromkeys(self._team(name) for name in action.owners),
            "incident": lambda: (action.incident_id,),
            "title": lambda: (incident.title if incident else "",),
            "severity": lambda: (incident.severity if incident else "",),
            "priority": lambda: (action.priority,),
            "due": lambda: (action.due.isoformat() if action.due else action.due_written,),
            "month": lambda: (action.due.isoformat()[:7] if action.due else "",),
            "status": lambda: (action.status,),
            "state": lambda: (self.state(action),),
            "kind": lambda: (action.kind,),
        }
        found = read[field]() if field in read else (text for title, text in action.other if column_key(title) == field)
        return tuple(text for text in found if text)

    def _team(self, name: str) -> str:
        owner = self.knowledge.find_owner(name)
        return owner.team if owner else ""

    def label(self, field: str, value: str) -> str:
        """Return how people call a value: an owner's name, an incident's id and title."""
        if field == "owner":
            owner = self.knowledge.find_owner(value)
            return owner.label if owner else value
        if field == "incident":
            incident = self.knowledge.find_incident(value)
            return f"{incident.id}: {incident.title}" if incident and incident.title else value
        return value

    def order(self, field: str, value: str) -> Any:
        """Return a key by which values of a field are sorted."""
        if field == "severity":
            return self._rank.get(folded(value), len(self._rank)), folded(value)
        if field == "state":
            return _STATE_ORDER.index(value)
        return natural_key(self.label(field, value))

    def sort_value(self, field: str, action: Action) -> Any:
        """Return what an action is sorted by; None when it has none."""
        if field == "urgency":
            return _STATE_ORDER.index(self.state(action))
        if field == "due":
            return action.due
        found = self.values(field, action)
        return self.order(field, found[0]) if found else None

    @cached_property
    def other_columns(self) -> dict[str, str]:
        """The further columns of the tables: the title as first written, by its key."""
        found: dict[str, str] = {}
        for action in self.knowledge.actions:
            for title, _ in action.other:
                found.setdefault(column_key(title), title)
        return found

    def columns(self, chosen: ActionFilter) -> list[tuple[str, str]]:
        """Return the fields and titles of a list's columns; what no table has is left out."""
        fields = chosen.columns or tuple(field for field in DEFAULT_COLUMNS if field != chosen.group_by)
        known = {**self.other_columns, **COLUMNS}
        return [(field, known[field]) for field in fields if field in known] or [("id", COLUMNS["id"])]


def select_actions(chosen: ActionFilter, facts: ActionFacts) -> ChosenActions:
    """Return the actions that pass a filter, sorted and in groups; those with several owners are in several groups."""
    owners = tuple(_owner_key(name, facts.knowledge) for name in chosen.owner)
    found = [action for action in facts.knowledge.actions if _passes(chosen, owners, action, facts)]
    found.sort(key=lambda action: (action.due or date.max, natural_key(action.full_id)))
    sort_by(found, chosen.sort, facts.sort_value)
    shown = found[: chosen.limit] if chosen.limit else found
    return ChosenActions(_groups(chosen.group_by, shown, facts), len(found) - len(shown))


def _owner_key(name: str, knowledge: KnowledgeBase) -> str:
    owner = knowledge.find_owner(name)
    return owner.key if owner else name


def _passes(chosen: ActionFilter, owners: Collection[str], action: Action, facts: ActionFacts) -> bool:
    asked = {"team": chosen.team, "status": chosen.status, "priority": chosen.priority}
    asked |= {"severity": chosen.severity, "incident": chosen.incident}
    incident = facts.incident(action)
    state = facts.state(action)
    return (
        meets(chosen.state, ("open", state) if state == "overdue" else (state,))
        and meets(owners, action.owners)
        and all(not wanted or meets(wanted, facts.values(field, action)) for field, wanted in asked.items())
        and meets([_kind(name) for name in chosen.kind], [_kind(action.kind)])
        and runbook_meets(chosen.runbook, incident.runbooks if incident else ())
        and (chosen.due_before is None or (action.due is not None and action.due < chosen.due_before))
    )


def _kind(written: str) -> str:
    """Fold two spellings of one word."""
    return folded(written).replace("preventive", "preventative")


def _groups(
    field: str, actions: Sequence[Action], facts: ActionFacts
) -> tuple[tuple[Group | None, tuple[Action, ...]], ...]:
    if not field:
        return ((None, tuple(actions)),) if actions else ()
    groups: dict[str, list[Action]] = {}
    names: dict[str, str] = {}
    for action in actions:
        for value in facts.values(field, action) or ("",):
            groups.setdefault(folded(value), []).append(action)
            names.setdefault(folded(value), value)
    keys = sorted((key for key in groups if key), key=lambda key: facts.order(field, names[key]))
    nothing = {"month": "No due date", "state": ""}.get(field, f"No {field}")
    built: list[tuple[Group | None, tuple[Action, ...]]] = [
        (Group(names[key], facts.label(field, names[key])), tuple(groups[key])) for key in keys
    ]
    return (*built, *([(Group("", nothing), tuple(groups[""]))] if "" in groups else []))


def unknown_in_action_list(chosen: ActionFilter, facts: ActionFacts) -> list[str]:
    """Return a message for each name of a filter that the knowledge base lacks."""
    knowledge = facts.knowledge
    actions, incidents = knowledge.actions, knowledge.incidents
    owners = [name for name in chosen.owner if not knowledge.find_owner(name)]
    runbooks = sorted({runbook for incident in incidents for runbook in incident.runbooks})
    return [
        *unknown_values("owner", owners, (owner.id for owner in knowledge.owners)),
        *unknown_values("team", chosen.team, (owner.team for owner in knowledge.owners)),
        *unknown_values("status", chosen.status, (action.status for action in actions), _STATUSES),
        *unknown_values("priority", chosen.priority, (action.priority for action in actions), _PRIORITIES),
        *unknown_values("kind", map(_kind, chosen.kind), (*KINDS, *(_kind(action.kind) for action in actions))),
        *unknown_values("incident", chosen.incident, (incident.id for incident in incidents)),
        *(unknown_message("runbook", name, runbooks) for name in chosen.runbook if not runbook_meets([name], runbooks)),
        *unknown_values("columns", chosen.columns, (*COLUMNS, *facts.other_columns)),
    ]
