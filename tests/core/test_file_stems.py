"""Names of files that are made from ids: as they are where they fit, and apart from each other where they do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.file_stems import LONGEST_STEM, fitting_stem, stem_of_id
from sphinx_postmortem.core.records.anchors import slug
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.sheets.drill_sheets import drill_sheets
from sphinx_postmortem.core.sheets.meeting_pack import agenda_sheet
from sphinx_postmortem.core.sheets.tabletop import make_drill
from tests.learning.published_records import event, incident

LONG = "SEC-" + "A" * 300


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_every_name_fits_into_255_bytes_with_room_for_the_rest(text):
    assert len(fitting_stem(text).encode()) <= LONGEST_STEM + 13
    assert len(stem_of_id(text)) <= LONGEST_STEM + 13


def test_what_fits_stays_and_what_is_cut_differs():
    assert stem_of_id("SEC-2026-014") == slug("SEC-2026-014") == "sec-2026-014"
    assert fitting_stem("é" * 80) == "é" * 80
    assert fitting_stem("é" * 81).startswith("é" * 80 + "-")
    assert stem_of_id(LONG + "1") != stem_of_id(LONG + "2")


def test_sheets_of_a_long_id_have_names_that_fit():
    record = incident(event("2026-01-02 01:10", "Alert detected"), event("2026-01-02 01:20", "Two"), id=LONG)
    data = {"edition": "internal", "incidents": [record], "owners": []}
    sheets = [*drill_sheets(make_drill(record, "internal")), agenda_sheet(record, (), data, Settings())]
    assert [len(f"{sheet.name}.html") <= 255 for sheet in sheets] == [True] * 3
