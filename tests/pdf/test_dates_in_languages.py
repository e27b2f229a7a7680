"""Interview PDFs withhold dates that are written with the months of other languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sphinx_postmortem.sphinx_ext.pdf.kinds.interview import without_dates

ORIGIN = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("am 12. März 2026 entdeckt", "am day 2 entdeckt"),
        ("le 1er avril 2026", "le day 22"),
        ("el 12 de marzo de 2026", "el day 2"),
        ("em 3 out. 2026", "em day 207"),
        ("12 марта 2026", "day 2"),
        ("am 12. Mai", "am [date withheld]"),
        ("im Dezember 2026", "im [date withheld]"),
        ("seit 2026", "seit [date withheld]"),
        ("2026年3月12日に起きた", "[date withheld]に起きた"),
        ("3月12日に", "[date withheld]に"),
        ("2026년 3월 12일", "[date withheld]"),
    ],
)
def test_a_date_in_another_language_is_shown_as_a_day_or_withheld(written: str, shown: str) -> None:
    assert without_dates(written, ORIGIN) == shown


@pytest.mark.parametrize("text", ["3 out of 5 were set 5 times", "5 may fail", "de 4000 comptes", "3 sets, 12 markers"])
def test_words_that_look_like_months_elsewhere_stay(text: str) -> None:
    assert without_dates(text, ORIGIN) == text
