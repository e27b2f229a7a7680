"""The fonts of a PDF, what each of them can show, and how every character of a document comes to be printed.

The package ``pymupdf-fonts`` carries free fonts as Python data: FiraGO and
Cascadia Mono cover Latin, Greek, Cyrillic, arrows and lines.  They are embedded
in the PDF.  Without that package the standard PDF fonts are used, which can
show Western European text only.

reportlab prints nothing, or a box, for a character that a font lacks.
:meth:`FontSet.face_for` is how the rest of the package avoids that.

Further fonts, for Chinese, Japanese and Korean above all, come from the setting ``postmortem_pdf_fonts`` and from the
extra ``cjk``, which holds Noto Sans (SIL Open Font License) as variable fonts.  Of a variable font only what a build
needs is taken, at the regular weight: reportlab would show it at its thinnest.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import _, admonitionlabels

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import characters_said
from sphinx_postmortem.core.pdf_characters import CJK_NAMES, script_to_shape, shaping_message, shown_in_pdfs
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfError
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.warnings import place_of, warn

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

CJK_PACKAGE = "justmytype_intl_cjk"
CJK_HINT = "install sphinx-postmortem[cjk], or name a font file in postmortem_pdf_fonts"

_CJK_FONTS = {"zh": "notosanssc", "ja": "notosansjp", "ko": "notosanskr", "zh-tw": "notosanstc"}
"""By language, since one character looks different in each; the first that has a character shows it."""

_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
_REGULAR = {"wght": 400}
_NOT_EMBEDDED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "HVAR", "VVAR", "VORG", "vhea", "vmtx")
"""Tables that PDFs do not need, and that take longest to read; the widths of variable fonts are in ``gvar``, too."""

_FULL_NAME_IDS = (3, 4, 6)  # of the name table: unique identifier, full name, PostScript name
_NAME_IDS = (1, *_FULL_NAME_IDS, 16)  # and the family


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
    """Warn, once per build, where there is no font to embed."""
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


def more_fonts(config: Config, source: Path, characters: frozenset[str]) -> dict[str, bytes]:
    """Return further fonts by name, in the order in which they are asked for a character.

    ``characters`` are those that the pages hold and the built-in fonts lack.

    Raises:
        PdfError: a file of the setting is missing, or holds no font that can be embedded.
    """
    fonts: dict[str, bytes] = {}
    for written in settings_of(config).pdf_fonts:
        path = source / written
        if not path.is_file():
            raise PdfError(f'postmortem_pdf_fonts: "{written}" is no file')
        _add(fonts, _readable(path.read_bytes(), characters, written))
    for content in _cjk_fonts(str(config.language or ""), characters):
        _add(fonts, content)
    return fonts


def _cjk_fonts(language: str, characters: frozenset[str]) -> Iterator[bytes]:
    """Yield the fonts of the extra ``cjk`` that show any of the characters, each with what those before it lack."""
    for path in cjk_files(language):
        if not characters:
            return
        content = _readable(path.read_bytes(), characters, path.name)
        shown = characters.intersection(map(chr, _code_points(content)))
        if shown:
            yield content
        characters -= shown


def _add(fonts: dict[str, bytes], content: bytes) -> None:
    # reportlab knows fonts by name for as long as it runs, so another font needs another name.
    fonts[f"font-{sha256(content).hexdigest()[:16]}"] = content


def characters_of(env: BuildEnvironment) -> frozenset[str]:
    """Return the characters of all pages, and of the settings that are printed."""
    config = env.config
    found = set(f"{config.project}{config.author}{config.copyright}")
    for docname in sorted(env.all_docs):
        tree = env.get_doctree(docname)
        for node in tree.findall():
            if isinstance(node, nodes.Text):
                found.update(node)
            elif isinstance(node, nodes.image):
                found.update(str(node.get("alt", "")))
    if DOMAIN in env.domaindata:
        for owner in domain_of(env).knowledge.owners:
            found.update(owner.label)
    return frozenset(found)


def characters_of_labels() -> frozenset[str]:
    """Return the characters of what is printed beside the pages: our texts, and those of Sphinx, in their language."""
    return characters_said().union(*map(str, (_("Contents"), _("Index"), *admonitionlabels.values())))


def cjk_files(language: str) -> list[Path]:
    """Return the fonts of the extra ``cjk``, that of a language first; none where the extra is not installed."""
    spec = find_spec(CJK_PACKAGE) if find_spec("fontTools") else None
    folders: Iterable[str] = (spec.submodule_search_locations or ()) if spec else ()
    key = language.casefold().replace("_", "-")
    wanted = "zh-tw" if key.startswith(_TRADITIONAL) else key.partition("-")[0]
    order = sorted(_CJK_FONTS, key=lambda each: each != wanted)
    return list(_files(folders, [_CJK_FONTS[each] for each in order]))


def _files(folders: Iterable[str], names: Sequence[str]) -> Iterator[Path]:
    for folder in folders:
        for name in names:
            yield from sorted((Path(folder) / "fonts" / "ofl" / name).glob("*.ttf"))


def _readable(content: bytes, characters: frozenset[str], name: str) -> bytes:
    """Return a font that reportlab can embed.

    Raises:
        PdfError: there is none in the file.
    """
    if content.startswith(b"OTTO"):
        raise PdfError(f'the font "{name}" has PostScript outlines, which cannot be embedded; take one with TrueType')
    try:
        if b"fvar" in content[:1024]:
            content = _regular(content, characters)
        import_module("reportlab.pdfbase.ttfonts").TTFontFace(BytesIO(content))
    except ImportError:
        raise PdfError(f'the font "{name}" is a variable one, which needs fonttools: {CJK_HINT}') from None
    except Exception as error:
        raise PdfError(f'the font "{name}" cannot be embedded: {error}') from error
    return content


def _regular(content: bytes, characters: frozenset[str]) -> bytes:
    tt_font: Any = import_module("fontTools.ttLib").TTFont
    subset: Any = import_module("fontTools.subset")
    font = tt_font(BytesIO(content), lazy=True, recalcTimestamp=False)  # else two builds differ
    for tag in _NOT_EMBEDDED:
        if tag in font:
            del font[tag]
    # Names that are made of numbers: else fontTools makes them from all characters of the font.
    font.setGlyphOrder([".notdef", *(f"glyph{number}" for number in range(1, font["maxp"].numGlyphs))])
    options = subset.Options(layout_features=[], notdef_outline=True, name_IDs=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted({0x20, *map(ord, characters)}))
    subsetter.subset(font)
    axes = {axis.axisTag for axis in font["fvar"].axes}
    places = {tag: _REGULAR.get(tag) for tag in axes}  # None is the place that the font starts from
    regular = import_module("fontTools.varLib.instancer").instantiateVariableFont(font, places)
    _rename(regular, sha256("".join(sorted(characters)).encode()).hexdigest()[:8])
    made = BytesIO()
    regular.save(made)
    return made.getvalue()


def _rename(font: Any, suffix: str) -> None:
    """Call a font regular, and apart from others that hold other characters: reportlab goes by this name too."""
    names = font["name"]
    family = str(names.getBestFamilyName() or "Font").replace(" ", "")
    for record in list(names.names):
        if record.nameID in _NAME_IDS:
            text = f"{family}-Regular-{suffix}" if record.nameID in _FULL_NAME_IDS else f"{family}-{suffix}"
            names.setName(text, record.nameID, record.platformID, record.platEncID, record.langID)


LITERAL_STYLE = "postmortem-literal"

_MOST_NAMED = 5


def use_fallback_fonts(tree: nodes.document, fonts: FontSet) -> None:
    """Print characters that the font of the text lacks in another font.

    A character that no font has is printed as its code point, and reported.
    """
    missing: dict[str, dict[str, None]] = {}
    unshaped: set[str] = set()
    for text in list(tree.findall(nodes.Text)):
        parent = text.parent
        if not isinstance(parent, nodes.TextElement):
            continue
        absent: dict[str, None] = {}
        pieces = _pieces(str(text), fonts, _is_literal(parent), absent)
        if absent:
            missing.setdefault(place_of(parent), {}).update(absent)
        if len(pieces) != 1 or pieces[0] != text:
            index = parent.index(text)
            parent.remove(text)
            parent.insert(index, pieces)
        if (script := script_to_shape(str(text))) and place_of(parent) not in unshaped:
            unshaped.add(place_of(parent))
            warn(Code.PDF_GLYPH, shaping_message(script), place_of(parent) or None)
    # What cover, header and contents repeat has no place of its own.
    with_place = {each for place, characters in missing.items() if place for each in characters}
    if with_place >= set(missing.get("", ())):
        missing.pop("", None)
    for place, characters in missing.items():
        names = [f"U+{ord(each):04X} {_name(each)}" for each in sorted(characters)]
        hint = f"; {CJK_HINT}" if any(_name(each).startswith(CJK_NAMES) for each in characters) else ""
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        warn(Code.PDF_GLYPH, f"no font for {', '.join(names[:_MOST_NAMED])}{more}{hint}", place or None)


def _pieces(text: str, fonts: FontSet, mono: bool, missing: dict[str, None]) -> list[nodes.Node]:
    own = fonts.mono if mono else fonts.sans
    pieces: list[nodes.Node] = []
    for face, run in groupby(shown_in_pdfs(text), lambda each: fonts.face_for(each, mono=mono)):
        characters = "".join(run)
        if face is None:
            missing.update(dict.fromkeys(characters))
            codes = "".join(f"[U+{ord(each):04X}]" for each in characters)
            pieces.append(nodes.Text(codes))
        elif face == own:
            pieces.append(nodes.Text(characters))
        else:
            style = fonts.style_for(face)
            pieces.append(nodes.inline("", characters, classes=[style]))
    return pieces


def _is_literal(node: nodes.Element | None) -> bool:
    while node is not None:
        if isinstance(node, nodes.literal_block) or LITERAL_STYLE in node["classes"]:
            return True
        node = node.parent
    return False


def _name(character: str) -> str:
    return unicodedata.name(character, "without a name")
