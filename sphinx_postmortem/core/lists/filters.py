"""The options of lists, read and checked. Several values of one filter are alternatives; case does not count."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sphinx_postmortem.core.records.times import BadDateError, parse_date

CANNOT_BE_SHOWN = "(This list cannot be shown: one of its filters is wrong.)"

T = TypeVar("T")


class BadFilterError(ValueError):
    """An option value that no filter can use; the message names the valid ones."""


@dataclass(frozen=True)
class SortKey:
    """One key of an order: a field, and whether the greatest value comes first. Missing values always come last."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Group:
    """Some rows of a list: the field by which they are together, its value (empty: none), and how to call them."""

    key: str
    title: str


def folded(text: str) -> str:
    """Return a text as values are compared: in lower case, runs of spaces as one."""
    return " ".join(text.casefold().split())


def split_values(text: str) -> tuple[str, ...]:
    """Return the values of an option, separated by commas, in lower case; quotes hold one that has commas itself."""
    parts = next(csv.reader([folded(text)], skipinitialspace=True), [])
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def choose(option: str, text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return the values of an option that allows only some.

    Raises:
        BadFilterError: a value is none of them.
    """
    valid = {folded(name): name for name in allowed}
    values = split_values(text)
    for value in values:
        if value not in valid:
            raise BadFilterError(f'`:{option}:` does not know "{value}"; write one of {", ".join(valid.values())}')
    return values


def choose_one(option: str, text: str, allowed: Sequence[str], default: str = "") -> str:
    """Return the one value of an option that allows only some.

    Raises:
        BadFilterError: it is none of them, or there are several.
    """
    values = choose(option, text, allowed)
    if len(values) > 1:
        raise BadFilterError(f"`:{option}:` takes one of {', '.join(allowed)}, not several")
    return values[0] if values else default


def read_sort(text: str, allowed: Sequence[str], default: Sequence[SortKey]) -> tuple[SortKey, ...]:
    """Return the keys of an order, the first counting most; ``-`` before a key turns it round.

    Raises:
        BadFilterError: a key is none of ``allowed``.
    """
    written = split_values(text)
    choose("sort", ",".join(key.removeprefix("-") for key in written), allowed)
    keys = tuple(SortKey(key.removeprefix("-").strip(), key.startswith("-")) for key in written)
    return keys or tuple(default)


def sort_by(records: list[T], keys: Sequence[SortKey], read: Callable[[str, T], Any]) -> None:
    """Sort records in place by several keys. ``read(field, record)`` is comparable, or None where it is missing."""
    for key in reversed(keys):
        present = [(read(key.field, record), record) for record in records]
        missing = [record for found, record in present if found is None]
        ordered = [(found, record) for found, record in present if found is not None]
        ordered.sort(key=lambda pair: pair[0], reverse=key.descending)
        records[:] = [*(record for _, record in ordered), *missing]


def read_day(option: str, text: str) -> date | None:
    """Return an option's date; None when it is not given.

    Raises:
        BadFilterError: it is no date.
    """
    try:
        return parse_date(text) if text.strip() else None
    except BadDateError as error:
        raise BadFilterError(f"`:{option}:` {error}") from error


def read_number(option: str, text: str, default: int) -> int:
    """Return an option's number; ``default`` when it is not given.

    Raises:
        BadFilterError: it is no whole number above 0.
    """
    written = text.strip()
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) > 0):
        raise BadFilterError(f'`:{option}:` is "{written}"; write a whole number above 0')
    return int(written)


def meets(wanted: Collection[str], found: Iterable[str]) -> bool:
    """Say whether one of the values that were found is wanted; without any wanted, all are."""
    return not wanted or any(folded(value) in wanted for value in found)


def runbook_meets(wanted: Collection[str], runbooks: Iterable[str]) -> bool:
    """Say whether one of the runbooks is wanted. A runbook is its page's name, or the last parts of it."""
    names = [name.strip("/").removesuffix(".md").removesuffix(".rst") for name in wanted]
    return not wanted or any(
        f"/{runbook.casefold().strip('/')}".endswith(f"/{name}") for runbook in runbooks for name in names
    )


def unknown_message(option: str, name: str, valid: Sequence[str]) -> str:
    """Return the message for a name that the knowledge base lacks; it names at most twenty valid ones."""
    if not valid:
        return f'`:{option}:` does not know "{name}"; the site has none yet'
    rest = f" and {len(valid) - 20} more" if len(valid) > 20 else ""
    return f'`:{option}:` does not know "{name}"; write one of {", ".join(valid[:20])}{rest}'


def unknown_values(option: str, wanted: Iterable[str], valid: Iterable[str], also: Iterable[str] = ()) -> list[str]:
    """Return a message for each value of a filter that is none of the valid ones, nor of those that may also be."""
    asked = tuple(wanted)
    if not asked:
        return []
    names = sorted({name for name in valid if name}, key=lambda name: (name.casefold(), name))
    known = {folded(name) for name in (*names, *also)}
    return [unknown_message(option, name, names) for name in asked if name not in known]
