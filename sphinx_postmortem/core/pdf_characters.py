"""Tells which characters PDFs can print: those of the fonts that they embed, and those of a site's own fonts.

``pdf_characters.txt`` lists the characters of the fonts that come with the extra ``pdf``. ``python -m
tools.pdf_characters`` makes it from the font files, so that a check says the same on a machine without those fonts.
Of a site's own TrueType or OpenType font, the table ``cmap`` is read (ISO/IEC 14496-22, 5.2.1).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sphinx_postmortem.core.expressions import expression

STAND_INS = str.maketrans(
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
"""For common signs that text fonts lack, the nearest signs that they have."""

INVISIBLE = dict.fromkeys(map(ord, "\0\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"))
"""Characters for which nothing is printed."""

CJK_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO")
"""The beginnings of the Unicode names of East Asian characters, for which the extra ``cjk`` has fonts."""

_TO_SHAPE = expression("[\u0590-\u0df4\u1000-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")


def shown_in_pdfs(text: str) -> str:
    """Return a text as PDFs show it: with ``STAND_INS``, and without ``INVISIBLE`` characters."""
    return text.translate(INVISIBLE).translate(STAND_INS)


def script_to_shape(text: str) -> str:
    """Return the name of the first script in a text whose letters are joined or reordered, else an empty text.

    PDFs print such letters one by one from the left.
    """
    found = _TO_SHAPE.search(text)
    return unicodedata.name(found[0], "a").partition(" ")[0].capitalize() if found else ""


def shaping_message(script: str) -> str:
    """Return the message for a text in such a script: what is wrong, and how to mend it."""
    return f"{script} text is printed letter by letter from the left, without joining; show it as an image"


@cache
def built_in_characters() -> frozenset[int]:
    """Return the code points of the fonts that PDFs embed."""
    lines = Path(__file__).with_name("pdf_characters.txt").read_text("ascii").splitlines()
    ranges = (line.partition("-") for line in lines if not line.startswith("#"))
    return frozenset(code for first, _, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1))


def as_ranges(code_points: frozenset[int]) -> list[str]:
    """Return code points as the lines of the file, one for each range: ``20-7E``, in hexadecimal."""
    ranges: list[list[int]] = []
    for code in sorted(code_points):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return [f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in ranges]


_LAST = 0x10FFFF
_COLLECTION = b"ttcf"


def code_points(font_file: bytes) -> frozenset[int]:
    """Return the code points for which a font file has a glyph; none if the file is no TrueType or OpenType font."""
    try:
        start = _cmap(font_file)
        return frozenset(_code_points(font_file, start)) if start else frozenset()
    except struct.error:
        return frozenset()


def _cmap(data: bytes) -> int:
    """Return where the table ``cmap`` begins, in the first font of a collection; 0 where there is none."""
    start = struct.unpack_from(">I", data, 12)[0] if data.startswith(_COLLECTION) else 0
    (number,) = struct.unpack_from(">H", data, start + 4)
    for index in range(number):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
        if tag == b"cmap":
            return int(offset)
    return 0


def _code_points(data: bytes, start: int) -> Iterator[int]:
    (number,) = struct.unpack_from(">H", data, start + 2)
    seen: set[int] = set()
    for index in range(number):
        platform, _, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * index)
        if platform not in (0, 3) or offset in seen:  # Unicode, Windows
            continue
        seen.add(offset)
        (form,) = struct.unpack_from(">H", data, start + offset)
        if form == 4:
            yield from _of_format_4(data, start + offset)
        elif form == 12:
            yield from _of_format_12(data, start + offset)


def _of_format_4(data: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    count = doubled // 2
    shape = f">{count}H"
    ends = struct.unpack_from(shape, data, at + 14)
    starts = struct.unpack_from(shape, data, at + 16 + doubled)
    deltas = struct.unpack_from(shape, data, at + 16 + 2 * doubled)
    offsets = struct.unpack_from(shape, data, at + 16 + 3 * doubled)
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = at + 16 + 3 * doubled + 2 * index + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, place)
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield code


def _of_format_12(data: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    for index in range(count):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * index)
        for code in range(first, min(last, _LAST) + 1):
            if glyph + code - first:
                yield code
