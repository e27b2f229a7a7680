"""An incident's facts, impacts and times as rows of a few cells, and its actions with the late ones first.

Pages do this with a grid, and their readers sort; a PDF has tables alone, and is read from the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from docutils import nodes

from sphinx_postmortem.sphinx_ext.tree import every

FIGURE, SMALL, NAME = "postmortem-figure", "postmortem-step", "postmortem-cell-name"
STRIP, COLUMNS = "postmortem-strip", "postmortem-columns"
_LINE = 90
_CELLS_IN_ROW = 3
_FIGURES_IN_ROW = 5
_LONGEST_IN_CELL = 240
_LONGEST_FIGURE = 16


def lay_out_summaries(tree: nodes.Element) -> None:
    """Rewrite the lists of fields of summaries, and order the tables of actions."""
    for listing in every(tree, nodes.field_list):
        classes = listing["classes"]
        if "pm-facts" in classes:
            _replace(listing, _strip(listing))
        elif "pm-impacts" in classes:
            _replace(listing, _columns([[_named(name), *body] for name, body in _fields(listing)]))
        elif "pm-times" in classes:
            _replace(listing, _columns([_duration(name, body) for name, body in _fields(listing)]))
    for table in every(tree, nodes.table):
        if "pm-actions" in table["classes"] and "pm-list" not in table["classes"]:
            _put_late_first(table)


def figures(pairs: Iterable[tuple[str, str]]) -> list[nodes.Node]:
    """Return what is counted in a few cells: the value, and below it what it is of."""
    return _columns([[_paragraph(value, FIGURE), _paragraph(name, SMALL)] for name, value in pairs], _FIGURES_IN_ROW)


def _fields(listing: nodes.field_list) -> Iterator[tuple[str, Sequence[nodes.Node]]]:
    for field in listing.children:
        if isinstance(field, nodes.field):
            name, body = field.children
            yield name.astext(), body.children if isinstance(body, nodes.Element) else []


def _replace(listing: nodes.field_list, tables: Sequence[nodes.Node]) -> None:
    if tables:
        listing["classes"] = []
        listing.replace_self(tables)


def _strip(listing: nodes.field_list) -> list[nodes.Node]:
    """Return the facts in one line: what each is shows in its value. Too many, or too long ones, stay fields."""
    bodies = [body for _name, body in _fields(listing)]
    widths = [len(nodes.Element("", *(node.deepcopy() for node in body)).astext()) + 4 for body in bodies]
    rest = _LINE - sum(widths)
    if rest < 0 or not bodies:
        return []
    return [_table([bodies], [*widths[:-1], widths[-1] + rest], STRIP)]


def _columns(cells: Sequence[Sequence[nodes.Node]], most: int = _CELLS_IN_ROW) -> list[nodes.Node]:
    """Return cells side by side, at most ``most`` in a row and as many in each; none where one holds too much."""
    if any(sum(len(node.astext()) for node in cell) > _LONGEST_IN_CELL for cell in cells):
        return []
    if not cells:
        return []
    number = ceil(len(cells) / ceil(len(cells) / most))
    filled = [*cells, *([[]] * (-len(cells) % number))]
    rows = [filled[start : start + number] for start in range(0, len(filled), number)]
    return [_table(rows, [1] * number, COLUMNS)]


def _duration(name: str, body: Sequence[nodes.Node]) -> list[nodes.Node]:
    inlines = [inline for node in body for inline in every(node, nodes.inline)]
    value = next((each for each in inlines if "pm-value" in each["classes"]), None)
    ends = next((each for each in inlines if "pm-ends" in each["classes"]), None)
    if value is None or ends is None:
        return [_named(name), *body]
    is_short = "pm-none" not in value["classes"] and len(value.astext()) <= _LONGEST_FIGURE
    value["classes"] = [] if is_short else ["pm-value", "pm-none"]
    shown = nodes.paragraph("", "", value.deepcopy(), classes=[FIGURE] if is_short else [])
    return [shown, _named(name), _paragraph(ends.astext().strip(" :"), SMALL)]


def _named(name: str) -> nodes.paragraph:
    return _paragraph(name, NAME)


def _paragraph(text: str, style: str) -> nodes.paragraph:
    return nodes.paragraph("", text, classes=[style])


def _table(rows: Iterable[Sequence[Sequence[nodes.Node]]], widths: Sequence[int], style: str) -> nodes.table:
    body = nodes.tbody("", *(nodes.row("", *(nodes.entry("", *cell) for cell in row)) for row in rows))
    specs = [nodes.colspec(colwidth=width) for width in widths]
    group = nodes.tgroup("", *specs, body, cols=len(specs))
    return nodes.table("", group, classes=[style, "colwidths-given"])


def _put_late_first(table: nodes.table) -> None:
    for body in every(table, nodes.tbody):
        body[:] = sorted(body.children, key=_lateness)


def _lateness(row: nodes.Node) -> int:
    """Return 0 for what is overdue, 1 for what is open, 2 for what is done."""
    if not isinstance(row, nodes.row):
        return 1
    if any("pm-over" in inline["classes"] for inline in every(row, nodes.inline)):
        return 0
    return 2 if "pm-done" in row["classes"] else 1
