"""A sheet of paper: what stands on it, before it becomes HTML or a PDF. All texts are plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import ClassVar, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass


@dataclass(frozen=True)
class SheetHeading:
    """A heading below the title."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Subheading:
    """A heading of a part below a heading."""

    kind: ClassVar[str] = "subheading"
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a quiet one is for those who want to know more."""

    kind: ClassVar[str] = "paragraph"
    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Items:
    """A list, with numbers or without; of questions that are asked, each has room to write below it."""

    kind: ClassVar[str] = "items"
    texts: tuple[str, ...]
    is_numbered: bool = False
    is_asked: bool = False


@dataclass(frozen=True)
class Grid:
    """A table.

    ``rows`` have a text for each title, in which a line break begins a line of its own; ``widths`` are shares of the
    whole. In a table to write in, rows are as high as handwriting needs.
    """

    kind: ClassVar[str] = "grid"
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    is_to_write_in: bool = False


@dataclass(frozen=True)
class SheetBox:
    """A part that stays together: a title, texts, and room to write below those that ``asks`` (and the box) ask."""

    kind: ClassVar[str] = "box"
    title: str
    texts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    is_decision: bool = False


Block = SheetHeading | Subheading | Paragraph | Items | Grid | SheetBox


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``name`` is that of its file without a suffix, ``about`` the line below the title.

    ``tlp`` is the incident's label without its prefix, or empty; ``origin`` says what it was made from.
    """

    name: str
    title: str
    about: str
    blocks: tuple[Block, ...]
    origin: str
    tlp: str = ""


def blank_rows(number: int, columns: int) -> tuple[tuple[str, ...], ...]:
    """Return rows to write in."""
    return (("",) * columns,) * number


def characters_in(sheet: Sheet) -> frozenset[str]:
    """Return the characters of a sheet."""
    return frozenset(character for text in _texts(astuple(sheet)) for character in text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in cast("tuple[object, ...]", value):
            yield from _texts(each)
