"""Two clocks with a dash between them: a range, or a clock and its offset."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError
from tests.core.test_time_reading import known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02 07:00-08:00 UTC", "2026-03-02 07:00:00 to 2026-03-02 08:00:00 minute"),
        ("2026-03-02 10:00-11:00Z", "2026-03-02 10:00:00 to 2026-03-02 11:00:00 minute"),
        ("2026-03-02 10:00-11:00 CET", "2026-03-02 09:00:00 to 2026-03-02 10:00:00 minute"),
    ],
)
def test_a_zone_behind_two_clocks_makes_them_a_range(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize("text", ["2026-03-02 05:00-08:00 PST", "2026-03-02 10:00-11:00", "2026-03-02 10:00-04:00 EDT"])
def test_two_clocks_that_may_be_a_clock_and_its_offset_are_refused(text: str) -> None:
    with pytest.raises(BadTimeError, match="range or a time with an offset"):
        read_time(text)
