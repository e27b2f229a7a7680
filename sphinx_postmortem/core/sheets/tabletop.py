"""A tabletop exercise from one published incident: what participants learn when, and what really happened.

Everything comes from ``postmortems.json`` of one edition (``published_edition``): an exercise holds nothing that the
edition hides. What responders did at the time is no inject: it is what participants are asked for.

Sources of the method: CISA, "Tabletop Exercise Packages" (a situation manual for players, a facilitator's guide);
NIST SP 800-84, section 4 (tabletop exercises: injects, questions, a facilitator, a data collector).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.edition_json import read_time_fields
from sphinx_postmortem.core.exports.published_edition import Record
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.spans import format_duration
from sphinx_postmortem.core.records.times import Moment

_START = "Alert detected"
_QUESTIONS: Mapping[str, str] = {
    "Alert validated": later("Is it real? What would you look at, and who has access to it?"),
    "Severity declared": later("Which severity do you declare, by which rule, and who may declare it?"),
    "Security IC engaged": later("Who leads from here on, and how do you reach that person at this hour?"),
    "War room activated": later("Who has to be in the room, and where is it? What do you tell everybody else?"),
    "Containment executed": later("What do you stop first? What does that break, and which evidence does it destroy?"),
    "Threat neutralized": later("How do you know that it is over? What would show that it is not?"),
    "Recovery completed": later("In which order do you restore, and who says that it is done?"),
}
_NOTIFIED = "notified:"
"""So begin the milestones that end reporting clocks, and rows about a regime that the site has no clock for."""
_NOTIFYING = later("Whom do you have to notify, by when, and who writes it?")
AT_FIRST = (
    later("What do you know, what do you assume, and what do you not know yet?"),
    later("Who is told now, and by whom?"),
    later("Which runbook do you open? Say its first step aloud."),
)
"""What participants are asked after the first inject."""
AT_LAST = (
    _NOTIFYING,
    later("What do you tell customers today, in one sentence?"),
    later("What would have shown this an hour earlier?"),
    later("Which one change would you make tomorrow, and who owns it?"),
)
"""What participants are asked at the end."""


class DrillError(Exception):
    """An incident from which no exercise can be made; the message says why."""


@dataclass(frozen=True)
class DrillStep:
    """One row of the timeline: the time since the start in words, its text, and its milestone, if it reaches one.

    ``before`` says that it was before anybody knew; ``question`` is what participants are asked instead of what
    responders did.
    """

    offset: str
    text: str
    notes: str
    milestone: str
    before: bool
    question: str


@dataclass(frozen=True)
class Drill:
    """An exercise. ``incident`` is the published record; the rest is derived from it."""

    edition: str
    incident: Record
    steps: tuple[DrillStep, ...]

    @property
    def injects(self) -> tuple[DrillStep, ...]:
        """What participants learn, and the decisions that they are asked for, in order."""
        return tuple(step for step in self.steps if not step.before)


def make_drill(incident: Record, edition: str) -> Drill:
    """Return the exercise of an incident.

    Args:
        incident: its record in ``postmortems.json``.
        edition: the edition that has published it.

    Raises:
        DrillError: the edition shows too little of the timeline.
    """
    events = cast("Sequence[Record]", incident.get("events", ()))
    first = next((place for place, event in enumerate(events) if event.get("milestone") == _START), 0)
    shown = [event for event in events[first:] if str(event.get("event", "")).strip()]
    if len(shown) < 2:
        raise DrillError(
            f'the edition "{edition}" shows fewer than two events from the detection on; choose an edition that shows '
            "more, or complete the timeline"
        )
    start = read_time_fields(events[first]).instant
    steps = tuple(_step(event, start, before=place < first) for place, event in enumerate(events))
    return Drill(edition, incident, tuple(step for step in steps if step.text))


def _step(event: Record, start: datetime | None, *, before: bool) -> DrillStep:
    milestone = str(event.get("milestone") or "")
    text, notes = str(event.get("event", "")).strip(), str(event.get("notes", "")).strip()
    question = "" if before else _question(milestone, text)
    return DrillStep(_offset(read_time_fields(event), start), text, notes, milestone, before, question)


_OTHERWISE = later("What do you do now, and who decides it?")


def _question(milestone: str, text: str) -> str:
    """Return what participants are asked in the place of a row; empty for an inject."""
    if any(each.casefold().startswith(_NOTIFIED) for each in (milestone, text)):
        return say(_NOTIFYING)
    return "" if milestone in ("", _START) else say(_QUESTIONS.get(milestone, _OTHERWISE))


def _offset(moment: Moment, start: datetime | None) -> str:
    """Return the time since the start; what is known only within bounds is given as bounds."""
    if start is None or not moment.is_known:
        return say("time not known")
    if moment.is_exact and moment.utc is not None:
        return _signed(moment.utc - start)
    if moment.is_estimate and moment.utc is not None:
        return say("about {time}", time=_signed(moment.utc - start))
    if moment.earliest is None:
        return say("before {time}", time=_signed(moment.latest - start) if moment.latest else "")
    if moment.latest is None:
        return say("after {time}", time=_signed(moment.earliest - start))
    return say("{first} to {last}", first=_signed(moment.earliest - start), last=_signed(moment.latest - start))


def _signed(length: timedelta) -> str:
    sign = "\u2212" if length < timedelta() else "+"
    return f"T{sign}{format_duration(abs(length), say_it=say)}"
