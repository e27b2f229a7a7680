"""Columns of times: which they are, and what their titles say."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.records.time_columns import find_time_columns, missing_columns
from sphinx_postmortem.core.records.times import BadTimeError


def first_row(header: str, row: str) -> str:
    """Return the time of a row, in UTC."""
    cells = [cell.strip() for cell in row.split("|")]
    return str(find_time_columns([title.strip() for title in header.split("|")]).read(cells).moment)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Time (UTC) | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("Timestamp | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("**Date/Time (UTC)** | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("Time[^1] (UTC±0) | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("UTC time | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("Time (Europe/London) | Event", "2026-07-02 01:14 | a", "2026-07-02 00:14"),
        ("Time (CEST) | Event", "2026-07-02 01:14 | a", "2026-07-01 23:14"),
        ("Time (+02:00) | Event", "2026-07-02 01:14 | a", "2026-07-01 23:14"),
        ("Date and time in CEST | Event", "2026-07-02 01:14 | a", "2026-07-01 23:14"),
        ("Time (in CEST) | Event", "2026-07-02 01:14 | a", "2026-07-01 23:14"),
        ("Time (all times in CEST) | Event", "2026-07-02 01:14 | a", "2026-07-01 23:14"),
        ("Time (UTC, 24h) | Event", "2026-07-02 01:14 | a", "2026-07-02 01:14"),
        ("Time (HH:MM UTC) | Event", "2026-07-02 01:14 | a", "2026-07-02 01:14"),
        ("UTC | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("\u23f0 Times (UTC)\u00b9 | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("Local time (Europe/Paris) | Event", "2026-03-02 01:14 | a", "2026-03-02 00:14"),
        ("Date | Time UTC+1 | Event", "2026-03-02 | 01:14 | a", "2026-03-02 00:14"),
        ("Date | Time | Event", "2026-03-02 | 01:14 | a", "2026-03-02 01:14"),
        ("Date | Time | Event", "2026-03-02 | | a", "2026-03-02"),
        ("Day | Date (2022) | Time (UTC) | Event", "Thur | Jan 20 | 22:40 | a", "2022-01-20 22:40"),
        ("Date | Event", "2026-03-02 | a", "2026-03-02"),
        ("Time (CEST) | Time (UTC) | Event", "03:14 | 2026-07-02 01:14 | a", "2026-07-02 01:14"),
        ("Time | Event | Precision", "2026-03-02 01:14 | a | day", "2026-03-02"),
    ],
)
def test_times_are_read_as_the_titles_say(header: str, row: str, expected: str) -> None:
    assert first_row(header, row) == expected


def test_a_second_time_column_is_read_with_the_day_of_the_first() -> None:
    columns = find_time_columns(["Time (UTC)", "Time (CEST)", "Event"])
    second = columns.read_second(["2026-07-14 09:18", "11:18 AM", "a"])
    assert second is not None
    assert str(second.moment) == "2026-07-14 09:18"


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("Time (IST)", "India"),
        ("Time (Nowhere/City)", "no time zone"),
        ("Time (UTC, CEST)", "two zones"),
        ("Time (UTC/CET)", "two zones"),
    ],
)
def test_a_title_that_states_no_single_zone_is_a_fault(title: str, fault: str) -> None:
    assert fault in find_time_columns([title, "Event"]).faults[0]


def test_a_table_without_times_says_so() -> None:
    with pytest.raises(BadTimeError, match="no column of times"):
        find_time_columns(["Event"]).read(["a"])


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("[Time](https://example.org/ntp) (UTC) | Event", "2026-03-02 01:14 | a", "2026-03-02 01:14"),
        ("CEST | Event", "2026-07-02 03:14 | a", "2026-07-02 01:14"),
        ("Date (2022) | Clock (UTC) | Event", "Jan 21 | 00:10 | a", "2022-01-21 00:10"),
    ],
)
def test_titles_with_links_of_zones_alone_and_of_clocks_are_understood(header: str, row: str, expected: str) -> None:
    assert first_row(header, row) == expected


@pytest.mark.parametrize("title", ["UTC", "UTC time", "EDT", "Date", "[Time](https://example.org) (UTC)"])
def test_a_column_of_times_under_any_title_is_not_missing(title: str) -> None:
    assert missing_columns(Table((title, "Event"), ()), ["time", "event"]) == []
