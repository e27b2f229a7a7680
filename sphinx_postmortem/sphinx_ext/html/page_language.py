"""What the language of a site gives each HTML page: the words of our scripts, and the direction of writing."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.sphinx_ext.guest import is_in_use

SCRIPT_TEXTS = (
    later("Copy link to this row"),
    later("Copy link to {row}"),
    later("Copied"),
    later("See address bar"),
    later("Filter rows: "),
    later("Filter rows: {table}"),
    later("{shown} of {all} rows"),
    later("all owners"),
    later("action, in {page}"),
)
"""What our scripts say; they know each text by its English words."""

RIGHT_TO_LEFT = frozenset(["ar", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"])
# Without any weight, and only where a theme says nothing of the direction: those of today do not. A text that begins
# with a number ("1 h 56 min") goes by its own letters, which may be Latin ones, and stays where it would stand.
_DIRECTION = (
    "<style>:where(html:not([dir])){direction:rtl}"
    ":is(.pm-value,.pm-gap,.pm-over,.pm-small,.pm-ends,.pm-sub,.pm-sub strong,.pm-dots small)"
    "{unicode-bidi:plaintext;text-align:right}</style>"
)


def add_words(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: pages in English get nothing."""
    if not is_in_use(app):
        return
    words = {text: said for text in SCRIPT_TEXTS if (said := say(text)) != text}
    lines: list[str] = []
    if words:
        lines.append(f'<meta name="pm-words" content="{escape(json.dumps(words, ensure_ascii=False))}">')
    if is_right_to_left(app.config.language):
        lines.append(_DIRECTION)
    if lines:
        context["metatags"] = "\n".join([context.get("metatags", ""), *lines, ""])


def is_right_to_left(language: str) -> bool:
    """Say whether a language is written from right to left."""
    return language.replace("-", "_").partition("_")[0].casefold() in RIGHT_TO_LEFT
