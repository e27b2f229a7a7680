"""What is wrong with a time as written: estimate, zone, impossible value, slip of one field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sphinx_postmortem.core.records.times import BadTimeError, parse_moment

_ESTIMATE = re.compile(
    r"~|≈|±|\?|\b(?:around|about|approx(?:\.|imately)?|circa|ca\.?|c\.|roughly|tb[cda]|"
    r"(?:early|late|mid)[ -]?(?:morning|afternoon|evening|night|day)?|morning|afternoon|evening|night|midnight|noon|"
    r"before|after|sometime|shortly|later|estimated?|est\.)(?![\w])",
    re.IGNORECASE,
)
ZONES = re.compile(
    r"\b(?:BST|CET|CEST|EET|EEST|MSK|IST|SGT|JST|KST|AEST|AEDT|NZST|NZDT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|PST8PDT|"
    r"PT|ET|CT|MT|WAT|local(?: time)?|(?:UTC|GMT)\s?[+-]\s?[1-9]\d?|"
    r"(?:Africa|America|Asia|Australia|Europe|US)/[A-Z]\w+|"
    r"(?:Eastern|Pacific|Mountain|Central)(?: European)?(?: Standard| Daylight| Summer)?(?: [Tt]ime)?)\b"
)
# A sentence or title that gives the zone of all times of a page, or says that all are estimates.
ALL_TIMES = re.compile(r"(?<!at )\ball (?:the |of the )?(?:dates and )?time(?:s|stamps)\b[^.;|\n]{0,60}", re.IGNORECASE)
TIMES_IN = re.compile(r"\btimes? (?:are )?in\b[^.;|\n]{0,40}", re.IGNORECASE)
APPROXIMATE = re.compile(r"\b(?:approximat\w*|approx\.?|estimate[sd]?|rough(?:ly)?)\b", re.IGNORECASE)
_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}$")
_AM_PM = re.compile(r"\b\d{1,2}(?::\d{2})?\s?[ap]\.?m\b", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONG_YEAR = re.compile(r"(?<![\d.])(?:[12]\d{4,5})-\d{1,2}-\d{1,2}(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_HOUR = re.compile(r"(?<![\d:.-])(\d{1,2}):(\d{2})(?![\d.])")
EARLIEST_YEAR = 1990
LATEST_YEAR = 2100
_ONE_END = re.compile(
    r"[-–—<>]\s*$|^\s*[-–—<>]|\b(?:to|until|till)\s*$|^(?:from|until|till|since|by|no later than)\b", re.IGNORECASE
)
_RANGE = re.compile(
    r"^(?:\d{4}-\d{2}-\d{2} )?\d{1,2}:\d{2}\s*(?:[-–—]|to|until)\s*(?:\d{4}-\d{2}-\d{2} )?\d{1,2}:\d{2}\Z"
)
_MASKED = re.compile(r"\d[xX]\b|:[xX]{1,2}\b")


@dataclass(frozen=True)
class TimeFault:
    """The code of the check that reports it, and what is wrong with the time and how to mend it."""

    code: str
    message: str


@lru_cache(maxsize=1024)  # several rules ask about the same cell
def fault_of(cell: str, *, precision: str = "") -> TimeFault | None:
    """Return what is wrong with a time cell, the gravest first; None when nothing is.

    Args:
        cell: the text of the cell.
        precision: how exact the author says the time is; a stated precision excuses an estimate.
    """
    text = " ".join(cell.strip().strip("*_`").split())[:300]
    if not text.strip("-–— "):
        return TimeFault("time-format", 'the time is empty; write it, or "unknown"')
    if text.casefold() == "unknown":
        return None
    impossible = impossible_part(text)
    if impossible:
        return TimeFault("time-impossible", impossible)
    try:
        moment = parse_moment(text)
    except BadTimeError as error:
        return _unreadable(text, str(error), precision)
    if moment.offset:
        return TimeFault("time-offset", f'"{text}" has the offset {moment.offset}; in UTC it is {moment}')
    return None


def impossible_part(text: str) -> str:
    """Say which part of a text is no possible date or time; empty when all are."""
    long_year = _LONG_YEAR.search(text)
    if long_year:
        return f'"{long_year[0]}" has a year of five digits; mend the year'
    for match in _NUMBERS.finditer(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        try:
            datetime(year, month, day)  # noqa: DTZ001  only whether such a day exists
        except ValueError as error:
            return f'"{match[0]}" is not a possible date ({error}); mend it'
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            return f'"{match[0]}" is not between {EARLIEST_YEAR} and {LATEST_YEAR}; mend the year'
    for match in _HOUR.finditer(text):
        if int(match[1]) > 24 or int(match[2]) > 59:
            return f'"{match[0]}" is not a possible time of day; mend it'
    return ""


def _unreadable(text: str, reason: str, precision: str) -> TimeFault | None:
    if _RANGE.search(text):
        return TimeFault("time-format", f'"{text}" is a range; write a row for its begin and one for its end')
    zone = ZONES.search(text) or _OFFSET.search(text)
    if zone and _CLOCK.search(text) and not _DAY.fullmatch(text):
        return TimeFault("time-not-utc", f'"{text}" is in another zone ({zone[0]}); convert it to UTC')
    estimate = _ESTIMATE.search(text)
    if estimate and not precision.strip(" -"):
        mend = 'write the exact time, "unknown", or how exact it is in a column Precision'
        return TimeFault("time-estimate", f'"{text}" is an estimate ("{estimate[0].strip()}"); {mend}')
    if estimate:
        return None
    return _vague(text) or TimeFault("time-format", reason)


def _vague(text: str) -> TimeFault | None:
    if _DAY.fullmatch(text):
        return TimeFault("time-estimate", f'"{text}" is a date without a time; write the time in UTC, or "unknown"')
    if _MASKED.search(text):
        return TimeFault("time-estimate", f'"{text}" is a time with digits left out; write them, or "unknown"')
    if _ONE_END.search(text):
        return TimeFault("time-estimate", f'"{text}" is a range without both ends; write two rows, or "unknown"')
    if _AM_PM.search(text):
        return TimeFault("time-format", f'"{text}" is a time of twelve hours; write YYYY-MM-DD HH:MM in UTC')
    return None


def slips(moments: Sequence[datetime | None], reach: timedelta = timedelta(days=2)) -> dict[int, tuple[str, datetime]]:
    """Find the moments that are wrong in one field: year, month or day.

    A moment is a slip when it lies more than 15 days outside the span of the others, and would lie within the
    span, widened by ``reach``, with that one field of the others. Early events of a long story are none: a slip also
    stands out of order, or falls on the day of most others when it is mended.

    Returns:
        The index of each slip with the name of the field and the moment as it should probably be.
    """
    known = [(index, moment) for index, moment in enumerate(moments) if moment is not None]
    if len(known) < 3:
        return {}
    ordered = sorted(moment for _, moment in known)
    middle = ordered[len(ordered) // 2]
    near = [moment for _, moment in known if abs(moment - middle) < timedelta(days=15)]
    if len(near) * 2 <= len(known):
        return {}
    low, high = min(near), max(near)
    day, number = Counter(moment.date() for moment in near).most_common(1)[0]
    main_day = day if number * 2 > len(near) else None
    found: dict[int, tuple[str, datetime]] = {}
    for index, moment in known:
        if low - timedelta(days=15) <= moment <= high + timedelta(days=15):
            continue
        for name in ("year", "month", "day"):
            mended = _with(moment, name, middle)
            if mended is None or not low - reach <= mended <= high + reach:
                continue
            if _is_out_of_order(moments, index) or mended.date() == main_day:
                found[index] = (name, mended)
                break
    return found


def _is_out_of_order(moments: Sequence[datetime | None], index: int) -> bool:
    """Say whether a moment is earlier than the one before it, or later than the one after it."""
    moment = moments[index]
    before = next((m for m in reversed(moments[:index]) if m is not None), None)
    after = next((m for m in moments[index + 1 :] if m is not None), None)
    return moment is not None and ((before is not None and moment < before) or (after is not None and moment > after))


def _with(moment: datetime, name: str, other: datetime) -> datetime | None:
    try:
        if name == "year":
            return moment.replace(year=other.year)
        return moment.replace(month=other.month) if name == "month" else moment.replace(day=other.day)
    except ValueError:
        return None
