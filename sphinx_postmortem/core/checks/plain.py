"""Plain Markdown postmortems, without directives: their tables are found by their columns, and checked as ours are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.reader import Directive, Line
from sphinx_postmortem.core.records.tables import Table, parse_pipe_table
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.vocabulary import COLUMNS


def read_plain(page: CheckedPage) -> str:
    """Let the plain tables of a page count as its timelines and action tables, and say what was found.

    A page with directives of ours, or without such tables, stays as it is.
    """
    if page.is_postmortem or not page.source.markdown:
        return ""
    found = list(_tables(page))
    if not found:
        return "no directives, and no table with times and events or with actions; not checked as a postmortem"
    page.forget()
    page.source.directives = sorted([*page.source.directives, *found], key=lambda block: block.line)
    page.forced = True
    events = sum(map(len, page.events))
    lines = ", ".join(str(block.line) for block in found if block.name == "timeline")
    timeline = f"a timeline with {events} events (line {lines})" if lines else "no table with times and events"
    actions = f", {len(page.actions)} actions" if page.actions else ""
    return f"no directives; checked as plain Markdown: {timeline}{actions}"


def _tables(page: CheckedPage) -> Iterator[Directive]:
    for lines in _runs(page):
        table = parse_pipe_table([line.text for line in lines], [line.number for line in lines])
        name = _kind(table)
        if name:
            first = lines[0]
            yield Directive(name, "", first.number, body=lines, end=lines[-1].number, file=first.file)


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
