"""The review for people who do not read diffs: lines in their order, with what is hidden and what the checks say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.releases.compare import review_page
from sphinx_postmortem.core.releases.release_files import Release
from sphinx_postmortem.core.releases.review_sheet import ReviewSheet, make_sheet
from sphinx_postmortem.core.releases.statements import Statement

STATEMENTS = st.lists(st.builds(Statement, st.sampled_from(["text", "row"]), st.sampled_from("abcdefgh")), max_size=9)


def sheet(approved, shown, full, findings=(), written=()) -> ReviewSheet:
    release = Release(tuple(approved))
    return make_sheet(review_page("p", shown, release), "p.md", release, shown, full, findings, written)


def text(number: int, words: str) -> Statement:
    return Statement("text", words, number)


def said(made: ReviewSheet) -> list[tuple[str, str]]:
    return [(line.how, " ".join(piece.text for piece in line.pieces)) for line in made.lines]


@given(STATEMENTS, STATEMENTS, STATEMENTS)
def test_every_line_is_on_the_sheet_once(approved, shown, full):
    made = sheet(approved, shown, full)
    assert made.count("same", "added", "changed") == len(shown)
    assert made.count("same", "removed", "changed") == len(approved)
    assert made.count("hidden") >= len(full) - len(shown)


def test_what_is_hidden_stands_in_its_place():
    full = [text(1, "Title"), text(3, "Secret words"), text(5, "Open words"), text(7, "Last secret")]
    shown = [full[0], full[2]]
    assert said(sheet(shown, shown, full)) == [
        ("same", "Title"),
        ("hidden", "Secret words"),
        ("same", "Open words"),
        ("hidden", "Last secret"),
    ]


def test_a_row_with_hidden_columns_is_not_hidden():
    full = [Statement("row", "1 | event of that night | secret"), Statement("row", "2 | other thing | secret")]
    shown = [Statement("row", "1 | event of that night")]
    assert [how for how, _ in said(sheet(shown, shown, full))] == ["same", "hidden"]


def test_words_that_changed_are_told_apart():
    made = sheet([text(1, "open since May")], [text(1, "closed since May")], [text(1, "closed since May")])
    assert [(piece.how, piece.text) for piece in made.lines[0].pieces] == [
        ("removed", "open"),
        ("added", "closed"),
        ("same", "since May"),
    ]


def test_findings_stand_beside_their_line_with_what_they_quote_marked():
    shown = [text(1, "Title"), text(3, "Seen from 10.0.0.7 at night"), text(9, "End")]
    finding = Finding("executive-ip", "error", "the IP address 10.0.0.7 in text", "p.md", 4)
    made = sheet(shown, shown, shown, [finding])
    assert [line.number for line in made.lines if line.findings] == [3]
    assert [piece.text for piece in made.lines[1].pieces if piece.is_found] == ["10.0.0.7"]
    assert not made.is_quiet


def test_a_finding_about_a_row_is_placed_by_the_words_of_its_line():
    rows = [Statement("row", f"A{n} | Do thing {n} | ops", 10) for n in range(1, 5)]
    written = [""] * 12 + ["| A1 | Do thing 1 | ops |", "| A2 | Do thing 2 | ops |"]
    made = sheet(rows, rows, rows, [Finding("action-due", "warning", "no date", "p.md", 14)], written)
    assert [line.pieces[0].text for line in made.lines if line.findings] == ["A2 | Do thing 2 | ops"]


def test_findings_about_hidden_lines_are_left_out_and_those_about_the_page_are_not():
    full = [text(1, "Title"), text(3, "Secret")]
    hidden, general = (Finding("code", "error", "message", "p.md", line) for line in (3, 0))
    made = sheet(full[:1], full[:1], full, [hidden, general])
    assert made.findings == [general]


def test_many_lines_that_nobody_changed_are_folded():
    shown = [text(n, f"Line {n}") for n in range(1, 20)]
    folded = [run for run in sheet(shown, shown, shown).runs if run.is_folded]
    assert [len(run.lines) for run in folded] == [15]
