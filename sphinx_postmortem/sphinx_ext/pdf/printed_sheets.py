"""Sheets for meetings as documents that the renderer prints."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from sphinx_postmortem.core.sheets.sheet import Block, Grid, Items, Paragraph, Sheet, SheetBox, SheetHeading, Subheading
from sphinx_postmortem.sphinx_ext.pdf.cover_and_contents import add_front_matter
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.fonts import FontSet, use_fallback_fonts
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions
from sphinx_postmortem.sphinx_ext.pdf.lowering import lower
from sphinx_postmortem.sphinx_ext.pdf.page_breaks import keep_together
from sphinx_postmortem.sphinx_ext.pdf.table_layout import fit_columns

_SPACE = "\u00a0"
_LINES_TO_WRITE = 2
_ROW_TO_WRITE_IN, _ABOVE_ROWS = 38, 90
"""Points of a row to write in, and of the heading and the titles above it."""
_QUIET, _ORIGIN, _BELOW = "postmortem-quiet", "postmortem-origin", "postmortem-cell-note"


def printed_sheet(
    sheet: Sheet, tree: nodes.document, document: PdfDocument, options: LayoutOptions, fonts: FontSet
) -> nodes.document:
    """Return a sheet, ready for the renderer.

    Args:
        sheet: the sheet.
        tree: an empty document.
        document: what header, footer and properties say.
        options: how it is laid out.
        fonts: the fonts that it is printed in.
    """
    top = _section(sheet.title, "sheet")
    if sheet.about:
        top += _paragraph(sheet.about, "postmortem-facts")
    parents: list[nodes.Element] = [top]
    for number, block in enumerate(sheet.blocks):
        if isinstance(block, SheetHeading | Subheading):
            del parents[1 if isinstance(block, SheetHeading) else 2 :]
            section = _section(block.text, f"part-{number}")
            parents[-1].extend([*_together_with(sheet.blocks[number + 1 : number + 2]), section])
            parents.append(section)
        else:
            parents[-1].extend(_blocks(block))
    top += _paragraph(sheet.origin, _ORIGIN)
    tree += top
    fit_columns(tree)
    lower(tree, show_todos=False)
    keep_together(tree)
    add_front_matter(tree, document, options)
    use_fallback_fonts(tree, fonts)
    return tree


def _together_with(following: Sequence[Block]) -> list[nodes.Node]:
    """Return the request for so much room that a sheet to write on stays with its heading."""
    grids = [each for each in following if isinstance(each, Grid) and each.is_to_write_in]
    return [
        nodes.raw("", f"FrameBreak {_ABOVE_ROWS + _ROW_TO_WRITE_IN * len(each.rows)}", format="pdf") for each in grids
    ]


def _section(title: str, id_: str) -> nodes.section:
    return nodes.section("", nodes.title(title, title), ids=[id_])


def _paragraph(text: str, *classes: str) -> nodes.paragraph:
    return nodes.paragraph(text, text, classes=list(classes))


def _blocks(block: Block) -> list[nodes.Node]:
    match block:
        case Paragraph():
            return [_paragraph(block.text, *([_QUIET] if block.is_quiet else []))]
        case Items(is_asked=True):
            return [each for text in block.texts for each in (_listed([nodes.strong(text, text)]), _room())]
        case Items():
            return [_listed([nodes.Text(text) for text in block.texts], is_numbered=block.is_numbered)]
        case SheetBox():
            inner: list[nodes.Node] = [_paragraph(text) for text in block.texts]
            inner += [part for text in block.asks for part in (_paragraph(text), *_lines())]
            kind = nodes.important if block.is_decision else nodes.admonition  # of another colour
            return [kind("", nodes.title(block.title, block.title), *inner)]
        case Grid():
            return [_grid(block)]
        case _:
            return []


def _listed(texts: Sequence[nodes.Node], *, is_numbered: bool = False) -> nodes.Element:
    items = [nodes.list_item("", nodes.paragraph("", "", text)) for text in texts]
    if is_numbered:
        return nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")
    return nodes.bullet_list("", *items)


def _lines() -> list[nodes.Node]:
    return [_paragraph(_SPACE) for _line in range(_LINES_TO_WRITE)]


def _room() -> nodes.table:
    """Return lines to write on."""
    rows = [nodes.row("", nodes.entry("", _paragraph(_SPACE))) for _line in range(_LINES_TO_WRITE)]
    return _table([100], [], rows)


def _grid(grid: Grid) -> nodes.table:
    head = [nodes.row("", *(nodes.entry("", _paragraph(title)) for title in grid.titles))]
    rows = [nodes.row("", *(_cell(text, is_high=grid.is_to_write_in) for text in row)) for row in grid.rows]
    return _table(grid.widths, head, rows)


def _cell(text: str, *, is_high: bool) -> nodes.entry:
    first, *more = text.split("\n")
    below = [_paragraph(line, _BELOW) for line in more]
    return nodes.entry("", _paragraph(first or _SPACE), *below, *(_lines() if is_high and not text else []))


def _table(widths: Sequence[int], head: list[nodes.row], rows: list[nodes.row]) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
    if head:
        group += nodes.thead("", *head)
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=["colwidths-given"])
