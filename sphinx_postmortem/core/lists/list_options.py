"""The options of lists: what each takes and means, how it is read, and which names in it the site lacks.

All of it comes from a list's table of fields.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.lists.query import Facts, Filter, ListKind, Query, SortKey, folded, further_fields
from sphinx_postmortem.core.lists.relative_days import NO_TODAY, is_relative
from sphinx_postmortem.core.option_texts import NONE, NUMBER, OptionText, names, some_of
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.times import BadDateError, parse_date

CANNOT_BE_SHOWN = later("(This list cannot be shown: one of its filters is wrong.)")
LIMIT = OptionText(NUMBER, "all", "How many rows at most; how many are left out is said below.")


class BadFilterError(ValueError):
    """An option value that no filter can use; the message names the valid ones."""


def filter_texts(kind: ListKind[Any]) -> dict[str, OptionText]:
    """Return the options by which a list is filtered."""
    return {each.option: OptionText(each.takes, each.default, each.meaning) for each in kind.filters}


def query_texts(kind: ListKind[Any]) -> dict[str, OptionText]:
    """Return all options of a list that its table of fields gives."""
    texts = filter_texts(kind)
    if kind.sorts:
        meaning = "The first counts most; `-` before one turns it round; missing values always come last."
        texts["sort"] = OptionText(some_of(kind.sorts), kind.sort_text, meaning)
    if kind.groups:
        meaning = "A list for each. What has several values stands in several groups."
        texts["group-by"] = OptionText(f"one of {names(kind.groups)}", "one list", meaning)
    if kind.columns:
        further = ", or the title of another column of the tables" if kind.further_fields else ""
        takes = f"{some_of(kind.titles)}{further}"
        texts["columns"] = OptionText(takes, names(kind.columns), "Which columns, in which order.")
    texts["limit"] = LIMIT._replace(default=f"`{kind.limit}`") if kind.limit else LIMIT
    texts["none"] = NONE
    return texts


def read_query(options: Mapping[str, str], kind: ListKind[Any], severities: Sequence[str]) -> Query:
    """Return what the options of a list ask for.

    Raises:
        BadFilterError: a value cannot be used.
    """
    return Query(
        wanted=read_filters(options, kind, severities),
        sort=read_sort(options.get("sort", ""), kind.sorts),
        group_by=choose_one("group-by", options.get("group-by", ""), kind.groups),
        columns=_read_columns(options.get("columns", ""), kind),
        limit=read_number("limit", options.get("limit", ""), kind.limit),
    )


def read_filters(
    options: Mapping[str, str], kind: ListKind[Any], severities: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the values of each filter of a list that is given.

    Raises:
        BadFilterError: a value cannot be used.
    """
    read = ((each.option, _read_filter(options.get(each.option, ""), each, severities)) for each in kind.filters)
    return tuple((option, values) for option, values in read if values)


def _read_filter(text: str, each: Filter[Any], severities: Sequence[str]) -> tuple[str, ...]:
    text = each.spelled(text) if each.spelled else text
    if each.is_day:
        return read_day(each.option, text)
    return choose(each.option, text, each.one_of(severities)) if each.one_of else split_values(text)


def _read_columns(text: str, kind: ListKind[Any]) -> tuple[str, ...]:
    """Return columns by the names of their fields; titles as they stand above the column mean the same."""
    by_title = {column_key(title): name for name, title in kind.titles.items()}
    keys = [name if name in kind.titles else column_key(name) for name in split_values(text)]
    read = tuple(dict.fromkeys(key if key in kind.titles else by_title.get(key, key) for key in keys))
    if not kind.further_fields:
        choose("columns", ",".join(read), kind.titles)
    return read


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


def read_sort(text: str, allowed: Sequence[str]) -> tuple[SortKey, ...]:
    """Return the keys of an order, the first counting most; ``-`` before a key turns it round.

    Raises:
        BadFilterError: a key is none of ``allowed``.
    """
    written = split_values(text)
    choose("sort", ",".join(key.removeprefix("-") for key in written), allowed)
    return tuple(SortKey(key.removeprefix("-").strip(), key.startswith("-")) for key in written)


def read_day(option: str, text: str) -> tuple[str, ...]:
    """Return an option's day as ``YYYY-MM-DD``, or as its distance from today; nothing when it is not given.

    Raises:
        BadFilterError: it is no date.
    """
    if is_relative(folded(text)):
        return (folded(text),)
    try:
        return (parse_date(text).isoformat(),) if text.strip() else ()
    except BadDateError as error:
        raise BadFilterError(f"`:{option}:` {error}, or the time from today as `90 days` or `this quarter`") from error


def read_number(option: str, text: str, default: int, most: int = 999_999_999) -> int:
    """Return an option's number; ``default`` when it is not given.

    Raises:
        BadFilterError: it is no whole number above 0, or more than ``most``.
    """
    written = text.strip()
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) > 0):
        raise BadFilterError(f'`:{option}:` is "{written}"; write a whole number above 0')
    if int(written) > most:
        raise BadFilterError(f"`:{option}:` is {int(written)}; write a whole number up to {most}")
    return int(written)


_MOST_NAMED = 20


def unknown_names(query: Query, kind: ListKind[Any], facts: Facts) -> list[str]:
    """Return a message for each name of a query that the site lacks."""
    messages: list[str] = []
    for each in kind.filters:
        wanted = query.values(each.option)
        if each.is_day and facts.today is None and any(map(is_relative, wanted)):
            messages.append(f"`:{each.option}: {wanted[0]}` {NO_TODAY}")
        if wanted and each.names:
            names = sorted(sorted({name for name in each.names(facts) if name}), key=str.casefold)
            known = {folded(name) for name in (*names, *each.also)}
            knows = each.knows
            messages += [
                unknown_message(each.option, name, names)
                for name in wanted
                if not (knows(name, facts) if knows else name in known)
            ]
    if query.columns:
        columns = {**kind.titles, **{field.name: field.title for field in further_fields(kind, facts)}}
        messages += [unknown_message("columns", name, sorted(columns)) for name in query.columns if name not in columns]
    return messages


def unknown_message(option: str, name: str, valid: Sequence[str]) -> str:
    """Return the message for a name that the site lacks; it names at most twenty valid ones."""
    if not valid:
        return f'`:{option}:` does not know "{name}"; the site has none yet'
    rest = f" and {len(valid) - _MOST_NAMED} more" if len(valid) > _MOST_NAMED else ""
    return f'`:{option}:` does not know "{name}"; write one of {", ".join(valid[:_MOST_NAMED])}{rest}'
