"""What some builders show of an incident's page in their own way.

In HTML, the id and the title stand apart, once each, and links lead to the page's PDF, to the calendar of its actions,
and to its source with its history.
"""

from __future__ import annotations

from html import escape
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.source_links import links_of_theme
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.guest import is_unused
from sphinx_postmortem.sphinx_ext.kept import BUILDER
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import of_theme, settings_of
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
        if is_unused(self.env):
            return
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
                output.undo_span(row)


class RowTargets(SphinxPostTransform):
    """Gives each row's anchor a node of its own, where the builder makes no anchor of an id on a text.

    HTML does; LaTeX, rst2pdf and others know targets alone. Trees are stored without them, since most are for HTML.
    """

    default_priority = 700

    def run(self, **kwargs: Any) -> None:
        """Look at the first cell of each row."""
        builder = BUILDER.of(self.env)
        if (builder is not None and builder.format == "html") or is_unused(self.env):
            return
        for row in every(self.document, nodes.row):
            text = row.next_node(nodes.paragraph)
            if text is not None and text.parent is row.children[0]:
                for anchor in [each for each in text["ids"] if each.startswith("pm-")]:
                    text["ids"].remove(anchor)
                    text.insert(0, output.anchor_target(anchor, None))


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


def add_links(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: put the links above the page's text. Other builders do not know them."""
    domain = domain_of(app.env)
    incident = domain.knowledge.incidents_by_page.get(pagename) if doctree is not None else None
    if incident is None:
        return
    files = built_files(domain)
    found = {
        "PDF": files.pdf_of_page(pagename, pagename),
        say("Calendar of its actions (.ics)"): files.calendar_of_incident(incident, pagename),
        **source_links(app, pagename),
    }
    links = [f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in found.items() if address]
    if links:
        context["body"] = f'<p class="pm-way">{" · ".join(links)}</p>\n{context.get("body", "")}'


def source_links(app: Sphinx, pagename: str) -> dict[str, str]:
    """Return the links to a page's source, where the edition shows them: the first one, unless the site says others."""
    settings = settings_of(app.config)
    said = settings.source_links
    if settings.edition.name not in (said.editions if said.editions is not None else (settings.audiences.internal,)):
        return {}
    if not said.edit and not said.history:
        said = links_of_theme(*of_theme(app.config))
    return said.of_file(app.env.doc2path(pagename, base=False).as_posix())
