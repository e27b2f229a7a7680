"""What one edition sees of a table: rows and columns are dropped here, before any cell is parsed as markup."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache

from sphinx_postmortem.core.audience.audiences import Audiences, Edition, UnknownAudienceError
from sphinx_postmortem.core.audience.mentions import plain, search_for
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import is_marking_column
from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.records.tables import Row, Table, column_key

AUDIENCE_COLUMN = "audience"
_AFTER_TITLE = expression(r"(?:[(\[]|[:-]\s)(?P<words>[^()\[\]]*)[)\]]?\s*$")
_LETTERS = frozenset(AUDIENCE_COLUMN)
_FEWEST_LETTERS = 5  # different ones of them that a slip for the title has
_ESCAPES = frozenset("&%\\")
_PART_ENDS = frozenset("|;,\t")
_MAY_GO = frozenset("[](){}<>_`~!#")  # in a title, these or what stands between them may not count
_LEFT_OUT = str.maketrans("", "", " \t-*'\"")
_MOST_LETTERS = 12  # of a slip for the title
_LONGEST_KEPT = 500  # letters of a cell that is remembered


@dataclass(frozen=True)
class _Gate:
    """Which columns hold markings, which are hidden, and whether the marking as a whole can be trusted."""

    audience_columns: tuple[int, ...]
    hidden_columns: frozenset[int]
    broken: bool
    problems: tuple[Problem, ...]


def gate_table(table: Table, edition: Edition, internal_columns: str = "", line: int = 0) -> Table:
    """Return what ``edition`` sees of ``table``.

    Args:
        table: the table as written.
        edition: the edition being built.
        internal_columns: the option ``:internal-columns:``, column titles separated by commas.
        line: the directive's 1-based line, for problems that concern the whole table.

    Rows with an unknown audience are hidden everywhere; rows and tables whose marking cannot be trusted are
    hidden in filtered editions. Each such case is a problem of the returned table.
    """
    gate = _read_gate(table, edition, internal_columns, line)
    problems = [*table.problems, *gate.problems]
    marked = bool(gate.audience_columns or internal_columns.strip())
    rows: list[Row] = []
    for row in table.rows:
        if edition.is_filtered and (gate.broken or (marked and not row.fits)):
            continue
        if _row_is_shown(row, gate, edition, problems):
            rows.append(_without(row, gate.hidden_columns))
    header = tuple(title for index, title in enumerate(table.header) if index not in gate.hidden_columns)
    if gate.broken and edition.is_filtered:
        header = ()
    stray = () if edition.is_filtered else table.stray
    return Table(header, tuple(rows), tuple(problems), stray)


def has_marking(table: Table) -> bool:
    """Say whether a table has a column Audience, however it is written."""
    return any(_is_nearly_audience(title) for title in table.header)


def unreadable(table: Table, edition: Edition, internal_columns: str = "") -> str:
    """Say why the gate cannot tell which rows of a table are for whom; empty where it can.

    A title or a comment above the header, a `sep=;` line, a second table below the first: the header that the reader
    sees is then no header, and the cells below it mark nothing.
    """
    return _unreadable(table, edition.audiences, internal_columns)


@lru_cache(maxsize=2)  # it is the same in all editions, and a build asks for several of a table
def _unreadable(table: Table, audiences: Audiences, internal_columns: str) -> str:
    if second := _second_header(table):
        message = f"line {second} of the table looks like a header, but is read as a row"
        return f"{message}; let the table begin with its header, and put each table into a directive of its own"
    for title in table.header:
        if is_marking_column(_title_key(title)):
            return f'the column "{title}" marks nothing: the column of audiences is called "Audience" in all languages'
    if (fault := _misplaced(table, audiences, internal_columns)) or has_marking(table):
        return fault
    search = search_for(audiences.names)
    for line, cell in _parts(table):
        if any(name in search.marking for name in search.cell_audiences(cell)):
            message = f'the cell "{cell}" in line {line} of the table names an audience, but no column is called'
            return f'{message} "Audience"; name the column in the header, or word the cell in another way'
    return ""


def _second_header(table: Table) -> int:
    """Return the line of the first row that has the title of a column Audience; 0 where there is none."""
    return next((line for line, cell in _parts(table) if _is_nearly_audience(cell)), 0)


def _parts(table: Table) -> Iterator[tuple[int, str]]:
    """Yield the cells below the header, each with its line. A row that does not fit its header has several in one."""
    for row in table.rows:
        for cell in row.cells:
            parts = (cell,) if _PART_ENDS.isdisjoint(cell) else re.split(r"[|;,\t]", cell)
            yield from ((row.line, part.strip()) for part in parts)


def _misplaced(table: Table, audiences: Audiences, internal_columns: str) -> str:
    """Say which title or cell marks in a place where nothing reads it, in a table with a column Audience or without."""
    search = search_for(audiences.names)

    def marks(text: str) -> bool:
        return any(name in search.marking for name in search.cell_audiences(text))

    hidden = {_title_key(name) for name in internal_columns.split(",")}
    for title in table.header:
        if marks(title):
            return f'the title "{title}" names an audience; let the table begin with its header, or word it otherwise'
        if (found := _AFTER_TITLE.search(plain(title))) and marks(found["words"]) and _title_key(title) not in hidden:
            return f'the title "{title}" names an audience, but hides nothing; name the column in `:internal-columns:`'
    if not has_marking(table):
        return ""
    audience = next(index for index, title in enumerate(table.header) if _is_nearly_audience(title))
    last = audiences.names[-1]
    above = False
    for row in table.rows:
        marking = row.cells[audience].strip() if audience < len(row.cells) else ""
        others = [cell.strip() for index, cell in enumerate(row.cells) if index != audience]
        where = f'in line {row.line} of the table; mark the row in its cell Audience, or write "{last}" there'
        if not marking and (cell := next(filter(marks, others), "")):
            return f'the cell "{cell}" names an audience, but not in the column Audience, {where}'
        if marking and not any(others):
            return f"a row that holds nothing but a marking seems to mark the rows below it, which it does not, {where}"
        if above and not marking and any(others) and not re.search(r"\w", others[0]):
            return f"a row seems to go on with the row above it, which is marked, {where}"
        above = bool(marking) and not Edition(audiences, last).shows_known(marking)
    return ""


def _title_key(title: str) -> str:
    return column_key(plain(title))


def _is_nearly_audience(cell: str) -> bool:
    # Most cells are plain words that lack the letters, or are too long: these are not read as a title. Escapes may hide
    # a letter.
    if cell.isascii() and _ESCAPES.isdisjoint(cell):
        is_too_long = cell.isprintable() and len(cell.translate(_LEFT_OUT)) > _MOST_LETTERS and _MAY_GO.isdisjoint(cell)
        if is_too_long or len(_LETTERS.intersection(cell.casefold())) < _FEWEST_LETTERS:
            return False
    # Each table is looked at twice; very long cells are not kept in memory for that.
    return _is_nearly(cell) if len(cell) <= _LONGEST_KEPT else nearly_audience(_title_key(cell))


@lru_cache(maxsize=4096)
def _is_nearly(cell: str) -> bool:
    return nearly_audience(_title_key(cell))


def nearly_audience(key: str) -> bool:
    """Say whether a column's key is a slip for that of the Audience column, or the key itself."""
    most = 2 * min(len(key), len(AUDIENCE_COLUMN)) / (len(key) + len(AUDIENCE_COLUMN))
    # By its length and letters most of a table's cells are none, which is cheaper to see than to compare. With a ratio
    # of 0.8 at least six of the eight letters are there, which are at least `_FEWEST_LETTERS` different ones.
    may_be_one = most >= 0.8 and len(_LETTERS.intersection(key)) >= _FEWEST_LETTERS
    return may_be_one and difflib.SequenceMatcher(None, key, AUDIENCE_COLUMN).ratio() >= 0.8


def _read_gate(table: Table, edition: Edition, internal_columns: str, line: int) -> _Gate:
    keys = [_title_key(title) for title in table.header]
    problems: list[Problem] = []
    audience_columns: list[int] = []
    for index, key in enumerate(keys):
        if key == AUDIENCE_COLUMN:
            audience_columns.append(index)
        elif nearly_audience(key):
            audience_columns.append(index)
            message = f'the column "{table.header[index]}" is read as the Audience column; write "Audience"'
            problems.append(Problem(Code.BROKEN_MARKING, message, line))
    hidden: set[int] = set()
    broken = False
    if reason := unreadable(table, edition, internal_columns):
        broken = True
        problems.append(Problem(Code.BROKEN_MARKING, reason, line))
    for name in filter(None, (part.strip() for part in internal_columns.split(","))):
        matches = [index for index, key in enumerate(keys) if key == _title_key(name)]
        if not matches:
            broken = True
            titles = ", ".join(table.header)
            message = f'`:internal-columns:` names "{name}", which is no column here ({titles}); mend the name'
            problems.append(Problem(Code.BROKEN_MARKING, message, line))
        hidden.update(matches)
    if internal_columns and not internal_columns.replace(",", "").strip():
        broken = True
        problems.append(Problem(Code.BROKEN_MARKING, "`:internal-columns:` names no column", line))
    if not edition.is_filtered:
        hidden = set()
    else:
        hidden.update(audience_columns)
    return _Gate(tuple(audience_columns), frozenset(hidden), broken, tuple(problems))


def _row_is_shown(row: Row, gate: _Gate, edition: Edition, problems: list[Problem]) -> bool:
    shown = True
    for index in gate.audience_columns:
        try:
            shown = edition.shows(row.cells[index]) and shown
        except UnknownAudienceError as error:
            if row.fits:
                problems.append(
                    Problem(Code.UNKNOWN_AUDIENCE, f"{error}; the row is hidden until it is mended", row.line)
                )
                shown = False
            # A row that does not fit its header has been reported; its cells are shown where all is shown.
    return shown


def _without(row: Row, hidden: frozenset[int]) -> Row:
    return Row(tuple(cell for index, cell in enumerate(row.cells) if index not in hidden), row.line, row.fits)
