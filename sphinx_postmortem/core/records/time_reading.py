"""Reads the times of timelines as people write them.

Exact are RFC 3339 date-times and ``YYYY-MM-DD HH:MM[:SS]`` (template section 4). What is less than that is read for
what it says: a date, a month, a range, one bound, an estimate. A time that nobody knows is written ``unknown``.
Nothing is guessed: a clock without a date, an ambiguous zone and a date such as 03/04/2026 are refused with a cure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from html import unescape

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.stated_precision import as_estimate, split_suffix, unit_bounds, with_precision
from sphinx_postmortem.core.records.time_parts import Day, TimeOfDay, TimeParts, split_parts, split_remark
from sphinx_postmortem.core.records.time_ranges import split_beside, split_range
from sphinx_postmortem.core.records.times import (
    BadTimeError,
    ImpossibleTimeError,
    IncompleteTimeError,
    Moment,
    Precision,
    UnknownZoneError,
)
from sphinx_postmortem.core.records.translated_times import in_any_language
from sphinx_postmortem.core.records.vocabulary import UNSTATED
from sphinx_postmortem.core.records.weekdays import weekday_fault
from sphinx_postmortem.core.records.zones import UTC_ZONE, BadZoneError, Zone, clock_fault, not_in_force, read_zone

LONGEST_TEXT = 300
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
_AS_THE_TEMPLATE_HAS_IT = expression(
    r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01]) "
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?",
    re.ASCII,
)
_DAY, _HALF_A_DAY = timedelta(days=1), timedelta(hours=12)
_LONG_DASH = expression(r"(?<=\d:\d\d)[–—](?=\d{1,2}:\d\d)")  # no sign of an offset
_BEGIN = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)

_UNKNOWN = frozenset(
    [*UNSTATED, "unclear", "n.a.", "n.d.", "??", "???", "x", "xx"]
    + ["not recorded", "not logged", "not available", "not determined", "undetermined", "unrecorded", "no record"]
    + ["to be confirmed", "to be determined", "time unknown", "date unknown", "exact time unknown"]
)
_MARKUP = frozenset("[<(&`~*_\\")  # without one of these, and beyond ASCII, there is nothing to take off


@dataclass(frozen=True)
class Reading:
    """A time that was read, and what is doubtful about it, each a sentence with its cure.

    ``plain`` is the part of the cell that states the time, without markup; ``precision`` what the cell itself says of
    its precision; ``remark`` what stands in brackets behind it and is no part of a time; ``second`` the same time once
    more, in another zone: ``10:00 UTC (12:00 CEST)``; ``weekday`` says, with its cure, that the day of the week is
    not that of the date.
    """

    moment: Moment
    doubts: tuple[str, ...] = ()
    plain: str = ""
    precision: str = ""
    remark: str = ""
    second: Moment | None = None
    weekday: str = ""


def read_time(
    text: str, *, day: date | None = None, zone: Zone | None = None, precision: str = "", year: int = 0
) -> Reading:
    """Read a time cell.

    Args:
        text: the cell, with its markup.
        day: the day of the row, where another column or a heading states it.
        zone: the zone of the column; None where the page states none, so that times are read as UTC.
        precision: what the author says of how exact the time is (column *Precision*), in any words.
        year: the year of dates without one, where a title or a heading states it.

    Raises:
        BadTimeError: it says nothing of a time, or something impossible or ambiguous.
    """
    written = " ".join(text.split())
    if len(written) > LONGEST_TEXT:
        raise BadTimeError(f'"{written[:40]}…" is too long for a time; put the words into the event')
    return _read(written, day, zone, precision[:LONGEST_TEXT], year)


@lru_cache(maxsize=4096)  # a build and its checks read each cell
def _read(written: str, day: date | None, zone: Zone | None, precision: str, year: int) -> Reading:
    if match := _AS_THE_TEMPLATE_HAS_IT.fullmatch(written):  # most are: what could stand round it is not looked for
        if not precision and (zone is None or zone.is_utc) and (moment := plain_moment(written)) is not None:
            return Reading(moment, plain=written)
        own = Day(int(match["year"]), int(match["month"]), int(match["day"]))
        unit = Precision.SECOND if match["second"] else Precision.MINUTE
        clock = TimeOfDay(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), unit=unit)
        reading = _moment_of(TimeParts(own, clock), written, own, zone)
        return replace(reading, moment=with_precision(reading.moment, precision), plain=written)
    plain = without_markup(written)
    if _says_unknown(plain) or not plain.strip("- "):
        if not plain.strip("- "):
            raise BadTimeError('the time is empty; write it, or "unknown"')
        return _read_unknown(plain, written, day, zone, year)
    rest, said = split_suffix(plain)
    first, beside = split_beside(rest)
    reading, has_remark = in_any_language(first, lambda words: _read_with_remark(words, written, day, zone, year))
    first, remark = split_remark(first) if has_remark else (first, "")
    second = _read_beside(beside, written, reading.moment, year) if beside else None
    if second is not None:
        reading = _with_second(reading, second, has_zone=reading.moment.has_zone or zone is not None)
    moment = with_precision(reading.moment, precision or said)
    weekday = weekday_fault(plain, moment)
    return replace(reading, moment=moment, plain=first, precision=said, remark=remark, weekday=weekday)


@lru_cache(maxsize=4096)
def plain_moment(text: str) -> Moment | None:
    """Return the moment of a time in UTC, as the template has it; None for any other text."""
    match = _AS_THE_TEMPLATE_HAS_IT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        instant = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return Moment(text, instant, instant, instant, Precision.SECOND if match["second"] else Precision.MINUTE)


def _read_with_remark(plain: str, written: str, day: date | None, zone: Zone | None, year: int) -> tuple[Reading, bool]:
    """Read a time or a range, or one before a remark in brackets; say whether there was a remark."""
    ends = split_range(plain)
    try:
        if ends is not None:
            return _read_range(ends, written, day, zone, year), False
        return _read_one(plain, written, day, zone, year), False
    except (ImpossibleTimeError, UnknownZoneError):
        raise
    except BadTimeError:
        time_itself, remark = split_remark(plain)
        if not remark:
            raise
        return _read_one(time_itself, written, day, zone, year), True


def _read_unknown(plain: str, written: str, day: date | None, zone: Zone | None, year: int) -> Reading:
    """Read what stands in brackets behind "unknown", where it sets a bound: ``unknown (before 2026-03-02)``."""
    said = plain.partition(" (")[2].rstrip(")")
    try:
        moment = _read(said, day, zone, "", year).moment if any(map(str.isdigit, said)) else Moment(written)
    except BadTimeError:
        return Reading(Moment(written))
    return Reading(Moment(written) if moment.is_exact else replace(moment, written=written))


def _says_unknown(plain: str) -> bool:
    """Say whether a text says that nobody knows; a remark in brackets may follow."""
    words = plain.casefold()
    return words.strip("() ") in _UNKNOWN or words.partition(" (")[0] in _UNKNOWN


def parse_moment(text: str) -> Moment:
    """Read a time cell that stands alone; see ``read_time``.

    Raises:
        BadTimeError: it cannot be read.
    """
    return read_time(text).moment


def without_markup(text: str) -> str:
    """Take footnote marks, emphasis, code marks, roles and links off a cell, and unify dashes."""
    if text.isascii() and _MARKUP.isdisjoint(text):
        return " ".join(text.split())
    if not text.isascii():
        text = re.sub(r"[\U0001F300-\U0001FAFF\u2600-\u27BF\u23E9-\u23FA\uFE0F]", "", text)
    if "&" in text:
        text = unescape(text)
    text = re.sub(r"<sup>[^<>]{1,20}</sup>|<(s|del|strike)>[^<>]{1,80}</\1>", "", text)
    text = re.sub(r"<br\s?/?>", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\[\^?[^\]]{1,40}\]_|\[\^[^\]]{1,40}\]|(?<=\d) ?[\[(]\d{1,2}[\])](?!\()|<[^<>]{1,80}>", "", text)
    text = re.sub(r"(?:\{[\w:-]{1,40}\}|:[\w:-]{1,40}:)(?=`)", "", text)
    text = re.sub(r"!?\[([^\]]{1,200})\]\([^)]{0,300}\)", r"\1", text)
    text = re.sub(r"(?<=[\dZ]) ?[¹²³⁰-⁹*†‡]+(?!\w)|(?<=\d)[¹²³⁰-⁹*†‡]+", "", text)
    text = re.sub(r"~~[^~]{1,80}~~", "", text)  # struck out
    text = re.sub(r"[*`]+|(?<![A-Za-z\d])_+|_+(?![A-Za-z\d])|\\(?=\W)", "", text)  # America/New_York keeps its own
    text = _LONG_DASH.sub(" - ", text)
    text = re.sub(r"[‐-―−]", "-", text).replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(text.split())


# --- one point in time


def _read_one(plain: str, written: str, day: date | None, zone: Zone | None, year: int) -> Reading:
    parts = split_parts(plain)
    return _moment_of(parts, written, _day_of(parts, written, day, year), zone)


def _read_beside(text: str, written: str, first: Moment, year: int) -> Moment | None:
    """Read the second time of a cell, on the day that is nearest to the first; None where its zone is not named."""
    parts = split_parts(text)
    if parts.clock is None:
        raise BadTimeError(f'"{written}" is not a time; write one time, and what else is known into the notes')
    if parts.zone is None or parts.zone.casefold() in ("local", "local time") or first.utc is None:
        return None
    days = [first.utc.date() + timedelta(days=number) for number in (-1, 0, 1)] if parts.day is None else [None]
    read = [_read_one(text, text, day, None, year).moment for day in days]
    return min(read, key=lambda moment: abs((moment.utc or _BEGIN) - (first.utc or _BEGIN)))


def _with_second(reading: Reading, second: Moment, *, has_zone: bool) -> Reading:
    """Return a reading whose cell states its time twice. Where the first names no zone, the second is the instant."""
    first = reading.moment
    if not has_zone and first.is_exact:
        first = replace(second, written=first.written)
    elif first.is_exact and second.utc == first.utc and not second.offset:
        first = replace(first, zone="", offset="", has_zone=True)
    return replace(reading, moment=first, second=second)


def _day_of(parts: TimeParts, written: str, day: date | None, year: int) -> Day:
    if parts.day is not None:
        if parts.day.year or year:
            return replace(parts.day, year=parts.day.year or year)
        raise IncompleteTimeError(
            f'"{written}" has no year; write YYYY-MM-DD HH:MM, or the year in the title of the column'
        )
    if day is None:
        raise IncompleteTimeError(f'"{written}" has no date; write YYYY-MM-DD HH:MM')
    day += timedelta(days=parts.later_days)
    return Day(day.year, day.month, day.day)


def _moment_of(parts: TimeParts, written: str, day: Day, column: Zone | None) -> Reading:
    zone, doubts = _zone_of(parts, written, column)
    first, last, unit = _bounds(day, parts.clock, written)
    doubts += _doubts(zone, first, parts.clock, written)
    earliest, latest = _utc(first, zone.rules, written), _utc(last, zone.rules, written)
    if parts.clock is not None and clock_fault(first, zone.rules):  # it may be one of two instants
        both = sorted((earliest, _utc(first.replace(fold=1), zone.rules, written)))
        earliest, latest = both[0], max(latest, both[1])
    zone_name, offset, in_text = _stated(zone, first, parts.zone is not None)
    moment = Moment(written, earliest, earliest, latest, unit, False, zone_name, offset, in_text)
    if parts.is_estimate or (parts.clock is not None and parts.clock.is_estimate):
        moment = as_estimate(moment, zone.rules)
    if parts.bound == "before":
        moment = replace(moment, utc=None, earliest=None)
    elif parts.bound == "after":
        moment = replace(moment, utc=None, latest=None)
    return Reading(moment, doubts)


def _zone_of(parts: TimeParts, written: str, column: Zone | None) -> tuple[Zone, tuple[str, ...]]:
    if parts.zone is None:
        return column or UTC_ZONE, ()
    try:
        return read_zone(parts.zone), ()
    except BadZoneError as error:
        if column is not None and not column.is_utc and parts.zone.casefold() in ("local", "local time"):
            return column, ()
        raise UnknownZoneError(f'"{written}": {error}') from None


def _stated(zone: Zone, local: datetime, in_text: bool) -> tuple[str, str, bool]:
    """Return the zone as written, its offset on the day, and whether the text itself states it; UTC has no name."""
    if zone.is_utc:
        return "", "", in_text
    offset = local.replace(tzinfo=zone.rules).isoformat()[-6:]
    return zone.written, "" if offset == "+00:00" else offset, in_text


def _doubts(zone: Zone, local: datetime, clock: TimeOfDay | None, written: str) -> tuple[str, ...]:
    if there := not_in_force(zone, local):
        return (f'"{written}": {zone.written} was not in force on {local:%Y-%m-%d}, but {there}; mend the zone',)
    fault = clock_fault(local, zone.rules) if clock is not None else ""
    return (f'"{written}" is no single time in {zone.written}: {fault}; write it in UTC',) if fault else ()


def _bounds(day: Day, clock: TimeOfDay | None, written: str) -> tuple[datetime, datetime, Precision]:
    """Return the first and the last local time that day and clock allow, and how exact they are."""
    first = datetime.combine(_first_day(day, written), time())
    if clock is not None and day.day:
        return _clock_bounds(first, clock, written)
    unit = Precision.DAY if day.day else Precision.MONTH if day.month else Precision.YEAR
    return (*unit_bounds(first, unit), unit)


def _first_day(day: Day, written: str) -> date:
    try:
        first = date(day.year, day.month or 1, day.day or 1)
    except ValueError as error:
        raise ImpossibleTimeError(f'"{written}" is not a possible time ({error}); mend the date') from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ImpossibleTimeError(f'"{written}" is not a possible time (the year {day.year}); mend the year')
    return first


def _clock_bounds(day: datetime, clock: TimeOfDay, written: str) -> tuple[datetime, datetime, Precision]:
    leap = clock.second == 60 and clock.minute == 59  # RFC 3339 allows a leap second; the second that follows counts
    if clock.hour > 24 or clock.minute > 59 or (clock.second > 59 and not leap):
        raise ImpossibleTimeError(f'"{written}" is not a possible time; mend the hour, the minute or the second')
    if clock.hour == 24 and (clock.minute or clock.second):
        raise ImpossibleTimeError(f'"{written}" is not a possible time (the hour 24); write it on the next day')
    first = day + timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.micro)
    if clock.unit is Precision.HOUR:
        return (*unit_bounds(first, Precision.HOUR), Precision.HOUR)
    if clock.is_estimate:  # the last digit of the minute is left out
        return first, first + timedelta(minutes=10, seconds=-1), Precision.MINUTE
    return first, first, clock.unit


def _utc(local: datetime, rules: tzinfo, written: str) -> datetime:
    try:
        return local.replace(tzinfo=rules).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ImpossibleTimeError(f'"{written}" is not a possible time ({error}); mend it') from None


# --- ranges


def _last_day(parts: TimeParts, written: str, first: Day, year: int) -> Day:
    if parts.day is None:
        return _after(first, parts.later_days) if parts.later_days else first
    return _day_of(parts, written, None, year or first.year)


def _after(day: Day, number: int) -> Day:
    """Return a later day; one that is no whole day stays as it is."""
    try:
        later = date(day.year, day.month, day.day) + timedelta(days=number)
    except (ValueError, OverflowError):
        return day
    return Day(later.year, later.month, later.day)


def _read_range(ends: tuple[str, str], written: str, day: date | None, zone: Zone | None, year: int) -> Reading:
    first_parts, last_parts = split_parts(ends[0]), split_parts(ends[1])
    if first_parts.zone is None and last_parts.zone is not None:
        first_parts = replace(first_parts, zone=last_parts.zone)
    elif last_parts.zone is None and first_parts.zone is not None:
        last_parts = replace(last_parts, zone=first_parts.zone)
    if first_parts.day is not None and not first_parts.day.year and last_parts.day is not None and last_parts.day.year:
        is_past = first_parts.day.month > last_parts.day.month  # 30 December to 2 January 2026
        first_parts = replace(first_parts, day=replace(first_parts.day, year=last_parts.day.year - is_past))
    if first_parts.day is None and day is None:
        first_parts = replace(first_parts, day=last_parts.day)  # 10:00 to 11:00 on 2 March
    first_day = _day_of(first_parts, written, day, year)
    last_day = _last_day(last_parts, written, first_day, year)
    first = _moment_of(first_parts, written, first_day, zone)
    last = _moment_of(last_parts, written, last_day, zone)
    begin, end = first.moment.earliest, last.moment.latest
    if last_parts.day is None and begin and end and timedelta() < begin - end and end + _DAY - begin < _HALF_A_DAY:
        last = _moment_of(replace(last_parts, later_days=1), written, _after(first_day, 1), zone)  # 23:50 to 00:20
        end = last.moment.latest or end
    if begin is None or end is None:
        raise BadTimeError(f'"{written}" is no range; write its begin and its end')
    if end < begin:
        raise ImpossibleTimeError(
            f'"{written}" ends before it begins; write the first time before the last, each with its date'
        )
    order = list(Precision)
    unit = max(first.moment.unit, last.moment.unit, key=order.index)
    is_estimate = first.moment.is_estimate or last.moment.is_estimate
    shown = first.moment.utc if first.moment.is_estimate else begin  # a guess is shown, not the bound that it allows
    moment = replace(first.moment, utc=shown, earliest=begin, latest=end, unit=unit, is_estimate=is_estimate)
    return Reading(moment, (*first.doubts, *last.doubts))
