"""Regular expressions that are compiled when they are first used.

Compiling the expressions of all modules takes a third of the time that loading the modules takes. A command, or a build
without change, uses few of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


class _Expression(Generic[AnyStr]):
    """Stands for a compiled expression: hands on each attribute of it, and keeps the attribute for the next time."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self.given = flags

    @cached_property
    def made(self) -> re.Pattern[AnyStr]:
        """The compiled expression."""
        return re.compile(self.pattern, self.given)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.made, name)
        setattr(self, name, found)
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return re.compile, (self.pattern, self.given)


class _ExpressionOfWords(_Expression[str]):
    """Is not even compiled where a text holds none of the words of which each match holds one: most texts do not."""

    def __init__(self, pattern: str, flags: int, words: tuple[str, ...]) -> None:
        super().__init__(pattern, flags)
        self.words = words

    def search(self, text: str, *place: int) -> re.Match[str] | None:
        """Search as the compiled expression does."""
        return self.made.search(text, *place) if self._may_match(text) else None

    def match(self, text: str, *place: int) -> re.Match[str] | None:
        """Match as the compiled expression does."""
        return self.made.match(text, *place) if self._may_match(text) else None

    def _may_match(self, text: str) -> bool:
        """Say whether a text holds one of the words; signs beside ASCII may stand for letters of it, such as ``ſ``."""
        folded = text.lower()
        return not text.isascii() or any(word in folded for word in self.words)


def compiled(value: object) -> re.Pattern[Any] | None:
    """Return the compiled expression for which a value stands, such as one from ``expression``; else None."""
    if isinstance(value, _Expression):
        return value.made
    return value if isinstance(value, re.Pattern) else None


def expression_of(words: Iterable[str], pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``expression`` does; each text that it finds holds one of ``words``, which are in lower case."""
    return cast("re.Pattern[str]", _ExpressionOfWords(pattern, flags, tuple(words)))


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return an object that works as ``re.compile(pattern, flags)`` does; for names at the top of a module.

    A faulty pattern raises ``re.error`` when the object is first used. The tests use each.
    """
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))
