"""The part of a page that is about one of its incidents, where the page has several."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from docutils import nodes

from sphinx_postmortem.sphinx_ext.tree import every


def keep_incident(document: nodes.document, own: str, anchors: Collection[str]) -> nodes.document:
    """Take out of a tree what is about other incidents for certain, and return it.

    A section that holds summaries of others alone is theirs. What follows a summary beside it is of its incident, as
    records are. What follows a whole section of an incident, with subsections, may be about all: it stays.

    Args:
        document: the tree of the page; it is changed.
        own: the anchor of the incident that stays.
        anchors: the anchors of all incidents of the page.
    """
    if own in _anchors_in(document, anchors):
        _prune(document, own, anchors)
    return document


def _prune(parent: nodes.Element, own: str, anchors: Collection[str]) -> None:
    reading = own  # what stands above the first summary stays
    is_beside = False  # whether the summary of ``own`` is a child of the parent, and no section bounds what follows
    for child in list(parent.children):
        found, is_section = _anchors_in(child, anchors), isinstance(child, nodes.section)
        goes_on = is_section and is_beside and reading == own  # the other's summary may stand within our section
        is_others = own not in found and not goes_on if found else reading != own
        if found:
            reading = own if len(found) == 1 and is_section and _has_sections(child) else found[-1]
            is_beside = is_beside or (own in found and not is_section)
        if is_others and not isinstance(child, nodes.title):
            parent.remove(child)
        elif set(found) - {own} and isinstance(child, nodes.Element):
            _prune(child, own, anchors)


def _has_sections(node: nodes.Node) -> bool:
    return any(isinstance(each, nodes.section) for each in node.children)


def _anchors_in(node: nodes.Node, anchors: Collection[str]) -> list[str]:
    """Return the anchors of the summaries within a node, in their order."""
    elements = every(node, nodes.Element)
    return [id_ for each in elements for id_ in cast("list[str]", each.get("ids", [])) if id_ in anchors]
