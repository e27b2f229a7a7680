"""reStructuredText is read as docutils reads it: what runs is a directive, what does not run is none."""

from __future__ import annotations

import textwrap

import pytest

from sphinx_postmortem.core.reader import Directive, SourcePage, read_page


def read(text: str) -> SourcePage:
    return read_page(text, markdown=False)


def only(page: SourcePage) -> Directive:
    (directive,) = page.directives
    return directive


TABLE = ".. timeline::\n\n   | Time (UTC) | Event |\n   |---|---|\n   | unknown | Alert detected |\n"


def indent(width: int) -> str:
    return textwrap.indent(TABLE, " " * width)


NOT_RUN = {
    "comment": f"..\n{indent(3)}",
    "comment with text": f".. A draft:\n\n{indent(3)}",
    "literal block": f"A sample::\n\n{indent(4)}",
    "quoted literal": "A sample::\n\n" + "".join(f"> {line}\n" for line in TABLE.splitlines() if line),
    "code": f".. code-block:: rst\n\n{indent(3)}",
    "second line of a paragraph": f"Text\n{TABLE}",
    "session of an interpreter": ">>> text\n.. timeline::\n",
    "definition of a substitution": ".. |mark| replace:: timeline\n",
}
RUN = {
    "plain": TABLE,
    "long name": TABLE.replace("timeline", "postmortem:timeline"),
    "upper case": TABLE.replace("timeline", "Timeline"),
    "space before the colons": TABLE.replace("timeline::", "timeline ::"),
    "in a list": "- " + indent(2).lstrip(),
    "in a list, below its text": f"- Times:\n\n{indent(2)}",
    "in a numbered list": "1. " + indent(3).lstrip(),
    "in a quote": f"Text.\n\n{indent(4)}",
    "in a definition": f"Term\n{indent(3)}",
    "in a field": f":field: text\n\n{indent(3)}",
    "in a footnote": f".. [1] Times.\n\n{indent(3)}",
    "in another's directive": f".. note::\n\n{indent(3)}",
    "right below another's directive": f".. note::\n{indent(3)}",
    "after a comment": f".. A comment\n   of two lines.\n\n{TABLE}",
    "after an empty comment": f"..\n\n{TABLE}",
    "with tabs": TABLE.replace("   |", "\t|"),
}


@pytest.mark.parametrize("text", NOT_RUN.values(), ids=NOT_RUN)
def test_what_does_not_run_is_no_directive(text):
    assert read(text).directives == []


@pytest.mark.parametrize("text", RUN.values(), ids=RUN)
def test_what_runs_is_a_directive_with_the_lines_of_its_rows(text):
    page = read(text)
    directive = only(page)
    assert directive.name == "timeline"
    assert [line.text for line in directive.body] == [line.strip() for line in TABLE.splitlines()[2:]]
    assert all(line.text in page.lines[line.number - 1] for line in directive.body)
    assert "timeline" in page.lines[directive.line - 1].casefold()


def test_argument_options_and_body_are_told_apart():
    text = (
        ".. incident-summary:: SEC-1\n   :date: 2026-03-02\n   :customer-impact: Nobody\n      was hit.\n\n   Text.\n"
    )
    directive = only(read(text))
    assert directive.argument == "SEC-1"
    assert {name: (line.text, line.number) for name, line in directive.options.items()} == {
        "date": ("2026-03-02", 2),
        "customer-impact": ("Nobody\nwas hit.", 3),
    }
    assert [(line.number, line.text) for line in directive.body] == [(6, "Text.")]


def test_headings_have_the_level_of_their_underline():
    page = read("====\nPage\n====\n\nOne\n---\n\nText.\n\nTwo\n~~~\n\nThree\n-----\n")
    found = [(heading.level, heading.text, heading.line) for heading in page.headings]
    assert found == [(1, "Page", 2), (2, "One", 5), (3, "Two", 10), (2, "Three", 13)]
    assert [(prose.number, prose.section) for prose in page.prose] == [(8, "One")]


def test_fields_at_the_head_of_a_page_are_its_front_matter():
    page = read(
        "Page\n====\n\n:postmortem-checks: blame-word: off, secret: note\n\nText.\n\n:postmortem-checks: x: off\n"
    )
    assert [(entry.name, entry.value, entry.line) for entry in page.front_matter.below("postmortem-checks")] == [
        ("blame-word", "off", 4),
        ("secret", "note", 4),
    ]
