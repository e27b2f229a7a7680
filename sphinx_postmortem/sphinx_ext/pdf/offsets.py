"""Dates and times as offsets from an incident's first event."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from docutils import nodes

from sphinx_postmortem.core.records import Event, Incident
from sphinx_postmortem.core.times import format_duration

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_DATES = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?:Z|UTC)|(?P<zone>[+-]\d{2}:\d{2}))?)?"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ \u00a0](?P<month>{_MONTH})\.?(?:,?[ \u00a0](?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_MONTH})\.?[ \u00a0](?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?[ \u00a0](?P<year2>\d{{4}}))?"
    rf"|(?:{_MONTH})\.?[ \u00a0]\d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2}(?:\d{2})?|\d{4}[/.]\d{1,2}[/.]\d{1,2}"
    r")(?![\w-])"
)
_CLOCK = re.compile(r"(?<![\w:+])(?P<clock>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?: ?UTC|Z)?(?![\w:])")
_WITHHELD = "[date withheld]"


def first_moment(incident: Incident | None, events: Iterable[Event]) -> datetime | None:
    """Return when an incident's first event with a known time took place; without one, its first day."""
    times = [event.moment.utc for event in events if event.moment is not None and event.moment.utc is not None]
    if times:
        return min(times)
    if incident is not None and incident.first_day is not None:
        return datetime(incident.first_day.year, incident.first_day.month, incident.first_day.day, tzinfo=UTC)
    return None


def show_offsets(tree: nodes.Element, origin: datetime | None) -> None:
    """Replace every date and every time of day in a tree; without an origin they are withheld."""
    for written in list(tree.findall(lambda node: isinstance(node, nodes.inline) and "pm-written" in node["classes"])):
        written.parent.remove(written)
    for text in list(tree.findall(nodes.Text)):
        replaced = without_dates(str(text), origin)
        if replaced != text and text.parent is not None:
            text.parent.replace(text, nodes.Text(replaced))


def without_dates(text: str, origin: datetime | None) -> str:
    """Return a text with its dates as ``day 12`` and its points in time as ``T+3 h 5 min``.

    A date without a year, a date that does not exist, and a time of day on its own are withheld.
    """
    return _CLOCK.sub("[time withheld]", _DATES.sub(lambda match: _offset(match, origin), text))


def _offset(match: re.Match[str], origin: datetime | None) -> str:
    if origin is None:
        return _WITHHELD
    try:
        if match["iso"] and match["time"]:
            return _exact(match, origin)
        day = date.fromisoformat(match["iso"]) if match["iso"] else _written_date(match)
    except (ValueError, KeyError):
        return _WITHHELD
    return f"day {(day - origin.date()).days}"


def _exact(match: re.Match[str], origin: datetime) -> str:
    zone = match["zone"] or "+00:00"
    moment = datetime.fromisoformat(f"{match['iso']}T{match['time']}:{match['second'] or '00'}{zone}")
    difference = moment - origin
    if difference.total_seconds() == 0:
        return "T+0"
    sign = "+" if difference.total_seconds() > 0 else "\u2212"
    return f"T{sign}{format_duration(abs(difference), with_seconds=bool(match['second']))}"


def _written_date(match: re.Match[str]) -> date:
    """Return a date that is written with the name of its month.

    Raises:
        ValueError: it has no year or no day, or there is no such day.
    """
    day, month, year = (match[name] or match[f"{name}2"] for name in ("day", "month", "year"))
    if not (day and month and year):
        raise ValueError("no complete date")
    number = next(index for index, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))
    return date(int(year), number, int(day))
