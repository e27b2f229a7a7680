"""Small exports of each kind, invented: no person, system or incident in them exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.source_kinds import KINDS, SourceKind
from tests.imports.slack_samples import slack_zip
from tests.imports.tracker_samples import GITHUB, GITLAB, JIRA

PAGERDUTY_KINDS = (
    *("trigger", "acknowledge", "annotate", "assign", "delegate", "escalate", "exhaust_escalation_path", "notify"),
    *("reach_ack_limit", "reach_trigger_limit", "repeat_escalation_path", "resolve", "snooze", "unacknowledge"),
    *("urgency_change", "field_value_change", "custom_field_value_change"),
)


def log_entry(number: int, kind: str, **more: Any) -> dict[str, Any]:
    """Return a log entry as PagerDuty's schema has it."""
    return {
        "id": f"R{number:03}",
        "type": f"{kind}_log_entry",
        "summary": f"{kind} by the rota",
        "created_at": f"2026-03-02T01:{number:02}:00+01:00",
        "html_url": f"https://acme.pagerduty.example/incidents/Q1/log_entries/R{number:03}",
        "agent": {"id": "U1", "type": "user_reference", "summary": "Ada Quill"},
        "channel": {"type": "web_trigger", "summary": "said in the channel"},
        "incident": {
            "id": "Q1",
            "type": "incident_reference",
            "summary": "[#14] Token stolen",
            "html_url": "https://x.example/Q1",
        },
        **more,
    }


PAGERDUTY = {"log_entries": [log_entry(n, kind) for n, kind in enumerate(PAGERDUTY_KINDS, start=1)]}
OPSGENIE = {
    "data": [
        {
            "id": "i-1",
            "tinyId": "14",
            "message": "Token stolen",
            "status": "closed",
            "priority": "P1",
            "createdAt": "2026-03-02T00:14:00.5Z",
            "impactStartDate": "2026-03-02T00:10:00Z",
            "impactEndDate": "2026-03-02T05:00:00Z",
            "links": {"web": "https://acme.opsgenie.example/incident/i-1"},
            "actions": ["Restart"],
            "timelines": [
                *(
                    {
                        "id": "t2",
                        "type": "ResponderAlertAcked",
                        "eventTime": "2026-03-02T00:20:00Z",
                        "hidden": False,
                        "actor": {"name": "Bo Fern", "type": "user"},
                        "title": {"type": "plain_text", "content": "Responder alert acked"},
                    },
                    {
                        "id": "t1",
                        "type": "IncidentOpened",
                        "eventTime": "2026-03-02T00:14:01Z",
                        "hidden": True,
                        "actor": {"name": "System", "type": "user"},
                        "title": {"type": "plain_text", "content": "Incident opened"},
                    },
                )
            ],
        }
    ]
}
FIREHYDRANT = [
    {
        "id": "f-1",
        "number": 14,
        "name": "Token stolen",
        "severity": "SEV1",
        "current_milestone": "resolved",
        "incident_url": "https://app.firehydrant.example/f-1",
        "milestones": [
            {"id": "m1", "type": "detected", "occurred_at": "2026-03-02T00:14:00Z"},
            {"id": "m2", "type": "resolved", "occurred_at": "2026-03-02T05:00:00Z"},
        ],
        "events": [
            {
                "id": "e1",
                "type": "event/note",
                "occurred_at": "2026-03-02T00:30:00Z",
                "visibility": "private_to_org",
                "author": {"name": "Ada Quill", "source": "firehydrant_user", "email": "ada@acme.example"},
                "data": {"body": "The token is `ci-pub-7`."},
            },
            {
                "id": "e2",
                "type": "event/general_update",
                "occurred_at": "2026-03-02T01:30:00Z",
                "visibility": "open_to_public",
                "author": {"name": "Patchy", "source": "patchy", "email": ""},
                "data": {"body": "Uploads are paused."},
            },
            {
                "id": "e3",
                "type": "event/runbook_step_execution_update",
                "occurred_at": "2026-03-02T01:31:00Z",
                "visibility": "private_to_org",
                "author": {"name": "Patchy", "source": "patchy"},
                "data": {"description": "Step has completed."},
            },
        ],
        "incident_tickets": [
            {"id": "k1", "summary": "Token stolen", "state": "open", "type": "incident"},
            {
                "id": "k2",
                "summary": "Alert on uploads",
                "state": "done",
                "type": "task",
                "assignees": [{"name": "Bo Fern"}],
            },
        ],
    }
]
INCIDENT_IO = {
    "incidents": [
        {
            "id": "01INC",
            "reference": "INC-14",
            "name": "Token stolen",
            "permalink": "https://app.incident.example/14",
            "severity": {"name": "Critical"},
            "incident_status": {"category": "closed", "name": "Closed"},
            "incident_timestamp_values": [
                {
                    "incident_timestamp": {"id": "T1", "name": "Impact started"},
                    "value": {"value": "2026-03-02T00:10:00Z"},
                },
                {"incident_timestamp": {"id": "T2", "name": "Resolved at"}, "value": {"value": "2026-03-02T05:00:00Z"}},
                {"incident_timestamp": {"id": "T3", "name": "Fixed at"}, "value": None},
            ],
            "incident_updates": [
                {
                    "id": "U1",
                    "created_at": "2026-03-02T00:31:00Z",
                    "message": "We see uploads from a new network.",
                    "new_incident_status": {"name": "Investigating"},
                    "updater": {"user": {"name": "Ada Quill"}},
                }
            ],
            "follow_ups": [
                {
                    "id": "F1",
                    "title": "Alert on uploads",
                    "status": "outstanding",
                    "assignee": {"name": "Bo Fern", "email": "bo@acme.example"},
                    "priority": {"name": "High"},
                    "external_issue_reference": {"issue_name": "SEC-41", "issue_permalink": "https://t.example/SEC-41"},
                },
                {"id": "F2", "title": "Freeze forever", "status": "not_doing"},
            ],
        }
    ]
}
ROOTLY = {
    "data": [
        {
            "id": "r-1",
            "type": "incidents",
            "attributes": {
                "title": "Token stolen",
                "sequential_id": 14,
                "status": "resolved",
                "started_at": "2026-03-01T16:10:00.000-08:00",
                "detected_at": "2026-03-01T16:14:00.000-08:00",
                "resolved_at": "2026-03-01T21:00:00.000-08:00",
                "severity": {"data": {"attributes": {"name": "SEV1"}}},
            },
        },
        {
            "id": "ev-1",
            "type": "incident_events",
            "attributes": {
                "incident_id": "r-1",
                "event": "Uploads are paused.",
                "occurred_at": "2026-03-01T17:30:00.000-08:00",
                "visibility": "external",
                "user": {"full_name": "Ada Quill"},
            },
        },
        {
            "id": "ac-1",
            "type": "incident_action_items",
            "attributes": {
                "incident_id": "r-1",
                "summary": "Alert on uploads",
                "status": "done",
                "due_date": "2026-03-20",
            },
        },
    ]
}
STATUSPAGE = {
    "incidents": [
        {
            "id": "s-1",
            "name": "Uploads are delayed",
            "status": "resolved",
            "impact": "major",
            "shortlink": "https://stspg.example/s1",
            "incident_updates": [
                {"id": "u2", "status": "resolved", "body": "It is solved.", "display_at": "2026-03-02T05:00:00Z"},
                {"id": "u1", "status": "investigating", "body": "We look.", "display_at": "2026-03-02T01:00:00Z"},
            ],
            "components": [{"name": "Uploads"}],
            "postmortem_body": "## What happened\n\nA token was stolen.",
        }
    ]
}
SERVICENOW = {
    "result": [
        {
            "sys_id": {"display_value": "s1", "value": "s1"},
            "number": {"display_value": "INC0000014", "value": "INC0000014"},
            "short_description": {"display_value": "Token stolen", "value": "Token stolen"},
            "opened_at": {"display_value": "2026-03-02 01:14:00", "value": "2026-03-02 00:14:00"},
            "resolved_at": {"display_value": "2026-03-02 06:00:00", "value": "2026-03-02 05:00:00"},
            "closed_at": {"display_value": "", "value": ""},
        },
        {
            "sys_id": {"display_value": "j1", "value": "j1"},
            "element_id": {"display_value": "s1", "value": "s1"},
            "element": {"display_value": "work_notes", "value": "work_notes"},
            "sys_created_on": {"display_value": "2026-03-02 01:30:00", "value": "2026-03-02 00:30:00"},
            "sys_created_by": {"display_value": "ada.quill", "value": "ada.quill"},
            "value": {"display_value": "The token is revoked.", "value": "The token is revoked."},
        },
    ]
}
IRIS = {
    "case": {"name": "Token stolen", "case_id": 14, "description": "A token was stolen.", "opened_by": "ada"},
    "timeline": [
        {
            "event_uuid": "u-1",
            "event_title": "Token used",
            "event_content": "From a new network",
            "event_date": "2026-03-02T00:14:00.000000",
            "event_tz": "+01:00",
            "event_date_wtz": "2026-03-02T01:14:00.000000",
            "event_source": "proxy",
            "category": "Execution",
        }
    ],
    "tasks": [{"id": 1, "task_title": "Rotate tokens", "task_status": "Done", "task_assignee": "bo"}],
    "notes": [{"note_id": 1, "note_title": "Scope", "note_content": "Only uploads."}],
    "iocs": [{"ioc_value": "192.0.2.7"}],
    "assets": [],
    "evidences": [],
}
THEHIVE = {
    "_type": "Case",
    "_id": "~14",
    "number": 14,
    "title": "Token stolen",
    "severityLabel": "HIGH",
    "startDate": 1772410440000,
    "endDate": 1772427600000,
    "assignee": "ada@acme.example",
    "timeline": {
        "events": [
            {
                "date": 1772411400000,
                "kind": "log",
                "entity": "Log",
                "entityId": "~2",
                "details": {"message": "Token revoked"},
            }
        ]
    },
    "tasks": [{"_id": "~3", "title": "Rotate tokens", "status": "Completed", "assignee": "bo@acme.example"}],
    "observables": [{"_type": "Observable", "data": "192.0.2.7"}],
}
TIMESKETCH = "\n".join(
    json.dumps(line)
    for line in (
        {
            "message": "upload of left-pad",
            "datetime": "2026-03-02T00:14:00+00:00",
            "timestamp": 1772410440000000,
            "timestamp_desc": "Event Logged",
            "tag": ["exfil"],
        },
        {
            "message": "heartbeat",
            "datetime": "2026-03-02T00:15:00+00:00",
            "timestamp": 1772410500000000,
            "timestamp_desc": "Event Logged",
            "tag": [],
        },
    )
)
CSTATE = """---
title: Uploads are delayed
date: 2026-03-02T01:00:00Z
resolved: true
resolvedWhen: 2026-03-02T05:00:00Z
severity: disrupted
affected:
  - Uploads
section: issue
---

*Resolved* - It is solved. {{< track "2026-03-02T05:00:00Z" >}}

*Investigating* - We look. {{< track "2026-03-02T01:00:00Z" >}}

We are sorry.
"""
JSON_SAMPLES: dict[str, Any] = {
    "pagerduty": PAGERDUTY,
    "opsgenie": OPSGENIE,
    "firehydrant": FIREHYDRANT,
    "incident-io": INCIDENT_IO,
    "rootly": ROOTLY,
    "statuspage": STATUSPAGE,
    "servicenow": SERVICENOW,
    "jira": JIRA,
    "github": GITHUB,
    "gitlab": GITLAB,
    "iris": IRIS,
    "thehive": THEHIVE,
}
SAMPLES: dict[str, tuple[str, bytes]] = {
    **{name: (f"{name}.json", json.dumps(value).encode()) for name, value in JSON_SAMPLES.items()},
    "slack": ("export.zip", slack_zip()),
    "timesketch": ("events.jsonl", TIMESKETCH.encode()),
    "cstate": ("2026-03-02-uploads.md", CSTATE.encode()),
}


def kind_of(name: str) -> SourceKind:
    """Return a kind by its name."""
    return next(kind for kind in KINDS if kind.name == name)


def source_of(folder: Path, name: str, content: bytes | str | object, **asked: Any) -> Source:
    """Write a file and return it as a source; what is no text and no bytes becomes JSON."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Source(path, name, Asked(**asked))
