"""Nodes of ours that rst2pdf draws: a break of the line; and the timeline figure, the milestones to scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.spans import format_duration, span_between
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of

_LEAST_MARKS = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone in the figure: its place from 0 (first event) to 1 (last), and its label."""

    place: float
    label: str


class TimelineFigure(nodes.General, nodes.Element):
    """Stands for the drawing (attributes ``marks``, a list of :class:`Mark`; ``dots``, places; ``span``, a text)."""


class LineBreak(nodes.Inline, nodes.Element):
    """Stands for a break of the line within a paragraph."""


def add_figures(env: BuildEnvironment, tree: nodes.document, root_docname: str, *, offsets: bool) -> None:
    """Put a figure before each timeline that has two milestones with known and different times."""
    if DOMAIN not in env.domaindata:
        return
    for table in list(tree.findall(nodes.table)):
        if "pm-timeline" not in table["classes"]:
            continue
        anchors = {str(each) for node in table.findall(nodes.Element) for each in node["ids"]}
        events = domain_of(env).records_of(docname_of(table) or root_docname).events
        figure = figure_of([event for event in events if event.anchor in anchors], offsets=offsets)
        if figure is not None:
            table.parent.insert(table.parent.index(table), figure)


def figure_of(events: Sequence[Event], *, offsets: bool) -> TimelineFigure | None:
    """Return the figure of some events, or None if it would have nothing to show."""
    known = sorted(
        ((moment.instant, moment, each.milestone) for each in events if (moment := each.moment) and moment.instant),
        key=lambda known: known[0],
    )
    reached: dict[str, tuple[datetime, Moment]] = {}
    for instant, moment, milestone in known:
        if milestone:
            reached.setdefault(milestone, (instant, moment))
    if len({instant for instant, _ in reached.values()}) < _LEAST_MARKS:
        return None
    (first, first_moment, _), (last, last_moment, _) = known[0], known[-1]
    length = (last - first).total_seconds()
    marks = [
        Mark((instant - first).total_seconds() / length, f"{name}, {_time(moment, first_moment, offsets)}")
        for name, (instant, moment) in reached.items()
    ]
    dots = [(instant - first).total_seconds() / length for instant, _, _ in known]
    span = span_between(first_moment, last_moment) or format_duration(last - first)
    return TimelineFigure(marks=marks, dots=dots, span=f"{span} from first to last event")


def _time(moment: Moment, first: Moment, offsets: bool) -> str:
    if not offsets:
        return str(moment) if moment.is_estimate or not moment.is_exact else f"{moment.utc:%Y-%m-%d %H:%M}"
    span = span_between(first, moment)
    return "T+0" if span is None or moment.utc == first.utc else f"T+{span}"


def docname_of(node: nodes.Element) -> str:
    """Return the page that a node of a joined tree comes from; an empty text for the first page."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, addnodes.start_of_file):
            return str(parent["docname"])
        parent = parent.parent
    return ""
