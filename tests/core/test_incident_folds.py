"""How a long list of incidents is folded: nothing is lost, and what is open at first is short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.lists.incident_folds import LONGEST_TABLE, MOST_ROWS, folds_of
from sphinx_postmortem.core.records.model import Incident

DAYS = st.integers(0, 2000).map(lambda number: date(2021, 1, 1) + timedelta(days=number))


def of(days: Iterable[date | None]) -> list[Incident]:
    return [Incident(f"SEC-{number}", f"p{number}", first_day=day) for number, day in enumerate(days)]


def lines(incidents: list[Incident]) -> list[tuple[str, str, int]]:
    return [(fold.period, fold.part, len(fold.incidents)) for fold in folds_of(incidents)]


@given(st.lists(DAYS | st.none(), min_size=LONGEST_TABLE + 1, max_size=400), st.sampled_from(["newest", "oldest", ""]))
def test_each_incident_stands_in_one_fold_in_the_order_of_the_list(days, order):
    known = sorted((day for day in days if day), reverse=order == "newest")
    incidents = of([*known, *(None for day in days if not day)] if order else days)
    folds = folds_of(incidents)
    assert [each for fold in folds for each in fold.incidents] == incidents
    assert all(0 < len(fold.incidents) <= MOST_ROWS for fold in folds)
    names = [(fold.period, fold.part) for fold in folds]
    assert len(set(names)) == len(names)
    are_open = [fold.is_open for fold in folds]
    assert are_open == sorted(are_open, reverse=True)
    assert are_open[0]
    assert sum(len(fold.incidents) for fold in folds if fold.is_open) <= MOST_ROWS


def test_a_list_that_fits_is_not_folded():
    assert folds_of(of([date(2026, 3, 2)] * LONGEST_TABLE)) == ()


def test_years_quarters_and_months_are_as_fine_as_they_must_be():
    few = [date(2024, 5, 1)] * 20
    quarters = [date(2025, month, 1) for month in (11, 8, 5, 2) for _ in range(30)]
    months = [date(2026, month, 1) for month in (3, 2, 1) for _ in range(40)]
    assert lines(of([*months, *quarters, *few, None])) == [
        *((f"2026-{month}", "", 40) for month in ("03", "02", "01")),
        *((f"2025 Q{number}", "", 30) for number in (4, 3, 2, 1)),
        ("2024", "", 20),
        ("No date", "", 1),
    ]


def test_what_no_month_divides_is_cut_by_numbers():
    assert lines(of([date(2026, 3, 2)] * 120)) == [
        ("2026-03", "1–50", 50),
        ("2026-03", "51–100", 50),
        ("2026-03", "101–120", 20),
    ]
    mixed = of([date(2026, 3, 2), date(2026, 1, 1), date(2026, 2, 2)] * 21)
    assert lines(mixed) == [("", "1–50", 50), ("", "51–63", 13)]
