"""Regular expressions that are compiled when they are first used.

Compiling those of all modules takes a third of the time in which they are loaded, and a command or a build without
change uses few of them.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


class _Expression(Generic[AnyStr]):
    """Stands for a compiled expression: what is asked of it is that one's, and is kept here for the next time."""

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


def compiled(value: object) -> re.Pattern[Any] | None:
    """Return the compiled expression for which a value stands; None if it is no expression."""
    if isinstance(value, _Expression):
        return value.made
    return value if isinstance(value, re.Pattern) else None


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what is used as ``re.compile(pattern, flags)``, for names at the top of a module.

    A fault of the pattern shows when it is used first; the tests use each.
    """
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))
