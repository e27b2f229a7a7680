"""Runbooks that were used and did not help, that nobody used, and incidents without one."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import read_query
from sphinx_postmortem.core.lists.query import Facts, select
from sphinx_postmortem.core.lists.runbook_fields import RUNBOOKS
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, WENT_WELL, Incident, PageRecords, Point

TITLES = {"rb/nodes": "Node failure", "rb/token": "Stolen token", "rb/unused": "Lost laptop"}


def facts(text: str, *linked: str, role: str = DID_NOT_GO_WELL, used: tuple[str, ...] = ("rb/nodes",)) -> Facts:
    incident = Incident("A", "a", "", date(2026, 1, 1), date(2026, 1, 1), runbooks=used)
    pages = {page: PageRecords(title=title, is_runbook=page != "rb/token") for page, title in TITLES.items()}
    pages["a"] = PageRecords((incident,), points=(Point("A", "a", role, "", text, runbooks=linked),))
    pages["b"] = PageRecords((Incident("B", "b"),))
    return Facts(KnowledgeBase(pages), None, ("done",), ("SEV-1",))


def chosen(known: Facts, state: str) -> list[str]:
    return [row.page for row in select(read_query({"state": state}, RUNBOOKS, ("SEV-1",)), RUNBOOKS, known).rows]


@pytest.mark.parametrize(
    ("text", "linked", "unhelpful"),
    [
        ("The steps were wrong.", ("rb/nodes",), ["rb/nodes"]),
        ("The wrong one was at hand.", ("rb/unused",), ["rb/unused"]),  # read, though the incident names another
        ("The runbook Node failure says to restart first.", (), ["rb/nodes"]),
        ("The node-failure playbook was out of date.", (), ["rb/nodes"]),
        ("A node failure was noticed late.", (), []),  # the event, not the page
        ("The runbook was not found.", (), []),  # which?
        ("The runbook Lost laptop does not fit.", (), []),  # it was not used
        ("See the page.", ("elsewhere",), []),
    ],
)
def test_a_sentence_names_a_runbook_by_a_link_or_by_its_title(text, linked, unhelpful):
    assert chosen(facts(text, *linked), "unhelpful") == unhelpful


def test_what_went_well_blames_no_runbook():
    assert chosen(facts("The runbook Node failure helped.", "rb/nodes", role=WENT_WELL), "unhelpful") == []


def test_runbooks_that_nobody_used_and_incidents_without_one():
    known = facts("Fine.", used=("rb/token", "gone"))
    assert chosen(known, "used") == ["rb/token"]  # a page that no setting calls a runbook, but an incident does
    assert chosen(known, "unused") == ["rb/unused", "rb/nodes"]
    query = read_query({"runbook": "none"}, INCIDENTS, ("SEV-1",))
    assert [each.id for each in select(query, INCIDENTS, known).rows] == ["B"]


CONF = 'postmortem_runbook_paths = ["rb/*"]\npostmortem_today = "2026-06-01"\n'


def incident(number: int, *items: str, runbooks: str = "", row: str = "", head: str = "") -> str:
    named = f":runbooks: {runbooks}\n" if runbooks else ""
    return f"""{head}# Incident {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-0{number}-02
:severity: SEV-2
:status: closed
:tlp: CLEAR
{named}
Text.
:::

## What didn't go well

{"".join(f"- {item}" + chr(10) for item in items)}
## Key takeaways

- Taught {number}.

:::{{action-table}}
| ID | Action | Owner | Due date | Status |
|----|--------|-------|----------|--------|
{row}

:::
"""


LIST = """# Runbooks

:::{runbook-list}
:columns: runbook, which, last, unhelpful, open-actions
:::

:::{incident-list}
:runbook: none
:columns: id
:none: All have one.
:::
"""
PAGES = {
    "index.md": "# T\n\n```{toctree}\n:glob:\n\n*\nrb/*\n```\n",
    "list.md": LIST,
    "rb/nodes.md": "# Node failure\n\nDrain it.\n",
    "rb/index.md": "# All runbooks\n\n```{toctree}\nnodes\n```\n",
    "rb/token.md": "# Stolen token\n\nRevoke it.\n",
    "one.md": incident(
        1,
        "The [steps](rb/nodes.md) were wrong.",
        runbooks="rb/nodes",
        row="| A1 | Mend it | ops | 2026-02-01 | open |\n| A2 | Told | ops | 2026-02-01 | done |",
    ),
    "two.md": incident(2, "It was late.", row="| A1 | Later | ops | 2026-08-01 | open |"),
}


def test_the_foot_of_a_runbook_and_the_list_of_all(site):
    built = site(PAGES, CONF).build()
    foot = built.words("rb/nodes")
    assert "1 incident used this runbook. It did not help in 1. 1 of their actions is overdue." in foot
    assert "Did not help: The steps were wrong. Taught 1. A1 Mend it: " in foot
    assert "A2" not in foot
    listed = built.words("list")
    assert "Node failure SEC-1 2026-01-02 SEC-1: The steps were wrong. 1 (1 overdue)" in listed
    assert "Stolen token 0" in listed
    assert "SEC-2" in listed
    assert "All runbooks" not in listed


@pytest.mark.parametrize(
    "change",
    [
        {"one.md": PAGES["one.md"].replace("rb/nodes.md", "rb/token.md")},
        {"one.md": PAGES["one.md"].replace("were wrong", "are wrong")},
        {"one.md": None},
        {"two.md": PAGES["two.md"].replace("It was late.", "{doc}`The page </rb/token>` was wrong.")},
        {"rb/nodes.md": "# Lost nodes\n"},
        {"rb/third.md": "# Third\n"},
        {"rb/token.md": None},
    ],
    ids=["other", "text", "gone", "named", "renamed", "new", "deleted"],
)
def test_an_incremental_build_equals_a_clean_one(site, change):
    made = site(PAGES, CONF)
    made.build(builder="text", warnings=True)
    for name, text in change.items():
        made.write({name: text}) if text is not None else (made.source / name).unlink()
    again, clean = (made.build(builder="text", warnings=True, keep=keep).contents() for keep in (True, False))
    assert {name: again[name] for name in clean} == clean  # Sphinx leaves pages whose source is gone


def test_hidden_incidents_and_hidden_runbooks_leave_no_trace(site):
    head = "---\naudience: internal\n---\n"
    hidden = {
        **PAGES,
        "one.md": incident(1, "CANARY [CANARY](rb/nodes.md).", runbooks="rb/nodes", head=head),
        "two.md": incident(2, "The [old page](rb/token.md) was wrong.", runbooks="rb/token"),
        "rb/token.md": head + "# CANARY\n",
    }
    never = {name: text for name, text in hidden.items() if name not in ("one.md", "rb/token.md")}
    built = site(hidden, CONF).build("public")
    assert b"CANARY" not in built.all_bytes()
    assert built.contents() == site(never, CONF, folder="never").build("public").contents()
