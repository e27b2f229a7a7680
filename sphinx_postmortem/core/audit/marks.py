"""What the readers of Markdown and reStructuredText share: which audience a marking names, tables, and split lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import NamedTuple

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

AUDIENCE_TITLE = expression(r"audience|aud\w{1,3}nc\w{0,3}")  # and slips for it
_SIGN, _CLOSING = expression(r"[*_`(\[]"), {"(": ")", "[": "]"}
TABLE_DIRECTIVES = ("timeline", "action-table", "response-table", "veris", "review-record")
CODE_DIRECTIVES = frozenset(
    ["code", "code-block", "code-cell", "sourcecode", "highlight", "literalinclude", "raw", "math", "mermaid"]
    + ["graphviz", "digraph", "graph", "parsed-literal", "prompt", "doctest", "testcode", "productionlist"]
)


class Line(NamedTuple):
    """A piece of one source line: the file (relative to the source folder), its 1-based line, and the text."""

    file: str
    number: int
    text: str


@dataclass(frozen=True)
class Reference:
    """A file that a source names: the path as written, who may see the mention, and what kind of mention it is."""

    target: str
    hidden: bool
    kind: str  # "file", "include", "literal" or "table"
    line: int
    columns: str = ""


@dataclass
class Split:
    """The two halves of a source, the files that it names, and what is to be written in place of its hidden lines.

    ``instead`` says what stands in a line's place when what is hidden is deleted: a text, or None where the whole line
    goes. A block becomes a comment between blank lines: what is above and below it does not run together.
    """

    file: str
    hidden: list[Line] = field(default_factory=list)
    visible: list[Line] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    summaries: list[dict[str, str]] = field(default_factory=list)  # the options of those of incidents that are shown
    instead: dict[int, str | None] = field(default_factory=dict)

    def add(self, number: int, text: str, *, hidden: bool) -> None:
        """Note a piece of text."""
        if text.strip():
            (self.hidden if hidden else self.visible).append(Line(self.file, number, text))

    def note_summary(self, options: dict[str, str], within: Iterable[str]) -> None:
        """Note the options of an incident's summary, unless a directive round it may show it as a sample."""
        if all(name in ("", "audience", "internal-only") for name in within):
            self.summaries.append(options)

    def hide_lines(self, numbers: frozenset[int]) -> None:
        """Count what stands in these lines as hidden."""
        if numbers:
            self.hidden += [line for line in self.visible if line.number in numbers]
            self.visible = [line for line in self.visible if line.number not in numbers]
            self.instead.update(dict.fromkeys(numbers))


FOR_FIRST_EDITION = ("reporting-clocks", "review-record")
"""Directives for the first edition alone, unless they are marked for another."""


@dataclass(frozen=True)
class View:
    """The audiences, most privileged first, and the edition that is looked at."""

    audiences: tuple[str, ...]
    edition: str
    leaves_notice: bool = False  # a hidden block leaves the site's notice in its place

    def hides(self, name: str) -> bool:
        """Say whether content marked for ``name`` is hidden. A name that is no audience hides; none does not."""
        bare = re.sub(r"(^|\s)#.*$", "", name).strip().strip("\"'").strip().casefold()
        if not bare:
            return False
        return bare not in self.audiences or self.audiences.index(bare) < self.audiences.index(self.edition)


def directive_hides(name: str, argument: str, options: dict[str, str], view: View) -> bool:
    """Say whether a directive's body is hidden by its name, its argument or its option ``:audience:``."""
    if "audience" in options and (not options["audience"].strip() or view.hides(options["audience"])):
        return True
    if "internal-columns" in options and name not in TABLE_DIRECTIVES:
        return view.edition != view.audiences[0]  # nothing hides columns there: the author's wish counts
    if name == "internal-only" or (name in FOR_FIRST_EDITION and "audience" not in options):
        return view.edition != view.audiences[0]
    return name == "audience" and (not argument.strip() or view.hides(argument))


def bare_name(name: str) -> str:
    """Return a directive's name without our domain's prefix."""
    return name.casefold().removeprefix("postmortem:")


def cells_of(line: str) -> list[str]:
    """Split a line of a pipe table at its unescaped pipes."""
    cells = re.split(r"(?<!\\)\|", line.strip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip() and line.strip().endswith("|"):
        cells = cells[:-1]
    return [cell.strip() for cell in cells]


def title_key(title: str) -> str:
    """Return a column's title as it is compared: without markup, brackets, case and spare space."""
    return " ".join(_without_brackets(title).casefold().replace("-", " ").split())


def _without_brackets(text: str) -> str:
    """Return a text without emphasis and brackets; a bracket that is never closed stays, and is searched for once."""
    kept: list[str] = []
    place, unclosed = 0, ""
    for match in _SIGN.finditer(text):
        closing = _CLOSING.get(match[0], "")
        if match.start() < place or (closing and closing in unclosed):
            continue
        end = text.find(closing, match.end()) if closing else match.start()
        if end < 0:
            unclosed += closing
            continue
        kept.append(text[place : match.start()])
        place = end + 1
    return "".join([*kept, text[place:]])


def split_table(
    rows: Sequence[tuple[int, list[str]]], columns: str, view: View, into: Split
) -> tuple[frozenset[int], frozenset[int]]:
    """Sort the cells of a table (header first) into hidden and visible by column ``Audience`` and hidden columns.

    The cells of the Audience column itself are the marking, and count as neither. Returned are the positions of the
    rows, and of the columns, that are hidden as a whole.
    """
    if not rows:
        return frozenset(), frozenset()
    hidden_rows: set[int] = set()
    keys = [title_key(title) for title in rows[0][1]]
    wanted = {title_key(name) for name in columns.split(",") if name.strip()}
    filtered = view.edition != view.audiences[0]
    everything = filtered and not wanted <= set(keys)
    marks = [index for index, key in enumerate(keys) if AUDIENCE_TITLE.fullmatch(key)]
    for position, (number, cells) in enumerate(rows):
        unfit = filtered and bool(marks or wanted) and len(cells) != len(keys)
        row_hidden = everything or (
            position > 0 and (unfit or any(view.hides(cells[index]) for index in marks if index < len(cells)))
        )
        if row_hidden:
            hidden_rows.add(position)
        for index, cell in enumerate(cells):
            if index in marks and not unfit:
                continue
            key = keys[index] if index < len(keys) else ""
            into.add(number, cell, hidden=row_hidden or (filtered and key in wanted))
    hidden_columns = frozenset(index for index, key in enumerate(keys) if filtered and key in wanted)
    return frozenset(hidden_rows), hidden_columns


def split_pipe_table(lines: Sequence[tuple[int, str]], columns: str, view: View, into: Split) -> None:
    """Sort a directive's body that holds a pipe table; lines beside the table are visible."""
    rows: list[tuple[int, list[str]]] = []
    for number, line in lines:
        if "|" not in line:
            into.add(number, line, hidden=False)
        elif not re.fullmatch(r"[\s|:-]+", line):
            rows.append((number, cells_of(line)))
    hidden_rows, hidden_columns = split_table(rows, columns, view, into)
    gone = {rows[position][0] for position in hidden_rows}
    for number, line in lines:
        if number in gone:
            into.instead[number] = None
        elif hidden_columns and "|" in line:
            kept = [cell for index, cell in enumerate(cells_of(line)) if index not in hidden_columns]
            into.instead[number] = f"{margin_of(line)}| {' | '.join(kept)} |"


def margin_of(line: str) -> str:
    """Return what stands before a line's text: spaces, and the signs of a quotation."""
    return line[: len(line) - len(line.lstrip(" \t>"))]


def split_csv(text: str, columns: str, view: View, into: Split) -> str:
    """Sort a CSV file that stands in for a table; return it without what is hidden."""
    text = text.removeprefix("\ufeff")
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error:
        for number, line in enumerate(text.splitlines()[reader.line_num :], start=reader.line_num + 1):
            into.add(number, line, hidden=view.edition != view.audiences[0])
    hidden_rows, hidden_columns = split_table(rows, columns, view, into)
    if not hidden_rows and not hidden_columns:
        return text
    shown = io.StringIO(newline="")
    writer = csv.writer(shown, delimiter=delimiter, lineterminator="\n")
    for position, (_number, cells) in enumerate(rows):
        if position not in hidden_rows:
            writer.writerow([cell for index, cell in enumerate(cells) if index not in hidden_columns])
    return shown.getvalue()


def first_values(options: Sequence[tuple[str, str, int]]) -> dict[str, str]:
    """Return each option's value; of a value with several lines, the first."""
    values: dict[str, str] = {}
    for name, value, _line in options:
        values.setdefault(name, value)
    return values
