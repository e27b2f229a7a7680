"""The PDF builder: rst2pdf's output with its silent failures made loud.

:func:`setup_pdf` registers everything.  The documents to build are described by
:class:`PdfDocument`; connect a function to :data:`PDF_DOCUMENTS_EVENT` that
returns a list of them to choose others than :func:`pdf_documents_of` does.
"""

from __future__ import annotations

from sphinx_postmortem.sphinx_ext.pdf.builder import PostmortemPdfBuilder
from sphinx_postmortem.sphinx_ext.pdf.documents import (
    PDF_DOCUMENTS_EVENT,
    PdfDocument,
    pdf_documents_of,
)
from sphinx_postmortem.sphinx_ext.pdf.problems import PdfError
from sphinx_postmortem.sphinx_ext.pdf.registration import setup_pdf

__all__ = [
    "PDF_DOCUMENTS_EVENT",
    "PdfDocument",
    "PdfError",
    "PostmortemPdfBuilder",
    "pdf_documents_of",
    "setup_pdf",
]
