"""The clocks of one incident: for each stage its start, when it is due, what was sent, and how it stands.

A start that is known within bounds gives bounds; nothing is judged that the bounds leave open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sphinx_postmortem.core.clocks.clock_rules import Rule, RuleBook, Stage, our_rules
from sphinx_postmortem.core.clocks.deadlines import Deadline, SiteClocks, deadline
from sphinx_postmortem.core.clocks.working_days import MissingLibraryError, UnknownCalendarError
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import Message, later
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.spans import certainly_before
from sphinx_postmortem.core.records.times import Moment


class Timed(Protocol):
    """A row of a timeline."""

    @property
    def clock_milestone(self) -> str:
        """The milestone of reporting clocks that it reaches, or an empty text."""
        ...

    @property
    def moment(self) -> Moment | None:
        """What is known of its time."""
        ...


class State(StrEnum):
    """How a clock stands, in words."""

    IN_TIME = later("sent in time")
    LATE = later("sent late")
    SENT = later("sent perhaps late")
    EARLY = later("sent before its start")
    RUNNING = later("running")
    TODAY = later("due today")
    PERHAPS_OUT = later("may have run out")
    RAN_OUT = later("ran out")
    WAITING = later("not started")
    UNKNOWN = later("cannot be computed")
    NOT_IN_FORCE = later("not in force then")


@dataclass(frozen=True)
class Bounds:
    """The first and the last instant that are possible, in UTC; None where there is no bound."""

    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Clock:
    """One stage of one regime for one incident.

    ``start_name`` is the milestone, or the stage, that starts it, and ``start`` its time. ``due`` is the end by the
    strict text, and ``allowed`` the later one where the strict one is no working day, else the same; both are None
    where they cannot be computed, and ``why`` says why, or what else is to know of the due time.
    """

    rule: Rule
    stage: Stage
    state: State
    start_name: str
    start: Moment | None = None
    due: Bounds | None = None
    allowed: Bounds | None = None
    sent: Moment | None = None
    why: Message | str = ""


@dataclass(frozen=True)
class ClockKeeper:
    """What the clocks of a site run by: the rules, its zone and calendar, and the day that counts as today.

    Without ``today`` no clock has run out.
    """

    book: RuleBook = field(default_factory=our_rules)
    site: SiteClocks = field(default_factory=SiteClocks)
    today: date | None = None

    def clocks(self, rows: Iterable[Timed], regimes: Iterable[str]) -> tuple[Clock, ...]:
        """Return the clocks of an incident, by its timeline, in the order of its regimes and their stages.

        A regime that is not known has none.
        """
        times = Milestones(rows)
        rules = (self.book.of(regime) for regime in regimes)
        return tuple(clock for each in rules if each for clock in _of_regime(each, times, self.site, self.today))

    def of_incident(self, facts: KnowledgeBase, own: tuple[str, str]) -> tuple[Clock, ...]:
        """Return the clocks of the incident with this page and id."""
        regimes = dict.fromkeys(name for each in facts.clock_requests.get(own, ()) for name in each.regimes)
        return self.clocks(facts.events_by_incident.get(own, ()), regimes)


OUR_CLOCKS = ClockKeeper()
"""The clocks of a site that sets nothing."""


class Milestones:
    """The times of milestones, as the rows of a timeline state them."""

    def __init__(self, rows: Iterable[Timed]) -> None:
        """Collect the rows that reach milestones."""
        self._times: dict[str, list[Moment]] = {}
        for row in rows:
            if row.clock_milestone and row.moment is not None:
                self._times.setdefault(row.clock_milestone, []).append(row.moment)

    def first_of(self, names: Sequence[str]) -> str:
        """Return the first of some milestones that stands in the timeline, or the last name where none does."""
        return next((name for name in names if name in self._times), names[-1])

    def time(self, name: str, *, last: bool = False) -> Moment | None:
        """Return the time of a milestone: of several the earliest, or the latest."""
        found: Moment | None = None
        for moment in self._times.get(name, ()):
            is_better = found is None or not found.is_known
            if found is not None and found.is_known and moment.is_known:
                is_better = certainly_before(found, moment) if last else certainly_before(moment, found)
            found = moment if is_better else found
        return found

    def disagree(self, name: str) -> bool:
        """Say whether a milestone has two times that cannot both be true."""
        times = [moment for moment in self._times.get(name, ()) if moment.is_known]
        return any(certainly_before(one, other) for one in times for other in times)


def _of_regime(rules: Sequence[Rule], times: Milestones, site: SiteClocks, today: date | None) -> Iterator[Clock]:
    rule, is_valid = _rule_for(rules, times, site)
    for stage in rule.stages:
        before = next((each for each in rule.stages if each.name == stage.after), None)
        name = f"{before.name} sent" if before else times.first_of(stage.starts)
        start = times.time(before.sent, last=True) if before else times.time(name)
        sent = times.time(stage.sent)
        if not is_valid:
            why: Message = _span(rule)
            yield Clock(rule, stage, State.NOT_IN_FORCE, name, start, sent=sent, why=why)
        elif start is None and before:
            yield Clock(rule, stage, State.SENT if sent else State.WAITING, name, sent=sent)
        elif start is None or not start.is_known:
            why = Message('"{name}" is not in the timeline', name=Message(name))
            if start is not None:
                why = Message('the time of "{name}" is not known', name=Message(name))
            yield Clock(rule, stage, State.UNKNOWN, name, start, sent=sent, why=why)
        else:
            yield _running(Clock(rule, stage, State.RUNNING, name, start, sent=sent), times, site, today)


def _span(rule: Rule) -> Message:
    if rule.first_day and rule.until:
        told = later("{rule} holds for starts from {first} to before {last}")
        return Message(told, rule=rule.title, first=rule.first_day, last=rule.until)
    if rule.until:
        return Message("{rule} holds for starts to before {last}", rule=rule.title, last=rule.until)
    return Message("{rule} holds for starts from {first}", rule=rule.title, first=rule.first_day)


def _rule_for(rules: Sequence[Rule], times: Milestones, site: SiteClocks) -> tuple[Rule, bool]:
    """Return the rule that held when the regime's first clock started, and whether any did."""
    for rule in rules:
        start = times.time(times.first_of(rule.stages[0].starts))
        instant = (start.earliest or start.latest) if start else None
        if instant is None or rule.holds_on(instant.astimezone(rule.zone or site.zone).date()):
            return rule, True
    return rules[-1], False


def _running(clock: Clock, times: Milestones, site: SiteClocks, today: date | None) -> Clock:
    """Return a clock that has started, with its due time and its state."""
    start = clock.start
    if start is None:
        raise ValueError("a clock that runs has a start")
    cap = clock.stage.cap
    aware = times.time(times.first_of(cap.starts)) if cap else None
    why: Message | str = ""
    if cap and (aware is None or not aware.is_known):
        why = Message(
            "at the latest {number} hour after awareness, which the timeline does not state",
            "at the latest {number} hours after awareness, which the timeline does not state",
            number=cap.period.number,
        )
    try:
        try:
            ends = list(_ends(clock, start, aware, site))
        except (MissingLibraryError, UnknownCalendarError) as error:
            if clock.stage.period.unit == "working_days":
                return replace(clock, state=State.UNKNOWN, why=str(error))
            why = Message("whether that is a working day cannot be told: {reason}", reason=error)
            ends = list(_ends(replace(clock, rule=replace(clock.rule, closed="")), start, aware, site))
    except OverflowError:
        return replace(clock, state=State.UNKNOWN, why=Message("the end lies too far in the future"))
    has_first = start.earliest is not None and not (aware and aware.earliest is None)
    due, allowed = (
        Bounds(min(every) if has_first else None, max(every) if start.latest is not None else None)
        for every in ([end.strict for end in ends], [end.allowed for end in ends])
    )
    state = _state(clock, start, allowed, site, today)
    return replace(clock, state=state, due=due, allowed=allowed, why=why)


def _ends(clock: Clock, start: Moment, aware: Moment | None, site: SiteClocks) -> Iterator[Deadline]:
    """Yield the ends at the corners of what is possible."""
    starts = [each for each in dict.fromkeys((start.earliest, start.latest)) if each is not None]
    cap = clock.stage.cap
    if cap is None or aware is None or not aware.is_known:
        for each in starts:
            yield deadline(clock.rule, clock.stage.period, each, site)
        return
    hours = timedelta(hours=cap.period.number)
    known = [each for each in dict.fromkeys((aware.earliest, aware.latest)) if each is not None]
    for each in starts:
        # The cap ceases to count where the start comes after it: the least end lies there.
        edge = [each - hours] if known[0] <= each - hours <= known[-1] else []
        for one in (*known, *edge):
            end = deadline(clock.rule, clock.stage.period, each, site)
            if each <= one + hours:
                limit = deadline(clock.rule, cap.period, one, site)
                end = limit if limit.strict < end.strict else end
            yield end


def _state(clock: Clock, start: Moment, allowed: Bounds, site: SiteClocks, today: date | None) -> State:
    sent = clock.sent
    if sent is not None:
        if sent.is_known and certainly_before(sent, start):
            return State.EARLY
        if allowed.first is not None and sent.latest is not None and _minute(sent.latest) <= allowed.first:
            return State.IN_TIME
        if allowed.last is not None and sent.earliest is not None and _minute(sent.earliest) > allowed.last:
            return State.LATE
        return State.SENT
    if today is None:
        return State.RUNNING
    zone = clock.rule.zone or site.zone
    first, last = (each and each.astimezone(zone).date() for each in (allowed.first, allowed.last))
    if last is not None and last < today:
        return State.RAN_OUT
    if first is not None and first < today:
        return State.PERHAPS_OUT
    return State.TODAY if today in (first, last) else State.RUNNING


def _minute(instant: datetime) -> datetime:
    """Cut an instant to the minute: due times are stated to the minute."""
    return instant.astimezone(UTC).replace(second=0, microsecond=0)
