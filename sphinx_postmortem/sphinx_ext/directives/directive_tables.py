"""What the directives with a table share: a table from the body or a CSV file, which goes through the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.rows import AUDIENCE_COLUMN, gate_table, has_marking, unreadable
from sphinx_postmortem.core.checks.directive_use import body_and_file
from sphinx_postmortem.core.checks.time_text import read_row_time, told_once
from sphinx_postmortem.core.directive_names import REQUIRED_COLUMNS
from sphinx_postmortem.core.directives import empty_body
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader.includes import OutsideError, unreadable_file
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.tables import (
    Row,
    Table,
    column_key,
    parse_csv_table,
    parse_pipe_table,
    shown_title,
)
from sphinx_postmortem.core.records.time_columns import TimeColumns, missing_columns
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.regular_files import read_regular_text
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.audience.page_accounting import note_table
from sphinx_postmortem.sphinx_ext.audience.page_files import note_table_file
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.records.evidence_cells import EvidenceReader
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES
from sphinx_postmortem.sphinx_ext.records.technique_cells import note_file, read_named, technique_cell
from sphinx_postmortem.sphinx_ext.records.text import record_text
from sphinx_postmortem.sphinx_ext.site_catalogues import translated

_WIDTHS = {
    "time": 17,
    "id": 8,
    "event": 35,
    "action": 38,
    "notes": 33,
    "owner": 14,
    "priority": 9,
    "due date": 12,
    "att&ck": 18,
}


# The columns that hold ids, names, times and words of ours.
_NOT_TRANSLATED = frozenset(
    ["id", "#", "no", "no.", *COLUMNS["time"], "date", "day", *COLUMNS["owner"], *COLUMNS["due"], *COLUMNS["priority"]]
    + [*COLUMNS["status"], *COLUMNS["kind"], *COLUMNS["precision"], *COLUMNS["techniques"], *COLUMNS["milestone"]]
    + [*COLUMNS["ticket"], AUDIENCE_COLUMN]
)


class RowTexts:
    """The texts of a row by what its columns hold; empty where the table has no such column.

    Args:
        columns: the column of each thing, None where there is none.
        cells: the parsed cells of the row.
    """

    def __init__(self, columns: Mapping[str, int | None], cells: Sequence[list[nodes.Node]]) -> None:
        self.columns, self.cells = columns, cells

    def __getitem__(self, name: str) -> str:
        index = self.columns[name]
        return "" if index is None else record_text(self.cells[index]).strip()

    def fact(self, name: str) -> str:
        """Return a cell's text, or an empty one where it is a prompt."""
        text = self[name]
        return "" if is_prompt(text) else text

    def written(self, row: Row, name: str) -> str:
        """Return a cell as written."""
        index = self.columns[name]
        return "" if index is None else row.cells[index]

    def cell(self, name: str) -> list[nodes.Node]:
        """Return the parsed cell itself, or an empty one."""
        index = self.columns[name]
        return [] if index is None else self.cells[index]


class TableDirective(PostmortemDirective):
    """Base of ``timeline``, ``action-table`` and ``response-table``."""

    text_column = ""
    nothing_text = ""
    css_class = ""
    translatable: frozenset[int] = frozenset()
    """The columns whose cells the site's catalogues may translate."""
    table_file = ""
    """The path of the CSV file that the table comes from, if it does."""
    repeated: int | None = None
    """The column that says no more than other cells of its rows show; it is read, and not shown."""

    def run_visible(self) -> list[nodes.Node]:
        """Return the table that the edition may see, and note its rows as records."""
        written, file = self.read_table()
        self.table_file = file
        if written is None:
            return []
        table = gate_table(written, self.edition, self.options.get("internal-columns", ""), self.directive_line)
        self.note_gated(written, table)
        self.warn_problems(table.problems, file)
        loose_text = output.unparsed(table.stray)
        if not table.header:
            return loose_text
        for message in missing_columns(table, REQUIRED_COLUMNS[self.plain_name]):
            self.warn(Code.MISSING_COLUMN, message)
        self.translatable = frozenset(
            index for index, title in enumerate(table.header) if column_key(title) not in _NOT_TRANSLATED
        )
        if not table.rows:
            return [output.paragraph(say(self.nothing_text)), *loose_text]
        titles, rows = self.with_tags(table, self.build_rows(table))
        widths = [_WIDTHS.get(column_key(title), 12) for title in titles]
        classes = [self.css_class, *self.options.get("class", ())]
        built = output.table(
            titles,
            rows,
            classes,
            widths,
            self.state.document,
            [self.title_cell(title) for title in titles],
        )
        self.add_name(built)
        return [*self.above_table(), built, *loose_text]

    def title_cell(self, title: str) -> str | list[nodes.Node]:
        """Return the title of a column as it is shown; one with markup, such as the mark of a footnote, is parsed."""
        shown = shown_title(title)
        has_markup = any(sign in shown for sign in "[]`*<")
        return self.parse_cell(title.strip(), self.directive_line) if has_markup else self.translated(shown)

    def above_table(self) -> list[nodes.Node]:
        """Return what stands above the table."""
        return []

    def with_tags(
        self, table: Table, rows: Sequence[output.TableRow]
    ) -> tuple[Sequence[str], Sequence[output.TableRow]]:
        """Return titles and rows with a tag at the text of each marked row, in place of the column Audience.

        Filtered editions have no such column: the gate has dropped it.
        """
        column = table.column(AUDIENCE_COLUMN)
        dropped = {column, self.repeated} - {None}
        if not dropped:
            return table.header, rows
        main = table.column(*COLUMNS.get(self.text_column, (self.text_column,)))
        found: list[output.TableRow] = []
        for row, written in zip(rows, table.rows, strict=True):
            cells = [list(cell) for cell in row.cells]
            marking = "" if column is None else written.cells[column].strip()
            if marking and main is not None:
                cells[main] += [nodes.Text(" "), output.audience_tag(marking)]
            found.append(replace(row, cells=[cell for index, cell in enumerate(cells) if index not in dropped]))
        return [title for index, title in enumerate(table.header) if index not in dropped], found

    def note_gated(self, written: Table, table: Table) -> None:
        """Tell the accounting what the gate did with rows and columns."""
        last = Edition(self.edition.audiences, self.edition.audiences.names[-1])
        if not self.edition.is_filtered and last.is_filtered and has_marking(written):
            least = gate_table(written, last)
            self.note_markings(self.edition.name if len(least.rows) < len(table.rows) else "")
        self.note_markings(self.edition.audiences.internal if self.options.get("internal-columns", "").strip() else "")
        kept = {cell for row in table.rows for cell in row.cells}
        dropped = [cell for row in written.rows for cell in row.cells if cell not in kept]
        note_table(
            self.env,
            marks=has_marking(written) or bool(self.options.get("internal-columns", "").strip()),
            hidden_text="\n".join(dropped),
            shown_text="\n".join(kept),
            fault=unreadable(written, self.edition, self.options.get("internal-columns", "")),
        )

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the output rows, and note the records."""
        raise NotImplementedError

    @property
    def directive_line(self) -> int:
        """The directive's 1-based line."""
        return self.get_source_info()[1]

    @cached_property
    def evidence(self) -> EvidenceReader:
        """Reads the evidence of the rows, and reports files that are not there."""
        return EvidenceReader(self.env, lambda message, line: self.warn_row(Code.EVIDENCE_FILE, message, line))

    def warn_row(self, code: Code, message: str, line: int) -> None:
        """Report what is wrong with a row, at its line of the page or of the CSV file."""
        self.warn(code, message, line, self.table_file)

    def read_times(self, columns: TimeColumns, table: Table, *, may_be_empty: bool = False) -> list[Moment | None]:
        """Return what is known of each row's time; None, reported, where it cannot be read.

        Args:
            columns: the columns of times.
            table: the table.
            may_be_empty: whether a row may state no time.
        """
        for message in columns.faults:
            self.warn(Code.TIME_NOT_UTC, message)
        if columns.time is None:
            return [None] * len(table.rows)
        stated = [bool(row.cells[columns.time].strip()) for row in table.rows]
        said = [any(cell.strip(" *_`|-") for cell in row.cells) for row in table.rows]  # of an empty row that is told
        asked = [is_said and (is_stated or not may_be_empty) for is_said, is_stated in zip(said, stated, strict=True)]
        pairs = list(zip(table.rows, asked, strict=True))
        times = [read_row_time(columns, row.cells) if is_asked else None for row, is_asked in pairs]
        read = [(row.line, time) for row, time in zip(table.rows, times, strict=True) if time is not None]
        unread = [(line, time.fault) for line, time in read if time.moment is None and time.fault]
        for code in dict.fromkeys(fault.code for _, fault in unread):
            of_code = [(line, fault) for line, fault in unread if fault.code == code]
            title = shown_title(table.header[columns.time])
            for line, fault in told_once(of_code, sum(stated), self.directive_line, title):
                is_of_column = len(of_code) > 1 and line == self.directive_line
                self.warn(Code(code), fault.message, line, "" if is_of_column else self.table_file)
        return [None if time is None else time.moment for time in times]

    def plain_cells(self, row: Row) -> list[list[nodes.Node]]:
        """Return a row's cells, parsed as inline markup."""
        return [
            self.parse_cell(self.translated(cell) if index in self.translatable else cell, row.line)
            for index, cell in enumerate(row.cells)
        ]

    def original_cell(self, row: Row, column: int, cell: list[nodes.Node]) -> list[nodes.Node]:
        """Return a cell as it was before it was translated: anchors and ids are the same in all languages."""
        written = row.cells[column]
        is_translated = column in self.translatable and translated(self.env, written) != written
        return self.parse_cell(written, row.line) if is_translated else cell

    def read_techniques(
        self, row: Row, column: int | None, cells: list[list[nodes.Node]]
    ) -> tuple[tuple[str, ...], bool]:
        """Return the techniques that a row names, and whether its cell says nothing else; such a cell becomes links."""
        if column is None:
            return (), True
        named, problems = read_named(row.cells[column], row.line, self.settings)
        self.warn_problems(problems, self.table_file)
        note_file(self.env, self.settings)
        if named.is_plain and named.ids:
            cells[column] = technique_cell(named.ids, self.settings.attack_table)
        return named.ids, named.is_plain

    def other_cells(
        self, table: Table, cells: Sequence[list[nodes.Node]], known: Iterable[int | None]
    ) -> tuple[tuple[str, str], ...]:
        """Return pairs of title and text for the columns of a row that no field of its record holds."""
        taken = set(known)
        return tuple(
            (title, record_text(cells[index]))
            for index, title in enumerate(table.header)
            if index not in taken and column_key(title) != AUDIENCE_COLUMN
        )

    @cached_property
    def anchors(self) -> set[str]:
        """The anchors that rows of this table have been given; the page knows them only when the table is built."""
        return set()

    def free_anchor(self, wanted: str) -> str:
        """Return the anchor, with a number after it when the page has it already."""
        anchor = self.numbered(wanted, lambda name: name in self.state.document.ids or name in self.anchors)
        self.anchors.add(anchor)
        return anchor

    def numbered(self, wanted: str, is_taken: Callable[[str], bool]) -> str:
        """Return a name that is free: as wanted, or with a number after it. Ten thousand equal names cost no more."""
        name = wanted
        while is_taken(name):
            self.last_numbers[wanted] = self.last_numbers.get(wanted, 1) + 1
            name = f"{wanted}-{self.last_numbers[wanted]}"
        return name

    @cached_property
    def last_numbers(self) -> dict[str, int]:
        """The number given last to each name that is wanted more than once."""
        return {}

    # --- where the table comes from

    def read_table(self) -> tuple[Table | None, str]:
        """Return the table and, when it comes from a CSV, that file's path."""
        name = self.options.get("file", "")
        has_body = any(line.strip() for line in self.content)
        if name and has_body:
            self.warn(Code.BAD_FILE, body_and_file(name))
        if name and not has_body:
            return self.read_file(name)
        if not has_body:
            self.warn(Code.EMPTY_DIRECTIVE, empty_body(self.plain_name))
            return None, ""
        return parse_pipe_table(list(self.content), [self.line_of(index) for index in range(len(self.content))]), ""

    def read_file(self, name: str) -> tuple[Table | None, str]:
        """Read a CSV below the source folder, and make the page depend on it."""
        relative, absolute = self.env.relfn2path(name)
        path, root = Path(absolute).resolve(), Path(self.env.srcdir).resolve()
        if not path.is_relative_to(root):
            self.warn(Code.BAD_FILE, unreadable_file(name, OutsideError()))
            return None, ""
        hides_columns = self.edition.is_filtered and bool(self.options.get("internal-columns", "").strip())
        note_table_file(self.env, self.env.current_document.docname, relative, str(path), hides_columns=hides_columns)
        try:
            text, names = read_regular_text(path), NAMES.of(self.env)
            return parse_csv_table(text if names is None else names.apply(text)), str(path)
        except UnicodeDecodeError:
            self.warn(Code.BAD_FILE, unreadable_file(name, ValueError("it is not UTF-8")))
        except OSError as error:
            self.warn(Code.BAD_FILE, unreadable_file(name, error))
        return None, ""
