"""What stands within a line, as Markdown: emphasis, code, links, images, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.markdown import spelling
from sphinx_postmortem.sphinx_ext.markdown.places import Places
from sphinx_postmortem.sphinx_ext.markdown.spelling import Piece
from sphinx_postmortem.sphinx_ext.tree import is_line_break

UNSHOWN = (
    *(nodes.comment, nodes.substitution_definition, nodes.pending, nodes.colspec, nodes.meta),
    *(addnodes.tabular_col_spec, addnodes.highlightlang, addnodes.index, addnodes.toctree),
)
"""What is no part of what a page shows."""

_CODE = (nodes.literal, addnodes.desc_signature, addnodes.desc_inline)
_STRONG = (nodes.strong, addnodes.literal_strong)
_EMPHASIS = (nodes.emphasis, nodes.title_reference, addnodes.literal_emphasis)
_CHECKBOX = expression(r"<input\b[^<>]*\btype=[\"']?checkbox\b[^<>]*>", re.IGNORECASE)
_AUTOMATIC = expression(r"(?:id|index-)\d+")


@dataclass(frozen=True)
class InlineText:
    """Writes what stands within a line.

    Args:
        places: where links of this page lead.
        in_cell: whether the line is a cell of a table, which cannot break and in which a pipe has a meaning.
        around: the marks that stand round the text already; Markdown cannot nest one in itself.
    """

    places: Places
    in_cell: bool = False
    around: str = ""

    def write(self, children: Iterable[nodes.Node]) -> str:
        """Return nodes as one piece of Markdown, in which only hard breaks end a line."""
        return spelling.joined(list(self._pieces(children)))

    def _pieces(self, children: Iterable[nodes.Node]) -> Iterator[Piece]:
        for child in children:
            if isinstance(child, nodes.Text):
                yield Piece(spelling.text(child.astext(), in_cell=self.in_cell))
            elif isinstance(child, nodes.Element):
                yield from self._element(child)

    def _element(self, node: nodes.Element) -> Iterator[Piece]:
        if isinstance(node, UNSHOWN):
            return
        if anchors := self.anchors(node):
            yield Piece(anchors)
        match node:
            case _ if mark := self._mark(node):
                inner = InlineText(self.places, self.in_cell, f"{self.around} {mark}")
                yield Piece(inner.write(node.children), mark)
            case _ if isinstance(node, _CODE):
                yield Piece(spelling.code_span(node.astext(), in_cell=self.in_cell))
            case nodes.math():
                yield Piece(f"${spelling.code_span(node.astext(), in_cell=self.in_cell)}$")
            case nodes.raw():
                yield Piece(self._raw(node))
            case nodes.image():
                yield Piece(self._image(node))
            case nodes.footnote_reference():
                yield Piece(f"[^{note_label(node, str(node.get('refid', '')))}]")
            case nodes.reference() | addnodes.download_reference() if uri := self.places.target(node):
                yield Piece(self._link(node, uri))
            case nodes.subscript() | nodes.superscript():
                tag = "sub" if isinstance(node, nodes.subscript) else "sup"
                yield Piece(f"<{tag}>{self.write(node.children)}</{tag}>")
            case _:
                yield from self._other(node)

    def _mark(self, node: nodes.Element) -> str:
        """Return the mark that is to stand round a node; empty where there is none, or where it stands already."""
        mark = "**" if isinstance(node, _STRONG) else "*" if isinstance(node, _EMPHASIS) else ""
        return "" if mark in self.around.split() else mark

    def _other(self, node: nodes.Element) -> Iterator[Piece]:
        """Yield any other element: its text, and what else it says."""
        if node.children:
            parts = [self.write([child]) for child in node.children] if not isinstance(node, nodes.TextElement) else []
            yield Piece(" ".join(filter(None, parts)) if parts else self.write(node.children))
        elif said := unknown_text(node):
            yield Piece(spelling.code_span(said, in_cell=self.in_cell))
        if node.get("explanation"):
            yield Piece(spelling.text(f" ({node['explanation']})", in_cell=self.in_cell))

    def _raw(self, node: nodes.raw) -> str:
        """Return raw Markdown; of HTML only what MyST makes of Markdown's own signs: breaks and boxes to tick."""
        formats = str(node.get("format", "")).split()
        source = node.astext()
        if "markdown" in formats:
            return source.replace("\n", " ")
        if "html" in formats and is_line_break(source):
            return spelling.BREAK_IN_CELL if self.in_cell else spelling.BREAK
        if "html" in formats and (found := _CHECKBOX.fullmatch(source.strip())):
            return "[x] " if re.search(r"\schecked\b", found[0], re.IGNORECASE) else "[ ] "
        return ""

    def _image(self, node: nodes.image) -> str:
        alt = spelling.text(str(node.get("alt", "")), in_cell=self.in_cell)
        return f"![{alt}]({spelling.address(self.places.image(node))})"

    def _link(self, node: nodes.Element, uri: str) -> str:
        if "pm-anchor" in node["classes"]:  # a row's link to itself, for readers to copy
            return self.write(node.children)
        if uri == node.astext() and re.fullmatch(r"https?://[^\s<>|\\`]+", uri):
            return f"<{uri}>"
        number = "".join(f"{part}." for part in node.get("secnumber") or ())
        tooltip = "" if node.get("internal") else str(node.get("reftitle", ""))
        return spelling.link(f"{number} {self.write(node.children)}", uri, tooltip)

    def anchors(self, node: nodes.Element) -> str:
        """Return the places that a node names, but for those that docutils has numbered."""
        if isinstance(node, nodes.footnote_reference) or (isinstance(node, nodes.target) and "refuri" in node):
            return ""
        names: list[str] = node.get("ids", [])
        return "".join(spelling.anchor(name) for name in names if not _AUTOMATIC.fullmatch(name))


def note_label(node: nodes.Element, id_: str) -> str:
    """Return the label of a footnote: what is shown, or its id where that is no word."""
    first = node.children[0] if node.children else None
    shown = first.astext() if isinstance(first, nodes.label) else node.astext()
    return shown if re.fullmatch(r"\w[\w.-]*", shown) else id_


def box_label(kind: str) -> str:
    """Return what stands at the head of a box of a kind."""
    return str(admonitionlabels.get(kind, kind.replace("_", " ").capitalize()))


def unknown_text(node: nodes.Element) -> str:
    """Return what a node without children says: its code or description; else its name, so that a reader misses it."""
    if isinstance(node, nodes.Invisible | nodes.TextElement | nodes.target) or type(node).__module__ == nodes.__name__:
        return ""
    for name in ("code", "alt", "title", "caption"):
        if isinstance(said := node.get(name), str) and said.strip():
            return said
    if type(node).__module__ == addnodes.__name__:
        return ""
    return f"[{node.tagname}]"
