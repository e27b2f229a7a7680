"""What lies between the rows of a timeline: the gap since the row before, and where a new phase begins.

Source of the phases: the incident response life cycle of NIST SP 800-61, laid over the milestones of the template's
timeline (section 4).
"""

from __future__ import annotations

from collections.abc import Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.spans import span_between
from sphinx_postmortem.core.records.times import Moment

AFTER = "after "
"""A phase whose milestone is written as ``after Recovery completed`` begins with the row after that milestone."""

# Phase, and the milestone that begins it. One without a milestone begins with the first row.
DEFAULT_PHASES = (
    (later("Before detection"), ""),
    (later("Detection and analysis"), "Alert detected"),
    (later("Containment"), "Containment executed"),
    (later("Eradication and recovery"), "Threat neutralized"),
    ("Eradication and recovery", "Recovery completed"),
    (later("After recovery"), "after Recovery completed"),
)


@dataclass(frozen=True)
class Step:
    """What leads to a row; each may be empty.

    ``gap`` is the time since the row before, such as ``8 min``; ``since`` says since when, where rows without a time
    lie between (``since 04:11``); ``phase`` is the phase that the row begins.
    """

    gap: str = ""
    since: str = ""
    phase: str = ""


def derive_steps(rows: Sequence[tuple[Moment | None, str]], phases: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    """Return the step to each row.

    Args:
        rows: each row's moment and milestone, in the order shown.
        phases: pairs of a phase and the milestone that begins it.

    Returns:
        One step for each row. A row that is not later than the one before has no gap. No phase begins twice or after
        a later one, and the one before all milestones only where another one follows.
    """
    starts = _phase_starts([milestone.casefold() for _, milestone in rows], phases)
    steps: list[Step] = []
    before: Moment | None = None
    is_next = True
    for (moment, _), phase in zip(rows, starts, strict=True):
        steps.append(Step(*_gap(before, moment, is_next=is_next), phase))
        is_next = moment is not None and moment.is_known
        before = moment if is_next else before
    return tuple(steps)


def _phase_starts(milestones: Sequence[str], phases: Sequence[tuple[str, str]]) -> list[str]:
    """Return for each row the phase that begins with it; empty for most."""
    rank = {milestone.casefold(): index for index, (_, milestone) in enumerate(phases)}
    names = [phase for phase, _ in phases]
    starts: list[str] = []
    current, shown, before = -1, "", ""
    for milestone in milestones:
        reached = max(rank.get(milestone, -1) if milestone else -1, rank.get(AFTER + before, -1) if before else -1)
        begins = reached > current and names[reached] != shown
        starts.append(names[reached] if begins else "")
        current, before = max(current, reached), milestone
        shown = names[current] if current >= 0 else ""
    if "" in rank and any(starts) and not starts[0]:
        starts[0] = names[rank[""]]
    return starts


def _gap(before: Moment | None, now: Moment | None, *, is_next: bool) -> tuple[str, str]:
    """Return the time since the row before and, over rows without a time, since when."""
    span = span_between(before, now)
    if before is None or span is None or not (span.guess or span.most is None or span.most):
        return "", ""
    text = "" if str(span) == "0 min" else span.text()
    if is_next or not text:
        return text, ""
    since, day = before.text(), str(now)[:11]
    return text, say("since {time}", time=since.removeprefix(day).lstrip() or since)
