"""Puts events together that a document tells in several places: a list of key events, and the timeline below it.

Each place keeps its own order, so that a row out of order stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sphinx_postmortem.core.imports.timeline_entry import TimelineEntry
from sphinx_postmortem.core.records.times import Moment

Timed = tuple[TimelineEntry, Moment]


def interleaved(entries: Sequence[TimelineEntry], moments: Sequence[Moment]) -> list[Timed]:
    """Return entries with their times; those of places whose times overlap are merged by time."""
    merged: list[Timed] = []
    for _, group in groupby(zip(entries, moments, strict=True), key=lambda pair: pair[0].place):
        following = list(group)
        merged = _merged(merged, following) if _overlap(merged, following) else merged + following
    return merged


def _overlap(one: Sequence[Timed], other: Sequence[Timed]) -> bool:
    first, second = _instants(one), _instants(other)
    return bool(first and second) and min(first) <= max(second) and min(second) <= max(first)


def _instants(timed: Sequence[Timed]) -> list[datetime]:
    return [moment.utc for _, moment in timed if moment.utc is not None and moment.is_exact]


def _merged(one: Sequence[Timed], other: Sequence[Timed]) -> list[Timed]:
    """Merge two sequences by time. One without an exact time stays behind the one that it follows."""
    left, right = _runs(one), _runs(other)
    found: list[Timed] = []
    while left and right:
        found += (left if _begin(left[0]) <= _begin(right[0]) else right).pop(0)
    return [*found, *(pair for run in (*left, *right) for pair in run)]


def _runs(timed: Sequence[Timed]) -> list[list[Timed]]:
    runs: list[list[Timed]] = []
    for pair in timed:
        if runs and not pair[1].is_exact:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _begin(run: Sequence[Timed]) -> float:
    instant = run[0][1].utc
    return instant.timestamp() if instant is not None else 0.0
