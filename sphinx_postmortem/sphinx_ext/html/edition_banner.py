"""The banner of an edition on its HTML pages."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.sphinx_ext.guest import is_in_use
from sphinx_postmortem.sphinx_ext.settings import settings_of


def banner_text(app: Sphinx) -> str:
    """Return the text that tells which edition a page is of; empty when the site wants none, or only loads us."""
    settings = settings_of(app.config)
    if not is_in_use(app):
        return ""
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
