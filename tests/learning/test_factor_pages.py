"""Factors, fixes and repeats on small real sites: what pages show, to whom, and when they are written again."""

from __future__ import annotations

import re

import pytest

CONF = (
    'postmortem_today = "2026-06-01"\n'
    'postmortem_factors = {"no-probe": {"kind": "Monitoring", "words": "No probe", "definition": "Nothing looked.", '
    '"formerly": ["probe"]}}\n'
)


def incident(number: int, day: str, *, tag: str = "[no-probe]", row: str = "", more: str = "", head: str = "") -> str:
    return f"""{head}# Incident {number}

:::{{incident-summary}} SEC-{number}
:date: {day}
:severity: SEV-1
:status: closed
:tlp: CLEAR
{more}
Text.
:::

:::{{contributing-factors}}
- **Monitoring** {tag}: sentence {number}.
:::

:::{{action-table}}
| ID | Action | Owner | Due date | Status | Addresses |
|----|--------|-------|----------|--------|-----------|
{row}
:::
"""


ONE = incident(1, "2026-01-01", row="| A1 | Probe it | ops | 2026-01-10 | done | probe |")
TWO = incident(
    2, "2026-03-01", more=":repeats: SEC-1\n", row="| A1 | Probe more | ops | 2026-08-01 | open | No probe |"
)
INDEX = """# T

```{toctree}
:glob:

*
```
"""
LISTS = "# Factors\n\n:::{factor-list}\n:layout: details\n:::\n"
PAGES = {
    "index.md": INDEX,
    "one.md": ONE,
    "two.md": TWO,
    "factors.md": LISTS,
    "ops.md": "# Ops\n\n:::{actions-by-owner}\n:owner: ops\n:::\n",
    "numbers.md": "# N\n\n:::{incident-metrics}\n:show: actions\n:no-chart:\n:::\n\n:::{factor-list}\n:::\n",
}


def test_what_a_site_shows_of_a_factor_that_came_back(site):
    built = site(PAGES, CONF).build()
    factors = built.words("factors")
    assert "Nothing looked. 2 incidents, the last on 2026-03-01. Days from one to the next: 59. " in factors
    assert "sentence 1." in factors
    assert "sentence 2." in factors
    assert "no: again in SEC-2" in factors
    sentence = 'SEC-1/A1 (done, and due on 2026-01-10) was against "No probe", which contributed again to SEC-2'
    for page in ("one", "two", "ops"):
        assert sentence in built.words(page), page
    assert "Followed by SEC-2: Incident 2" in built.words("one")
    assert "Repeat of SEC-1: Incident 1" in built.words("two")
    assert "1 of 1 closed actions against a contributing factor" in built.words("numbers")
    html = built.read("one.html")
    assert 'href="factors.html#pm-factor-no-probe"' in html
    assert re.search(r"Monitoring</strong>\s*<span[^>]*>\(<a", html)
    assert 'href="factors.html#pm-factor-no-probe"' in built.read("numbers.html")


@pytest.mark.parametrize(
    "two", [f"---\naudience: internal\n---\n{TWO}", TWO.replace(":status: closed", ":status: draft")]
)
def test_an_edition_knows_nothing_of_an_incident_that_it_hides(site, two):
    with_it = site({**PAGES, "two.md": two}, CONF, "with").build("public")
    without = site({name: text for name, text in PAGES.items() if name != "two.md"}, CONF, "without").build("public")
    assert with_it.contents() == without.contents()
    assert "again" not in with_it.words("one")


def test_an_incident_that_repeats_a_hidden_one_does_not_name_it(site):
    hidden = incident(1, "2026-01-01", head="---\naudience: internal\n---\n")
    pages = {**PAGES, "one.md": hidden}
    built = site(pages, CONF).build("public")
    assert b"SEC-1" not in built.all_bytes()


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        ("two.md", "[no-probe]", "[other]"),
        ("two.md", ":date: 2026-03-01", ":date: 2026-01-05"),
        ("one.md", "| done |", "| open |"),
        ("two.md", ":repeats: SEC-1", ":repeats: SEC-3"),
        ("one.md", "# Incident 1", "# Another title"),
        ("factors.md", ":layout: details", ":layout: table"),
    ],
)
def test_an_edit_leaves_no_stale_page(site, page, old, new):
    source = site(PAGES, CONF)
    source.build()
    source.edit(page, old, new)
    again = source.build(keep=True)
    fresh, kept = source.build().contents(), again.contents()
    fresh.pop("searchindex.js"), kept.pop("searchindex.js")  # Sphinx keeps words there that no page has any more.
    assert kept == fresh


def test_an_edit_of_a_sentence_writes_its_page_and_the_lists(site):
    source = site({**PAGES, "three.md": incident(3, "2026-02-01", tag="")}, CONF)
    source.build()
    source.edit("two.md", "sentence 2.", "another sentence.")
    again = source.build(keep=True, progress=True)
    said = re.sub(r"\x1b\[[0-9;]*m", "", again.app.status.getvalue())
    written = set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", said))
    assert written == {"index", "two", "factors", "numbers", "one"}  # "one" is repeated by "two"


def test_a_role_stands_in_for_a_name_in_the_words_of_a_factor(site):
    conf = CONF.replace("Nothing looked.", "Kim did not look.") + 'postmortem_pseudonyms = {"Kim": "the responder"}\n'
    built = site(PAGES, conf).build("public")
    assert "The responder did not look" in built.words("factors")
    assert b"Kim" not in built.all_bytes()


def test_a_site_without_a_vocabulary_keeps_brackets_as_text(site):
    built = site(PAGES).build()
    assert "Monitoring [no-probe]: sentence 1." in built.words("one")
    assert "No probe" not in built.words("factors")
