"""What readers see of a clock: its times in UTC and in the site's zone, and the sentences about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from sphinx_postmortem.core.clocks.clock_rules import NOON, RuleBook
from sphinx_postmortem.core.clocks.running_clocks import Bounds, Clock, State
from sphinx_postmortem.core.language.texts import Say, later, said, say

_NOON_ALLOWED = later(
    "{clock}: the time falls on a day that is no working day; the rule allows the noon of the next working day, {time}."
)
_END_ALLOWED = later(
    "{clock}: the time falls on a day that is no working day; the rule allows the end of the next working day, {time}."
)

URGENT = (State.RAN_OUT, State.PERHAPS_OUT, State.LATE, State.EARLY)
"""The states that are shown as faults."""
ENDED = (State.IN_TIME, State.SENT)
"""The states that are shown as done."""
QUIET = (State.WAITING, State.UNKNOWN, State.NOT_IN_FORCE)
"""The states of clocks that do not run."""
ORDER = (
    *(State.RAN_OUT, State.PERHAPS_OUT, State.TODAY, State.RUNNING, State.WAITING, State.UNKNOWN, State.EARLY),
    *(State.LATE, State.SENT, State.IN_TIME, State.NOT_IN_FORCE),
)
"""The states, the most urgent first."""


def bounds_text(bounds: Bounds | None, zone: tzinfo = UTC, say_it: Say = say) -> str:
    """Return an instant, or its bounds, in a zone; empty where there is none. Warnings are ``plain``."""
    if bounds is None or (bounds.first is None and bounds.last is None):
        return ""
    first, last = (_written(each, zone) if each else "" for each in (bounds.first, bounds.last))
    if not first or not last:
        return say_it("{time} or later", time=first) if first else say_it("{time} or earlier", time=last)
    return first if first == last else say_it("{first} to {last}", first=first, last=last)


def _written(instant: datetime, zone: tzinfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def due_text(clock: Clock, zone: tzinfo = UTC) -> str:
    """Return when a clock is due, in a zone, or why that cannot be said."""
    if clock.due is not None:
        return bounds_text(clock.due, zone)
    return say(State.UNKNOWN.value) if clock.state is State.UNKNOWN else ""


def regime_text(clock: Clock) -> str:
    """Return the name of a clock's regime; a proposal is called so."""
    return say("{regime} (proposed)", regime=clock.rule.title) if clock.rule.is_proposed else clock.rule.title


def notes_of(clocks: Sequence[Clock], zone: tzinfo) -> Iterator[str]:
    """Yield a sentence for what the table cannot say: later ends that a rule allows, and what is not known."""
    for clock in clocks:
        name = f"{clock.rule.title}, {say(clock.stage.name)}"
        if clock.allowed is not None and clock.allowed != clock.due:
            until = bounds_text(clock.allowed, clock.rule.zone or zone)
            yield say(_NOON_ALLOWED if clock.rule.closed == NOON else _END_ALLOWED, clock=name, time=until)
        if clock.why:
            yield say("{clock}: {why}.", clock=name, why=said(clock.why))
    notes = (
        say("{name}: {value}", name=clock.rule.title, value=say(clock.rule.note)) for clock in clocks if clock.rule.note
    )
    yield from dict.fromkeys(notes)
    unsure = (
        say("{clock}, not verified: {why}", clock=clock.rule.title, why=say(clock.rule.unverified))
        for clock in clocks
        if clock.rule.unverified
    )
    yield from dict.fromkeys(unsure)


def start_text(clock: Clock) -> str:
    """Return what starts a clock: a milestone, or the notification before it."""
    if clock.stage.after:
        return say("{stage} sent", stage=say(clock.stage.after))
    return say(clock.start_name)


def disclaimer(book: RuleBook) -> str:
    """Return the sentence that the clocks are no legal advice, with the date of the rules."""
    return say(
        "No legal advice. The rules are those known on {day}; ask a lawyer which apply, and when they start.",
        day=book.as_of,
    )
