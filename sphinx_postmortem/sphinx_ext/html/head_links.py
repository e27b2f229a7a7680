"""What the head of an HTML page says to programs: feed, Markdown, and what an incident is, for the search."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.records.domain import domain_of


def add_to_head(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: add links to feed and Markdown, and severity, status and date of an incident."""
    domain = domain_of(app.env)
    lines: list[str] = []
    if address := built_files(domain).data("atom", pagename):
        title = escape(say("{site}: incidents", site=app.config.project) if app.config.project else say("Incidents"))
        lines.append(f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{escape(address)}">')
    if doctree is not None and (address := built_files(domain).markdown_of_page(pagename)):
        lines.append(f'<link rel="alternate" type="text/markdown" href="{escape(address)}">')
    shown = domain.knowledge.incidents_by_page.get(pagename) if doctree is not None else None
    if shown:
        facts = (shown.severity, status_label(shown.status), shown.first_day.isoformat() if shown.first_day else "")
        if said := " · ".join(filter(None, facts)):
            lines.append(f'<meta name="pm-facts" content="{escape(said)}">')
    if lines:
        context["metatags"] = "\n".join([context.get("metatags", ""), *lines, ""])
