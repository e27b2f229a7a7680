"""Columns as wide as their content asks for.

A Markdown table does not say how wide its columns are, and rst2pdf then makes
them all equal: an id gets as much room as a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import cast

from docutils import nodes

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfError
from sphinx_postmortem.sphinx_ext.warnings import place_of

_TIME = expression(r"\d{4}-\d\d-\d\d \d\d:\d\d|T\+[^,]{,16}$")
"""What is not broken, though it holds spaces."""
_WIDE = expression("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
"""A character of double width, before and after which a line may break."""
_LANDSCAPE_LINE = 145
_LINE = 96
"""About the number of characters in a line of a table over the full width."""
_WORD_LIMITS = (24, 20, 16, 13, 11, 9)
"""Words beyond this length are broken; the first limit that leaves room counts."""
_SHARE_OF_WORDS = 0.88
_LONGEST_TEXT = 400
_CELL_PADDING = 2
_RAGGED = 3
"""What a line that is broken at a space loses, in characters."""
_MOST_LINES = 200
_MOST_COLUMNS = 20
"""More would be too narrow for a word; rst2pdf gives each 4 % at least, and would run off the page."""
_LEAST_SHARE = 0.0401
_LINE_HEIGHT = 12
WIDE = "pdf-wide"
"""The attribute of a table that needs a page on its side."""


@dataclass(slots=True)
class _Column:
    """What the cells of a column ask for, in characters."""

    word: int = 1
    text: int = 1

    def add(self, text: str, *, is_heading: bool, breaks_times: bool) -> None:
        unbroken = text if breaks_times else _TIME.sub(lambda match: match[0].replace(" ", "-"), text)
        unbroken = unbroken.replace("\u00a0", "-")
        words = _WIDE.sub(r" \g<0> ", unbroken).split()
        longest = max(map(_width, words), default=1)
        weight = 1.15 if is_heading else 1.0  # headings are bold
        self.word = max(self.word, round(longest * weight))
        self.text = max(self.text, min(round(_width(text) * weight), _LONGEST_TEXT))


def _width(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def fit_columns(tree: nodes.Element) -> None:
    """Set the widths of the columns of all tables whose author did not."""
    for table in list(tree.findall(nodes.table)):
        _split_columns(table)
    for table in tree.findall(nodes.table):
        if "colwidths-given" in table["classes"]:
            given = list(table.findall(nodes.colspec))
            for spec, width in zip(given, _not_too_narrow([int(spec["colwidth"]) for spec in given]), strict=True):
                spec["colwidth"] = width
            continue
        for group in table.findall(nodes.tgroup):
            specs = [each for each in group.children if isinstance(each, nodes.colspec)]
            columns = _columns(group, len(specs))
            line = _LINE
            if _is_wide(columns):  # rather a time in two lines than a page on its side
                columns = _columns(group, len(specs), breaks_times=True)
            if _is_wide(columns) and isinstance(table.parent, nodes.section):
                columns = _columns(group, len(specs))
                table[WIDE], line = True, _LANDSCAPE_LINE
            for spec, width in zip(specs, _not_too_narrow(_widths(columns, line)), strict=True):
                spec["colwidth"] = width


def height_of_first_row(table: nodes.table) -> int:
    """Return about how many points the first row of a table takes, with the headings above it."""
    specs = list(table.findall(nodes.colspec))
    total = sum(int(spec["colwidth"]) for spec in specs) or 1
    height = 0
    for row in table.findall(nodes.row):
        cells = [each for each in row.children if isinstance(each, nodes.entry)]
        widths = [max(1, int(spec["colwidth"]) * _LINE // total) for spec in specs]
        lines = [1 + _width(cell.astext()) // width for cell, width in zip(cells, widths, strict=False)]
        height += _LINE_HEIGHT * max(lines, default=1)
        if not isinstance(row.parent, nodes.thead):
            break
    return height


def _split_columns(table: nodes.table) -> None:
    """Make several tables of one with more columns than fit on a page; each begins with the first column.

    Raises:
        PdfError: cells are joined, so that columns cannot be told apart.
    """
    group = table.next_node(nodes.tgroup)
    specs = [each for each in group.children if isinstance(each, nodes.colspec)] if group is not None else []
    if len(specs) <= _MOST_COLUMNS:
        return
    if any("morecols" in each or "morerows" in each for each in table.findall(nodes.entry)):
        raise PdfError(
            f"{place_of(table)}: a table of {len(specs)} columns, of which cells are joined, is too wide for a page"
        )
    step = _MOST_COLUMNS - 1
    starts = range(1, len(specs), step)
    parts = [_with_columns(table, {0, *range(start, start + step)}, is_first=start == 1) for start in starts]
    table.replace_self(parts)


def _with_columns(table: nodes.table, kept: set[int], *, is_first: bool) -> nodes.table:
    part = table.deepcopy()
    if not is_first:  # what there is once: anchors and the caption
        for node in part.findall(nodes.Element):
            node["ids"] = []
        part.children = [each for each in part.children if not isinstance(each, nodes.title)]
    for parent in list(part.findall(lambda node: isinstance(node, nodes.tgroup | nodes.row))):
        element = cast("nodes.Element", parent)
        cells = [each for each in element.children if isinstance(each, nodes.entry | nodes.colspec)]
        for number, cell in enumerate(cells):
            if number not in kept:
                element.remove(cell)
    return part


def _not_too_narrow(widths: list[int]) -> list[int]:
    """Return widths in thousandths of the whole, none of which is below the least that rst2pdf gives."""
    total = sum(widths) or 1
    shares = [width / total for width in widths]
    for _round in widths:
        narrow = [share <= _LEAST_SHARE for share in shares]
        rest = sum(share for share, is_narrow in zip(shares, narrow, strict=True) if not is_narrow)
        room = 1 - _LEAST_SHARE * sum(narrow)
        shares = [
            _LEAST_SHARE if is_narrow else share * room / rest for share, is_narrow in zip(shares, narrow, strict=True)
        ]
    return [round(share * 10000) for share in shares]


def _columns(group: nodes.tgroup, count: int, *, breaks_times: bool = False) -> list[_Column]:
    columns = [_Column() for _ in range(count)]
    for row in group.findall(nodes.row):
        is_heading = isinstance(row.parent, nodes.thead)
        cells = [each for each in row.children if isinstance(each, nodes.entry)]
        if len(cells) != count or any("morecols" in each or "morerows" in each for each in cells):
            continue
        for column, cell in zip(columns, cells, strict=True):
            blocks = cell.children
            is_stack = all(isinstance(each, nodes.paragraph) for each in blocks)
            for text in [each.astext() for each in blocks] if is_stack else [cell.astext()]:
                column.add(text, is_heading=is_heading, breaks_times=breaks_times)
    return columns


def _is_wide(columns: list[_Column]) -> bool:
    """Say whether the words of a table need more room than an upright page has."""
    return sum(min(each.word, _WORD_LIMITS[0]) + _CELL_PADDING for each in columns) > _LINE


def _widths(columns: list[_Column], line: int = _LINE) -> list[int]:
    """Return the widths with which the highest cell has the fewest lines."""
    least = _least_widths(columns, line)
    widths = least
    for lines in range(1, _MOST_LINES):
        wished = [
            max(width, ceil(column.text / lines) + _CELL_PADDING + (lines > 1) * _RAGGED)
            for column, width in zip(columns, least, strict=True)
        ]
        wished = [
            min(wish, max(width, column.text + _CELL_PADDING))
            for wish, column, width in zip(wished, columns, least, strict=True)
        ]
        if sum(wished) <= line:
            widths = wished
            break
    spare = (line - sum(widths)) / sum(widths) if widths else 0.0
    return [round(width * (1 + max(0.0, spare))) for width in widths]


def _least_widths(columns: list[_Column], line: int) -> list[int]:
    """Return the widths of the longest words, broken if they take up the line."""
    widths: list[int] = []
    for limit in _WORD_LIMITS:
        widths = [min(column.word, limit) + _CELL_PADDING for column in columns]
        if sum(widths) <= line * _SHARE_OF_WORDS:
            break
    return widths


def turn_wide_tables(tree: nodes.Element, landscape: str, upright: str) -> None:
    """Put the tables that were found to be wide on pages of their own that lie on their side.

    A heading that stands right before such a table goes along.
    """
    for table in list(tree.findall(nodes.table)):
        if not table.get(WIDE):
            continue
        parent, index = table.parent, table.parent.index(table)
        parent.insert(index + 1, nodes.raw("", f"PageBreak {upright}", format="pdf"))
        place: nodes.Element = table
        if index == 1 and isinstance(parent, nodes.section):
            place, parent, index = parent, parent.parent, parent.parent.index(parent)
        place.parent.insert(index, nodes.raw("", f"PageBreak {landscape}", format="pdf"))


def split_times(tree: nodes.Element) -> None:
    """Put what follows a time on a line of its own below it: the gap of a timeline's row, how late an action is."""
    for table in tree.findall(nodes.table):
        if {"pm-timeline", "pm-actions"} & set(table["classes"]):
            for entry in list(table.findall(nodes.entry)):
                _split_time(entry)


def space_fields(tree: nodes.Element) -> None:
    """Set the fields of a summary apart from the text after them; a table has no space of its own in a box."""
    for listing in list(tree.findall(nodes.field_list)):
        if "pm-facts" in listing["classes"]:
            space = nodes.raw("", "Spacer 0 5", format="pdf")
            listing.parent.insert(listing.parent.index(listing) + 1, space)


def _split_time(entry: nodes.entry) -> None:
    inlines = list(entry.findall(nodes.inline))
    marks = [each for each in inlines if {"pm-gap", "pm-written", "pm-over"} & set(each["classes"])]
    texts = [(mark.astext(), "pm-over" in mark["classes"]) for mark in marks]
    for mark in marks:
        before = mark.parent[mark.parent.index(mark) - 1]
        if isinstance(before, nodes.Text) and not before.strip():
            mark.parent.remove(before)
        mark.parent.remove(mark)
    for text, is_late in texts:
        entry += nodes.paragraph("", text, classes=["postmortem-late" if is_late else "postmortem-step"])
