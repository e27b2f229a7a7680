"""Front matter is YAML; what cannot be read is a fault with a line, and never stops the reader."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.reader import read_page


def test_entries_have_lines_whatever_the_form():
    page = read_page(
        "---\ntitle: A\npostmortem-checks: # why\n  blame-word: off\n  'secret': \"note\"\n---\n", markdown=True
    )
    assert [(entry.name, entry.value, entry.line) for entry in page.front_matter.below("postmortem-checks")] == [
        ("blame-word", "off", 4),
        ("secret", "note", 5),
    ]
    page = read_page("---\npostmortem-waived: [Technical details,\n  Timeline]\n---\n", markdown=True)
    assert [(entry.name, entry.line) for entry in page.front_matter.below("postmortem-waived")] == [
        ("Technical details", 2),
        ("Timeline", 3),
    ]


FAULTS = {
    "same key twice": ("---\na: 1\nb: 2\na: 3\n---\n", 4),
    "no mapping": ("---\n- a\n- b\n---\n", 2),
    "a sentence": ("---\njust words\n---\n", 2),
    "tab": ("---\na:\n\tb: 1\n---\n", 3),
    "bracket that never closes": ("---\na: [1, 2\n---\n", 2),
    "never closed": ("---\na: 1\n\n# Page\n", 1),
    "unknown alias": ("---\na: *b\n---\n", 2),
    "deep": ("---\na: " + "[" * 3000 + "\n---\n", 2),
}


@pytest.mark.parametrize(("text", "line"), FAULTS.values(), ids=FAULTS)
def test_what_is_no_mapping_is_a_fault(text, line):
    faults = read_page(text, markdown=True).faults
    assert [(fault.code, fault.line) for fault in faults if fault.code == "broken-front-matter"] == [
        ("broken-front-matter", line)
    ]


def test_an_alias_of_itself_ends():
    page = read_page("---\na: &a\n  b: *a\n---\n", markdown=True)
    assert page.front_matter.entries[0].name == "a"


def test_a_rule_below_front_matter_does_not_begin_another():
    page = read_page("---\na: 1\n---\n---\n\n:::{root-cause}\nWhy.\n:::\n\n---\n", markdown=True)
    assert [directive.line for directive in page.directives] == [6]
