"""The data of one edition for other programs: ``postmortems.json``.

``postmortems.schema.json`` beside this module describes it (JSON Schema 2020-12). Lines of the source are in no export:
they tell how much hidden text stands above them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import (
    ASSET,
    DID_NOT_GO_WELL,
    FACTOR,
    TAKEAWAY,
    WENT_WELL,
    Action,
    Event,
    Incident,
    Owner,
    Point,
)

EXPORT_FORMATS = ("json", "csv", "ics", "atom")
CALENDARS_NEED = 'they need the library icalendar: pip install "sphinx-postmortem[ics]"'
SCHEMA_VERSION = 1
SCHEMA_FILE = Path(__file__).with_name("postmortems.schema.json")

# The name of each role's list in the data.
POINT_LISTS = {
    FACTOR: "factors",
    ASSET: "assets",
    WENT_WELL: "went_well",
    DID_NOT_GO_WELL: "did_not_go_well",
    TAKEAWAY: "takeaways",
}


def export_edition(knowledge: KnowledgeBase, publication: Publication) -> dict[str, Any]:
    """Return all records of the site that the edition sees, in a stable order, as plain JSON values.

    Records that came from other sites are left out: those sites publish them.
    """
    exported = _Exported(knowledge, publication)
    return {
        "schema_version": SCHEMA_VERSION,
        "edition": publication.edition,
        "today": _day(publication.today),
        "site": {"title": publication.title, "url": publication.url},
        "incidents": [exported.incident(incident) for incident in knowledge.incidents],
        "owners": [_owner(owner) for owner in knowledge.owners],
        "loose_events": [exported.event(event) for event in knowledge.events if not event.incident_id],
        "loose_actions": [exported.action(action) for action in knowledge.actions if not action.incident_id],
        "loose_points": [
            {"page": point.docname, "list": POINT_LISTS[point.role], **_point(point)}
            for point in knowledge.points
            if not point.incident_id
        ],
    }


def json_text(data: dict[str, Any]) -> str:
    """Return the data as a file's text."""
    return json.dumps(data, indent=1) + "\n"


class _Exported:
    """One export in the making."""

    def __init__(self, knowledge: KnowledgeBase, publication: Publication) -> None:
        self.knowledge = knowledge
        self.publication = publication
        self.points: dict[tuple[str, str], list[Point]] = {}
        for point in knowledge.points:
            self.points.setdefault((point.docname, point.incident_id), []).append(point)
        self.done: set[tuple[str, str]] = set()

    def incident(self, incident: Incident) -> dict[str, Any]:
        own = (incident.docname, incident.id)
        # What stands on a page that has one id twice belongs to the first that is exported, and appears once.
        repeated = own in self.done
        self.done.add(own)
        points = () if repeated else self.points.get(own, ())
        return {
            "id": incident.id,
            "title": incident.title,
            "page": incident.docname,
            "anchor": incident.anchor,
            "uri": self.publication.uri(incident.docname, incident.anchor),
            "first_day": _day(incident.first_day),
            "last_day": _day(incident.last_day),
            "severity": incident.severity,
            "type": incident.type,
            "status": incident.status,
            "tlp": incident.tlp,
            "impacts": [{"kind": kind, "text": text} for kind, text in incident.impacts],
            "summary": incident.summary,
            "runbooks": list(incident.runbooks),
            "events": [] if repeated else self._events(own),
            "actions": [] if repeated else self._actions(own),
            **{name: _points(points, role) for role, name in POINT_LISTS.items()},
        }

    def _events(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [self.event(event) for event in self.knowledge.events_by_incident.get(own, ())]

    def _actions(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [self.action(action) for action in self.knowledge.actions_by_incident.get(own, ())]

    def event(self, event: Event) -> dict[str, Any]:
        moment = event.moment
        utc = moment.utc if moment else None
        return {
            "time": utc.isoformat().replace("+00:00", "Z") if utc else None,
            "written": moment.written if moment else None,
            "has_seconds": moment.has_seconds if moment else False,
            "offset": moment.offset if moment else "",
            "event": event.text,
            "milestone": event.milestone,
            "page": event.docname,
            "anchor": event.anchor,
            "uri": self.publication.uri(event.docname, event.anchor),
        }

    def action(self, action: Action) -> dict[str, Any]:
        return {
            "id": action.full_id,
            "local_id": action.local_id,
            "action": action.text,
            "owners": list(action.owners),
            "priority": action.priority,
            "due": _day(action.due),
            "due_written": action.due_written,
            "status": action.status,
            "kind": action.kind,
            "other": [{"column": column, "text": text} for column, text in action.other],
            "page": action.docname,
            "anchor": action.anchor,
            "uri": self.publication.uri(action.docname, action.anchor),
        }


def _points(points: Iterable[Point], role: str) -> list[dict[str, str]]:
    return [_point(point) for point in points if point.role == role]


def _point(point: Point) -> dict[str, str]:
    return {"kind": point.kind, "text": point.text}


def _owner(owner: Owner) -> dict[str, str]:
    return {"id": owner.id, "name": owner.name, "team": owner.team, "contact": owner.contact, "role": owner.role}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
