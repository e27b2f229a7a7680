"""The builder ``pdf`` until a build asks for it.

Nothing that is imported from here imports rst2pdf or reportlab.  The builder does so when it starts, so an HTML build
does not pay for them, and a PDF build without them ends with a sentence that says what to install.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from sphinx_postmortem.sphinx_ext.on_demand import BuilderOnDemand

RST2PDF_EXTENSION = "rst2pdf.pdfbuilder"


class PdfBuilderOnDemand(BuilderOnDemand):
    """Stands for the builder until Sphinx makes one: other builds need not load it and what it draws with."""

    name = "pdf"
    place = "pdf.builder.PostmortemPdfBuilder"


def discard_earlier_pdfs(app: Sphinx) -> None:
    """Handle ``builder-inited``: remove the PDFs of an earlier run before anything can fail."""
    builder: Any = app.builder
    if builder.name == PdfBuilderOnDemand.name:
        builder.discard_earlier_pdfs()
