"""Plain Markdown postmortems, without directives: their timelines and action tables are found and checked as ours are.

Tables are found by their columns. Where none holds events, those count that ``import`` would find: below the heading of
a timeline, or else where they clearly are one, in lists, in lines, and in headings that are times. As for ``import``,
a clock without a date is of the day that stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.time_text import TimeFault, read_row_time
from sphinx_postmortem.core.reader import Directive, Line
from sphinx_postmortem.core.reader.foreign_markdown import plain_text
from sphinx_postmortem.core.records.numeric_dates import Order, with_iso_dates
from sphinx_postmortem.core.records.tables import Table, parse_pipe_table
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.time_parts import find_day
from sphinx_postmortem.core.records.times import BadTimeError, IncompleteTimeError, Moment
from sphinx_postmortem.core.records.vocabulary import COLUMNS

if TYPE_CHECKING:
    from sphinx_postmortem.core.imports.from_markdown import Told
    from sphinx_postmortem.core.imports.timeline_entry import TimelineEntry

_HEAD = 2  # lines of a table above its rows
_FEWEST = 2  # events with times that make a timeline


def read_plain(page: CheckedPage) -> str:
    """Let the plain tables of a page count as its timelines and action tables, and say what was found.

    A page with directives of ours, or without such tables, stays as it is.
    """
    if page.is_postmortem or not page.source.markdown:
        return ""
    found = list(_tables(page))
    told = _Told(page)
    if all(block.name != "timeline" for block in found):
        found += _told_events(told)
    faults: dict[int, TimeFault] = {}
    for at, block in enumerate(found):
        if block.name == "timeline":
            found[at], lacking = _with_days(block, told)
            faults |= lacking
    if not found:
        return "no directives, no events with times and no table with actions; not checked as a postmortem"
    page.forget()
    page.source.directives = sorted([*page.source.directives, *found], key=lambda block: block.line)
    page.forced = True
    page.said = told.facts
    _note_faults(page, faults)
    events = sum(map(len, page.events))
    lines = ", ".join(str(block.line) for block in found if block.name == "timeline")
    timeline = f"a timeline with {events} events (line {lines})" if lines else "no events with times"
    actions = f", {len(page.actions)} actions" if page.actions else ""
    return f"no directives; checked as plain Markdown: {timeline}{actions}"


def _tables(page: CheckedPage) -> Iterator[Directive]:
    for lines in _runs(page):
        table = parse_pipe_table([line.text for line in lines], [line.number for line in lines])
        name = _kind(table)
        if name:
            first = lines[0]
            yield Directive(name, "", first.number, body=lines, end=lines[-1].number, file=first.file)


class _Told:
    """What ``import`` reads of a page, with the time of each event by its line; read when it is asked for."""

    def __init__(self, page: CheckedPage) -> None:
        self._page = page

    @cached_property
    def _read(self) -> Told:
        from sphinx_postmortem.core.imports.from_markdown import told_in  # loaded for plain pages alone

        return told_in(Path(self._page.file).name, "\n".join(self._page.source.lines))

    @cached_property
    def entries(self) -> list[tuple[TimelineEntry, Moment | None]]:
        """The events below the headings of timelines; where there are none, all that clearly are events."""
        from sphinx_postmortem.core.imports.draft import AnswerNeededError
        from sphinx_postmortem.core.imports.timeline_finder import is_timeline_title

        announce = {heading.line for heading in self._page.source.headings if is_timeline_title(heading.text)}
        found: list[tuple[TimelineEntry, Moment | None]] = []
        for entry in self._read.entries:
            try:
                moment = self._read.clock.read(entry)
            except AnswerNeededError:
                moment = None
            if not announce or entry.place in announce:
                found.append((entry, moment))
        return found

    @property
    def facts(self) -> Mapping[str, str]:
        """What the page says of itself at its head, by name; ``title`` is always there."""
        return {"title": self._page.name} | {home.value: text for home, text in self._read.facts.items()}

    @property
    def order(self) -> Order:
        """The order of the numbers in the dates of the page."""
        return self._read.clock.order

    @cached_property
    def moments(self) -> dict[int, Moment]:
        """What is known of the time of each event, by its line."""
        return {entry.line: moment for entry, moment in self.entries if moment is not None}


def _day_of(moment: Moment | None) -> date | None:
    """Return the first day of a moment by the clock of its zone."""
    instant = (moment.utc or moment.earliest or moment.latest) if moment is not None else None
    return instant.astimezone(moment.local_zone).date() if instant is not None and moment is not None else None


def _told_events(told: _Told) -> Iterator[Directive]:
    """Yield a timeline of the events that stand in no table, with a row at the line of each."""
    entries = told.entries
    if sum(bool(entry.time) for entry, _ in entries) < _FEWEST:
        return
    rows = [Line(entry.line, f"| {_time_of(entry)} | {_cell(plain_text(entry.event))} |") for entry, _ in entries]
    first, last = min(row.number for row in rows), max(row.number for row in rows)
    head = [Line(first, "| Time | Event |"), Line(first, "|---|---|")]
    yield Directive("timeline", "", first, body=[*head, *rows], end=last)


def _with_days(block: Directive, told: _Told) -> tuple[Directive, dict[int, TimeFault]]:
    """Return a timeline whose clocks without a date have that of what stands above them, and whose dates are clear.

    What the clocks lack is a fault of their lines all the same.
    """
    table = parse_pipe_table([line.text for line in block.body], [line.number for line in block.body])
    columns = find_time_columns(table.header)
    rows = {row.line: row.cells for row in table.rows}
    body, faults = list(block.body[:_HEAD]), dict[int, TimeFault]()
    for line in block.body[_HEAD:]:
        cells = rows.get(line.number)
        mended = _mended(line.number, cells, columns, told) if cells is not None else None
        if cells is None or mended is None:
            body.append(line)
            continue
        body.append(line.with_text(f"| {' | '.join(map(_cell, mended))} |"))
        if columns.time is not None and mended[columns.time] != with_iso_dates(cells[columns.time], told.order):
            faults[line.number] = _without_date(cells[columns.time], mended, columns)
    return replace(block, body=body), faults


def _mended(number: int, cells: Sequence[str], columns: TimeColumns, told: _Told) -> list[str] | None:
    """Return the cells of a row with its day; None where it lacks none, or where it is not known."""
    try:
        columns.read(cells)
    except IncompleteTimeError:
        given = _with_own_day(cells[columns.time], told.moments.get(number)) if columns.time is not None else ""
        return [given if at == columns.time else cell for at, cell in enumerate(cells)] if given else None
    except BadTimeError as error:
        if "two dates" not in str(error) or not told.order:
            return None
        of_times = (columns.time, columns.day)
        return [with_iso_dates(cell, told.order) if at in of_times else cell for at, cell in enumerate(cells)]
    return None


def _with_own_day(written: str, moment: Moment | None) -> str:
    """Return a time with the day that what stands above it gives it; empty where that is not known."""
    day = _day_of(moment)
    if day is None or moment is None:
        return ""
    if find_day(written) is None:
        return f"{day} {written}"
    instant = moment.utc if moment.is_exact else None  # its day lacks the year
    if instant is None:
        return ""
    return (
        f"{instant:%Y-%m-%d %H:%M} UTC"
        if moment.has_zone
        else f"{instant.astimezone(moment.local_zone):%Y-%m-%d %H:%M}"
    )


def _without_date(written: str, mended: Sequence[str], columns: TimeColumns) -> TimeFault:
    moment = read_row_time(columns, mended).moment
    with_day = (
        moment.utc.astimezone(moment.local_zone) if moment is not None and moment.is_exact and moment.utc else None
    )
    mend = f"{with_day:%Y-%m-%d %H:%M}" if with_day is not None else "YYYY-MM-DD HH:MM"
    lacks = "date" if find_day(written) is None else "year"
    return TimeFault("time-format", f'"{written}" has no {lacks}; write {mend}')


def _note_faults(page: CheckedPage, faults: Mapping[int, TimeFault]) -> None:
    """Let rows tell what their cells lacked before they were given it."""
    page.events = [
        [row if row.file or row.time_fault else replace(row, time_fault=faults.get(row.line)) for row in rows]
        for rows in page.events
    ]


def _time_of(entry: TimelineEntry) -> str:
    """Return the time of an event, with the day that stands above it."""
    day = find_day(entry.day) if find_day(entry.time) is None else None
    above = f"{day.year}-{day.month:02}-{day.day:02} " if day is not None and day.year else ""
    return _cell(f"{above}{entry.time}") or "unknown"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _runs(page: CheckedPage) -> Iterator[list[Line]]:
    """Yield the runs of lines that are tables: each with a line of dashes below its first."""
    run: list[Line] = []
    for prose in page.source.prose:
        is_row = "|" in prose.text
        follows = bool(run) and prose.place == (run[-1].file, run[-1].number + 1)
        if run and not (is_row and follows):
            yield from _table(page, run)
            run = []
        if is_row:
            run.append(Line(prose.number, prose.text, prose.file))
    yield from _table(page, run)


def _table(page: CheckedPage, run: list[Line]) -> Iterator[list[Line]]:
    if not run:
        return
    lines = page.source.files.get(run[0].file, page.source.lines)
    first, last = run[0].number, run[-1].number
    whole = [Line(number, lines[number - 1], run[0].file) for number in range(first, last + 1)]
    if len(whole) > 1 and "-" in whole[1].text and re.fullmatch(r"[\s|:-]+", whole[1].text):
        yield whole


def _kind(table: Table) -> str:
    times = find_time_columns(table.header)
    if times.time is not None and table.column(*COLUMNS["event"]) is not None:
        return "timeline"
    has_action = table.column(*COLUMNS["action"]) is not None
    is_assigned = any(table.column(*COLUMNS[name]) is not None for name in ("owner", "due", "priority", "ticket"))
    return "action-table" if has_action and is_assigned else ""
