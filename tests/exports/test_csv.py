"""``actions.csv``: RFC 4180, every column kept, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.exports.csv_tables import ACTION_COLUMNS, actions_csv, guarded, unguarded
from sphinx_postmortem.core.exports.publication import Publication, printable
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, PageRecords

HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("=+-@\t\r\n\x00\x01'\"＝＋－＠;,\ufeff\u200b ")), max_size=40
)


def table(*actions: Action) -> list[dict[str, str]]:
    data = actions_csv(KnowledgeBase({"p": PageRecords(actions=actions)}), Publication("internal"))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_row_and_every_column_is_there(exported):
    text = (exported() / "actions.csv").read_bytes().decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 5
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["ID"] for row in rows] == ["SEC-1/A1", "SEC-1/A2", "SEC-1/A3", "L1"]
    assert [row["Ticket"] for row in rows] == ["T-1", "T-2", "zqcanary", ""]
    assert rows[1]["Owners"] == "appsec; ops"
    assert rows[0]["Address"] == "https://kb.example.com/reg/incidents/sec-1.html#pm-action-sec-1-a1"
    assert (rows[0]["Severity"], rows[0]["Incident title"]) == ("SEV-1", "SEC-1: Stolen token")
    assert rows[3]["Owners"] == "運用チーム"


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0=", "\ufeff@"]
)
def test_no_cell_begins_as_a_formula(start):
    (row,) = table(Action("I", "p", "A1", f"{start}cmd|' /C calc'!A0", other=((f"{start}T", f"{start}1"),)))
    for cell in (*row, *row.values()):
        assert not cell.startswith(start)
    assert row["Action"].startswith("'")


def test_a_cell_cannot_be_split_at_another_separator():
    data = actions_csv(
        KnowledgeBase({"p": PageRecords(actions=(Action("I", "p", "A1", 'a;=1+1;"b'),))}), Publication("internal")
    )
    assert b'"a;\'=1+1;""b"' in data


def test_columns_of_one_title_stay_apart():
    (first, second) = table(
        Action("I", "p", "A1", "x", other=(("Ticket", "1"), ("ticket", "2"), ("Status", "3"))),
        Action("I", "p", "A2", "y", other=(("TICKET", "4"),)),
    )
    assert list(first)[len(ACTION_COLUMNS) :] == ["Ticket", "ticket (2)", "Status (2)"]
    assert [first[name] for name in ("Ticket", "ticket (2)", "Status (2)")] == ["1", "2", "3"]
    assert second["Ticket"] == "4"


@given(HOSTILE)
def test_a_guarded_cell_gives_its_text_back(text):
    assert unguarded(guarded(text)) == printable(text)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_comes_back_from_the_file(text, title, cell):
    (row,) = table(Action("I", "p", "A1", text, other=((title, cell),)))
    assert unguarded(row["Action"]) == printable(text)
    assert unguarded(list(row.values())[-1]) == printable(cell)
    assert len(row) == len(ACTION_COLUMNS) + 1
