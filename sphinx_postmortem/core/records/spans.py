"""What lies between two times: exact where both are exact, else its bounds.

People subtract what they see: where one time is stated to the minute and the other to the second, both count to the
minute, so that 19:20:39 to 19:46 is 26 min.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sphinx_postmortem.core.records.times import Moment, Precision


@dataclass(frozen=True)
class Span:
    """The time from one moment to another, in whole seconds.

    ``least`` and ``most`` are its bounds, equal where it is exact; ``most`` is None where it has no upper bound.
    ``guess`` is its value by the guesses of the author, where one end is an estimate.
    """

    least: int
    most: int | None
    guess: int | None = None
    has_seconds: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it has one value."""
        return self.least == self.most and self.guess is None

    def __str__(self) -> str:
        if self.guess is not None:
            return f"about {_words(self.guess, self.has_seconds)}"
        least = _words(self.least, self.has_seconds)
        if self.most is None:
            return f"at least {least}"
        most = _words(self.most, self.has_seconds)
        if least == most:
            return least
        if self.least == 0:
            return f"at most {most}"
        (number, unit), (_, last_unit) = least.rsplit(" ", 1), most.rsplit(" ", 1)
        return (
            f"{number} to {most}"
            if unit == last_unit and " " not in number and most.count(" ") == 1
            else f"{least} to {most}"
        )


def span_between(first: Moment | None, last: Moment | None) -> Span | None:
    """Return the time from ``first`` to ``last``; None where nothing is known of it, or where ``last`` is earlier."""
    if first is None or last is None or certainly_before(last, first):
        return None
    with_seconds = first.has_seconds and last.has_seconds
    if first.is_exact and last.is_exact:
        seconds = _seconds(_cut(first.utc, with_seconds), _cut(last.utc, with_seconds))
        return None if seconds is None or seconds < 0 else Span(seconds, seconds, has_seconds=with_seconds)
    least, most = _seconds(_end(first), last.earliest), _seconds(first.earliest, _end(last))
    if least is None and most is None:
        return None
    guess = None
    if (first.is_estimate or last.is_estimate) and first.utc is not None and last.utc is not None:
        guess = _seconds(_cut(first.utc, with_seconds), _cut(last.utc, with_seconds))
        guess = guess if guess is not None and guess >= 0 else None
    return Span(max(least or 0, 0), most, guess, with_seconds)


def certainly_before(one: Moment, other: Moment) -> bool:
    """Say whether a moment is earlier than another whatever is not known of both."""
    return (
        one.latest is not None
        and other.earliest is not None
        and _rounded(one.latest, one, other) < _rounded(other.earliest, one, other)
    )


def format_duration(duration: timedelta, *, with_seconds: bool = False) -> str:
    """Write a duration for people: ``1 h 43 min``, ``2 d 3 h``, ``45 s``.

    Raises:
        ValueError: it is negative.
    """
    seconds = int(duration.total_seconds())
    if seconds < 0:
        raise ValueError("a duration cannot be negative")
    return _words(seconds, with_seconds)


def _words(seconds: int, with_seconds: bool) -> str:
    if not with_seconds:
        seconds -= seconds % 60
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")] + ([(seconds, "s")] if with_seconds else [])
    written = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(written) or ("0 s" if with_seconds else "0 min")


def _rounded(instant: datetime, *moments: Moment) -> datetime:
    """Cut an instant to the coarser of the two moments where both are exact."""
    both = all(moment.is_exact for moment in moments)
    return instant if not both or all(m.has_seconds for m in moments) else instant.replace(second=0, microsecond=0)


def _cut(instant: datetime | None, with_seconds: bool) -> datetime | None:
    if instant is None:
        return None
    return instant.replace(microsecond=0) if with_seconds else instant.replace(second=0, microsecond=0)


def _end(moment: Moment) -> datetime | None:
    """Return the end of what a moment allows: the begin of the next hour, day, month or year for coarse ones."""
    if moment.latest is None or moment.latest == moment.earliest or moment.latest.second != 59:
        return moment.latest
    return moment.latest + timedelta(seconds=1) if moment.unit is not Precision.SECOND else moment.latest


def _seconds(first: datetime | None, last: datetime | None) -> int | None:
    return None if first is None or last is None else int((last - first).total_seconds())
