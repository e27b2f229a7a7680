"""What the reference and the directives say of an option."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

FLAG = "nothing"
NUMBER = "a whole number above 0"


class OptionText(NamedTuple):
    """What an option takes, what holds when it is not given, and what it means; in Markdown."""

    takes: str
    default: str
    meaning: str


NONE = OptionText("text", "a short sentence", "What stands in place of an empty list.")


def names(values: Iterable[str]) -> str:
    """Return names as the reference shows them."""
    return ", ".join(f"`{value}`" for value in values)


def some_of(values: Iterable[str]) -> str:
    """Return what an option takes that allows some of these values."""
    return f"some of {names(values)}"
