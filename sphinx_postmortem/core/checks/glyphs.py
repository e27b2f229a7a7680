"""Rule for characters that the fonts of PDFs lack, so that it is told before a PDF is built."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.settings import Settings

_EMOJI = "\U0001f000-\U0001faff"
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff01-\uff60"
_LACKING = expression(f"[{_EMOJI}{_EAST_ASIAN}]")
_LACKING_BESIDE_FONTS = expression(f"[{_EMOJI}]")  # further fonts are for East Asian text


@check(
    Code.PDF_GLYPH,
    "note",
    source="none: a PDF prints the code point in its place",
    in_build=True,
    bad="The alert \U0001f525 came.\n",
    good="The alert came.\n",
)
def pdf_glyph(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No character is used that PDFs have no font for: emoji, and East Asian text without `postmortem_pdf_fonts`."""
    pattern = _LACKING_BESIDE_FONTS if settings.pdf_fonts else _LACKING
    for line, in_place in _shown(page):
        if not line.text.isascii() and (match := pattern.search(line.text)):
            name = unicodedata.name(match[0], "without a name")
            message = (
                f"PDFs have no font for U+{ord(match[0]):04X} {name}; write it in words, "
                "or name a TrueType font that has it in postmortem_pdf_fonts"
            )
            yield Hit(line.number, message, match.start() + 1 if in_place else 0, line.file)


def _shown(page: CheckedPage) -> Iterator[tuple[Line, bool]]:
    """Yield what readers see, in its order, and whether columns count from the begin of its line."""
    found = [(Line(prose.number, prose.text, prose.file), True) for prose in page.source.prose]
    found += [(Line(heading.line, heading.text, heading.file), False) for heading in page.source.headings]
    for summary in page.source.named("incident-summary"):
        found += [(line, False) for line in summary.options.values()]
    yield from sorted(found, key=lambda each: (each[0].file, each[0].number))
