"""Counts what becomes of learning: the age of open actions, the days until all are closed, factors known before.

An action is as old as its column *Opened* says; without one, it is as old as the last day of its incident. The actions
of an incident are closed on the day that the last of them was closed (a column *Closed*); actions that were given up
do not delay it. A factor is known where it contributed to an incident that began earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.lists.metrics import LEAST, PeriodCounts, TimeSummary, percentile
from sphinx_postmortem.core.lists.query import Facts, folded
from sphinx_postmortem.core.records.action_statuses import says_given_up
from sphinx_postmortem.core.records.fixes import closing_day, opening_day
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, is_done
from sphinx_postmortem.core.records.model import FACTOR, Action, Incident
from sphinx_postmortem.core.records.prompts import is_template_action

_AGES = (
    (30, later("to 30 d")),  # there is little room below a bar
    (90, later("to 90 d")),
    (180, later("to 180 d")),
    (365, later("to a year")),
)
_OLDER, _NO_AGE = later("older"), later("unknown")
NOT_STATED, OTHER = later("Not stated"), later("Other")
_MOST_SOURCES = 5
KNOWN, NEW, UNTAGGED = later("a known factor"), later("new factors alone"), later("no tagged factor")
FACTOR_STATES = (KNOWN, NEW, UNTAGGED)
_DAY = 86400


@dataclass(frozen=True)
class AgeGroup:
    """Open actions of one age, the oldest first, with their incidents. ``overdue`` is the number of overdue ones."""

    label: str
    actions: tuple[Action, ...]
    incidents: tuple[Incident, ...]
    overdue: int


@dataclass(frozen=True)
class PeriodGroups:
    """The incidents of one period, by the name of their group."""

    label: str
    groups: Mapping[str, tuple[Incident, ...]]

    @property
    def total(self) -> int:
        """The number of incidents in all groups."""
        return sum(map(len, self.groups.values()))


@dataclass(frozen=True)
class Closing:
    """The days from the first day of an incident to the closing of its last action, or why they are not known.

    ``days`` is None and ``why_not`` a text with ``{number}`` where they are not known.
    """

    incident: Incident
    days: int | None
    why_not: str = ""


def actions_of(incident: Incident, knowledge: KnowledgeBase) -> list[Action]:
    """Return the actions of an incident. The row that the template comes with is no action."""
    found = knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    return [action for action in found if not is_template_action(action.text)]


def open_actions_by_age(periods: Iterable[PeriodCounts], facts: Facts) -> list[AgeGroup]:
    """Return the open actions of all incidents by age, the youngest first. Without a day for today there are none."""
    if facts.today is None:
        return []
    groups: dict[str, list[tuple[date, Action, Incident]]] = {}
    for incident in _members(periods):
        for action in actions_of(incident, facts.knowledge):
            if not is_done(action, facts.done_statuses):
                since = opening_day(action.other) or incident.last_day
                groups.setdefault(_age(since, facts.today), []).append((since or date.min, action, incident))
    return [_age_group(label, groups.get(label, []), facts) for label in _labels(groups)]


def _labels(groups: Mapping[str, object]) -> list[str]:
    """Return the labels of ages up to the greatest that occurs."""
    every = [*(label for _, label in _AGES), _OLDER]
    last = max((every.index(label) for label in groups if label in every), default=-1)
    return [*every[: last + 1], *([_NO_AGE] if _NO_AGE in groups else [])]


def _age(since: date | None, today: date) -> str:
    if since is None:
        return _NO_AGE
    days = (today - since).days
    return next((label for most, label in _AGES if days <= most), _OLDER)


def _age_group(label: str, found: list[tuple[date, Action, Incident]], facts: Facts) -> AgeGroup:
    found.sort(key=lambda each: each[0])
    actions = tuple(action for _, action, _ in found)
    incidents = tuple({id(incident): incident for _, _, incident in found}.values())
    return AgeGroup(label, actions, incidents, facts.knowledge.numbers(actions, facts.today).overdue)


def closings(periods: Iterable[PeriodCounts], facts: Facts) -> list[Closing]:
    """Return the closing of each incident that has actions and is no draft, the latest incident last."""
    found = (
        (incident, actions_of(incident, facts.knowledge)) for period in periods for incident in reversed(period.counted)
    )
    return [_closing(incident, actions, facts) for incident, actions in found if actions]


def _closing(incident: Incident, actions: Sequence[Action], facts: Facts) -> Closing:
    if not all(is_done(action, facts.done_statuses) for action in actions):
        return Closing(incident, None, later("{number} with open actions"))
    done = [action for action in actions if not says_given_up(action.status)]
    days = [closing_day(action.other) for action in done]
    known = [day for day in days if day]
    if not known or len(known) < len(days) or incident.first_day is None:
        return Closing(incident, None, later("{number} without all days of closing"))
    taken = (max(known) - incident.first_day).days
    return (
        Closing(incident, taken) if taken >= 0 else Closing(incident, None, later("{number} closed before they began"))
    )


def time_to_close(found: Sequence[Closing]) -> TimeSummary:
    """Return the days to closing as one time over incidents, in seconds. With fewer than five it has no statistics."""
    values = tuple((each.incident, float(each.days * _DAY)) for each in found if each.days is not None)
    summary = TimeSummary(
        later("Time to close all actions"),
        later("First day of the incident"),
        later("Last action closed"),
        len(values),
        len(found) - len(values),
        values=values,
    )
    if len(values) < LEAST:
        return summary
    seconds = [value for _, value in values]
    return replace(
        summary,
        median=percentile(seconds, 0.5),
        ninetieth=percentile(seconds, 0.9),
        mean=sum(seconds) / len(seconds),
    )


def factor_states(periods: Iterable[PeriodCounts], facts: Facts) -> list[PeriodGroups]:
    """Return the incidents of each period in three groups: with a factor known before, with new ones, without tags."""
    first = {tag: _first_days(facts, tag) for tag in facts.fixes.incidents_by_factor}
    return [_grouped(period, FACTOR_STATES, lambda each: _factor_state(each, first, facts)) for period in periods]


def _first_days(facts: Facts, tag: str) -> date | None:
    days = (incident.first_day for incident, _ in facts.fixes.incidents_by_factor[tag])
    return min((day for day in days if day), default=None)


def _factor_state(incident: Incident, first: Mapping[str, date | None], facts: Facts) -> str:
    points = facts.knowledge.points_by_incident.get(incident.key, ())
    tags = {tag for p in points if p.role == FACTOR and p.docname == incident.docname for tag in p.tags}
    if not tags:
        return UNTAGGED
    day = incident.first_day
    is_known = any(day and (began := first.get(tag)) and began < day for tag in tags)
    return KNOWN if is_known else NEW


def detections(periods: Sequence[PeriodCounts], facts: Facts) -> list[PeriodGroups]:
    """Return the incidents of each period by who or what noticed them: the five most frequent sources, and others."""
    sources = {id(incident): detection_of(incident, facts.knowledge) for incident in _members(periods)}
    names: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for name in sources.values():
        names[folded(name)] = name.strip()  # as the earliest incident has it
        numbers[folded(name)] = numbers.get(folded(name), 0) + 1
    stated = sorted((key for key in names if key != folded(NOT_STATED)), key=lambda key: (-numbers[key], key))
    shown = {key: names[key] for key in stated[:_MOST_SOURCES]} | {folded(NOT_STATED): NOT_STATED}
    columns = [*shown.values()]
    if len(stated) > _MOST_SOURCES:
        columns.insert(-1, OTHER)
    return [_grouped(period, columns, lambda each: shown.get(folded(sources[id(each)]), OTHER)) for period in periods]


def detection_of(incident: Incident, knowledge: KnowledgeBase) -> str:
    """Return who or what noticed an incident, by its summary, else by its VERIS field ``discovery_method``."""
    if incident.detected_by:
        return incident.detected_by
    for block in knowledge.veris_blocks.get((incident.docname, incident.id), ()):
        for field, value in block.names:
            parts = field.split(".")
            if parts[0] == "discovery_method":
                return parts[1] if len(parts) == 2 and value.casefold() in ("true", "yes") else value
    return NOT_STATED


def _grouped(period: PeriodCounts, names: Sequence[str], name_of: Callable[[Incident], str]) -> PeriodGroups:
    groups: dict[str, list[Incident]] = {name: [] for name in names}
    for incident in period.counted:
        groups[name_of(incident)].append(incident)
    return PeriodGroups(period.label, {name: tuple(members) for name, members in groups.items()})


def _members(periods: Iterable[PeriodCounts]) -> Iterator[Incident]:
    for period in periods:
        yield from period.members
