"""Puts the PDF builder in the place of rst2pdf's, without loading rst2pdf.

Nothing that is imported from here imports rst2pdf or reportlab.  The builder
does so when it starts, so an HTML build does not pay for them, and a PDF build
without them ends with a sentence that says what to install.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.sphinx_ext.pdf.documents import PDF_DOCUMENTS_EVENT, pdf_documents_of
from sphinx_postmortem.sphinx_ext.pdf.options import RST2PDF_SETTINGS

RST2PDF_EXTENSION = "rst2pdf.pdfbuilder"

_AFTER_OTHER_CHECKS = 900


class PdfBuilderOnDemand(Builder):
    """Stands for the builder until Sphinx makes one: other builds need not load it and what it draws with."""

    name = "pdf"

    def __new__(cls, app: Sphinx, env: BuildEnvironment) -> Builder:  # type: ignore[misc]
        """Return the real builder."""
        from sphinx_postmortem.sphinx_ext.pdf.builder import PostmortemPdfBuilder

        return PostmortemPdfBuilder(app, env)


def setup_pdf(app: Sphinx) -> None:
    """Register the builder ``pdf``, its event and rst2pdf's settings.

    If the project lists rst2pdf too, in whatever order, it is loaded first:
    its ``setup`` refuses to run when a builder with its name is there already.
    """
    if RST2PDF_EXTENSION in app.config.extensions:
        app.setup_extension(RST2PDF_EXTENSION)
    for name, default in RST2PDF_SETTINGS.items():
        if name not in app.config:
            app.add_config_value(name, default, "")
    app.add_builder(PdfBuilderOnDemand, override=True)
    app.add_event(PDF_DOCUMENTS_EVENT)
    app.connect(PDF_DOCUMENTS_EVENT, pdf_documents_of, priority=_AFTER_OTHER_CHECKS)
    app.connect("builder-inited", _discard_earlier_pdfs, priority=_AFTER_OTHER_CHECKS)


def _discard_earlier_pdfs(app: Sphinx) -> None:
    """Remove the PDFs of an earlier run before anything can fail.

    This runs after the checks that refuse a folder of another edition.
    """
    builder: Any = app.builder
    if builder.name == PdfBuilderOnDemand.name:
        builder.discard_earlier_pdfs()
