"""A PDF that could not be made. rst2pdf logs such things and carries on; here they end the build."""

from __future__ import annotations

from docutils import nodes
from sphinx.errors import SphinxError


class PdfError(SphinxError):
    """A PDF could not be made, or is not what it should be."""

    category = "PDF error"


def place_of(node: nodes.Node) -> str:
    """Return where a node, or else the nearest node around it, is in the source (``path:line``); else an empty text."""
    up: nodes.Node | None = node
    while up is not None and not (isinstance(up, nodes.Element) and up.source and up.line):
        up = up.parent
    return f"{up.source}:{up.line}" if up is not None else ""
