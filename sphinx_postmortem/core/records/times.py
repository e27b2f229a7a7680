"""Times and dates of a timeline: what is known of them.

An event has a written time, the earliest and the latest instant that it allows, and a precision (the fidelity terms of
STIX 2.1, with ``estimate`` and ``unknown``). ``time_reading`` reads them, ``spans`` subtracts them. A row shows a
day, a time of day, and a word on how exactly they are known.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.texts import Say, later, plain, say
from sphinx_postmortem.core.records.vocabulary import DASHES

_DATE = expression(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_SEPARATOR = expression(r" (?:to|until|and|-|–|—) | ?(?:,|/|–|—|\.\.) ?")


class BadTimeError(ValueError):
    """A text that is no time, with the mend in its message."""


class ImpossibleTimeError(BadTimeError):
    """A text that names a day or a time of day that does not exist."""


class IncompleteTimeError(BadTimeError):
    """A time that can be read, but lacks its date, or the year of it."""


class UnknownZoneError(BadTimeError):
    """A text that names a zone that is none, or that has several meanings."""


class BadDateError(ValueError):
    """A text that is not a date, with the mend in its message."""


class Precision(StrEnum):
    """How exactly a time is known: the unit up to which it is stated, an estimate, or not at all.

    The members stand from the finest to the coarsest.
    """

    SECOND = later("second")
    MINUTE = later("minute")
    HOUR = later("hour")
    DAY = later("day")
    MONTH = later("month")
    YEAR = later("year")
    ESTIMATE = later("estimate")
    UNKNOWN = later("unknown")


@dataclass(frozen=True)
class Moment:
    """What is known of the time of an event.

    ``written`` is the author's text. ``utc`` is the instant to show and to subtract: the stated one, the beginning of
    a stated day, month or range, or the guess of an estimate; None where there is none. ``earliest`` and ``latest``
    are the first and the last instant that the text allows, in UTC; None where it sets no bound. ``unit`` is the unit
    up to which it is stated, and ``is_estimate`` says whether it is a guess. ``zone`` is the stated zone, as written,
    where it is not UTC; ``offset`` that zone's offset then, such as ``+02:00``. ``has_zone`` says whether the text
    itself states a zone.
    """

    written: str
    utc: datetime | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    unit: Precision = Precision.UNKNOWN
    is_estimate: bool = False
    zone: str = ""
    offset: str = ""
    has_zone: bool = False

    @property
    def precision(self) -> Precision:
        """How exactly the time is known."""
        return Precision.ESTIMATE if self.is_estimate else self.unit

    @property
    def has_seconds(self) -> bool:
        """Whether the text names seconds."""
        return self.unit is Precision.SECOND

    @property
    def is_exact(self) -> bool:
        """Whether the text states one instant, to the minute or the second."""
        return self.utc is not None and self.earliest == self.latest and not self.is_estimate

    @property
    def instant(self) -> datetime | None:
        """The instant at which a drawing may place it, and from which offsets may count; None for whole days and more.

        A day begins at midnight, which nobody has stated.
        """
        return self.utc if self.unit in (Precision.SECOND, Precision.MINUTE, Precision.HOUR) else None

    @property
    def is_known(self) -> bool:
        """Whether the text tells anything of the time."""
        return self.earliest is not None or self.latest is not None

    @property
    def days(self) -> tuple[date, ...]:
        """The first and the last day that it allows, each as UTC and as its zone have it; empty where none is known.

        A leap second is of the day that it ends.
        """
        ends = [end for end in (self.earliest, self.latest) if end is not None]
        as_leap = [end - timedelta(seconds=1) for end in ends if ":60" in self.written]
        return tuple(
            sorted(end.astimezone(zone).date() for end in (*ends, *as_leap) for zone in (UTC, self.local_zone))
        )

    @property
    def local_zone(self) -> tzinfo:
        """The stated zone as it was then: a fixed offset, or UTC."""
        return datetime.fromisoformat(f"2000-01-01T00:00{self.offset}").tzinfo or UTC if self.offset else UTC

    def __str__(self) -> str:
        return self.text(plain)

    def text(self, say_it: Say = say) -> str:
        """Return what is known, for readers; with ``plain``, in English."""
        first, last = self.earliest, self.latest
        if self.is_estimate and self.utc is not None:
            return say_it("about {time}", time=self._shown(self.utc))
        if first is None or last is None:
            if last:
                return say_it("before {time}", time=self._shown(last))
            return say_it("after {time}", time=self._shown(first)) if first else say_it("unknown")
        begin = self._shown(first)
        end = begin if last == first else self._shown(last)
        return begin if begin == end else say_it("{first} to {last}", first=begin, last=end)

    def _shown(self, instant: datetime) -> str:
        """Write an instant up to the unit that is stated, in the zone's own days where it states days."""
        form = _FORMS.get(self.unit, _TO_THE_MINUTE)
        if self.unit is Precision.HOUR and self.offset and not self.offset.endswith(":00"):
            form = _TO_THE_MINUTE  # half an hour off, it is no hour of UTC
        if self.unit in (Precision.DAY, Precision.MONTH, Precision.YEAR):
            instant = instant.astimezone(self.local_zone)
        return instant.strftime(form)


_TO_THE_MINUTE = "%Y-%m-%d %H:%M"
_FORMS = {
    Precision.SECOND: "%Y-%m-%d %H:%M:%S",
    Precision.HOUR: "%Y-%m-%d %H h",
    Precision.DAY: "%Y-%m-%d",
    Precision.MONTH: "%Y-%m",
    Precision.YEAR: "%Y",
}


def parse_date(text: str) -> date:
    """Read a ``YYYY-MM-DD`` date.

    Raises:
        BadDateError: it is none.
    """
    text = text.strip()
    if not _DATE.fullmatch(text):
        raise BadDateError(f'"{text}" is not a date; write YYYY-MM-DD')
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDateError(f'"{text}" is not a possible date ({error}); write YYYY-MM-DD') from None


def parse_dates(text: str) -> tuple[date, date]:
    """Read the template's "Date(s)": one date, or a first and a last one (``2026-03-02 to 2026-03-04``).

    Raises:
        BadDateError: one of them is no date, or the last is before the first.
    """
    dates = [parse_date(part) for part in _DATE_SEPARATOR.split(" ".join(text.split()))]
    if dates != sorted(dates):
        raise BadDateError(f'"{text.strip()}" is not in order; write the first date before the last')
    return dates[0], dates[-1]


def exact_moment(written: str, utc: datetime, *, has_seconds: bool = False, offset: str = "") -> Moment:
    """Return the moment of one instant, as data files state it."""
    instant = utc.astimezone(UTC)
    unit = Precision.SECOND if has_seconds else Precision.MINUTE
    return Moment(written, instant, instant, instant, unit, zone=offset, offset=offset, has_zone=bool(offset))


def moment_text(moment: Moment | None) -> str:
    """Return a time in UTC, or as written where nothing is known of it; empty where there is none."""
    return "" if moment is None else moment.text() if moment.is_known else moment.written


_CLOCKS = (Precision.SECOND, Precision.MINUTE, Precision.HOUR)
_NOTES = {
    Precision.DAY: later("day only"),
    Precision.MONTH: later("month only"),
    Precision.YEAR: later("year only"),
}
_NOT_KNOWN = DASHES | {"", "unknown", "not known", "n/a", "?"}  # TBC and the like are shown as written
ABOUT = "\u2248"
"""The sign of an estimate."""


@dataclass(frozen=True)
class ShownTime:
    """The parts of a time, in the order in which they are read; each may be empty.

    ``day`` is a date, or a month or a year; ``clock`` a time of day, or a whole span; ``note`` what is not known.
    """

    day: str = ""
    clock: str = ""
    note: str = ""


def shown_time(moment: Moment) -> ShownTime:
    """Return the parts of a time in UTC; of one that tells nothing, what was written."""
    if not moment.is_known:
        if moment.written.strip().casefold() in _NOT_KNOWN:
            return ShownTime(note=say("not recorded"))
        return ShownTime(clock=moment.written)
    text = str(moment)
    about = ""
    if moment.is_estimate and moment.utc is not None:
        about, text = f"{ABOUT} ", text.removeprefix("about ")
    if text.startswith(("before ", "after ")):
        return ShownTime(clock=about + moment.text())
    if " to " in text:
        return _shown_span(about + text)
    if moment.unit in _CLOCKS:
        day, _, clock = text.partition(" ")
        return ShownTime(day, about + clock)
    return ShownTime(about + text, note=say(_NOTES.get(moment.unit, "")))


def _shown_span(text: str) -> ShownTime:
    """Return a span; within one day, that day and two times of day."""
    first, _, last = text.partition(" to ")
    day, _, begin = first.partition(" ")
    last_day, _, end = last.partition(" ")
    if begin and end and day == last_day:
        return ShownTime(day, say("{first} to {last}", first=begin, last=end))
    return ShownTime(clock=say("{first} to {last}", first=first, last=last) if last else text)
