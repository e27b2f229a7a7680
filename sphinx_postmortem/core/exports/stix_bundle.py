"""One edition's incidents as a STIX 2.1 bundle, with the Incident Core Extension 2.0 (a draft of 2023-10-10).

Sources: STIX 2.1 (https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html); https://github.com/oasis-open/cti-stix-common-objects,
extension-definition-specifications/incident-core, and objects/marking-definition for TLP 2.0. The extension is a draft,
so the format is written only where it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sphinx_postmortem.core.attack.coverage import techniques_of
from sphinx_postmortem.core.attack.table import AttackTable
from sphinx_postmortem.core.attack.technique_ids import address
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication, printable
from sphinx_postmortem.core.records.action_statuses import GIVEN_UP, plain_status
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, is_done
from sphinx_postmortem.core.records.model import CONTAINMENT, Action, Event, Incident, Response
from sphinx_postmortem.core.records.times import Moment, Precision
from sphinx_postmortem.core.records.tones import status_words

INCIDENT_CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
NEW_KINDS = {  # kinds of objects that the extension adds to STIX
    "event": "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e",
    "impact": "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9",
    "task": "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030",
}
_KNOWN_SINCE = "2026-01-01T00:00:00.000Z"  # what has no date of its own
_ONGOING = frozenset(["progress", "ongoing", "started", "doing", "wip"])
# As MITRE's own bundles call the matrix of each domain.
_KILL_CHAINS = {"enterprise": "mitre-attack", "mobile": "mitre-mobile-attack", "ics": "mitre-ics-attack"}
_Object = dict[str, Any]


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    table, done = edition.settings.attack_table, edition.settings.done_statuses
    yield EXPORT_FILES["stix"][0], stix_bundle(edition.own, edition.publication, table, done)


def stix_bundle(
    knowledge: KnowledgeBase, publication: Publication, table: AttackTable, done_statuses: Iterable[str]
) -> bytes:
    """Return the bundle of incidents, as the edition sees them.

    ``modified`` is the day that counts as today where there is one, so that a consumer takes a later export as newer.
    ``done_statuses`` are statuses, in lower case, of actions that need no more work.
    """
    objects = _Bundle(knowledge, publication, table, frozenset(done_statuses)).objects()
    bundle = {"type": "bundle", "id": stix_id("bundle", "incidents", publication), "objects": objects}
    return (json.dumps(bundle, indent=1) + "\n").encode()


class _Bundle:
    """One bundle in the making. Objects that several records share are made once."""

    def __init__(
        self, knowledge: KnowledgeBase, publication: Publication, table: AttackTable, done: frozenset[str]
    ) -> None:
        self.knowledge, self.publication, self.table, self.done = knowledge, publication, table, done
        self.shared: dict[str, _Object] = {}
        self.site = self.identity("site", publication.author or publication.title or "postmortems", "organization")

    def objects(self) -> list[_Object]:
        """Return all objects, those that several records share first."""
        own: dict[str, _Object] = {}
        places: set[tuple[str, str]] = set()
        for incident in self.knowledge.incidents:
            # As in all exports, the rows of a page that has one id twice belong to the first.
            repeated = (incident.docname, incident.id) in places
            places.add((incident.docname, incident.id))
            for each in self.incident(incident, with_rows=not repeated):
                own[each["id"]] = each
        for each in self.loose():
            own[each["id"]] = each
        return [*self.shared.values(), *own.values()]

    def incident(self, incident: Incident, *, with_rows: bool) -> Iterator[_Object]:
        """Yield an incident and all that belongs to it."""
        place = (incident.docname, incident.id)
        events = self.knowledge.events_by_incident.get(place, ()) if with_rows else ()
        responses = self.knowledge.responses_by_incident.get(place, ()) if with_rows else ()
        actions = self.knowledge.actions_by_incident.get(place, ()) if with_rows else ()
        event_objects = [self.event(each, incident) for each in events]
        tasks = [self.response(each, incident) for each in responses] + [
            self.action(each, incident) for each in actions
        ]
        impacts = [self.impact(kind, text, incident) for kind, text in incident.impacts]
        core = self.incident_object(incident, event_objects, tasks, impacts)
        techniques = techniques_of(incident, self.knowledge) if with_rows else incident.techniques
        relations = [
            *(self.relation("uses", core["id"], self.attack_pattern(technique), incident) for technique in techniques),
            *self.relations_of_rows((*events, *actions), [*event_objects, *tasks[len(responses) :]], incident),
        ]
        found = [core, *event_objects, *tasks, *impacts, *relations]
        ends = (each[end] for each in relations for end in ("source_ref", "target_ref"))
        yield self.report(incident, [*(each["id"] for each in found), *ends])
        yield from found

    def loose(self) -> Iterator[_Object]:
        """Yield the rows of pages without an incident."""
        events = [each for each in self.knowledge.events if not each.incident_id]
        actions = [each for each in self.knowledge.actions if not each.incident_id]
        objects = [self.event(each, None) for each in events] + [self.action(each, None) for each in actions]
        yield from objects
        yield from (self.response(each, None) for each in self.knowledge.responses if not each.incident_id)
        yield from self.relations_of_rows((*events, *actions), objects, None)

    def relations_of_rows(
        self, rows: Iterable[Event | Action], objects: Iterable[_Object], incident: Incident | None
    ) -> Iterator[_Object]:
        """Yield what rows have to do with techniques, and actions with their owners."""
        for row, made in zip(rows, objects, strict=True):
            for technique in row.techniques:
                yield self.relation("related-to", made["id"], self.attack_pattern(technique), incident)
            for owner in row.owners if isinstance(row, Action) else ():
                found = self.knowledge.find_owner(owner)
                identity = self.identity(f"owner/{owner}", found.label if found else owner, "unknown")
                yield self.relation("assigned", identity, made["id"], incident)

    # --- single objects

    def incident_object(
        self, incident: Incident, events: list[_Object], tasks: list[_Object], impacts: list[_Object]
    ) -> _Object:
        """Return the incident itself."""
        core = {
            "extension_type": "property-extension",
            "determination": "suspected" if incident.status == "draft" else "confirmed",
            "investigation_status": "closed" if incident.status == "closed" else "open",
            "events": [{"event_ref": each["id"]} for each in events],
            "tasks": [{"task_ref": each["id"]} for each in tasks],
            "impact_refs": [each["id"] for each in impacts],
        }
        said = (("severity", incident.severity), ("type", incident.type), ("status", incident.status))
        return self.made(
            "incident",
            self.key_of(incident),
            incident,
            name=incident.full_title,
            description=incident.summary,
            labels=[f"{name}:{value}" for name, value in said if value],
            external_references=[self.reference(incident.id, self.publication.address(incident))],
            extensions={INCIDENT_CORE: {name: value for name, value in core.items() if value}},
        )

    def report(self, incident: Incident, refs: Iterable[str]) -> _Object:
        """Return the report about an incident: platforms that do not know STIX's incidents, such as MISP, read these.

        It names what STIX itself knows: readers refuse a report about kinds of objects that an extension adds.
        """
        day = incident.first_day or self.publication.day_of(incident)
        return self.made(
            "report",
            self.key_of(incident),
            incident,
            name=incident.full_title,
            description=incident.summary,
            report_types=["incident"],
            published=midnight(day),
            object_refs=list(dict.fromkeys(each for each in refs if each.partition("--")[0] not in NEW_KINDS)),
            external_references=[self.reference(incident.id, self.publication.address(incident))],
        )

    def event(self, event: Event, incident: Incident | None) -> _Object:
        """Return a row of a timeline."""
        parts = (("Notes", event.notes), ("Source", event.source), ("Who", event.who))
        return self.made(
            "event",
            self.row_key(event),
            incident,
            name=_first_line(event.text),
            description=_joined(event.text, *parts, ("Time", _unclear(event.moment))),
            status="occurred",
            labels=[f"milestone:{event.milestone}"] if event.milestone else [],
            external_references=[self.reference(event.incident_id or event.docname, self.publication.address(event))],
            **start_fields(event.moment),
        )

    def response(self, response: Response, incident: Incident | None) -> _Object:
        """Return what was done against the incident as a task."""
        kinds = {CONTAINMENT: "containment"}
        parts = (("Rationale", response.rationale), ("Validation", response.validation), ("Who", response.who))
        return self.made(
            "task",
            self.row_key(response),
            incident,
            name=_first_line(response.text),
            description=_joined(response.text, *parts, ("Time", _unclear(response.moment))),
            outcome="successful" if response.validation else "unknown",
            task_types=[kinds.get(response.kind, "eradication")] if response.kind else [],
            **start_fields(response.moment),
        )

    def action(self, action: Action, incident: Incident | None) -> _Object:
        """Return a preventative or corrective action as a task."""
        parts = (("Priority", action.priority), ("Due", action.due_written), ("Status", action.status))
        return self.made(
            "task",
            self.row_key(action),
            incident,
            name=_first_line(action.text),
            description=_joined(action.text, *parts),
            outcome=self.outcome(action),
            task_types=["implemented-control"],
            external_references=[self.reference(action.full_id, self.publication.address(action))],
        )

    def outcome(self, action: Action) -> str:
        """Return what became of an action, in the words of the extension."""
        status = plain_status(action.status)
        if any(words in status for words in GIVEN_UP):  # "cancelled by the board"
            return "cancelled"
        if is_done(action, self.done):
            return "successful"
        words = set(status_words(status).split())
        return "ongoing" if words & _ONGOING and "not" not in words else "pending"

    def impact(self, kind: str, text: str, incident: Incident) -> _Object:
        """Return an impact. What customers and regulators met with is external; the rest has no category of STIX."""
        category = "operational" if kind == "operational" else "external"
        return self.made(
            "impact",
            f"{self.key_of(incident)}/{kind}",
            incident,
            impact_category=category,
            description=text,
            extensions={category: {"impact_type": kind}},
        )

    def attack_pattern(self, technique: str) -> str:
        """Return the id of a technique's object, which is made once."""
        found, own = self.table.techniques.get(technique), stix_id("attack-pattern", technique, self.publication)
        phases, chain = (found.tactics, _KILL_CHAINS[found.domain]) if found else ((), "")
        self.shared.setdefault(
            own,
            _filled(
                type="attack-pattern",
                spec_version="2.1",
                id=own,
                created=_KNOWN_SINCE,
                modified=_KNOWN_SINCE,
                name=self.table.title(technique) or technique,
                external_references=[
                    {"source_name": "mitre-attack", "external_id": technique, "url": address(technique)}
                ],
                kill_chain_phases=[{"kill_chain_name": chain, "phase_name": phase} for phase in phases],
            ),
        )
        return own

    def identity(self, key: str, name: str, identity_class: str) -> str:
        """Return the id of an identity's object, which is made once."""
        own = stix_id("identity", key, self.publication)
        made = _filled(
            type="identity",
            spec_version="2.1",
            id=own,
            created=_KNOWN_SINCE,
            modified=_KNOWN_SINCE,
            name=name,
            identity_class=identity_class,
        )
        self.shared.setdefault(own, made)
        return own

    def relation(self, kind: str, source: str, target: str, incident: Incident | None) -> _Object:
        """Return a relationship."""
        key = f"{kind}/{source}/{target}"
        return self.made("relationship", key, incident, relationship_type=kind, source_ref=source, target_ref=target)

    # --- what objects share

    def made(self, kind: str, key: str, incident: Incident | None, **fields: Any) -> _Object:
        """Return an object with its id, its times and the marking of its incident; empty fields are left out."""
        day = self.publication.day_of(incident)
        created = (incident.first_day if incident else None) or day
        label = marking(incident.tlp) if incident else None
        if label is not None:
            self.shared.setdefault(label["id"], label)
        if kind in NEW_KINDS:
            fields["extensions"] = {NEW_KINDS[kind]: {"extension_type": "new-sdo"}, **fields.get("extensions", {})}
        return _filled(
            type=kind,
            spec_version="2.1",
            id=stix_id(kind, key, self.publication),
            created_by_ref=self.site,
            created=midnight(created),
            modified=midnight(max(created, self.publication.today or day)),
            object_marking_refs=[label["id"]] if label else [],
            **fields,
        )

    def key_of(self, incident: Incident) -> str:
        """Return what an incident's id is made of; of two that share theirs, the second is told apart by its page."""
        is_first = self.knowledge.incident_by_key.get(incident.key) is incident
        return incident.id if is_first else f"{incident.id}/{incident.docname}/{incident.anchor}"

    def row_key(self, row: Event | Response | Action) -> str:
        """Return what a row's id is made of: it has an anchor of its own on its page."""
        return f"{row.docname}#{row.anchor}"

    def reference(self, name: str, url: str) -> dict[str, str]:
        """Return where a record is found."""
        source = printable(self.publication.title) or "postmortems"
        return {"source_name": source, "external_id": printable(name), **({"url": url} if url else {})}


def _filled(**fields: Any) -> _Object:
    """Return an object without its empty fields, which STIX forbids, and without what no text may hold."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in fields.items() if value}


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _joined(text: str, *parts: tuple[str, str]) -> str:
    return "\n".join([text, *(f"{name}: {said}" for name, said in parts if said)])


def _unclear(moment: Moment | None) -> str:
    """Return a time as written, where STIX's own fields cannot say what is known of it."""
    if moment is None:
        return ""
    says_all = not moment.is_estimate and start_fields(moment).get("start_time_fidelity") == moment.unit.value
    return "" if says_all else moment.written


TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_MARKINGS = {
    "CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
_MARKED_SINCE = "2022-10-01T00:00:00.000Z"
# The periods that begin with a timestamp of each fidelity, at their longest.
_PERIODS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}


def stix_id(kind: str, key: str, publication: Publication) -> str:
    """Return an object's id, the same in every build: a UUID (version 5) of the record's lasting name.

    Editions say different things of one record, and two objects with one id would contradict each other: so the edition
    is a part of the name.
    """
    return f"{kind}--{uuid5(NAMESPACE_URL, f'{publication.tag(kind, key)}#{publication.edition}')}"


def marking(label: str) -> dict[str, Any] | None:
    """Return the marking object of a TLP 2.0 label, as OASIS publishes it; None where there is no such label."""
    if label not in _MARKINGS:
        return None
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": _MARKINGS[label],
        "created": _MARKED_SINCE,
        "name": f"TLP:{label}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label.casefold()}},
    }


def timestamp(instant: datetime) -> str:
    """Return an instant as STIX writes it: in UTC, with milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def midnight(day: date) -> str:
    """Return the beginning of a day in UTC."""
    return timestamp(datetime.combine(day, time(), UTC))


def start_fields(moment: Moment | None) -> dict[str, str]:
    """Return the start time of an event or task and its fidelity, the finest whose period holds all that is known.

    Nothing is returned of a time without both bounds, or of one that is known to no year.
    """
    if moment is None or moment.earliest is None or moment.latest is None:
        return {}
    units = list(_PERIODS)
    finest = units.index(moment.unit) if moment.unit in units else 0
    for unit in units[finest:]:
        if moment.latest - moment.earliest < _PERIODS[unit]:
            return {"start_time": timestamp(moment.earliest), "start_time_fidelity": unit.value}
    return {}
