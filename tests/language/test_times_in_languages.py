"""Times in the languages of the table of names: what is read of them, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.checks.time_text import fault_of
from sphinx_postmortem.core.language.names import words_of
from sphinx_postmortem.core.records.time_reading import parse_moment, read_time
from sphinx_postmortem.core.records.times import BadTimeError
from sphinx_postmortem.core.records.translated_times import in_english

LINES = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).with_name("times.txt").read_text("utf-8").splitlines())
    if not line.startswith("#")
]
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
CLOCKS = st.times()
MONTHS = list(dict.fromkeys(words_of("months").values()))


def known(text: str) -> str:
    try:
        return str(read_time(text, day=date(2026, 3, 2)).moment)
    except BadTimeError:
        return "-"


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_time_is_read_as_it_is_known(text: str, expected: str) -> None:
    assert known(text) == expected


@given(DAYS, CLOCKS, st.sampled_from(sorted(words_of("months").items())))
def test_a_date_with_any_name_of_a_month_is_that_day(day: date, clock: time, named: tuple[str, str]) -> None:
    word, name = named
    day = day.replace(month=MONTHS.index(name) + 1, day=min(day.day, 28))
    expected = f"{day} {clock:%H:%M}"
    assert str(parse_moment(f"{day.day}. {word} {day.year}, {clock:%H:%M} Uhr")) == expected
    assert str(parse_moment(f"le {day.day} {word.title()} {day.year} à {clock.hour} h {clock:%M}")) == expected


@given(DAYS, CLOCKS)
def test_a_date_with_its_units_in_japanese_is_that_instant(day: date, clock: time) -> None:
    text = f"{day.year}年{day.month}月{day.day}日{clock.hour}時{clock.minute}分"
    assert str(parse_moment(text)) == f"{day} {clock:%H:%M}"


@given(st.sampled_from(LINES), st.sampled_from(["morgens", "du soir", "de la noche", "da noite", "夜", "Berlin"]))
def test_a_word_that_no_table_has_leaves_the_time_unread(line: tuple[str, str], word: str) -> None:
    assert known(f"{line[0]} {word}") == "-"


def test_a_time_in_english_stays_as_it_is() -> None:
    for text in (
        "2 March 2026 at 16:25 UTC",
        "around 2026-03-02 10:49",
        "2026-03-02T10:40-05:00",
        "Mar 2, 2026 4:05 PM",
    ):
        assert in_english(text) == text


def test_the_message_quotes_what_is_written() -> None:
    for text in ("gegen 11:20", "2. März 11:20", "gegen 25:20 Uhr, 2. März 2026", "3 Uhr nachmittags"):
        with pytest.raises(BadTimeError) as caught:
            parse_moment(text)
        assert f'"{text}"' in str(caught.value)


def test_the_cure_of_another_spelling_is_written_out() -> None:
    fault = fault_of("02. März 2026, 11:15 Uhr")
    assert fault is not None
    assert (fault.code, fault.cure, fault.part) == ("time-format", "2026-03-02 11:15", "02. März 2026, 11:15 Uhr")


def test_a_remark_behind_the_time_stays_in_its_own_words() -> None:
    reading = read_time("2. März 2026 11:20 (laut Konsole)")
    assert (str(reading.moment), reading.remark) == ("2026-03-02 11:20", "laut Konsole")


def test_a_long_text_of_near_misses_is_refused() -> None:
    for part in ("um ", "2. ", "11 h ", "le ", "(Mo", "年", "um ca. "):
        with pytest.raises(BadTimeError):
            parse_moment(part * (300 // len(part)))


def test_what_is_certainly_german_needs_no_other_spelling_of_the_clock() -> None:
    doubts = read_time("2. Dezember 2026, 11:15 Uhr MESZ").doubts
    assert [doubt for doubt in doubts if "MESZ was not in force" in doubt]
