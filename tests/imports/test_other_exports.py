"""ServiceNow, IRIS, TheHive, Timesketch, Statuspage, cState and trackers: what becomes of their items."""

from __future__ import annotations

import copy
import json

import pytest

from sphinx_postmortem.core.imports.draft import AnswerNeededError, SourceError
from sphinx_postmortem.core.records.zones import read_zone
from tests.imports.export_samples import CSTATE, IRIS, SERVICENOW, STATUSPAGE, THEHIVE, TIMESKETCH, kind_of, source_of
from tests.imports.tracker_samples import GITHUB, GITLAB, JIRA


def one(tmp_path, name, document, file="export.json", **asked):
    (draft,) = kind_of(name).read(source_of(tmp_path, file, document, **asked))
    return draft


def utc(draft):
    return [f"{event.moment.utc:%H:%M}" for event in draft.events]


def test_values_of_servicenow_are_in_utc_whatever_the_user_saw(tmp_path):
    draft = one(tmp_path, "servicenow", SERVICENOW)
    assert utc(draft) == ["00:14", "00:30", "05:00"]
    assert draft.events[1].who == ("ada.quill",)


def test_servicenow_without_both_values_needs_a_zone(tmp_path):
    plain = {"result": [{"number": "INC1", "opened_at": "2026-03-02 01:14:00", "short_description": "Token"}]}
    with pytest.raises(AnswerNeededError, match=r"export\.json: result 1, opened_at.*--zone") as refused:
        one(tmp_path, "servicenow", plain)
    assert refused.value.option == "--zone"
    assert utc(one(tmp_path, "servicenow", plain, zone=read_zone("Europe/Berlin"))) == ["00:14"]


def test_notes_of_a_journal_field_are_rows(tmp_path):
    journal = (
        "2026-03-02 01:40:00 - Ada Quill (Work notes)\nRevoked.\nBy hand.\n\n"
        "2026-03-02 01:30:00 - Bo Fern (Work notes)\nSeen.\n"
    )
    document = {"result": [{"number": "INC1", "opened_at": "", "work_notes": journal}]}
    draft = one(tmp_path, "servicenow", document, zone=read_zone("UTC"))
    assert [(e.event.written, e.who) for e in draft.events] == [("Seen.", ("Bo Fern",)), ("Revoked.", ("Ada Quill",))]
    assert draft.events[1].detail.written == "Revoked.\nBy hand."


def test_the_local_time_of_iris_is_taken_where_all_three_fields_agree(tmp_path):
    draft = one(tmp_path, "iris", IRIS)
    assert utc(draft) == ["00:14"]
    assert draft.events[0].moment.offset == "+01:00"
    assert [(s.title, s.text.written) for s in draft.sections] == [("Scope", "Only uploads.")]
    assert [(a.action.written, a.status) for a in draft.actions] == [("Rotate tokens", "done")]


@pytest.mark.parametrize(
    ("field", "value"), [("event_tz", "-05:00"), ("event_tz", ""), ("event_date_wtz", ""), ("event_tz", "BST")]
)
def test_a_time_of_iris_that_its_fields_do_not_agree_on_is_not_read(field, value, tmp_path):
    document = copy.deepcopy(IRIS)
    document["timeline"][0][field] = value
    draft = one(tmp_path, "iris", document)
    assert not draft.events
    assert draft.unread[0].place == "export.json: timeline 1"


def test_milliseconds_of_the_hive_are_times_and_tasks_are_actions(tmp_path):
    draft = one(tmp_path, "thehive", THEHIVE)
    assert utc(draft) == ["00:14", "00:30", "05:00"]
    assert [(a.action.written, a.status, a.owners) for a in draft.actions] == [
        ("Rotate tokens", "done", ("bo@acme.example",))
    ]


def test_starred_and_tagged_events_of_timesketch_are_rows_or_all_where_none_is(tmp_path):
    assert [e.event.written for e in one(tmp_path, "timesketch", TIMESKETCH).events] == ["upload of left-pad"]
    unmarked = TIMESKETCH.replace('["exfil"]', "[]")
    assert len(one(tmp_path, "timesketch", unmarked).events) == 2


def test_csv_of_timesketch_is_read_and_a_contradiction_is_said(tmp_path):
    text = "message,datetime,timestamp,timestamp_desc\nlogin,2026-03-02T00:14:00+00:00,1772410440000000,Logged\n"
    assert not one(tmp_path, "timesketch", text).said
    (sentence,) = one(tmp_path, "timesketch", text.replace("1772410440", "1772410441")).said
    assert "export.json:2" in sentence


def test_a_line_that_is_no_json_is_not_read(tmp_path):
    draft = one(tmp_path, "timesketch", f"{TIMESKETCH}\nnot json\n")
    assert [(u.place, u.text) for u in draft.unread] == [("export.json:3", "not json")]


def test_a_postmortem_of_a_status_page_is_a_section(tmp_path):
    (section,) = one(tmp_path, "statuspage", STATUSPAGE).sections
    assert section.text.written.endswith("A token was stolen.")


def test_the_text_of_cstate_without_a_time_stays(tmp_path):
    draft = one(tmp_path, "cstate", CSTATE)
    assert [section.text.written for section in draft.sections] == ["We are sorry."]
    assert draft.impacts[0][1].written == "Affected: Uploads"


def test_cstate_without_zones_is_refused_with_the_line(tmp_path):
    with pytest.raises(AnswerNeededError, match=r"export\.json:3.*--zone"):
        one(tmp_path, "cstate", CSTATE.replace("00Z", "00"))


def test_issues_of_trackers_are_actions_with_owner_date_and_state(tmp_path):
    jira, github, gitlab = (one(tmp_path, *pair) for pair in (("jira", JIRA), ("github", GITHUB), ("gitlab", GITLAB)))
    read = [
        [(a.key, a.status, a.owners, str(a.due), a.priority) for a in draft.actions] for draft in (jira, github, gitlab)
    ]
    assert read == [
        [
            ("jira:SEC-41", "done", ("Bo Fern",), "2026-03-20", "High"),
            ("jira:SEC-42", "won't do", (), "None", ""),
        ],
        [
            ("github:acme/registry#12", "done", ("bofern",), "2026-03-20", "P1"),
            ("github:acme/registry#13", "won't do", (), "None", ""),
        ],
        [("gitlab:acme/registry#12", "done", ("bofern",), "2026-03-20", "P1")],
    ]
    assert jira.actions[0].ticket == "https://acme.atlassian.example/browse/SEC-41"


def test_gitlab_as_csv_is_read(tmp_path):
    text = (
        "Title,Description,Issue ID,URL,State,Assignee,Assignee Username,Due Date\n"
        '"Alert, on uploads",,12,https://gitlab.example/acme/registry/-/issues/12,Open,Bo Fern,bofern,2026-03-20\n'
    )
    (action,) = one(tmp_path, "gitlab", text).actions
    assert (action.key, action.status, action.action.written) == (
        "gitlab:acme/registry#12",
        "open",
        "Alert, on uploads",
    )


def test_a_webhook_gives_its_comment_as_a_row_and_its_issue_as_an_action(tmp_path):
    payload = {
        "action": "created",
        "issue": GITHUB[0],
        "comment": {"id": 7, "body": "Revoked.", "created_at": "2026-03-02T00:30:00Z", "user": {"login": "ada"}},
        "repository": {"full_name": "acme/registry"},
        "sender": {"login": "ada"},
    }
    draft = one(tmp_path, "github", payload)
    assert [(e.event.written, e.who) for e in draft.events] == [("Revoked.", ("ada",))]
    assert len(draft.actions) == 1
    deleted = one(tmp_path, "github", {**payload, "action": "deleted"})
    assert [left.what for left in deleted.left_out] == ["comments that were deleted"]


def test_more_than_fifty_megabytes_of_json_are_streamed(tmp_path, monkeypatch):
    from sphinx_postmortem.core.imports import files

    monkeypatch.setattr(files, "LARGEST_JSON", 100)
    assert len(one(tmp_path, "jira", JIRA).actions) == 2


def test_items_beyond_the_bound_are_refused(tmp_path, monkeypatch):
    from sphinx_postmortem.core.imports import gathering

    monkeypatch.setattr(gathering, "MOST_ITEMS", 2)
    lines = "\n".join(
        json.dumps({"message": f"m{n}", "datetime": f"2026-03-02T00:0{n}:00Z", "timestamp_desc": "x"}) for n in range(4)
    )
    with pytest.raises(SourceError, match="more than 2 items"):
        one(tmp_path, "timesketch", lines)


def test_more_incidents_than_the_bound_are_refused(tmp_path, monkeypatch):
    from sphinx_postmortem.core.imports import exported

    monkeypatch.setattr(exported, "MOST_INCIDENTS", 2)
    incidents = [{**STATUSPAGE["incidents"][0], "id": f"s-{n}"} for n in range(3)]
    with pytest.raises(SourceError, match="more than 2 incidents"):
        kind_of("statuspage").read(source_of(tmp_path, "many.json", incidents))
