"""PagerDuty: log entries, incidents, notes and status updates, as its REST API gives them.

The kinds of log entries are those of `LogEntry` in PagerDuty's public schema (PagerDuty/api-schema). Times stand in the
account's zone, with its offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import DETECTED, EVERYTHING, RECOVERED, VALIDATED, Gathered, joined
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, text_of
from sphinx_postmortem.core.imports.peeking import Item

_ENTRY = "_log_entry"

# Kind of entry, without its ending: what it says, and the milestone that is proposed for it.
_KINDS = {
    "trigger": ("Alert triggered", DETECTED),
    "acknowledge": ("Acknowledged", VALIDATED),
    "acknowledgement": ("Acknowledged", VALIDATED),  # the schema has both words
    "resolve": ("Resolved", RECOVERED),
    "annotate": ("Note", ""),
    "escalate": ("Escalated", ""),
    "delegate": ("Delegated", ""),
    "exhaust_escalation_path": ("Nobody was left to escalate to", ""),
    "repeat_escalation_path": ("The escalation began again", ""),
    "reach_ack_limit": ("The limit of acknowledgements was reached", ""),
    "reach_trigger_limit": ("The limit of triggers was reached", ""),
    "snooze": ("Snoozed", ""),
    "unacknowledge": ("No longer acknowledged", ""),
    "urgency_change": ("Urgency changed", ""),
    "field_value_change": ("Field changed", ""),
    "custom_field_value_change": ("Field changed", ""),
}
_BY_DEFAULT_LEFT_OUT = {"notify": "notifications", "assign": "assignments"}
_TWICE = "moments that the log entries state as well"
_LEFT_KINDS = {"notify": ("Notified", ""), "assign": ("Assigned", "")}


def _is_entry(item: object) -> bool:
    return text_of(item, "type").endswith(_ENTRY) and bool(text_of(item, "id"))


def _is_incident(item: object) -> bool:
    return text_of(item, "type") == "incident" and bool(text_of(item, "incident_number"))


def _is_note(item: object) -> bool:
    """Say whether an object is a note or a status update, which name the incident nowhere."""
    author = child(item, "user") or child(item, "sender")
    is_ours = "pagerduty" in text_of(author, "self") or text_of(author, "type").endswith("_reference")
    return bool(is_ours and first_text(item, "content", "message") and text_of(item, "created_at"))


def _entry(export: Export, item: Item) -> None:
    entry: Mapping[str, Any] = item.value
    gathered = export.incident(text_of(entry, "incident", "id"), child(entry, "incident"))
    kind = text_of(entry, "type").removesuffix(_ENTRY)
    if kind in _BY_DEFAULT_LEFT_OUT and not gathered.takes_everything:
        gathered.leave_out(_BY_DEFAULT_LEFT_OUT[kind], EVERYTHING)
        return
    known = _KINDS.get(kind) or _LEFT_KINDS.get(kind)
    words, milestone = known or (kind.replace("_", " ").capitalize(), "")
    people, systems = _who(child(entry, "agent"))
    text, notes = _said(entry, kind, words)
    gathered.row(
        item.place,
        text_of(entry, "id"),
        text_of(entry, "created_at"),
        text,
        notes=notes,
        people=[*people, *(text_of(user, "summary") for user in (*items_of(entry, "assignees"), child(entry, "user")))],
        systems=systems,
        evidence=text_of(entry, "html_url"),
        milestone=milestone,
        item=entry,
    )


def _said(entry: Mapping[str, Any], kind: str, words: str) -> tuple[str, str]:
    """Return what an entry says, and its notes."""
    channel = child(entry, "channel")
    summary, note = text_of(entry, "summary"), text_of(entry, "note")
    said = first_text(channel, "summary", "subject", "description", "details")
    if kind == "annotate":
        body = note or said or summary
        return body or words, ""
    described = text_of(entry, "event_details", "description")
    changes = joined(items_of(entry, "changeset"))
    seconds = text_of(channel, "duration") if kind == "snooze" else ""
    text = summary or words
    more = [
        described or said,
        f"for {seconds} s" if seconds else "",
        changes,
        note,
    ]
    notes = ". ".join(dict.fromkeys(part for part in more if part and part != text))
    return text, notes


def _note(export: Export, item: Item) -> None:
    note: Mapping[str, Any] = item.value
    author = child(note, "user") or child(note, "sender")
    people, systems = _who(author)
    export.incident("").row(
        item.place,
        text_of(note, "id"),
        text_of(note, "created_at"),
        first_text(note, "content", "message"),
        people=people,
        systems=systems,
        item=note,
    )


def _incident(export: Export, item: Item) -> None:
    """Gather the moments that an incident itself states, unless its log entries state them as well."""
    incident: Mapping[str, Any] = item.value
    gathered = export.incident(text_of(incident, "id"), incident)
    key, url = text_of(incident, "id"), text_of(incident, "html_url")
    has_log = {name: gathered.proposes(name) for name in (DETECTED, VALIDATED, RECOVERED)}
    if has_log[DETECTED]:
        gathered.leave_out(_TWICE)
    else:
        text, created = f"Alert triggered: {text_of(incident, 'title')}", text_of(incident, "created_at")
        gathered.row(item.place, f"{key}/created", created, text, evidence=url, milestone=DETECTED, item=incident)
    for number, each in enumerate(items_of(incident, "acknowledgements"), start=1):
        when, place = text_of(each, "at"), f"{item.place}, acknowledgement {number}"
        if has_log[VALIDATED]:
            gathered.leave_out(_TWICE)
            continue
        people, systems = _who(child(each, "acknowledger"))
        gathered.row(
            place,
            f"{key}/acknowledged/{when}",
            when,
            "Acknowledged",
            people=people,
            systems=systems,
            evidence=url,
            milestone=VALIDATED,
            item=each,
        )
    for number, each in enumerate(items_of(incident, "assignments"), start=1):
        _assignment(gathered, f"{item.place}, assignment {number}", key, each, url)
    resolved = text_of(incident, "resolved_at")
    if resolved and has_log[RECOVERED]:
        gathered.leave_out(_TWICE)
    elif resolved:
        gathered.row(item.place, f"{key}/resolved", resolved, "Resolved", evidence=url, milestone=RECOVERED)


def _assignment(gathered: Gathered, place: str, key: str, each: object, url: str) -> None:
    if not gathered.takes_everything:
        gathered.leave_out(_BY_DEFAULT_LEFT_OUT["assign"], EVERYTHING)
        return
    people, _ = _who(child(each, "assignee"))
    when = text_of(each, "at")
    name = f"{key}/assigned/{when}/{text_of(each, 'assignee', 'id')}"
    gathered.row(place, name, when, "Assigned", people=people, evidence=url, item=each)


def _who(agent: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    name = text_of(agent, "summary")
    return ([name], []) if text_of(agent, "type").startswith("user") else ([], [name])


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    title = text_of(head, "title") or text_of(head, "summary").partition("] ")[2] or text_of(head, "summary")
    url = text_of(head, "html_url")
    description = text_of(head, "description")
    return gathered.draft(
        incident_id=text_of(head, "incident_number") or of,
        title=title,
        severity=text_of(head, "priority", "summary"),
        status=text_of(head, "status"),
        summary=Text(description if description != title else ""),
        links=(("The incident in PagerDuty", url),) if url else (),
    )


def _is_beside(item: object) -> bool:
    return text_of(item, "type").removesuffix("_reference") in ("user", "service", "priority", "team")


FORMAT = Format(
    kind="pagerduty",
    lists=("log_entries", "incidents", "notes", "status_updates", "incident", "log_entry"),
    parts=(Part(_is_entry, _entry), Part(_is_note, _note), Part(_is_incident, _incident, comes_last=True)),
    what="log entry, incident or note of PagerDuty",
    draft=_draft,
    beside=("users, services, teams and priorities", _is_beside),
)
