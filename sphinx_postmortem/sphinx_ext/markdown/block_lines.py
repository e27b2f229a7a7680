"""Puts lines of Markdown together: blocks apart, quotations, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sphinx_postmortem.core.expressions import expression

Lines = list[str]

_BEGINS_BLOCK = expression(r"```|\||>|[-*] |\d+[.)] |#|<a id")


def apart(parts: Iterable[Sequence[str]]) -> Lines:
    """Join blocks by empty lines."""
    lines: Lines = []
    for part in parts:
        if part:
            lines += ["", *part] if lines else part
    return lines


def quoted(lines: Iterable[str]) -> Lines:
    """Return lines as a quotation."""
    return [f"> {line}".rstrip() if line else ">" for line in lines]


def begin(lines: Sequence[str], start: str) -> Lines:
    """Put a text at the beginning of the first block, or before it if that is no text."""
    if not lines:
        return [start.strip()]
    if _BEGINS_BLOCK.match(lines[0]):
        return [start.strip(), "", *lines]
    return [f"{start}{lines[0]}", *lines[1:]]


def items_behind(items: Sequence[Lines], marks: Sequence[str], indent: int = 0) -> Lines:
    """Return items behind their marks; they stand apart where one of them holds more than a text and lists."""
    is_loose = any("" in item for item in items)
    lines: Lines = []
    for item, mark in zip(items, marks, strict=True):
        width = " " * (indent or len(mark) + 1)
        if is_loose and lines:
            lines.append("")
        first, *rest = item or [""]
        lines += [f"{mark} {first}".rstrip(), *(f"{width}{line}" if line else "" for line in rest)]
    return lines


def letter(number: int, kind: str) -> str:
    """Return a number as a letter or a Roman numeral."""
    if kind.endswith("roman"):
        signs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                 (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
        name = ""
        for value, sign in signs:
            name += sign * (number // value)
            number %= value
    else:
        name = chr(ord("a") + (number - 1) % 26)
    return name.upper() if kind.startswith("upper") else name
