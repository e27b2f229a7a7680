"""Regular expressions that are compiled when they are first used.

Compiling the expressions of all modules takes a third of the time that loading the modules takes. A command, or a build
without change, uses few of them.
"""

from __future__ import annotations

import re
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


def compiled(value: object) -> re.Pattern[Any] | None:
    """Return the compiled expression for which a value stands, such as one from ``expression``; else None."""
    if isinstance(value, _Expression):
        return value.made
    return value if isinstance(value, re.Pattern) else None


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return an object that works as ``re.compile(pattern, flags)`` does; for names at the top of a module.

    A faulty pattern raises ``re.error`` when the object is first used. The tests use each.
    """
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))
