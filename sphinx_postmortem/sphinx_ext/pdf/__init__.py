"""The PDF builder: rst2pdf's output with its silent failures made loud.

The documents to build are described by :class:`PdfDocument`; connect a function to :data:`PDF_DOCUMENTS_EVENT` that
returns a list of them to choose others than :func:`pdf_documents_of` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_postmortem.sphinx_ext.pdf.documents import PDF_DOCUMENTS_EVENT, PdfDocument, PdfError, pdf_documents_of

if TYPE_CHECKING:
    from sphinx_postmortem.sphinx_ext.pdf.builder import PostmortemPdfBuilder

__all__ = [
    "PDF_DOCUMENTS_EVENT",
    "PdfDocument",
    "PdfError",
    "PostmortemPdfBuilder",
    "pdf_documents_of",
]


def __getattr__(name: str) -> Any:
    """Load the builder when it is asked for."""
    if name != "PostmortemPdfBuilder":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sphinx_postmortem.sphinx_ext.pdf.builder import PostmortemPdfBuilder

    return PostmortemPdfBuilder
