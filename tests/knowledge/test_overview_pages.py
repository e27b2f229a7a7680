"""The pages that a reader comes to first: facets, figures, what is overdue, what recurs. All respect the edition."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.conftest import Built, Site

MakeSite = Callable[..., Site]

INDEX = """# Home

:::{incident-overview}
:::

:::{incident-list}
:columns: name, severity, status, date, open-actions
:facets:
:::

:::{actions-by-owner}
:overdue:
:::

:::{factor-list}
:layout: texts
:::

:::{incident-metrics}
:::

```{toctree}
incidents/index
actions
runbooks/stolen
```
"""
ACTIONS = "# Actions\n\n:::{actions-by-owner}\n:overview:\n:::\n\n:::{actions-by-owner}\n:::\n"
CONF = """
postmortem_today = "2026-06-15"
postmortem_runbook_paths = ["runbooks/**"]
postmortem_edition_statuses = {"public": ["draft", "in-review", "closed"]}
"""
HIDDEN = "---\naudience: internal\n---\n"


def incident(
    number: int, *, before: str = "", factor: str = "Monitoring", severity: str = "SEV-2", more: str = ""
) -> str:
    return f"""{before}# Case {number}

:::{{incident-summary}} SEC-{number}
:date: {2026 - number % 3}-0{1 + number % 8}-02
:severity: {severity}
:type: {"Security" if number % 2 else "Availability"}
:status: {"closed" if number % 4 else "in-review"}
:tlp: CLEAR
:runbooks: /runbooks/stolen

Text.
:::

:::{{contributing-factors}}
- **{factor}**: nobody looked at case {number}
:::

## Key takeaways

- Look at case {number}

:::{{action-table}}
| ID | Action | Owner | Due date | Status |
|----|--------|-------|----------|--------|
| A1 | Do {number} | ops | 2026-0{1 + number % 8}-01 | {"open" if number % 2 else "done"} |

:::
{more}"""


def files(count: int = 6, **more: str | None) -> dict[str, str]:
    made = {f"incidents/c{number}.md": incident(number) for number in range(1, count + 1)}
    made |= {f"incidents/{name}.md": text for name, text in more.items()}
    return {
        "index.md": INDEX,
        "actions.md": ACTIONS,
        "runbooks/stolen.md": "# Stolen credential\n\nRevoke it.\n",
        "incidents/index.md": "# Incidents\n\n:::{incident-navigation}\n:::\n",
        **made,
    }


def facets(built: Built, page: str = "incidents/index.html") -> dict[str, list[tuple[str, str]]]:
    """Return the values of each facet with their counts."""
    found: dict[str, list[tuple[str, str]]] = {}
    pattern = r'<input type="checkbox" id="[^"]*" name="([^"]*)" value="([^"]*)">.*?<small>(\d+)</small>'
    for name, value, count in re.findall(pattern, built.read(page)):
        found.setdefault(name.rpartition("-")[2], []).append((value, count))
    return found


def test_facets_count_the_values_of_the_list(site: MakeSite) -> None:
    built = site(files(), CONF).build()
    assert facets(built) == {
        "type": [("Security", "3"), ("Availability", "3")],
        "status": [("in-review", "1"), ("closed", "5")],
        "year": [("2026", "2"), ("2025", "2"), ("2024", "2")],
    }
    page = built.read("incidents/index.html")
    assert page.count("<style>") == 1
    assert "SEC-1" in page[page.index("<table") :]


def test_a_few_incidents_have_no_facets_and_none_a_sentence(site: MakeSite) -> None:
    assert "pm-facets" not in site(files(4), CONF).build().read("incidents/index.html")
    none = site(files(0), CONF, folder="none").build()
    assert "No incidents." in none.read("incidents/index.html")
    assert "Nothing is overdue." in none.read("index.html")


def test_lists_of_one_page_have_facets_of_their_own(site: MakeSite) -> None:
    two = ":::{incident-list}\n:facets:\n:::\n"
    page = {"two.md": f"---\norphan: true\n---\n# Two\n\n{two}\n{two}"}
    text = site({**files(), **page}, CONF).build().read("two.html")
    ids = re.findall(r' id="(pm-f[^"]*)"', text)
    assert len(ids) == len(set(ids)) > 10


def test_only_pages_have_facets(site: MakeSite) -> None:
    text = site(files(), CONF).build(builder="text").read("incidents/index.txt")
    assert "checkbox" not in text
    assert "Case 3" in text


def test_figures_lead_to_what_they_count(site: MakeSite) -> None:
    page = site(files(), CONF).build().read("index.html")
    shown = page[page.index("pm-figures") : page.index("</dl>")]
    figures = re.findall(r"<dt>(.*?)</dt><dd><p>(.*?)</p>", shown.replace("\n", ""))
    plain = [(about, re.sub("<[^>]*>", "", number)) for about, number in figures]
    assert plain == [
        ("incident since 1 April; 0 in the quarter before", "1"),
        ("open actions", "3"),
        ("overdue, the oldest since 1 February 2026", "3"),
        ("postmortem not closed: 1 in review", "1"),
    ]
    assert re.findall(r'href="([^"]*)"', shown) == [
        "incidents/index.html?year=2026",
        "actions.html",
        "actions.html",
        "incidents/index.html?status=in-review",
    ]


def test_overdue_owners_show_what_is_longest_overdue(site: MakeSite) -> None:
    text = site(files(), CONF).build().doctree().astext()
    assert "Do 1" in text
    assert "134 days overdue" in text


def test_runbooks_teach(site: MakeSite) -> None:
    page = re.sub(r"<[^>]*>", "", site(files(), CONF).build().read("runbooks/stolen.html"))
    assert "6 incidents used this runbook. 3 of their actions are overdue." in " ".join(page.split())
    assert "Look at case 2" in page


SECRET = {
    "h1": incident(7, before=HIDDEN, factor="Zqfactor", severity="SEV-4"),
    "h2": incident(8, before=HIDDEN, factor="Zqfactor", severity="SEV-4"),
    "h3": incident(9, before=HIDDEN, factor="Zqfactor", severity="SEV-4"),
}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text"])
def test_hidden_incidents_are_in_no_facet_figure_or_list(site: MakeSite, builder: str) -> None:
    hidden = site(files(5, **SECRET), CONF).build("public", builder)
    never = site(files(5), CONF, folder="never").build("public", builder)
    assert b"Zqfactor" not in hidden.all_bytes()
    assert hidden.all_bytes() == never.all_bytes()


def test_hidden_incidents_do_not_make_a_short_list_one_with_facets(site: MakeSite) -> None:
    made = site(files(4, **SECRET), CONF)
    assert facets(made.build())["severity"] == [("SEV-2", "4"), ("SEV-4", "3")]
    assert facets(made.build("public")) == {}


CHANGES: dict[str, dict[str, str | None]] = {
    "severity": {"incidents/c1.md": incident(1, severity="SEV-1")},
    "action": {"incidents/c1.md": incident(1).replace("| open |", "| done |")},
    "takeaway": {"incidents/c1.md": incident(1).replace("Look at", "Listen to")},
    "title": {"incidents/c1.md": incident(1).replace("# Case", "# New case")},
    "gone": {"incidents/c1.md": None},
    "come": {"incidents/c7.md": incident(7)},
    "runbook": {"runbooks/stolen.md": "# Lost credential\n\nRevoke it.\n"},
}


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_incremental_builds_equal_clean_ones(site: MakeSite, edition: str) -> None:
    for change, again, clean in site(files(), CONF).rebuilds(CHANGES, edition):
        found, expected = again.contents(), clean.contents()
        pages = [name for name in expected if name.endswith(".html")]
        assert (change, [name for name in pages if found[name] != expected[name]]) == (change, [])
