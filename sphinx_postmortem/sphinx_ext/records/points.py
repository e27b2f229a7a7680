"""The items of lists as records: ``- **Kind**: text``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes

from sphinx_postmortem.core.records.lesson_headings import lesson_role
from sphinx_postmortem.core.records.model import Point
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.sphinx_ext.records.text import record_text
from sphinx_postmortem.sphinx_ext.tree import every


def points_of(parsed: Iterable[nodes.Node], incident_id: str, docname: str, role: str) -> Iterator[Point]:
    """Yield the items of the outermost lists, and paragraphs that stand beside them, each as a record.

    A prompt of a template is none.
    """
    items: list[nodes.Node] = []
    for block in parsed:
        if isinstance(block, nodes.bullet_list | nodes.enumerated_list):
            items += block.children
        elif isinstance(block, nodes.paragraph):
            items.append(block)
    for item in items:
        point = _point(item, incident_id, docname, role)
        if not is_prompt(point.text or point.kind):
            yield point


def lessons_of(document: nodes.document, docname: str) -> Iterator[Point]:
    """Yield the lessons of a page: the list items below headings such as "What went well", not those of subsections."""
    for section in every(document, nodes.section):
        role = lesson_role(section[0].astext()) if section.children else ""
        if role:
            lists = [
                block for block in section.children if isinstance(block, nodes.bullet_list | nodes.enumerated_list)
            ]
            yield from points_of(lists, "", docname, role)


def _point(item: nodes.Node, incident_id: str, docname: str, role: str) -> Point:
    copied = item.deepcopy()
    line = next((node.line for node in item.findall() if node.line), 0) or 0
    first = copied.next_node(nodes.strong) if isinstance(copied, nodes.Element) else None
    kind = ""
    if first is not None and _begins(copied, first):
        kind = record_text([first]).strip().rstrip(":").strip()
        first.parent.remove(first)
    text = " ".join(record_text([copied]).split())
    return Point(incident_id, docname, role, kind, text.lstrip(": ").strip() if kind else text, line)


def _begins(item: nodes.Node, strong: nodes.Element) -> bool:
    """Say whether an item begins with these bold words."""
    return next((node for node in item.findall(nodes.Text) if node.strip()), None) in strong.children
