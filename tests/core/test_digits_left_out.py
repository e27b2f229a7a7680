"""Times whose last digits are left out, or that follow another time of their day."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError
from tests.core.test_time_reading import known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02 11:39:xx", "2026-03-02 11:39:00 minute"),
        ("2026-03-02T11:39:??Z", "2026-03-02 11:39:00 minute"),
        ("2026-03-02T11:xx:xxZ", "2026-03-02 11:00:00 to 2026-03-02 11:59:59 hour"),
        ("2026-03-02Txx:xx:xxZ", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("~2026-03-02 06:2xZ", "2026-03-02 06:20:00 to 2026-03-02 06:29:59 estimate"),
        ("2026-03-02T06:2x:00Z", "2026-03-02 06:20:00 to 2026-03-02 06:29:59 estimate"),
        ("2026-03-02 1x:xx", "2026-03-02 10:00:00 to 2026-03-02 19:59:00 minute"),
        ("2026-03-02 2X:XX UTC", "2026-03-02 20:00:00 to 2026-03-02 23:59:00 minute"),
        ("2026-03-2x", "2026-03-20 00:00:00 to 2026-03-29 23:59:59 day"),
        ("2026-03-0? 11:00", "2026-03-01 00:00:00 to 2026-03-09 23:59:59 day"),
        ("2026-04-3x", "2026-04-30 00:00:00 to 2026-04-30 23:59:59 day"),
        ("2026-1x", "2026-10-01 00:00:00 to 2026-12-31 23:59:59 month"),
        ("2026-03-02 ~22h", "2026-03-02 22:00:00 to 2026-03-02 22:59:59 estimate"),
        ("202x", "2020-01-01 00:00:00 to 2029-12-31 23:59:59 year"),
    ],
)
def test_digits_that_are_left_out_make_a_range(text: str, expected: str) -> None:
    assert known(text) == expected


def test_a_day_that_no_month_has_is_impossible_also_without_its_last_digit() -> None:
    with pytest.raises(BadTimeError, match="not a possible time"):
        read_time("2026-02-3x")


@pytest.mark.parametrize(
    "text", ["2026-03-02, ~6s later", "2026-03-02 2 hours later", "2026-03-02, later that day", "2026-03-02 afterwards"]
)
def test_of_a_time_that_follows_another_its_day_is_known(text: str) -> None:
    assert known(text) == "2026-03-02 00:00:00 to 2026-03-02 23:59:59 estimate"


def test_words_behind_a_day_without_its_last_digit_are_no_time() -> None:
    with pytest.raises(BadTimeError, match="is not a time"):
        read_time("2026-03-2x when the queue was full")
