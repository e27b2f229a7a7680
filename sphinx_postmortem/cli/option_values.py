"""How values of options are read that several commands take."""

from __future__ import annotations

from collections.abc import Iterable

import click


def split_names(value: str, known: Iterable[str], what: str) -> tuple[str, ...]:
    """Read ``html,pdf``: names behind commas, each once, in the order in which they are given.

    Args:
        value: the text of the option; it may be empty.
        known: the names that may stand there.
        what: what they are, as a message says it: ``format``.

    Raises:
        click.BadParameter: another name stands there.
    """
    names, allowed = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip())), tuple(known)
    if unknown := [name for name in names if name not in allowed]:
        raise click.BadParameter(f"{', '.join(unknown)} is no {what}; choose from {', '.join(allowed)}")
    return names


def split_some_names(value: str, known: Iterable[str], what: str) -> tuple[str, ...]:
    """Read names as `split_names` does; there must be one.

    Raises:
        click.BadParameter: another name stands there, or none.
    """
    allowed = tuple(known)
    if names := split_names(value, allowed, what):
        return names
    raise click.BadParameter(f"nothing is no {what}; choose from {', '.join(allowed)}")
