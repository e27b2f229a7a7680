"""Reading times: each written form with the instants that it allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError, Moment, Precision
from sphinx_postmortem.core.records.zones import BadZoneError, read_zone

DAY = date(2026, 3, 2)


def known(text: str, **context: object) -> str:
    """Return what is known of a time: first and last instant, and precision."""
    moment = read_time(text, **context).moment  # type: ignore[arg-type]
    ends = [f"{end:%Y-%m-%d %H:%M:%S}" if end else "…" for end in (moment.earliest, moment.latest)]
    return f"{ends[0]} {moment.precision}" if ends[0] == ends[1] else f"{' to '.join(ends)} {moment.precision}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02 01:14", "2026-03-02 01:14:00 minute"),
        ("2026-03-02 01:14:09", "2026-03-02 01:14:09 second"),
        ("2026-03-02T01:14Z", "2026-03-02 01:14:00 minute"),
        ("2026-03-02t01:14:09.123z", "2026-03-02 01:14:09 second"),
        ("2026-03-02T02:14+01:00", "2026-03-02 01:14:00 minute"),
        ("2026-03-02T02:14+0100", "2026-03-02 01:14:00 minute"),
        ("2026-03-02T10:40-05:00", "2026-03-02 15:40:00 minute"),
        ("2026-03-02 01:14 UTC", "2026-03-02 01:14:00 minute"),
        ("2026-03-02 01:14 (UTC)", "2026-03-02 01:14:00 minute"),
        ("2026-03-02 01:14 UTC+2", "2026-03-01 23:14:00 minute"),
        ("2016-12-31T23:59:60Z", "2017-01-01 00:00:00 second"),
        ("2026-03-02 24:00", "2026-03-03 00:00:00 minute"),
    ],
)
def test_exact_times_are_one_instant(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 March 2026 at 16h25 UTC", "2026-03-02 16:25:00 minute"),
        ("Thur Jan 20, 2022 22:40", "2022-01-20 22:40:00 minute"),
        ("Mar 2, 2026 4:05 PM", "2026-03-02 16:05:00 minute"),
        ("2026/03/02 1:14", "2026-03-02 01:14:00 minute"),
        ("2026-03-02 noon", "2026-03-02 12:00:00 minute"),
    ],
)
def test_other_spellings_of_an_instant_are_read(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    "text",
    ["**2026-03-02 01:14**", "`2026-03-02 01:14`", "2026-03-02 01:14[^1]", "2026-03-02 01:14 [1]_", "2026-03-02 01:14²"]
    + ["[2026-03-02 01:14](https://example.com/log)", "2026-03-02\u00a001:14"],
)
def test_markup_and_footnote_marks_do_not_count(text: str) -> None:
    assert known(text) == "2026-03-02 01:14:00 minute"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-03-02 (time TBC)", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-03-02 X", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-03-02 ??:??", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-02", "2026-02-01 00:00:00 to 2026-02-28 23:59:59 month"),
        ("February 2024", "2024-02-01 00:00:00 to 2024-02-29 23:59:59 month"),
        ("2026-MM-DD", "2026-01-01 00:00:00 to 2026-12-31 23:59:59 year"),
        ("2026", "2026-01-01 00:00:00 to 2026-12-31 23:59:59 year"),
        ("2026-03-02 10:xx", "2026-03-02 10:00:00 to 2026-03-02 10:59:59 hour"),
    ],
)
def test_a_coarse_time_has_the_bounds_of_its_unit(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Between 2026-03-10 and 2026-03-16", "2026-03-10 00:00:00 to 2026-03-16 23:59:59 day"),
        ("2026-03-02 10:00 to 2026-03-03 11:00 UTC", "2026-03-02 10:00:00 to 2026-03-03 11:00:00 minute"),
        ("2026-03-02 10:40-10:49", "2026-03-02 10:40:00 to 2026-03-02 10:49:00 minute"),
        ("2026-03-02 16:05:57-58", "2026-03-02 16:05:57 to 2026-03-02 16:05:58 second"),
        ("2026-03-02 10:46, 11:21 and 11:58", "2026-03-02 10:46:00 to 2026-03-02 11:58:00 minute"),
        ("H1 2026", "2026-01-01 00:00:00 to 2026-06-30 23:59:59 month"),
        ("2026-Q3", "2026-07-01 00:00:00 to 2026-09-30 23:59:59 month"),
        ("2026-W38", "2026-09-14 00:00:00 to 2026-09-20 23:59:59 day"),
        ("week 37, 2026", "2026-09-07 00:00:00 to 2026-09-13 23:59:59 day"),
        ("before 2026-03-02 10:00", "… to 2026-03-02 10:00:00 minute"),
        ("after 2026-03-02", "2026-03-02 00:00:00 to … day"),
    ],
)
def test_a_range_has_the_bounds_that_it_states(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-02 ~10:49", "about 2026-03-02 10:49"),
        ("ca. 2026-03-02 10:49", "about 2026-03-02 10:49"),
        ("around 2026-03-02 10:49 UTC", "about 2026-03-02 10:49"),
        ("early morning 2026-03-02", "about 2026-03-02"),
        ("late January 2026", "about 2026-01"),
        ("2026-03-02 10:4x", "about 2026-03-02 10:40"),
    ],
)
def test_an_estimate_keeps_its_guess_and_says_so(text: str, shown: str) -> None:
    moment = read_time(text).moment
    assert (str(moment), moment.precision.value) == (shown, "estimate")


def test_an_estimate_with_a_clock_is_trusted_for_its_day() -> None:
    assert known("2026-03-02 ~10:49") == "2026-03-02 00:00:00 to 2026-03-02 23:59:59 estimate"


@pytest.mark.parametrize("text", ["unknown", "Unknown", "TBC", "?", "X"])
def test_what_nobody_knows_has_no_bounds(text: str) -> None:
    assert read_time(text).moment == Moment(text)


def test_a_time_that_goes_on_begins_at_its_instant() -> None:
    assert known("2026-03-02 10:49 onwards") == "2026-03-02 10:49:00 minute"


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("2026-03-02", "day", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("~2026-03-02", "day", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 day"),
        ("2026-03-02 10:49", "hour", "2026-03-02 10:00:00 to 2026-03-02 10:59:59 hour"),
        ("2026-03-02 10:49", "± 10 min or so", "2026-03-02 10:39:00 to 2026-03-02 10:59:00 estimate"),
        ("2026-03-02 10:49", "about", "2026-03-02 00:00:00 to 2026-03-02 23:59:59 estimate"),
        ("2026-03-02", "month", "2026-03-01 00:00:00 to 2026-03-31 23:59:59 month"),
        ("between 2026-03-10 and 2026-03-16", "days", "2026-03-10 00:00:00 to 2026-03-16 23:59:59 day"),
    ],
)
def test_the_column_precision_says_what_the_author_means(text: str, precision: str, expected: str) -> None:
    assert known(text, precision=precision) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("16:25", "16:25:00"), ("1625", "16:25:00"), ("16.25", "16:25:00"), ("4:25 pm", "16:25:00"), ("4 pm", "16:00:00")],
)
def test_a_clock_takes_the_day_of_its_row(text: str, expected: str) -> None:
    assert known(text, day=DAY) == f"2026-03-02 {expected} minute"


def test_a_date_without_a_year_takes_that_of_its_column() -> None:
    assert known("Jan 20, 22:40", year=2022) == "2022-01-20 22:40:00 minute"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-01-15", "2026-01-15 11:18:00 minute"), ("2026-07-15", "2026-07-15 10:18:00 minute")],
)
def test_a_named_zone_follows_the_rules_of_its_date(day: str, expected: str) -> None:
    assert known(f"{day} 11:18", zone=read_zone("Europe/London")) == expected


def test_a_zone_in_the_cell_wins_over_that_of_the_column() -> None:
    assert known("2026-07-15 11:18 UTC", zone=read_zone("Europe/London")) == "2026-07-15 11:18:00 minute"


def test_a_zone_that_was_not_in_force_is_doubted() -> None:
    reading = read_time("2022-07-14 11:18 PST")
    assert "PST was not in force on 2022-07-14, but PDT" in reading.doubts[0]
    assert reading.moment.utc == datetime(2022, 7, 14, 19, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [("2026-03-29 02:30", "set forward"), ("2026-10-25 02:30", "showed it twice")],
)
def test_a_local_time_that_is_no_single_instant_is_doubted(text: str, why: str) -> None:
    assert why in read_time(text, zone=read_zone("Europe/Berlin")).doubts[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("–", "empty"),
        ("01:14", "no date"),
        ("2 March, 01:14", "no year"),
        ("03/04/2026 10:00", "two dates"),
        ("2026-03-02 13:61", "not a possible time"),
        ("2026-02-30 10:00", "not a possible time"),
        ("22025-03-02 01:14", "five digits"),
        ("1066-10-14", "mend the year"),
        ("2026-03-02 10:00 to 2026-03-01 10:00", "ends before it begins"),
        ("2026-03-02 10:40-11:00", "a range or a time with an offset"),
        ("2026-03-02 11:18 IST", "India"),
        ("2026-03-02 11:18 XYZ", "no time zone"),
        ("2026-03-02 midnight", "begin or the end of the day"),
        ("2026-03-02 01:14 after the deploy", "not a time"),
        ("2026-03-02 " * 60, "too long"),
    ],
)
def test_what_is_no_time_is_refused_with_a_cure(text: str, why: str) -> None:
    with pytest.raises(BadTimeError, match=why):
        read_time(text)


@pytest.mark.parametrize("text", ["10:00-11:00", "9:30-10:00", "10:00–11:30"])
def test_two_clocks_without_a_date_are_a_range(text: str) -> None:
    moment = read_time(text, day=date(2026, 3, 2)).moment
    assert moment.earliest != moment.latest


def test_a_clock_with_an_earlier_one_behind_it_may_have_an_offset() -> None:
    with pytest.raises(BadTimeError, match="a range or a time with an offset"):
        read_time("12:00-05:00", day=date(2026, 3, 2))


@pytest.mark.parametrize("text", ["Mars/Olympus", "../../etc/passwd", "+15:00", "+01:07", "CST", ""])
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(BadZoneError):
        read_zone(text)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), st.integers(-48, 56))  # noqa: DTZ001
def test_every_rfc_3339_time_is_read_as_the_standard_library_reads_it(local: datetime, quarters: int) -> None:
    sign, minutes = "-" if quarters < 0 else "+", abs(quarters) * 15
    text = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02}:{minutes % 60:02}"
    moment = read_time(text).moment
    assert moment.is_exact
    assert moment.utc == datetime.fromisoformat(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_bounds_are_in_order(text: str) -> None:
    try:
        moment = read_time(text, day=DAY).moment
    except BadTimeError:
        return
    assert moment.earliest is None or moment.latest is None or moment.earliest <= moment.latest
    assert str(moment)


def test_a_prompt_for_the_clock_leaves_the_day() -> None:
    moment = read_time("2020-12-21 HH:mm").moment
    assert (moment.unit, f"{moment.earliest:%Y-%m-%d}") == (Precision.DAY, "2020-12-21")


def test_a_range_may_end_at_an_unknown_minute() -> None:
    moment = read_time("2022-08-03 12:26-12:??").moment
    assert (f"{moment.earliest:%H:%M}", f"{moment.latest:%H:%M}") == ("12:26", "12:59")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("27/11/2026 17:05", "2026-11-27T17:05:00+00:00"),
        ("11-27-2026 17:05", "2026-11-27T17:05:00+00:00"),
        ("12.12.2026 17:05", "2026-12-12T17:05:00+00:00"),
        ("20261127T170500Z", "2026-11-27T17:05:00+00:00"),
        ("20261127 1705", "2026-11-27T17:05:00+00:00"),
        ("2026-W48-5 17:05", "2026-11-27T17:05:00+00:00"),
        ("Fri Nov 27 17:05:00 UTC 2026", "2026-11-27T17:05:00+00:00"),
    ],
)
def test_what_can_be_read_in_one_way_alone_is_read(written, instant):
    assert read_time(written).moment.utc.isoformat() == instant


@pytest.mark.parametrize("written", ["03/04/2026 10:00", "03.04.2026", "02.03.26 09:30", "2026-W60-1", "13.14.2026"])
def test_what_can_be_read_in_two_ways_or_none_is_not(written):
    with pytest.raises(BadTimeError):
        read_time(written)


def test_a_margin_beside_the_time_is_its_precision():
    moment = read_time("2026-03-02 09:30 ± 5 min").moment
    assert (moment.earliest.minute, moment.latest.minute) == (25, 35)


@pytest.mark.parametrize(
    ("written", "clock"),
    [("10:45a", "10:45"), ("9:06p", "21:06"), ("17:14pm", "17:14"), ("0:25 AM", "00:25"), ("12:10 a.m.", "00:10")],
)
def test_halves_of_the_day_as_people_write_them(written, clock):
    assert f"{read_time(f'2026-03-02 {written}').moment.utc:%H:%M}" == clock


@pytest.mark.parametrize("written", ["17:14 am", "0:25 pm", "25:10 pm"])
def test_halves_of_the_day_that_are_none(written):
    with pytest.raises(BadTimeError):
        read_time(f"2026-03-02 {written}")


def test_a_doubt_beside_the_clock_is_an_estimate():
    assert read_time("2026-03-02 22:52 (maybe earlier?)").moment.precision is Precision.ESTIMATE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-02 shortly after 01:14", "after 2026-03-02 01:14"),
        ("2026-03-02 no earlier than 01:14", "after 2026-03-02 01:14"),
        ("2026-03-02 01:14 at the earliest", "after 2026-03-02 01:14"),
        ("2026-03-02 \u2265 01:14", "after 2026-03-02 01:14"),
        ("2026-03-02 just before 01:14", "before 2026-03-02 01:14"),
        ("2026-03-02 01:14 at the latest", "before 2026-03-02 01:14"),
        ("2026-03-02 not later than 01:14", "before 2026-03-02 01:14"),
        ("2026-03-02 01:14 through 01:20", "2026-03-02 01:14 to 2026-03-02 01:20"),
        ("2026-03-02 01:14 \u2026 01:20", "2026-03-02 01:14 to 2026-03-02 01:20"),
        ("2026-03-02 01:14 -> 2026-03-03 02:00", "2026-03-02 01:14 to 2026-03-03 02:00"),
        ("2026-03-02\u21922026-03-03", "2026-03-02 to 2026-03-03"),
        ("Q1 2026", "2026-01 to 2026-03"),
        ("2026 Q4", "2026-10 to 2026-12"),
        ("the week of 2 March 2026", "2026-03-02 to 2026-03-08"),
        ("2026-03-02 01:14 or so", "about 2026-03-02 01:14"),
        ("2026-03-02 @ 01:14", "2026-03-02 01:14"),
        ("~~2026-03-02 01:14~~ 2026-03-02 01:20", "2026-03-02 01:20"),
        ("2026-03-02 01:14 America/New_York", "2026-03-02 06:14"),
        ("not recorded", "unknown"),
        ("TBD (logs are on their way)", "unknown"),
        ("unknown (before 2026-03-02 04:00)", "before 2026-03-02 04:00"),
        ("unknown (between 2026-03-01 and 2026-03-02)", "2026-03-01 to 2026-03-02"),
        ("unknown (ticket 42)", "unknown"),
        ("2026-03-02 --:--", "2026-03-02"),
        ("2026-03-02 XX:XX", "2026-03-02"),
        ("2026-03-02<br>01:14", "2026-03-02 01:14"),
        ("during March 2026", "2026-03"),
        ("2026-03-02 COB", "about 2026-03-02"),
        ("2026-03-02 1:14 to 2:20 pm", "2026-03-02 13:14 to 2026-03-02 14:20"),
        ("2026-03-02 between 11:30 and 12:15 PM", "2026-03-02 11:30 to 2026-03-02 12:15"),
        ("2026-03-02 10:00 to 2:30 p.m.", "2026-03-02 10:00 to 2026-03-02 14:30"),
        ("from 4 to 5 pm on 2 March 2026", "2026-03-02 16:00 to 2026-03-02 17:00"),
        ("2026-03-02 01:14 +/- 15m", "about 2026-03-02 01:14"),
    ],
)
def test_bounds_ranges_and_words_that_people_write(text: str, shown: str) -> None:
    assert str(read_time(text).moment) == shown


@pytest.mark.parametrize(
    ("text", "bounds"),
    [("2026-03-29 02:30", ("00:30", "01:30")), ("2026-10-25 02:30", ("00:30", "01:30"))],
)
def test_a_local_time_that_is_no_single_instant_allows_both(text: str, bounds: tuple[str, str]) -> None:
    moment = read_time(text, zone=read_zone("Europe/Berlin")).moment
    assert (f"{moment.earliest:%H:%M}", f"{moment.latest:%H:%M}") == bounds


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-07-14 02:00 Asia/Kolkata", ("2026-07-13", "2026-07-14")),
        ("2016-12-31T23:59:60Z", ("2016-12-31", "2017-01-01")),
        ("2026-07-14 02:00", ("2026-07-14", "2026-07-14")),
    ],
)
def test_the_days_of_a_time_are_those_of_utc_and_of_its_zone(text: str, days: tuple[str, str]) -> None:
    found = read_time(text).moment.days
    assert (str(found[0]), str(found[-1])) == days


@pytest.mark.parametrize(
    "text", ["2026-03-02 half past 11", "2026-03-02 quarter to twelve", "2026-03-02 gegen halb 12"]
)
def test_a_clock_that_is_spoken_names_the_two_times_that_it_may_be(text: str) -> None:
    with pytest.raises(BadTimeError, match="either half of the day"):
        read_time(text)


@pytest.mark.parametrize("text", ["~2026-03-02 00:05", "~2026-03-02 23:55"])
def test_an_estimate_near_midnight_may_be_of_the_other_day(text: str) -> None:
    moment = read_time(text).moment
    assert moment.latest - moment.earliest > timedelta(hours=24)
    assert moment.earliest <= moment.utc - timedelta(minutes=55) <= moment.utc + timedelta(minutes=55) <= moment.latest


@given(st.datetimes(), st.booleans())
def test_times_as_the_template_has_them_are_read_as_others_in_utc(instant: datetime, has_seconds: bool) -> None:
    written = f"{instant:%Y-%m-%d %H:%M:%S}" if has_seconds else f"{instant:%Y-%m-%d %H:%M}"
    written = written.rjust(19 if has_seconds else 16, "0")

    def read(text: str) -> Moment | str:
        try:
            moment = read_time(text).moment
        except BadTimeError as error:
            return str(error).replace(text, "…")
        return replace(moment, written="…", has_zone=False)

    assert read(written) == read(f"{written} UTC")
