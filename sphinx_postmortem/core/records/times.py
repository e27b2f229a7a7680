"""Times, dates and durations of a timeline.

Rules: RFC 3339 date-times, and ``YYYY-MM-DD HH:MM[:SS]`` read as UTC (template section 4: all timestamps are UTC).
A time that nobody knows is written ``unknown``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_TIME = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[Tt]|[ ]+)"
    r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d{1,9})?)?"
    r"[ ]*(?P<zone>[Zz]|UTC|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_SEPARATOR = re.compile(r" (?:to|until|and|-|–|—) | ?(?:,|/|–|—|\.\.) ?")


class BadTimeError(ValueError):
    """A text that is neither a time nor ``unknown``, with the mend in its message."""


class BadDateError(ValueError):
    """A text that is not a date, with the mend in its message."""


@dataclass(frozen=True)
class Moment:
    """A point in time in UTC, or one that is stated to be unknown (``utc`` is None).

    ``written`` is the author's text; ``has_seconds`` whether it names seconds; ``offset`` the original
    offset such as ``+02:00`` when it was not UTC.
    """

    written: str
    utc: datetime | None = None
    has_seconds: bool = False
    offset: str = ""

    def __str__(self) -> str:
        if self.utc is None:
            return "unknown"
        return self.utc.strftime("%Y-%m-%d %H:%M:%S" if self.has_seconds else "%Y-%m-%d %H:%M")


def parse_moment(text: str) -> Moment:
    """Read a time cell.

    Raises:
        BadTimeError: it is neither RFC 3339, ``YYYY-MM-DD HH:MM`` nor ``unknown``.
    """
    text = " ".join(text.split())
    if text.casefold() == "unknown":
        return Moment(text)
    match = _TIME.fullmatch(text)
    if match and " " in match[0] and re.search(r"\d-\d\d:\d\d$", text):
        raise BadTimeError(
            f'"{text}" may be a range or a time with an offset; write two rows, or convert it to UTC, '
            f"or with an offset as RFC 3339 has it: {match[0].replace(' ', 'T', 1).replace(' ', '')}"
        )
    if not match:
        raise BadTimeError(
            f'"{text}" is not a time; write YYYY-MM-DD HH:MM in UTC, an RFC 3339 time with its offset, or "unknown"'
        )
    try:
        utc, offset = _to_utc(match)
    except (ValueError, OverflowError) as error:
        raise BadTimeError(
            f'"{text}" is not a possible time ({error}); mend the date, the hour or the offset'
        ) from None
    return Moment(text, utc, has_seconds=match["second"] is not None, offset=offset)


def _to_utc(match: re.Match[str]) -> tuple[datetime, str]:
    day = date.fromisoformat(match["date"])
    second = int(match["second"] or 0)
    leap = second == 60  # RFC 3339 allows a leap second; it is counted as the second that follows.
    if leap and match["minute"] != "59":
        raise ValueError("second must be in 0..59")
    micro = int((match["fraction"] or ".0")[1:].ljust(6, "0")[:6])
    zone = match["zone"] or "Z"
    offset = "" if zone.upper() in {"Z", "UTC", "+00:00", "-00:00"} else zone
    tz: timezone = UTC
    if offset:
        hours, minutes = int(offset[1:3]), int(offset[4:6])
        if hours > 14 or minutes not in (0, 15, 30, 45):
            raise ValueError("no zone has this offset")
        tz = timezone((1 if offset[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    local = datetime(
        day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), 59 if leap else second, micro, tzinfo=tz
    )
    return (local + timedelta(seconds=1 if leap else 0)).astimezone(UTC), offset


def parse_date(text: str) -> date:
    """Read a ``YYYY-MM-DD`` date.

    Raises:
        BadDateError: it is none.
    """
    text = text.strip()
    if not _DATE.fullmatch(text):
        raise BadDateError(f'"{text}" is not a date; write YYYY-MM-DD')
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDateError(f'"{text}" is not a possible date ({error}); write YYYY-MM-DD') from None


def parse_dates(text: str) -> tuple[date, date]:
    """Read the template's "Date(s)": one date, or a first and a last one (``2026-03-02 to 2026-03-04``).

    Raises:
        BadDateError: one of them is no date, or the last is before the first.
    """
    dates = [parse_date(part) for part in _DATE_SEPARATOR.split(" ".join(text.split()))]
    if dates != sorted(dates):
        raise BadDateError(f'"{text.strip()}" is not in order; write the first date before the last')
    return dates[0], dates[-1]


def format_duration(duration: timedelta, *, with_seconds: bool = False) -> str:
    """Write a duration for people: ``1 h 43 min``, ``2 d 3 h``, ``45 s``. Negative durations are not allowed."""
    seconds = int(duration.total_seconds())
    if seconds < 0:
        raise ValueError("a duration cannot be negative")
    if not with_seconds:
        seconds -= seconds % 60
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")] + ([(seconds, "s")] if with_seconds else [])
    written = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(written) or ("0 s" if with_seconds else "0 min")
