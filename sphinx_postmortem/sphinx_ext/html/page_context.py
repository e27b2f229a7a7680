"""What HTML pages say beside their text: the edition, an incident's facts, and the TLP label when printed."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.guest import is_in_use
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of


def banner_text(app: Sphinx) -> str:
    """Return the text that tells which edition a page is of; empty when the site wants none, or only loads us."""
    if not is_in_use(app):
        return ""
    settings = settings_of(app.config)
    return say(settings.edition_banner).replace("{edition}", settings.edition.name).strip()


def add_banner(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: put the banner before the page's text.

    Pages that the theme makes alone (search, index) hold no text of ours; there the script shows it.
    """
    text = banner_text(app)
    if not text:
        return
    edition = settings_of(app.config).edition.name
    if context.get("body"):
        context["body"] = f'<p class="pm-edition pm-edition-{escape(edition)}">{escape(text)}</p>\n{context["body"]}'
    else:
        context["metatags"] = f'{context.get("metatags", "")}\n<meta name="pm-edition" content="{escape(text)}">\n'


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


_RULE = '@page{{margin-top:18mm;@top-right{{content:"{label}";font:700 12pt sans-serif}}}}'


def add_print_label(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: give the margin of printed pages the label of the page's incidents."""
    found = {incident.tlp for incident in domain_of(app.env).records_of(pagename).incidents}
    labels = [f"TLP:{label}" for label in TLP_LABELS if label in found]
    if doctree is not None and labels:
        rule = _RULE.format(label=", ".join(labels))
        context["metatags"] = f"{context.get('metatags', '')}\n<style>{rule}</style>\n"
