"""Control and format characters, which a terminal would obey."""

from __future__ import annotations


def without_controls(text: str) -> str:
    """Return a text in which control and format characters are written as escapes: no terminal obeys them."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
