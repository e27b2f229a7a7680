"""Walks over a page's tree, and its texts as a reader sees them: across emphasis, links and other inline nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from docutils import nodes

AnyNode = TypeVar("AnyNode", bound=nodes.Node)


def every(tree: nodes.Node, kind: type[AnyNode] | tuple[type[AnyNode], ...]) -> list[AnyNode]:
    """Return the nodes of a kind, or of some, in a tree, itself among them, in document order.

    As ``list(tree.findall(kind))``, which passes each node up through all its parents. The list may be used while the
    tree is changed.
    """
    found: list[AnyNode] = []
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kind):
            found.append(node)
        if node.children:
            waiting += node.children[::-1]
    return found


def text_of(node: nodes.Element) -> str:
    """Return what ``astext`` does; of a node with one text and no more, without looking for docutils' own escapes."""
    only = node.children[0] if len(node.children) == 1 else None
    return str(only) if isinstance(only, nodes.Text) and "\x00" not in only else node.astext()


Run = list[nodes.Text | None]
"""The pieces of one text; None stands for a break of the line between two nodes."""


def text_runs(tree: nodes.Element) -> Iterator[Run]:
    """Yield the text of each block below a node."""
    for child in tree.children:
        if isinstance(child, nodes.line_block):
            run: Run = []
            for line in child.findall(nodes.line):
                run += [*line.findall(nodes.Text), None]
            yield run
        elif isinstance(child, nodes.TextElement):
            yield [each if isinstance(each, nodes.Text) else None for each in child.findall(_is_piece)]
        elif isinstance(child, nodes.Text):
            yield [child]
        elif isinstance(child, nodes.Element):
            yield from text_runs(child)


def _is_piece(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Text):
        return not isinstance(node.parent, nodes.raw)
    return isinstance(node, nodes.raw) and is_line_break(node.astext())


def rewrite_texts(tree: nodes.Element, rewrite: Callable[[Sequence[str]], Sequence[str]]) -> None:
    """Replace the pieces of every text below a node by what ``rewrite`` makes of them; it returns as many pieces."""
    for run in list(text_runs(tree)):
        pieces = ["\n" if text is None else str(text) for text in run]
        for text, old, new in zip(run, pieces, rewrite(pieces), strict=True):
            if text is not None and new != old:
                text.parent.replace(text, nodes.Text(new))


def is_line_break(source: str) -> bool:
    """Say whether raw HTML is a break of the line and no more: what Markdown makes of a backslash at a line's end."""
    return re.fullmatch(r"\s*<br\s*/?>\s*", source, re.IGNORECASE) is not None
