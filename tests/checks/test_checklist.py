"""The directive ``closure-checklist`` in real builds."""

from __future__ import annotations

from itertools import product

import pytest
from docutils import nodes

CASES = list(product([True, False], repeat=4))
HEAD = "# T\n\n:::{incident-summary} SEC-1\nText.\n:::\n\n"
CAUSE = ":::{root-cause}\nUploads were not compared with tags.\n:::\n\n"
ACTIONS = ":::{action-table}\n| ID | Action | Owner | Due date |\n|---|---|---|---|\n| A1 | Compare tags | appsec | 2026-03-20 |\n:::\n\n"
LIST = ":::{closure-checklist}\n:lessons: Presented to all teams on 2026-04-22\n:::\n"
PAGE = HEAD + CAUSE + ACTIONS + "## Closure criteria\n\n" + LIST


def table_of(built, docname="index"):
    table = next(t for t in built.doctree(docname).findall(nodes.table) if "pm-closure" in t["classes"])
    rows = [[entry.astext() for entry in row.children] for row in table.findall(nodes.row)]
    return rows[1:]


def test_each_criterion_is_shown_with_its_evidence(site):
    rows = table_of(site({"index.md": PAGE}).build())
    assert [row[1] for row in rows] == ["met"] * 4
    assert [row[2] for row in rows] == [
        "Root cause, on this page",
        "1 action, with an owner",
        "1 action, with a due date",
        "Presented to all teams on 2026-04-22",
    ]


def test_the_internal_edition_says_what_is_missing(site):
    page = HEAD + ACTIONS.replace("appsec", "") + LIST.replace(" on 2026-04-22", " soon")
    rows = table_of(site({"index.md": page}).build())
    assert [row[1] for row in rows] == ["not met", "not met", "met", "not met"]
    assert rows[1][2] == "The action A1 has no owner"


@pytest.mark.parametrize("case", CASES)
def test_builds_judge_all_cases_as_the_checks_do(site, case):
    cause, owner, due, lessons = case
    text = HEAD + (CAUSE if cause else "")
    text += ACTIONS.replace("appsec", "appsec" if owner else "").replace("2026-03-20", "2026-03-20" if due else "")
    text += "## Closure criteria\n\n:::{closure-checklist}\n:::\n\n- Lessons shared: "
    rows = table_of(site({"index.md": text + ("met 2026-04-22\n" if lessons else "not met\n")}).build(builder="dummy"))
    assert tuple(row[1] == "met" for row in rows) == case


@pytest.mark.parametrize("edition", ["leadership", "public"])
def test_a_filtered_edition_judges_by_what_it_shows(site, edition):
    hidden = "::::{internal-only}\n" + CAUSE + "::::\n\n"
    page = HEAD + hidden + ACTIONS + LIST
    rows = table_of(site({"index.md": page}).build(edition))
    assert rows[0][1:] == ["not stated", "Not shown in this edition"]
    assert [row[1] for row in rows[1:]] == ["met"] * 3


def test_a_filtered_edition_is_that_of_a_page_without_the_hidden_part(site):
    hidden = "::::{internal-only}\n" + CAUSE + "::::\n\n"
    one = site({"index.md": HEAD + hidden + ACTIONS + LIST}, folder="one").build("leadership")
    other = site({"index.md": HEAD + ACTIONS + LIST}, folder="other").build("leadership")
    assert one.read("index.html") == other.read("index.html")


def test_builders_that_merge_pages_judge_each_page_alone(site):
    second = HEAD.replace("SEC-1", "SEC-2") + ACTIONS + LIST
    files = {"index.md": PAGE + "\n```{toctree}\nb\n```\n", "b.md": second}
    html = site(files).build(builder="singlehtml").read("index.html")
    assert html.count("not met") == 1
    assert html.count("Root cause, on this page") == 1


def test_the_checks_know_the_checklists_statement(site):
    from sphinx_postmortem.core.checks import Settings, check_page
    from sphinx_postmortem.core.checks.closure import closure_criteria

    settings = Settings()
    assert all(item.is_met for item in closure_criteria(check_page("p.md", PAGE, settings), settings))
    later = PAGE.replace("Presented to", "To be presented to")
    assert not closure_criteria(check_page("p.md", later, settings), settings)[3].is_met


def test_it_works_in_restructuredtext(site):
    text = "T\n=\n\n.. incident-summary:: SEC-1\n\n   Text.\n\n.. closure-checklist::\n   :lessons: shared 2026-04-22\n\n   More.\n"
    built = site({"index.rst": text}).build()
    assert [row[1] for row in table_of(built)] == ["not met"] * 3 + ["met"]
    assert "More." in built.read("index.html")
