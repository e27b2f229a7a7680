"""What authors say of how exact a time is, in the cell of the time and in a column Precision."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.checks.time_text import fault_of
from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError
from sphinx_postmortem.core.records.zones import read_zone


def known(text: str, **context: object) -> str:
    moment = read_time(text, **context).moment  # type: ignore[arg-type]
    return f"{moment.earliest:%Y-%m-%d %H:%M} to {moment.latest:%Y-%m-%d %H:%M} {moment.precision}"


DAY = "2026-09-18 00:00 to 2026-09-18 23:59 day"
HOUR = "2026-09-18 02:00 to 2026-09-18 02:59 hour"
ABOUT = "2026-09-18 00:00 to 2026-09-18 23:59 estimate"
EXACT = "2026-09-18 02:14 to 2026-09-18 02:14 minute"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-18 (day)", DAY),
        ("2026-09-18 [day only]", DAY),
        ("2026-09-18 (precision: day)", DAY),
        ("2026-09-18, day", DAY),
        ("**2026-09-18** (*day*)", DAY),
        ("2026-09-18 02:14 (day)", DAY),
        ("2026-09-18 02:14 (to the hour)", HOUR),
        ("2026-09-18 02:14 (hour)", HOUR),
        ("2026-09-18 02:14 (minute)", EXACT),
        ("2026-09-18 02:14 (exact)", EXACT),
        ("2026-09-18 02:14 (from the log)", EXACT),
        ("2026-09-18 02:14 (approx.)", ABOUT),
        ("2026-09-18 02:14, approximately", ABOUT),
        ("2026-09-18 02:14 UTC (estimated)", ABOUT),
        ("2026-09-18 02:14 (not exact)", ABOUT),
        ("2026-09-18 02:14 (time is approximate)", ABOUT),
        ("2026-09 (month)", "2026-09-01 00:00 to 2026-09-30 23:59 month"),
        ("2026 (year)", "2026-01-01 00:00 to 2026-12-31 23:59 year"),
        ("2026-09-18 (week)", "2026-09-14 00:00 to 2026-09-20 23:59 day"),
        ("2026-09-18 02:14 (± 5 min)", "2026-09-18 02:09 to 2026-09-18 02:19 estimate"),
        ("2026-09-18 02:14 (± 1 week)", "2026-09-11 02:14 to 2026-09-25 02:14 estimate"),
        ("2026-09-18 (day) to 2026-09-20 (day)", "2026-09-18 00:00 to 2026-09-20 23:59 day"),
    ],
)
def test_a_word_behind_the_time_says_how_exact_it_is(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    "words",
    [
        ", approximately",
        ", geschätzt",
        "; ungefähr.",
        ", estimée",
        " / environ",
        ", estimado",
        ", aprox.",
        ", estimativa",
    ]
    + ["、推定", "，概算", " ; およそ"],
)
def test_a_word_behind_a_comma_is_read_in_each_language(words: str) -> None:
    assert known(f"2026-09-18 02:14{words}") == ABOUT
    assert fault_of(f"2026-09-18 02:14{words}") is None


@pytest.mark.parametrize("words", [", Tag", ", au jour près", "; día", ", só dia", "、日単位"])
def test_a_coarse_unit_behind_a_comma_is_read_in_each_language(words: str) -> None:
    assert known(f"2026-09-18{words}") == DAY


@pytest.mark.parametrize("words", [", Berlin", ", siehe Protokoll", "、東京"])
def test_other_words_behind_a_comma_are_no_precision(words: str) -> None:
    with pytest.raises(BadTimeError):
        read_time(f"2026-09-18 02:14{words}")


@pytest.mark.parametrize(
    "text",
    ["2026-09-18 (day)", "2026-09 (month)", "2026-09-18 02:14 (approx.)", "2026-09-18 02:14 (minute)"]
    + ["2026-09-18 02:14 (exact)", "2026-09-18 02:14 (+/- 10 minutes)", "2026-09-18 02:14 [estimated]"],
)
def test_a_word_behind_the_time_is_enough(text: str) -> None:
    assert fault_of(text) is None


@pytest.mark.parametrize("text", ["2026-09-18", "2026-09-18 ~02:14", "ca. 2026-09-18 02:14", "2026-09-18 (time TBC)"])
def test_without_one_a_time_that_is_not_exact_is_a_finding(text: str) -> None:
    fault = fault_of(text)
    assert fault is not None
    assert fault.code == "time-estimate"


@pytest.mark.parametrize("stated", ["precise", "exact", "confirmed", "to the minute", "from logs", "Minute"])
def test_words_for_exactness_in_the_column_keep_an_exact_time(stated: str) -> None:
    assert known("2026-09-18 02:14", precision=stated) == EXACT


@pytest.mark.parametrize("stated", ["imprecise", "not exact", "minute (estimated)", "as told by the vendor"])
def test_other_words_in_the_column_make_it_an_estimate(stated: str) -> None:
    assert known("2026-09-18 02:14", precision=stated) == ABOUT


@pytest.mark.parametrize("stated", ["day", "about"])
def test_the_day_is_that_of_the_zone(stated: str) -> None:
    # 01:14 in Berlin is 23:14 of the day before in UTC; the day that its author means is that of Berlin.
    bounds = known("2026-09-18 01:14", zone=read_zone("Europe/Berlin"), precision=stated)
    assert bounds.startswith("2026-09-17 22:00 to 2026-09-18 21:59")


def test_an_hour_is_shown_in_utc() -> None:
    shown = [
        str(read_time(text, precision="hour").moment) for text in ("2026-09-18 04:30+02:00", "2026-09-18 04:40+05:30")
    ]
    assert shown == ["2026-09-18 02 h", "2026-09-17 22:30 to 2026-09-17 23:29"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-07-14 10:00 UTC (12:00 CEST)", "10:00"),
        ("2026-07-14 10:00 UTC / 12:00 CEST", "10:00"),
        ("2026-07-14 12:00 CEST (10:00 UTC)", "10:00"),
        ("2026-07-14 10:00 (12:00)", "10:00"),
        ("2026-07-14 10:00Z (12:00 local)", "10:00"),
        ("2026-07-14 12:00 (10:00 UTC)", "10:00"),
    ],
)
def test_a_time_may_be_stated_once_more_in_another_zone(text: str, instant: str) -> None:
    moment = read_time(text).moment
    assert (f"{moment.utc:%H:%M}", fault_of(text)) == (instant, None)


def test_the_second_time_of_a_cell_may_be_of_the_next_day() -> None:
    reading = read_time("2026-07-14 23:30 UTC (01:30 CEST)")
    assert reading.second is not None
    assert reading.second.utc == reading.moment.utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02 to 04", "2026-03-02 00:00 to 2026-03-04 23:59 day"),
        ("2026-03-02/2026-03-04", "2026-03-02 00:00 to 2026-03-04 23:59 day"),
        ("2–4 March 2026", "2026-03-02 00:00 to 2026-03-04 23:59 day"),
        ("March 2nd-4th, 2026", "2026-03-02 00:00 to 2026-03-04 23:59 day"),
        ("sometime between 2026-03-02 10:00 and 11:00", "2026-03-02 10:00 to 2026-03-02 11:00 minute"),
    ],
)
def test_ranges_as_people_write_them(text: str, expected: str) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    "text", ["T02:14", "2026-09-18 02:14<sup>1</sup>", "2026-09-18&nbsp;02:14", "2026-09-18 02:14 (2)", "02:14 [1]"]
)
def test_entities_and_marks_of_notes_do_not_count(text: str) -> None:
    assert known(text, day=date(2026, 9, 18)) == EXACT


def test_a_remark_in_brackets_is_told_and_the_time_is_kept() -> None:
    fault = fault_of("2026-09-18 02:14 (pager)")
    assert fault is not None
    assert (known("2026-09-18 02:14 (pager)"), fault.code) == (EXACT, "time-format")


@pytest.mark.parametrize(
    "text", ["2026-09-18 02:14 (after lunch)", "2026-09-18 02:14 (10 past)", "2026-09-18 02:14 (a guess by ops)"]
)
def test_a_remark_that_may_change_the_time_is_refused(text: str) -> None:
    with pytest.raises(BadTimeError):
        read_time(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Tag", "nur Tag", "jour", "Día", "dia", "日単位"), DAY),
        (("Stunde", "heure", "hora", "時間単位"), HOUR),
        (
            ("ungefähr", "ca.", "geschätzt", "environ", "estimé", "aprox.", "estimada", "estimativa", "約", "推定"),
            ABOUT,
        ),
        (("genau", "exakt", "exact", "exacte", "exacto", "exato", "正確"), EXACT),
    ],
)
def test_precision_may_be_stated_in_our_languages(words: tuple[str, ...], expected: str) -> None:
    for word in words:
        assert (word, known(f"2026-09-18 02:14 ({word})")) == (word, expected)
        assert (word, known("2026-09-18 02:14", precision=word)) == (word, expected)


def test_full_width_brackets_hold_a_precision() -> None:
    assert known("2026-09-18 02:14（推定）") == ABOUT


def test_a_japanese_day_of_the_week_is_no_precision() -> None:
    assert not read_time("2026-09-18 02:14 (日)").precision
