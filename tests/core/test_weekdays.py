"""The day of the week that a time names beside its date."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks.time_text import read_row_time
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.time_reading import read_time

WRONG = [
    "Monday 2026-03-04 01:14",
    "Mon, 4 March 2026 05:00",
    "2026-03-04 (Tue) 01:14",
    "Sat 2026-03-04",
    "Montag, 4. März 2026, 01:14 Uhr",
    "Di, 04.03.2026 01:14",
    "lundi 4 mars 2026 à 01:14",
    "lunes, 4 de marzo de 2026, 01:14",
    "segunda-feira, 4 de março de 2026, 01:14",
    "2026年3月4日(月) 01:14",
    "~Mon 2026-03-04 01:14",
    "before Monday 4 March 2026",
]
RIGHT = [
    "Wednesday 2026-03-04 01:14",
    "Mittwoch, 4. März 2026, 01:14 Uhr",
    "miércoles, 4 de marzo de 2026, 01:14",
    "quarta-feira, 4 de março de 2026, 01:14",
    "2026年3月4日(水) 01:14",
    "2026年3月4日 01:14",  # the signs of month and day are those of Monday and Sunday
    "Wed 2026-03-04 23:30 -08:00",
    "Thursday 2026-03-05 00:30 +09:00",
    "Wed 2026-03-04 01:14 UTC (Tue 20:14 EST)",
    "Monday 2 March 2026 to Friday 6 March 2026",
    "before Wednesday 4 March 2026",
    "March 2026",
]


@pytest.mark.parametrize("text", WRONG)
def test_a_day_of_the_week_that_is_not_that_of_the_date_is_told(text: str) -> None:
    assert "2026-03-04 is a Wednesday; mend one of them" in read_time(text).weekday


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_day_of_the_week_is_not_told(text: str) -> None:
    assert not read_time(text).weekday


def test_the_day_may_stand_in_a_column_of_its_own() -> None:
    columns = find_time_columns(("Date", "Time (UTC)", "Event"))
    fault = read_row_time(columns, ("Mon 2026-03-04", "01:14", "Alert detected")).fault
    assert fault is not None
    assert fault.code == "time-weekday"
    assert read_row_time(columns, ("Wed 2026-03-04", "01:14", "Alert detected")).fault is None
