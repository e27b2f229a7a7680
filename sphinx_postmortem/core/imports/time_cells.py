"""Writes what is known of a time as a cell in UTC, from which the reader of times reads the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from sphinx_postmortem.core.records.times import Moment, Precision

_DAYS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


def time_cell(moment: Moment) -> tuple[str, str]:
    """Return the cells of the columns *Time (UTC)* and *Precision*; the latter is empty for an exact time."""
    first, last = moment.earliest, moment.latest
    if first is None and last is None:
        return "unknown", ""
    if first is None or last is None:
        bound = last if first is None else first
        return f"{'before' if first is None else 'after'} {_clock(bound, moment)}", "one bound"
    if moment.is_exact:
        return _clock(moment.utc, moment), ""
    if moment.unit in _DAYS and not _is_range(moment, first, last):
        day = _in_zone(first, moment).strftime(_DAYS[moment.unit])
        place = f" in {moment.zone}" if moment.zone else ""
        return (f"about {day}", f"estimate{place}") if moment.is_estimate else (day, f"{moment.unit.value}{place}")
    if moment.is_estimate and (moment.utc != first or not _is_short(first, last)):
        return _clock(moment.utc, moment), "estimate"
    begin, end = _clock(first, moment), _clock(last, moment)
    return f"{'about ' if moment.is_estimate else ''}{begin} to {end}", "estimate" if moment.is_estimate else "range"


def _clock(instant: datetime | None, moment: Moment) -> str:
    if instant is None:
        return ""
    fraction = f".{instant:%f}".rstrip("0").rstrip(".") if moment.has_seconds else ""
    has_seconds = moment.has_seconds or (instant.second != 0)
    return f"{instant:%Y-%m-%d %H:%M}" + (f":{instant:%S}{fraction}" if has_seconds else "")


def _in_zone(instant: datetime, moment: Moment) -> datetime:
    """Return an instant on the clock of the moment's zone: a day is a day there."""
    if not moment.offset:
        return instant
    return instant.astimezone(datetime.fromisoformat(f"2000-01-01T00:00{moment.offset}").tzinfo)


def _is_range(moment: Moment, first: datetime, last: datetime) -> bool:
    """Say whether a moment spans more than the one day, month or year that it is stated to."""
    longest = {Precision.DAY: 1, Precision.MONTH: 31, Precision.YEAR: 366}[moment.unit]
    return last - first > timedelta(days=longest, hours=2)


def _is_short(first: datetime, last: datetime) -> bool:
    return last - first < timedelta(hours=23)
