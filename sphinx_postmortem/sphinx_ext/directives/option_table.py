"""The table of a directive's options, which takes every option as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def text_option(value: str | None) -> str:
    """Take an option's value as text."""
    return (value or "").strip()


class OptionSpec(dict[str, Callable[[str], Any]]):
    """The options of a directive. One that is not in it is accepted as text, to be reported by us.

    docutils drops a whole directive for one unknown option; then its content would be lost.
    """

    def __missing__(self, name: str) -> Callable[[str], Any]:
        return text_option

    def __contains__(self, name: object) -> bool:
        return True
