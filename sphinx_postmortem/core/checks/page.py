"""One page as the checks see it: the incident, its timeline rows, causes and actions, with lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from sphinx_postmortem.core.audience.incident_pages import marks_of
from sphinx_postmortem.core.audience.page_head import PageMarking, read_page_marking
from sphinx_postmortem.core.audience.path_patterns import hides
from sphinx_postmortem.core.checks.implied_days import read_times
from sphinx_postmortem.core.checks.time_text import TimeFault, read_row_time
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.directive_names import REQUIRED_COLUMNS
from sphinx_postmortem.core.language.names import english_heading, english_option
from sphinx_postmortem.core.reader import Directive, Fault, Line, Prose, SourcePage, read_page
from sphinx_postmortem.core.reader.includes import OpenFile, unreadable_file
from sphinx_postmortem.core.reader.source import DEFAULT_MARKDOWN_SYNTAX
from sphinx_postmortem.core.records.model import split_owners
from sphinx_postmortem.core.records.tables import Row, Table, parse_csv_table, parse_pipe_table
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.times import BadDateError, Moment, parse_date, parse_dates
from sphinx_postmortem.core.records.vocabulary import COLUMNS, IMPACTS, INCIDENT_TYPES
from sphinx_postmortem.core.settings import Settings

IMPACT_OPTIONS = tuple(f"{kind}-impact" for kind in IMPACTS)


@dataclass(frozen=True)
class CheckedRow:
    """A table row: its file (empty: the page's own), its line, and its cells by what they hold."""

    line: int
    cells: Mapping[str, str]
    file: str = ""
    moment: Moment | None = None
    milestone: str = ""
    due: date | None = None
    time_fault: TimeFault | None = None
    clock_milestone: str = ""

    def cell(self, name: str) -> str:
        """Return a cell's text, or an empty one when the table has no such column."""
        return self.cells.get(name, "")

    @property
    def is_empty(self) -> bool:
        """Whether no cell says anything."""
        return not any(text.strip(" *_`|-") for text in self.cells.values())

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners that the row names."""
        return split_owners(self.cell("owner"))


@dataclass(eq=False)
class CheckedPage:
    """One page, read.

    Attributes:
        file: the path that findings name.
        source: what was read of it.
        marking: the audience that its head states.
        settings: the site's settings.
        faults: what could not be read.
        open_file: opens the file that a directive's ``:file:`` names.
        forced: whether it counts as a postmortem, whatever stands on it.
        said: what a plain document says of itself at its head, by name.
        root: the source folder, where the page is that of a site.
    """

    file: str
    source: SourcePage
    marking: PageMarking = field(default_factory=PageMarking)
    settings: Settings = field(default_factory=Settings)
    faults: list[Fault] = field(default_factory=list[Fault])
    open_file: OpenFile | None = None
    forced: bool = False
    said: Mapping[str, str] = field(default_factory=dict[str, str])
    root: Path | None = None

    def forget(self) -> None:
        """Forget what follows from the directives, which have changed."""
        for name, value in vars(CheckedPage).items():
            if isinstance(value, cached_property):
                self.__dict__.pop(name, None)

    @property
    def name(self) -> str:
        """The page's name, as Sphinx has it: its path from the source folder without the suffix."""
        path, root = Path(self.file).absolute(), (self.root or Path()).absolute()
        return (path.relative_to(root) if path.is_relative_to(root) else path).with_suffix("").as_posix()

    @cached_property
    def folder_audiences(self) -> tuple[str, ...]:
        """The audiences for which the folders of the page, or its file, are marked in ``postmortem_audience_paths``."""
        file, root = Path(self.file).absolute(), (self.root or Path()).absolute()
        if not self.settings.audience_paths or not file.is_relative_to(root):
            return ()
        parts = file.relative_to(root).parts
        paths = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        marks = self.settings.audience_paths
        return tuple(name for pattern, name in marks.items() if any(hides(pattern, path) for path in paths))

    @cached_property
    def is_postmortem(self) -> bool:
        """Whether the page holds an incident, so that the template applies to it."""
        names = ("incident-summary", "timeline", "root-cause", "contributing-factors", "action-table", "response-table")
        return self.forced or any(directive.name in names for directive in self.source.directives)

    @cached_property
    def summary(self) -> Directive | None:
        """The first incident summary."""
        return next(iter(self.source.named("incident-summary")), None)

    @property
    def line(self) -> int:
        """The line for findings about the incident as a whole."""
        return self.source.own_line(self.summary.place) if self.summary else 1

    def marks(self, directive: Directive | None) -> tuple[str, ...]:
        """Return the audiences that a block and those round it are marked for; none without a block."""
        if directive is None:
            return ()
        blocks = (*directive.within, directive)
        return tuple(mark for block in blocks for mark in marks_of(block, self.settings.audiences))

    @cached_property
    def incident_id(self) -> str:
        """The incident's id as written."""
        return self.summary.argument if self.summary else ""

    @cached_property
    def severity(self) -> str:
        """The severity in the spelling of the settings, as written where they do not have it."""
        return self._option("severity", self.settings.severities)

    @cached_property
    def type(self) -> str:
        """The incident's type in lower case."""
        return self._option("type", INCIDENT_TYPES).casefold()

    @cached_property
    def status(self) -> str:
        """The incident's status in lower case."""
        return self._option("status", ()).casefold()

    def _option(self, name: str, allowed: Collection[str]) -> str:
        return english_option(name, plain_value(self.summary.option(name)), allowed) if self.summary else ""

    @cached_property
    def days(self) -> tuple[date, date] | None:
        """The incident's first and last day, or None when they are not stated or cannot be read."""
        written = self.date_written
        try:
            return parse_dates(written) if written else None
        except BadDateError:
            return None

    @property
    def date_written(self) -> str:
        """The date or dates as written."""
        return plain_value(self.summary.option("date") or self.summary.option("dates")) if self.summary else ""

    @cached_property
    def timelines(self) -> list[tuple[Directive, Table, str]]:
        """Each timeline with its table and the file that the table stands in (empty: the page's own)."""
        return self.tables_named("timeline")

    @cached_property
    def events(self) -> list[list[CheckedRow]]:
        """The rows of each timeline, with moment and milestone."""
        read: list[list[CheckedRow]] = []
        for _, table, file in self.timelines:
            names, rows = self.settings.milestone_names, list[CheckedRow]()
            columns, times = _columns(table.header), find_time_columns(table.header)
            readings = read_times(times, [row.cells for row in table.rows], self.days)
            for row, reading in zip(table.rows, readings, strict=True):
                cells = _by_name(columns, row)
                if times.time is not None:
                    cells["time"] = row.cells[times.time].strip()
                cells["precision"] = cells.get("precision", "").strip(" -–—") or reading.precision
                written = cells.get("event", ""), cells.get("milestone", "")
                rows.append(
                    CheckedRow(
                        row.line,
                        cells,
                        file,
                        reading.moment,
                        names.of_row(*written),
                        time_fault=reading.fault,
                        clock_milestone=names.of_row(*written, for_clocks=True),
                    )
                )
            read.append(rows)
        return read

    @cached_property
    def all_events(self) -> list[CheckedRow]:
        """The rows of all timelines."""
        return [row for rows in self.events for row in rows]

    @cached_property
    def action_tables(self) -> list[tuple[Directive, Table, str]]:
        """Each action table with its table and the file that the table stands in (empty: the page's own)."""
        return self.tables_named("action-table")

    @cached_property
    def actions(self) -> list[CheckedRow]:
        """The rows of the action tables that say anything."""
        return [row for rows in self.rows_of.values() for row in rows]

    @cached_property
    def rows_of(self) -> dict[Directive, list[CheckedRow]]:
        """The rows of each action table that say anything."""
        tables = self.action_tables
        return {each: [row for row in rows_in(table, file) if not row.is_empty] for each, table, file in tables}

    @cached_property
    def responses(self) -> list[tuple[Directive, Table, list[CheckedRow]]]:
        """Each response table with its rows that say anything."""
        tables = self.tables_named("response-table")
        return [(each, table, _timed_rows(table, file)) for each, table, file in tables]

    @cached_property
    def tables(self) -> list[tuple[Directive, Table, str]]:
        """All tables of the page, with the file that each stands in (empty: the page's own)."""
        return [(each, *self._table(each)) for name in REQUIRED_COLUMNS for each in self.source.named(name)]

    def tables_named(self, name: str) -> list[tuple[Directive, Table, str]]:
        """Return the tables of the directives with this name."""
        return [each for each in self.tables if each[0].name == name]

    @cached_property
    def factors(self) -> list[Line]:
        """The contributing factors, without their tags."""
        read = ((line, *self.settings.factors.read_item(line.text)) for line in self.written_factors)
        return [line.with_text(f"{kind}{tags.after or tags.rest}") for line, kind, tags in read]

    @cached_property
    def written_factors(self) -> list[Line]:
        """The contributing factors: list items with what belongs to them, or paragraphs."""
        found: list[Line] = []
        for directive in self.source.named("contributing-factors"):
            items = [line for line in self.source.written(directive) if line.text.strip()]
            has_list = any(re.match(r"\s*[-*+]\s", line.text) for line in items)
            for line in items:
                if re.match(r"\s{0,3}[-*+]\s", line.text) or not has_list or not found:
                    found.append(line.with_text(re.sub(r"^\s*[-*+]\s+", "", line.text).strip()))
                else:
                    found[-1] = found[-1].with_text(f"{found[-1].text} {line.text.strip()}")
        return found

    @cached_property
    def paragraphs(self) -> list[tuple[Line, Prose]]:
        """Runs of prose lines as one text each, with the line that begins it. Table rows stand alone."""
        found: list[tuple[Line, Prose]] = []
        last = ("", -1)
        for prose in self.source.prose:
            starts = (
                prose.place != (last[0], last[1] + 1)
                or prose.text.lstrip().startswith(("|", "- ", "* ", "+ "))
                or not found
                or found[-1][1].directive is not prose.directive
            )
            if starts:
                found.append((Line(prose.number, prose.text.strip(), prose.file), prose))
            else:
                first, owner = found[-1]
                if len(first.text) < 20_000:
                    found[-1] = (first.with_text(f"{first.text}\n{prose.text.strip()}"), owner)
            last = prose.place
        return found

    @cached_property
    def cause_paragraphs(self) -> list[tuple[Line, Prose]]:
        """The paragraphs of the root cause and the factors: of the directives, or of sections with such headings."""
        names = {"root-cause", "contributing-factors"}
        inside = [
            item
            for item in self.paragraphs
            if (block := item[1].directive) and {b.name for b in (*block.within, block)} & names
        ]
        headed = [
            item
            for item in self.paragraphs
            if re.search(r"root cause|contributing", english_heading(item[1].section).casefold())
        ]
        return inside or headed

    def text_of(self, name: str) -> str:
        """Return the text of all directives with this name, without comments."""
        lines = [line.text for directive in self.source.named(name) for line in self.source.written(directive)]
        return "\n".join(lines).strip()

    def _table(self, directive: Directive) -> tuple[Table, str]:
        name = directive.option("file")
        if name and not any(line.text.strip() for line in directive.body):
            try:
                return parse_csv_table((self.open_file or _refuse)(name)[1]), name
            except (OSError, ValueError) as error:
                self.faults.append(Fault("bad-file", directive.line, unreadable_file(name, error), directive.file))
                return Table((), ()), name
        table = parse_pipe_table([line.text for line in directive.body], [line.number for line in directive.body])
        return table, directive.file


def check_page(
    file: str,
    text: str,
    settings: Settings,
    *,
    markdown: bool = True,
    faults: list[Fault] | None = None,
    open_file: OpenFile | None = None,
    markdown_syntax: frozenset[str] = DEFAULT_MARKDOWN_SYNTAX,
    ran: Sequence[Directive] | None = None,
) -> CheckedPage:
    """Read a page's text for the checks.

    Args:
        file: the path that findings name.
        text: the page's text.
        settings: the site's settings.
        markdown: whether it is Markdown; otherwise it is reStructuredText.
        faults: what could not be read of the file.
        open_file: opens the files that it includes or takes a table from.
        markdown_syntax: the site's ``myst_enable_extensions``.
        ran: in a build, the directives of ours that ran on the page: they are its directives, whoever wrote them.
    """
    source = read_page(text, markdown=markdown, markdown_syntax=markdown_syntax, open_file=open_file)
    if ran is not None:
        source.take_what_ran(ran)
    head = "\n".join(source.lines[:1000])
    marking = read_page_marking(head, markdown=markdown)
    page = CheckedPage(file, source, marking, settings, [*(faults or []), *source.faults], open_file)
    # Tables are read now, so that a file that cannot be read is a fault whichever rules are on.
    _ = page.events, page.actions, page.tables
    return page


def _refuse(name: str) -> tuple[str, str]:
    raise ValueError("files are not read here")


def file_of(page: CheckedPage, name: str) -> str:
    """Return how findings name a file of a page (empty: its own); a leading slash means the source folder."""
    if not name:
        return page.file
    folder = page.root if name.startswith("/") and page.root else Path(page.file).parent
    return (folder / name.lstrip("/")).as_posix()


def plain_value(value: str) -> str:
    """Return an option's value without quotes, markup and a trailing ``# comment``."""
    return re.sub(r"(^|\s)#.*$", "", value).strip().strip("\"'").strip("*_` ")


@lru_cache(maxsize=256)  # the tables of a site have the same few headers
def _columns(header: tuple[str, ...]) -> Mapping[str, int]:
    """Return the index of each column that the checks know."""
    table = Table(header, ())
    found = ((name, table.column(*titles)) for name, titles in COLUMNS.items())
    return {name: index for name, index in found if index is not None}


def rows_in(table: Table, file: str) -> list[CheckedRow]:
    """Return the rows of a table that stands in a file."""
    named = ((row, _by_name(_columns(table.header), row)) for row in table.rows)
    return [CheckedRow(row.line, cells, file, due=_date(cells.get("due", ""))) for row, cells in named]


def _timed_rows(table: Table, file: str) -> list[CheckedRow]:
    """Return the rows that say anything, with what is known of their times; those of responses may state none."""
    columns, times = _columns(table.header), find_time_columns(table.header)
    rows: list[CheckedRow] = []
    for row in table.rows:
        checked = CheckedRow(row.line, _by_name(columns, row), file)
        if times.time is not None and row.cells[times.time].strip():
            reading = read_row_time(times, row.cells)
            checked = replace(checked, moment=reading.moment, time_fault=reading.fault)
        if not checked.is_empty:
            rows.append(checked)
    return rows


def _by_name(columns: Mapping[str, int], row: Row) -> dict[str, str]:
    return {name: row.cells[index].strip() for name, index in columns.items()}


def _date(cell: str) -> date | None:
    try:
        return parse_date(cell.strip("*_` ")) if cell.strip() else None
    except BadDateError:
        return None
