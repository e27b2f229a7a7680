"""A time that was read is written so that the reader of times reads the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.imports.draft_rows import time_cell
from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.zones import read_zone

ZONES = ["UTC", "CET", "Europe/London", "+05:30", "Pacific"]
FORMS = [
    "{c}",
    "~{c}",
    "ca. {c}",
    "{c}:07",
    "{c} onwards",
    "{d} {c}",
    "{d}T{c}Z",
    "{d}",
    "early {d}",
    "{c} to 23:59",
    "{c}?",
]


@given(
    form=st.sampled_from(FORMS),
    clock=st.times(),
    day=st.dates(date(2017, 1, 1), date(2027, 1, 1)),
    zone=st.sampled_from(ZONES),
)
def test_the_cell_says_the_same_as_the_source(form: str, clock: object, day: date, zone: str) -> None:
    moment = read_time(form.format(c=f"{clock:%H:%M}", d=day), day=day, zone=read_zone(zone)).moment
    cell, precision = time_cell(moment)
    again = read_time(cell, precision=precision).moment
    assert again.is_estimate == moment.is_estimate
    assert moment.utc is not None
    assert again.utc is not None
    if moment.unit.value == "day":  # a day is one of the source's zone, which the column Precision names
        assert abs(again.utc - moment.utc) <= timedelta(hours=14)
        assert again.utc.date() == (day if again.utc else None)
    else:
        assert again.utc == moment.utc


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("2020-11-17 10:45~", ("2020-11-17 09:45", "estimate")),
        ("2020-11-17 12:26", ("2020-11-17 11:26", "")),
        ("2020-11-17 12:26:05", ("2020-11-17 11:26:05", "")),
        ("2020-11-17 12:26 - 12:40", ("2020-11-17 11:26 to 2020-11-17 11:40", "range")),
        ("2020-11-17", ("2020-11-17", "day in CET")),
        ("March 2020", ("2020-03", "month in CET")),
        ("before 2020-11-17 10:00", ("before 2020-11-17 09:00", "one bound")),
        ("unknown", ("unknown", "")),
    ],
)
def test_what_is_less_than_exact_says_how_exact_it_is(text: str, cell: tuple[str, str]) -> None:
    assert time_cell(read_time(text, zone=read_zone("CET")).moment) == cell
