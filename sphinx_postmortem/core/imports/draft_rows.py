"""The cells of the rows that events and actions of a draft become.

A time becomes a cell in UTC, from which the reader of times reads the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import DraftAction, DraftEvent, Text
from sphinx_postmortem.core.imports.markdown_text import as_line
from sphinx_postmortem.core.records.anchors import short_hash
from sphinx_postmortem.core.records.milestone_names import as_proposed
from sphinx_postmortem.core.records.time_reading import without_markup
from sphinx_postmortem.core.records.times import Moment, Precision

EVENT_TITLES = (
    *("Time (UTC)", "Event", "Milestone", "Notes", "Precision", "As written", "Who", "Evidence", "Source", "Audience"),
)
ACTION_TITLES = ("ID", "Action", "Owner", "Priority", "Due date", "Status", "Ticket", "Evidence", "Source", "Audience")
_LONGEST_NAME = 20
INTERNAL = ("As written", "Who", "Evidence", "Source")
"""Columns for the first audience alone: names of people, and where in which file something stands."""


def event_cells(event: DraftEvent, audiences: Sequence[str], incident_id: str) -> dict[str, str]:
    """Return the cells of an event's row by the titles of their columns, as Markdown of one line."""
    time, precision = time_cell(event.moment)
    written = " ".join(without_markup(event.moment.written).split())
    notes = [as_line(event.notes, in_cell=True)]
    if event.detail:
        notes.append(f"[details](#detail-{short_hash(f'{incident_id} {event.key}', 10)})")
    if event.duplicate_of:
        notes.append(f"perhaps the same as {escape.one_line(event.duplicate_of)}")
    return {
        "Time (UTC)": time,
        "Event": as_line(event.event, in_cell=True) or "(no text)",
        "Milestone": as_proposed(event.milestone) if event.milestone else "",
        "Notes": "; ".join(filter(None, notes)),
        "Precision": escape.one_line(event.precision) or precision,
        "As written": escape.one_line(event.moment.written) if written and written != time else "",
        "Who": escape.one_line(", ".join(event.who)),
        "Evidence": _evidence(event.evidence),
        "Source": escape.one_line(event.key),
        "Audience": audiences[-1] if event.is_public else audiences[0],
    }


def action_cells(action: DraftAction, action_id: str, audience: str) -> dict[str, str]:
    """Return the cells of an action's row by the titles of their columns."""
    text = as_line(action.action, in_cell=True) or "(no text)"
    if action.due_written and action.due is None:
        text += f" (due, as written: {escape.one_line(action.due_written)})"
    return {
        "ID": action_id,
        "Action": text,
        "Owner": escape.one_line(", ".join(action.owners)),
        "Priority": escape.one_line(action.priority),
        "Due date": action.due.isoformat() if action.due else "",
        "Status": escape.one_line(action.status),
        "Ticket": _evidence(action.ticket),
        "Evidence": _evidence(action.evidence),
        "Source": escape.one_line(action.key),
        "Audience": audience,
    }


def _evidence(text: str) -> str:
    """Return an address as a link, a line of a file with the end of the file's name, and any other text as it is."""
    if text.startswith(("https://", "http://")):
        return escape.link(text.split("://", 1)[1].rstrip("/").rsplit("/", 1)[-1][:40], text)
    name, colon, line = text.rpartition(":")
    if colon and line.isdecimal() and len(name) > _LONGEST_NAME:
        text = f"\u2026{name[-_LONGEST_NAME:]}:{line}"  # the head of the page has the whole name
    return as_line(Text(text))


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
    if moment.unit is Precision.HOUR and not moment.is_estimate and _is_hour(first, last):
        return _clock(first, moment), "hour"
    place = f" in {moment.zone}" if moment.zone else ""
    if moment.unit in _DAYS and _is_range(moment, first, last) and not moment.is_estimate:
        begin, end = (_in_zone(each, moment).strftime(_DAYS[moment.unit]) for each in (first, last))
        return f"{begin} to {end}", f"range of {moment.unit.value}s{place}"
    if moment.unit in _DAYS and not _is_range(moment, first, last):
        day = _in_zone(first, moment).strftime(_DAYS[moment.unit])
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
    return instant.astimezone(moment.local_zone)


def _is_range(moment: Moment, first: datetime, last: datetime) -> bool:
    """Say whether a moment spans more than the one day, month or year that it is stated to."""
    longest = {Precision.DAY: 1, Precision.MONTH: 31, Precision.YEAR: 366}[moment.unit]
    return last - first > timedelta(days=longest, hours=2)


def _is_hour(first: datetime, last: datetime) -> bool:
    """Say whether a span is one hour of UTC."""
    return first.minute == 0 and last - first < timedelta(hours=1)


def _is_short(first: datetime, last: datetime) -> bool:
    return last - first < timedelta(hours=23)
