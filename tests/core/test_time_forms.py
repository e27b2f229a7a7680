"""Forms of times that tools and authors write, each of which can be read in one way alone; and those that count."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError
from tests.core.test_time_reading import known

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1772414040", "2026-03-02 01:14:00 second"),
        ("1772414040000", "2026-03-02 01:14:00 second"),
        ("@1772414040", "2026-03-02 01:14:00 second"),
        ("1772414040 (epoch)", "2026-03-02 01:14:00 second"),
        ("2026-061", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-061T10:00Z", "2026-03-02 10:00:00 minute"),
        ("20260302 22:05", "2026-03-02 22:05:00 minute"),
        ("20260302", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-03-02_22:05", "2026-03-02 22:05:00 minute"),
        ("021014Z MAR 26", "2026-03-02 10:14:00 minute"),
        ("02/Mar/2026:13:00:00 +0100", "2026-03-02 12:00:00 second"),
        ("02/Mar/26 10:05 PM", "2026-03-02 22:05:00 minute"),
        ("02-MAR-26 22:05", "2026-03-02 22:05:00 minute"),
        ("3/14/26 10:00 AM", "2026-03-14 10:00:00 minute"),
        ("Mar 02, 2026 - 22:05 UTC", "2026-03-02 22:05:00 minute"),
        ("2026-03-02T13:00:00+01:00[Europe/Berlin]", "2026-03-02 12:00:00 second"),
        ("2026-03-02 <s>10:00</s> 10:05", "2026-03-02 10:05:00 minute"),
        ("2026-03-02 10:05 ¹", "2026-03-02 10:05:00 minute"),
        ("2026-03-02 10:00ish", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 estimate"),
        ("as early as 2026-02-11", "2026-02-11 00:00:00 to 2026-02-11 23:59:59 day"),
        ("Summer 2026", "2026-01-01 00:00:00 to 2026-12-31 23:59:59 estimate"),
        ("KW 10 2026", "2026-03-02 00:00:00 to 2026-03-08 23:59:59 day"),
        ("14. März 2026, 13.05 Uhr", "2026-03-14 13:05:00 minute"),
    ],
)
def test_a_form_with_one_meaning_is_read(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02 10:00–11:00", "2026-03-02 10:00:00 to 2026-03-02 11:00:00 minute"),
        ("2026-03-02 10:00-11:15", "2026-03-02 10:00:00 to 2026-03-02 11:15:00 minute"),
        ("2026-03-02 23:50 – 00:20", "2026-03-02 23:50:00 to 2026-03-03 00:20:00 minute"),
        ("2026-03-02 23:50 - 00:20 (+1)", "2026-03-02 23:50:00 to 2026-03-03 00:20:00 minute"),
        ("2026-03-02 9:05am-9:20am", "2026-03-02 09:05:00 to 2026-03-02 09:20:00 minute"),
        ("2026-03-02, 1-2pm", "2026-03-02 13:00:00 to 2026-03-02 14:00:00 minute"),
        ("2026-03-02 22:05 ~ 22:20", "2026-03-02 22:05:00 to 2026-03-02 22:20:00 minute"),
        ("30 December - 2 January 2026", "2025-12-30 00:00:00 to 2026-01-02 23:59:59 day"),
        ("night of 2-3 March 2026", "2026-03-02 00:00:00 to 2026-03-03 23:59:59 day"),
    ],
)
def test_a_range_passes_midnight_and_names_what_it_shares_once(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:20 (next day)", "2026-03-03 00:20:00 minute"),
        ("the following day, 00:20", "2026-03-03 00:20:00 minute"),
        ("00:20 +1d", "2026-03-03 00:20:00 minute"),
        ("14:00, same day", "2026-03-02 14:00:00 minute"),
        ("next morning", "2026-03-03 00:00:00 to 2026-03-03 23:59:59 estimate"),
        ("same day", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
    ],
)
def test_a_time_may_tell_its_day_by_that_of_its_row(text: str, expected: str) -> None:
    assert known(text, day=DAY) == expected


@pytest.mark.parametrize(
    "text", ["+00:12", "T+5m", "T0", "D+2", "+12 min", "10 minutes after the alert", "2 hours later", "Day 3, 10:00"]
)
def test_what_counts_from_another_time_is_no_time_of_day(text: str) -> None:
    with pytest.raises(BadTimeError, match="counts from another time"):
        read_time(text, day=DAY)


@pytest.mark.parametrize("text", ["2026-03-02 13:00 (T+0)", "2026-03-02 13:00 (+5 min)"])
def test_what_counts_may_stand_behind_the_time_as_a_remark(text: str) -> None:
    reading = read_time(text)
    assert str(reading.moment) == "2026-03-02 13:00"
    assert reading.remark


@pytest.mark.parametrize("text", ["14/3/26 10:00", "3.14.26", "2026-366", "SEC-2026-061", "10 o'clock", "46083"])
def test_what_has_several_meanings_or_none_is_refused(text: str) -> None:
    with pytest.raises(BadTimeError):
        read_time(text, day=DAY)
