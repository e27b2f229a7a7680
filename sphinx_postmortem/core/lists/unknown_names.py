"""Names in a query that the site lacks: they are reported, with the valid ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sphinx_postmortem.core.lists.query import Facts, ListKind, Query, folded, further_fields
from sphinx_postmortem.core.lists.relative_days import NO_TODAY, is_relative

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
