"""Lists of events, responses and evidence, and of actions by what they address: filters, groups, columns."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.event_fields import EVENT_LIST, EVIDENCE_LIST, RESPONSE_LIST
from sphinx_postmortem.core.lists.list_options import read_query, unknown_names
from sphinx_postmortem.core.lists.query import Facts, ListKind, columns_of, select
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Evidence, Incident, PageRecords, Response
from sphinx_postmortem.core.records.time_reading import parse_moment

SEVERITIES = ("SEV-1", "SEV-2")


def event(time: str, text: str, **more) -> Event:
    return Event("S-1", "p", parse_moment(time), text, **more)


PAGE = PageRecords(
    (Incident("S-1", "p", severity="SEV-1"),),
    (
        event("2026-03-02 01:14", "seen", who="siem", milestone="Alert detected", other=(("Shift", "night"),)),
        event("2026-03-04", "told", who="legal", evidence=(Evidence("the letter"),)),
        event("unknown", "left"),
    ),
    tuple(
        Action("S-1", "p", f"A{number}", "Do", addresses=areas)
        for number, areas in enumerate((("monitoring",), ("Architecture", "Supply chain"), ()))
    ),
    responses=(
        Response("S-1", "p", "containment", "revoked", evidence=(Evidence("log", file="a.log", sha256="0f"),)),
        Response("S-1", "p", "remediation", "replaced", validation="tried"),
        Response("S-1", "p", "remediation", "rotated"),
    ),
)
FACTS = Facts(KnowledgeBase({"p": PAGE}), None, DEFAULT_DONE_STATUSES, SEVERITIES)


def listed(kind: ListKind, /, **options: str) -> list:
    return list(select(read_query(options, kind, SEVERITIES), kind, FACTS).rows)


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({}, ["seen", "told", "left"]),
        ({"who": "SIEM"}, ["seen"]),
        ({"milestone": "alert detected"}, ["seen"]),
        ({"since": "2026-03-03"}, ["told"]),
        ({"until": "2026-03-03"}, ["seen"]),
        ({"precision": "day, unknown"}, ["told", "left"]),
        ({"sort": "-time"}, ["told", "seen", "left"]),
        ({"severity": "SEV-2"}, []),
    ],
)
def test_events(options, texts):
    assert [each.text for each in listed(EVENT_LIST, **options)] == texts


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({"kind": "remediation"}, ["replaced", "rotated"]),
        ({"validated": "no"}, ["rotated"]),
        ({"validated": "yes"}, ["replaced"]),
    ],
)
def test_responses(options, texts):
    assert [each.text for each in listed(RESPONSE_LIST, **options)] == texts


def test_evidence_of_events_and_responses():
    assert [(each.evidence.text, each.row.text) for each in listed(EVIDENCE_LIST)] == [
        ("the letter", "told"),
        ("log", "revoked"),
    ]


def test_a_column_of_the_tables_can_be_shown():
    query = read_query({"columns": "event, shift"}, EVENT_LIST, SEVERITIES)
    assert [field.title for field in columns_of(query, EVENT_LIST, FACTS)] == ["Event", "Shift"]
    assert unknown_names(query, EVENT_LIST, FACTS) == []


@pytest.mark.parametrize(
    ("addresses", "ids"),
    [("detection", ["A0"]), ("Monitoring", ["A0"]), ("supply chain, detection", ["A0", "A1"]), ("access control", [])],
)
def test_actions_by_what_they_address(addresses, ids):
    assert [each.local_id for each in listed(ACTIONS, addresses=addresses)] == ids
    assert unknown_names(read_query({"addresses": addresses}, ACTIONS, SEVERITIES), ACTIONS, FACTS) == []


def test_an_area_that_nobody_knows_is_told():
    (message,) = unknown_names(read_query({"addresses": "lunch"}, ACTIONS, SEVERITIES), ACTIONS, FACTS)
    assert '`:addresses:` does not know "lunch"' in message
