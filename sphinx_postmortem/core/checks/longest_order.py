"""The most rows that stand in the order of time: what is left when the fewest are taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

_MOST_STEPS = 2_000_000
_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# How good a choice is: the rows that it keeps, the runs of rows that it takes out (negative), how much company the kept
# ones have in their days and years, and (negative) the last kept row.
_Worth = tuple[int, int, int, int]
_Bounds = tuple[int, datetime, datetime]


class _Way(NamedTuple):
    """The last of the rows that are kept, and those before it."""

    row: int
    before: _Way | None


_Choice = tuple[datetime, int, _Way | None]


_NONE: _Worth = (-1, 0, 0, 0)


class _BestUpTo:
    """The best of what was noted at or below a place (a Fenwick tree)."""

    def __init__(self, places: int) -> None:
        self._best = [_NONE] * (places + 1)

    def note(self, place: int, worth: _Worth) -> None:
        place += 1
        while place < len(self._best):
            self._best[place] = max(self._best[place], worth)
            place += place & -place

    def find(self, place: int) -> _Worth:
        place += 1
        best = _NONE
        while place:
            best = max(best, self._best[place])
            place -= place & -place
        return best


def longest_in_order(rows: Sequence[tuple[int, datetime]]) -> frozenset[int]:
    """Return the indices of the most rows that stand in order.

    Of choices that keep as many, one that takes out the fewest runs of rows, each in order by itself: a block that was
    moved or pasted is one. Of these, that whose other rows stand more alone in their day and year.
    """
    if all(above[1] <= row[1] for above, row in pairwise(rows)):
        return frozenset(index for index, _ in rows)
    moments = [moment for _, moment in rows]
    ranks = {moment: rank for rank, moment in enumerate(sorted(set(moments)))}
    shared = Counter(part for moment in moments for part in (moment.year, moment.date()))
    falls = [0]  # up to each row, how often a row is earlier than the one above it
    for one, other in pairwise(moments):
        falls.append(falls[-1] + (other < one))
    best = _BestUpTo(len(ranks))
    before: list[int] = []
    worths: list[_Worth] = []
    for place, moment in enumerate(moments):
        company = shared[moment.year] + shared[moment.date()]
        rank = ranks[moment]
        options = [(1, -(falls[place - 1] + 1) if place else 0, company, 0)]
        # The runs between two kept rows are the falls between them and one more; none where they are neighbours.
        kept, runs, known, last = best.find(rank)
        if kept > 0:
            options.append((kept + 1, runs - falls[place - 1] - 1, known + company, last))
        if place and moments[place - 1] <= moment:
            kept, runs, known, _ = worths[-1]
            options.append((kept + 1, runs, known + company, 1 - place))
        worth = max(options)
        before.append(-worth[3] if worth[0] > 1 else -1)
        worths.append(worth)
        if place:  # from now on rows may stand between it and the next kept one
            above = worths[place - 1]
            best.note(ranks[moments[place - 1]], (above[0], above[1] + falls[place], above[2], 1 - place))
    ends = (
        (worth[0], worth[1] - (falls[-1] - falls[place + 1] + 1 if place + 1 < len(rows) else 0), worth[2], -place)
        for place, worth in enumerate(worths)
    )
    place = -max(ends)[3]
    kept_rows: set[int] = set()
    while place >= 0:
        kept_rows.add(rows[place][0])
        place = before[place]
    return frozenset(kept_rows)


def longest_of_bounds(rows: Sequence[tuple[int, datetime | None, datetime | None]]) -> frozenset[int]:
    """Return the indices of the most rows of which none is certainly earlier than one above it.

    Args:
        rows: the index of each row, and the earliest and the latest instant that it allows; None where it sets none.
    """
    bounds = [(index, first or _EVER[0], last or _EVER[1]) for index, first, last in rows]
    simple = min(_without_early(bounds), _without_late(bounds), key=len)
    if len(simple) <= 1 or len(simple) * len(rows) > _MOST_STEPS:
        return frozenset(index for index, _, _ in rows) - simple
    # What is known of each choice: the latest begin that it keeps, how many rows it keeps, and which. Of two choices
    # the one with the later begin is of use only if it keeps more.
    choices: list[_Choice] = [(_EVER[0], 0, None)]
    for seen, (index, first, last) in enumerate(bounds, start=1):
        longer: list[_Choice] = [
            (max(begin, first), kept + 1, _Way(index, way)) for begin, kept, way in choices if begin <= last
        ]
        most, next_choices = -1, list[_Choice]()
        for choice in sorted([*choices, *longer], key=lambda each: (each[0], -each[1])):
            if choice[1] > most and seen - choice[1] <= len(simple):
                next_choices.append(choice)
            most = max(most, choice[1])
        choices = next_choices
    way = max(choices, key=lambda each: each[1])[2]
    kept_rows: set[int] = set()
    while way is not None:
        kept_rows.add(way.row)
        way = way.before
    return frozenset(kept_rows)


def _without_early(rows: Sequence[_Bounds]) -> frozenset[int]:
    """Return the rows to take out where each that is earlier than one above it goes."""
    out: set[int] = set()
    begin = _EVER[0]
    for index, first, last in rows:
        if last < begin:
            out.add(index)
        else:
            begin = max(begin, first)
    return frozenset(out)


def _without_late(rows: Sequence[_Bounds]) -> frozenset[int]:
    """Return the rows to take out where each that is later than one below it goes."""
    out: set[int] = set()
    end = _EVER[1]
    for index, first, last in reversed(rows):
        if first > end:
            out.add(index)
        else:
            end = min(end, last)
    return frozenset(out)
