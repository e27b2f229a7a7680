"""Reads the times of timelines as people write them.

Exact are RFC 3339 date-times and ``YYYY-MM-DD HH:MM[:SS]`` (template section 4). What is less than that is read for
what it says: a date, a month, a range, one bound, an estimate. A time that nobody knows is written ``unknown``.
Nothing is guessed: a clock without a date, an ambiguous zone and a date such as 03/04/2026 are refused with a cure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.time_parts import Clock, Day, Parts, find_day, split_parts
from sphinx_postmortem.core.records.times import BadTimeError, ImpossibleTimeError, Moment, Precision, UnknownZoneError
from sphinx_postmortem.core.records.zones import UTC_ZONE, BadZoneError, Zone, clock_fault, not_in_force, read_zone

LONGEST_TEXT = 300
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100

_UNKNOWN = frozenset(
    ["unknown", "not known", "unclear", "tbc", "tbd", "tba", "n/a", "na", "n.a.", "n.d.", "?", "??", "???", "x", "xx"]
    + ["not recorded", "not logged", "not available", "not determined", "undetermined", "unrecorded", "no record"]
    + ["to be confirmed", "to be determined", "time unknown", "date unknown", "exact time unknown"]
)
_ONE_CLOCK = r"\d{1,2}:(?:\d{2}(?::\d{2})?|\?\?|xx)"
_BETWEEN = expression(r"between\s+(?P<first>.+?)\s+(?:and|to|-)\s+(?P<last>.+)", re.IGNORECASE)
_FROM_TO = expression(
    r"(?:from\s+)?(?P<first>.*\d\S*(?:\s?(?:[ap]\.?m\.?|UTC|Z))?)\s*"
    r"(?:(?<=\s)(?:to|until|till|through|thru|-)(?=\s)|-+>|=>|→|…|\.\.\.?)\s*(?P<last>.*\d.*)",
    re.IGNORECASE,
)
_WEEK_OF = expression(r"(?:in )?(?:the )?week (?:of|from|beginning|starting)(?: the)? (?P<day>.+)", re.IGNORECASE)
_QUARTER = expression(
    r"Q(?P<quarter>[1-4])[ /-]?(?P<year>\d{4})|(?P<first_year>\d{4})[ /-]?Q(?P<other>[1-4])", re.IGNORECASE
)
_TIGHT = expression(rf"(?P<first>.*{_ONE_CLOCK})-(?P<last>{_ONE_CLOCK}|\d{{1,2}})(?P<rest>\s*[A-Za-z].*)?")
_PRECISIONS = {
    "second": Precision.SECOND,
    "minute": Precision.MINUTE,
    "min": Precision.MINUTE,
    "exact": Precision.SECOND,
    "hour": Precision.HOUR,
    "day": Precision.DAY,
    "date": Precision.DAY,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
}
_MARGIN = expression(
    r"(?:±|\+/-|\+-|within|plus or minus)\s*(?P<number>\d{1,4})\s*(?P<unit>s|min|h|d)[a-z]*\b", re.IGNORECASE
)
_MARGIN_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_OPEN_ENDED = expression(r"\b(?:from|since|onwards?|then|start)\b")
_MARKUP = expression(r"[][<`~*_\\]")  # without one of these and beyond ASCII there is nothing to take off
_COARSE = (Precision.HOUR, Precision.DAY, Precision.MONTH, Precision.YEAR)


@dataclass(frozen=True)
class Reading:
    """A time that was read, and what is doubtful about it, each a sentence with its cure."""

    moment: Moment
    doubts: tuple[str, ...] = ()


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
    plain = without_markup(written)
    if _says_unknown(plain) or not plain.strip("- "):
        if not plain.strip("- "):
            raise BadTimeError('the time is empty; write it, or "unknown"')
        return Reading(Moment(written))
    if not precision and (margin := _MARGIN.search(plain)):
        precision, plain = margin[0], " ".join(_MARGIN.sub(" ", plain).strip("() ").split())
    ends = _split_range(plain)
    if ends is None:
        reading = _read_one(plain, written, day, zone, year)
    else:
        reading = _read_range(ends, written, day, zone, year)
    return replace(reading, moment=_with_precision(reading.moment, precision))


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
    if text.isascii() and not _MARKUP.search(text):
        return " ".join(text.split())
    text = re.sub(r"\[\^?[^\]]{1,40}\]_|\[\^[^\]]{1,40}\]|<[^<>]{1,80}>", "", text)
    text = re.sub(r"(?:\{[\w:-]{1,40}\}|:[\w:-]{1,40}:)(?=`)", "", text)
    text = re.sub(r"!?\[([^\]]{1,200})\]\([^)]{0,300}\)", r"\1", text)
    text = re.sub(r"(?<=\d)[¹²³⁰-⁹*†‡]+", "", text)
    text = re.sub(r"~~[^~]{1,80}~~", "", text)  # struck out
    text = re.sub(r"[*`]+|(?<![A-Za-z\d])_+|_+(?![A-Za-z\d])|\\(?=\W)", "", text)  # America/New_York keeps its own
    text = re.sub(r"[‐-―−]", "-", text).replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(text.split())


# --- one point in time


def _read_one(plain: str, written: str, day: date | None, zone: Zone | None, year: int) -> Reading:
    parts = split_parts(plain)
    return _moment_of(parts, written, _day_of(parts, written, day, year), zone)


def _day_of(parts: Parts, written: str, day: date | None, year: int) -> Day:
    if parts.day is not None:
        if parts.day.year or year:
            return replace(parts.day, year=parts.day.year or year)
        raise BadTimeError(f'"{written}" has no year; write YYYY-MM-DD HH:MM, or the year in the title of the column')
    if day is None:
        raise BadTimeError(f'"{written}" has no date; write YYYY-MM-DD HH:MM')
    return Day(day.year, day.month, day.day)


def _moment_of(parts: Parts, written: str, day: Day, column: Zone | None) -> Reading:
    zone, doubts = _zone_of(parts, written, column)
    first, last, unit = _bounds(day, parts.clock, written)
    doubts += _doubts(zone, first, parts.clock, written)
    earliest, latest = _utc(first, zone.rules, written), _utc(last, zone.rules, written)
    zone_name, offset, in_text = _stated(zone, first, parts.zone is not None)
    moment = Moment(written, earliest, earliest, latest, unit, False, zone_name, offset, in_text)
    if parts.is_estimate or (parts.clock is not None and parts.clock.is_estimate):
        moment = _as_estimate(moment, zone.rules)
    if parts.bound == "before":
        moment = replace(moment, utc=None, earliest=None)
    elif parts.bound == "after":
        moment = replace(moment, utc=None, latest=None)
    return Reading(moment, doubts)


def _zone_of(parts: Parts, written: str, column: Zone | None) -> tuple[Zone, tuple[str, ...]]:
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


def _doubts(zone: Zone, local: datetime, clock: Clock | None, written: str) -> tuple[str, ...]:
    if there := not_in_force(zone, local):
        return (f'"{written}": {zone.written} was not in force on {local:%Y-%m-%d}, but {there}; mend the zone',)
    fault = clock_fault(local, zone.rules) if clock is not None else ""
    return (f'"{written}" is no single time in {zone.written}: {fault}; write it in UTC',) if fault else ()


def _bounds(day: Day, clock: Clock | None, written: str) -> tuple[datetime, datetime, Precision]:
    """Return the first and the last local time that day and clock allow, and how exact they are."""
    first = _first_day(day, written)
    if day.month == 0:
        return _begin(first), _begin(first.replace(year=first.year + 1)) - timedelta(seconds=1), Precision.YEAR
    if day.day == 0:
        after = (first + timedelta(days=32)).replace(day=1)
        return _begin(first), _begin(after) - timedelta(seconds=1), Precision.MONTH
    if clock is None:
        return _begin(first), _begin(first) + timedelta(days=1, seconds=-1), Precision.DAY
    return _clock_bounds(_begin(first), clock, written)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time())


def _first_day(day: Day, written: str) -> date:
    try:
        first = date(day.year, day.month or 1, day.day or 1)
    except ValueError as error:
        raise ImpossibleTimeError(f'"{written}" is not a possible time ({error}); mend the date') from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ImpossibleTimeError(f'"{written}" is not a possible time (the year {day.year}); mend the year')
    return first


def _clock_bounds(day: datetime, clock: Clock, written: str) -> tuple[datetime, datetime, Precision]:
    leap = clock.second == 60 and clock.minute == 59  # RFC 3339 allows a leap second; the second that follows counts
    if clock.hour > 24 or clock.minute > 59 or (clock.second > 59 and not leap):
        raise ImpossibleTimeError(f'"{written}" is not a possible time; mend the hour, the minute or the second')
    if clock.hour == 24 and (clock.minute or clock.second):
        raise ImpossibleTimeError(f'"{written}" is not a possible time (the hour 24); write it on the next day')
    first = day + timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.micro)
    if clock.unit is Precision.HOUR:
        return first, first + timedelta(hours=1, seconds=-1), Precision.HOUR
    if clock.is_estimate:  # the last digit of the minute is left out
        return first, first + timedelta(minutes=10, seconds=-1), Precision.MINUTE
    return first, first, clock.unit


def _utc(local: datetime, rules: tzinfo, written: str) -> datetime:
    try:
        return local.replace(tzinfo=rules).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ImpossibleTimeError(f'"{written}" is not a possible time ({error}); mend it') from None


def _as_estimate(moment: Moment, rules: tzinfo) -> Moment:
    """Widen the bounds of an estimate: one with a clock is trusted for its day, a coarser one for its unit."""
    if moment.unit in _COARSE or moment.earliest is None or moment.earliest != moment.latest:
        return replace(moment, is_estimate=True)
    local = moment.earliest.astimezone(rules).replace(hour=0, minute=0, second=0, microsecond=0)
    end = (local + timedelta(days=1)).astimezone(UTC) - timedelta(seconds=1)
    return replace(moment, earliest=local.astimezone(UTC), latest=end, is_estimate=True)


# --- ranges


def _split_range(plain: str) -> tuple[str, str] | None:
    """Return the two ends of a range, or None where the text is none."""
    if match := _BETWEEN.fullmatch(plain) or _FROM_TO.fullmatch(plain):
        return match["first"], match["last"]
    if match := _QUARTER.fullmatch(plain):
        year, last_month = match["year"] or match["first_year"], 3 * int(match["quarter"] or match["other"])
        return f"{year}-{last_month - 2:02}", f"{year}-{last_month:02}"
    if (match := _WEEK_OF.fullmatch(plain)) and (day := _whole_day(match["day"])):
        return f"{day}", f"{day + timedelta(days=6)}"
    match = _TIGHT.fullmatch(plain)
    if match is None or _is_offset(match):
        return None
    first, last = match["first"], match["last"]
    if ":" not in last:  # ``16:05:57-58``: the end states the last unit alone
        last = first[: first.rindex(":") + 1][-6 if first.count(":") > 1 else -3 :] + last.zfill(2)
        last = re.sub(r"^\D+", "", last)
    return first, last + (match["rest"] or "")


def _whole_day(text: str) -> date | None:
    """Return the day that a text states with its year; None where it states none."""
    day = find_day(text)
    try:
        return date(day.year, day.month, day.day) if day is not None and day.year else None
    except ValueError:
        return None


def _is_offset(match: re.Match[str]) -> bool:
    """Say whether the part behind the dash is an offset, as RFC 3339 has it behind a ``T``.

    Raises:
        BadTimeError: it may be a range or an offset.
    """
    hours, _, minutes = match["last"].partition(":")
    may_be_offset = len(hours) == 2 and minutes in ("00", "15", "30", "45") and int(hours) <= 12
    if not may_be_offset or re.search(r"\dT\d", match["first"]):
        return may_be_offset
    if find_day(match["first"]) is None and match["last"] > match["first"].rpartition(" ")[2].zfill(5):
        return False  # two clocks in their order, and no date that an offset would stand behind
    raise BadTimeError(
        f'"{match[0]}" may be a range or a time with an offset; write two rows or "… to …", '
        "or the offset as RFC 3339 has it: 2026-03-02T10:40-05:00"
    )


def _read_range(ends: tuple[str, str], written: str, day: date | None, zone: Zone | None, year: int) -> Reading:
    first_parts, last_parts = split_parts(ends[0]), split_parts(ends[1])
    if first_parts.zone is None and last_parts.zone is not None:
        first_parts = replace(first_parts, zone=last_parts.zone)
    elif last_parts.zone is None and first_parts.zone is not None:
        last_parts = replace(last_parts, zone=first_parts.zone)
    first_day = _day_of(first_parts, written, day, year)
    last_day = first_day if last_parts.day is None else _day_of(last_parts, written, day, year or first_day.year)
    first = _moment_of(first_parts, written, first_day, zone)
    last = _moment_of(last_parts, written, last_day, zone)
    begin, end = first.moment.earliest, last.moment.latest
    if begin is None or end is None:
        raise BadTimeError(f'"{written}" is no range; write its begin and its end')
    if end < begin:
        raise BadTimeError(
            f'"{written}" ends before it begins; write the first time before the last, each with its date'
        )
    order = list(Precision)
    unit = max(first.moment.unit, last.moment.unit, key=order.index)
    is_estimate = first.moment.is_estimate or last.moment.is_estimate
    shown = first.moment.utc if first.moment.is_estimate else begin  # a guess is shown, not the bound that it allows
    moment = replace(first.moment, utc=shown, earliest=begin, latest=end, unit=unit, is_estimate=is_estimate)
    return Reading(moment, (*first.doubts, *last.doubts))


# --- the column Precision


def _with_precision(moment: Moment, stated: str) -> Moment:
    """Return the moment with the precision that its author states; words that name none make it an estimate."""
    words = " ".join(re.sub(r"[^\w\s~]", " ", stated.casefold()).split())
    if not words or not moment.is_known:
        return moment
    if match := _MARGIN.search(stated):
        return _with_margin(moment, timedelta(**{_MARGIN_UNITS[match["unit"][0].casefold()]: int(match["number"])}))
    named = next((p for name, p in _PRECISIONS.items() if re.search(rf"\b{name}s?\b", words)), None)
    if named is None:
        if _OPEN_ENDED.search(words) or not moment.is_exact:
            return moment
        return _as_estimate(moment, UTC)
    order = list(Precision)
    if (
        named in _COARSE
        and moment.utc is not None
        and (moment.is_estimate or order.index(named) > order.index(moment.unit))
    ):
        return _widened(moment, moment.utc, named)
    return moment


def _with_margin(moment: Moment, margin: timedelta) -> Moment:
    """Return a moment with the margin that its author states, such as ``± 10 min``."""
    if moment.utc is None:
        return moment
    return replace(moment, earliest=moment.utc - margin, latest=moment.utc + margin, is_estimate=True)


def _widened(moment: Moment, instant: datetime, unit: Precision) -> Moment:
    """Return a moment that is known up to a coarser unit only, which ``instant`` lies in."""
    first = instant.replace(minute=0, second=0, microsecond=0)
    if unit is Precision.HOUR:
        last = first + timedelta(hours=1, seconds=-1)
    else:
        parts = {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}[unit]
        first, last, _ = _bounds(Day(*first.timetuple()[:parts]), None, moment.written)
        first, last = first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)
    earliest, latest = first, last
    if not moment.is_estimate:  # a range keeps its ends
        earliest, latest = min(first, moment.earliest or first), max(last, moment.latest or last)
    return replace(moment, utc=earliest, earliest=earliest, latest=latest, unit=unit, is_estimate=False)
