"""What is declared of one setting, and how a field of ``Settings`` declares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, Literal, TypeVar

from sphinx_postmortem.core.dataclass_on_demand import dataclass

T = TypeVar("T")
Rebuild = Literal["", "env", "html"]

# The types that a raw value may have.
LIST = (list, tuple)
DICT = (dict,)
TEXT = (str,)
FLAG = (bool,)


@dataclass(frozen=True)
class Option:
    """One setting.

    ``name`` is without ``postmortem_``; ``types`` are those that its raw value may have; ``rebuild`` says what Sphinx
    does after a change (``env``: read all pages again, ``html``: write them again); ``read`` makes the checked value
    from the name and the raw value, or raises ``SettingError``.
    """

    name: str
    default: Any
    types: tuple[type, ...]
    rebuild: Rebuild
    help: str
    read: Callable[[str, Any], Any]
    formerly: tuple[str, ...] = ()
    """Names that it had before, without ``postmortem_``; they still work, with a warning."""


def option(
    default: object,
    read: Callable[[str, Any], T],
    types: tuple[type, ...],
    rebuild: Rebuild,
    meaning: str,
    formerly: tuple[str, ...] = (),
) -> T:
    """Declare the setting whose name is that of the dataclass field."""
    declared = Option("", default, types, rebuild, meaning, read, formerly)
    return field(default_factory=lambda: read("", default), metadata={"option": declared})
