"""The day that the rows round a time imply: of a clock without a date, and of a time with a wrong day.

A day is certain where an exact time above and one below leave no other; ``check --fix`` writes it. Otherwise it is
proposed, and a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sphinx_postmortem.core.checks.time_order import Misplaced
from sphinx_postmortem.core.checks.time_text import RowTime, TimeFault, read_row_time
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.time_columns import TimeColumns
from sphinx_postmortem.core.records.time_parts import split_parts
from sphinx_postmortem.core.records.time_reading import without_markup
from sphinx_postmortem.core.records.times import BadTimeError, Moment, Precision
from sphinx_postmortem.core.records.translated_times import in_any_language

_DAY = timedelta(days=1)
_HALF_A_DAY = timedelta(hours=12)
_MEND = "write YYYY-MM-DD HH:MM"


@dataclass(frozen=True)
class Implied:
    """A time with the day that its neighbours imply, and whether they leave no other."""

    instant: datetime
    has_seconds: bool
    is_certain: bool

    def __str__(self) -> str:
        return written(self.instant, has_seconds=self.has_seconds)


def written(instant: datetime, *, has_seconds: bool) -> str:
    """Return a time as the template has it."""
    return f"{instant:%Y-%m-%d %H:%M:%S}" if has_seconds else f"{instant:%Y-%m-%d %H:%M}"


def read_times(
    columns: TimeColumns, rows: Sequence[Sequence[str]], days: tuple[date, date] | None = None
) -> list[RowTime]:
    """Read the times of a table's rows; a time of day without a date gets the day that the rows around it imply.

    Args:
        columns: where the table states times.
        rows: the cells of each row.
        days: the first and the last day of the incident, from its summary.
    """
    found = [read_row_time(columns, cells) for cells in rows]
    if columns.time is None or columns.day is not None or not (columns.zone is None or columns.zone.is_utc):
        return found
    clocks = [
        _bare_clock(cells[columns.time]) if each.moment is None and each.fault else None
        for cells, each in zip(rows, found, strict=True)
    ]
    if not any(clocks):
        return found
    exact = [each.moment.utc if each.moment is not None and each.moment.is_exact else None for each in found]
    below = _next_known(exact)
    above: datetime | None = None
    for index, clock in enumerate(clocks):
        if clock is None:
            above = exact[index] or above
            continue
        implied = _implied(clock, above, below[index], days)
        if implied is not None:
            found[index] = replace(found[index], fault=_with_cure(found[index].fault, implied))
            above = implied.instant
    return found


def slip_is_certain(moments: Sequence[Moment | None], found: Misplaced) -> bool:
    """Say whether the rows next to one with a wrong day leave no time for it but the one that is probable."""
    row = moments[found.index]
    if found.probably is None or row is None or row.has_zone or row.offset:
        return False
    near = [_exact(moments[index]) for index in (found.index - 1, found.index + 1) if 0 <= index < len(moments)]
    return len(near) == 2 and None not in near and _fits(near[0], found.probably, near[1])


def _exact(moment: Moment | None) -> datetime | None:
    return moment.utc if moment is not None and moment.is_exact else None


def _fits(first: datetime | None, instant: datetime, last: datetime | None) -> bool:
    """Say whether an instant, and no other at its time of day, lies between two."""
    if first is None or last is None or not first <= instant <= last:
        return False
    return not (first <= instant - _DAY or instant + _DAY <= last)


def _bare_clock(cell: str) -> tuple[time, bool, int] | None:
    """Return the time of day that a cell states alone, whether it has seconds, and by how many days it is later."""
    try:
        parts = in_any_language(without_markup(cell), split_parts)
    except BadTimeError:
        return None
    clock = parts.clock
    if clock is None or parts.day is not None or parts.zone not in (None, "UTC", "Z"):
        return None
    if clock.is_estimate or parts.is_estimate or parts.bound or clock.unit not in (Precision.SECOND, Precision.MINUTE):
        return None
    try:
        return time(clock.hour, clock.minute, clock.second), clock.unit is Precision.SECOND, parts.later_days
    except ValueError:
        return None


def _next_known(instants: Sequence[datetime | None]) -> list[datetime | None]:
    """Return for each row the first exact time at or below it."""
    found: list[datetime | None] = []
    below: datetime | None = None
    for instant in reversed(instants):
        below = instant or below
        found.append(below)
    return found[::-1]


def _implied(
    clock: tuple[time, bool, int], above: datetime | None, below: datetime | None, days: tuple[date, date] | None
) -> Implied | None:
    at, has_seconds, later_days = clock
    if above is not None:
        first = datetime.combine(above.date(), at, UTC) + later_days * _DAY
        if first < above:
            if below is None and above - first < _HALF_A_DAY:
                return None  # rather out of order than on the next day
            first += _DAY
        if below is not None and first > below:
            return None
        return Implied(first, has_seconds, below is not None and first + _DAY > below)
    if below is not None:
        last = datetime.combine(below.date(), at, UTC)
        if last > below:
            if last - below < _HALF_A_DAY:
                return None
            last -= _DAY
        return Implied(last, has_seconds, is_certain=False)
    if days is not None and days[0] == days[1]:
        return Implied(datetime.combine(days[0], at, UTC), has_seconds, is_certain=False)
    return None


def _with_cure(fault: TimeFault | None, implied: Implied) -> TimeFault | None:
    if fault is None or _MEND not in fault.message:
        return fault
    cure = f"write {implied}" if implied.is_certain else f"{_MEND}, perhaps {implied}"
    return replace(fault, message=fault.message.replace(_MEND, cure), cure=str(implied) if implied.is_certain else "")
