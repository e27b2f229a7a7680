"""Filters of lists: read from a directive's options, checked, and applied to records.

Several values of one filter are alternatives; several filters must all hold. Case does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sphinx_postmortem.core.knowledge import KnowledgeBase, is_done, is_overdue
from sphinx_postmortem.core.records import Action, Incident
from sphinx_postmortem.core.times import BadDateError, parse_date

ACTION_SORTS = ("urgency", "due", "owner", "priority", "status", "incident", "id")
INCIDENT_SORTS = ("newest", "oldest", "severity", "id")
STATES = ("open", "done", "overdue")

_Key = tuple[int, str, date, str]


class BadFilterError(ValueError):
    """An option value that no filter can use; the message names the valid ones."""


def split_values(text: str) -> tuple[str, ...]:
    """Return the values of an option, separated by commas, in lower case."""
    return tuple(dict.fromkeys(" ".join(part.casefold().split()) for part in text.split(",") if part.strip()))


def choose(option: str, text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return the values of an option that allows only some.

    Raises:
        BadFilterError: a value is none of them.
    """
    valid = {name.casefold(): name for name in allowed}
    values = split_values(text)
    for value in values:
        if value not in valid:
            raise BadFilterError(f'`:{option}:` does not know "{value}"; write one of {", ".join(valid.values())}')
    return values


def read_day(option: str, text: str) -> date | None:
    """Return an option's date; None when it is not given.

    Raises:
        BadFilterError: it is no date.
    """
    try:
        return parse_date(text) if text.strip() else None
    except BadDateError as error:
        raise BadFilterError(f"`:{option}:` {error}") from error


def read_limit(text: str) -> int:
    """Return how many rows a list may have; 0 for all.

    Raises:
        BadFilterError: it is no whole number above 0.
    """
    if not text.strip():
        return 0
    if not (text.strip().isascii() and text.strip().isdigit() and int(text) > 0):
        raise BadFilterError(f'`:limit:` is "{text.strip()}"; write a whole number above 0')
    return int(text)


@dataclass(frozen=True)
class ActionFilter:
    """Which actions a list shows, and in which order. Empty fields do not filter; ``limit`` 0 is no limit."""

    owner: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    incident: tuple[str, ...] = ()
    due_before: date | None = None
    sort: str = "urgency"
    limit: int = 0

    def select(self, knowledge: KnowledgeBase, today: date | None, done_statuses: Collection[str]) -> list[Action]:
        """Return the actions that pass, sorted.

        Args:
            knowledge: the knowledge base.
            today: the day by which actions are overdue.
            done_statuses: statuses of actions that need no more work.
        """
        teams = {owner.key: owner.team.casefold() for owner in knowledge.owners}
        found: list[tuple[_Key, Action]] = []
        for action in knowledge.actions:
            done, overdue = is_done(action, done_statuses), is_overdue(action, today, done_statuses)
            states = {"done"} if done else {"open", "overdue"} if overdue else {"open"}
            if self._passes(action, knowledge, teams, states):
                rank = 2 if done else 0 if overdue else 1
                found.append((_action_key(self.sort, action, rank), action))
        found.sort(key=lambda pair: pair[0])
        chosen = [action for _, action in found]
        return chosen[: self.limit] if self.limit else chosen

    def _passes(
        self, action: Action, knowledge: KnowledgeBase, teams: Mapping[str, str], states: Collection[str]
    ) -> bool:
        owners = [name.casefold() for name in action.owners]
        incident = knowledge.incident_of(action)
        severity = incident.severity.casefold() if incident else ""
        return (
            _meets(self.owner, owners)
            and _meets(self.team, [teams.get(owner, "") for owner in owners])
            and _meets(self.state, states)
            and _meets(self.priority, [action.priority.casefold()])
            and _meets(self.severity, [severity])
            and _meets(self.incident, [action.incident_id.casefold()])
            and (self.due_before is None or (action.due is not None and action.due < self.due_before))
        )


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents a list shows, and in which order. ``since`` and ``until`` include their day."""

    severity: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: str = "newest"
    limit: int = 0

    def select(self, knowledge: KnowledgeBase, order: Mapping[str, int]) -> list[Incident]:
        """Return the incidents that pass, sorted; ``order`` maps severities in lower case to their rank."""
        found = [incident for incident in knowledge.incidents if self._passes(incident)]
        if self.sort == "oldest":
            found.reverse()
        elif self.sort == "severity":
            found.sort(key=lambda incident: order.get(incident.severity.casefold(), len(order)))
        elif self.sort == "id":
            found.sort(key=lambda incident: incident.key)
        return found[: self.limit] if self.limit else found

    def _passes(self, incident: Incident) -> bool:
        first, last = incident.first_day, incident.last_day
        return (
            _meets(self.severity, [incident.severity.casefold()])
            and _meets(self.type, [incident.type.casefold()])
            and _meets(self.status, [incident.status.casefold()])
            and (self.since is None or (last is not None and last >= self.since))
            and (self.until is None or (first is not None and first <= self.until))
        )


def unknown_names(chosen: ActionFilter | IncidentFilter, knowledge: KnowledgeBase) -> list[str]:
    """Return a message for each owner, team, priority and incident of a filter that the knowledge base lacks."""
    if isinstance(chosen, IncidentFilter):
        return []
    owners = [owner.id for owner in knowledge.owners]
    teams = sorted({owner.team for owner in knowledge.owners if owner.team})
    priorities = sorted({action.priority for action in knowledge.actions if action.priority})
    incidents = [incident.id for incident in knowledge.incident_by_key.values()]
    asked = (
        ("owner", chosen.owner, owners),
        ("team", chosen.team, teams),
        ("priority", chosen.priority, priorities),
        ("incident", chosen.incident, incidents),
    )
    return [
        f'`:{option}:` does not know "{name}"; {_some_of(valid)}'
        for option, names, valid in asked
        for name in names
        if name not in {value.casefold() for value in valid}
    ]


def _some_of(valid: Sequence[str]) -> str:
    """Name the valid values, at most twenty of them."""
    if not valid:
        return "the site has none yet"
    rest = f" and {len(valid) - 20} more" if len(valid) > 20 else ""
    return f"write one of {', '.join(valid[:20])}{rest}"


def _meets(wanted: Collection[str], found: Iterable[str]) -> bool:
    return not wanted or any(value in wanted for value in found)


def _action_key(sort: str, action: Action, rank: int) -> _Key:
    due, full_id = action.due or date.max, action.full_id.casefold()
    keys: dict[str, _Key] = {
        "urgency": (rank, "", due, full_id),
        "due": (0, "", due, full_id),
        "owner": (not action.owners, ", ".join(action.owners).casefold(), due, full_id),
        "priority": (not action.priority, action.priority.casefold(), due, full_id),
        "status": (0, action.status.casefold(), due, full_id),
        "incident": (0, action.incident_id.casefold(), due, full_id),
        "id": (0, "", date.min, full_id),
    }
    return keys[sort]
