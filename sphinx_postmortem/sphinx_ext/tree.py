"""Walks over a page's tree."""

from __future__ import annotations

from typing import TypeVar

from docutils import nodes

AnyNode = TypeVar("AnyNode", bound=nodes.Node)


def every(tree: nodes.Node, kind: type[AnyNode]) -> list[AnyNode]:
    """Return the nodes of a kind in a tree, itself among them, in document order.

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
            waiting.extend(reversed(node.children))
    return found
