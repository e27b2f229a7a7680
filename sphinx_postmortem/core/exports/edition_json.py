"""The data of one edition for other programs: ``postmortems.json``.

``postmortems.schema.json`` beside this module describes it (JSON Schema 2020-12). Lines of the source are in no export:
they tell how much hidden text stands above them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.clocks.running_clocks import Bounds, Clock, ClockKeeper
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication
from sphinx_postmortem.core.exports.veris_json import veris_record
from sphinx_postmortem.core.records.field_uses import exported_fields
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
    Point,
    Response,
    Review,
)
from sphinx_postmortem.core.records.times import Moment, Precision

SCHEMA_VERSION = 2
SCHEMA_FILE = Path(__file__).with_name("postmortems.schema.json")

# The name of each role's list in the data.
POINT_LISTS = {
    FACTOR: "factors",
    ASSET: "assets",
    WENT_WELL: "went_well",
    DID_NOT_GO_WELL: "did_not_go_well",
    TAKEAWAY: "takeaways",
}


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    data = export_edition(edition.own, edition.publication, edition.settings.clock_keeper)
    yield EXPORT_FILES["json"][0], json_text(data).encode()


def export_edition(
    knowledge: KnowledgeBase, publication: Publication, keeper: ClockKeeper | None = None
) -> dict[str, Any]:
    """Return all records of the site that the edition sees, in a stable order, as plain JSON values.

    Records that came from other sites are left out: those sites publish them.
    """
    exported = _Exported(knowledge, publication, keeper or ClockKeeper(today=publication.today))
    return {
        "schema_version": SCHEMA_VERSION,
        "edition": publication.edition,
        "today": _day(publication.today),
        "site": {"title": publication.title, "url": publication.url},
        "incidents": [exported.incident(incident) for incident in knowledge.incidents],
        "owners": [exported_fields(owner) for owner in knowledge.owners],
        "loose_events": [exported.event(event) for event in knowledge.events if not event.incident_id],
        "loose_actions": [exported.action(action) for action in knowledge.actions if not action.incident_id],
        "loose_responses": [exported.response(each) for each in knowledge.responses if not each.incident_id],
        "loose_reviews": [
            exported.declared(each)
            for own, reviews in knowledge.reviews_by_incident.items()
            for each in reviews
            if not own[1]
        ],
        "loose_points": [
            {"page": point.docname, "list": POINT_LISTS[point.role], **exported_fields(point)}
            for point in knowledge.points
            if not point.incident_id
        ],
    }


def time_fields(moment: Moment | None) -> dict[str, Any]:
    """Return what is known of a time as plain JSON values."""
    known = moment or Moment("")
    return {
        "time": _instant(known.utc),
        "written": known.written,
        "earliest": _instant(known.earliest),
        "latest": _instant(known.latest),
        "precision": known.precision.value,
        "unit": known.unit.value,
        "zone": known.zone,
        "offset": known.offset,
        "has_zone": known.has_zone,
    }


def read_time_fields(data: Mapping[str, Any]) -> Moment:
    """Return the time that ``time_fields`` has written."""
    utc, earliest, latest = (
        datetime.fromisoformat(data[name]) if data[name] else None for name in ("time", "earliest", "latest")
    )
    return Moment(
        written=data["written"],
        utc=utc,
        earliest=earliest,
        latest=latest,
        unit=Precision(data["unit"]),
        is_estimate=data["precision"] == Precision.ESTIMATE,
        zone=data["zone"],
        offset=data["offset"],
        has_zone=data["has_zone"],
    )


def json_text(data: dict[str, Any]) -> str:
    """Return the data as a file's text."""
    return json.dumps(data, indent=1) + "\n"


def evidence_files(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-256 of the evidence files that an edition's data name, by path from the source folder."""
    incidents = data["incidents"]
    rows = [row for each in incidents for row in (*each["events"], *each["responses"])]
    rows += [*data["loose_events"], *data["loose_responses"]]
    named = (evidence for row in rows for evidence in row["evidence"] if evidence["sha256"])
    return dict(sorted((evidence["file"], evidence["sha256"]) for evidence in named))


class _Exported:
    """One export in the making."""

    def __init__(self, knowledge: KnowledgeBase, publication: Publication, keeper: ClockKeeper) -> None:
        self.knowledge = knowledge
        self.keeper = keeper
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
            **self.declared(incident),
            "events": [] if repeated else self._events(own),
            "actions": [] if repeated else self._actions(own),
            "responses": [] if repeated else self._responses(own),
            "reviews": [] if repeated else self._reviews(own),
            "veris": None if repeated else veris_record(self.knowledge, incident),
            "clocks": [] if repeated else self._clocks(own),
            **{name: _points(points, role) for role, name in POINT_LISTS.items()},
        }

    def _events(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [self.event(event) for event in self.knowledge.events_by_incident.get(own, ())]

    def _actions(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [self.action(action) for action in self.knowledge.actions_by_incident.get(own, ())]

    def event(self, event: Event) -> dict[str, Any]:
        return {**time_fields(event.moment), **self.declared(event)}

    def _responses(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [self.response(response) for response in self.knowledge.responses_by_incident.get(own, ())]

    def _reviews(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [self.declared(review) for review in self.knowledge.reviews_by_incident.get(own, ())]

    def _clocks(self, own: tuple[str, str]) -> list[dict[str, Any]]:
        return [clock_fields(clock) for clock in self.keeper.of_incident(self.knowledge, own)]

    def response(self, response: Response) -> dict[str, Any]:
        return {**time_fields(response.moment), **self.declared(response)}

    def action(self, action: Action) -> dict[str, Any]:
        return {"id": action.full_id, **self.declared(action)}

    def declared(self, record: Incident | Event | Action | Response | Review) -> dict[str, Any]:
        """Return the fields that a record declares as exported, and its address."""
        return {**exported_fields(record), "uri": self.publication.uri(record.docname, record.anchor)}


def _points(points: Iterable[Point], role: str) -> list[dict[str, Any]]:
    return [exported_fields(point) for point in points if point.role == role]


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def clock_fields(clock: Clock) -> dict[str, Any]:
    """Return the fields of a clock, as ``postmortems.schema.json`` describes them."""
    return {
        "regime": clock.rule.regime,
        "rule": clock.rule.title,
        "is_proposed": clock.rule.is_proposed,
        "source": clock.rule.source,
        "stage": clock.stage.name,
        "state": clock.state.value,
        "starts_with": clock.start_name,
        **_moment("start", clock.start),
        **_bounds("due", clock.due),
        **_bounds("allowed", clock.allowed),
        **_moment("sent", clock.sent),
        "why": str(clock.why),
    }


def _moment(name: str, moment: Moment | None) -> dict[str, Any]:
    bounds = Bounds(moment.earliest, moment.latest) if moment else None
    return {f"{name}_written": moment.written if moment else "", **_bounds(name, bounds)}


def _bounds(name: str, bounds: Bounds | None) -> dict[str, Any]:
    found = bounds or Bounds(None, None)
    return {f"{name}_earliest": _instant(found.first), f"{name}_latest": _instant(found.last)}


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
