"""What some builders show of an incident's page in their own way: in HTML, the id and the title apart, once each."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every

_SUMMARY = "pm-summary"


class IncidentHead(SphinxPostTransform):
    """Sets an incident's id apart from the title of its page, and marks the page.

    The heading "Incident summary" right above the summary stays for screen readers and for links: the title and the
    facts say what it says.
    """

    formats = ("html",)
    default_priority = 700

    def run(self, **kwargs: Any) -> None:
        """Look at each summary; builders that merge pages have several."""
        keys = domain_of(self.env).knowledge.incident_by_key
        for summary in every(self.document, nodes.container):
            if _SUMMARY not in summary["classes"]:
                continue
            heading = _heading_above(summary)
            if heading is not None and "summary" in heading.astext().casefold():
                heading["classes"].append("pm-unseen")
            page = _page_of(summary)
            if page is None:
                continue
            page["classes"] += ["pm-incident", *(["pm-is-draft"] if _is_draft(summary) else [])]
            title = cast("nodes.title", page[0])
            text = title.children[0] if title.children else None
            id_ = title.astext().partition(":")[0]
            if isinstance(text, nodes.Text) and id_.casefold() in keys and text.startswith(f"{id_}: "):
                title[0:1] = output.title_with_id(id_, str(text)[len(id_) + 2 :])


class PhasesWithoutSpan(SphinxPostTransform):
    """Gives the rows that name a phase as many cells as the others: manual pages know no cell across columns."""

    formats = ("man",)
    default_priority = 700

    def run(self, **kwargs: Any) -> None:
        """Look at each row."""
        for row in every(self.document, nodes.row):
            if "pm-phase" in row["classes"]:
                more = cast("nodes.entry", row[0]).attributes.pop("morecols", 0)
                row += [nodes.entry("", nodes.paragraph()) for _ in range(more)]


def _heading_above(summary: nodes.Element) -> nodes.title | None:
    """Return the heading that a summary follows at once."""
    section = summary.parent
    heading = section.children[0]
    if not isinstance(section, nodes.section) or not isinstance(heading, nodes.title):
        return None
    before = section.children[1 : section.index(summary)]
    return heading if all(isinstance(node, nodes.target | nodes.comment) for node in before) else None


def _page_of(node: nodes.Element) -> nodes.section | None:
    """Return the outermost section round a node, which has the page's title."""
    found: nodes.section | None = None
    up = node.parent
    while up is not None:
        found = up if isinstance(up, nodes.section) else found
        if isinstance(up, nodes.Element) and up.get("docname"):
            break  # a page within a merged tree
        up = up.parent
    return found if found is not None and isinstance(found[0], nodes.title) else None


def _is_draft(summary: nodes.Element) -> bool:
    return any("pm-draft" in box["classes"] for box in every(summary, nodes.admonition))
