"""Pipe tables and CSV files."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.mentions import plain
from sphinx_postmortem.core.audience.rows import gate_table, nearly_audience, unreadable
from sphinx_postmortem.core.records.tables import (
    Row,
    Table,
    column_key,
    is_fence_row,
    parse_csv_table,
    parse_pipe_table,
    split_cells,
    without_brackets,
)


def parse(text: str):
    lines = text.split("\n")
    return parse_pipe_table(lines, range(1, len(lines) + 1))


def test_cells_may_hold_escaped_pipes_and_be_empty():
    assert split_cells(r"| a | b \| `c\|d` |  |") == ["a", "b | `c|d`", ""]


def test_outer_pipes_are_optional():
    assert split_cells("a | b") == ["a", "b"]


def test_columns_are_matched_without_case_markup_and_unit():
    assert column_key("**Time** (UTC)") == "time"
    assert column_key("Due-Date") == "due date"
    assert column_key("due_date") == "due date"
    assert column_key("__Due date__") == "due date"


def test_rows_keep_their_lines():
    table = parse("| A | B |\n|---|---|\n| 1 | 2 |\n\n| 3 | 4 |")
    assert [(row.cells, row.line) for row in table.rows] == [(("1", "2"), 3), (("3", "4"), 5)]


def test_nothing_of_a_row_with_too_many_cells_is_lost():
    table = parse("| A | B |\n|---|---|\n| 1 | 2 | 3 |")
    assert table.rows[0].cells == ("1", "2 | 3")
    assert table.problems[0].line == 3


def test_text_without_table_is_kept_and_reported():
    table = parse("no table\nhere")
    assert table.stray == ("no table", "here")
    assert table.problems


def test_csv_may_be_semicolon_separated_and_hold_line_breaks():
    table = parse_csv_table('\ufeffTime;Event\n2026-03-02 01:14;"two\nlines; one cell"\n')
    assert table.header == ("Time", "Event")
    assert table.rows[0].cells == ("2026-03-02 01:14", "two lines; one cell")


cells = st.text(alphabet="ab |\\`*é-:", max_size=8)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5))
def test_what_is_escaped_comes_back(rows):
    def write(cell: str) -> str:
        return cell.replace("\\", "").replace("|", "\\|")

    body = "\n".join("| " + " | ".join(write(c) for c in row) + " |" for row in rows)
    assume(not any(map(is_fence_row, body.split("\n"))))
    table = parse("| A | B | C |\n|---|---|---|\n" + body)
    assert [row.cells for row in table.rows] == [tuple(c.replace("\\", "").strip() for c in row) for row in rows]


AUDIENCES = Audiences()
markings = st.sampled_from(["", "internal", "leadership", "public", "Public ", "nonsense"])


@given(st.lists(markings, max_size=8))
def test_a_lower_edition_never_sees_more(marks):
    table = parse("| A | Audience |\n|---|---|\n" + "\n".join(f"| row{i} | {m} |" for i, m in enumerate(marks)))
    seen = [{row.cells[0] for row in gate_table(table, Edition(AUDIENCES, name)).rows} for name in AUDIENCES.names]
    assert seen[0] >= seen[1] >= seen[2]
    assert not any(f"row{i}" in seen[0] for i, m in enumerate(marks) if m == "nonsense")


@given(st.text(alphabet="| -\n\\aé:", max_size=60))
def test_any_text_is_parsed(text):
    parse(text)
    parse_csv_table(text)


def test_a_row_that_only_marks_is_taken_for_the_title_of_those_below():
    for title in ("| | | internal |", "| | internal from here on | |"):
        table = parse(f"| Time | Event | Audience |\n|--|--|--|\n{title}\n| 09:00 | a | |")
        assert not gate_table(table, Edition(Audiences(), "leadership")).rows


def test_a_row_that_goes_on_with_a_hidden_one_is_not_shown():
    table = parse(
        "| Time | Event | Audience |\n|--|--|--|\n| 09:00 | a | internal |\n|  | more of a |  |\n| 10:00 | b | |"
    )
    gated = gate_table(table, Edition(Audiences(), "leadership"))
    assert not gated.rows
    assert "a row seems to go on with the row above it, which is marked, in line 4" in gated.problems[-1].message
    for sign in ('"', "^^", "..."):
        ditto = parse(f"| Time | Event | Audience |\n|--|--|--|\n| 09:00 | a | internal |\n| {sign} | more of a |  |")
        assert not gate_table(ditto, Edition(Audiences(), "leadership")).rows
    marked = parse("| Time | Event | Audience |\n|--|--|--|\n| 09:00 | a | internal |\n|  | b | public |")
    assert len(gate_table(marked, Edition(Audiences(), "leadership")).rows) == 1


@pytest.mark.parametrize(
    ("rows", "internal_columns", "said"),
    [
        ("| Time | Event | Audience |\n|-|-|-|\n| 09:00 | internal | |", "", "not in the column Audience, in line 3"),
        (
            "| Time | Event | Audience |\n|-|-|-|\n| internal: |\n| 09:00 | a | |",
            "",
            "not in the column Audience, in line 3",
        ),
        ("| Time | Notes (internal only) |\n|-|-|\n| 09:00 | a |", "", 'the title "Notes (internal only)"'),
        ("| Time | Notes - internal |\n|-|-|\n| 09:00 | a |", "", 'the title "Notes - internal"'),
        ("| 09:00 | a | internal |\n|-|-|-|\n| 10:00 | b | |", "", 'the title "internal"'),
        ("| Time | Notes (internal) |\n|-|-|\n| 09:00 | a |", "Notes", ""),
        ("| Time | Event | Audience |\n|-|-|-|\n| 09:00 | internal | public |", "", ""),
        ("| Time (UTC) | Event: what happened | Audience |\n|-|-|-|\n|  | a | |", "", ""),
    ],
)
def test_an_audience_where_no_marking_is_read_is_told(rows, internal_columns, said):
    fault = unreadable(parse(rows), Edition(Audiences(), "leadership"), internal_columns)
    assert said in fault if said else not fault


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Time (UTC)", "Time "),
        ("a [b (c] d) e", "a  d) e"),
        ("x ((y) z", "x  z"),
        ("n ( o", "n ( o"),
        ("（全角） t", " t"),
    ],
)
def test_brackets_are_taken_off_a_title(title: str, bare: str) -> None:
    assert without_brackets(title) == bare


@pytest.mark.parametrize(
    "cell",
    ["Audience", "*audiences*", "a\\udience", "&#97;&#117;dience", "%61%75dience", "Audiense (x)", "\u0430udience"],
)
def test_a_second_header_is_found_however_its_letters_are_written(cell: str) -> None:
    table = parse(f"| Time | Event |\n|-|-|\n| 09:00 | a |\n| Time | {cell} |\n| 09:00 | internal |")
    assert "line 4 of the table looks like a header" in unreadable(table, Edition(Audiences(), "leadership"))


@given(st.text("aAuUdDiIeEnNcCx *_`-()<>", max_size=14))
def test_a_cell_is_a_second_header_by_its_key_as_a_title_is(cell: str) -> None:
    table = Table(("Time",), (Row((cell,), 3),))
    fault = unreadable(table, Edition(Audiences(), "leadership"))
    assert fault.startswith("line 3 of the table") == nearly_audience(column_key(plain(cell.strip())))


@pytest.mark.parametrize("fence", ["| ::: | |", "::: | |", "|::::|", "| ``` | |"])
def test_a_fence_that_became_a_row_is_told_once_and_is_no_row(fence: str) -> None:
    lines = ["| Time | Event |", "|---|---|", "| 01:14 | Alert |", fence, "", "Text below."]
    table = parse_pipe_table(lines, range(1, 7))
    assert [row.cells for row in table.rows] == [("01:14", "Alert")]
    assert [(problem.line, problem.message[:40]) for problem in table.problems] == [
        (4, "the fence that closes the table became a")
    ]
    assert table.stray == (fence, "Text below.")
