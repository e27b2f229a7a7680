"""The filter by runbooks, which several lists have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sphinx_postmortem.core.lists.query import Facts, Filter

Row = TypeVar("Row")


def runbook_filter(read: Callable[[Row, Facts], Iterable[str]]) -> Filter[Row]:
    """Return the filter by the runbooks that ``read`` finds."""
    return Filter(
        "runbook",
        "pages",
        "Runbooks that the incident used, by the name of their page or its last part.",
        passes=lambda wanted, row, facts: _is_one_of(wanted, read(row, facts)),
        names=_all_runbooks,
        knows=lambda name, facts: _is_one_of([name], _all_runbooks(facts)),
    )


def _all_runbooks(facts: Facts) -> Collection[str]:
    return facts.knowledge.incidents_by_runbook


def _is_one_of(wanted: Collection[str], runbooks: Iterable[str]) -> bool:
    """Say whether a runbook is wanted, by its page's name or the last parts of it."""
    names = [name.strip("/").removesuffix(".md").removesuffix(".rst") for name in wanted]
    return any(f"/{runbook.casefold().strip('/')}".endswith(f"/{name}") for runbook in runbooks for name in names)
