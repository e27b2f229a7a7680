"""Rootly: incidents, timeline events and action items in its JSON:API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, DraftAction, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import Gathered, milestone_of
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, text_of
from sphinx_postmortem.core.imports.peeking import Item
from sphinx_postmortem.core.imports.tickets import day_of

_MOMENTS = ("started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "cancelled_at")
_STATUSES = {"open": "open", "in_progress": "in progress", "done": "done", "cancelled": "cancelled"}
_LEFT_RELATED = "related records, such as services, teams and users"


def _is(*types: str) -> Callable[[object], bool]:
    def fits(item: object) -> bool:
        return text_of(item, "type") in types and bool(child(item, "attributes"))

    return fits


def _incident(export: Export, item: Item) -> None:
    incident: Mapping[str, Any] = item.value
    attributes = child(incident, "attributes")
    key, url = text_of(incident, "id"), first_text(attributes, "url", "short_url")
    gathered = export.incident(key, incident)
    for name in _MOMENTS:
        when = text_of(attributes, name)
        if when:
            words = name.removesuffix("_at").capitalize()
            place, milestone = f"{item.place}, {name}", milestone_of(name)
            gathered.row(place, f"{key}/{name}", when, words, evidence=url, milestone=milestone)
    nested = (("events", _event), ("action_items", _action))
    for name, gather in nested:
        listed = items_of(attributes, name) or items_of(attributes, name, "data")
        for number, each in enumerate(listed, start=1):
            gather(export, Item(f"{item.place}, {name} {number}", each), key)


def _event(export: Export, item: Item, of: str = "") -> None:
    attributes = child(item.value, "attributes")
    user = child(attributes, "user")
    gathered = export.incident(of or _incident_of(item.value))
    gathered.row(
        item.place,
        f"event/{text_of(item.value, 'id')}",
        first_text(attributes, "occurred_at", "created_at"),
        text_of(attributes, "event"),
        people=[first_text(user, "full_name", "name") or text_of(attributes, "user_display_name")],
        is_public=text_of(attributes, "visibility") == "external",
        item=item.value,
    )


def _action(export: Export, item: Item, of: str = "") -> None:
    attributes = child(item.value, "attributes")
    gathered = export.incident(of or _incident_of(item.value))
    title = first_text(attributes, "summary", "title", "description")
    if not title:
        gathered.not_read(item.place, item.value, "the action item has no title")
        return
    user = child(attributes, "assigned_to_user") or child(attributes, "assigned_to")
    owner = first_text(user, "full_name", "name", "email")
    due = text_of(attributes, "due_date")
    action = DraftAction(
        key=f"rootly:action/{text_of(item.value, 'id')}",
        action=Text(title),
        owners=(owner,) if owner else (),
        priority=text_of(attributes, "priority"),
        due=day_of(due),
        due_written=due,
        status=_STATUSES.get(text_of(attributes, "status"), text_of(attributes, "status")),
        ticket=first_text(attributes, "jira_issue_url", "jira_issue_key", "linear_issue_url", "url"),
    )
    gathered.action(action, item.place)


def _incident_of(item: object) -> str:
    """Return the id of an item's incident, as its relationships or its attributes name it."""
    return text_of(item, "relationships", "incident", "data", "id") or text_of(item, "attributes", "incident_id")


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    attributes = child(head, "attributes")
    url = first_text(attributes, "url", "short_url")
    severity = child(attributes, "severity", "data", "attributes") or child(attributes, "severity")
    channel = text_of(attributes, "slack_channel_url")
    links = (("The incident in Rootly", url), ("The channel of the incident", channel))
    return gathered.draft(
        incident_id=text_of(attributes, "sequential_id") or of,
        title=text_of(attributes, "title"),
        severity=first_text(severity, "name", "slug"),
        status=text_of(attributes, "status"),
        summary=Text(text_of(attributes, "summary")),
        links=tuple(pair for pair in links if pair[1]),
    )


FORMAT = Format(
    kind="rootly",
    lists=("data",),
    parts=(
        Part(_is("incidents", "incident"), _incident),
        Part(_is("incident_events", "incident_event", "events"), _event),
        Part(_is("incident_action_items", "action_items", "incident_action_item"), _action),
    ),
    what="incident, event or action item of Rootly",
    draft=_draft,
    beside=(_LEFT_RELATED, lambda item: bool(text_of(item, "type") and child(item, "attributes"))),
)
