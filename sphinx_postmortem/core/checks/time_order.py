"""Which rows of a timeline stand out of the order of time, and what they should probably say.

Blamed are the fewest rows whose removal makes the order true: one row with a wrong day must not put the blame on all
that follow it. Neighbouring rows with one cause are one block: rows that were moved or pasted together are one fault.
Order is judged where the bounds of two times leave no doubt.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from sphinx_postmortem.core.checks.longest_order import longest_in_order, longest_of_bounds
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.times import Moment, Precision

_FEWEST_REVERSED = 3
_FEWEST_OF_A_YEAR = 2
_NEXT_DAYS = timedelta(days=3)
_FAR = timedelta(days=15)
_NEAR = timedelta(days=60)  # how far from the summary's dates a mended year may lead


@dataclass(frozen=True)
class Misplaced:
    """A row that is blamed.

    ``index`` is the row; ``field`` the part that is probably wrong (year, month, day or midnight), or empty;
    ``probably`` the time that it should then have; ``after`` the index of a row above that is later, or below that is
    earlier; ``first`` the index of the first row of its block; ``is_turned`` whether the whole timeline runs from the
    latest row to the earliest.
    """

    index: int
    field: str = ""
    probably: datetime | None = None
    after: int = -1
    first: int = -1
    is_turned: bool = False


def stand_reversed(moments: Sequence[Moment | None]) -> bool:
    """Say whether the times of a timeline, three at least, run from the latest to the earliest.

    Where fewer than three are exact, all count that have an earliest and a latest instant: days alone, for example.
    """
    bounds = _bounds_in_question(moments)
    falls = all(one[1] >= other[1] and one[2] >= other[2] for one, other in pairwise(bounds))
    return len(bounds) >= _FEWEST_REVERSED and falls and bounds[0][1] > bounds[-1][2]


def _bounds_in_question(moments: Sequence[Moment | None]) -> list[tuple[int, datetime, datetime]]:
    """Return the index and the bounds of the times that say in which direction a timeline runs."""
    bounds = [
        (index, m.earliest, m.latest)
        for index, m in enumerate(moments)
        if m is not None and m.earliest is not None and m.latest is not None
    ]
    exact = [each for each in bounds if (m := moments[each[0]]) is not None and m.is_exact]
    return exact if len(exact) >= _FEWEST_REVERSED else bounds


def misplaced_rows(moments: Sequence[Moment | None], days: tuple[date, date] | None = None) -> tuple[Misplaced, ...]:
    """Return the rows to blame, in order.

    Args:
        moments: the time of each row; None where it cannot be read.
        days: the first and the last day of the incident, from its summary.
    """
    times = {index: m.utc for index, m in enumerate(moments) if m is not None and m.is_exact and m.utc is not None}
    if len(times) == len(moments) and _are_in_doubt_of_nothing(list(times.values()), days):
        return ()
    if stand_reversed(moments):
        bounds = _bounds_in_question(moments)
        are_exact = len(times) >= _FEWEST_REVERSED
        left = longest_in_order(list(times.items())) if are_exact else longest_of_bounds(bounds)
        others = [index for index, _, _ in bounds if index not in left]
        return tuple(Misplaced(index, after=min(left), first=others[0], is_turned=True) for index in others)
    blamed = _of_other_dates(times or _whole_days(moments), days)
    times = {index: moment for index, moment in times.items() if index not in blamed}
    for index, mended in _past_midnight(times):
        blamed[index] = Misplaced(index, "midnight", mended, index - 1)
        times[index] = mended
    kept = longest_in_order(list(times.items()))
    in_order = sorted(kept)
    for index in times:
        if index not in kept and index not in blamed:
            blamed[index] = _blame(index, times, in_order)
    blamed |= {found.index: found for found in _coarse_rows(moments, kept, times)}
    coarse = {
        index: m for index, m in enumerate(moments) if m is not None and index not in times and index not in blamed
    }
    blamed |= {found.index: found for found in _coarse_among_themselves(coarse)}
    return _in_blocks(moments, blamed)


def _are_in_doubt_of_nothing(times: Sequence[datetime], days: tuple[date, date] | None) -> bool:
    """Say whether times stand in order, within some days of one year and near the summary's dates: most do."""
    if not times:
        return True
    if any(one > other for one, other in pairwise(times)):
        return False
    first, last = times[0], times[-1]
    are_near = days is None or (days[0] - _NEAR <= first.date() and last.date() <= days[1] + _NEAR)
    return are_near and first.year == last.year and last.date() - first.date() <= _FAR


def _in_blocks(moments: Sequence[Moment | None], blamed: Mapping[int, Misplaced]) -> tuple[Misplaced, ...]:
    """Return the blamed rows in order, each with the first row of its block."""
    blocks: list[list[Misplaced]] = []
    is_open = False
    for index, moment in enumerate(moments):
        row = blamed.get(index)
        if row is not None and is_open and _goes_on(moments, blocks[-1][-1], row):
            blocks[-1].append(row)
        elif row is not None:
            blocks.append([row])
            is_open = True
        elif is_open and moment is not None and moment.is_known:
            last = moments[blocks[-1][-1].index]
            # Rows that are less exact than the block are judged for themselves.
            is_open = not moment.is_exact and last is not None and last.is_exact
    return tuple(row for block in blocks for row in _of_one_cause(moments, block))


def _goes_on(moments: Sequence[Moment | None], above: Misplaced, row: Misplaced) -> bool:
    """Say whether a row goes on with the block of the blamed row above it: in order, and out of it for one cause."""
    one, other = moments[above.index], moments[row.index]
    if one is None or other is None or one.is_exact != other.is_exact:
        return False
    shifts = _shift(one, above), _shift(other, row)
    if None not in shifts and (row.field != above.field or shifts[0] != shifts[1]):
        # Two slips, unless they could not be mended together.
        return row.field == above.field and bool(above.probably and row.probably and above.probably > row.probably)
    if None not in shifts:
        return True
    is_in_order = one.earliest is not None and other.latest is not None and one.earliest <= other.latest
    return is_in_order and row.after == above.after


def _of_one_cause(moments: Sequence[Moment | None], block: list[Misplaced]) -> Iterator[Misplaced]:
    """Yield the rows of a block; what mends some of them alone mends none: the block was moved."""
    is_same = len({(row.field, _shift(moments[row.index], row)) for row in block}) == 1
    for row in block:
        whole = row if is_same else Misplaced(row.index, after=row.after)
        yield replace(whole, first=block[0].index)


def _shift(moment: Moment | None, row: Misplaced) -> timedelta | None:
    """Return by how much a time would be mended."""
    return row.probably - moment.utc if moment is not None and moment.utc and row.probably else None


def _whole_days(moments: Sequence[Moment | None]) -> dict[int, datetime]:
    """Return the begin of the day of each row that states a day alone."""
    found = ((index, moment) for index, moment in enumerate(moments) if moment is not None and not moment.is_estimate)
    days = ((index, m.utc, m.latest) for index, m in found if m.unit is Precision.DAY)
    return {index: first for index, first, last in days if first and last and last - first < timedelta(days=1)}


def _of_other_dates(times: Mapping[int, datetime], days: tuple[date, date] | None) -> dict[int, Misplaced]:
    """Return the rows whose year or month disagrees with those of the others, or with the summary's dates."""
    left = dict(times)
    blamed: dict[int, Misplaced] = {}
    for index, mended in _wrong_years(left, days):
        blamed[index] = Misplaced(index, "year", mended)
        del left[index]
    for index, name, mended in _alone(left):
        blamed[index] = Misplaced(index, name, mended)
        del left[index]
    for index, mended in _other_year(left):
        blamed[index] = Misplaced(index, "year", mended)
        del left[index]
    return blamed


def _wrong_years(times: dict[int, datetime], days: tuple[date, date] | None) -> list[tuple[int, datetime]]:
    """Return the rows that lie near the summary's dates only with another year."""
    if days is None:
        return []
    first, last = days[0] - _NEAR, days[1] + _NEAR
    found: list[tuple[int, datetime]] = []
    for index, moment in times.items():
        if first <= moment.date() <= last:
            continue
        mended = [_with(moment, "year", day) for day in (*days, first, last)]
        if fits := next((each for each in mended if each and first <= each.date() <= last), None):
            found.append((index, fits))
    # Where no row lies near the summary's dates, the summary is as likely to be wrong.
    return found if len(found) < len(times) else []


def _alone(times: dict[int, datetime]) -> list[tuple[int, str, datetime]]:
    """Return the rows far from the day of most others that would be on it with another year or month."""
    days = Counter(moment.date() for moment in times.values())
    day, number = days.most_common(1)[0] if days else (date.min, 0)
    if number < 2 or number * 2 <= len(times):
        return []
    found: list[tuple[int, str, datetime]] = []
    for index, moment in times.items():
        if abs(moment.date() - day) <= _FAR:
            continue
        for name in ("year", "month"):
            mended = _with(moment, name, day)
            if mended is not None and mended.date() == day:
                found.append((index, name, mended))
    return found


def _other_year(times: dict[int, datetime]) -> list[tuple[int, datetime]]:
    """Return the row whose year stands alone, and with that of all others would be within days of its neighbours.

    A first row may truly be of the year before: one that would be so near to the next on another day is a slip.
    """
    years = Counter(moment.year for moment in times.values())
    year, number = years.most_common(1)[0] if years else (0, 0)
    if number < _FEWEST_OF_A_YEAR or number != len(times) - 1:
        return []
    indices = list(times)
    place = next(place for place, index in enumerate(indices) if times[index].year != year)
    mended = _with(times[indices[place]], "year", date(year, 1, 1))
    above = times[indices[place - 1]] if place else None
    below = times[indices[place + 1]] if place + 1 < len(indices) else None
    if mended is None or (above is not None and mended < above) or (below is not None and below < mended):
        return []
    is_near = any(other is not None and abs(other - mended) <= _NEXT_DAYS for other in (above, below))
    return [(indices[place], mended)] if is_near else []


def _past_midnight(times: dict[int, datetime]) -> list[tuple[int, datetime]]:
    """Return the rows whose clock passed midnight while their date did not move on."""
    found: list[tuple[int, datetime]] = []
    indices = list(times)
    before: datetime | None = None
    for place, index in enumerate(indices):
        now = times[index]
        following = times[indices[place + 1]] if place + 1 < len(indices) else None
        next_day = now + timedelta(days=1)
        is_late = before is not None and now < before < next_day and next_day - before < timedelta(hours=12)
        if is_late and (following is None or following >= next_day or following.date() == now.date()):
            found.append((index, next_day))
            now = next_day
        before = now
    return found


def _blame(index: int, times: dict[int, datetime], kept: Sequence[int]) -> Misplaced:
    """Say which field of a row is probably wrong: the one with which it would stand in order."""
    moment, place = times[index], bisect(kept, index)
    low = kept[place - 1] if place else -1
    high = kept[place] if place < len(kept) else -1
    after = low if low >= 0 and times[low] > moment else high
    for name in ("year", "month", "day"):
        for other in (each for each in (low, high) if each >= 0):
            mended = _with(moment, name, _new_year(moment, times[other]) if name == "year" else times[other])
            if mended is None or mended == moment:
                continue
            if (low < 0 or times[low] <= mended) and (high < 0 or mended <= times[high]):
                return Misplaced(index, name, mended, after)
    return Misplaced(index, after=after)


def _coarse_rows(moments: Sequence[Moment | None], kept: frozenset[int], times: dict[int, datetime]) -> list[Misplaced]:
    """Return the rows with bounds that contradict the rows in order, whatever is not known of them."""
    found: list[Misplaced] = []
    above = -1
    pending: list[tuple[int, datetime]] = []
    for index, moment in enumerate(moments):
        if index in kept:  # of the rows in order, the next one is the earliest below
            found += [Misplaced(row, after=index) for row, earliest in pending if earliest > times[index]]
            pending, above = [], index
        elif moment is not None and not moment.is_exact:
            if above >= 0 and moment.latest is not None and moment.latest < times[above]:
                found.append(Misplaced(index, after=above))
            elif moment.earliest is not None:
                pending.append((index, moment.earliest))
    return found


def _coarse_among_themselves(rows: Mapping[int, Moment]) -> list[Misplaced]:
    """Return the fewest rows without an exact time whose removal leaves no two whose bounds contradict each other."""
    kept = longest_of_bounds([(index, moment.earliest, moment.latest) for index, moment in rows.items()])
    in_order = sorted(kept)
    found: list[Misplaced] = []
    for index, moment in rows.items() if len(kept) < len(rows) else ():
        if index in kept:
            continue
        place = bisect(in_order, index)
        above = (each for each in reversed(in_order[:place]) if _is_after(rows[each], moment))
        below = (each for each in in_order[place:] if _is_after(moment, rows[each]))
        found.append(Misplaced(index, after=next(chain(above, below), index)))
    return found


def _is_after(one: Moment, other: Moment) -> bool:
    return one.earliest is not None and other.latest is not None and other.latest < one.earliest


def _new_year(moment: datetime, other: datetime) -> datetime:
    """Return the neighbour of a row, or New Year's Day where the row is in January and its neighbour in December."""
    is_past = moment.month == 1 and other.month == 12 and moment < other
    return other.replace(year=other.year + 1, month=1, day=1) if is_past else other


def _with(moment: datetime, name: str, other: date) -> datetime | None:
    """Return a moment with one field of another day; None where there is no such day."""
    try:
        if name == "year":
            return moment.replace(year=other.year)
        return moment.replace(month=other.month) if name == "month" else moment.replace(day=other.day)
    except ValueError:
        return None
