"""Durations between milestones that stand in more than one row."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.milestones import derive_durations
from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.time_reading import parse_moment

CONTAINED = ("Containment executed", "2026-03-02 02:00")
DETECTED = "Alert detected"


def shown(*rows: tuple[str, str]) -> list[str]:
    events = [Event("SEC-1", "page", parse_moment(time), name, name) for name, time in rows]
    return [each.text for each in derive_durations(events, [("Time to contain", DETECTED, CONTAINED[0])])]


@pytest.mark.parametrize(
    ("times", "duration"),
    [
        (["2026-03-02 01:14", "2026-03-02 01:20"], "40 to 46 min"),  # nobody knows which is right
        (["2026-03-02 01:20", "2026-03-02 01:14"], "40 to 46 min"),
        (["2026-03-02 01:14", "2026-03-02 01:20", "2026-03-02 01:17"], "40 to 46 min"),
        (["2026-03-02 01:14", "2026-03-02 01:14:30"], "46 min"),  # both are at this minute
        (["2026-03-02", "2026-03-02 01:14"], "46 min"),  # the day and the minute agree
        (["unknown", "2026-03-02 01:14"], "46 min"),
        (["2026-03-02 01:14", "unknown"], "46 min"),
        (["before 2026-03-02 01:00", "2026-03-02 01:20"], "at least 40 min"),
        (["unknown", "unknown"], "unknown"),
    ],
)
def test_of_a_milestone_in_two_rows_all_that_both_allow_is_possible(times: list[str], duration: str) -> None:
    assert shown(*((DETECTED, time) for time in times), CONTAINED) == [duration]
