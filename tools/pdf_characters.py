"""Makes the table of characters that PDFs print, ``sphinx_postmortem/core/pdf_characters.txt``, from the fonts.

Usage: ``python -m tools.pdf_characters``, where the extra ``pdf`` is installed.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import sphinx_postmortem.core.pdf_characters as kept
from sphinx_postmortem.sphinx_ext.pdf.fonts import FontSet, available_fonts


def table(fonts: FontSet) -> str:
    """Return the text of the table: each character that one of the fonts for text has."""
    found = frozenset(code for name in (fonts.sans, fonts.mono, *fonts.fallbacks) for code in fonts.coverage[name])
    head = (
        f"# Made by tools/pdf_characters.py from pymupdf-fonts {version('pymupdf-fonts')}: {', '.join(fonts.fallbacks)}"
    )
    return "\n".join([head, *kept.as_ranges(found), ""])


if __name__ == "__main__":
    Path(kept.__file__).with_name("pdf_characters.txt").write_text(table(available_fonts()), encoding="ascii")
