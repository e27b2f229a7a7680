"""Draws a timeline figure with reportlab, which is not typed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sphinx_postmortem.sphinx_ext.pdf.figure import Mark, TimelineFigure

_SIZE = 7.5
_ROW = 11.0
_FOOT = 16.0
_INK, _LINE, _QUIET = "#1d2730", "#22384d", "#8796a3"


def draw_timeline(figure: TimelineFigure, width: float, font: str) -> Any:
    """Return the flowable of a figure that is *width* points wide."""
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
    for mark, spot, row, length in zip(marks, spots, rows, widths, strict=True):
        base = _FOOT + 7 + row * _ROW
        drawing.add(shapes.Line(spot, _FOOT, spot, base + 6, strokeColor=colour(_QUIET), strokeWidth=0.4))
        drawing.add(shapes.Circle(spot, _FOOT, 2.2, fillColor=colour(_LINE), strokeColor=None))
        start = spot + 2.5 if spot + 2.5 + length <= right else spot - 2.5 - length
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
