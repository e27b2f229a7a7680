"""The names of months that the interview PDF withholds, in the languages that postmortems are written in."""

from __future__ import annotations

from functools import cache
from typing import Literal

from babel.dates import get_month_names

LANGUAGES = ("de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "ru", "uk")
"""Beside English: those that we translate to, and others whose texts write months by name (names of Unicode's CLDR)."""


@cache
def english_months() -> dict[str, int]:
    """Return the numbers of English months by name and by three letters, with a capital as they are written."""
    wide = {name: number for number, name in get_month_names("wide", locale="en").items()}
    return wide | {name[:3]: number for name, number in wide.items()}


@cache
def other_months() -> dict[str, int]:
    """Return the numbers of months in other languages by their whole name in lower case."""
    return _names("wide")


@cache
def other_short_months() -> dict[str, int]:
    """Return the same by short names; some are English words ("set", "out"), so they need a day and a year."""
    return _names("abbreviated")


def month_number(name: str) -> int:
    """Return the number of a month, 1 to 12.

    Raises:
        KeyError: no month has this name.
    """
    bare = name.rstrip(".")
    if bare in english_months():
        return english_months()[bare]
    return (other_short_months() | other_months())[bare.lower()]


def _names(width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                if len(name) > 2 and not name[0].isdigit():
                    found.setdefault(name.rstrip(".").lower(), number)
    return found
