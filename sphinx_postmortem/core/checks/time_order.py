"""Which rows of a timeline stand out of the order of time, and what they should probably say.

Blamed are the fewest rows whose removal makes the order true: one row with a wrong day must not put the blame on all
that follow it. Order is judged where the bounds of two times leave no doubt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sphinx_postmortem.core.records.times import Moment

_EPOCH = datetime(2040, 1, 1, tzinfo=UTC)
_FAR = timedelta(days=15)
_NEAR = timedelta(days=60)  # how far from the summary's dates a mended year may lead


@dataclass(frozen=True)
class Misplaced:
    """A row that is blamed.

    ``index`` is the row; ``field`` the part that is probably wrong (year, month, day or midnight), or empty;
    ``probably`` the time that it should then have; ``after`` the index of a row above that is later, or below that is
    earlier.
    """

    index: int
    field: str = ""
    probably: datetime | None = None
    after: int = -1


def misplaced_rows(moments: Sequence[Moment | None], days: tuple[date, date] | None = None) -> tuple[Misplaced, ...]:
    """Return the rows to blame, in order.

    Args:
        moments: the time of each row; None where it cannot be read.
        days: the first and the last day of the incident, from its summary.
    """
    times = {index: m.utc for index, m in enumerate(moments) if m is not None and m.is_exact and m.utc is not None}
    blamed: dict[int, Misplaced] = {}
    for index, mended in _wrong_years(times, days):
        blamed[index] = Misplaced(index, "year", mended)
        del times[index]
    for index, name, mended in _alone(times):
        blamed[index] = Misplaced(index, name, mended)
        del times[index]
    for index, mended in _past_midnight(times):
        blamed[index] = Misplaced(index, "midnight", mended, index - 1)
        times[index] = mended
    kept = _longest_in_order(list(times.items()))
    for index in times:
        if index not in kept and index not in blamed:
            blamed[index] = _blame(index, times, kept)
    blamed |= {found.index: found for found in _coarse_rows(moments, kept, times)}
    coarse = {
        index: m for index, m in enumerate(moments) if m is not None and index not in times and index not in blamed
    }
    blamed |= {found.index: found for found in _coarse_among_themselves(coarse)}
    return tuple(blamed[index] for index in sorted(blamed))


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


def _longest_in_order(rows: Sequence[tuple[int, datetime]]) -> frozenset[int]:
    """Return the indices of the longest sequence of rows that stand in order.

    Of two that are equally long, that whose other rows stand more alone in their day and year.
    """
    upwards = _longest_ascending(rows)
    downwards = _longest_ascending([(index, _EPOCH - (moment - _EPOCH)) for index, moment in reversed(rows)])
    shared = Counter(part for _, moment in rows for part in (moment.year, moment.date()))

    def company(kept: frozenset[int]) -> int:
        return sum(shared[moment.year] + shared[moment.date()] for index, moment in rows if index not in kept)

    return downwards if company(downwards) <= company(upwards) else upwards


def _longest_ascending(rows: Sequence[tuple[int, datetime]]) -> frozenset[int]:
    """Return the indices of the longest ascending sequence (patience sorting)."""
    ends: list[datetime] = []
    last_of: list[int] = []
    before: dict[int, int] = {}
    for index, moment in rows:
        place = bisect_right(ends, moment)
        before[index] = last_of[place - 1] if place else -1
        ends[place : place + 1] = [moment]
        last_of[place : place + 1] = [index]
    kept: set[int] = set()
    index = last_of[-1] if last_of else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return frozenset(kept)


def _blame(index: int, times: dict[int, datetime], kept: frozenset[int]) -> Misplaced:
    """Say which field of a row is probably wrong: the one with which it would stand in order."""
    moment = times[index]
    low = max((place for place in kept if place < index), default=-1)
    high = min((place for place in kept if place > index), default=-1)
    after = low if low >= 0 and times[low] > moment else high
    for name in ("year", "month", "day"):
        for other in (place for place in (low, high) if place >= 0):
            mended = _with(moment, name, _new_year(moment, times[other]) if name == "year" else times[other])
            if mended is None or mended == moment:
                continue
            if (low < 0 or times[low] <= mended) and (high < 0 or mended <= times[high]):
                return Misplaced(index, name, mended, after)
    return Misplaced(index, after=after)


def _coarse_rows(moments: Sequence[Moment | None], kept: frozenset[int], times: dict[int, datetime]) -> list[Misplaced]:
    """Return the rows with bounds that contradict the rows in order, whatever is not known of them."""
    found: list[Misplaced] = []
    latest_above, above = None, -1
    pending: list[tuple[int, datetime]] = []
    for index, moment in enumerate(moments):
        if index in kept:
            now = times[index]
            found += [Misplaced(row, after=index) for row, earliest in pending if earliest > now]
            pending = [(row, earliest) for row, earliest in pending if earliest <= now]
            if latest_above is None or now >= latest_above:
                latest_above, above = now, index
        elif moment is not None and not moment.is_exact:
            if latest_above is not None and moment.latest is not None and moment.latest < latest_above:
                found.append(Misplaced(index, after=above))
            elif moment.earliest is not None:
                pending.append((index, moment.earliest))
    return found


def _coarse_among_themselves(rows: Mapping[int, Moment]) -> list[Misplaced]:
    """Return the rows without an exact time whose bounds contradict one another, by the count of blamed rows.

    One that is much too late contradicts all that follow it, and one that is much too early all above it; so both
    directions are tried, and the one that blames fewer rows is taken.
    """
    down: list[Misplaced] = []
    highest: tuple[datetime, int] | None = None
    for index, moment in rows.items():
        if highest is not None and moment.latest is not None and moment.latest < highest[0]:
            down.append(Misplaced(index, after=highest[1]))
        elif moment.earliest is not None and (highest is None or moment.earliest > highest[0]):
            highest = (moment.earliest, index)
    if not down:
        return []
    up: list[Misplaced] = []
    lowest: tuple[datetime, int] | None = None
    for index, moment in reversed(list(rows.items())):
        if lowest is not None and moment.earliest is not None and moment.earliest > lowest[0]:
            up.append(Misplaced(index, after=lowest[1]))
        elif moment.latest is not None and (lowest is None or moment.latest < lowest[0]):
            lowest = (moment.latest, index)
    return up[::-1] if len(up) < len(down) else down


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
