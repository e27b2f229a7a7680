"""Sees to it that every character of a document is printed."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from docutils import nodes

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.pdf.fonts import CJK_HINT, FontSet
from sphinx_postmortem.sphinx_ext.warnings import place_of, warn

_STAND_INS = str.maketrans(
    {
        "\u2023": "\u25b8",  # triangular bullet
        "\u21d2": "\u2192",  # double arrow
        "\u279c": "\u2192",  # heavy arrow
        "\u2610": "[ ]",  # ballot box
        "\u2611": "[x]",  # ballot box with check
        "\u26a0": "(!)",  # warning sign
        "\u2705": "\u2713",  # white heavy check mark
        "\u2714": "\u2713",  # heavy check mark
        "\u2717": "\u00d7",  # ballot x
        "\u2718": "\u00d7",  # heavy ballot x
        "\u274c": "\u00d7",  # cross mark
    }
)
"""Common signs, as the nearest ones that text fonts have."""

LITERAL_STYLE = "postmortem-literal"

_MOST_NAMED = 5
_TO_SHAPE = expression("[\u0590-\u0df4\u1000-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")
_CJK_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO")
_INVISIBLE = dict.fromkeys(map(ord, "\0\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"))


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
        if (script := _script_to_shape(str(text))) and place_of(parent) not in unshaped:
            unshaped.add(place_of(parent))
            message = f"{script} text is printed letter by letter from the left, without joining; show it as an image"
            warn(Code.PDF_GLYPH, message, place_of(parent) or None)
    # What cover, header and contents repeat has no place of its own.
    with_place = {each for place, characters in missing.items() if place for each in characters}
    if with_place >= set(missing.get("", ())):
        missing.pop("", None)
    for place, characters in missing.items():
        names = [f"U+{ord(each):04X} {_name(each)}" for each in sorted(characters)]
        hint = f"; {CJK_HINT}" if any(_name(each).startswith(_CJK_NAMES) for each in characters) else ""
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        warn(Code.PDF_GLYPH, f"no font for {', '.join(names[:_MOST_NAMED])}{more}{hint}", place or None)


def _pieces(text: str, fonts: FontSet, mono: bool, missing: dict[str, None]) -> list[nodes.Node]:
    own = fonts.mono if mono else fonts.sans
    pieces: list[nodes.Node] = []
    visible = text.translate(_INVISIBLE).translate(_STAND_INS)
    for face, run in groupby(visible, lambda each: fonts.face_for(each, mono=mono)):
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


def _script_to_shape(text: str) -> str:
    """Return the first script in a text whose letters are reordered or joined, which reportlab does not do."""
    found = _TO_SHAPE.search(text)
    return _name(found[0]).partition(" ")[0].capitalize() if found else ""


def _name(character: str) -> str:
    return unicodedata.name(character, "without a name")
