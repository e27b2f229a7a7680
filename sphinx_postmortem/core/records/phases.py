"""What lies between the rows of a timeline: the gap since the row before, and where a new phase begins.

Source of the phases: the incident response life cycle of NIST SP 800-61, laid over the milestones of the template's
timeline (section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sphinx_postmortem.core.records.spans import span_between
from sphinx_postmortem.core.records.times import Moment

# Phase, and the milestone that begins it.
DEFAULT_PHASES = (
    ("Detection and analysis", "Alert detected"),
    ("Containment", "Security IC engaged"),
    ("Eradication", "Containment executed"),
    ("Recovery", "Threat neutralized"),
    ("After recovery", "Recovery completed"),
)


@dataclass(frozen=True)
class Step:
    """What leads to a row: the time since the row before (``8 min``), and the phase it begins; either may be empty."""

    gap: str = ""
    phase: str = ""


def derive_steps(rows: Sequence[tuple[Moment | None, str]], phases: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    """Return the step to each row.

    Args:
        rows: each row's moment and milestone, in the order shown.
        phases: pairs of a phase and the milestone that begins it.

    Returns:
        One step for each row. A row that is not later than the one before has no gap, and no phase begins twice or
        after a later one.
    """
    rank = {milestone.casefold(): index for index, (_, milestone) in enumerate(phases)}
    steps: list[Step] = []
    before: Moment | None = None
    is_next = True
    current = -1
    for moment, milestone in rows:
        reached = rank.get(milestone.casefold(), -1) if milestone else -1
        steps.append(Step(_gap(before, moment, is_next=is_next), phases[reached][0] if reached > current else ""))
        current = max(current, reached)
        is_next = moment is not None and moment.is_known
        before = moment if is_next else before
    return tuple(steps)


def _gap(before: Moment | None, now: Moment | None, *, is_next: bool) -> str:
    """Return the time since the row before; over rows without a time, it says since when."""
    span = span_between(before, now)
    if before is None or span is None or not (span.guess or span.most is None or span.most):
        return ""
    text = "" if str(span) == "0 min" else str(span)
    return text if is_next or not text else f"{text} since {before}"
