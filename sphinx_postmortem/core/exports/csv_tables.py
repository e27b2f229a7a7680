"""Tables for spreadsheets (RFC 4180), shared by ``actions.csv`` and ``events.csv``.

A cell that a spreadsheet could take for a formula begins with an apostrophe (OWASP, "CSV Injection"); so does one that
begins with an apostrophe by itself, so that a reader gets every text back by taking one away. All cells stand in
quotes, so that none can be split at another program's separator. Some programs split within quotes all the same: what
follows a semicolon or a tab in a cell is guarded in the same way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import category

from sphinx_postmortem.core.exports.publication import printable
from sphinx_postmortem.core.expressions import expression

Cells = Iterable[tuple[str, str]]

_SEPARATOR = expression(r"(?<=[;\t])")
_UNSEEN = ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me")  # categories of Unicode
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "−", "﹫", "﹦", "'")


def csv_table(columns: Sequence[str], rows: Iterable[tuple[Sequence[str], Cells]]) -> bytes:
    """Return a table: UTF-8 with a byte order mark, without which spreadsheets read another encoding, and CRLF.

    Args:
        columns: the titles of the columns that each row has.
        rows: the cells of these columns, and pairs of title and text for columns that the product does not know; the
            latter follow by first appearance, and a title that stands twice is numbered.
    """
    read = [(known, _by_title(other)) for known, other in rows]
    more: dict[tuple[str, int], str] = {}
    for _, cells in read:
        for key, (title, _) in cells.items():
            more.setdefault(key, title)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(guarded, _titles(columns, more)))
    for known, cells in read:
        writer.writerow(map(guarded, [*known, *(cells.get(key, ("", ""))[1] for key in more)]))
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return a cell's text, with an apostrophe before one that could be taken for a formula."""
    return "".join(_guarded(part) for part in _SEPARATOR.split(printable(text)))


def unguarded(cell: str) -> str:
    """Return the text that a cell stands for."""
    return "".join(part.removeprefix("'") for part in _SEPARATOR.split(cell))


def _guarded(part: str) -> str:
    """Guard what a program may take for a cell; no blank or format character before a formula makes it none."""
    is_formula = part[_first_visible(part) :].startswith(_FORMULA_STARTS) or part.startswith(("\t", "\n", "\r"))
    return f"'{part}" if is_formula else part


def _first_visible(part: str) -> int:
    return next((index for index, char in enumerate(part) if category(char) not in _UNSEEN), len(part))


def _by_title(other: Cells) -> dict[tuple[str, int], tuple[str, str]]:
    """Return the cells of other columns by their folded title; one that stands twice in a table counts on."""
    cells: dict[tuple[str, int], tuple[str, str]] = {}
    for title, text in other:
        folded, number = " ".join(title.casefold().split()), 1
        while (folded, number) in cells:
            number += 1
        cells[folded, number] = (title, text)
    return cells


def _titles(columns: Sequence[str], more: Mapping[tuple[str, int], str]) -> list[str]:
    """Return the header, in which no title stands twice."""
    titles = list(columns)
    taken = {title.casefold() for title in titles}
    for title in more.values():
        free, number = title, 1
        while free.casefold() in taken:
            number += 1
            free = f"{title} ({number})"
        taken.add(free.casefold())
        titles.append(free)
    return titles
