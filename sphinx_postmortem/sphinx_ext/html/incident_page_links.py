"""Where the page of an incident leads: its PDF, the calendar of its actions, and its source, with its history."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.source_links import links_of_theme
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of


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
        context["body"] = f'<p class="pm-sub pm-way">{" · ".join(links)}</p>\n{context.get("body", "")}'


def source_links(app: Sphinx, pagename: str) -> dict[str, str]:
    """Return the links to a page's source, where the edition shows them: the first one, unless the site says others."""
    settings = settings_of(app.config)
    said = settings.source_links
    if settings.edition.name not in (said.editions if said.editions is not None else (settings.audiences.internal,)):
        return {}
    if not said.edit and not said.history:
        said = links_of_theme(app.config.html_theme_options, app.config.html_context)
    return said.of_file(app.env.doc2path(pagename, base=False).as_posix())
