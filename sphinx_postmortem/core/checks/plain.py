"""Plain Markdown postmortems, without directives: their timelines and action tables are found and checked as ours are.

Tables are found by their columns. Where none holds events, those count that ``import`` would find below the heading of
a timeline: in lists, in lines, and in headings that are times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.reader import Directive, Line
from sphinx_postmortem.core.reader.foreign_markdown import plain_text
from sphinx_postmortem.core.records.tables import Table, parse_pipe_table
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.time_parts import find_day
from sphinx_postmortem.core.records.vocabulary import COLUMNS

if TYPE_CHECKING:
    from sphinx_postmortem.core.imports.timeline_entry import TimelineEntry

_FEWEST = 2  # events with times that make a timeline


def read_plain(page: CheckedPage) -> str:
    """Let the plain tables of a page count as its timelines and action tables, and say what was found.

    A page with directives of ours, or without such tables, stays as it is.
    """
    if page.is_postmortem or not page.source.markdown:
        return ""
    found = list(_tables(page))
    if all(block.name != "timeline" for block in found):
        found += _told_events(page)
    if not found:
        return "no directives, no events with times and no table with actions; not checked as a postmortem"
    page.forget()
    page.source.directives = sorted([*page.source.directives, *found], key=lambda block: block.line)
    page.forced = True
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


def _told_events(page: CheckedPage) -> Iterator[Directive]:
    """Yield a timeline of the events that stand in no table, with a row at the line of each."""
    from sphinx_postmortem.core.imports.from_markdown import entries_told  # loaded for plain pages alone

    text = _timelines(page)
    entries = entries_told(Path(page.file).name, text) if text else []
    if sum(bool(entry.time) for entry in entries) < _FEWEST:
        return
    rows = [Line(entry.line, f"| {_time_of(entry)} | {_cell(plain_text(entry.event))} |") for entry in entries]
    first, last = min(row.number for row in rows), max(row.number for row in rows)
    head = [Line(first, "| Time | Event |"), Line(first, "|---|---|")]
    yield Directive("timeline", "", first, body=[*head, *rows], end=last)


def _timelines(page: CheckedPage) -> str:
    """Return the page with the sections of its timelines alone; the other lines are empty. Empty where it has none."""
    from sphinx_postmortem.core.imports.timeline_finder import is_timeline_title

    levels = {heading.line: heading.level for heading in page.source.headings if not heading.file}
    announce = {heading.line for heading in page.source.headings if is_timeline_title(heading.text)}
    kept, until = [""] * len(page.source.lines), 0
    for number, line in enumerate(page.source.lines, 1):
        if number in levels and (not until or levels[number] <= until):
            until = levels[number] if number in announce else 0
        kept[number - 1] = line if until else ""
    return "\n".join(kept) if announce else ""


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
