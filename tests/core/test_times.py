"""Times, dates and durations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.records.spans import format_duration
from sphinx_postmortem.core.records.time_reading import parse_moment, read_time
from sphinx_postmortem.core.records.times import BadDateError, BadTimeError, parse_dates


@pytest.mark.parametrize(
    ("written", "shown", "offset"),
    [
        ("2026-03-02 01:14", "2026-03-02 01:14", ""),
        ("2026-03-02 01:14:07", "2026-03-02 01:14:07", ""),
        ("2026-03-02 01:14 UTC", "2026-03-02 01:14", ""),
        ("2026-03-02T01:14:00Z", "2026-03-02 01:14:00", ""),
        ("2026-03-02t01:14:00z", "2026-03-02 01:14:00", ""),
        ("2026-03-02T01:14+02:00", "2026-03-01 23:14", "+02:00"),
        ("2026-03-02 01:14 -08:00", "2026-03-02 09:14", "-08:00"),
        ("2026-03-02T01:14:00.250+05:45", "2026-03-01 19:29:00", "+05:45"),
        ("2016-12-31T23:59:60Z", "2017-01-01 00:00:00", ""),
        ("Unknown", "unknown", ""),
    ],
)
def test_readable_times(written, shown, offset):
    moment = parse_moment(written)
    assert (str(moment), moment.offset) == (shown, offset)


@pytest.mark.parametrize(
    "written",
    [
        "", "01:14", "2026-13-02 01:14", "2026-02-30 01:14", "2026-03-02 24:01",
        "2026-03-02 01:60", "22025-03-02 01:14", "2026-03-02 01:14 IST", "2026-03-02T01:14+25:00",
        "0001-01-01T00:00+14:00", "٢٠٢٦-03-02 01:14", "2026-03-02 01:14 2026-03-02 01:15",
    ],
)  # fmt: skip
def test_unreadable_times_say_how_to_write_them(written):
    with pytest.raises(BadTimeError, match="write|mend"):
        parse_moment(written)


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_any_offset_is_converted(moment):
    if (offset := moment.utcoffset()) is None or offset.total_seconds() % 60:
        return
    assert parse_moment(moment.isoformat(timespec="seconds")).utc == moment.replace(microsecond=0).astimezone(UTC)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        parse_moment(text)
    except BadTimeError as error:
        assert str(error)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02 to 2026-03-04",
        "2026-03-02/2026-03-04",
        "2026-03-02 – 2026-03-04",
        "2026-03-02, 2026-03-03, 2026-03-04",
    ],
)
def test_dates_may_be_a_range(written):
    first, last = parse_dates(written)
    assert (first.day, last.day) == (2, 4)


@pytest.mark.parametrize("written", ["", "March 2", "2026-03-04 to 2026-03-02", "2026-02-31"])
def test_bad_dates(written):
    with pytest.raises(BadDateError):
        parse_dates(written)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 min"), (59, "0 min"), (6180, "1 h 43 min"), (86400, "1 d"), (97260, "1 d 3 h 1 min")]
)
def test_durations_for_people(seconds, text):
    assert format_duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("text", ["2026-03-02 02:14 UTC+1 (01:14 UTC)", "2026-03-02 01:14 UTC (2026-03-02 01:14 UTC)"])
def test_a_second_time_of_a_cell_is_read_beside_the_first(text: str) -> None:
    reading = read_time(text)
    assert reading.second is not None
    assert reading.second.utc == reading.moment.utc == datetime(2026, 3, 2, 1, 14, tzinfo=UTC)
