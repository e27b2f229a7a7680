"""Which fixes held: core rules, without a build."""

from __future__ import annotations

from datetime import date

import pytest

from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.lesson_fields import count_recurrence
from sphinx_postmortem.core.lists.list_options import read_query
from sphinx_postmortem.core.lists.query import Facts, Query, select
from sphinx_postmortem.core.records.factors import Factor, FactorVocabulary
from sphinx_postmortem.core.records.fixes import FixHistory
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import FACTOR, Action, Incident, PageRecords, Point

VOCABULARY = FactorVocabulary((Factor("no-probe", "Monitoring", "No probe", formerly=("probe",)),))


def page(name: str, day: str, *actions: Action, tags: tuple[str, ...] = ("no-probe",)) -> PageRecords:
    when = date.fromisoformat(day)
    point = Point(name, name, FACTOR, "Monitoring", f"said {name}", tags)
    return PageRecords((Incident(name, name, "", when, when),), actions=actions, points=(point,))


def action(home: str, status: str = "done", due: str = "2026-02-01", **more: object) -> Action:
    return Action(home, home, "A1", "Probe", status=status, due=date.fromisoformat(due), factors=("no-probe",), **more)


def history(*pages: PageRecords) -> FixHistory:
    return FixHistory(KnowledgeBase({each.incidents[0].docname: each for each in pages}), ("done", "cancelled"))


def came_back(first: Action, second: str) -> list[str]:
    found = history(page("A", "2026-01-01", first), page("B", second)).regressions
    return [f"{each.action.full_id} {each.again.id} {each.basis}" for each in found]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (action("A"), "2026-03-01", ["A/A1 B done, and due on 2026-02-01"]),
        (action("A"), "2026-02-01", []),
        (action("A", status="open"), "2026-03-01", []),
        (action("A", status="cancelled"), "2026-03-01", []),
        (action("A", other=(("Closed", "2026-04-01"),)), "2026-03-01", []),
        (action("A", other=(("Closed", "2026-02-20"),)), "2026-03-01", ["A/A1 B closed on 2026-02-20"]),
        (action("A", other=(("Closed", "soon"),)), "2026-03-01", ["A/A1 B done, and due on 2026-02-01"]),
    ],
)
def test_a_fix_did_not_hold_where_its_factor_came_back_after_it_was_done(first, second, found):
    assert came_back(first, second) == found


def test_only_the_first_return_is_told():
    found = history(page("A", "2026-01-01", action("A")), page("C", "2026-05-01"), page("B", "2026-03-01")).regressions
    assert [each.again.id for each in found] == ["B"]


def test_another_factor_is_no_return():
    assert history(page("A", "2026-01-01", action("A")), page("B", "2026-03-01", tags=("other",))).regressions == ()


def test_the_time_between_recurrences_is_in_days():
    found = history(page("A", "2026-01-01"), page("C", "2026-01-31"), page("B", "2026-01-11"))
    assert found.gaps("no-probe") == (10, 20)
    assert found.gaps("unknown") == ()


def facts(*pages: PageRecords) -> Facts:
    knowledge = KnowledgeBase({each.incidents[0].docname: each for each in pages})
    return Facts(knowledge, None, ("done",), ("SEV-1",), factors=VOCABULARY)


def test_tags_count_and_a_kind_counts_what_has_none():
    found, _ = count_recurrence(
        Query(), facts(page("A", "2026-01-01", tags=()), page("B", "2026-01-02"), page("C", "2026-01-03", tags=()))
    )
    assert [(each.kind, each.factor, len(each.incidents)) for each in found] == [
        ("No probe", "no-probe", 1),
        ("Monitoring, no tag", "", 2),
    ]


@pytest.mark.parametrize("written", ["no-probe", "PROBE", "no probe"])
def test_incidents_are_filtered_by_a_tag_a_former_one_or_the_words(written):
    query = read_query({"factor": written}, INCIDENTS, ("SEV-1",))
    chosen = select(query, INCIDENTS, facts(page("A", "2026-01-01"), page("B", "2026-01-02", tags=()))).rows
    assert [each.id for each in chosen] == ["A"]


def test_a_column_of_actions_says_where_the_factor_came_back():
    known = facts(page("A", "2026-01-01", action("A")), page("B", "2026-03-01"))
    assert ACTIONS.field("held").values(known.knowledge.actions[0], known) == ("no: again in B",)
