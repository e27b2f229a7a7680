"""Private names of docutils, read in 0.21.2 and 0.22.4."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from docutils.parsers.rst import directives, roles
from docutils.statemachine import StateMachine, StringList


def registered_directives() -> Mapping[str, object]:
    """Return the directives that have been registered, without those that docutils loads when they are used."""
    registered: dict[str, object] = vars(directives)["_directives"]
    return registered


@contextmanager
def registries_kept() -> Generator[None]:
    """Undo what is registered meanwhile."""
    registries: list[dict[str, object]] = [vars(directives)["_directives"], vars(roles)["_roles"]]
    originals = [dict(registry) for registry in registries]
    try:
        yield
    finally:
        for registry, original in zip(registries, originals, strict=True):
            registry.clear()
            registry.update(original)


def insert_lines(machine: StateMachine[list[str]], lines: StringList, source: str) -> None:
    """Have a state machine read lines next.

    An ``include`` above leaves a method of its own on the machine, which takes no other input (Sphinx 8.2.3, 9.0.4), so
    that of the class is called.
    """
    type(machine).insert_input(machine, lines, source)
