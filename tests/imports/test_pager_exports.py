"""PagerDuty, Opsgenie, FireHydrant, incident.io and Rootly: what becomes of their items."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.imports.draft import SourceError
from sphinx_postmortem.core.imports.source_kinds import find_kind
from tests.imports.export_samples import (
    FIREHYDRANT,
    INCIDENT_IO,
    OPSGENIE,
    PAGERDUTY,
    PAGERDUTY_KINDS,
    ROOTLY,
    kind_of,
    log_entry,
    source_of,
)


def one(tmp_path, name, document, **asked):
    (draft,) = kind_of(name).read(source_of(tmp_path, f"{name}.json", document, **asked))
    return draft


@pytest.mark.parametrize("kind", PAGERDUTY_KINDS)
def test_each_kind_of_log_entry_is_a_row_that_says_what_happened(kind, tmp_path):
    draft = one(tmp_path, "pagerduty", {"log_entries": [log_entry(1, kind)]}, everything=True)
    (event,) = draft.events
    assert event.event.written in (f"{kind} by the rota", "said in the channel")
    assert event.who == ("Ada Quill",)
    assert event.evidence.endswith("/R001")
    assert f"{event.moment.utc:%H:%M}" == "00:01"
    assert event.moment.offset == "+01:00"


def test_notifications_and_assignments_are_counted_and_left_out(tmp_path):
    draft = one(tmp_path, "pagerduty", PAGERDUTY)
    assert len(draft.events) == 15
    assert {(left.what, left.count, left.option) for left in draft.left_out} == {
        ("notifications", 1, "--everything"),
        ("assignments", 1, "--everything"),
    }


def test_trigger_acknowledgement_and_resolution_are_proposed_as_milestones(tmp_path):
    draft = one(tmp_path, "pagerduty", PAGERDUTY)
    proposed = {event.milestone: event.key for event in draft.events if event.milestone}
    assert proposed == {
        "Alert detected": "pagerduty:R001",
        "Alert validated": "pagerduty:R002",
        "Recovery completed": "pagerduty:R012",
    }


def test_the_last_resolution_and_the_first_trigger_count(tmp_path):
    kinds = ["trigger", "resolve", "trigger", "resolve"]
    draft = one(tmp_path, "pagerduty", [log_entry(n, kind) for n, kind in enumerate(kinds, start=1)])
    assert [event.milestone for event in draft.events] == ["Alert detected", "", "", "Recovery completed"]


def test_a_kind_of_entry_that_the_schema_lacks_is_a_row_too(tmp_path):
    assert one(tmp_path, "pagerduty", [log_entry(1, "teleport")]).events[0].event.written == "teleport by the rota"


def test_a_note_names_its_author_and_says_its_text(tmp_path):
    author = {"type": "user_reference", "summary": "Bo Fern", "self": "https://api.pagerduty.example/users/U2"}
    notes = {"notes": [{"id": "N1", "user": author, "content": "Token revoked", "created_at": "2026-03-02T01:00:00Z"}]}
    (event,) = one(tmp_path, "pagerduty", notes).events
    assert (event.event.written, event.who) == ("Token revoked", ("Bo Fern",))


def test_an_incident_states_its_moments_where_there_is_no_log(tmp_path):
    incident = {
        "type": "incident",
        "id": "Q1",
        "incident_number": 14,
        "title": "Token stolen",
        "created_at": "2026-03-02T01:00:00Z",
        "resolved_at": "2026-03-02T05:00:00Z",
        "acknowledgements": [
            {"at": "2026-03-02T01:05:00Z", "acknowledger": {"type": "user_reference", "summary": "Bo"}}
        ],
        "assignments": [{"at": "2026-03-02T01:01:00Z", "assignee": {"type": "user_reference", "summary": "Bo"}}],
    }
    draft = one(tmp_path, "pagerduty", {"incidents": [incident]})
    assert [event.milestone for event in draft.events] == ["Alert detected", "Alert validated", "Recovery completed"]
    assert draft.incident_id == "14"
    assert [left.what for left in draft.left_out] == ["assignments"]


def test_two_incidents_in_a_file_are_two_drafts(tmp_path):
    other = log_entry(2, "trigger", incident={"id": "Q2", "summary": "[#15] Other"})
    drafts = kind_of("pagerduty").read(source_of(tmp_path, "two.json", [log_entry(1, "trigger"), other]))
    assert [draft.title for draft in drafts] == ["Token stolen", "Other"]
    assert [draft.source for draft in drafts] == ["two.json#Q1", "two.json#Q2"]


def test_an_entry_that_stands_twice_is_counted_and_a_changed_one_is_not_read(tmp_path):
    same, changed = log_entry(1, "annotate"), log_entry(1, "annotate", note="another text")
    draft = one(tmp_path, "pagerduty", [log_entry(1, "annotate"), same, changed])
    assert [left.what for left in draft.left_out] == ["items that stand twice"]
    (unread,) = draft.unread
    assert "item 3" in unread.place
    assert "stands twice" in unread.reason


def test_an_entry_without_a_time_is_not_read_and_named(tmp_path):
    draft = one(tmp_path, "pagerduty", [log_entry(1, "annotate", created_at="yesterday")])
    (unread,) = draft.unread
    assert unread.place == "pagerduty.json: item 1"
    assert "yesterday" in unread.reason


def test_a_list_of_users_holds_no_incident(tmp_path):
    with pytest.raises(SourceError, match=r"users\.json: it holds no log entry"):
        kind_of("pagerduty").read(source_of(tmp_path, "users.json", [{"type": "user", "name": "Ada"}]))


def test_entries_that_opsgenie_hides_are_left_out_unless_asked_for(tmp_path):
    assert "opsgenie:t1" not in [event.key for event in one(tmp_path, "opsgenie", OPSGENIE).events]
    hidden = [left.what for left in one(tmp_path, "opsgenie", OPSGENIE).left_out]
    assert "entries that are hidden in Opsgenie" in hidden
    shown = one(tmp_path, "opsgenie", OPSGENIE, everything=True)
    assert "opsgenie:t1" in [event.key for event in shown.events]


def test_the_system_is_no_person_whose_name_needs_a_pseudonym(tmp_path):
    draft = one(tmp_path, "opsgenie", OPSGENIE, everything=True)
    assert draft.names == ("Bo Fern",)
    assert ("System",) in [event.who for event in draft.events]


def test_milestones_of_firehydrant_are_proposed_and_its_tickets_are_actions(tmp_path):
    draft = one(tmp_path, "firehydrant", FIREHYDRANT)
    assert {e.milestone for e in draft.events if e.milestone} == {"Alert detected", "Recovery completed"}
    assert [(a.action.written, a.status, a.owners) for a in draft.actions] == [
        ("Alert on uploads", "done", ("Bo Fern",))
    ]


def test_timestamps_of_incident_io_are_milestones_and_follow_ups_are_actions_without_a_date(tmp_path):
    draft = one(tmp_path, "incident-io", INCIDENT_IO)
    assert [e.milestone for e in draft.events] == ["Adverse activity started", "", "Recovery completed"]
    assert [(a.status, a.due, a.ticket) for a in draft.actions] == [
        ("open", None, "https://t.example/SEC-41"),
        ("won't do", None, "F2"),
    ]
    assert [(left.what, left.count) for left in draft.left_out] == [("named timestamps without a time", 1)]


def test_rootly_states_zones_and_links_events_to_their_incident(tmp_path):
    draft = one(tmp_path, "rootly", ROOTLY)
    assert f"{draft.events[0].moment.utc:%Y-%m-%d %H:%M}" == "2026-03-02 00:10"
    assert draft.severity == "SEV1"
    assert [(a.status, str(a.due)) for a in draft.actions] == [("done", "2026-03-20")]


def test_the_envelope_of_an_answer_is_looked_through(tmp_path):
    incident = OPSGENIE["data"][0]
    alone = one(tmp_path, "opsgenie", {"data": incident, "took": 0.1, "requestId": "x"})
    assert alone.title == "Token stolen"
    entries = {"data": {"entries": incident["timelines"]}, "took": 0.1, "requestId": "x"}
    assert [event.event.written for event in one(tmp_path, "opsgenie", entries).events] == ["Responder alert acked"]
    assert one(tmp_path, "rootly", {"data": ROOTLY["data"][0], "included": []}).title == "Token stolen"
    assert one(tmp_path, "pagerduty", {"log_entries": PAGERDUTY["log_entries"], "limit": 25, "more": False}).items == 17


def test_those_to_whom_an_incident_is_escalated_stand_in_the_column_of_names(tmp_path):
    entry = log_entry(1, "escalate", assignees=[{"type": "user_reference", "summary": "Bo Fern"}])
    (event,) = one(tmp_path, "pagerduty", [entry]).events
    assert event.who == ("Ada Quill", "Bo Fern")
    assert "Bo Fern" not in event.notes.written


def test_an_export_is_recognised_behind_a_long_first_item(tmp_path):
    long = {"channel": {"body": "x" * 300_000}, **log_entry(1, "trigger_log_entry")}
    source = source_of(tmp_path, "pd.json", {"log_entries": [long, log_entry(2, "resolve_log_entry")]})
    assert find_kind(source).name == "pagerduty"
