"""How a time is shown in a row of a timeline."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.times import ShownTime, shown_time


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-03-02 09:30", ShownTime("2026-03-02", "09:30")),
        ("2026-03-02 09:30:05", ShownTime("2026-03-02", "09:30:05")),
        ("2026-03-02 ~09:30", ShownTime("2026-03-02", "\u2248 09:30")),
        ("2026-03-02", ShownTime("2026-03-02", note="day only")),
        ("2026-03", ShownTime("2026-03", note="month only")),
        ("unknown", ShownTime(note="not recorded")),
    ],
)
def test_parts_of_a_time(written, shown):
    assert shown_time(parse_moment(written)) == shown


def test_span_within_a_day_shows_the_day_once():
    assert shown_time(parse_moment("2026-03-02 09:30 to 2026-03-02 09:45")) == ShownTime("2026-03-02", "09:30 to 09:45")


def test_parts_of_a_span_over_days_stay_together():
    moment = parse_moment("2026-03-02 to 2026-03-04")
    assert shown_time(moment) == ShownTime(clock=str(moment))
