"""The plain text of parsed markup, as records hold it."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes
from sphinx.addnodes import pending_xref

from sphinx_postmortem.core.records.text_references import mention


def record_text(parsed: Sequence[nodes.Node]) -> str:
    """Return what nodes show as text: without comments and raw markup, and with references as mentions."""
    if len(parsed) == 1 and isinstance(parsed[0], nodes.Text):  # most cells; docutils would look for escapes first
        return str(parsed[0]) if "\x00" not in parsed[0] else parsed[0].astext()
    if all(isinstance(node, nodes.Text) for node in parsed):
        return "".join(node.astext() for node in parsed)
    # Only the text of a TextElement's children is joined without white space between them.
    copied = nodes.TextElement("", "", *[node.deepcopy() for node in parsed])
    for inner in list(copied.findall(lambda each: isinstance(each, nodes.comment | nodes.raw))):
        if inner.parent is not None:
            inner.parent.remove(inner)
    for reference in list(copied.findall(pending_xref)):
        if not reference.get("refexplicit"):
            reference.replace_self(nodes.Text(mention(str(reference["reftarget"]))))
    return copied.astext()


def block_texts(parsed: Sequence[nodes.Node]) -> str:
    """Return the texts of blocks, with an empty line between them."""
    return "\n\n".join(text for node in parsed if (text := record_text([node])))
