"""Makes texts of sources into Markdown of ours, so that they can never become markup of ours.

Plain text is escaped letter by letter. The author's own Markdown is read and written anew (``markdown_text``): what
the writer does not know cannot stand in its output.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from sphinx_postmortem.core.expressions import expression

# All that begins or ends markup within a line, in CommonMark, in MyST and in its optional syntax.
_INLINE = expression(r"[\\`*_\[\]{}<>&|$~^]")
# Headings, lists, quotes, rules, fences, comments, targets, options; numbers of lists apart.
_LINE_START = expression(r"^([#%:+=~(\-]+)", re.MULTILINE)
_AFTER_NUMBER = expression(r"^(\d{1,9})([.)])", re.MULTILINE)
_IN_ADDRESSES = "/:?#@!$&'+,;=%-._~"  # no brackets, stars, pipes, spaces or quotes of other kinds
_SCHEMES = ("https", "http", "mailto")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_KEPT_UNSEEN = "\n\t\u200d\ufe0f"  # the joiner and the selector of emoji


def visible(text: str) -> str:
    """Return a text without control and format characters: no hidden letters, no change of the direction of writing.

    Ends of lines of any kind become line feeds; tabs become a space.
    """
    text = re.sub(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", text).replace("\t", " ").replace("\u00a0", " ")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c for c in text if c in _KEPT_UNSEEN or unicodedata.category(c) not in _UNSEEN)


def plain(text: str) -> str:
    """Return plain text as Markdown that shows every character as it is, on the lines that it has."""
    lines = (line.strip() for line in visible(text).split("\n"))
    escaped = _AFTER_NUMBER.sub(r"\1\\\2", _INLINE.sub(r"\\\g<0>", "\n".join(lines)))
    return _LINE_START.sub(r"\\\1", escaped)


def within_line(text: str) -> str:
    """Return plain text as Markdown for the middle of a line; ends of lines become spaces, spaces are kept."""
    return _INLINE.sub(r"\\\g<0>", visible(text).replace("\n", " "))


def one_line(text: str) -> str:
    """Return plain text as Markdown in one line, for a cell, a heading or an item."""
    return plain(" ".join(visible(text).split()))


def link(label: str, address: str) -> str:
    """Return a link as Markdown; without a safe address (``https``, ``http``, ``mailto``) both stand as text."""
    return link_of(within_line(" ".join(visible(label).split())), label, address)


def link_of(shown: str, label: str, address: str) -> str:
    """Return a link with a label that is Markdown already, and is ``label`` without markup."""
    address = visible(address).strip()
    shown = shown.strip() or within_line(address)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme.casefold() not in _SCHEMES or (parts.scheme != "mailto" and not parts.netloc):
        is_said = not address or address.startswith("#") or address in label
        return shown if is_said else f"{shown} ({within_line(address)})"
    return f"[{shown}]({quote(address, safe=_IN_ADDRESSES)})"
