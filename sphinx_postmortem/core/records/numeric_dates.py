"""Dates of three numbers, such as ``10/14/2022``: a day before a month, or a month before a day.

One that can be read in two ways is read as the document's other dates show; where none of them shows it, it is left as
it is, and the reader of times refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal

from sphinx_postmortem.core.expressions import expression

Order = Literal["mdy", "dmy", ""]

_DATE = expression(r"(?<![\d:./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:/]|[.-]\d)")
_MOST_MONTHS, _MOST_DAYS = 12, 31


def order_of(texts: Iterable[str], known: Collection[str] = ()) -> Order:
    """Return the order that the dates in texts show; empty where they show none, or disagree.

    Args:
        texts: those with a number above 12 show it.
        known: days of the document that are stated as ``YYYY-MM-DD``: a date that is one of them shows it, too.
    """
    found: set[Order] = set()
    orders: tuple[Order, Order] = ("mdy", "dmy")
    for text in texts:
        for match in _DATE.finditer(text):
            first, second = int(match[1]), int(match[3])
            if first > _MOST_MONTHS >= second:
                found.add("dmy")
            elif second > _MOST_MONTHS >= first:
                found.add("mdy")
            elif first != second:
                found |= {order for order in orders if _iso(match, order) in known}
    return found.pop() if len(found) == 1 else ""


def with_iso_dates(text: str, order: Order) -> str:
    """Return a text with its numeric dates as ``YYYY-MM-DD``, where they can be read."""
    return _DATE.sub(lambda match: _iso(match, order), text)


def _iso(match: re.Match[str], order: Order) -> str:
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    if match[2] == "." and len(match[4]) == 4:
        order = "dmy"  # no country writes the month first with full stops
    elif first > _MOST_MONTHS or second > _MOST_MONTHS:
        order = "dmy" if first > _MOST_MONTHS else "mdy"
    elif first == second:
        order = "mdy"
    if not order:
        return match[0]
    month, day = (first, second) if order == "mdy" else (second, first)
    is_possible = 1 <= month <= _MOST_MONTHS and 1 <= day <= _MOST_DAYS
    return f"{year:04}-{month:02}-{day:02}" if is_possible else match[0]
