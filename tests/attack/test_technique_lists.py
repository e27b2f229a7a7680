"""Lists of techniques, and lists that are filtered by them."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.event_fields import EVENT_LIST
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import read_query, unknown_names
from sphinx_postmortem.core.lists.query import Facts, ListKind, select
from sphinx_postmortem.core.lists.technique_fields import TECHNIQUES, by_tactic, choose_techniques
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Incident, PageRecords

SEVERITIES = ("SEV-1", "SEV-2")
PAGES = {
    "a": PageRecords(
        (Incident("A", "a", severity="SEV-1", techniques=("T1078.004", "T1562.001")),),
        (Event("A", "a", None, "Guessed", techniques=("T1110.003",)),),
        (Action("A", "a", "A1", "Second factor", techniques=("T1110",)),),
    ),
    "b": PageRecords(
        (Incident("B", "b", severity="SEV-2", techniques=("T1078.004", "T9999")),),
        (),
        (Action("B", "b", "B1", "Watch one way", techniques=("T1078.001",)),),
    ),
}
FACTS = Facts(KnowledgeBase(PAGES), None, (), SEVERITIES)


def chosen(kind: ListKind, **options: str) -> list:
    return list(select(read_query(options, kind, SEVERITIES), kind, FACTS).rows)


def techniques(**options: str) -> list[str]:
    query = read_query({name.replace("_", "-"): value for name, value in options.items()}, TECHNIQUES, SEVERITIES)
    return [each.id for each in choose_techniques(query, FACTS)[0]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("T1078", ["B", "A"]), ("t1110", ["A"]), ("T1110.003", ["A"]), ("T1078/004", ["B", "A"]), ("T1566", [])],
)
def test_incidents_are_found_by_technique_wherever_it_is_named(wanted, found):
    assert [each.id for each in chosen(INCIDENTS, technique=wanted)] == found


def test_events_and_actions_are_found_by_technique():
    assert [each.text for each in chosen(EVENT_LIST, technique="T1110")] == ["Guessed"]
    assert [each.local_id for each in chosen(ACTIONS, technique="T1078")] == ["B1"]


def test_a_technique_that_does_not_exist_is_named_and_one_that_nobody_met_is_not():
    def messages(technique: str) -> list[str]:
        return unknown_names(read_query({"technique": technique}, INCIDENTS, SEVERITIES), INCIDENTS, FACTS)

    assert messages("T1566") == messages("T9999") == []
    assert messages("T0000")[0].startswith('`:technique:` does not know "t0000"; write one of T1078.004')


def test_the_most_frequent_technique_comes_first_with_its_incidents():
    found, left_out = choose_techniques(read_query({"limit": "1"}, TECHNIQUES, SEVERITIES), FACTS)
    assert [(each.id, [i.id for i in each.incidents]) for each in found] == [("T1078.004", ["B", "A"])]
    assert left_out == 3


def test_an_action_answers_a_technique_and_its_sub_techniques_but_not_its_kin():
    assert techniques(answered="yes") == ["T1110.003"]
    assert techniques(answered="no") == ["T1078.004", "T1562.001", "T9999"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"severity": "SEV-2"}, ["T1078.004", "T9999"]),
        ({"incident": "A", "technique": "T1078"}, ["T1078.004"]),
        ({"tactic": "Credential Access"}, ["T1110.003"]),
        ({"tactic": "defense-impairment"}, ["T1562.001"]),
    ],
)
def test_techniques_are_filtered_by_their_own_fields_and_by_those_of_incidents(options, found):
    assert techniques(**options) == found


def test_groups_stand_in_the_order_of_the_matrix_and_revoked_techniques_under_their_successors_tactic():
    groups = by_tactic(choose_techniques(read_query({}, TECHNIQUES, SEVERITIES), FACTS)[0], FACTS.attack)
    assert list(groups) == [
        *("Initial Access", "Persistence", "Privilege Escalation", "Stealth", "Defense Impairment"),
        *("Credential Access", "Without a tactic"),
    ]
    assert [each.id for each in groups["Defense Impairment"]] == ["T1562.001"]


PAGE = """# SEC-1

:::{incident-summary} SEC-1
:status: closed
:attack: T1078.004

Text.
:::

:::{timeline}
| Time (UTC) | Event | ATT&CK | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | ROW | AUDIENCE |

:::

:::{action-table}
| ID | Action | Owner | ATT&CK |
|---|---|---|---|
| A1 | Second factor | appsec | T1078 |

:::
"""
LISTS = """# Lists

:::{technique-list}
:::

:::{technique-list}
:layout: matrix
:::

:::{technique-list}
:layout: by-tactic
:tactic: credential-access
:none: Nothing here.
:::

:::{incident-list}
:technique: T1110
:columns: id, techniques
:none: No such incident.
:::

```{toctree}
sec-1
```
"""


def page(row: str, audience: str = "") -> str:
    return PAGE.replace("ROW", row).replace("AUDIENCE", audience)


def test_lists_stand_on_pages_and_are_written_again_when_a_row_changes(site):
    built = site({"index.md": LISTS, "sec-1.md": page("T1110")})
    html = built.build().read("index.html")
    assert html.count("</a> Brute Force") == 3
    assert "</a> Cloud Accounts (1)" in html
    assert 'href="sec-1.html#pm-action-sec-1-a1"' in html
    built.write({"sec-1.md": page("T1566")})
    html = built.build(keep=True).read("index.html")
    assert "Brute Force" not in html
    assert "</a> Phishing (1)" in html
    assert "No such incident." in html
    assert "Nothing here." in html


def test_lists_of_an_edition_are_as_if_a_hidden_row_were_not_there(site):
    built = site({"index.md": LISTS, "sec-1.md": page("T1110", "internal")})
    hidden = built.build("public").read("index.html")
    built.write({"sec-1.md": page("T1566", "internal")})
    assert built.build("public").read("index.html") == hidden
    assert "Brute Force" not in hidden
