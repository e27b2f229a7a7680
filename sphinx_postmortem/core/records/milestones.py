"""Milestones of a timeline, and the times derived from them.

Source: the eight rows of the template's timeline (section 4). Durations always name both end points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.spans import Span, certainly_before, span_between
from sphinx_postmortem.core.records.times import Moment, Precision

DEFAULT_MILESTONES = (
    later("Alert detected"),
    later("Alert validated"),
    later("Severity declared"),
    later("Security IC engaged"),
    later("War room activated"),
    later("Containment executed"),
    later("Threat neutralized"),
    later("Recovery completed"),
)

DEFAULT_MILESTONE_ORDER = (
    *(("Alert detected", name) for name in DEFAULT_MILESTONES[1:]),
    ("Containment executed", "Recovery completed"),
    ("Threat neutralized", "Recovery completed"),
)

DEFAULT_REQUIRED_MILESTONES = {
    "SEV-1": DEFAULT_MILESTONES,
    "SEV-2": DEFAULT_MILESTONES,
    "SEV-3": ("Alert detected", "Recovery completed"),
}

DEFAULT_DURATIONS = (
    (later("Time to detect"), later("Adverse activity started"), "Alert detected"),
    (later("Time to acknowledge"), "Alert detected", "Alert validated"),
    (later("Time to contain"), "Alert detected", "Containment executed"),
    (later("Time to recover"), "Alert detected", "Recovery completed"),
)


_NO_TIME = datetime.min.replace(tzinfo=UTC)

TERMS_IN_SENTENCES = (
    *(later("time to detect"), later("time to acknowledge"), later("time to contain"), later("time to recover")),
)
"""Our terms as they stand within a sentence: catalogues know them so, too."""


@dataclass(frozen=True)
class Duration:
    """A derived time: its term, its two end points by name, and the value as text.

    ``text`` is ``unknown`` when nothing is known of an end point, and empty when ``out_of_order``. ``span`` is the
    value, or its bounds.
    """

    term: str
    start: str
    end: str
    text: str
    out_of_order: bool = False
    span: Span | None = None

    @property
    def seconds(self) -> int | None:
        """The value in seconds, where it is exact."""
        return self.span.least if self.span is not None and self.span.is_exact else None

    @property
    def shown(self) -> str:
        """The value for readers, in the language of the build."""
        return self.text if self.out_of_order else self.span.text() if self.span is not None else say("unknown")

    def __str__(self) -> str:
        return f"{self.start} to {self.end}: {self.text}"


def recognised_names(milestones: Iterable[str], durations: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return all names to look for in timelines: the milestones, and the end points of the durations."""
    ends = (name for _, start, end in durations for name in (start, end))
    return tuple(dict.fromkeys([*milestones, *ends]))


def derive_durations(events: Iterable[Event], durations: Iterable[Sequence[str]]) -> tuple[Duration, ...]:
    """Return the durations whose two end points both stand in the events, in the order of ``durations``.

    The time of a milestone that stands more than once is that of ``milestone_moments``.
    """
    moments = milestone_moments((event.milestone, event.moment) for event in events)
    return tuple(
        _duration(term, start, end, moments[start], moments[end])
        for term, start, end in durations
        if start in moments and end in moments
    )


def milestone_moments(rows: Iterable[tuple[str, Moment | None]]) -> Mapping[str, Moment]:
    """Return what is known of the time of each milestone.

    Of rows that agree, the most exact counts. Of rows that contradict each other nobody knows which is right: all that
    they allow is possible, so that nothing exact hangs on one of them.

    Args:
        rows: the milestone of each row, which may be empty, and its time.
    """
    found: dict[str, list[Moment]] = {}
    for milestone, moment in rows:
        if milestone and moment is not None:
            found.setdefault(milestone, []).append(moment)
    return {milestone: _of_all(moments) for milestone, moments in found.items()}


def _of_all(moments: Sequence[Moment]) -> Moment:
    known = [moment for moment in moments if moment.is_known]
    if len(known) <= 1:
        return known[0] if known else moments[0]
    ends = [moment for moment in known if moment.latest is not None]
    begins = [moment for moment in known if moment.earliest is not None]
    if ends and begins:
        first = min(ends, key=lambda moment: moment.latest or _NO_TIME)
        last = max(begins, key=lambda moment: moment.earliest or _NO_TIME)
        if certainly_before(first, last):
            return _all_that_they_allow(known)
    return min(known, key=lambda moment: (not moment.is_exact, list(Precision).index(moment.precision)))


def _all_that_they_allow(known: Sequence[Moment]) -> Moment:
    earliest, latest = [moment.earliest for moment in known], [moment.latest for moment in known]
    return replace(
        known[0],
        utc=None,
        earliest=None if None in earliest else min(each for each in earliest if each),
        latest=None if None in latest else max(each for each in latest if each),
        unit=max((moment.unit for moment in known), key=list(Precision).index),
        is_estimate=False,
    )


def _duration(term: str, start: str, end: str, first: Moment, last: Moment) -> Duration:
    if certainly_before(last, first):
        return Duration(term, start, end, "", out_of_order=True)
    span = span_between(first, last)
    return Duration(term, start, end, "unknown" if span is None else str(span), span=span)
