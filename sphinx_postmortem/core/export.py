"""The data of one edition for other programs: ``postmortems.json``."""

from __future__ import annotations

from datetime import date
from typing import Any

from sphinx_postmortem.core.knowledge import KnowledgeBase
from sphinx_postmortem.core.records import Action, Event, Incident

SCHEMA_VERSION = 1


def export_edition(knowledge: KnowledgeBase, edition: str, today: date | None) -> dict[str, Any]:
    """Return all records that the edition sees, in a stable order, as plain JSON values.

    Dates are ``YYYY-MM-DD``, times RFC 3339 in UTC; what is unknown or missing is null.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "edition": edition,
        "today": _day(today),
        "incidents": [_incident(incident, knowledge) for incident in knowledge.incidents],
        "owners": [
            {"id": owner.id, "name": owner.name, "team": owner.team, "contact": owner.contact}
            for owner in knowledge.owners
        ],
        "loose_actions": [_action(action) for action in knowledge.actions if not action.incident_id],
    }


def _incident(incident: Incident, knowledge: KnowledgeBase) -> dict[str, Any]:
    own = (incident.docname, incident.id)
    return {
        "id": incident.id,
        "title": incident.title,
        "page": incident.docname,
        "anchor": incident.anchor,
        "first_day": _day(incident.first_day),
        "last_day": _day(incident.last_day),
        "severity": incident.severity,
        "type": incident.type,
        "status": incident.status,
        "tlp": incident.tlp,
        "impacts": dict(incident.impacts),
        "summary": incident.summary,
        "events": [_event(event) for event in knowledge.events_by_incident.get(own, ())],
        "actions": [_action(action) for action in knowledge.actions_by_incident.get(own, ())],
    }


def _event(event: Event) -> dict[str, Any]:
    utc = event.moment.utc if event.moment else None
    return {
        "time": utc.strftime("%Y-%m-%dT%H:%M:%SZ") if utc else None,
        "written": event.moment.written if event.moment else "",
        "event": event.text,
        "milestone": event.milestone or None,
        "anchor": event.anchor,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "id": action.full_id,
        "action": action.text,
        "owners": list(action.owners),
        "priority": action.priority,
        "due": _day(action.due),
        "due_written": action.due_written,
        "status": action.status,
        "other": dict(action.other),
        "page": action.docname,
        "anchor": action.anchor,
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
