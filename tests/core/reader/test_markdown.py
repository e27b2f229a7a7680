"""Markdown is read as MyST reads it: what runs is a directive, what does not run is none."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.reader import Directive, SourcePage, read_page


def read(text: str) -> SourcePage:
    return read_page(text, markdown=True)


def only(page: SourcePage) -> Directive:
    (directive,) = page.directives
    return directive


TABLE = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| unknown | Alert detected |\n:::\n"
NOT_RUN = {
    "comment": f"<!--\n{TABLE}-->\n",
    "line comment": "".join(f"% {line}\n" for line in TABLE.splitlines()),
    "indented sample": "A sample:\n\n" + "".join(f"    {line}\n" for line in TABLE.splitlines()),
    "code": f"```md\n{TABLE}```\n",
    "code with tildes": f"~~~\n{TABLE}~~~\n",
    "code directive": f"```{{code-block}} md\n{TABLE}```\n",
    "sample in a list": "- A sample:\n\n" + "".join(f"      {line}\n" for line in TABLE.splitlines()),
    "block of HTML": f"<div>\n{TABLE}</div>\n",
    "front matter": f"---\nabout: |\n  {TABLE.splitlines()[0]}\n---\n",
}


@pytest.mark.parametrize("text", NOT_RUN.values(), ids=NOT_RUN)
def test_what_does_not_run_is_no_directive(text):
    assert read(text).directives == []


RUN = {
    "plain": TABLE,
    "backticks": TABLE.replace(":::", "```"),
    "tildes": TABLE.replace(":::", "~~~"),
    "long name": TABLE.replace("{timeline}", "{postmortem:timeline}"),
    "upper case": TABLE.replace("{timeline}", "{Timeline}"),
    "in a list": "- Times:\n\n" + "".join(f"  {line}\n" for line in TABLE.splitlines()),
    "in a quote": "".join(f"> {line}\n" for line in TABLE.splitlines()),
    "in a plain block of colons": f"::::\n{TABLE}::::\n",
    "in another's directive": f"::::{{note}}\n{TABLE}::::\n",
    "in a footnote": "[^1]: Times.\n\n" + "".join(f"    {line}\n" for line in TABLE.splitlines()),
    "after a comment": f"<!-- a comment -->\n{TABLE}",
    "right below a paragraph": f"Times:\n{TABLE}",
}


@pytest.mark.parametrize("text", RUN.values(), ids=RUN)
def test_what_runs_is_a_directive_with_the_lines_of_its_rows(text):
    page = read(text)
    directive = only(page)
    assert directive.name == "timeline"
    assert [line.text for line in directive.body] == TABLE.splitlines()[1:-1]
    assert all(line.text in page.lines[line.number - 1] for line in directive.body)
    assert "timeline" in page.lines[directive.line - 1].casefold()


def test_a_directive_says_what_it_stands_in():
    page = read("::::{internal-only}\n:::{note}\nText.\n:::\n::::\n")
    note = page.blocks[1]
    assert (note.name, [block.name for block in note.within]) == ("note", ["internal-only"])
    assert (note.line, note.end, [line.number for line in note.body]) == (2, 4, [3])


def test_options_of_both_forms_have_the_lines_of_their_names():
    colons = only(read(":::{incident-summary} SEC-1\n:date: 2026-03-02\n:tlp: AMBER # for now\n\nText.\n:::\n"))
    assert {name: (line.text, line.number) for name, line in colons.options.items()} == {
        "date": ("2026-03-02", 2),
        "tlp": ("AMBER # for now", 3),
    }
    assert [line.number for line in colons.body] == [5]
    yaml = only(
        read(':::{incident-summary} SEC-1\n---\ncustomer-impact: >\n  Nobody\n  was hit.\ntlp: "RED"\n---\nA.\n:::\n')
    )
    assert {name: (line.text, line.number) for name, line in yaml.options.items()} == {
        "customer-impact": ("Nobody was hit.", 3),
        "tlp": ("RED", 6),
    }
    assert (yaml.argument, [line.number for line in yaml.body]) == ("SEC-1", [8])


def test_text_beside_the_name_of_a_directive_without_argument_is_its_first_line():
    directive = only(read(":::{root-cause} Tokens did not end.\nMore.\n:::\n"))
    assert [(line.number, line.text) for line in directive.body] == [(1, "Tokens did not end."), (2, "More.")]


def test_a_directive_that_never_ends_is_a_fault():
    page = read("Text.\n\n:::{timeline}\n| a |\n")
    assert [(fault.code, fault.line) for fault in page.faults] == [("malformed-table", 3)]
    assert not only(page).is_closed


def test_eval_rst_is_read_as_restructuredtext():
    page = read("# Page\n\n```{eval-rst}\n.. action-table::\n\n   | ID | Action |\n   |----|--------|\n```\n")
    directive = only(page)
    assert (directive.name, directive.line, [line.number for line in directive.body]) == ("action-table", 4, [6, 7])
    assert [block.name for block in directive.within] == ["eval-rst"]


def test_headings_of_both_forms_are_the_sections_of_the_prose_below():
    page = read("# One\n\nA.\n\nTwo\n---\n\nB.\n")
    assert [(heading.level, heading.text, heading.line) for heading in page.headings] == [(1, "One", 1), (2, "Two", 5)]
    assert [(prose.number, prose.section) for prose in page.prose] == [(3, "One"), (8, "Two")]


def test_comments_and_code_are_no_prose():
    page = read("A.\n\n<!-- one\n\ntwo -->\n\n% three\n\n```\ncode\n```\n\n    code\n")
    assert [prose.text for prose in page.prose] == ["A."]
    assert sorted(page.comments) == [("", 3), ("", 4), ("", 5), ("", 7)]
    assert sorted(page.code) == [("", 10), ("", 13)]


@pytest.mark.parametrize("syntax", ["deflist", "fieldlist"])
def test_directives_are_found_in_what_the_sites_extensions_add(syntax):
    marker = {"deflist": "Term\n: ", "fieldlist": ":field: "}[syntax]
    text = f"{marker}Text.\n\n  :::{{root-cause}}\n  Why.\n  :::\n"
    assert only(read_page(text, markdown=True, markdown_syntax=frozenset([syntax]))).line == len(text.splitlines()) - 2


def test_a_pages_own_list_of_extensions_takes_the_place_of_the_sites():
    head = "---\nmyst:\n  enable_extensions: [deflist]\n---\n"
    assert read(head + TABLE).directives == []
    assert only(read(head + "Term\n: Text.\n\n  ```{root-cause}\n  Why.\n  ```\n")).name == "root-cause"


def test_lines_that_no_editor_shows_are_divided_in_directives_as_myst_divides_them():
    directive = only(read("Text\u2028and more.\n\n:::{timeline}\n| a |\u2028| b |\n:::\n"))
    assert [(line.number, line.text) for line in directive.body] == [(4, "| a |"), (4, "| b |")]
