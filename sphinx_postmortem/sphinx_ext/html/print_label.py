"""The TLP label at the top of each sheet on which a reader prints an incident: TLP 2.0 asks for it on each page."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.records.vocabulary import TLP_LABELS
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

_RULE = '@page{{margin-top:18mm;@top-right{{content:"{label}";font:700 12pt sans-serif}}}}'


def add_print_label(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Handle ``html-page-context``: give the margin of printed pages the label of the page's incidents."""
    found = {incident.tlp for incident in domain_of(app.env).records_of(pagename).incidents}
    labels = [f"TLP:{label}" for label in TLP_LABELS if label in found]
    if doctree is not None and labels:
        rule = _RULE.format(label=", ".join(labels))
        context["metatags"] = f"{context.get('metatags', '')}\n<style>{rule}</style>\n"
