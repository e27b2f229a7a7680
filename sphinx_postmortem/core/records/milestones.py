"""Milestones of a timeline, and the times derived from them.

Source: the eight rows of the template's timeline (section 4). Durations always name both end points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.spans import Span, certainly_before, span_between
from sphinx_postmortem.core.records.times import Moment

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

    A milestone that stands more than once counts at its earliest known time.
    """
    moments: dict[str, Moment] = {}
    for event in events:
        if not event.milestone or event.moment is None:
            continue
        known = moments.get(event.milestone)
        if known is None or not known.is_known or certainly_before(event.moment, known):
            moments[event.milestone] = event.moment
    return tuple(
        _duration(term, start, end, moments[start], moments[end])
        for term, start, end in durations
        if start in moments and end in moments
    )


def _duration(term: str, start: str, end: str, first: Moment, last: Moment) -> Duration:
    if certainly_before(last, first):
        return Duration(term, start, end, "", out_of_order=True)
    span = span_between(first, last)
    return Duration(term, start, end, "unknown" if span is None else str(span), span=span)
