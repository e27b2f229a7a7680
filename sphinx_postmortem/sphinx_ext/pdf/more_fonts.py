"""Fonts for what the built-in ones lack, Chinese, Japanese and Korean above all.

They come from the setting ``postmortem_pdf_fonts`` and from the extra ``cjk``, which holds Noto Sans (SIL Open Font
License) as variable fonts. Of a variable font only what a build needs is taken, at the regular weight: reportlab would
show it at its thinnest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.sphinx_ext.pdf.problems import PdfError
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of

CJK_PACKAGE = "justmytype_intl_cjk"
CJK_HINT = "install sphinx-postmortem[cjk], or name a font file in postmortem_pdf_fonts"

_CJK_FONTS = {"zh": "notosanssc", "ja": "notosansjp", "ko": "notosanskr", "zh-tw": "notosanstc"}
"""By language, since one character looks different in each; the first that has a character shows it."""

_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
_REGULAR = {"wght": 400}
_FULL_NAME_IDS = (3, 4, 6)  # of the name table: unique identifier, full name, PostScript name
_NAME_IDS = (1, *_FULL_NAME_IDS, 16)  # and the family


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
    for path in _cjk_files(str(config.language or "")):
        if characters:
            _add(fonts, _readable(path.read_bytes(), characters, path.name))
    return fonts


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


def _cjk_files(language: str) -> list[Path]:
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
