r"""Pipe tables and CSV files: header, rows, and where each row stands.

The rules of pipe tables are those of GitHub's Markdown: ``\|`` is a literal pipe, also within code.
Nothing is lost: a row with too many cells keeps them, and says so.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english_column
from sphinx_postmortem.core.problems import Code, Problem

_CLOSING = {"(": ")", "[": "]", "（": "）"}
_OPENING = expression(r"[(\[（]")
_RULE_CELL = expression(r"\s*:?-+:?\s*")
_LONGEST_KEPT = 200  # letters of a title that is remembered: the tables of a site have the same few


@dataclass(frozen=True)
class Row:
    """The cells of one row as written, its 1-based line, and whether it fits the header."""

    cells: tuple[str, ...]
    line: int
    fits: bool = True


@dataclass(frozen=True)
class Table:
    """A header and rows. ``text_before`` and ``text_after`` hold the lines that are no part of the table."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    stray: tuple[str, ...] = field(default=())

    def column(self, *names: str) -> int | None:
        """Return the index of the first column whose header is one of ``names``, or None."""
        keys = [column_key(title) for title in self.header]
        return next((keys.index(name) for name in names if name in keys), None)


def column_key(title: str) -> str:
    """Return the name by which a column is matched: case, markup, space and a bracketed unit do not count.

    Of a title in one of our languages it is the English one.
    """
    return _kept_key(title) if len(title) <= _LONGEST_KEPT else _key(title)


@lru_cache(maxsize=2048)
def _kept_key(title: str) -> str:
    return _key(title)


def _key(title: str) -> str:
    bare = re.sub(r"(?<=[^\W_])_(?=[^\W_])", " ", without_links(title))  # `due_date`, as tools export it
    bare = re.sub(r"[*_`]", "", bare)
    return english_column(" ".join(without_brackets(bare).casefold().replace("-", " ").split()))


def without_brackets(text: str) -> str:
    """Return a text without what stands in brackets; one that is never closed stays. A million of them cost no more."""
    kept: list[str] = []
    place, unclosed = 0, ""
    for match in _OPENING.finditer(text):
        closing = _CLOSING[match[0]]
        if match.start() < place or closing in unclosed:
            continue
        end = text.find(closing, match.end())
        if end < 0:
            unclosed += closing
            continue
        kept.append(text[place : match.start()])
        place = end + 1
    return "".join([*kept, text[place:]])


def without_links(title: str) -> str:
    """Return a title with the texts of its links in their place."""
    return re.sub(r"!?\[([^\[\]]{1,200})\]\([^()]{0,300}\)", r"\1", title) if "](" in title else title


def shown_title(title: str) -> str:
    """Return a column's title without the markup that sets it apart as a whole, such as bold."""
    return title.strip().strip("*_`").strip() or title


def split_cells(line: str) -> list[str]:
    """Split one line of a pipe table into its cells."""
    text = line.strip()
    text = text.removeprefix("|")
    if "\\" not in text:
        plain = text.removesuffix("|").split("|") if text else [""]
        return [cell.strip() for cell in plain]
    cells: list[str] = []
    start = 0
    position = 0
    while position < len(text):
        if text[position] == "\\" and position + 1 < len(text):
            position += 2
            continue
        if text[position] == "|":
            cells.append(text[start:position])
            start = position + 1
        position += 1
    if text[start:].strip() or not text.endswith("|"):
        cells.append(text[start:])
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _is_rule(line: str) -> bool:
    cells = split_cells(line)
    return bool(cells) and "-" in line and all(_RULE_CELL.fullmatch(cell) for cell in cells)


def is_fence_row(line: str) -> bool:
    """Say whether a row of a table is a fence, which a formatter has taken for a row, or the author written as one."""
    first, *others = line.strip().removeprefix("|").split("|")
    marks = first.strip()
    is_fence = marks.startswith((":::", "```", "~~~")) and len(set(marks)) == 1
    return is_fence and "|" in line and not any(cell.strip() for cell in others)


def parse_pipe_table(lines: Sequence[str], line_numbers: Sequence[int]) -> Table:
    """Read a directive's body as one pipe table.

    Args:
        lines: the body's lines.
        line_numbers: the 1-based line in the file for each of them.

    Returns:
        The table; without header, and everything in ``stray``, when the body holds no table.
    """
    rule = next((i for i in range(1, len(lines)) if _is_rule(lines[i]) and "|" in lines[i - 1]), None)
    if rule is None:
        first = line_numbers[0] if line_numbers else 0
        message = "no table found; write a header line, a line of dashes (|---|---|), then one line for each row"
        everything = tuple(line for line in lines if line.strip())
        return Table((), (), (Problem(Code.MALFORMED_TABLE, message, first),) if everything else (), everything)
    header = tuple(split_cells(lines[rule - 1]))
    problems: list[Problem] = []
    stray = [line for line in lines[: rule - 1] if line.strip()]
    rows: list[Row] = []
    fences: list[Problem] = []
    for index in range(rule + 1, len(lines)):
        if not lines[index].strip():
            continue
        if is_fence_row(lines[index]):
            message = "the fence that closes the table became a row of it; write it on its own, below an empty line"
            fences.append(Problem(Code.MALFORMED_TABLE, message, line_numbers[index]))
            stray.append(lines[index])
            continue
        if "|" not in lines[index]:
            stray.append(lines[index])
            continue
        rows.append(_row(split_cells(lines[index]), header, line_numbers[index], problems))
    problems += fences
    if stray and not fences:  # what follows such a fence was meant to stand outside
        message = "text beside the table; put it before or after the directive"
        problems.append(Problem(Code.MALFORMED_TABLE, message, line_numbers[0]))
    _check_header(header, line_numbers[rule - 1], problems)
    return Table(header, tuple(rows), tuple(problems), tuple(stray))


def parse_csv_table(text: str) -> Table:
    """Read a CSV file (comma, semicolon or tab, with a header line). Lines count within that file."""
    text = text.removeprefix("\ufeff")
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                stripped = [" ".join(cell.split()) for cell in cells]
                if not header:
                    header = tuple(stripped)
                    _check_header(header, line, problems)
                else:
                    rows.append(_row(stripped, header, line, problems))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(Code.MALFORMED_TABLE, f"the CSV cannot be read on from here: {error}", line))
        rows.append(Row(("",) * len(header), line, fits=False))
    if not header:
        problems.append(Problem(Code.MALFORMED_TABLE, "the CSV file is empty; its first line must name the columns", 1))
    return Table(header, tuple(rows), tuple(problems))


def _row(cells: list[str], header: tuple[str, ...], line: int, problems: list[Problem]) -> Row:
    if len(cells) == len(header):
        return Row(tuple(cells), line)
    message = (
        f"the row has {len(cells)} cells, the header {len(header)}; "
        "write one cell for each column, and \\| for a pipe within a cell"
    )
    problems.append(Problem(Code.MALFORMED_TABLE, message, line))
    padded = cells + [""] * (len(header) - len(cells))
    kept = padded[: len(header)]
    if len(cells) > len(header):
        kept[-1] = " | ".join(cells[len(header) - 1 :])
    return Row(tuple(kept), line, fits=False)


def _check_header(header: tuple[str, ...], line: int, problems: list[Problem]) -> None:
    # `Time (UTC)` beside `Time (CEST)` are two columns, which the unit tells apart.
    titles = Counter(" ".join(shown_title(title).casefold().split()) for title in header)
    for title in sorted(title for title, number in titles.items() if title and number > 1):
        message = f'two columns are called "{title}"; give each its own name'
        problems.append(Problem(Code.MALFORMED_TABLE, message, line))
