"""Jupyter notebooks as texts: JSON in which each cell has a text of its own (nbformat 4)."""

from __future__ import annotations

import json
from typing import Any

from sphinx_postmortem.core.expressions import expression

SUFFIX = ".ipynb"
_TEXT = expression(r"\s*+(?P<text>\"(?:[^\"\\]|\\.)*+\")\s*+,?\s*$")


def cells_of(text: str) -> tuple[str, ...]:
    """Return the texts of a notebook's cells that are no code; none where the text is no notebook."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return ()
    try:
        notebook: Any = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return ()
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    return tuple(_joined(cell.get("source", "")) for cell in found if cell.get("cell_type") != "code")


def _joined(source: object) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def readable_lines(text: str) -> str:
    """Return a notebook with its lines of text as authors wrote them, each on the line on which it stands."""
    return "\n".join(map(_readable, text.replace("\r\n", "\n").split("\n")))


def _readable(line: str) -> str:
    match = _TEXT.match(line)
    if match is None:
        return line
    try:
        return " ".join(str(json.loads(match["text"])).split("\n")).rstrip()
    except ValueError:
        return line
