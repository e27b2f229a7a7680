"""How a time is shown in a row: its day, its time of day, and a word on how exactly it is known."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.times import Moment, Precision

_CLOCKS = (Precision.SECOND, Precision.MINUTE, Precision.HOUR)
_NOTES = {
    Precision.DAY: later("day only"),
    Precision.MONTH: later("month only"),
    Precision.YEAR: later("year only"),
}
_NOT_KNOWN = ("", "unknown", "not known", "n/a", "-", "\u2013", "\u2014", "?")
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
