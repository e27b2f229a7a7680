"""FireHydrant: incidents with their milestones, and the events of their timelines, as its REST API gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, DraftAction, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import EVERYTHING, Gathered, joined, milestone_of
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item

_PUBLIC = "open_to_public"
_LEFT_RUNBOOKS = "steps of runbooks, and other things that FireHydrant did by itself"
_LEFT_MILESTONES = "changes of milestones, which stand as rows of their own"
_LEFT_INCIDENT_TICKETS = "the ticket of the incident itself"
_DONE = ("done", "closed", "resolved")
_DROPPED = ("cancelled", "canceled", "wont_do")


def _is_incident(item: object) -> bool:
    return bool(text_of(item, "id") and text_of(item, "name")) and "milestones" in mapping_of(item)


def _is_event(item: object) -> bool:
    return text_of(item, "type").startswith("event/") and bool(text_of(item, "occurred_at"))


def _incident(export: Export, item: Item) -> None:
    incident: Mapping[str, Any] = item.value
    key, url = text_of(incident, "id"), text_of(incident, "incident_url")
    gathered = export.incident(key, incident)
    for number, each in enumerate(items_of(incident, "milestones"), start=1):
        name = first_text(each, "name", "type").replace("_", " ")
        gathered.row(
            f"{item.place}, milestone {number}",
            f"{key}/milestone/{first_text(each, 'id', 'type')}",
            first_text(each, "occurred_at", "created_at"),
            f"Milestone: {name}",
            evidence=url,
            milestone=milestone_of(text_of(each, "type")),
            item=each,
        )
    has_milestones = bool(gathered.items)
    for number, each in enumerate(items_of(incident, "events"), start=1):
        if _is_event(each):
            _gather_event(gathered, Item(f"{item.place}, event {number}", each), url, has_milestones=has_milestones)
        else:
            gathered.not_read(f"{item.place}, event {number}", each, "it has no type or no time")
    for number, each in enumerate(items_of(incident, "incident_tickets"), start=1):
        _ticket(gathered, f"{item.place}, ticket {number}", each)


def _event(export: Export, item: Item) -> None:
    _gather_event(export.incident(text_of(item.value, "incident_id")), item, "", has_milestones=False)


def _gather_event(gathered: Gathered, item: Item, url: str, *, has_milestones: bool) -> None:
    event: Mapping[str, Any] = item.value
    kind = text_of(event, "type").removeprefix("event/")
    if has_milestones and kind in ("bulk_milestone_update", "milestone_update"):
        gathered.leave_out(_LEFT_MILESTONES)
        return
    if kind.startswith("runbook") and not gathered.takes_everything:
        gathered.leave_out(_LEFT_RUNBOOKS, EVERYTHING)
        return
    name, sort = text_of(event, "author", "name"), text_of(event, "author", "source")
    is_person = sort.endswith("user") or bool(text_of(event, "author", "email"))
    text, notes = _said(kind, child(event, "data"))
    gathered.row(
        item.place,
        text_of(event, "id"),
        text_of(event, "occurred_at"),
        text,
        notes=notes,
        people=[*([name] if is_person else []), text_of(event, "data", "role_assignment", "user", "name")],
        systems=[] if is_person else [name],
        evidence=url,
        is_public=text_of(event, "visibility") == _PUBLIC,
        item=event,
    )


def _said(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Return what an event says, and its notes."""
    parts = items_of(data, "events")
    if parts:
        said = [_said(text_of(part, "type").removeprefix("event/"), child(part, "data"))[0] for part in parts]
        return "\n".join(dict.fromkeys(filter(None, said))), ""
    written = first_text(data, "body", "text", "message", "description", "comment", "content")
    words = kind.replace("_", " ").capitalize()
    if kind in ("note", "chat_message", "general_update", "generic_chat_message", "external_link", "alert_linked"):
        return written or first_text(data, "name", "href_url", "display_text", "summary"), ""
    if kind == "incident_status":
        return f"Status: {text_of(data, 'new_status')}", ""
    if kind == "role_update":
        role = text_of(data, "role_assignment", "incident_role", "name")
        return f"Role {role}: {text_of(data, 'operation')}".strip(), ""
    if kind == "impact_update":
        what = text_of(data, "infrastructure", "name")
        return f"Impact {text_of(data, 'update_type')}: {what} {text_of(data, 'new_condition_name')}".strip(), ""
    changed = joined(f"{name}: {text_of(value) or value}" for name, value in child(data, "fields").items())
    moved = first_text(data, "current_milestone", "new_severity_slug", "new_priority_slug", "name", "summary")
    moved = moved or text_of(data, "ticket", "summary") or text_of(data, "alert", "summary")
    text = ": ".join(filter(None, [words, written or changed or moved]))
    return text, ""


def _ticket(gathered: Gathered, place: str, ticket: Any) -> None:
    if text_of(ticket, "type") == "incident":
        gathered.leave_out(_LEFT_INCIDENT_TICKETS)
        return
    if not text_of(ticket, "summary"):
        gathered.not_read(place, ticket, "the ticket has no summary")
        return
    state = text_of(ticket, "state").casefold()
    link = first_text(child(ticket, "attachments"), "href_url")
    links = [text_of(each, "href_url") for each in items_of(ticket, "attachments")]
    action = DraftAction(
        key=f"firehydrant:ticket/{text_of(ticket, 'id')}",
        action=Text(text_of(ticket, "summary")),
        owners=tuple(text_of(each, "name") for each in items_of(ticket, "assignees") if text_of(each, "name")),
        priority=text_of(ticket, "priority", "name"),
        status="done" if state in _DONE else "open" if state not in _DROPPED else "won't do",
        ticket=next(filter(None, [link, *links]), ""),
    )
    gathered.action(action, place)


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    url = text_of(head, "incident_url")
    severity = first_text(head, "severity")
    impact = text_of(head, "customer_impact_summary")
    what = joined(text_of(each, "impact", "name") for each in items_of(head, "impacts"))
    channel = text_of(next(iter(items_of(head, "incident_channels")), {}), "url")
    links = (("The incident in FireHydrant", url), ("The channel of the incident", channel))
    for role in items_of(head, "role_assignments"):
        gathered.name(text_of(role, "user", "name"))
    return gathered.draft(
        incident_id=text_of(head, "number") or of,
        title=text_of(head, "name"),
        severity="" if severity == "UNSET" else severity,
        status=text_of(head, "current_milestone"),
        summary=Text(first_text(head, "summary", "description")),
        impacts=tuple((kind, Text(text)) for kind, text in (("customer", impact), ("operational", what)) if text),
        links=tuple(pair for pair in links if pair[1]),
    )


FORMAT = Format(
    kind="firehydrant",
    lists=("data", "incidents", "events"),
    parts=(Part(_is_incident, _incident), Part(_is_event, _event)),
    what="incident or timeline event of FireHydrant",
    draft=_draft,
    beside=("users and teams", lambda _item: False),
)
