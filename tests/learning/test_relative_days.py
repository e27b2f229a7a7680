"""Filters by the time from today."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import BadFilterError, read_query, unknown_names
from sphinx_postmortem.core.lists.owner_rows import BY_OWNER, choose_owners
from sphinx_postmortem.core.lists.query import Facts, select
from sphinx_postmortem.core.lists.relative_days import day_from, is_relative
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Incident, PageRecords

TODAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("90 days", "2026-03-02"),
        ("1 day ago", "2026-05-30"),
        ("in 2 weeks", "2026-06-14"),
        ("3 months", "2026-02-28"),
        ("1 quarter", "2026-02-28"),
        ("in 1 month", "2026-06-30"),
        ("2 years", "2024-05-31"),
        ("99999 years", "0001-01-01"),
        ("in 99999 years", "9999-12-31"),
    ],
)
def test_a_day_is_named_by_its_distance_from_today(text, day):
    assert is_relative(text)
    assert day_from(text, TODAY) == day


@given(st.integers(0, 99999), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.dates())
def test_what_lies_ago_is_never_later_than_today(number, unit, today):
    assert day_from(f"{number} {unit}s", today) <= today.isoformat() <= day_from(f"in {number} {unit}s", today)


@pytest.mark.parametrize("text", ["in 2 days ago", "two days", "90", "-3 days", "2026-01-01 days"])
def test_other_texts_are_no_distance(text):
    assert not is_relative(text)
    with pytest.raises(BadFilterError, match="since"):
        read_query({"since": text}, INCIDENTS, ())


def facts(today: date | None) -> Facts:
    days = {"OLD": date(2026, 1, 1), "NEW": date(2026, 4, 1)}
    pages = {name: PageRecords((Incident(name, name, "", day, day),)) for name, day in days.items()}
    return Facts(KnowledgeBase(pages), today, (), ())


def test_a_list_holds_what_is_within_the_time():
    query = read_query({"since": " 90  Days "}, INCIDENTS, ())
    assert [each.id for each in select(query, INCIDENTS, facts(TODAY)).rows] == ["NEW"]
    assert unknown_names(query, INCIDENTS, facts(TODAY)) == []


def test_without_a_day_that_is_today_there_is_no_limit_and_it_is_told():
    query = read_query({"since": "90 days"}, INCIDENTS, ())
    assert len(select(query, INCIDENTS, facts(None)).rows) == 2
    assert unknown_names(query, INCIDENTS, facts(None)) == [
        "`:since: 90 days` counts from today, which is not known; set postmortem_today or SOURCE_DATE_EPOCH"
    ]


def owned(today: date | None) -> Facts:
    """Return the actions of two owners in two incidents, and one of neither."""
    days = {"OLD": date(2026, 1, 1), "NEW": date(2026, 4, 1)}
    pages = {
        name: PageRecords(
            (Incident(name, name, "", day, day),),
            actions=(Action(name, name, "A1", "x", ("kim", "sam") if name == "OLD" else ("sam",)),),
        )
        for name, day in days.items()
    }
    pages["loose"] = PageRecords(actions=(Action("", "loose", "L1", "x", ("kim",)),))
    return Facts(KnowledgeBase(pages), today, (), ())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, {"kim": 2, "sam": 2}),
        ({"since": "90 days"}, {"sam": 1}),
        ({"since": "90 days", "owner": "kim"}, {"kim": 0}),
        ({"until": "2026-01-31"}, {"kim": 1, "sam": 1}),
        ({"since": "in 1 year"}, {}),
    ],
)
def test_owners_have_the_actions_of_the_time_that_is_asked_for(options, found):
    query = read_query(options, BY_OWNER, ())
    assert {each.owner.id: len(each.actions) for each in choose_owners(query, owned(TODAY))} == found


INCIDENT = """# {id}

:::{{incident-summary}} {id}
:date: {day}
:severity: SEV-3

It was {id}.
:::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Mend {id} | sre | P1 | {day} | open |

:::
"""


def test_a_list_of_some_time_by_owner_shows_it_whole_and_is_no_ones_page(site):
    lists = "".join(
        f"```{{actions-by-owner}}\n:since: 90 days\n{more}```\n\n" for more in ("", ":overview:\n", ":overdue:\n")
    )
    built = site(
        {
            "index.md": "# T\n\n{owner}`sre`\n\n```{toctree}\nold\nnew\nsre\nquarter\n```\n",
            "old.md": INCIDENT.format(id="SEC-1", day="2026-01-01"),
            "new.md": INCIDENT.format(id="SEC-2", day="2026-04-01"),
            "sre.md": "# All of sre\n\n```{actions-by-owner}\n:owner: sre\n```\n",
            "quarter.md": f"# The quarter\n\n{lists}",
        },
        'postmortem_today = "2026-05-31"\npostmortem_owners = {"sre": {"team": "Platform"}}\n',
    ).build()
    assert "Mend SEC-1" in built.words("sre")
    assert built.words("quarter").count("Mend SEC-2") == 2  # the list, and the one that is longest overdue
    assert "SEC-1" not in built.words("quarter")
    assert built.words("quarter").count("1 open (1 overdue)") == 1
    assert re.search(r'href="sre.html#[\w-]*sre"', built.read("index.html"))
