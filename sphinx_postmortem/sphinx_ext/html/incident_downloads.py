"""The files that the page of an incident leads to: its PDF and the calendar of its actions, where they are built."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.records.domain import domain_of


def add_downloads(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: link the files above the page's text. Other builders do not know them."""
    domain = domain_of(app.env)
    incident = domain.knowledge.incidents_by_page.get(pagename) if doctree is not None else None
    if incident is None:
        return
    files = built_files(domain)
    found = {
        "PDF": files.pdf_of_page(pagename, pagename),
        say("Calendar of its actions (.ics)"): files.calendar_of_incident(incident, pagename),
    }
    links = [f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in found.items() if address]
    if links:
        context["body"] = f'<p class="pm-sub pm-way">{" · ".join(links)}</p>\n{context.get("body", "")}'
