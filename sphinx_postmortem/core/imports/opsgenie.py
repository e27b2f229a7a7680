"""Opsgenie: incidents with their timelines, and alerts, as its REST API gives them. Its support ends in April 2027."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import (
    DETECTED,
    ENGAGED,
    EVERYTHING,
    RECOVERED,
    STARTED,
    VALIDATED,
    Gathered,
)
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item

_MILESTONES = {
    "IncidentOpened": DETECTED,
    "IncidentResolved": RECOVERED,
    "ResponderAlertAcked": VALIDATED,
    "ResponderAlertAcknowledged": VALIDATED,
    "IncidentOwnerAdded": ENGAGED,
}
_LEFT_TWICE = "moments that the timeline states as well"
_LEFT_HIDDEN = "entries that are hidden in Opsgenie"
_LEFT_BUTTONS = "names of custom actions, which are buttons of Opsgenie"


def _is_incident(item: object) -> bool:
    has_own = "impactStartDate" in mapping_of(item) or "timelines" in mapping_of(item)
    return has_own and bool(text_of(item, "tinyId") or text_of(item, "message"))


def _is_alert(item: object) -> bool:
    return bool(text_of(item, "tinyId") and "acknowledged" in mapping_of(item) and text_of(item, "createdAt"))


def _is_entry(item: object) -> bool:
    return bool(text_of(item, "eventTime") and text_of(item, "type"))


def _incident(export: Export, item: Item) -> None:
    incident: Mapping[str, Any] = item.value
    gathered = export.incident(text_of(incident, "id"), incident)
    url = text_of(incident, "links", "web")
    for number, entry in enumerate(items_of(incident, "timelines"), start=1):
        _entry(gathered, Item(f"{item.place}, timeline {number}", entry), url)
    key = text_of(incident, "id")
    for name, words, milestone in (
        ("impactStartDate", "Impact started", STARTED),
        ("impactEndDate", "Impact ended", RECOVERED),
        ("createdAt", "Incident opened", DETECTED),
    ):
        when = text_of(incident, name)
        if not when:
            continue
        if gathered.proposes(milestone):
            gathered.leave_out(_LEFT_TWICE)
        else:
            gathered.row(f"{item.place}, {name}", f"{key}/{name}", when, words, evidence=url, milestone=milestone)
    buttons = len(items_of(incident, "actions"))
    if buttons:
        gathered.leave_out(_LEFT_BUTTONS, count=buttons)


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    url = text_of(head, "links", "web")
    return gathered.draft(
        incident_id=text_of(head, "tinyId") or of,
        title=text_of(head, "message"),
        severity=text_of(head, "priority"),
        status=text_of(head, "status"),
        summary=Text(text_of(head, "description")),
        links=(("The incident in Opsgenie", url),) if url else (),
    )


def _entries(export: Export, item: Item) -> None:
    for number, entry in enumerate(items_of(item.value, "entries"), start=1):
        _entry(export.incident(""), Item(f"{item.place}: entry {number}", entry), "")


def _entry(gathered: Gathered, item: Item, url: str) -> None:
    entry: Mapping[str, Any] = mapping_of(item.value)
    kind = text_of(entry, "type")
    if entry.get("hidden") is True and not gathered.takes_everything:
        gathered.leave_out(_LEFT_HIDDEN, EVERYTHING)
        return
    title = text_of(entry, "title", "content") or text_of(entry, "title")
    described = text_of(entry, "description", "content") or text_of(entry, "description")
    name, sort = text_of(entry, "actor", "name"), text_of(entry, "actor", "type")
    is_person = sort == "user" and name.casefold() not in ("system", "api", "opsgenie")
    gathered.row(
        item.place,
        text_of(entry, "id") or f"{kind}/{text_of(entry, 'eventTime')}",
        text_of(entry, "eventTime"),
        title or described or kind,
        notes=described if title else "",
        people=[name] if is_person else [],
        systems=[] if is_person else [name],
        evidence=url,
        milestone=_MILESTONES.get(kind, ""),
        item=entry,
    )


def _alert(export: Export, item: Item) -> None:
    alert: Mapping[str, Any] = item.value
    gathered = export.incident("")
    key, url = text_of(alert, "id") or text_of(alert, "tinyId"), text_of(alert, "links", "web")
    gathered.row(
        item.place,
        f"alert/{key}",
        text_of(alert, "createdAt"),
        f"Alert: {text_of(alert, 'message')}",
        notes=text_of(alert, "description"),
        systems=[first_text(alert, "source"), text_of(alert, "integration", "name")][:1],
        evidence=url,
        milestone=DETECTED,
        item=alert,
    )
    gathered.name(text_of(child(alert, "report"), "acknowledgedBy"), text_of(child(alert, "report"), "closedBy"))


FORMAT = Format(
    kind="opsgenie",
    lists=("data", "incidents", "alerts", "entries", "timelines"),
    parts=(
        Part(_is_incident, _incident),
        Part(_is_alert, _alert),
        Part(_is_entry, lambda export, item: _entry(export.incident(""), item, "")),
        Part(lambda item: any(map(_is_entry, items_of(item, "entries"))), _entries),
    ),
    what="incident, alert or timeline entry of Opsgenie",
    draft=_draft,
    beside=("users, teams and schedules", lambda _item: False),
)
