"""Tables for spreadsheets (RFC 4180), shared by ``actions.csv`` and ``events.csv``.

A cell that a spreadsheet could take for a formula begins with an apostrophe (OWASP, "CSV Injection"); so does one that
begins with an apostrophe by itself, so that a reader gets every text back by taking one away. All cells stand in
quotes, so that none can be split at another program's separator.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from sphinx_postmortem.core.exports.publication import printable

Cells = Iterable[tuple[str, str]]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "\r", "＝", "＋", "－", "＠", "﹢", "﹣", "−", "﹫", "﹦", "'")


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
    text = printable(text)
    return f"'{text}" if text.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA_STARTS) else text


def unguarded(cell: str) -> str:
    """Return the text that a cell stands for."""
    return cell.removeprefix("'")


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
