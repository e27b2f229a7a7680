"""A marking that names nobody, or cannot be read, is found by ``check``: no build is needed to learn of it."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

TABLE = (
    ":::{{timeline}}\n{}| Time (UTC) | Event | {} |\n|---|---|---|\n| 2026-03-02 01:14 | Alert detected | {} |\n:::\n"
)
SLIPS = {
    "front matter": ("---\naudience: intrenal\n---\n# T\n", "unknown-audience", 2),
    "an indented key": ("---\n audience: internal\n---\n# T\n", "broken-marking", 2),
    "a block": ("# T\n\n:::{audience} leadrship\nText.\n:::\n", "unknown-audience", 3),
    "an option": (":::{root-cause}\n:audience: everybody\n\nText.\n:::\n", "unknown-audience", 2),
    "a row": (TABLE.format("", "Audience", "intrenal"), "unknown-audience", 4),
    "a column's title": (TABLE.format("", "Audiense", "internal"), "broken-marking", 1),
    "a hidden column": (TABLE.format(":internal-columns: Note\n\n", "Notes", "x"), "broken-marking", 1),
    "an inner fence as long as the outer": (
        "# T\n\n:::{internal-only}\n:::{note}\nText.\n:::\n\nMore.\n:::\n",
        "broken-marking",
        3,
    ),
    "a summary without braces": ("# T\n\n:::incident-summary SEC-1\n:status: draft\n:::\n", "broken-marking", 3),
    "a summary with a slip": ("# T\n\n:::{incident-sumary} SEC-1\n:tlp: RED\n\nText.\n:::\n", "broken-marking", 3),
    "a switch in front matter": ("---\nprivate: true\n---\n# T\n", "broken-marking", 2),
}


def test_the_head_of_an_incident_is_no_fault_and_held_back_says_so():
    text = "---\nprivate: true\n---\n# T\n\n:::{incident-summary} SEC-1\n:status: closed\n:tlp: CLEAR\n\nText.\n:::\n"
    findings = run_page(check_page("page.md", text, read_settings({})))
    assert "broken-marking" not in [finding.code for finding in findings]
    assert [finding.line for finding in findings if finding.code == "held-back"] == [6]


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_found_with_its_line(slip):
    text, code, line = SLIPS[slip]
    findings = run_page(check_page("page.md", text, read_settings({})))
    assert (code, line) in [(finding.code, finding.line) for finding in findings]


def test_audiences_are_those_of_the_site():
    settings = read_settings({"audiences": ["responders", "customers"]})
    text = "# T\n\n:::{audience} internal\nText.\n:::\n\n:::{audience} customers\nText.\n:::\n"
    findings = run_page(check_page("page.md", text, settings))
    assert [(finding.code, finding.line) for finding in findings] == [("unknown-audience", 3)]


def test_mend_is_told_in_the_markup_of_the_page():
    text = "T\n=\n\n.. incident-summary:: SEC-1\n   :status: in-review\n\n   Text.\n"
    findings = run_page(check_page("page.rst", text, read_settings({}), markdown=False))
    said = "\n".join(finding.message for finding in findings)
    assert "write `.. timeline::` with a table" in said
    assert ":::" not in said
