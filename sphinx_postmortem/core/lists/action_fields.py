"""The fields of lists of actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from sphinx_postmortem.core.language.names import english
from sphinx_postmortem.core.language.texts import later, later_many, say
from sphinx_postmortem.core.lists import relative_days
from sphinx_postmortem.core.lists.incident_fields import incident_label, period_fields, runbook_filter, severity_field
from sphinx_postmortem.core.lists.query import (
    Facts,
    Field,
    Filter,
    ListKind,
    Query,
    SortKey,
    folded,
)
from sphinx_postmortem.core.lists.technique_filter import technique_field
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.kind_words import AREAS, area_of
from sphinx_postmortem.core.records.knowledge import is_done, is_overdue, natural_key
from sphinx_postmortem.core.records.model import Action, Incident
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.tones import status_label

DEFAULT_ROWS = 500  # A page of 500 rows is about a third of a megabyte of HTML.
KINDS = (later("preventative"), later("corrective"))
_STATES = ("open", "done", "overdue")
_STATE_ORDER = ("overdue", "open", "done")
# Words of the field that a filter may name though no action has them at the moment.
_STATUSES = ("open", "planned", "in-progress", "in progress", "blocked", *DEFAULT_DONE_STATUSES)
_PRIORITIES = ("p0", "p1", "p2", "p3", "p4", "critical", "high", "medium", "low")


def state_of(action: Action, facts: Facts) -> str:
    """Return ``done``, ``overdue`` or ``open``."""
    if is_done(action, facts.done_statuses):
        return "done"
    return "overdue" if is_overdue(action, facts.today, facts.done_statuses) else "open"


def _of_incident(read: Callable[[Incident], str]) -> Callable[[Action, Facts], Iterable[str]]:
    """Return how a field of an action's incident is read."""

    def value(action: Action, facts: Facts) -> Iterable[str]:
        incident = facts.knowledge.incident_of(action)
        return (read(incident),) if incident else ()

    return value


def _incident(action: Action, facts: Facts) -> Incident | None:
    return facts.knowledge.incident_of(action)


def _teams(action: Action, facts: Facts) -> Iterable[str]:
    owners = (facts.knowledge.find_owner(name) for name in action.owners)
    return dict.fromkeys(owner.team for owner in owners if owner)


def _owner_key(name: str, facts: Facts) -> str:
    owner = facts.knowledge.find_owner(name)
    return owner.key if owner else name


def _is_in_state(wanted: Collection[str], action: Action, facts: Facts) -> bool:
    state = state_of(action, facts)
    return state in wanted or (state == "overdue" and "open" in wanted)


def _is_due_before(wanted: Collection[str], action: Action, facts: Facts) -> bool:
    return action.due is not None and all(action.due.isoformat() < day for day in wanted)


def _runbooks(action: Action, facts: Facts) -> Iterable[str]:
    incident = facts.knowledge.incident_of(action)
    return incident.runbooks if incident else ()


def _areas(action: Action) -> Iterable[str]:
    return dict.fromkeys(area_of(text) for text in action.addresses)


def _held(action: Action, facts: Facts) -> Iterable[str]:
    """Return in which incidents a factor came back that the action was against."""
    again = dict.fromkeys(each.again.id for each in facts.fixes.by_action.get(id(action), ()))
    return (say("no: again in {incidents}", incidents=", ".join(again)),) if again else ()


def _is_an_area(name: str, facts: Facts) -> bool:
    known = (*AREAS, *(area for action in facts.knowledge.actions for area in _areas(action)))
    return folded(area_of(name)) in map(folded, known)


def one_spelling(kind: str) -> str:
    """Return kinds of actions in English, with the two spellings of one word as one."""
    return re.sub("preventive", "preventative", english("action_kinds", kind), flags=re.IGNORECASE)


def _status_label(value: str, facts: Facts) -> str:
    return status_label(value)


def _owner_label(value: str, facts: Facts) -> str:
    owner = facts.knowledge.find_owner(value)
    return owner.label if owner else value


OWNER = Filter[Action](
    "owner",
    "owner ids or names",
    "Owners of the action.",
    resolved=_owner_key,
    names=lambda facts: (owner.id for owner in facts.knowledge.owners),
    knows=lambda name, facts: facts.knowledge.find_owner(name) is not None,
)
TEAM = Filter[Action](
    "team",
    "teams, as in `postmortem_owners`",
    "Teams of its owners.",
    names=lambda facts: (owner.team for owner in facts.knowledge.owners),
)
_INCIDENT = Filter[Action](
    "incident",
    "incident ids",
    "The incidents that the action belongs to.",
    names=lambda facts: (incident.id for incident in facts.knowledge.incidents),
)
_PRIORITY = Filter[Action](
    "priority",
    "priorities",
    "Priorities as written in the tables.",
    names=lambda facts: (action.priority for action in facts.knowledge.actions),
    also=_PRIORITIES,
)
_DUE_BEFORE = Filter[Action](
    "due-before", relative_days.TAKES, "Due dates before that day.", "no limit", is_day=True, passes=_is_due_before
)
_STATUS = Filter[Action](
    "status",
    "statuses",
    "Statuses as written in the tables.",
    names=lambda facts: (action.status for action in facts.knowledge.actions),
    also=_STATUSES,
)
_KIND = Filter[Action](
    "kind",
    f"some of {', '.join(f'`{kind}`' for kind in KINDS)}",
    "Kinds, as in a column *Kind* or *Type* of the tables.",
    spelled=lambda text: ",".join(map(one_spelling, text.split(","))),
    passes=lambda wanted, action, _: folded(one_spelling(action.kind)) in wanted,
    names=lambda facts: (*KINDS, *(folded(one_spelling(action.kind)) for action in facts.knowledge.actions)),
)
_ADDRESSES = Filter[Action](
    "addresses",
    f"some of {', '.join(f'`{area}`' for area in AREAS)}, or others",
    "What the action improves, as in a column *Addresses* of the tables.",
    resolved=lambda name, _: folded(area_of(name)),
    passes=lambda wanted, action, _: any(folded(area) in wanted for area in _areas(action)),
    names=lambda facts: (*AREAS, *(area for action in facts.knowledge.actions for area in _areas(action))),
    knows=_is_an_area,
)
_STATE = Filter[Action](
    "state",
    f"some of {', '.join(f'`{state}`' for state in _STATES)}",
    "What has become of it; an overdue action is open too.",
    one_of=lambda _: _STATES,
    passes=_is_in_state,
)


def _by_due_date(actions: list[Action], _: Query) -> None:
    actions.sort(key=lambda action: (action.due or date.max, natural_key(action.full_id)))


def _columns_of_tables(facts: Facts) -> Iterator[Field[Action]]:
    """Yield the further columns of the tables, with the titles as they are first written."""
    titles: dict[str, str] = {}
    for action in facts.knowledge.actions:
        for title, _ in action.other:
            titles.setdefault(column_key(title), title)
    for key, title in titles.items():
        yield Field(key, _in_column(key), title)


def _in_column(key: str) -> Callable[[Action, Facts], Iterable[str]]:
    return lambda action, _: (text for title, text in action.other if column_key(title) == key)


ACTIONS = ListKind[Action](
    noun="action",
    none=later("No actions."),
    more=later_many("{number} more action is not shown.", "{number} more actions are not shown."),
    all_of=later("All actions"),
    fields=(
        Field("id", lambda action, _: (action.full_id,), later("Action"), can_sort=True),
        Field("action", lambda action, _: (action.text,), later("What")),
        Field(
            "owner",
            lambda action, _: action.owners,
            later("Owner"),
            OWNER,
            can_sort=True,
            can_group=True,
            label=_owner_label,
        ),
        Field("team", _teams, later("Team"), TEAM, can_sort=True, can_group=True),
        Field(
            "incident",
            lambda action, _: (action.incident_id,),
            later("Incident"),
            _INCIDENT,
            can_sort=True,
            can_group=True,
            label=incident_label,
        ),
        Field("title", _of_incident(lambda incident: incident.title), later("Incident title")),
        severity_field(_of_incident(lambda incident: incident.severity)),
        Field(
            "priority",
            lambda action, _: (action.priority,),
            later("Priority"),
            _PRIORITY,
            can_sort=True,
            can_group=True,
        ),
        Field(
            "due",
            lambda action, _: (action.due.isoformat() if action.due else action.due_written,),
            later("Due date"),
            can_sort=True,
            sort_value=lambda action, _: action.due,
        ),
        Field(
            "status",
            lambda action, _: (action.status,),
            later("Status"),
            _STATUS,
            can_sort=True,
            can_group=True,
            label=_status_label,
        ),
        Field("kind", lambda action, _: (action.kind,), later("Kind"), _KIND, can_sort=True, can_group=True, says=True),
        Field(
            "addresses",
            lambda action, _: _areas(action),
            later("Addresses"),
            _ADDRESSES,
            can_sort=True,
            can_group=True,
            says=True,
        ),
        technique_field(lambda action, _: action.techniques, "Techniques that the action answers."),
        Field("held", _held, later("Did it hold?")),
        Field(
            "state",
            lambda action, facts: (state_of(action, facts),),
            filter=_STATE,
            can_group=True,
            order=lambda state, _: _STATE_ORDER.index(state),
            says=True,
        ),
        Field(
            "urgency",
            can_sort=True,
            sort_value=lambda action, facts: _STATE_ORDER.index(state_of(action, facts)),
        ),
        Field(
            "month",
            lambda action, _: (action.due.isoformat()[:7] if action.due else "",),
            filter=_DUE_BEFORE,
            can_group=True,
            nothing=later("No due date"),
        ),
        Field("runbook", _runbooks, filter=runbook_filter(_runbooks)),
        *period_fields(_incident),
    ),
    rows=lambda facts: facts.knowledge.actions,
    columns=("id", "action", "owner", "priority", "due", "status"),
    sort=(SortKey("urgency"),),
    sort_text="`urgency`: overdue first, done last",
    limit=DEFAULT_ROWS,
    arrange=_by_due_date,
    further_fields=_columns_of_tables,
)
