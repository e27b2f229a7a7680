"""What is wrong with a time as written: an estimate, a zone, an impossible value, another spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sphinx_postmortem.core.records.time_columns import TimeColumns
from sphinx_postmortem.core.records.time_reading import Reading
from sphinx_postmortem.core.records.times import BadTimeError, ImpossibleTimeError, Moment, Precision, UnknownZoneError

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
_ESTIMATE = re.compile(
    r"~|≈|±|\?|\d[xX]\b|^\s*[-–—<>]|[-–—<>]\s*\Z|\b(?:around|about|approx|circa|ca|c|roughly|tb[cda]|early|late|mid|"
    r"morning|afternoon|evening|night|before|after|until|till|since|by|to|sometime|shortly|later|estimated?|est)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_EXACT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[Tt]| )\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:[Zz]|UTC|[+-]\d{2}:?\d{2}))?", re.ASCII
)


@dataclass(frozen=True)
class TimeFault:
    """The code of the check that reports it, what is wrong and how to mend it, and the text to write in its place."""

    code: str
    message: str
    cure: str = ""


@dataclass(frozen=True)
class RowTime:
    """What is known of a row's time, and what is wrong with how it is written."""

    moment: Moment | None
    fault: TimeFault | None


def read_row_time(columns: TimeColumns, cells: Sequence[str]) -> RowTime:
    """Read the time of a row, and say what is wrong with it. A stated precision excuses what is less than exact."""
    if columns.time is None:
        return RowTime(None, None)
    try:
        reading = columns.read(cells)
    except ImpossibleTimeError as error:
        return RowTime(None, TimeFault("time-impossible", str(error)))
    except UnknownZoneError as error:
        return RowTime(None, TimeFault("time-not-utc", str(error)))
    except BadTimeError as error:
        return RowTime(None, TimeFault(_code_of_unreadable(cells[columns.time]), str(error)))
    precision = cells[columns.precision] if columns.precision is not None else ""
    fault = _fault_of_reading(reading, has_precision=bool(precision.strip(" -–—")))
    if fault is not None and fault.code == "time-format" and columns.day is not None:
        fault = None  # a clock in one column and a day in another are one time
    return RowTime(reading.moment, fault)


def _code_of_unreadable(cell: str) -> str:
    """Return the code for a time that cannot be read: without its date, it may be an estimate or in another zone."""
    if cell.strip("-–— ") and _ESTIMATE.search(cell):
        return "time-estimate"
    return "time-not-utc" if ZONES.search(cell) and _CLOCK.search(cell) else "time-format"


def fault_of(cell: str, *, precision: str = "") -> TimeFault | None:
    """Return what is wrong with a time that stands alone; None when nothing is."""
    return read_row_time(TimeColumns(time=0, precision=1), (cell, precision)).fault


def _fault_of_reading(reading: Reading, *, has_precision: bool) -> TimeFault | None:
    moment = reading.moment
    if reading.doubts:
        return TimeFault("time-not-utc", reading.doubts[0])
    mend = 'write the exact time, "unknown", or how exact it is in a column Precision'
    if not moment.is_known:
        if moment.written.casefold() == "unknown" or has_precision:
            return None
        return TimeFault("time-estimate", f'"{moment.written}" is no time; {mend}')
    if not moment.is_exact:
        is_range = moment.unit in (Precision.SECOND, Precision.MINUTE) and moment.earliest and moment.latest
        what = "an estimate" if moment.is_estimate else "a range" if is_range else "no exact time"
        return None if has_precision else TimeFault("time-estimate", f'"{moment.written}" is {what}; {mend}')
    if moment.zone and moment.has_zone and not moment.zone.startswith(("+", "-")):
        message = f'"{moment.written}" is in another zone ({moment.zone}); write {moment}'
        return TimeFault("time-not-utc", message, str(moment))
    plain = " ".join(moment.written.strip("*_` ").split())
    if not _EXACT.match(plain):
        return TimeFault("time-format", f'"{moment.written}" is another spelling; write {moment}', str(moment))
    if moment.offset and moment.has_zone:
        message = f'"{moment.written}" has the offset {moment.offset}; in UTC it is {moment}'
        return TimeFault("time-offset", message, str(moment))
    return None
