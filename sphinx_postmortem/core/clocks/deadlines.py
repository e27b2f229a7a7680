"""When a stage of a rule is over: periods of hours, days, months and working days, in the days of a zone.

Periods that are not counted in hours follow Regulation (EEC, Euratom) 1182/71, Article 3: the day of the start does not
count, and the last day counts to its end; a month ends with the day of the same number, or with the last of the month.
So a later start never gives an earlier end.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sphinx_postmortem.core.clocks.clock_rules import BEGINS, EXTENDS, NOON, SITE_CALENDAR, Period, Rule
from sphinx_postmortem.core.clocks.working_days import WorkingDays, find_calendar, next_working_day
from sphinx_postmortem.core.dataclass_on_demand import dataclass

_END_OF_DAY = time(23, 59)
_NOON = time(12)


@dataclass(frozen=True)
class SiteClocks:
    """What a site sets of all clocks: the zone whose days count, and the calendar of its working days."""

    zone: tzinfo = UTC
    calendar: str = "ECB"


@dataclass(frozen=True)
class Deadline:
    """The end of a period by the strict text, and the later one that the rule allows where that day is closed (UTC)."""

    strict: datetime
    allowed: datetime


def deadline(rule: Rule, period: Period, start: datetime, site: SiteClocks) -> Deadline:
    """Return when a period that began at ``start`` is over.

    Raises:
        MissingLibraryError: it cannot be told without the library ``holidays``.
        UnknownCalendarError: the library has no such calendar.
        OverflowError: the end lies beyond the year 9999.
    """
    zone = rule.zone or site.zone
    first_day = start.astimezone(zone).date()
    if period.unit == "hours":
        strict = start.astimezone(UTC) + timedelta(hours=period.number)
    else:
        strict = _at(_last_day(rule, period, first_day, site), rule.ends or _END_OF_DAY, zone)
    return Deadline(strict, _allowed(rule, period, strict, zone, site))


def _last_day(rule: Rule, period: Period, first_day: date, site: SiteClocks) -> date:
    if period.unit == "days":
        return first_day + timedelta(days=period.number)
    if period.unit == "months":
        return add_months(first_day, period.number)
    calendar = _calendar(rule, site)
    day, left = first_day, period.number
    if rule.closed == BEGINS and not calendar.is_working_day(day):
        day, left = next_working_day(day, calendar), left - 1
    for _ in range(left):
        day = next_working_day(day, calendar)
    return day


def add_months(day: date, months: int) -> date:
    """Return the day of the same number some months later, or the last of that month.

    Raises:
        OverflowError: it lies beyond the year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        raise OverflowError("date value out of range")
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _allowed(rule: Rule, period: Period, strict: datetime, zone: tzinfo, site: SiteClocks) -> datetime:
    is_extended = rule.closed == NOON or (rule.closed == EXTENDS and period.unit in ("days", "months"))
    if not is_extended:
        return strict
    calendar, day = _calendar(rule, site), strict.astimezone(zone).date()
    if calendar.is_working_day(day):
        return strict
    following = next_working_day(day, calendar)
    return _at(following, _NOON if rule.closed == NOON else _END_OF_DAY, zone)


def _calendar(rule: Rule, site: SiteClocks) -> WorkingDays:
    return find_calendar(site.calendar if rule.calendar in ("", SITE_CALENDAR) else rule.calendar)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    # Of a time that the clock shows twice the later one: the day is over only then.
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=1).astimezone(UTC)
