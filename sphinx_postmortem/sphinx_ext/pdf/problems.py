"""A PDF that could not be made. rst2pdf logs such things and carries on; here they end the build."""

from __future__ import annotations

from sphinx.errors import SphinxError


class PdfError(SphinxError):
    """A PDF could not be made, or is not what it should be."""

    category = "PDF error"
