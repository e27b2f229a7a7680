"""Merges a draft into a page that exists: what is new is added, and nothing that stands there is touched.

The comments that an import leaves (``draft_page.marks_of``) say which items of a source it has brought: those are not
brought again, whether their rows were edited, moved or deleted. What is gone at the source is said, not removed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import Draft, DraftSection
from sphinx_postmortem.core.imports.draft_page import (
    PAGE_MARK,
    Frame,
    body_of,
    items_of,
    mark_of,
    marks,
    quoted,
    read_marks,
)
from sphinx_postmortem.core.imports.draft_rows import ACTION_TITLES, EVENT_TITLES, INTERNAL, action_cells, event_cells
from sphinx_postmortem.core.imports.markdown_text import HIDDEN, as_blocks, as_line, boxed, table
from sphinx_postmortem.core.reader import Directive, SourcePage, read_page
from sphinx_postmortem.core.records.tables import Table, column_key, parse_csv_table, parse_pipe_table, split_cells

_NUMBERED = expression(r"A(\d{1,6})\Z")


@dataclass(frozen=True)
class Merged:
    """A page with what was new, the CSV of its timeline if it has one, and what was done.

    ``added`` are the keys of new items, ``gone`` sentences on items that the source has no more.
    """

    text: str
    csv: str
    added: tuple[str, ...]
    gone: tuple[str, ...]


def csv_of(text: str) -> str:
    """Return the name of the CSV file that a page's timeline takes its rows from; empty where it holds them itself."""
    timelines = read_page(text, markdown=True).named("timeline")
    return timelines[0].option("file") if timelines else ""


def merge_draft(text: str, csv_text: str, draft: Draft, frame: Frame) -> Merged:
    """Return a page with the new items of a draft.

    Args:
        text: the page.
        csv_text: the CSV of its timeline; empty where it has none.
        draft: what was read of the source.
        frame: what the site gives.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    known = read_marks(lines)
    brought = {key for keys in known.values() for key in keys}
    new = [item for item in items_of(draft) if mark_of(item.key) not in brought]
    page = read_page("\n".join(lines), markdown=True)
    gone = _gone(page, csv_text, draft, known)
    if not new:
        return Merged(text, csv_text, (), gone)
    editing = _Editing(lines, csv_text, page, frame)
    editing.add_events(draft, {item.key for item in new})
    editing.add_actions(draft, {item.key for item in new})
    end: list[str] = []
    for section in draft.sections:
        if section in new:
            end += _section(section)
    for source in draft.parts or (draft,):
        end += marks(source.kind, source.source, [mark_of(item.key) for item in items_of(source) if item in new])
    merged = [*editing.finished(), "", *end]
    return Merged(newline.join(merged) + newline, editing.csv, tuple(item.key for item in new), gone)


def _section(section: DraftSection) -> list[str]:
    title = section.title or "Introduction"
    return [*boxed(HIDDEN, [f"## {title}", "", *body_of(section.text, 3)]), ""]


def _gone(page: SourcePage, csv_text: str, draft: Draft, known: dict[tuple[str, str], set[str]]) -> tuple[str, ...]:
    """Say which items the sources no longer have, with the lines of their rows."""
    rows = _rows_by_mark(page, csv_text)
    said: list[str] = []
    for source in draft.parts or (draft,):
        here = {PAGE_MARK, *(mark_of(item.key) for item in items_of(source))}
        for mark in sorted(known.get((source.kind, quoted(source.source)), set()) - here):
            place = f"line {rows[mark]}" if mark in rows else "an item without a row"
            said.append(f"{place}: {source.source} has it no more")
    return tuple(said)


def _rows_by_mark(page: SourcePage, csv_text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    tables = [_table_of(block) for name in ("timeline", "action-table") for block in page.named(name)]
    for each in [*tables, *([parse_csv_table(csv_text)] if csv_text else [])]:
        found |= _marked_rows(each)
    return found


def _marked_rows(table: Table) -> dict[str, int]:
    """Return the lines of a table's rows by the marks of their items."""
    column = table.column("source")
    rows = table.rows if column is not None else ()
    return {mark_of(re.sub(r"\\(?=\W)", "", row.cells[column or 0])): row.line for row in rows}


def _takes(header: Sequence[str], columns: str, rows: Sequence[dict[str, str]], first: str) -> bool:
    """Say whether a table can hold rows: it has a column for each of their texts, and hides what they hide.

    Args:
        header: the titles of its columns.
        columns: its ``:internal-columns:``.
        rows: the cells by the titles of their columns; *Audience* is never empty, so that the table marks rows.
            Where in the source a row stood may be lost, since a comment of the page names the source; a link may not.
        first: the first audience. A row that is marked for it is hidden as a whole.
    """
    there = {column_key(title) for title in header}
    hidden = {column_key(title) for title in columns.split(",")}
    texts = [
        (title, cells["Audience"])
        for cells in rows
        for title, text in cells.items()
        if text and title != "Source" and (title != "Evidence" or "](" in text)
    ]
    return all(
        column_key(title) in there and (title not in INTERNAL or audience == first or column_key(title) in hidden)
        for title, audience in texts
    )


def _ids(table: Table) -> list[str]:
    column = table.column("id")
    return [row.cells[column] for row in table.rows] if column is not None else []


def _table_of(block: Directive) -> Table:
    return parse_pipe_table([line.text for line in block.body], [line.number for line in block.body])


class _Editing:
    """The lines of a page, with lines that are to be put after others."""

    def __init__(self, lines: list[str], csv_text: str, page: SourcePage, frame: Frame) -> None:
        self.lines, self.csv, self.page, self.frame = lines, csv_text, page, frame
        self.after: dict[int, list[str]] = {}
        self.end: list[str] = []

    def add_events(self, draft: Draft, new: set[str]) -> None:
        """Put the row of each new event after that of the event before it, where that one has a row."""
        events = [event for event in draft.events if event.key in new]
        if not events:
            return
        rows = {event.key: event_cells(event, self.frame.audiences, self.frame.incident_id) for event in draft.events}
        added = [rows[event.key] for event in events]
        timelines = self._that_take(added, self.page.named("timeline"))
        of_csv = next((block for block in self.page.named("timeline") if block.option("file")), None)
        if of_csv and self._take(parse_csv_table(self.csv).header, of_csv, added):
            self._add_to_csv(added)
        elif timelines:
            found = _table_of(timelines[0])
            known = _marked_rows(found)
            place = found.rows[-1].line if found.rows else _first_line(timelines[0])
            for event in draft.events:
                if event.key in new:
                    self._put(place, found.header, rows[event.key], timelines[0])
                else:
                    place = known.get(mark_of(event.key), place)
        else:
            self._new_table("timeline", "Imported timeline", EVENT_TITLES, added)
        for event in events:
            if event.detail:
                label = rows[event.key]["Notes"].rpartition("(#")[2].rstrip(")")
                title = f"**{rows[event.key]['Time (UTC)']}**: {as_line(event.event)}"
                self.end += [*boxed(HIDDEN, [f"({label})=", title, "", *as_blocks(event.detail)]), ""]

    def add_actions(self, draft: Draft, new: set[str]) -> None:
        """Put the rows of new actions at the end of the table of actions."""
        actions = [action for action in draft.actions if action.key in new]
        ids = [cell for block in self.page.named("action-table") for cell in _ids(_table_of(block))]
        number = max((int(match[1]) for text in ids if (match := _NUMBERED.match(text))), default=0)
        first = self.frame.audiences[0]
        rows = [action_cells(action, f"A{number + index}", first) for index, action in enumerate(actions, start=1)]
        if not rows:
            return
        tables = self._that_take(rows, self.page.named("action-table"))
        if not tables:
            self._new_table("action-table", "Imported actions", ACTION_TITLES, rows)
            return
        found = _table_of(tables[0])
        place = found.rows[-1].line if found.rows else _first_line(tables[0])
        for row in rows:
            self._put(place, found.header, row, tables[0])

    def _take(self, header: Sequence[str], block: Directive, rows: Sequence[dict[str, str]]) -> bool:
        return _takes(header, block.option("internal-columns"), rows, self.frame.audiences[0])

    def _that_take(self, rows: Sequence[dict[str, str]], blocks: Sequence[Directive]) -> list[Directive]:
        """Return the tables of the page, CSV files apart, that can hold rows."""
        of_page = [block for block in blocks if not block.option("file")]
        return [block for block in of_page if self._take(_table_of(block).header, block, rows)]

    def finished(self) -> list[str]:
        """Return the lines with what was added."""
        lines: list[str] = []
        for number, line in enumerate(self.lines, start=1):
            lines += [line, *self.after.get(number, ())]
        return [*lines, *(["", *self.end] if self.end else [])]

    def _put(self, place: int, header: Sequence[str], cells: dict[str, str], block: Directive) -> None:
        by_key = {column_key(title): text for title, text in cells.items()}
        row = f"| {' | '.join(by_key.get(column_key(title), '') for title in header)} |"
        line = self.lines[place - 1]
        indent = line[: len(line) - len(line.lstrip())] if block.body else ""
        self.after.setdefault(place, []).append(f"{indent}{row}")

    def _add_to_csv(self, rows: Sequence[dict[str, str]]) -> None:
        header = parse_csv_table(self.csv).header
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n" if "\r\n" in self.csv else "\n")
        for cells in rows:
            by_key = {column_key(title): text.replace("\\|", "|") for title, text in cells.items()}
            writer.writerow([by_key.get(column_key(title), "") for title in header])
        self.csv += ("" if self.csv.endswith("\n") else "\n") + out.getvalue()

    def _new_table(self, name: str, title: str, titles: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
        hidden = ", ".join(each for each in titles if each in INTERNAL)
        body = table(list(titles), [[cells[each] for each in titles] for cells in rows])
        head = [f"## {title}", "", f":::{{{name}}}", f":internal-columns: {hidden}", ""]
        self.end += [*boxed(HIDDEN, [*head, *body, "", ":::"]), ""]


def _first_line(block: Directive) -> int:
    """Return the line of dashes of a table without rows."""
    rules = [
        line.number for line in block.body if set("".join(split_cells(line.text))) <= set("-: ") and "-" in line.text
    ]
    return rules[0] if rules else block.line
