"""What an edition shows of a page, as the checks read it: taken from the tree, which holds nothing hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docutils import nodes

from sphinx_postmortem.core.reader import Directive, Heading, Line, Prose, SourcePage

_BOXES = {"pm-summary": "incident-summary", "pm-root-cause": "root-cause", "pm-factors": "contributing-factors"}


def shown_source(doctree: nodes.document) -> SourcePage:
    """Return the prose of a page with its lines, headings and the boxes that it stands in."""
    source = SourcePage(markdown=True, lines=[])
    boxes = list(_boxes(doctree))
    source.directives = [directive for _, directive in boxes]
    by_node = {id(node): directive for node, directive in boxes}
    for node in doctree.findall(lambda inner: isinstance(inner, nodes.paragraph | nodes.title | nodes.term)):
        text = " ".join(node.astext().split())
        directive = _box_of(node, by_node)
        if isinstance(node.parent, nodes.section) and isinstance(node, nodes.title):
            source.headings.append(Heading(1, text, _line_of(node), _file_of(node, doctree)))
        elif text:
            prose = Prose(_line_of(node), text, directive, _section_of(node), _file_of(node, doctree))
            source.prose.append(prose)
            if directive:
                directive.body.append(_as_line(prose))
    return source


def _as_line(prose: Prose) -> Line:
    return Line(prose.number, prose.text, prose.file)


def _boxes(doctree: nodes.document) -> Iterator[tuple[nodes.Element, Directive]]:
    for node in doctree.findall(nodes.admonition):
        name = next((_BOXES[name] for name in node["classes"] if name in _BOXES), "")
        if name:
            yield node, Directive(name, "", _line_of(node))


def _box_of(node: nodes.Node, boxes: dict[int, Directive]) -> Directive | None:
    up: nodes.Node | None = node
    while up is not None:
        if id(up) in boxes:
            return boxes[id(up)]
        up = up.parent
    return None


def _section_of(node: nodes.Node) -> str:
    up: nodes.Node | None = node
    while up is not None and not isinstance(up, nodes.section):
        up = up.parent
    title = up.next_node(nodes.title) if isinstance(up, nodes.section) else None
    return title.astext() if title is not None else ""


def _file_of(node: nodes.Node, doctree: nodes.document) -> str:
    """Return the path of the included file that a node comes from; empty for the page's own."""
    up: nodes.Node | None = node
    while up is not None and not up.source:
        up = up.parent
    source = (up.source or "") if up is not None else ""
    is_own = not source or not Path(source).is_absolute() or source == doctree.get("source")
    return "" if is_own else Path(source).as_posix()


def _line_of(node: nodes.Node) -> int:
    up: nodes.Node | None = node
    while up is not None and not up.line:
        up = up.parent
    return up.line or 0 if up is not None else 0
