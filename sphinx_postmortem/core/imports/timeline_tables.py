"""Reads the rows of a table that is a timeline: times, events, and what else its columns hold."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.imports.clear_timelines import tells_events
from sphinx_postmortem.core.imports.timeline_entry import Form, TimelineEntry
from sphinx_postmortem.core.reader.foreign_markdown import Block, Cells, plain_text
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.times_in_text import is_day, is_time
from sphinx_postmortem.core.records.vocabulary import COLUMNS

_SHARE = 0.6  # of cells that are times in a column that no title calls so
_OF_ACTIONS = frozenset(["owner", "due", "priority", "ticket", "status"])
_NAMED = ("who", "evidence", "precision", "milestone")


@dataclass(frozen=True)
class _Columns:
    """The columns of a timeline by what they hold; the others are notes."""

    times: TimeColumns
    event: int
    named: dict[str, int]
    titles: list[str]
    weekday: int | None = None

    @property
    def of_times(self) -> set[int | None]:
        return {self.times.time, self.times.day}


@dataclass(frozen=True)
class Rows:
    """The events of a table, and the days that stand in it with no event below them, each with its line."""

    entries: list[TimelineEntry]
    bare: list[tuple[int, str]]


def rows_of(block: Block, day: str, *, strict: bool = False) -> Rows | None:
    """Return the events of a table; None where it is no timeline.

    Args:
        block: the table.
        day: the text above it that states a day.
        strict: whether only what is clearly a timeline counts.
    """
    columns = _columns(block)
    if columns is None or (strict and not tells_events(block, columns.event)):
        return None
    entries: list[TimelineEntry] = []
    bare: list[tuple[int, str]] = []
    stated = ""
    for row in block.rows:
        cells = [plain_text(cell) for cell in row.cells]
        if not any(cells):
            continue
        only = [cell for cell in cells if cell]
        if len(only) == 1 and is_day(only[0]):  # a row that states the day of those below it
            stated, day = "", only[0]
            bare.append((row.line, day))
            continue
        if columns.times.day is not None:
            stated = _with_weekday(cells, columns) or stated
        clock = cells[columns.times.time] if columns.times.time is not None else ""
        time = " ".join(part for part in (stated if columns.times.day != columns.times.time else "", clock) if part)
        if is_day(time) and time != stated:
            day = time
        entries.append(_entry(row, cells, columns, time if clock or columns.times.day is not None else "", day))
    return Rows(entries, _without_events(bare, entries))


def is_log(block: Block) -> bool:
    """Say whether a table tells what was done and when, whatever its heading says: most of its times are clocks."""
    titles = [plain_text(cell) for cell in block.header]
    column = find_time_columns(titles).time
    keys = [column_key(title) for title in titles]
    if block.kind != "table" or column is None or _OF_ACTIONS.intersection(_named_columns(keys)):
        return False
    times = [text for row in block.rows if (text := plain_text(row.cells[column]))]
    return bool(times) and sum(is_time(text) and not is_day(text) for text in times) >= len(times) * _SHARE


def _without_events(days: Sequence[tuple[int, str]], entries: Sequence[TimelineEntry]) -> list[tuple[int, str]]:
    """Return the days, with their lines, that no event stands below."""
    ends = [*(line for line, _ in days[1:]), sys.maxsize]
    return [
        day for day, end in zip(days, ends, strict=False) if not any(day[0] < entry.line < end for entry in entries)
    ]


def _with_weekday(cells: Sequence[str], columns: _Columns) -> str:
    """Return the cell of the day, after that of the day of the week where a column holds it."""
    day = cells[columns.times.day] if columns.times.day is not None else ""
    weekday = columns.weekday if columns.weekday != columns.times.day else None
    return f"{cells[weekday]} {day}".strip() if day and weekday is not None else day


def _entry(row: Cells, cells: Sequence[str], columns: _Columns, time: str, day: str) -> TimelineEntry:
    used = {columns.event, *columns.of_times, *columns.named.values()}
    notes = tuple(
        (columns.titles[index], cell)
        for index, cell in enumerate(row.cells)
        if index not in used and plain_text(cell).strip("-–— ") and column_key(columns.titles[index]) != "day"
    )
    said = {name: cells[index] for name, index in columns.named.items()}
    return TimelineEntry(
        Form.TABLE,
        time,
        row.cells[columns.event],
        row.line,
        day=day,
        notes=notes,
        who=tuple(filter(None, (said.get("who", ""),))),
        evidence=said.get("evidence", ""),
        precision=said.get("precision", ""),
        milestone=said.get("milestone", ""),
        zone=columns.times.zone,
        year=columns.times.year,
        fault=columns.times.faults[0] if columns.times.faults else "",
    )


def _named_columns(keys: Sequence[str]) -> set[str]:
    """Return the names of the columns that titles stand for."""
    return {name for name, titles in COLUMNS.items() if any(key in keys for key in titles)}


def _columns(block: Block) -> _Columns | None:
    titles = [plain_text(cell) for cell in block.header]
    keys = [column_key(title) for title in titles]
    times = find_time_columns(titles)
    if times.time is None:
        times = _guessed(block)
    if times.time is None or len(titles) < 2:
        return None
    named = {name: keys.index(key) for name in _NAMED for key in COLUMNS[name] if key in keys}
    used = {times.time, times.day, *named.values()}
    free = [index for index in range(len(titles)) if index not in used and keys[index] != "day"]
    if not free:
        return None
    titled = (*COLUMNS["event"], *COLUMNS["action"])
    event = next((keys.index(key) for key in titled if key in keys and keys.index(key) in free), None)
    if (event is None or keys[event] in COLUMNS["action"]) and _OF_ACTIONS.intersection(_named_columns(keys)):
        return None
    if event is None:
        event = max(free, key=lambda index: sum(len(plain_text(row.cells[index])) for row in block.rows))
    return _Columns(times, event, named, titles, keys.index("day") if "day" in keys else None)


def _guessed(block: Block) -> TimeColumns:
    """Return the first column most of whose cells are times, where no title says so."""
    for index in range(len(block.header)):
        cells = [text for row in block.rows if (text := plain_text(row.cells[index]))]
        if len(cells) >= 2 and sum(map(is_time, cells)) >= len(cells) * _SHARE:
            return TimeColumns(time=index)
    return TimeColumns()
