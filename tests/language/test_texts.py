"""Names and days as one text, in English; what other languages make of them is in their catalogues."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.language.dates import day_and_month, month_and_year, whole_day
from sphinx_postmortem.core.language.texts import listed


@pytest.mark.parametrize(
    ("names", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_listed_with_and_before_the_last(names, text):
    assert listed(names) == text


@pytest.mark.parametrize(("month", "name"), [(1, "January"), (3, "March"), (12, "December")])
def test_days_are_written_with_the_month_in_words(month, name):
    day = date(2026, month, 2)
    assert (month_and_year(day), day_and_month(day)) == (f"{name} 2026", f"2 {name}")
    assert whole_day(day) == f"2 {name} 2026"
