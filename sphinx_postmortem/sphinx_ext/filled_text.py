"""Sentences with nodes in them: a translator may move the nodes, so that a sentence is never glued from parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docutils import nodes


def filled(text: str, **parts: nodes.Node | Sequence[nodes.Node]) -> list[nodes.Node]:
    """Return a translated text with nodes in the place of the names in braces; each name counts once."""
    built: list[nodes.Node] = []
    for piece in re.split(r"(\{\w+\})", text):
        name = piece[1:-1] if piece.startswith("{") else ""
        if name in parts:
            part = parts[name]
            built += [part] if isinstance(part, nodes.Node) else list(part)
        elif piece:
            built.append(nodes.Text(piece))
    return built
