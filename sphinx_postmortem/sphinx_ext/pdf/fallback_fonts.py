"""Sees to it that every character of a document is printed."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from docutils import nodes

from sphinx_postmortem.core.glyphs.pdf_characters import CJK_NAMES, script_to_shape, shaping_message, shown_in_pdfs
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.pdf.fonts import CJK_HINT, FontSet
from sphinx_postmortem.sphinx_ext.warnings import place_of, warn

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
