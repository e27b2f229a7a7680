"""What a PDF makes of a summary's fields and of the order of actions, without a build."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from docutils import nodes

from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.pdf.kinds.interview import title_without_dates
from sphinx_postmortem.sphinx_ext.pdf.summary_layout import figures, lay_out_summaries
from sphinx_postmortem.sphinx_ext.tree import every


def cells_of(tree: nodes.Element) -> list[list[list[str]]]:
    """Return the texts of each row of the tables in a tree, by cell and paragraph."""
    return [
        [[block.astext() for block in cell.children] for cell in every(row, nodes.entry)]
        for row in every(tree, nodes.row)
    ]


def laid_out(*parts: nodes.Node) -> nodes.section:
    tree = nodes.section("", *parts)
    lay_out_summaries(tree)
    return tree


def test_facts_stand_in_one_line_without_their_names():
    facts = output.fields(
        [("Severity", [output.paragraph("SEV-1")]), ("Type", [output.paragraph("Security")])], "pm-facts"
    )
    assert cells_of(laid_out(facts)) == [[["SEV-1"], ["Security"]]]


def test_impacts_stand_three_in_a_row():
    kinds = [(f"Impact {number}", [output.paragraph(f"text {number}")]) for number in range(12)]
    rows = cells_of(laid_out(output.fields(kinds, "pm-impacts")))
    assert [len(row) for row in rows] == [3, 3, 3, 3]
    assert rows[3][2] == ["Impact 11", "text 11"]


def test_a_long_impact_keeps_its_line_to_itself():
    kinds = [("Customer impact", [output.paragraph("word " * 60)]), ("Other", [output.paragraph("none")])]
    tree = laid_out(output.fields(kinds, "pm-impacts"))
    assert cells_of(tree) == []
    assert "Customer impact" in tree.astext()


def test_a_time_stands_above_what_it_is():
    times = [("Time to contain", [output.duration("Alert detected to Contained", "54 min")])]
    times += [("Time to recover", [output.duration("Alert detected to Recovered", "unknown")])]
    tree = laid_out(output.fields(times, "pm-times"))
    assert cells_of(tree)[0][0] == ["54 min", "Time to contain", "Alert detected to Contained"]
    assert [each["classes"] for each in every(tree, nodes.paragraph) if each.astext() in ("54 min", "unknown")] == [
        ["postmortem-figure"],
        [],
    ]


@pytest.mark.parametrize(("count", "in_rows"), [(5, [5]), (6, [3, 3]), (7, [4, 4])])
def test_figures_stand_at_most_five_in_a_row_and_as_many_in_each(count, in_rows):
    rows = cells_of(nodes.section("", *figures([(f"of {number}", str(number)) for number in range(count)])))
    assert [len(row) for row in rows] == in_rows
    assert rows[0][0] == ["0", "of 0"]


def row(text: str, *classes: str, late: bool = False) -> output.TableRow:
    return output.TableRow([[nodes.Text(text)], [output.overdue_text(3)] if late else []], "", classes)


def test_what_is_overdue_comes_first_and_what_is_done_last():
    rows = [row("A1", "pm-done"), row("A2"), row("A3", late=True), row("A4"), row("A5", "pm-done")]
    tree = laid_out(output.table(["ID", "Due"], rows, ["pm-actions"], [1, 1]))
    assert [cells[0] for cells in cells_of(tree)[1:]] == [["A3"], ["A2"], ["A4"], ["A1"], ["A5"]]


def test_a_list_keeps_the_order_that_it_was_asked_for():
    rows = [row("A1"), row("A2", late=True)]
    tree = laid_out(output.table(["ID", "Due"], rows, ["pm-actions", "pm-list"], [1, 1]))
    assert [cells[0] for cells in cells_of(tree)[1:]] == [["A1"], ["A2"]]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Outage of March 2026", "Outage"),
        ("Outage in 2024: the queue filled", "Outage: the queue filled"),
        ("Outage (14:30 UTC)", "Outage"),
        ("Outage on 2026-03-03", "Outage on day 1"),
        ("March 2026", "[date withheld]"),
        ("No date at all", "No date at all"),
    ],
)
def test_a_title_in_an_interview_has_no_holes(title, shown):
    assert title_without_dates(title, datetime(2026, 3, 2, tzinfo=UTC)) == shown
