"""Jupyter notebooks: JSON in which each cell has a text of its own (nbformat 4)."""

from __future__ import annotations

import json
from typing import Any


def cells_of(text: str) -> tuple[str, ...]:
    """Return the texts of a notebook's cells that are no code; none where the text is no notebook."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return ()
    try:
        notebook: Any = json.loads(text.removeprefix("\ufeff"))
    except ValueError:
        return ()
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    return tuple(_joined(cell.get("source", "")) for cell in found if cell.get("cell_type") != "code")


def _joined(source: object) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
