"""Rows out of order: the fewest are blamed, with what they should probably say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.checks import time_order
from sphinx_postmortem.core.checks.longest_order import longest_of_bounds
from sphinx_postmortem.core.checks.time_order import misplaced_rows
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.times import Moment, exact_moment


def blamed(*written: str, days: tuple[date, date] | None = None) -> list[tuple[int, str, str]]:
    """Return index, field and mended time of each row that is blamed."""
    found = misplaced_rows([parse_moment(text) for text in written], days)
    return [(row.index, row.field, f"{row.probably:%Y-%m-%d %H:%M}" if row.probably else "") for row in found]


def test_rows_in_order_are_not_blamed() -> None:
    assert blamed("2026-03-02 01:14", "2026-03-02 01:14", "unknown", "2026-03-02", "2026-03-02 01:31") == []


def test_a_day_that_stands_alone_is_blamed_whatever_the_spread() -> None:
    rows = ["2022-02-02 16:25", "2022-02-02 19:06", "2022-02-20 19:30", "2022-02-02 20:21", "2022-02-03 04:57"]
    assert blamed(*rows) == [(2, "day", "2022-02-02 19:30")]


def test_a_year_that_stands_alone_is_blamed() -> None:
    rows = ["2026-01-02 10:00", "2025-01-02 11:00", "2026-01-02 12:00", "2026-04-01 12:00"]
    assert blamed(*rows) == [(1, "year", "2026-01-02 11:00")]


@pytest.mark.parametrize(
    ("rows", "index", "mended"),
    [
        (["2026-03-02", "2025-03-03", "2026-03-04"], 1, "2026-03-03"),
        (["2026-03-02", "2026-03-03", "2025-03-04"], 2, "2026-03-04"),
        (["2026-03-02", "2027-03-03", "2026-03-04"], 1, "2026-03-03"),
        (["2026-03-02", "unknown", "2027-03-03", "2026-03-04"], 2, "2026-03-03"),
    ],
)
def test_a_year_that_stands_alone_among_whole_days_is_blamed(rows: list[str], index: int, mended: str) -> None:
    assert blamed(*rows) == [(index, "year", f"{mended} 00:00")]


def test_a_day_of_the_year_before_is_no_slip() -> None:
    assert blamed("2025-12-30", "2026-01-02", "2026-01-03") == []


def test_years_that_contradict_the_summary_are_blamed_even_where_they_are_the_most() -> None:
    rows = ["unknown", "2022-01-05 08:56", "2023-02-01 10:30", "2022-02-01 10:30"]
    day = date(2023, 1, 5)
    assert blamed(*rows, days=(day, day)) == [(1, "year", "2023-01-05 08:56"), (3, "year", "2023-02-01 10:30")]


def test_rows_are_not_blamed_where_none_lies_near_the_summary() -> None:
    day = date(2022, 1, 5)
    assert blamed("2023-01-05 08:56", "2023-01-05 09:56", days=(day, day)) == []


def test_a_clock_that_passes_midnight_without_a_new_date_is_told_so() -> None:
    assert blamed("2025-07-26 23:38", "2025-07-26 00:07", "2025-07-27 10:34") == [(1, "midnight", "2025-07-27 00:07")]


def test_all_rows_after_midnight_are_told_so() -> None:
    found = blamed("2025-07-26 23:38", "2025-07-26 00:07", "2025-07-26 00:31", "2025-07-27 10:34")
    assert [(index, field) for index, field, _ in found] == [(1, "midnight"), (2, "midnight")]


def test_two_rows_in_the_wrong_order_blame_one() -> None:
    assert len(blamed("2026-03-02 12:31", "2026-03-02 12:14")) == 1


def test_a_coarse_time_is_blamed_only_where_it_contradicts_for_certain() -> None:
    assert blamed("2026-03-02 12:31", "2026-03-02", "2026-03-01") == [(2, "", "")]
    assert blamed("2026-03-03", "2026-03-02 12:31", "2026-03-02 13:00") == [(0, "", "")]


@given(st.lists(st.integers(0, 50), max_size=30))
def test_what_is_left_stands_in_order_and_no_more_rows_than_needed_are_blamed(minutes: list[int]) -> None:
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    moments = [exact_moment(str(each), start + timedelta(minutes=each)) for each in minutes]
    indices = {row.index for row in misplaced_rows(moments)}
    left = [each for index, each in enumerate(minutes) if index not in indices]
    assert left == sorted(left)
    longest = [1] * len(minutes)
    for one in range(len(minutes)):
        for other in range(one):
            if minutes[other] <= minutes[one]:
                longest[one] = max(longest[one], longest[other] + 1)
    assert len(left) == max(longest, default=0)


@pytest.mark.parametrize("rows", [1, 20_000])
def test_ten_thousand_rows_are_judged(rows: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [exact_moment("", start - timedelta(days=index)) for index in range(rows)]
    assert len(misplaced_rows(moments)) == rows - 1


def test_a_row_in_another_month_is_blamed_though_it_is_in_order() -> None:
    times = ("2023-07-25 14:05", "2023-07-25 15:21", "2023-07-25 15:55", "2023-09-25 15:55")
    found = misplaced_rows([parse_moment(time) for time in times])
    assert [(row.index, row.field, f"{row.probably:%Y-%m-%d}") for row in found] == [(3, "month", "2023-07-25")]


def test_a_later_day_of_the_same_month_is_no_slip() -> None:
    times = ("2023-07-02 14:05", "2023-07-02 15:21", "2023-07-02 15:55", "2023-07-25 15:55")
    assert misplaced_rows([parse_moment(time) for time in times]) == ()


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (["2025-07-24", "2025-07-26", "2025-07-24", "2025-07-27"], 2),
        (["2025-07-24", "2025-09", "2025-07-25", "2025-07-26"], 1),
        (["2025-07-24", "~2025-07-25 10:00", "2025-06", "2025-07-26"], 2),
    ],
)
def test_times_without_an_exact_one_that_contradict_one_another_blame_the_fewest(rows: list[str], index: int) -> None:
    assert blamed(*rows) == [(index, "", "")]


def test_coarse_times_that_may_be_in_order_are_not_blamed() -> None:
    assert blamed("2025-07-26", "2025-07", "2025-07-26 10:00 to 12:00", "2025-07-26") == []


def test_a_year_that_ended_is_told_so() -> None:
    rows = ["2023-12-31 22:00", "2023-12-31 23:30", "2023-01-01 00:20"]
    day = date(2023, 12, 31)
    assert blamed(*rows) == blamed(*rows, days=(day, day)) == [(2, "year", "2024-01-01 00:20")]


def blocks(moments: list[Moment]) -> list[list[int]]:
    """Return the rows of each block that is blamed."""
    found = misplaced_rows(moments)
    return [[row.index for row in rows] for _, rows in groupby(found, key=lambda row: row.first)]


def at_minutes(minutes: Iterable[int]) -> list[Moment]:
    """Return exact times of one day."""
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    return [exact_moment(str(each), start + timedelta(minutes=each)) for each in minutes]


@given(st.data())
def test_each_block_that_is_moved_or_pasted_is_one_fault_at_most(data: st.DataObject) -> None:
    minutes: list[int] = []
    made = data.draw(st.integers(1, 4))
    for part in range(made):
        rows = [part * 100 + each for each in range(data.draw(st.integers(2, 12)))]
        begin = data.draw(st.integers(0, len(rows) - 1))
        end = data.draw(st.integers(begin + 1, len(rows)))
        is_moved = data.draw(st.booleans())
        rest = rows[:begin] + rows[end:] if is_moved else rows
        free = [place for place in range(len(rest) + 1) if is_moved or not begin < place < end]
        place = data.draw(st.sampled_from(free))
        minutes += rest[:place] + rows[begin:end] + rest[place:]
    assert len(blocks(at_minutes(minutes))) <= made


def test_a_block_that_is_pasted_once_more_is_one_fault() -> None:
    assert blocks(at_minutes([*range(10), *range(2, 8), *range(10, 40)])) == [[10, 11, 12, 13, 14, 15]]


def test_two_rows_that_are_swapped_here_and_there_are_two_faults() -> None:
    assert len(blocks(at_minutes([1, 2, 4, 3, 5, 6, 8, 7, 9]))) == 2


def test_the_latest_first_is_one_fault() -> None:
    assert blocks(at_minutes([9, 8, 8, 5, 3])) == [[0, 3, 4]]


def test_neighbours_with_two_slips_are_two_faults() -> None:
    rows = ["2026-03-02 09:00", "2026-03-20 10:00", "2026-03-22 11:00", "2026-03-02 12:00", "2026-03-02 13:00"]
    found = misplaced_rows([parse_moment(text) for text in rows])
    assert [(row.index, row.field, row.first) for row in found] == [(1, "day", 1), (2, "day", 2)]


def test_a_block_with_another_day_is_one_fault() -> None:
    days = (2, 2, 3, 3, 1, 1, 1, 3)
    found = misplaced_rows([parse_moment(f"2026-03-0{day} 10:{10 + row}") for row, day in enumerate(days)])
    assert [(row.index, row.field, row.first) for row in found] == [(4, "day", 4), (5, "day", 4), (6, "day", 4)]


def test_of_coarse_times_two_opposite_outliers_are_both_blamed() -> None:
    rows = [f"2026-03-{day:02}" for day in (1, 2, 28, 3, 4, 5, 6, 7, 1, 8, 9)]
    assert [index for index, _, _ in blamed(*rows)] == [2, 8]
    assert [index for index, _, _ in blamed("2026-01", "2026-12", "2026-02", "2026-03", "2025-01", "2026-04")] == [1, 4]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=8))
def test_of_coarse_times_the_fewest_are_blamed(bounds: list[tuple[int, int]]) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [(i, start + timedelta(first), start + timedelta(first + days)) for i, (first, days) in enumerate(bounds)]

    def is_in_order(chosen: Iterable[int]) -> bool:
        return all(rows[one][1] <= rows[other][2] for one, other in combinations(chosen, 2))

    kept = longest_of_bounds(rows)
    assert is_in_order(sorted(kept))
    sizes = [size for size in range(len(rows) + 1) if any(map(is_in_order, combinations(range(len(rows)), size)))]
    assert len(kept) == max(sizes)


def test_ten_thousand_coarse_times_are_judged() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        (each, start + timedelta(each * 7919 % 10_007), start + timedelta(each * 7919 % 10_007 + 1))
        for each in range(10_000)
    ]
    assert 0 < len(longest_of_bounds(rows)) < len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        ["2026-03-05", "2026-03-04", "2026-03-03", "2026-03-02"],
        ["2026-05", "2026-04", "unknown", "2026-03", "2026-03"],
        ["2026-03-05 10:00", "2026-03-04", "2026-03-03", "2026-03-02 09:00"],
    ],
)
def test_a_reversed_timeline_of_days_is_one_block(rows: list[str]) -> None:
    found = misplaced_rows([parse_moment(text) for text in rows])
    assert len(found) > 1
    assert len({row.first for row in found}) == 1


@pytest.mark.parametrize(
    "rows", [["2026-03-02", "2026-03-02", "2026-03-02"], ["2026-03-02", "2026-03-02 10:00", "2026-03"]]
)
def test_days_that_may_be_one_run_in_no_direction(rows: list[str]) -> None:
    assert misplaced_rows([parse_moment(text) for text in rows]) == ()


def test_a_year_that_stands_alone_among_days_is_blamed() -> None:
    rows = ("2025-01-02 22:14", "2026-01-02 22:50", "2026-01-03 00:14", "2026-01-04 02:34")
    assert blamed(*rows) == [(0, "year", "2026-01-02 22:14")]
    assert blamed("2026-01-02 22:14", "2026-01-03 00:14", "2027-01-04 02:34") == [(2, "year", "2026-01-04 02:34")]


def test_what_began_in_another_year_is_no_slip() -> None:
    assert blamed("2025-06-02 22:14", "2026-01-02 22:50", "2026-01-03 00:14", "2026-01-04 02:34") == []
    assert blamed("2025-12-31 22:14", "2026-01-01 00:50", "2026-01-01 01:14") == []


_INSTANTS = st.integers(0, 24 * 60).map(lambda hours: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(st.lists(_INSTANTS, max_size=6).map(sorted), st.none() | st.dates(date(2025, 8, 1), date(2026, 6, 1)))
def test_rows_that_are_passed_over_would_not_be_blamed(instants: list[datetime], day: date | None) -> None:
    moments = [exact_moment(str(each), each) for each in instants]
    days = (day, day) if day else None
    if time_order._are_in_doubt_of_nothing(instants, days):
        # With a row that nobody can time none is passed over.
        assert misplaced_rows([*moments, Moment("unknown")], days) == () == misplaced_rows(moments, days)
