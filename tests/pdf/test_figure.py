"""The timeline figure says no more than is known: whole days have no place in it, estimates say that they are."""

from __future__ import annotations

from datetime import UTC, datetime

from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.sphinx_ext.pdf.drawn_nodes import draw_timeline, figure_of
from sphinx_postmortem.sphinx_ext.pdf.kinds.interview import first_moment


def events(*rows: tuple[str, str]) -> list[Event]:
    return [Event("S", "p", parse_moment(time), name, name) for time, name in rows]


EXACT = (("2026-03-02 01:14", "Alert detected"), ("2026-03-02 01:40", "Containment executed"))


def test_exact_times_are_marked_with_the_time_between_them():
    figure = figure_of(events(*EXACT), offsets=False)
    assert [mark.label for mark in figure["marks"]] == [
        "Alert detected, 2026-03-02 01:14",
        "Containment executed, 2026-03-02 01:40",
    ]
    assert figure["span"] == "26 min from first to last event"


def test_a_day_has_no_place():
    figure = figure_of(events(("2026-03-02", "Adverse activity started"), *EXACT), offsets=True)
    assert [mark.label for mark in figure["marks"]] == ["Alert detected, T+0", "Containment executed, T+26 min"]
    assert (
        figure_of(events(("2026-03-02", "Alert detected"), ("2026-03-03", "Recovery completed")), offsets=True) is None
    )


def test_an_estimate_says_so():
    rows = (*EXACT, ("~2026-03-02 02:00", "Recovery completed"))
    assert [mark.label for mark in figure_of(events(*rows), offsets=False)["marks"]][-1].startswith(
        "Recovery completed, about 2026-03-02 02:00"
    )
    assert figure_of(events(*rows), offsets=True)["marks"][-1].label == "Recovery completed, T+about 46 min"


def test_offsets_count_from_the_first_time_of_day():
    rows = (("2026-03-02", "Adverse activity started"), *EXACT)
    assert first_moment(None, events(*rows)) == datetime(2026, 3, 2, 1, 14, tzinfo=UTC)


def test_leader_lines_pass_behind_labels():
    figure = figure_of(events(*EXACT), offsets=False)
    assert figure is not None
    kinds = [type(shape).__name__ for shape in draw_timeline(figure, 490, "Helvetica").contents]
    assert kinds[-3:] == ["Rect", "String", "String"]  # the last label on its ground, and the span
    assert "Line" not in kinds[kinds.index("Rect") :]
