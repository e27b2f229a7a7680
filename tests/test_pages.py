"""What pages have on top of the plain output: banner, gaps of the edition, links to rows."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

PAGE = """\
# Page

:::{incident-summary} SEC-2026-001
A summary.
:::

:::{timeline}
| Time (UTC)       | Event | Audience |
|------------------|-------|----------|
| 2026-03-02 01:00 | First |          |
| 2026-03-02 01:10 | Inner | internal |
| 2026-03-02 01:30 | Last  |          |
:::
"""


def test_gap_is_derived_from_the_rows_that_the_edition_shows(site):
    pages = site({"index.md": PAGE})
    internal, leadership = pages.build("internal").read("index.html"), pages.build("leadership").read("index.html")
    assert "+10 min" in internal
    assert "+20 min" in internal
    assert "+30 min" in leadership
    assert "+10 min" not in leadership


def test_gap_and_phase_stand_in_the_text_output_too(site):
    page = PAGE.replace("First", "Alert detected")
    text = site({"index.md": page}).build("leadership", "text").read("index.txt")
    assert "+30 min" in text
    assert "Detection" in text


def test_banner_names_the_edition_and_can_be_turned_off(site):
    pages = site({"index.md": PAGE})
    assert "Edition: public" in pages.build("public").read("index.html")
    own = pages.build("public", postmortem_edition_banner="For <{edition}> eyes").read("index.html")
    assert "For &lt;public&gt; eyes" in own
    off = pages.build("public", postmortem_edition_banner="").read("index.html")
    assert "pm-edition" not in off


def test_first_cell_with_a_link_of_its_own_is_not_linked_again(site):
    table = "| Action | Owner |\n|---|---|\n| See [us](https://example.com) | sre |\n| Plain | sre |\n"
    html = site(
        {"index.md": f"# P\n\n:::{{incident-summary}} A-1\nx\n:::\n\n:::{{action-table}}\n{table}:::\n"}
    ).build()
    text = html.read("index.html")
    assert text.count("pm-anchor") == 1
    assert 'href="https://example.com"' in text


def test_printed_sheets_bear_the_label_of_the_incident(site):
    summary = ":::{incident-summary} SEC-1\n:tlp: AMBER+STRICT\n\nText.\n:::\n"
    built = site({"index.md": "# P\n\n```{toctree}\nx\n```\n", "x.md": f"# X\n\n{summary}"}).build()
    assert '@top-right{content:"TLP:AMBER+STRICT";' in built.read("x.html")
    assert "@top-right" not in built.read("index.html")


def test_wrong_phases_are_told(site):
    with pytest.raises(ExtensionError, match="postmortem_phases"):
        site({"index.md": "# P\n"}).build(postmortem_phases=["Detection"])
