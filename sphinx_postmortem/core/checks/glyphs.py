"""Rule for characters that the fonts of PDFs lack, so that it is told before a PDF is built."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.pdf_characters import (
    CJK_NAMES,
    built_in_characters,
    code_points,
    script_to_shape,
    shaping_message,
    shown_in_pdfs,
)
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.settings import Settings

_FEWEST_AT_ONCE = 3


@check(
    Code.PDF_GLYPH,
    "note",
    source="none: a PDF prints the code point in its place",
    in_build=True,
    bad="The alert \U0001f525 came.\n",
    good="The alert came.\n",
)
def pdf_glyph(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No character is used that PDFs have no font for: not those that they embed, nor those of `postmortem_pdf_fonts`.

    Emoji are such characters, and East Asian text without fonts for it, which is told once. Scripts whose letters join
    are told, too.
    """
    places: dict[str, list[tuple[Line, bool]]] = {}
    scripts: dict[str, Line] = {}
    shown = [each for each in _shown(page) if not each[0].text.isascii()]
    known = built_in_characters() | _of_own_fonts(page, settings) if shown else frozenset[int]()
    for line, in_place in shown:
        for character in dict.fromkeys(shown_in_pdfs(line.text)):
            if ord(character) not in known and character.isprintable():
                places.setdefault(character, []).append((line, in_place))
        if script := script_to_shape(line.text):
            scripts.setdefault(script, line)
    east_asian = [each for each in places if unicodedata.name(each, "").startswith(CJK_NAMES)]
    left = east_asian[1:] if len(east_asian) > _FEWEST_AT_ONCE else []  # for want of one font: told once
    for character, found in places.items():
        line, in_place = found[0]
        column = line.text.find(character) + 1 if in_place else 0
        others = len(left) if left and character == east_asian[0] else 0
        if character not in left:
            yield Hit(line.number, _message(character, len(found) - 1, others), column, line.file)
    for script, line in scripts.items():
        yield Hit(line.number, shaping_message(script), file=line.file)


def _message(character: str, more: int, others: int) -> str:
    name = unicodedata.name(character, "without a name")
    also = f" (also on {more} more line{'' if more == 1 else 's'})" if more and not others else ""
    also = f", nor for {others} more characters of East Asia" if others else also
    package = ", install sphinx-postmortem[cjk]" if name.startswith(CJK_NAMES) else ""
    mend = f"write it in words{package}, or name a TrueType font that has it in postmortem_pdf_fonts"
    return f"PDFs have no font for U+{ord(character):04X} {name}{also}; {mend}"


def _of_own_fonts(page: CheckedPage, settings: Settings) -> frozenset[int]:
    """Return the characters of the site's own fonts; a file that cannot be read has none."""
    root = page.root or Path(page.file).parent
    return frozenset[int]().union(*(_of_font((root / name).absolute()) for name in settings.pdf_fonts))


@lru_cache(maxsize=16)  # a build reads the fonts of its site for each page
def _of_font(path: Path) -> frozenset[int]:
    try:
        return code_points(read_regular(path))
    except OSError:
        return frozenset()


def _shown(page: CheckedPage) -> Iterator[tuple[Line, bool]]:
    """Yield what readers see, in its order, and whether columns count from the begin of its line."""
    found = [(Line(prose.number, prose.text, prose.file), True) for prose in page.source.prose]
    found += [(Line(heading.line, heading.text, heading.file), False) for heading in page.source.headings]
    for summary in page.source.named("incident-summary"):
        found += [(line, False) for line in summary.options.values()]
    yield from sorted(found, key=lambda each: (each[0].file, each[0].number))
