"""Nodes of ours that rst2pdf draws: a break of the line, and the timeline figure, which shows milestones to scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.spans import format_duration, span_between
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, domain_of

_LEAST_MARKS = 2
_SIZE = 7.5
_ROW = 11.0
_FOOT = 16.0
_WIDTH, _LETTER = 490.0, 3.8
"""About the width of an A4 page, and of a letter."""
_INK, _LINE, _QUIET, _PAPER = "#1d2730", "#22384d", "#8796a3", "#ffffff"


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone in the figure: its place from 0 (first event) to 1 (last), and its label."""

    place: float
    label: str


class TimelineFigure(nodes.General, nodes.Element):
    """Stands for the drawing (attributes ``marks``, a list of :class:`Mark`; ``dots``, places; ``span``, a text)."""


class LineBreak(nodes.Inline, nodes.Element):
    """Stands for a break of the line within a paragraph."""

    def astext(self) -> str:
        """Return what parts the words beside it."""
        return "\n"


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
        Mark((instant - first).total_seconds() / length, f"{say(name)}, {_time(moment, first_moment, offsets)}")
        for name, (instant, moment) in reached.items()
    ]
    dots = [(instant - first).total_seconds() / length for instant, _, _ in known]
    between = span_between(first_moment, last_moment)
    span = between.text() if between else format_duration(last - first, say_it=say)
    return TimelineFigure(marks=marks, dots=dots, span=say("{time} from first to last event", time=span))


def _time(moment: Moment, first: Moment, offsets: bool) -> str:
    if not offsets:
        return moment.text() if moment.is_estimate or not moment.is_exact else f"{moment.utc:%Y-%m-%d %H:%M}"
    span = span_between(first, moment)
    return "T+0" if span is None or moment.utc == first.utc else f"T+{span.text()}"


def docname_of(node: nodes.Element) -> str:
    """Return the page that a node of a joined tree comes from; an empty text for the first page."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, addnodes.start_of_file):
            return str(parent["docname"])
        parent = parent.parent
    return ""


def estimated_height(figure: TimelineFigure) -> int:
    """Return about how many points a figure is high, before the width of a page and the font are known."""
    marks: list[Mark] = figure["marks"]
    rows = place_labels([each.place * _WIDTH for each in marks], [len(each.label) * _LETTER for each in marks], _WIDTH)
    return round(_FOOT + _ROW * (max(rows) + 1) + 8)


def draw_timeline(figure: TimelineFigure, width: float, font: str) -> Any:
    """Return the flowable of a figure that is *width* points wide, drawn by reportlab, which is not typed."""
    shapes = import_module("reportlab.graphics.shapes")
    colour = import_module("reportlab.lib.colors").HexColor
    text_width = import_module("reportlab.pdfbase.pdfmetrics").stringWidth
    marks: list[Mark] = figure["marks"]
    left, right = 3.0, width - 3.0
    widths = [text_width(mark.label, font, _SIZE) for mark in marks]
    spots = [left + mark.place * (right - left) for mark in marks]
    rows = place_labels(spots, widths, right)
    height = _FOOT + _ROW * (max(rows) + 1) + 8
    drawing: Any = shapes.Drawing(width, height)
    drawing.add(shapes.Line(left, _FOOT, right, _FOOT, strokeColor=colour(_LINE), strokeWidth=1.2))
    for place in figure["dots"]:
        spot = left + place * (right - left)
        drawing.add(shapes.Line(spot, _FOOT - 2.5, spot, _FOOT + 2.5, strokeColor=colour(_QUIET), strokeWidth=0.8))
    bases = [_FOOT + 7 + row * _ROW for row in rows]
    for spot, base in zip(spots, bases, strict=True):
        drawing.add(shapes.Line(spot, _FOOT, spot, base + 6, strokeColor=colour(_QUIET), strokeWidth=0.4))
        drawing.add(shapes.Circle(spot, _FOOT, 2.2, fillColor=colour(_LINE), strokeColor=None))
    for mark, spot, base, length in zip(marks, spots, bases, widths, strict=True):
        start = spot + 2.5 if spot + 2.5 + length <= right else spot - 2.5 - length
        behind = colour(_PAPER)  # leader lines of labels above pass behind this one
        drawing.add(shapes.Rect(start - 1, base - 2, length + 2, _SIZE + 1, fillColor=behind, strokeColor=None))
        drawing.add(shapes.String(start, base, mark.label, fontName=font, fontSize=_SIZE, fillColor=colour(_INK)))
    drawing.add(shapes.String(left, 2, figure["span"], fontName=font, fontSize=_SIZE, fillColor=colour(_QUIET)))
    return drawing


def place_labels(spots: Sequence[float], widths: Sequence[float], right: float) -> list[int]:
    """Return the row of each label, from 0 at the bottom, so that no two labels in a row and no leader line meet.

    Labels are given from left to right; one that would leave the page at the right stands left of its mark.
    """
    rows = [0] * len(spots)
    taken: list[tuple[float, float, int]] = []
    # From the right, so that a label to the right of its mark stays below the leader lines that it would cross.
    for index in reversed(range(len(spots))):
        spot, width = spots[index], widths[index] + 6
        is_left = spot + width > right
        start, end = (spot - width, spot) if is_left else (spot, spot + width)
        row = 0
        for other_start, other_end, other_row in taken:
            if start < other_end and other_start < end:
                row = max(row, other_row + 1)
        rows[index] = row
        taken.append((min(start, spot), max(end, spot), row))
    return rows
