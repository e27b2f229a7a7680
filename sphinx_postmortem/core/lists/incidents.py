"""Which incidents a list shows, in which order, and what its columns hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sphinx_postmortem.core.lists.filters import (
    SortKey,
    folded,
    meets,
    runbook_meets,
    sort_by,
    unknown_message,
    unknown_values,
)
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, natural_key
from sphinx_postmortem.core.records.model import ASSET, FACTOR, Incident, Point
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES

SORTS = ("newest", "oldest", "date", "severity", "type", "status", "title", "id")
DEFAULT_COLUMNS = ("id", "title", "date", "severity", "type", "status")
COLUMNS = {
    "id": "Incident",
    "title": "Title",
    "date": "Date",
    "severity": "Severity",
    "type": "Type",
    "status": "Status",
    "tlp": "TLP",
    "runbooks": "Runbooks",
    "factors": "Contributing factors",
    "assets": "Affected assets",
    "actions": "Actions",
    "summary": "Summary",
    "customer-impact": "Customer impact",
    "operational-impact": "Operational impact",
    "regulatory-impact": "Regulatory impact",
}
# Columns with texts that change more often than facts do.
TEXT_COLUMNS = ("summary", "customer-impact", "operational-impact", "regulatory-impact")


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents a list shows, and in which order. ``since`` and ``until`` include their day; 0 is no limit."""

    severity: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    tlp: tuple[str, ...] = ()
    runbook: tuple[str, ...] = ()
    factor: tuple[str, ...] = ()
    asset: tuple[str, ...] = ()
    incident: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: tuple[SortKey, ...] = (SortKey("newest"),)
    limit: int = 0
    columns: tuple[str, ...] = ()


def passes(chosen: IncidentFilter, incident: Incident, knowledge: KnowledgeBase) -> bool:
    """Say whether an incident passes a filter."""
    first, last = incident.first_day, incident.last_day
    return (
        meets(chosen.severity, (incident.severity,))
        and meets(chosen.type, (incident.type,))
        and meets(chosen.status, (incident.status,))
        and meets(chosen.tlp, (incident.tlp,))
        and meets(chosen.incident, (incident.id,))
        and runbook_meets(chosen.runbook, incident.runbooks)
        and (not chosen.factor or meets(chosen.factor, kinds_of(incident, FACTOR, knowledge)))
        and (not chosen.asset or any(_names(point, chosen.asset) for point in points_of(incident, ASSET, knowledge)))
        and (chosen.since is None or (last is not None and last >= chosen.since))
        and (chosen.until is None or (first is not None and first <= chosen.until))
    )


def points_of(incident: Incident, role: str, knowledge: KnowledgeBase) -> list[Point]:
    """Return the factors, assets or lessons of an incident."""
    return [point for point in knowledge.points_by_incident.get(incident.key, ()) if point.role == role]


def kinds_of(incident: Incident, role: str, knowledge: KnowledgeBase) -> tuple[str, ...]:
    """Return the kinds of an incident's points, each once, as first written."""
    kinds: dict[str, str] = {}
    for point in points_of(incident, role, knowledge):
        if point.kind:
            kinds.setdefault(folded(point.kind), point.kind)
    return tuple(kinds.values())


def _names(asset: Point, wanted: Iterable[str]) -> bool:
    """Say whether an asset is of one of the kinds, or its text holds one of the names."""
    return any(name == folded(asset.kind) or name in folded(asset.text) for name in wanted)


def select_incidents(
    chosen: IncidentFilter, knowledge: KnowledgeBase, severities: Sequence[str]
) -> tuple[list[Incident], int]:
    """Return the incidents that pass, sorted, and how many of them are left out by the limit."""
    found = [incident for incident in knowledge.incidents if passes(chosen, incident, knowledge)]
    rank = {folded(name): number for number, name in enumerate(severities)}

    def value(field: str, incident: Incident) -> Any:
        read: dict[str, Any] = {
            "date": incident.first_day,
            "severity": rank.get(folded(incident.severity), len(rank)),
            "type": incident.type.casefold() or None,
            "status": INCIDENT_STATUSES.index(incident.status) if incident.status in INCIDENT_STATUSES else None,
            "title": natural_key(incident.title) or None,
            "id": natural_key(incident.id),
        }
        return read[field]

    if chosen.sort[0].field == "oldest":
        found.reverse()  # of incidents of one day the first comes first, too
    names = {"newest": SortKey("date", descending=True), "oldest": SortKey("date")}
    sort_by(found, [names.get(key.field, key) for key in chosen.sort], value)
    shown = found[: chosen.limit] if chosen.limit else found
    return shown, len(found) - len(shown)


def unknown_in_incident_list(chosen: IncidentFilter, knowledge: KnowledgeBase) -> list[str]:
    """Return a message for each name of a filter that the knowledge base lacks."""
    factors = [point for point in knowledge.points if point.role == FACTOR]
    assets = [point for point in knowledge.points if point.role == ASSET]
    runbooks = sorted({runbook for incident in knowledge.incidents for runbook in incident.runbooks})
    strange = [name for name in chosen.asset if not any(_names(point, [name]) for point in assets)]
    return [
        *unknown_values("factor", chosen.factor, (point.kind for point in factors)),
        *unknown_values("asset", strange, (point.kind for point in assets)),
        *unknown_values("incident", chosen.incident, (incident.id for incident in knowledge.incidents)),
        *(unknown_message("runbook", name, runbooks) for name in chosen.runbook if not runbook_meets([name], runbooks)),
    ]
