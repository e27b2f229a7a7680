"""Columns as wide as their content asks for.

A Markdown table does not say how wide its columns are, and rst2pdf then makes
them all equal: an id gets as much room as a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes

_LINE = 96
"""About the number of characters in a line of a table over the full width."""
_WORD_LIMITS = (24, 20, 16, 13, 11, 9)
"""Words beyond this length are broken; the first limit that leaves room counts."""
_SHARE_OF_WORDS = 0.8
_LONGEST_TEXT = 160
_CELL_PADDING = 2


@dataclass(slots=True)
class _Column:
    """What the cells of a column ask for, in characters."""

    word: int = 1
    text: int = 1

    def add(self, text: str, *, is_heading: bool) -> None:
        longest = max((len(word) for word in text.split()), default=1)
        weight = 1.15 if is_heading else 1.0  # headings are bold
        self.word = max(self.word, round(longest * weight))
        self.text = max(self.text, min(round(len(text) * weight), _LONGEST_TEXT))


def fit_columns(tree: nodes.Element) -> None:
    """Set the widths of the columns of all tables whose author did not."""
    for table in tree.findall(nodes.table):
        if "colwidths-given" in table["classes"]:
            continue
        for group in table.findall(nodes.tgroup):
            specs = [each for each in group.children if isinstance(each, nodes.colspec)]
            columns = _columns(group, len(specs))
            for spec, width in zip(specs, _widths(columns), strict=True):
                spec["colwidth"] = width


def _columns(group: nodes.tgroup, count: int) -> list[_Column]:
    columns = [_Column() for _ in range(count)]
    for row in group.findall(nodes.row):
        is_heading = isinstance(row.parent, nodes.thead)
        cells = [each for each in row.children if isinstance(each, nodes.entry)]
        if len(cells) != count or any("morecols" in each or "morerows" in each for each in cells):
            continue
        for column, cell in zip(columns, cells, strict=True):
            column.add(cell.astext(), is_heading=is_heading)
    return columns


def _widths(columns: list[_Column]) -> list[int]:
    """Give each column room for its words, then share out what is left."""
    least = _least_widths(columns)
    rest = max(0.0, _LINE - sum(least))
    wishes = [
        max(0.0, float(column.text + _CELL_PADDING - width)) for column, width in zip(columns, least, strict=True)
    ]
    granted = _shared_out(rest, wishes)
    spare = (rest - sum(granted)) / len(columns) if columns else 0.0
    return [round(width + more + spare) for width, more in zip(least, granted, strict=True)]


def _least_widths(columns: list[_Column]) -> list[int]:
    """Return the widths of the longest words, broken if they take up the line."""
    widths: list[int] = []
    for limit in _WORD_LIMITS:
        widths = [min(column.word, limit) + _CELL_PADDING for column in columns]
        if sum(widths) <= _LINE * _SHARE_OF_WORDS:
            break
    return widths


def _shared_out(amount: float, wishes: list[float]) -> list[float]:
    """Share *amount* equally, but give no one more than they wish for."""
    granted = [0.0] * len(wishes)
    open_wishes: list[int] = [i for i, wish in enumerate(wishes) if wish > 0]
    while open_wishes and amount > 0.5:
        share = amount / len(open_wishes)
        for i in open_wishes:
            more = min(share, wishes[i] - granted[i])
            granted[i] += more
            amount -= more
        open_wishes = [i for i in open_wishes if wishes[i] - granted[i] > 0.01]
    return granted
