"""Filters by the time from today."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import BadFilterError, read_query
from sphinx_postmortem.core.lists.query import Facts, select
from sphinx_postmortem.core.lists.relative_days import day_from, is_relative
from sphinx_postmortem.core.lists.unknown_names import unknown_names
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident, PageRecords

TODAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("90 days", "2026-03-02"),
        ("1 day ago", "2026-05-30"),
        ("in 2 weeks", "2026-06-14"),
        ("3 months", "2026-02-28"),
        ("1 quarter", "2026-02-28"),
        ("in 1 month", "2026-06-30"),
        ("2 years", "2024-05-31"),
        ("99999 years", "0001-01-01"),
        ("in 99999 years", "9999-12-31"),
    ],
)
def test_a_day_is_named_by_its_distance_from_today(text, day):
    assert is_relative(text)
    assert day_from(text, TODAY) == day


@given(st.integers(0, 99999), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.dates())
def test_what_lies_ago_is_never_later_than_today(number, unit, today):
    assert day_from(f"{number} {unit}s", today) <= today.isoformat() <= day_from(f"in {number} {unit}s", today)


@pytest.mark.parametrize("text", ["in 2 days ago", "two days", "90", "-3 days", "2026-01-01 days"])
def test_other_texts_are_no_distance(text):
    assert not is_relative(text)
    with pytest.raises(BadFilterError, match="since"):
        read_query({"since": text}, INCIDENTS, ())


def facts(today: date | None) -> Facts:
    days = {"OLD": date(2026, 1, 1), "NEW": date(2026, 4, 1)}
    pages = {name: PageRecords((Incident(name, name, "", day, day),)) for name, day in days.items()}
    return Facts(KnowledgeBase(pages), today, (), ())


def test_a_list_holds_what_is_within_the_time():
    query = read_query({"since": " 90  Days "}, INCIDENTS, ())
    assert [each.id for each in select(query, INCIDENTS, facts(TODAY)).rows] == ["NEW"]
    assert unknown_names(query, INCIDENTS, facts(TODAY)) == []


def test_without_a_day_that_is_today_there_is_no_limit_and_it_is_told():
    query = read_query({"since": "90 days"}, INCIDENTS, ())
    assert len(select(query, INCIDENTS, facts(None)).rows) == 2
    assert unknown_names(query, INCIDENTS, facts(None)) == [
        "`:since: 90 days` counts from today, which is not known; set postmortem_today or SOURCE_DATE_EPOCH"
    ]
