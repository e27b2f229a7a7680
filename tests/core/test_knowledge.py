"""The knowledge base, the pages of owners, and what a change means for other pages: without a build."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sphinx_postmortem.core.records.changes import PageChange, pages_that_show
from sphinx_postmortem.core.records.field_uses import RECORDS, SUMMARIES
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, Numbers, natural_key
from sphinx_postmortem.core.records.model import (
    EVENTS,
    Action,
    Event,
    Incident,
    Owner,
    OwnerList,
    PageRecords,
)
from sphinx_postmortem.core.records.owner_pages import OwnerPages

TODAY = date(2026, 6, 1)
OPS, DEV = Owner("ops", "Operations", team="Platform"), Owner("dev", "Developers", team="Product")
ACTION = Action("SEC-1", "p1", "A1", "Do it", ("ops",), status="open", due=date(2026, 5, 1))
ONE = PageRecords((Incident("SEC-1", "p1", first_day=date(2026, 1, 1)),), actions=(ACTION,), title="One")
TWO = PageRecords((Incident("SEC-2", "p2", first_day=date(2026, 2, 1)),), title="Two")


@pytest.mark.parametrize("written", ["SEC-1/A1", "sec-1#a1", " sec-1 : A1 "])
def test_actions_are_found_however_people_write_their_id(written):
    assert KnowledgeBase({"p1": ONE}).find_action(written) == ACTION


def test_a_local_id_is_found_on_its_own_page_alone():
    knowledge = KnowledgeBase({"p1": ONE})
    assert knowledge.find_action("a1", "p1") == ACTION
    assert knowledge.find_action("a1", "p2") is None


def test_of_two_incidents_with_one_id_the_first_by_page_is_found_and_both_are_listed():
    again = replace(ONE, incidents=(replace(ONE.incidents[0], docname="p0"),))
    knowledge = KnowledgeBase({"p1": ONE, "p0": again})
    assert knowledge.find_incident("sec-1").docname == "p0"
    assert [each.docname for each in knowledge.incidents_by_runbook.get("", ())] == []
    assert len(knowledge.incidents) == 2
    assert [(repeated.docname, first.docname) for repeated, first in knowledge.duplicates] == [("p1", "p0")]
    assert knowledge.incident_of(ACTION).docname == "p1"


def test_owners_are_found_by_id_and_name_and_those_of_tables_are_known():
    knowledge = KnowledgeBase({"p1": replace(ONE, actions=(replace(ACTION, owners=("Ωps",)),))}, [OPS])
    assert knowledge.find_owner("OPERATIONS") == knowledge.find_owner("Ops") == OPS
    assert knowledge.find_owner("ωPS") == Owner("Ωps")


def test_overdue_actions_are_open_and_counted_apart():
    rows = (ACTION, replace(ACTION, due=None), replace(ACTION, status=" Done "))
    assert KnowledgeBase({}).numbers(rows, TODAY) == Numbers(open=2, overdue=1, done=1)
    assert KnowledgeBase({}).numbers(rows, None) == Numbers(open=2, overdue=0, done=1)


def test_numbers_in_ids_count_as_numbers():
    assert sorted(["A10", "a2", "A1"], key=natural_key) == ["A1", "a2", "A10"]


# --- the pages of owners


def page_of(owner: Owner, **pages: PageRecords) -> str:
    everything = {"p1": ONE, **pages}
    return OwnerPages(everything, KnowledgeBase(everything, [OPS, DEV])).page_of(owner)


def test_an_owner_leads_to_their_page_then_their_team_then_the_index():
    index, team = PageRecords(has_list=True), PageRecords(owner_lists=(OwnerList(teams=("platform",)),))
    own = PageRecords(owner_lists=(OwnerList(owners=("operations",)),))
    assert page_of(OPS) == ""
    assert page_of(OPS, index=index) == "index"
    assert page_of(OPS, index=index, team=team) == "team"
    assert page_of(OPS, index=index, team=team, z=own) == "z"


def test_the_index_holds_only_owners_with_actions_and_later_pages_of_a_list_are_no_home():
    assert page_of(DEV, index=PageRecords(has_list=True)) == ""
    assert page_of(OPS, second=PageRecords(owner_lists=(OwnerList(owners=("ops",), page=2),))) == ""


# --- changes

LISTS = {
    "index": PageRecords(has_list=True),
    "list": PageRecords(has_overview=True),
    "cards": PageRecords(shows=frozenset([SUMMARIES])),
    "metrics": PageRecords(shows=frozenset([EVENTS])),
    "ops": PageRecords(owner_lists=(OwnerList(owners=("ops",)),)),
    "product": PageRecords(owner_lists=(OwnerList(teams=("product",)),)),
    "mention": PageRecords(mentions=frozenset(["sec-1"])),
    "prose": PageRecords(title="Prose"),
}


def shown_on(before: PageRecords, after: PageRecords, owners=(OPS, DEV), owners_before=(OPS, DEV)) -> set[str]:
    pages = {"p1": after, "p2": TWO, **LISTS}
    return pages_that_show({"p1": PageChange(before, after)}, pages, owners, owners_before)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (ONE, set()),
        (replace(ONE, actions=(replace(ACTION, line=9),)), set()),
        (replace(ONE, actions=(replace(ACTION, status="done"),)), {"index", "list", "ops", "mention"}),
        (
            replace(ONE, actions=(replace(ACTION, owners=("dev",)),)),
            {"index", "list", "ops", "product", "mention"},
        ),
        (replace(ONE, incidents=(replace(ONE.incidents[0], summary="x"),)), {"cards", "metrics"}),
        (
            replace(ONE, incidents=(replace(ONE.incidents[0], severity="SEV-1"),)),
            {"index", "list", "cards", "metrics", "ops", "mention"},
        ),
        (replace(ONE, events=(Event("SEC-1", "p1", None, "x"),)), {"metrics"}),
    ],
)
def test_pages_are_written_again_that_show_the_change_and_no_others(after, expected):
    assert shown_on(ONE, after) == expected


def test_all_pages_with_records_or_lists_are_written_again_when_the_register_changes():
    assert shown_on(ONE, ONE, owners=(OPS,)) == {"p1", "p2", *LISTS} - {"prose"}


def test_runbooks_and_the_incidents_that_used_them_are_written_again_with_each_other():
    used = replace(ONE, incidents=(replace(ONE.incidents[0], runbooks=("prose",)),))
    assert "prose" in shown_on(ONE, used)
    renamed = {"prose": PageChange(LISTS["prose"], PageRecords(title="Renamed"))}
    assert pages_that_show(renamed, {"p1": used, "p2": TWO, **LISTS}, [], []) == {"p1", "list"}


def test_a_change_knows_its_topics():
    changed = replace(ONE, incidents=(replace(ONE.incidents[0], title="x"),))
    assert PageChange(ONE, changed).topics == {RECORDS, SUMMARIES, EVENTS}
    assert PageChange(ONE, PageRecords(title="One")).new_or_gone_owners == {"ops"}
