"""Small exports of trackers, invented: the tickets of actions."""

from __future__ import annotations

JIRA = {
    "issues": [
        {
            "key": "SEC-41",
            "self": "https://acme.atlassian.example/rest/api/3/issue/1",
            "fields": {
                "summary": "Alert on uploads",
                "status": {"name": "Done", "statusCategory": {"key": "done"}},
                "resolution": {"name": "Done"},
                "duedate": "2026-03-20",
                "assignee": {"displayName": "Bo Fern", "emailAddress": "bo@acme.example"},
                "priority": {"name": "High"},
            },
        },
        {
            "key": "SEC-42",
            "self": "https://acme.atlassian.example/rest/api/3/issue/2",
            "fields": {
                "summary": "Freeze forever",
                "status": {"name": "Closed", "statusCategory": {"key": "done"}},
                "resolution": {"name": "Won't Do"},
            },
        },
    ]
}
GITHUB = [
    {
        "number": 12,
        "title": "Alert on uploads",
        "state": "CLOSED",
        "stateReason": "COMPLETED",
        "url": "https://github.com/acme/registry/issues/12",
        "assignees": [{"login": "bofern", "name": "Bo Fern"}],
        "labels": [{"name": "P1"}],
        "milestone": {"title": "March", "dueOn": "2026-03-20T00:00:00Z"},
    },
    {
        "number": 13,
        "title": "Freeze forever",
        "state": "CLOSED",
        "stateReason": "NOT_PLANNED",
        "url": "https://github.com/acme/registry/issues/13",
    },
]
GITLAB = [
    {
        "id": 900,
        "iid": 12,
        "title": "Alert on uploads",
        "state": "closed",
        "web_url": "https://gitlab.example/acme/registry/-/issues/12",
        "references": {"full": "acme/registry#12"},
        "assignees": [{"username": "bofern", "name": "Bo Fern"}],
        "due_date": "2026-03-20",
        "labels": ["priority: P1"],
    }
]
