"""Numbers over incidents: how many, how fast they were handled, and what became of the actions.

Sources: the terms and end points of times are those of the setting ``postmortem_durations``; one incident has a "time
to" something, only a set of incidents has a median, a percentile or a mean of them. Percentiles are the value at rank
``1 + p * (n - 1)`` of the ``n`` sorted values, interpolated linearly between the two nearest (type 7 of Hyndman and
Fan, "Sample Quantiles in Statistical Packages", 1996; the default of NumPy, R and spreadsheets).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import date
from math import floor

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS
from sphinx_postmortem.core.lists.query import Facts, Query, folded, select
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, Numbers, is_done
from sphinx_postmortem.core.records.milestones import derive_durations
from sphinx_postmortem.core.records.model import Action, Incident
from sphinx_postmortem.core.records.prompts import is_template_action
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES

PERIODS = ("month", "quarter", "year")
PARTS = ("incidents", "times", "actions")
"""What is shown where nothing is asked for."""
ALL_PARTS = (*PARTS, "ageing", "closing", "factors", "detection")
LEAST = 5  # Of fewer values neither a median nor a percentile says anything.
ALL = later("All")
NO_SEVERITY, NO_DATE = later("No severity"), later("No date")
_MOST_EMPTY_PERIODS = 240


@dataclass(frozen=True)
class MetricsChoice:
    """What ``incident-metrics`` shows: of which incidents, in which periods, which ``PARTS``, with a chart or not."""

    of: Query
    by: str = "quarter"
    parts: tuple[str, ...] = PARTS
    has_mean: bool = False
    has_chart: bool = True


@dataclass(frozen=True)
class PeriodCounts:
    """One period: its name, how many incidents began in it by severity, the actions of these, and the incidents.

    A draft is among the members, and its actions are owed. It is not counted: its severity and times are not settled.
    """

    label: str
    incidents: tuple[int, ...]
    actions: Numbers
    members: tuple[Incident, ...] = field(default=(), compare=False)

    @property
    def total(self) -> int:
        """How many incidents began in the period."""
        return sum(self.incidents)

    @property
    def counted(self) -> tuple[Incident, ...]:
        """The members that are no drafts."""
        return tuple(incident for incident in self.members if not _is_draft(incident))

    @property
    def drafts(self) -> int:
        """How many of the members are drafts."""
        return len(self.members) - len(self.counted)


@dataclass(frozen=True)
class TimeSummary:
    """A time over several incidents, in seconds. With fewer than ``LEAST`` values it has no median and percentile.

    ``count`` incidents have a value. The others have none: ``missing`` ones lack an end point, or nothing is known of
    its time; of ``inexact`` ones only bounds are known; those of ``disordered`` ones are in the wrong order.
    """

    term: str
    start: str
    end: str
    count: int
    missing: int = 0
    inexact: int = 0
    disordered: int = 0
    median: float | None = None
    ninetieth: float | None = None
    mean: float | None = None
    values: tuple[tuple[Incident, float], ...] = field(default=(), compare=False)
    """The incidents that have a value, with it."""

    @property
    def total(self) -> int:
        """How many incidents the time is about."""
        return self.count + self.missing + self.inexact + self.disordered

    @property
    def left_out(self) -> str:
        """Which incidents do not count, and why; an empty text where all count."""
        reasons = (
            (self.inexact, say("{number} without exact end points", number=self.inexact)),
            (self.missing, say("{number} without a known end point", number=self.missing)),
            (self.disordered, say("{number} with end points in the wrong order", number=self.disordered)),
        )
        told = [reason for number, reason in reasons if number]
        return say("{name}: {value}", name=say(self.term), value=", ".join(told)) if told else ""


@dataclass(frozen=True)
class Metrics:
    """The numbers of a set of incidents. ``severities`` are the columns of each period's counts."""

    severities: tuple[str, ...]
    periods: tuple[PeriodCounts, ...]
    times: tuple[TimeSummary, ...]
    fixes: FixCounts | None = None


@dataclass(frozen=True)
class FixCounts:
    """Of how many closed actions against a contributing factor it is known that they did not hold."""

    closed: int
    regressed: int


def _fixes(incidents: Sequence[Incident], facts: Facts) -> FixCounts | None:
    """Count the closed actions of incidents that name a contributing factor; None where there are none."""
    named = (action for action in _actions(incidents, facts.knowledge) if action.factors)
    closed = [action for action in named if is_done(action, facts.done_statuses)]
    return FixCounts(len(closed), sum(id(each) in facts.fixes.by_action for each in closed)) if closed else None


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lies, interpolated linearly.

    Raises:
        ValueError: there are no values, or the share is not between 0 and 1.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values, and a share between 0 and 1")
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    below = floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)


def measure(choice: MetricsChoice, facts: Facts, durations: Iterable[Sequence[str]]) -> Metrics:
    """Return the numbers of the incidents that a choice is about.

    Args:
        choice: which incidents, and which periods.
        facts: what the edition sees, and the day by which actions are overdue.
        durations: the times: term, start milestone, end milestone.
    """
    knowledge = facts.knowledge
    incidents = select(choice.of, OF_INCIDENTS, facts).rows
    counted = [incident for incident in incidents if not _is_draft(incident)]
    columns = _columns(counted, facts.severities)
    everything = choice.of == Query()
    groups: dict[str, list[Incident]] = {label: [] for label in _labels(incidents, choice.by)}
    for incident in incidents:
        groups[period_of(incident.first_day, choice.by)].append(incident)
    actions = {label: _actions(group, knowledge) for label, group in groups.items()}
    loose = [action for action in knowledge.actions if everything and not knowledge.incident_of(action)]
    if loose:
        groups.setdefault(NO_DATE, [])
        actions[NO_DATE] = [*actions.get(NO_DATE, ()), *loose]
    periods = tuple(
        PeriodCounts(
            label,
            tuple(_number(group, column) for column in columns),
            knowledge.numbers(actions[label], facts.today),
            tuple(group),
        )
        for label, group in groups.items()
    )
    times = tuple(_summarize(counted, knowledge, tuple(each)) for each in durations)
    return Metrics(columns, periods, times, _fixes(counted, facts))


def total_of(periods: Sequence[PeriodCounts]) -> PeriodCounts:
    """Return the sum of all periods."""
    incidents = tuple(sum(column) for column in zip(*(period.incidents for period in periods), strict=True))
    members = tuple(incident for period in periods for incident in period.members)
    done = [period.actions for period in periods]
    numbers = Numbers(sum(n.open for n in done), sum(n.overdue for n in done), sum(n.done for n in done))
    return PeriodCounts(ALL, incidents, numbers, members)


def _is_draft(incident: Incident) -> bool:
    return incident.status == INCIDENT_STATUSES[0]


def _number(incidents: Iterable[Incident], severity: str) -> int:
    """Return how many incidents that are no drafts have a severity."""
    return sum(folded(i.severity or NO_SEVERITY) == folded(severity) for i in incidents if not _is_draft(i))


def _columns(incidents: Sequence[Incident], severities: Sequence[str]) -> tuple[str, ...]:
    """Return the severities that occur: those of the site in their order, then others, then none."""
    found = {folded(incident.severity): incident.severity for incident in reversed(incidents)}
    known = [name for name in severities if folded(name) in found]
    others = sorted(name for key, name in found.items() if key and key not in map(folded, severities))
    return (*known, *others, *([NO_SEVERITY] if "" in found else []))


def _actions(incidents: Iterable[Incident], knowledge: KnowledgeBase) -> list[Action]:
    places = dict.fromkeys((incident.docname, incident.id) for incident in incidents)
    found = (action for place in places for action in knowledge.actions_by_incident.get(place, ()))
    return [action for action in found if not is_template_action(action.text)]


def period_of(day: date | None, by: str) -> str:
    """Return the month, quarter or year of a day, as ``2026 Q2``; ``NO_DATE`` for none."""
    if day is None:
        return NO_DATE
    month, year = day.isoformat()[:7], day.isoformat()[:4]
    return {"month": month, "quarter": f"{year} Q{(day.month + 2) // 3}"}.get(by, year)


def _labels(incidents: Sequence[Incident], by: str) -> list[str]:
    """Return the periods from the first incident to the last, those without any among them, and ``NO_DATE``."""
    days = [incident.first_day for incident in incidents if incident.first_day]
    labels: list[str] = []
    if days:
        step = {"month": 1, "quarter": 3}.get(by, 12)
        first, last = min(days), max(days)
        month = first.year * 12 + (first.month - 1) // step * step
        end = last.year * 12 + last.month - 1
        if (end - month) // step <= _MOST_EMPTY_PERIODS:
            labels = [period_of(date(number // 12, number % 12 + 1, 1), by) for number in range(month, end + 1, step)]
        else:  # A slip in a year would else make thousands of empty rows.
            labels = list(dict.fromkeys(period_of(day, by) for day in sorted(days)))
    return [*labels, *([NO_DATE] if len(days) < len(incidents) else [])]


def _summarize(incidents: Sequence[Incident], knowledge: KnowledgeBase, duration: Sequence[str]) -> TimeSummary:
    term, start, end = duration
    values: list[tuple[Incident, float]] = []
    inexact = disordered = 0
    for incident in dict.fromkeys(incidents):
        events = knowledge.events_by_incident.get((incident.docname, incident.id), ())
        for each in derive_durations(events, [duration]):
            if each.seconds is not None:
                values.append((incident, each.seconds))
            inexact += each.span is not None and each.seconds is None
            disordered += each.out_of_order
    found = [seconds for _, seconds in values]
    missing = len(incidents) - len(found) - inexact - disordered
    summary = TimeSummary(term, start, end, len(found), missing, inexact, disordered, values=tuple(values))
    if len(found) < LEAST:
        return summary
    middle, ninetieth = percentile(found, 0.5), percentile(found, 0.9)
    return replace(summary, median=middle, ninetieth=ninetieth, mean=sum(found) / len(found))
