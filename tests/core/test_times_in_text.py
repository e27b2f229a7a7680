"""The time with which a line of running text begins."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.times_in_text import time_at_start


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("February 15, 2024: 7:56am UTC", "February 15, 2024: 7:56am UTC"),
        ("2026-03-02: 10:15 The job starts", "2026-03-02: 10:15"),
        ("2026-03-02: 10 hosts restart", "2026-03-02"),
        ("10:15: 12:30 is the next run", "10:15"),
        ("12:28p", "12:28p"),
        ("9:05a - An email is sent", "9:05a"),
        ("02-Mar-2026 09:30 UTC The job starts", "02-Mar-2026 09:30 UTC"),
        ("Mar 2, 2026 @ 7:28 PM The job starts", "Mar 2, 2026 @ 7:28 PM"),
        ("2026-03-02 → 03-04 The job waits", "2026-03-02 → 03-04"),
        ("2026-03-02T11:xx:xxZ — The job starts", "2026-03-02T11:xx:xxZ"),
        ("2026-03-02 09:30:00,123 UTC The job starts", "2026-03-02 09:30:00,123 UTC"),
    ],
)
def test_a_day_and_a_clock_behind_it_are_one_time(text: str, time: str) -> None:
    found = time_at_start(text)
    assert found is not None
    assert found.text == time
