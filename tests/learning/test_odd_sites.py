"""What the lists that teach show of a site without incidents, with one, with ten thousand, and with odd references."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from sphinx_postmortem.core.lists.query import Facts
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.factors import read_factors
from sphinx_postmortem.core.records.fixes import FixHistory
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import FACTOR, Action, Incident, PageRecords, Point
from sphinx_postmortem.core.releases.statements import Statement
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.sheets.open_questions import QuestionKind, open_questions
from tests.learning.published_records import event, incident

CONF = (
    'postmortem_factors = {"no-alert": {"kind": "Monitoring", "words": "Nothing alerted", "formerly": ["alert-missing"]}}\n'
    'postmortem_today = "2026-06-01"\npostmortem_related_incidents = True\n'
)
LISTS = (
    ("factor-list", ""),
    ("factor-list", ":layout: details\n"),
    ("incident-metrics", ":show: ageing, closing, factors, detection\n"),
    ("runbook-list", ""),
    ("actions-by-owner", ":since: this quarter\n"),
    ("lesson-list", ""),
)
PAGES = {
    "index.md": "# T\n\n```{toctree}\n:glob:\n\n*\n```\n",
    **{
        f"list{number}.md": f"# List {number}\n\n```{{{name}}}\n{options}```\n"
        for number, (name, options) in enumerate(LISTS)
    },
}


def page(id_: str, repeats: str, tag: str) -> str:
    return f"""# {id_}: Title

:::{{incident-summary}} {id_}
:date: 2026-0{id_[-1]}-02
:severity: SEV-3
:status: closed
:repeats: {repeats}

It was {id_}.
:::

:::{{contributing-factors}}
- **Monitoring** [{tag}]: nothing told us.
:::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status | Factor |
|---|---|---|---|---|---|---|
| A1 | Mend {id_} | sre | P1 | 2026-0{id_[-1]}-09 | done | {tag} |

:::
"""


def said(built, number: int) -> str:
    return built.words(f"list{number}").removeprefix(f"List {number}").strip()


def test_lists_of_a_site_without_incidents_say_so(site):
    built = site(PAGES, CONF).build()
    assert [said(built, number) for number in range(len(LISTS))] == [
        *("No contributing factors.", "No contributing factors.", "No incidents.", "No runbooks.", "No actions."),
        "No lessons.",
    ]


def test_a_site_with_one_incident_has_no_recurrence(site):
    built = site({**PAGES, "one.md": page("SEC-1", "", "no-alert")}, CONF).build()
    assert "Nothing alerted" in said(built, 1)
    assert all("did not hold" not in built.words(name).casefold() for name in ("one", "list0", "list1", "list2"))


def test_a_cycle_of_repeats_an_unknown_tag_and_a_former_one_lose_nothing(site):
    incidents = {
        "one.md": page("SEC-1", "SEC-2", "alert-missing"),
        "two.md": page("SEC-2", "SEC-3, SEC-2", "nosuch"),
        "three.md": page("SEC-3", "SEC-1, SEC-9", "no-alert"),
    }
    built = site({**PAGES, **incidents}, CONF).build()
    for name, id_, other in (("one", "SEC-1", "SEC-2"), ("two", "SEC-2", "SEC-3"), ("three", "SEC-3", "SEC-1")):
        assert f"It was {id_}." in built.words(name)
        assert other in built.words(name)
    assert "[nosuch]" in built.words("two")
    assert "Nothing alerted" in built.words("one")  # a former id leads to the factor of today
    assert "SEC-1" in said(built, 1)
    assert "SEC-3" in said(built, 1)


@pytest.fixture(scope="module")
def ten_thousand() -> Facts:
    start = date(2000, 1, 1)
    pages = {}
    for number in range(10_000):
        id_, day = f"I-{number:05}", start + timedelta(days=number)
        pages[id_] = PageRecords(
            (Incident(id_, id_, "", day, day, repeats=(f"I-{number - 1:05}",) if number else ()),),
            actions=(Action(id_, id_, "A1", "Mend it", ("sre",), due=day, status="done", factors=("no-alert",)),),
            points=(Point(id_, id_, FACTOR, "Monitoring", "nothing told us", tags=("no-alert",)),),
        )
    vocabulary = read_factors({"no-alert": {"words": "Nothing alerted"}}, Path())
    return Facts(KnowledgeBase(pages), None, DEFAULT_DONE_STATUSES, (), factors=vocabulary)


def test_of_ten_thousand_fixes_each_is_told_its_first_return(ten_thousand):
    history = FixHistory(ten_thousand.knowledge, DEFAULT_DONE_STATUSES)
    returns = {(each.fixed.id, each.again.id) for each in history.regressions}
    assert returns == {(f"I-{number:05}", f"I-{number + 1:05}") for number in range(9_999)}
    assert history.gaps("no-alert") == (1,) * 9_999


def test_a_pack_of_ten_thousand_rows_and_statements_has_a_question_for_each():
    rows = [event("unknown", f"Row {number}") for number in range(10_000)]
    statements = [Statement("text", f"Copy {number} of this report is TLP:GREEN.") for number in range(5_000)]
    statements += [Statement("text", f"This report {number} is TLP:GREEN.") for number in range(5_000)]
    found = open_questions(incident(*rows, tlp="AMBER"), statements, Settings())
    assert [sum(each.kind is kind for each in found) for kind in QuestionKind] == [10_000, 0, 5_000]
