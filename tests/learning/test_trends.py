"""Trends: core rules without a build, and one site."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import BadFilterError, read_query
from sphinx_postmortem.core.lists.metrics import MetricsChoice, measure
from sphinx_postmortem.core.lists.query import Facts, Query, select
from sphinx_postmortem.core.lists.runbook_fields import RUNBOOKS, choose_runbooks
from sphinx_postmortem.core.lists.trends import (
    FACTOR_STATES,
    NOT_STATED,
    closings,
    detections,
    factor_states,
    open_actions_by_age,
    time_to_close,
)
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import FACTOR, Action, Incident, PageRecords, Point, VerisBlock

TODAY = date(2026, 6, 1)


def page(name: str, day: str, *actions: Action, tags: tuple[str, ...] = (), **more: object) -> PageRecords:
    when = date.fromisoformat(day)
    incident = Incident(name, name, "", when, when, severity="SEV-1", **more)
    points = (Point(name, name, FACTOR, "Monitoring", "said", tags),) if tags else ()
    return PageRecords((incident,), actions=actions, points=points)


def action(home: str, status: str = "open", *columns: tuple[str, str], due: str = "") -> Action:
    day = date.fromisoformat(due) if due else None
    return Action(home, home, f"A{status}{len(columns)}", "Do", status=status, due=day, other=columns)


def facts(*pages: PageRecords, today: date | None = TODAY) -> Facts:
    knowledge = KnowledgeBase({each.incidents[0].docname: each for each in pages})
    return Facts(knowledge, today, ("done", "cancelled"), ("SEV-1",))


def periods(known: Facts):
    return measure(MetricsChoice(Query(), by="year"), known, ()).periods


def test_open_actions_are_as_old_as_their_incident_or_as_a_column_says():
    known = facts(
        page("A", "2025-01-01", action("A"), action("A", "open", ("Opened", "2026-05-20")), action("A", "done")),
        page("B", "2026-03-20", action("B", due="2026-04-01")),
    )
    ages = open_actions_by_age(periods(known), known)
    assert [(each.label, len(each.actions), each.overdue, [i.id for i in each.incidents]) for each in ages] == [
        ("to 30 d", 1, 0, ["A"]),
        ("to 90 d", 1, 1, ["B"]),
        ("to 180 d", 0, 0, []),
        ("to a year", 0, 0, []),
        ("older", 1, 0, ["A"]),
    ]


def test_without_a_stated_day_nothing_has_an_age():
    known = facts(page("A", "2025-01-01", action("A")), today=None)
    assert open_actions_by_age(periods(known), known) == []


@pytest.mark.parametrize(
    ("actions", "days", "why_not"),
    [
        ([action("A", "done", ("Closed", "2026-01-11"))], 10, ""),
        ([action("A", "done", ("Done on", "2026-01-11")), action("A", "done", ("Closed", "2026-02-01"))], 31, ""),
        ([action("A", "done", ("Closed", "2026-01-11")), action("A", "cancelled")], 10, ""),
        ([action("A", "done", ("Closed", "2026-01-11")), action("A")], None, "{number} with open actions"),
        (
            [action("A", "done", ("Closed", "2026-01-11")), action("A", "done")],
            None,
            "{number} without all days of closing",
        ),
        ([action("A", "done", ("Closed", "soon"))], None, "{number} without all days of closing"),
        ([action("A", "cancelled")], None, "{number} without all days of closing"),
        ([action("A", "done", ("Closed", "2025-12-01"))], None, "{number} closed before they began"),
    ],
)
def test_the_time_to_close_all_actions_of_an_incident(actions, days, why_not):
    known = facts(page("A", "2026-01-01", *actions), page("B", "2026-02-01"))
    (found,) = closings(periods(known), known)  # an incident without actions has nothing to close
    assert (found.days, found.why_not) == (days, why_not)


def test_fewer_than_five_incidents_have_no_median():
    def closed(count: int):
        known = facts(
            *(page(f"I{n}", "2026-01-01", action(f"I{n}", "done", ("Closed", "2026-01-11"))) for n in range(count))
        )
        return time_to_close(closings(periods(known), known))

    assert (closed(4).median, closed(5).median) == (None, 10 * 86400)


def test_a_factor_is_known_where_it_contributed_to_an_earlier_incident():
    known = facts(
        page("A", "2025-01-01", tags=("x",)),
        page("B", "2025-02-01", tags=("y",)),
        page("C", "2026-01-01", tags=("y", "z")),
        page("D", "2026-02-01"),
        page("E", "2026-03-01", tags=("q",), status="draft"),
    )
    found = {
        p.label: [[i.id for i in p.groups[name]] for name in FACTOR_STATES]
        for p in factor_states(periods(known), known)
    }
    assert found == {"2025": [[], ["B", "A"], []], "2026": [["C"], [], ["D"]]}


def test_who_noticed_an_incident_is_what_its_summary_says_or_veris():
    veris = VerisBlock("V", "V", (("discovery_method.internal.variety", "Log review"),))
    known = facts(
        *(
            page(f"M{n}", "2026-01-01", detected_by=word)
            for n, word in enumerate(["Monitoring", "monitoring", "Partner"])
        ),
        PageRecords(page("V", "2026-02-01").incidents, veris=(veris,)),
        page("N", "2025-02-01"),
    )
    first, second = detections(periods(known), known)
    assert {name: len(each) for name, each in first.groups.items()} == {
        "Monitoring": 0,
        "Log review": 0,
        "Partner": 0,
        NOT_STATED: 1,
    }
    assert {name: len(each) for name, each in second.groups.items()} == {
        "Monitoring": 2,
        "Log review": 1,
        "Partner": 1,
        NOT_STATED: 0,
    }


def test_many_sources_are_few_columns():
    known = facts(*(page(f"M{n}", "2026-01-01", detected_by=f"Source {n}") for n in range(20)))
    (found,) = detections(periods(known), known)
    assert {name: len(each) for name, each in found.groups.items()}["Other"] == 15
    assert len(found.groups) == 7


@pytest.mark.parametrize(
    ("since", "ids"), [("this quarter", ["B"]), ("this year", ["B", "A"]), ("90 days", ["B"]), ("this month", [])]
)
def test_periods_count_from_the_stated_day(since, ids):
    known = facts(page("A", "2026-02-01", action("A")), page("B", "2026-04-01", action("B")))
    assert [i.id for i in select(read_query({"since": since}, INCIDENTS, ("SEV-1",)), INCIDENTS, known).rows] == ids
    found = select(read_query({"since": since}, ACTIONS, ("SEV-1",)), ACTIONS, known).rows
    assert {each.incident_id for each in found} == set(ids)


def test_an_unknown_period_is_told():
    with pytest.raises(BadFilterError, match="this quarter"):
        read_query({"since": "this week"}, INCIDENTS, ("SEV-1",))


def test_a_runbook_is_unused_where_its_last_use_was_before_the_period():
    pages = [page("A", "2025-02-01", runbooks=("rb",))]
    knowledge = KnowledgeBase({"A": pages[0], "rb": PageRecords(title="R", is_runbook=True)})
    known = Facts(knowledge, TODAY, ("done",), ("SEV-1",))

    def unused(**options: str) -> list[str]:
        return [row.page for row in choose_runbooks(read_query(options, RUNBOOKS, ("SEV-1",)), known).rows]

    assert unused(state="unused") == []
    assert unused(state="unused", since="1 year") == ["rb"]


INCIDENT = """{head}# Incident {n}

:::{{incident-summary}} SEC-{n}
:date: 2026-0{n}-02
:severity: SEV-2
:status: closed
:tlp: CLEAR
:detected-by: {by}

Text.
:::

:::{{action-table}}
| ID | Action | Owner | Due date | Status | Closed |
|----|--------|-------|----------|--------|--------|
| A1 | Do it  | ops   | 2026-03-01 | {status} | {closed} |

:::
"""
CONF = 'postmortem_today = "2026-06-01"\n'


def pages(**more: str) -> dict[str, str]:
    index = "# T\n\n:::{incident-metrics}\n:by: year\n:show: ageing, closing, factors, detection\n:::\n"
    one = INCIDENT.format(head="", n=1, by="Monitoring", status="open", closed="")
    two = INCIDENT.format(head="", n=2, by="Customer", status="done", closed="2026-03-04")
    hidden = INCIDENT.format(head="---\naudience: internal\n---\n", n=3, by="CANARY", status="open", closed="")
    toc = "\n```{toctree}\n:glob:\n\ni*\n```\n"
    return {"index.md": index + toc, "i1.md": one, "i2.md": two, "i3.md": hidden, **more}


def test_the_parts_on_a_page_lead_to_incidents_and_show_an_edition_what_it_may_see(site):
    built = site(pages(), CONF).build("public")
    text = " ".join(built.doctree().astext().split())
    assert "to 180 d 1 1 SEC-1" in text
    assert "Time to close all actions First day of the incident Last action closed 1 of 2" in text
    assert "SEC-2 30 d" in text
    assert "No contributing factor has a tag" in text
    assert "Customer Monitoring Not stated 2026 1: SEC-2 1: SEC-1 0" in text
    assert 'title="SEC-1: Incident 1, SEV-2, Monitoring"' in built.read("index.html")
    page = built.read("i1.html")
    assert page.index("pm-links") < page.index("Detected by")  # with its name, unlike the facts in one line
    never = pages()
    del never["i3.md"]
    assert built.contents() == site(never, CONF, folder="never").build("public").contents()


@pytest.mark.parametrize(
    "new",
    [{"by": "Partner"}, {"status": "done", "closed": "2026-02-01"}, {"by": ""}],
    ids=["source", "closed", "none"],
)
def test_an_incremental_build_equals_a_clean_one(site, new):
    made = site(pages(), CONF)
    made.build(builder="text")
    values = {"head": "", "n": 1, "by": "Monitoring", "status": "open", "closed": ""}
    made.write({"i1.md": INCIDENT.format(**values | new)})
    assert made.build(builder="text", keep=True).contents() == made.build(builder="text").contents()
