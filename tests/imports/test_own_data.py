"""What this product exports can be imported again: JSON and CSV; and Timesketch reads what is written for it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.exports.csv_tables import actions_csv, events_csv
from sphinx_postmortem.core.exports.edition_json import export_edition, json_text
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.exports.timesketch_csv import timesketch_csv
from sphinx_postmortem.core.imports.source_kinds import find_kind
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Evidence, Incident, PageRecords, Point, Response
from sphinx_postmortem.core.records.time_reading import parse_moment
from tests.imports.export_samples import kind_of, source_of

PUBLICATION = Publication("internal")
EVENTS = (
    Event(
        "SEC-1",
        "p",
        parse_moment("2026-03-02 01:14:05 CET"),
        "Alert detected",
        "Alert detected",
        anchor="e1",
        who="Ada Quill",
    ),
    Event("SEC-1", "p", parse_moment("~2026-03-02 02:00"), "=2+2", anchor="e2", notes="a | b", source="proxy"),
    Event(
        "SEC-1",
        "p",
        parse_moment("unknown"),
        "Token left",
        anchor="e3",
        evidence=(Evidence("log", "https://x.example/l"),),
    ),
)
ACTIONS = (
    Action(
        "SEC-1",
        "p",
        "A1",
        "Alert on uploads",
        ("bo", "ada"),
        "P1",
        date(2026, 3, 20),
        "2026-03-20",
        "open",
        other=(("Ticket", "SEC-41"),),
    ),
    Action("SEC-1", "p", "A2", "Rotate", status="done"),
)
PAGE = PageRecords(
    incidents=(
        Incident(
            "SEC-1",
            "p",
            "SEC-1: Token stolen",
            date(2026, 3, 2),
            date(2026, 3, 3),
            "SEV-1",
            "Security",
            "closed",
            summary="S.",
        ),
    ),
    events=EVENTS,
    actions=ACTIONS,
    points=(Point("SEC-1", "p", "factor", "Monitoring", "no alert"), Point("SEC-1", "p", "went-well", "", "calm")),
    responses=(Response("SEC-1", "p", "containment", "Token revoked", parse_moment("2026-03-02 01:30")),),
)
KNOWLEDGE = KnowledgeBase({"p": PAGE})


def read(tmp_path, name, content):
    source = source_of(tmp_path, name, content)
    assert find_kind(source).name == "postmortems"
    (draft,) = kind_of("postmortems").read(source)
    assert draft.items == draft.accounted
    return draft


def as_json(knowledge=KNOWLEDGE):
    return json_text(export_edition(knowledge, PUBLICATION))


def test_an_incident_comes_back_from_json(tmp_path):
    draft = read(tmp_path, "postmortems.json", as_json())
    assert (draft.incident_id, draft.title, draft.severity, draft.status) == (
        "SEC-1",
        "Token stolen",
        "SEV-1",
        "closed",
    )
    assert (draft.first_day, draft.last_day, draft.summary.written) == (date(2026, 3, 2), date(2026, 3, 3), "S.")
    assert {event.moment for event in draft.events} == {event.moment for event in EVENTS}
    assert [event.who for event in draft.events] == [("Ada Quill",), (), ()]
    assert [factor.written for factor in draft.factors] == ["Monitoring: no alert"]
    assert [(s.title, s.text.written) for s in draft.sections] == [
        ("Containment and remediation", "- containment: Token revoked (2026-03-02 01:30)"),
        ("What went well", "- calm"),
    ]


@pytest.mark.parametrize("is_csv", [False, True])
def test_actions_come_back(is_csv, tmp_path):
    content = actions_csv(KNOWLEDGE, PUBLICATION) if is_csv else as_json()
    draft = read(tmp_path, "actions", content)
    assert [(a.action.written, a.owners, a.priority, a.due, a.status, a.ticket) for a in draft.actions] == [
        ("Alert on uploads", ("bo", "ada"), "P1", date(2026, 3, 20), "open", "SEC-41"),
        ("Rotate", (), "", None, "done", ""),
    ]


def test_events_come_back_from_csv_with_what_is_known_of_their_times(tmp_path):
    draft = read(tmp_path, "events.csv", events_csv(KNOWLEDGE, PUBLICATION))
    first, second, third = draft.events
    assert (first.moment.utc, first.moment.zone) == (datetime(2026, 3, 2, 0, 14, 5, tzinfo=UTC), "CET")
    assert (second.event.written, second.moment.is_estimate) == ("=2+2", True)
    assert second.notes.written == "a | b. Source: proxy"
    assert (third.moment.is_known, third.evidence) == (False, "log <https://x.example/l>")


def test_a_row_of_a_csv_that_does_not_fit_is_not_read(tmp_path):
    content = actions_csv(KNOWLEDGE, PUBLICATION) + b'"one cell"\r\n'
    (unread,) = read(tmp_path, "actions.csv", content).unread
    assert unread.place == "actions.csv:4"


@given(text=st.text(max_size=60).filter(lambda t: t.strip() and t.isprintable()))
def test_any_text_of_an_action_survives_json(text, tmp_path_factory):
    knowledge = KnowledgeBase(
        {"p": PageRecords(incidents=PAGE.incidents, actions=(Action("SEC-1", "p", "A1", text.strip()),))}
    )
    draft = read(tmp_path_factory.mktemp("any"), "postmortems.json", as_json(knowledge))
    assert draft.actions[0].action.written == text.strip()


def test_timesketch_is_given_what_it_asks_for_and_reads_it_back(tmp_path):
    data = timesketch_csv(KNOWLEDGE, PUBLICATION)
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert [(row["message"], row["datetime"], row["timestamp"]) for row in rows] == [
        ("Alert detected", "2026-03-02T00:14:05+00:00", "1772410445000000"),
        ("'=2+2", "2026-03-02T02:00:00+00:00", "1772416800000000"),
    ]
    (draft,) = kind_of("timesketch").read(source_of(tmp_path, "timesketch.csv", data))
    assert [event.moment.utc for event in draft.events] == [event.moment.utc for event in EVENTS[:2]]
    assert not draft.said


def test_a_label_is_said_so_that_it_is_not_lost(tmp_path):
    labelled = PageRecords(incidents=(Incident("SEC-1", "p", "Token stolen", tlp="AMBER"),), actions=ACTIONS)
    (sentence,) = read(tmp_path, "postmortems.json", as_json(KnowledgeBase({"p": labelled}))).said
    assert "TLP label AMBER" in sentence


def test_runbooks_and_techniques_of_an_incident_are_said(tmp_path):
    page = replace(PAGE, incidents=(replace(PAGE.incidents[0], runbooks=("runbooks/token",), techniques=("T1195",)),))
    said = read(tmp_path, "postmortems.json", as_json(KnowledgeBase({"p": page}))).said
    assert any("names runbooks: runbooks/token" in sentence for sentence in said)
    assert any("names techniques: T1195" in sentence for sentence in said)
