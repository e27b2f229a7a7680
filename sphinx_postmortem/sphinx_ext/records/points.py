"""The items of lists as records: ``- **Kind**: text``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util import docname_join

from sphinx_postmortem.core.records.factors import NO_FACTORS, FactorTags, FactorVocabulary
from sphinx_postmortem.core.records.kind_words import lesson_role
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, Point
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.sphinx_ext.records.text import record_text
from sphinx_postmortem.sphinx_ext.tree import every


def points_of(
    parsed: Iterable[nodes.Node],
    incident_id: str,
    docname: str,
    role: str,
    vocabulary: FactorVocabulary = NO_FACTORS,
) -> Iterator[Point]:
    """Yield the items of the outermost lists, and paragraphs that stand beside them, each as a record.

    A prompt of a template is none. With a vocabulary, the tags with which items begin are read.
    """
    for point, _ in _points_with_items(parsed, incident_id, docname, role, vocabulary):
        yield point


def _points_with_items(
    parsed: Iterable[nodes.Node],
    incident_id: str,
    docname: str,
    role: str,
    vocabulary: FactorVocabulary = NO_FACTORS,
) -> Iterator[tuple[Point, nodes.Node]]:
    for item in items_of(parsed):
        point = _point(item, incident_id, docname, role, vocabulary)
        if not is_prompt(point.text or point.kind):
            yield point, item


def items_of(parsed: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return the items of the outermost lists, and paragraphs that stand beside them."""
    items: list[nodes.Node] = []
    for block in parsed:
        if isinstance(block, nodes.bullet_list | nodes.enumerated_list):
            items += block.children
        elif isinstance(block, nodes.paragraph):
            items.append(block)
    return items


def kind_of(item: nodes.Node) -> nodes.strong | None:
    """Return the bold words with which an item begins."""
    first = item.next_node(nodes.strong) if isinstance(item, nodes.Element) else None
    return first if first is not None and _begins(item, first) else None


def lessons_of(
    document: nodes.document, docname: str, pages: Collection[str], anchors: Mapping[str, str]
) -> Iterator[Point]:
    """Yield the lessons of a page: the list items below headings such as "What went well", not those of subsections.

    They are of the incident whose summary stands above them, as rows of tables are. Of what did not go well they hold
    the pages to which they link, of those that the edition has (``pages``).

    Args:
        document: the tree of the page.
        docname: its name.
        pages: the names of all pages.
        anchors: the ids of the page's incidents, by their anchors.
    """
    incident = ""
    elements: Sequence[nodes.Element] = every(document, nodes.Element if len(anchors) > 1 else nodes.section)
    for section in elements:
        ids: list[str] = section.get("ids", [])
        incident = next((anchors[id_] for id_ in ids if id_ in anchors), incident)
        is_section = isinstance(section, nodes.section) and section.children
        role = lesson_role(section[0].astext()) if is_section else ""
        if role:
            lists = [
                block for block in section.children if isinstance(block, nodes.bullet_list | nodes.enumerated_list)
            ]
            for point, item in _points_with_items(lists, incident, docname, role):
                linked = _linked_pages(item) if role == DID_NOT_GO_WELL else ()
                yield replace(point, runbooks=tuple(page for page in dict.fromkeys(linked) if page in pages))


def _linked_pages(item: nodes.Node) -> Iterator[str]:
    """Yield the names of the pages to which links within an item lead."""
    for node in every(item, pending_xref):
        kind = (node.get("refdomain"), node.get("reftype"))
        if kind == ("doc", "myst"):
            yield str(node["reftarget"])
        elif kind == ("std", "doc"):
            yield docname_join(str(node.get("refdoc", "")), str(node["reftarget"]))


def _point(item: nodes.Node, incident_id: str, docname: str, role: str, vocabulary: FactorVocabulary) -> Point:
    copied = item.deepcopy()
    line = next((node.line for node in item.findall() if node.line), 0) or 0
    first, kind = kind_of(copied), ""
    if first is not None:
        kind = record_text([first]).strip().rstrip(":").strip()
        first.parent.remove(first)
    text = " ".join(record_text([copied]).split())
    tags = vocabulary.read_tags(text) if kind else FactorTags(text)
    return Point(
        incident_id, docname, role, kind, tags.rest.lstrip(": ").strip() if kind else text, tags.ids, line=line
    )


def _begins(item: nodes.Node, strong: nodes.Element) -> bool:
    """Say whether an item begins with these bold words."""
    return next((node for node in item.findall(nodes.Text) if node.strip()), None) in strong.children
