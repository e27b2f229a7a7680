"""What lies between two times: exact where both are exact, else its bounds.

People subtract what they see: where one time is stated to the minute and the other to the second, both count to the
minute, so that 19:20:39 to 19:46 is 26 min.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import Say, later, plain, say
from sphinx_postmortem.core.records.times import Moment, Precision

_DAYS, _HOURS = later("{number} d"), later("{number} h")
_MINUTES, _SECONDS = later("{number} min"), later("{number} s")


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
        return self.text(plain)

    def text(self, say_it: Say = say) -> str:
        """Return the span for readers; with ``plain``, in English."""
        if self.guess is not None:
            return say_it("about {time}", time=_words(self.guess, self.has_seconds, say_it))
        least = _words(self.least, self.has_seconds, say_it)
        if self.most is None:
            return say_it("at least {time}", time=least)
        most = _words(self.most, self.has_seconds, say_it)
        if least == most:
            return least
        if self.least == 0:
            return say_it("at most {time}", time=most)
        # Of one unit, it is named once: "26 to 27 min".
        (number, _, unit), (_, _, last_unit) = least.partition(" "), most.partition(" ")
        is_short = unit == last_unit and " " not in unit
        return say_it("{first} to {last}", first=number if is_short else least, last=most)


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


def format_duration(duration: timedelta, *, with_seconds: bool = False, say_it: Say = plain) -> str:
    """Write a duration: ``1 h 43 min``, ``2 d 3 h``, ``45 s``; with ``say`` in the language of the build.

    Raises:
        ValueError: it is negative.
    """
    seconds = int(duration.total_seconds())
    if seconds < 0:
        raise ValueError("a duration cannot be negative")
    return _words(seconds, with_seconds, say_it)


def _words(seconds: int, with_seconds: bool, say_it: Say = plain) -> str:
    if not with_seconds:
        seconds -= seconds % 60
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, _DAYS), (hours, _HOURS), (minutes, _MINUTES)] + ([(seconds, _SECONDS)] if with_seconds else [])
    written = [say_it(form, number=number) for number, form in parts if number]
    return " ".join(written) or say_it(_SECONDS if with_seconds else _MINUTES, number=0)


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
