"""A small export of Slack, invented: messages with threads, edits and bots, and the ZIP that holds them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

SLACK_MESSAGES: list[dict[str, Any]] = [
    {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> has joined", "ts": "1772410000.000100"},
    {
        "type": "message",
        "user": "U1",
        "text": "<@U2> the token <https://ci.example/t?a=1&amp;b=2|ci-pub-7> leaked in <#C2|builds>",
        "ts": "1772410440.000200",
        "thread_ts": "1772410440.000200",
        "reactions": [{"name": "pushpin", "users": ["U2"], "count": 1}],
    },
    {
        "type": "message",
        "user": "U9",
        "text": "revoked",
        "ts": "1772410500.000300",
        "thread_ts": "1772410440.000200",
        "edited": {"user": "U9", "ts": "1772410560.000000"},
        "pinned_to": ["C1"],
    },
    {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B1",
        "username": "deploy",
        "text": "",
        "attachments": [{"fallback": "Deploy 7 is out"}],
        "ts": "1772410600.000400",
        "reactions": [{"name": "eyes", "users": ["U1"], "count": 1}],
    },
    {"type": "message", "subtype": "message_deleted", "ts": "1772410700.000500", "deleted_ts": "1772410650.000100"},
    {"type": "message", "user": "U2", "text": "lunch?", "ts": "1772410800.000600"},
]
SLACK_USERS = [
    {"id": "U1", "name": "ada", "real_name": "Ada Quill", "profile": {"display_name": "ada"}},
    {"id": "U2", "name": "bo", "profile": {"real_name": "Bo Fern"}},
]


def slack_zip(
    messages: list[dict[str, Any]] | None = None, people: str = "users.json", more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the ZIP of an export with one channel."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "channels.json", json.dumps([{"id": "C1", "name": "inc-14", "purpose": {"value": "The incident"}}])
        )
        archive.writestr(people, json.dumps(SLACK_USERS))
        archive.writestr("inc-14/2026-03-02.json", json.dumps(SLACK_MESSAGES if messages is None else messages))
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return data.getvalue()
