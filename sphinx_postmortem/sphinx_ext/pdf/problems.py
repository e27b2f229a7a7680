"""What can go wrong while a PDF is made, and the one function that says so.

rst2pdf logs to a logger of its own and then carries on, so a page may lose its
content while the build "succeeds".  Here each kind of loss has a name.  It is
reported as an ordinary Sphinx warning of type ``postmortem`` with that name as
its subtype, so that ``sphinx-build -W`` and ``suppress_warnings`` work on it.
"""

from __future__ import annotations

from enum import StrEnum

from docutils.nodes import Node
from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)

WARNING_TYPE = "postmortem"


class PdfProblem(StrEnum):
    """The subtypes of our PDF warnings."""

    CONFIG = "pdf-config"
    """A ``pdf_documents`` entry or another setting cannot be used."""
    FONT = "pdf-font"
    """No font that can be embedded was found, or a font is broken."""
    GLYPH = "pdf-glyph"
    """A character is in none of the fonts; its code point is printed."""
    IMAGE = "pdf-image"
    """An image is missing or unreadable; its description is printed."""
    LINK = "pdf-link"
    """A link has no destination in the document; its text is printed."""
    NODE = "pdf-node"
    """A node has no PDF form; its text is printed without formatting."""
    RENDERER = "pdf-renderer"
    """Anything else that rst2pdf complained about."""
    STYLE = "pdf-style"
    """A style sheet or a style in it is missing or unusable."""


class PdfError(SphinxError):
    """A PDF could not be made, or is not what it should be."""

    category = "PDF error"


def warn(problem: PdfProblem, message: str, location: Node | str | None = None) -> None:
    """Report *problem* as a Sphinx warning."""
    logger.warning(message, type=WARNING_TYPE, subtype=problem.value, location=location)
