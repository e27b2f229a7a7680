"""Spans between two times: exact, bounded, guessed, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.records.spans import certainly_before, format_duration, span_between
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.times import exact_moment


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2026-03-02 01:14", "2026-03-02 01:31", "17 min"),
        ("2026-03-02 01:14:09", "2026-03-02 01:14:54", "45 s"),
        ("2026-03-02 19:20:39", "2026-03-02 19:46", "26 min"),
        ("2026-03-02 19:20", "2026-03-02 19:46:59", "26 min"),
        ("2026-03-02 01:14", "2026-03-04 02:15", "2 d 1 h 1 min"),
        ("2026-03-02T02:14+01:00", "2026-03-02 01:31", "17 min"),
    ],
)
def test_exact_times_are_subtracted_as_people_read_them(first: str, last: str, shown: str) -> None:
    span = span_between(parse_moment(first), parse_moment(last))
    assert str(span) == shown
    assert span is not None
    assert span.is_exact


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2026-03-02", "2026-03-05", "2 to 4 d"),
        ("2026-03-02", "2026-03-02", "at most 1 d"),
        ("2026-03-02 01:14", "between 2026-03-02 01:40 and 2026-03-02 01:41", "26 to 27 min"),
        ("before 2026-03-02 10:00", "2026-03-05 10:00", "at least 3 d"),
        ("2026-03-02 10:00", "before 2026-03-02 11:00", "at most 1 h"),
        ("2026-03-02 10:00", "after 2026-03-02 11:00", "at least 1 h"),
        ("2026-05-10 23:29", "2026-05-11 ~10:49", "about 11 h 20 min"),
    ],
)
def test_what_is_less_than_exact_has_bounds(first: str, last: str, shown: str) -> None:
    assert str(span_between(parse_moment(first), parse_moment(last))) == shown


@pytest.mark.parametrize(
    ("first", "last"),
    [("unknown", "2026-03-02 01:14"), ("2026-03-02 01:14", "unknown"), ("2026-03-02 01:31", "2026-03-02 01:14")]
    + [("2026-03-03", "2026-03-02 10:00"), ("before 2026-03-02 10:00", "unknown")],
)
def test_nothing_is_said_of_unknown_and_of_contradicting_times(first: str, last: str) -> None:
    assert span_between(parse_moment(first), parse_moment(last)) is None


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        ("2026-03-02 01:14", "2026-03-02 01:31", True),
        ("2026-03-02", "2026-03-02 01:31", False),
        ("2026-03-01", "2026-03-02 01:31", True),
        ("2026-03-02 ~23:00", "2026-03-02 01:31", False),
        ("2026-03-02 19:46", "2026-03-02 19:46:30", False),
        ("unknown", "2026-03-02 01:31", False),
    ],
)
def test_order_is_certain_only_where_the_bounds_leave_no_doubt(one: str, other: str, certain: bool) -> None:
    assert certainly_before(parse_moment(one), parse_moment(other)) is certain


@given(st.integers(0, 10**8), st.integers(0, 10**6), st.booleans())
def test_the_span_of_exact_seconds_is_their_difference(start: int, length: int, with_seconds: bool) -> None:
    begin = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    first = exact_moment("a", begin, has_seconds=True)
    last = exact_moment("b", begin + timedelta(seconds=length), has_seconds=True)
    span = span_between(first, last)
    assert span is not None
    assert (span.least, span.most) == (length, length)


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_duration(timedelta(seconds=-1))
