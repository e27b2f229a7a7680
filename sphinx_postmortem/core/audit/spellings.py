"""The ways in which an edition may spell a text of a source: as it is written, as pages show it, and as ids do.

What is hidden is looked for in each of these ways, and what is visible is known in each of them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from sphinx_postmortem.core.expressions import expression

_LINK_TARGET = expression(r"\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")  # [text](target "title")
# What a page does not show: a sign without which it is in no text, what it looks like, what stands in its place.
_MARKUP = (
    ("](", _LINK_TARGET, " "),
    ("][", expression(r"\]\[[^\]]*\]"), " "),  # [text][reference]
    ("<", expression(r"<[^<>`]+>(?=`)"), " "),  # `text <target>`
    ("<", expression(r"</?[a-z][\w-]*(?:\s[^<>]*)?/?>", re.IGNORECASE), " "),  # a tag; no autolink, which is shown
    ("`", expression(r"\{[\w:.+-]{1,60}\}(?=`)|:[\w:.+-]{1,60}:(?=`)"), " "),  # a role
    ("`", expression(r"`(?<=\w`)`*+(?=\w)"), ""),
    ("*", expression(r"\*(?<=\w\*)\**+(?=\w)"), ""),  # within a word
    ("_", expression(r"\\(?=_)"), ""),
    ("_", expression(r"(?<![^\W_])_+|_+(?![^\W_])"), ""),  # _emphasis_, and the end of a reference_
)


_LONG_NUMBER = expression(r"&#(?:\d{8,}+|[xX][\da-fA-F]{8,}+);?")  # no character has such a number


def unescape_entities(text: str) -> str:
    """Return a text with its character references read. Python stops at a reference of thousands of digits."""
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


@lru_cache(maxsize=100_000)
def readings_of(text: str) -> tuple[str, str, str]:
    """Return a text as it is written, as a page shows it, and as an id or an address spells it."""
    shown = text
    for sign, markup, instead in _MARKUP:
        if sign in shown:
            shown = markup.sub(instead, shown)
    if "&" in shown:
        shown = unescape_entities(shown)
    return text, shown, _as_id(shown) if "_" in shown or not shown.isascii() else shown


def _as_id(text: str) -> str:
    """Return a text with what docutils keeps of it in an id: what is ASCII, without underlines."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().replace("_", " ")
