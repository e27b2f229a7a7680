"""Nodes of ours that rst2pdf draws: a break of the line; and the timeline figure, the milestones to scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.spans import format_duration
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
        ((event.moment.utc, event) for event in events if event.moment is not None and event.moment.utc is not None),
        key=lambda pair: pair[0],
    )
    reached: dict[str, datetime] = {}
    for moment, event in known:
        if event.milestone:
            reached.setdefault(event.milestone, moment)
    if len(set(reached.values())) < _LEAST_MARKS:
        return None
    first, last = known[0][0], known[-1][0]
    length = (last - first).total_seconds()
    marks = [
        Mark((moment - first).total_seconds() / length, f"{name}, {_time(moment, first, offsets)}")
        for name, moment in reached.items()
    ]
    dots = [(moment - first).total_seconds() / length for moment, _event in known]
    return TimelineFigure(marks=marks, dots=dots, span=f"{format_duration(last - first)} from first to last event")


def _time(moment: datetime, first: datetime, offsets: bool) -> str:
    if not offsets:
        return moment.strftime("%Y-%m-%d %H:%M")
    return f"T+{format_duration(moment - first)}" if moment > first else "T+0"


def docname_of(node: nodes.Element) -> str:
    """Return the page that a node of a joined tree comes from; an empty text for the first page."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, addnodes.start_of_file):
            return str(parent["docname"])
        parent = parent.parent
    return ""
