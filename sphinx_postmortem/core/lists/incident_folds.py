"""How a long list of incidents is folded: by year, or by quarter or month where a year has many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.lists.metrics import PERIODS, period_of
from sphinx_postmortem.core.records.model import Incident

LONGEST_TABLE = 60
"""A list of no more rows is not folded."""
MOST_ROWS = 50
"""What is open at first, and what one fold holds at most."""


@dataclass(frozen=True)
class Fold:
    """Incidents that follow one another: their period, in English where it is no date, and which of it they are."""

    period: str
    incidents: tuple[Incident, ...]
    part: str = ""
    is_open: bool = False


def folds_of(incidents: Sequence[Incident]) -> tuple[Fold, ...]:
    """Return a long list in folds, of which the first ones are open; nothing for a list that is short enough.

    A list that is not in order of time is cut by numbers alone, such as 51–100.
    """
    if len(incidents) <= LONGEST_TABLE:
        return ()
    folds = list(_by_period(incidents, PERIODS[-1])) if _is_in_order(incidents) else list(_by_number("", incidents))
    room = MOST_ROWS
    for place, fold in enumerate(folds):
        room -= len(fold.incidents)
        if room < 0 and place:
            break
        folds[place] = replace(fold, is_open=True)
    return tuple(folds)


def _is_in_order(incidents: Sequence[Incident]) -> bool:
    """Say whether the days rise, or fall, from the first incident to the last; those without one stand last."""
    days = [incident.first_day for incident in incidents]
    known = [day for day in days if day]
    return not any(days[len(known) :]) and known in (sorted(known), sorted(known, reverse=True))


def _by_period(incidents: Sequence[Incident], by: str) -> Iterator[Fold]:
    for period, found in groupby(incidents, lambda incident: period_of(incident.first_day, by)):
        members = tuple(found)
        finer = PERIODS[: PERIODS.index(by)]
        if len(members) <= MOST_ROWS:
            yield Fold(period, members)
        elif finer and members[0].first_day:
            yield from _by_period(members, finer[-1])
        else:
            yield from _by_number(period, members)


def _by_number(period: str, incidents: Sequence[Incident]) -> Iterator[Fold]:
    for start in range(0, len(incidents), MOST_ROWS):
        part = tuple(incidents[start : start + MOST_ROWS])
        yield Fold(period, part, f"{start + 1}–{start + len(part)}")
