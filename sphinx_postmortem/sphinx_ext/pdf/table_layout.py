"""Columns as wide as their content asks for.

A Markdown table does not say how wide its columns are, and rst2pdf then makes
them all equal: an id gets as much room as a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import cast

from docutils import nodes

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfError
from sphinx_postmortem.sphinx_ext.pdf.drawn_nodes import LineBreak
from sphinx_postmortem.sphinx_ext.warnings import place_of

_TIME = expression(r"\d{4}-\d\d-\d\d \d\d:\d\d|T\+[^,]{,16}$")
"""What is not broken, though it holds spaces."""
_WIDE = expression("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
"""A character of double width, before and after which a line may break."""
_LANDSCAPE_LINE = 145
_LINE = 96
"""About the number of characters in a line of a table over the full width."""
_WIDEST = 104
"""So many characters still fit, since most letters are narrower than the average that was counted."""
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
_ROW_PADDING = 6
_ROWS_WITH_HEADING = 2
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
            columns, line = _columns(group, len(specs)), _LINE
            if _is_over(columns, _LINE):  # rather a time in two lines than a page on its side
                columns = _columns(group, len(specs), breaks_times=True)
            if _is_over(columns, _LINE) and _breaks_names(group, len(specs)):
                columns = _columns(group, len(specs), breaks_times=True)
            if _is_over(columns, _WIDEST) and isinstance(table.parent, nodes.section):
                columns, line = _columns(group, len(specs)), _LANDSCAPE_LINE
                table[WIDE] = True
            for spec, width in zip(specs, _not_too_narrow(_widths(columns, line)), strict=True):
                spec["colwidth"] = width


def _breaks_names(group: nodes.tgroup, count: int) -> bool:
    """Break cells that are one long name at a hyphen of it, if the table then fits, and say whether it does."""
    names: list[tuple[nodes.Text, int]] = []
    for entry in group.findall(nodes.entry):
        text = next(entry.findall(nodes.Text), None)
        if text is not None and text == entry.astext() and len(text) > _WORD_LIMITS[2] and " " not in text:
            middle = len(text) // 2
            hyphens = [place + 1 for place, character in enumerate(text) if character == "-"]
            if hyphens:
                names.append((text, min(hyphens, key=lambda place: abs(place - middle))))
    halves = [(text, nodes.Text(f"{text[:place]} {text[place:]}")) for text, place in names]
    for text, half in halves:
        text.parent.replace(text, half)
    fits = bool(names) and not _is_over(_columns(group, count, breaks_times=True), _WIDEST)
    for (text, place), (_, half) in zip(names, halves, strict=True):
        parts = [nodes.Text(text[:place]), LineBreak(), nodes.Text(text[place:])]
        half.parent.replace(half, parts if fits else text)
    return fits


def height_of_first_rows(table: nodes.table) -> int:
    """Return about how many points the headings of a table take with two rows, and what stands above these."""
    specs = list(table.findall(nodes.colspec))
    total = sum(int(spec["colwidth"]) for spec in specs) or 1
    widths = [max(1, int(spec["colwidth"]) * _LINE // total) for spec in specs]
    height = rows = 0
    for row in table.findall(nodes.row):
        cells = [each for each in row.children if isinstance(each, nodes.entry)]
        is_joined = len(cells) < len(widths)  # it names what the rows below it are about
        lines = [
            1 + _width(cell.astext()) // (_LINE if is_joined else width)
            for cell, width in zip(cells, widths, strict=False)
        ]
        height += _LINE_HEIGHT * max(lines, default=1) + _ROW_PADDING
        rows += not is_joined and not isinstance(row.parent, nodes.thead)
        if rows == _ROWS_WITH_HEADING:
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


def _is_over(columns: list[_Column], line: int) -> bool:
    """Say whether the words of a table need more room than a line of so many characters."""
    return sum(min(each.word, _WORD_LIMITS[0]) + _CELL_PADDING for each in columns) > line


def _widths(columns: list[_Column], line: int = _LINE) -> list[int]:
    """Return the widths with which the highest cell has the fewest lines."""
    least = _least_widths(columns, line)
    if line == _LINE and sum(least) > line * _SHARE_OF_WORDS:
        line = _WIDEST
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
    """Return the widths of the longest words, broken if they take up the line; words of a usual length if they must."""
    widths: list[int] = []
    for limits, share in (
        (_WORD_LIMITS[:4], _SHARE_OF_WORDS),
        (_WORD_LIMITS[:4], _WIDEST / _LINE),
        (_WORD_LIMITS[4:], _SHARE_OF_WORDS),
    ):
        for limit in limits:
            widths = [min(column.word, limit) + _CELL_PADDING for column in columns]
            if sum(widths) <= line * share:
                return widths
    return widths


def turn_wide_tables(tree: nodes.Element, landscape: str, upright: str) -> None:
    """Put the tables that were found to be wide on pages of their own that lie on their side.

    A heading that stands right before such a table goes along, with the lines between them.
    """
    for table in list(tree.findall(nodes.table)):
        if not table.get(WIDE):
            continue
        parent, index = table.parent, table.parent.index(table)
        parent.insert(index + 1, nodes.raw("", f"PageBreak {upright}", format="pdf"))
        place: nodes.Element = table
        if index and isinstance(parent, nodes.section) and _is_short(parent.children[1:index]):
            place = parent
        place.parent.insert(place.parent.index(place), nodes.raw("", f"PageBreak {landscape}", format="pdf"))


def _is_short(between: Sequence[nodes.Node]) -> bool:
    """Say whether a heading and a table have no more than two lines between them."""
    seen = [each for each in between if not isinstance(each, nodes.raw | nodes.target | nodes.Invisible)]
    return len(seen) <= 2 and all(isinstance(each, nodes.paragraph) and len(each.astext()) <= _LINE for each in seen)


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
