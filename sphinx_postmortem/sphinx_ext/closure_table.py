"""The table of a closure checklist: the four criteria and what the edition shows as their evidence."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.core.checks.closure import (
    Assigned,
    ClosureFacts,
    Criterion,
    Said,
    is_about_closure,
    judge_closure,
)
from sphinx_postmortem.core.records import Action
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.domain import PostmortemDomain

_TITLES = ("Criterion", "Status", "Evidence")
_WIDTHS = (38, 14, 48)


def build(place: nodes.Element, domain: PostmortemDomain) -> nodes.table:
    """Return the table for its placeholder. It judges by what the edition shows of the page, and by nothing else."""
    is_filtered = domain.settings.edition.is_filtered
    criteria = judge_closure(_facts(place, domain))
    rows = [output.TableRow(_cells(criterion, is_filtered=is_filtered)) for criterion in criteria]
    table = output.table(_TITLES, rows, ["pm-closure", *place["css"]], _WIDTHS)
    table["ids"], table["names"] = list(place["ids"]), list(place["names"])
    return table


def _cells(criterion: Criterion, *, is_filtered: bool) -> list[output.Inline]:
    # A filtered edition cannot tell what is missing from what is hidden, so it claims neither.
    if criterion.is_met:
        status, evidence = output.badge("met", "status", "done"), criterion.evidence
    elif is_filtered:
        status, evidence = output.badge("not stated", "status", "open"), "Not shown in this edition"
    else:
        status, evidence = output.badge("not met", "status", "overdue"), criterion.evidence
    return [[nodes.Text(criterion.name)], [status], [nodes.Text(evidence[:1].upper() + evidence[1:])]]


def _facts(place: nodes.Element, domain: PostmortemDomain) -> ClosureFacts:
    page = _page_of(place)
    causes = [node for node in page.findall(nodes.admonition) if "pm-root-cause" in node["classes"]]
    owners = [name.casefold() for owner in domain.settings.owners for name in (owner.id, owner.name) if name]
    return ClosureFacts(
        causes=tuple(Said(_text_of_cause(node)) for node in causes if _page_of(node) is page),
        actions=tuple(_assigned(action) for action in domain.records_of(place["docname"]).actions),
        statements=tuple(Said(text) for text in _statements(page)),
        lessons=(Said(place["lessons"]),) if place["lessons"] else (),
        registered=owners,
    )


def _assigned(action: Action) -> Assigned:
    return Assigned(action.local_id, action.owners, action.due is not None)


def _text_of_cause(box: nodes.Element) -> str:
    return " ".join(child.astext() for child in box.children if not isinstance(child, nodes.title))


def _statements(page: nodes.Element) -> Iterator[str]:
    """Yield the paragraphs below headings about closure, those of list items among them."""
    for section in page.findall(nodes.section):
        if _page_of(section) is page and section.children and is_about_closure(section[0].astext()):
            for item in section.findall(nodes.paragraph):
                yield item.astext()


def _page_of(node: nodes.Element) -> nodes.Element:
    """Return what holds a node's page: in builders that merge all pages, its part of the tree."""
    while node.parent is not None and not isinstance(node, addnodes.start_of_file):
        node = node.parent
    return node
