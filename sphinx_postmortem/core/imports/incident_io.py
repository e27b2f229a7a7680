"""incident.io: incidents with their named timestamps, updates and follow-ups, as its API v2 gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import Gathered, milestone_of
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item
from sphinx_postmortem.core.imports.tickets import action_of, people
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState

_STATES = {
    "outstanding": TicketState.OPEN,
    "completed": TicketState.DONE,
    "deleted": TicketState.DROPPED,
    "not_doing": TicketState.DROPPED,
}
_LEFT_EMPTY = "named timestamps without a time"


def is_follow_up(item: object) -> bool:
    """Say whether an object is a follow-up."""
    return text_of(item, "status") in _STATES and bool(text_of(item, "title") and text_of(item, "id"))


def ticket_of(item: Mapping[str, Any], place: str) -> Ticket:
    """Return the ticket that a follow-up is. It has no due date."""
    linked = child(item, "external_issue_reference")
    names = (text_of(linked, "issue_name"), text_of(linked, "issue_permalink"), text_of(item, "id"))
    return Ticket(
        key=text_of(linked, "issue_name") or text_of(item, "id"),
        title=text_of(item, "title"),
        state=_STATES.get(text_of(item, "status"), TicketState.OPEN),
        said=text_of(item, "status").replace("_", " "),
        url=text_of(linked, "issue_permalink"),
        names=tuple(name for name in names if name),
        assignees=people([item.get("assignee")], "name", "email", "slack_user_id"),
        priority=text_of(item, "priority", "name"),
        closed=text_of(item, "completed_at"),
        place=place,
    )


def _is_incident(item: object) -> bool:
    names = ("incident_timestamp_values", "incident_status", "incident_role_assignments")
    return bool(text_of(item, "reference") or text_of(item, "name")) and any(n in mapping_of(item) for n in names)


def _is_update(item: object) -> bool:
    has_status = bool(child(item, "new_incident_status") or text_of(item, "new_incident_status"))
    return bool(text_of(item, "created_at")) and (has_status or "updater" in mapping_of(item))


def _incident(export: Export, item: Item) -> None:
    incident: Mapping[str, Any] = item.value
    key = text_of(incident, "id")
    gathered = export.incident(key, incident)
    url = text_of(incident, "permalink")
    for number, each in enumerate(items_of(incident, "incident_timestamp_values"), start=1):
        name = text_of(each, "incident_timestamp", "name")
        when = text_of(each, "value", "value") or text_of(each, "value")
        if not when:
            gathered.leave_out(_LEFT_EMPTY)
            continue
        gathered.row(
            f"{item.place}, timestamp {number}",
            f"{key}/{text_of(each, 'incident_timestamp', 'id') or name}",
            when,
            f"Timestamp: {name}",
            evidence=url,
            milestone=milestone_of(name),
            item=each,
        )
    for number, each in enumerate(items_of(incident, "incident_updates"), start=1):
        _gather_update(gathered, Item(f"{item.place}, update {number}", each), url)
    for number, each in enumerate(items_of(incident, "follow_ups"), start=1):
        place = f"{item.place}, follow-up {number}"
        if is_follow_up(each):
            gathered.action(action_of(ticket_of(each, place), "incident-io", text_of(each, "id")), place)
        else:
            gathered.not_read(place, each, "the follow-up has no title or no known status")


def _update(export: Export, item: Item) -> None:
    _gather_update(export.incident(text_of(item.value, "incident_id")), item, "")


def _gather_update(gathered: Gathered, item: Item, url: str) -> None:
    update: Mapping[str, Any] = mapping_of(item.value)
    status = text_of(update, "new_incident_status", "name") or text_of(update, "new_incident_status")
    severity = text_of(update, "new_severity", "name")
    message = text_of(update, "message")
    author = child(update, "updater", "user")
    changed = "; ".join(filter(None, [status and f"status {status}", severity and f"severity {severity}"]))
    gathered.row(
        item.place,
        text_of(update, "id") or text_of(update, "created_at"),
        text_of(update, "created_at"),
        message or changed.capitalize(),
        notes=changed if message else "",
        people=[text_of(author, "name")],
        systems=[text_of(update, "updater", "api_key", "name") or text_of(update, "updater", "workflow", "name")],
        evidence=url,
        item=update,
    )


def _follow_up(export: Export, item: Item) -> None:
    gathered = export.incident(text_of(item.value, "incident_id"))
    gathered.action(action_of(ticket_of(item.value, item.place), "incident-io", text_of(item.value, "id")), item.place)


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    url = text_of(head, "permalink")
    for role in items_of(head, "incident_role_assignments"):
        gathered.name(text_of(role, "assignee", "name"))
    links = (("The incident in incident.io", url), ("The postmortem", text_of(head, "postmortem_document_url")))
    return gathered.draft(
        incident_id=text_of(head, "reference") or of,
        title=first_text(head, "name"),
        severity=text_of(head, "severity", "name"),
        status=text_of(head, "incident_status", "category") or text_of(head, "incident_status", "name"),
        summary=Text(text_of(head, "summary")),
        links=tuple(pair for pair in links if pair[1]),
    )


FORMAT = Format(
    kind="incident-io",
    lists=("incidents", "incident_updates", "follow_ups", "incident", "follow_up"),
    parts=(Part(is_follow_up, _follow_up), Part(_is_incident, _incident), Part(_is_update, _update)),
    what="incident, update or follow-up of incident.io",
    draft=_draft,
)
