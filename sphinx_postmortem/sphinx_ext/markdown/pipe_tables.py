"""Tables of GitHub Flavored Markdown: one line for each row, whatever its cells hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from docutils import nodes

from sphinx_postmortem.sphinx_ext.markdown import spelling
from sphinx_postmortem.sphinx_ext.markdown.inline_text import UNSHOWN, InlineText, box_label
from sphinx_postmortem.sphinx_ext.markdown.places import Places

_ALIGNED = {"text-left": ":--", "text-center": ":-:", "text-right": "--:"}
_CODE = (nodes.literal_block, nodes.doctest_block, nodes.math_block)


@dataclass
class _Span:
    """A cell of an earlier row that reaches down into a column."""

    rows: int = 0


def table_lines(group: nodes.Element, places: Places) -> list[str]:
    """Return the lines of a table. A cell that spans others leaves those empty; several rows of a head become one."""
    cells = _Cells(places)
    columns = int(group.get("cols", 0)) or 1
    heads: list[list[str]] = []
    rows: list[list[str]] = []
    marks = ["---"] * columns
    for part in group.children:
        if not isinstance(part, nodes.thead | nodes.tbody):
            continue
        spans = [_Span() for _ in range(columns)]
        for row in cast("list[nodes.Element]", part.children):
            entries = cast("list[nodes.Element]", row.children)
            (heads if isinstance(part, nodes.thead) else rows).append(_row(entries, spans, cells, marks))
    head = ["<br>".join(filter(None, column)) for column in zip(*heads, strict=True)] if heads else [""] * columns
    return [_line(head), _line(marks), *map(_line, rows)]


def _row(entries: Sequence[nodes.Element], spans: list[_Span], cells: _Cells, marks: list[str]) -> list[str]:
    """Return the cells of a row, one for each column; note how the columns are aligned."""
    found: list[str] = []
    waiting = list(entries)
    while len(found) < len(spans):
        span = spans[len(found)]
        if span.rows:
            span.rows -= 1
            found.append("")
            continue
        if not waiting:
            found.append("")
            continue
        entry = waiting.pop(0)
        width = min(int(entry.get("morecols", 0)) + 1, len(spans) - len(found))
        for each in spans[len(found) : len(found) + width]:
            each.rows = int(entry.get("morerows", 0))
        for name, mark in _ALIGNED.items():
            if name in entry["classes"]:
                marks[len(found)] = mark
        shown = cells.write(entry.children)
        if width == len(spans) > 1 and shown:  # a heading among the rows
            shown = spelling.joined([spelling.Piece(shown, "" if "*" in shown else "**")])
        found += [shown, *[""] * (width - 1)]
    if waiting:  # more cells than columns: nothing is lost
        found[-1] = "<br>".join(filter(None, [found[-1], *(cells.write(each.children) for each in waiting)]))
    return found


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


class _Cells:
    """Writes blocks on one line."""

    def __init__(self, places: Places) -> None:
        self.inline = InlineText(places, in_cell=True)

    def write(self, children: Iterable[nodes.Node]) -> str:
        """Return the blocks of a cell with breaks between them."""
        return spelling.BREAK_IN_CELL.join(filter(None, self._parts(children)))

    def _parts(self, children: Iterable[nodes.Node]) -> Iterator[str]:
        shown = (child for child in children if not isinstance(child, UNSHOWN))
        for is_inline, group in groupby(shown, lambda node: isinstance(node, nodes.Inline | nodes.Text)):
            if is_inline:
                yield self.inline.write(group).strip()
            else:
                for node in cast("Iterable[nodes.Element]", group):
                    yield self._block(node)

    def _block(self, node: nodes.Element) -> str:
        anchors = self.inline.anchors(node)
        match node:
            case _ if isinstance(node, _CODE):
                lines = node.astext().split("\n")
                shown = spelling.BREAK_IN_CELL.join(spelling.code_span(line, in_cell=True) for line in lines if line)
            case nodes.bullet_list() | nodes.enumerated_list():
                shown = spelling.BREAK_IN_CELL.join(self._items(node))
            case nodes.row():
                shown = " / ".join(filter(None, (self.write(cell.children) for cell in _elements(node))))
            case nodes.title() | nodes.term() | nodes.field_name() | nodes.rubric():
                inner = InlineText(self.inline.places, True, "**").write(node.children)
                shown = spelling.joined([spelling.Piece(inner, "**")])
            case _ if isinstance(node, nodes.Admonition) and node.tagname != "admonition":
                shown = f"**{spelling.text(box_label(str(node.tagname)))}**: {self.write(node.children)}"
            case nodes.transition():
                shown = "—"
            case nodes.raw():
                shown = self.inline.write([node])
            case nodes.TextElement():
                shown = self.inline.write(node.children).strip()
            case _ if not node.children:
                shown = self.inline.write([node]).strip()
                anchors = ""
            case _:
                shown = self.write(node.children)
        return anchors + shown

    def _items(self, node: nodes.Element) -> Iterator[str]:
        start = int(node.get("start", 1))
        for index, item in enumerate(_elements(node)):
            mark = f"{start + index}\\." if isinstance(node, nodes.enumerated_list) else "•"
            yield f"{mark} {self.write(item.children)}"


def _elements(node: nodes.Element) -> list[nodes.Element]:
    return [child for child in node.children if isinstance(child, nodes.Element)]
