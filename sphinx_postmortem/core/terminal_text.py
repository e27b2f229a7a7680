"""Text of pages, file names and commits as a terminal may get it: no character of it is a command."""

from __future__ import annotations

import re

from sphinx_postmortem.core.expressions import expression

# Controls (C0, C1), directions of writing, separators of lines, halves of surrogate pairs, annotations, tags.
_COMMANDS = expression(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def without_controls(text: str) -> str:
    """Return a text in which control and format characters are written as escapes: no terminal obeys them."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def lines_without_controls(text: str) -> str:
    """Return a text of any length in the same way; line feeds, tabs, and what joins letters and words stay."""
    return text if text.isprintable() else _COMMANDS.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    if match[0] < " ":
        return f"\\x{ord(match[0]):02x}"
    units = match[0].encode("utf-16-be", "surrogatepass").hex()  # as JSON writes them, so that JSON stays JSON
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
