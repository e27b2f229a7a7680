"""What is wrong with a time as written: an estimate, a zone, an impossible value, another spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.time_columns import TimeColumns
from sphinx_postmortem.core.records.time_reading import Reading, plain_moment, read_time
from sphinx_postmortem.core.records.times import BadTimeError, ImpossibleTimeError, Moment, Precision, UnknownZoneError
from sphinx_postmortem.core.records.times_of_page import ZONES

_ESTIMATE = expression(
    r"~|≈|±|\?|\d[xX]\b|^\s*[-–—<>]|[-–—<>]\s*\Z|\b(?:around|about|approx|circa|ca|c|roughly|tb[cda]|early|late|mid|"
    r"morning|afternoon|evening|night|before|after|until|till|since|by|to|sometime|shortly|later|estimated?|est)\b",
    re.IGNORECASE,
)
_FEWEST_OF_A_COLUMN = 3
_LONGEST_KEPT = 500  # letters of a row's cells of times
_GOES_ON = expression(r"\b(?:onwards?|since|from|starting)\b|\+\Z", re.IGNORECASE)
_CLOCK = expression(r"\d{1,2}:\d{2}")
_EXACT = expression(
    r"\d{4}-\d{2}-\d{2}(?:[Tt]| )\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:[Zz]|\(?UTC\)?|[+-]\d{2}:?\d{2}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class TimeFault:
    """The code of the check that reports it, what is wrong and how to mend it, and the text to write in its place.

    ``part`` is the part of the cell, without markup, in whose place the cure stands; empty for the whole.
    """

    code: str
    message: str
    cure: str = ""
    part: str = ""


@dataclass(frozen=True)
class RowTime:
    """What is known of a row's time, what is wrong with how it is written, and what its cell says of its precision."""

    moment: Moment | None
    fault: TimeFault | None
    precision: str = ""


def read_row_time(columns: TimeColumns, cells: Sequence[str]) -> RowTime:
    """Read the time of a row, and say what is wrong with it. A stated precision excuses what is less than exact."""
    if columns.time is None:
        return RowTime(None, None)
    if _states_plain_times(columns, cells) and (moment := plain_moment(cells[columns.time].strip())) is not None:
        return RowTime(moment, None)
    places = (columns.time, columns.day, columns.precision)
    read = tuple(cell if index in places else "" for index, cell in enumerate(cells))
    # A build's directive and its checks ask for each row; very long cells are not kept in memory for that.
    is_short = sum(map(len, read)) <= _LONGEST_KEPT
    return _kept_time(columns, columns.time, read) if is_short else _read_cells(columns, columns.time, read)


def _states_plain_times(columns: TimeColumns, cells: Sequence[str]) -> bool:
    """Say whether the times of a row are in UTC, and nothing beside them changes what they say."""
    if columns.day is not None or not (columns.zone is None or columns.zone.is_utc):
        return False
    return columns.precision is None or not cells[columns.precision]


def _read_cells(columns: TimeColumns, time: int, cells: Sequence[str]) -> RowTime:
    try:
        reading = columns.read(cells)
    except ImpossibleTimeError as error:
        return RowTime(None, TimeFault("time-impossible", str(error)))
    except UnknownZoneError as error:
        return RowTime(None, TimeFault("time-not-utc", str(error)))
    except BadTimeError as error:
        return RowTime(None, TimeFault(_code_of_unreadable(cells[time]), str(error)))
    precision = reading.precision or (cells[columns.precision] if columns.precision is not None else "")
    fault = _fault_of_reading(reading, has_precision=bool(precision.strip(" -–—")))
    if fault is not None and fault.code == "time-format" and columns.day is not None:
        fault = None  # a clock in one column and a day in another are one time
    return RowTime(reading.moment, fault, reading.precision)


_kept_time = lru_cache(maxsize=1024)(_read_cells)


def told_once(
    rows: Sequence[tuple[int, TimeFault]], timed: int, line: int, title: str
) -> tuple[tuple[int, TimeFault], ...]:
    """Return what is wrong with the times of a column: one fault where the column is at fault, else one for each row.

    Args:
        rows: the line and the fault of each row that has one; all of one code.
        timed: the number of rows with a time.
        line: the line for a fault of the whole column.
        title: the column's title.
    """
    kinds = {_kind(fault) for _, fault in rows}
    if len(rows) < _FEWEST_OF_A_COLUMN or len(rows) < timed or len(kinds) > 1:
        return tuple(rows)
    first = rows[0][1]
    message = f'each of the {len(rows)} times in the column "{title}" has this fault: {first.message}'
    return ((line, TimeFault(first.code, message)),)


def _kind(fault: TimeFault) -> str:
    """Return what is wrong without what is written and what to write in this place."""
    return re.sub(r'"[^"]*"|\d[\d:+ -]*', "", fault.message.partition(", perhaps ")[0])


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
    if reading.weekday:
        return TimeFault("time-weekday", reading.weekday)
    if reading.doubts:
        return TimeFault("time-not-utc", reading.doubts[0])
    mend = 'write the exact time, "unknown", or how exact it is in a column Precision'
    if reading.remark:
        message = f'"{reading.remark}" is no part of a time; write "{reading.plain}", and the remark into the notes'
        return TimeFault("time-format", message)
    if not moment.is_known:
        if moment.written.casefold() == "unknown" or has_precision:
            return None
        return TimeFault("time-estimate", f'"{moment.written}" is no time; {mend}')
    if not moment.is_exact:
        is_range = moment.unit in (Precision.SECOND, Precision.MINUTE) and moment.earliest and moment.latest
        what = "an estimate" if moment.is_estimate else "a range" if is_range else "no exact time"
        return None if has_precision else TimeFault("time-estimate", f'"{moment.written}" is {what}; {mend}')
    is_in_utc_too = reading.second is not None and moment.has_zone and not moment.zone
    goes_on = has_precision and _GOES_ON.search(reading.plain) is not None
    return None if is_in_utc_too or goes_on else _fault_of_exact(reading)


def _fault_of_exact(reading: Reading) -> TimeFault | None:
    """Return what is wrong with how an exact time is written: its zone, its spelling, or an offset."""
    moment = reading.moment
    if not moment.zone and not moment.offset and _EXACT.fullmatch(reading.plain):
        return None
    cure = _in_the_columns_zone(moment)
    if moment.zone and moment.has_zone and not moment.zone.startswith(("+", "-")):
        message = f'"{moment.written}" is in another zone ({moment.zone}); write {cure}'
        return TimeFault("time-not-utc", message, cure, reading.plain)
    if not _EXACT.fullmatch(reading.plain):
        return TimeFault("time-format", f'"{reading.plain}" is another spelling; write {cure}', cure, reading.plain)
    if moment.offset and moment.has_zone:
        message = f'"{moment.written}" has the offset {moment.offset}; in UTC it is {cure}'
        return TimeFault("time-offset", message, cure, reading.plain)
    return None


def written_day(cell: str) -> str:
    """Return a day in words, such as ``Jul 17, 2023``, as YYYY-MM-DD; empty where the cell states no single day."""
    try:
        moment = read_time(cell).moment
    except BadTimeError:
        return ""
    if moment.unit is not Precision.DAY or moment.is_estimate or moment.utc is None or moment.latest is None:
        return ""
    return f"{moment.utc:%Y-%m-%d}" if moment.latest.date() == moment.utc.date() else ""


def _in_the_columns_zone(moment: Moment) -> str:
    """Write an exact time as it should stand: in UTC, or in the zone that the title of its column states."""
    instant = moment.utc
    if instant is None:
        return ""
    if moment.offset and not moment.has_zone:
        instant = instant.astimezone(moment.local_zone)
    fraction = f"{instant:%f}".rstrip("0")
    seconds = f"{instant:%S}" + (f".{fraction}" if fraction else "") if moment.has_seconds else ""
    return f"{instant:%Y-%m-%d %H:%M}" + (f":{seconds}" if seconds else "")
