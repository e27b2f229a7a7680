"""The fonts of a PDF, and what each of them can show.

The package ``pymupdf-fonts`` carries free fonts as Python data: FiraGO and
Cascadia Mono cover Latin, Greek, Cyrillic, arrows and lines.  They are embedded
in the PDF.  Without that package the standard PDF fonts are used, which can
show Western European text only.

reportlab prints nothing, or a box, for a character that a font lacks.
:meth:`FontSet.face_for` is how the rest of the package avoids that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import cast

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.warnings import warn

FALLBACK_STYLE = "postmortem-symbol"
"""The start of the names of the styles that switch to a fallback font."""

FONT_SHEET = "postmortem-fonts.yaml"

_SANS = {
    "FiraGO-Regular": "figo",
    "FiraGO-Bold": "figbo",
    "FiraGO-Italic": "figit",
    "FiraGO-BoldItalic": "figbi",
}
_MONO = {
    "CascadiaMono-Regular": "cascadia",
    "CascadiaMono-Bold": "cascadiab",
    "CascadiaMono-Italic": "cascadiai",
    "CascadiaMono-BoldItalic": "cascadiabi",
}
_FALLBACK_ORDER = ("FiraGO-Regular", "CascadiaMono-Regular")
_ROLES = ("", "Bold", "Italic", "BoldItalic")
_NO_INK = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts that are available for one build."""

    data: Mapping[str, bytes]
    """The font files by name; empty when the standard PDF fonts are used."""
    coverage: Mapping[str, frozenset[int]]
    """The code points of each font by its name."""
    sans: str
    mono: str
    fallbacks: tuple[str, ...]

    def face_for(self, character: str, *, mono: bool) -> str | None:
        """Return the font that shows *character*, or None if there is none.

        The answer is the font of the text itself wherever that will do.
        """
        own = self.mono if mono else self.sans
        if character in _NO_INK or ord(character) in self.coverage[own]:
            return own
        for name in self.fallbacks:
            if name != own and ord(character) in self.coverage[name]:
                return name
        return None

    def style_for(self, face: str) -> str:
        """Return the name of the style that switches to the fallback *face*."""
        return f"{FALLBACK_STYLE}-{self.fallbacks.index(face)}"

    def lacks(self, characters: frozenset[str]) -> frozenset[str]:
        """Return the characters that no font shows."""
        return frozenset(each for each in characters if self.face_for(each, mono=False) is None)

    def with_fonts(self, further: Mapping[str, bytes]) -> FontSet:
        """Return these fonts and further ones for what they lack."""
        if not further or not self.data:
            return self
        return replace(
            self,
            data={**self.data, **further},
            coverage={**self.coverage, **_coverage(further)},
            fallbacks=(*self.fallbacks, *further),
        )

    def write_to(self, folder: Path) -> Path | None:
        """Write the fonts and a style sheet that embeds them; return the sheet."""
        if not self.data:
            return None
        for name, content in self.data.items():
            (folder / f"{name}.ttf").write_bytes(content)
        sheet = folder / FONT_SHEET
        # JSON is YAML, and rst2pdf reads style sheets as YAML.
        sheet.write_text(json.dumps(self._sheet(), indent=1), encoding="utf-8")
        return sheet

    def _sheet(self) -> dict[str, object]:
        further = [name for name in self.fallbacks if name not in _SANS and name not in _MONO]
        families = [list(_SANS), list(_MONO), *([name] * len(_ROLES) for name in further)]
        aliases: dict[str, str] = {}
        for prefix, family in (
            ("fontSans", list(_SANS)),
            ("fontSerif", list(_SANS)),
            ("fontMono", list(_MONO)),
        ):
            aliases |= {f"{prefix}{role}": name for role, name in zip(_ROLES, family, strict=True)}
        styles = {self.style_for(name): {"parent": "normal", "fontName": name} for name in self.fallbacks}
        return {
            "embeddedFonts": [[f"{name}.ttf" for name in each] for each in families],
            "fontsAlias": aliases,
            "styles": styles,
        }


@lru_cache(maxsize=1)
def available_fonts() -> FontSet:
    """Return the best fonts that are installed."""
    try:
        buffers = cast(
            "Mapping[str, Callable[[], bytes]]",
            import_module("pymupdf_fonts").fontbuffers,
        )
        data = {name: bytes(buffers[code]()) for name, code in (_SANS | _MONO).items()}
    except (ImportError, AttributeError, KeyError):
        return _standard_fonts()
    return FontSet(
        data=data,
        coverage=_coverage(data),
        sans="FiraGO-Regular",
        mono="CascadiaMono-Regular",
        fallbacks=_FALLBACK_ORDER,
    )


def warn_about_standard_fonts(fonts: FontSet) -> None:
    """Say so once per build when no font can be embedded."""
    if not fonts.data:
        warn(
            Code.PDF_FONT,
            "no font to embed was found: install pymupdf-fonts "
            "(part of sphinx-postmortem[pdf]) for more than Western European text",
        )


def _standard_fonts() -> FontSet:
    western = frozenset(
        ord(bytes([code]).decode("cp1252"))
        for code in range(32, 256)
        if code not in (0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D)
    )
    return FontSet(
        data={},
        coverage={"Helvetica": western, "Courier": western},
        sans="Helvetica",
        mono="Courier",
        fallbacks=(),
    )


def _coverage(data: Mapping[str, bytes]) -> dict[str, frozenset[int]]:
    return {name: _code_points(content) for name, content in data.items()}


def _code_points(font_file: bytes) -> frozenset[int]:
    face = import_module("reportlab.pdfbase.ttfonts").TTFontFace(BytesIO(font_file))
    return frozenset(cast("Mapping[int, int]", face.charToGlyph))
