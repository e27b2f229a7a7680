"""Days that a filter names by their distance from today: ``90 days`` ago, ``in 2 weeks``, ``this quarter``."""

from __future__ import annotations

from datetime import date, timedelta

from sphinx_postmortem.core.expressions import expression

TAKES = "a day, `YYYY-MM-DD`; or the time from today, `90 days` ago or `in 2 weeks`; or `this quarter`"
NO_TODAY = "counts from today, which is not known; set postmortem_today or SOURCE_DATE_EPOCH"
_RELATIVE = expression(r"(in )?([0-9]{1,5}) (day|week|month|quarter|year)s?( ago)?")
_THIS = expression(r"this (month|quarter|year)")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def is_relative(text: str) -> bool:
    """Say whether a text names a day by its distance from today."""
    match = _RELATIVE.fullmatch(text)
    return bool(_THIS.fullmatch(text)) or (match is not None and not (match[1] and match[4]))


def day_from(text: str, today: date) -> str:
    """Return the day, as ``YYYY-MM-DD``, that a relative text names.

    Months are calendar months: of a day that the month lacks, its last day is meant. What lies beyond the calendar is
    its first or last day. ``this quarter`` names the first day of the one that today is in.
    """
    if this := _THIS.fullmatch(text):
        length = _MONTHS[this[1]]
        return date(today.year, (today.month - 1) // length * length + 1, 1).isoformat()
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return text
    number = int(match[2]) * (1 if match[1] else -1)
    try:
        if match[3] in _MONTHS:
            return _months_later(today, number * _MONTHS[match[3]]).isoformat()
        return (today + timedelta(days=number * (7 if match[3] == "week" else 1))).isoformat()
    except (OverflowError, ValueError):
        return (date.max if number > 0 else date.min).isoformat()


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    length = ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, length))
