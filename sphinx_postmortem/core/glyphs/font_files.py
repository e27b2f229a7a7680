"""Reads which characters a TrueType or OpenType font has, from its table ``cmap`` (ISO/IEC 14496-22, 5.2.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_LAST = 0x10FFFF
_COLLECTION = b"ttcf"


def code_points(font_file: bytes) -> frozenset[int]:
    """Return the characters that a font has a glyph for; none where the file is no such font."""
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
