"""The VERIS record of an incident, what its block says and what the page says otherwise, and what is wrong with it.

Derived are the id, the summary, the day, ``security_incident`` (Confirmed), and how long discovery and containment
took. A field that the block states is not derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.milestones import derive_durations
from sphinx_postmortem.core.records.model import Event, Incident
from sphinx_postmortem.core.records.spans import Span
from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.veris.veris_block import BlockRow, read_block
from sphinx_postmortem.core.veris.veris_schema import (
    NOTHING,
    VERSION,
    SchemaFault,
    faults_of,
    node_at,
    right_part,
    schema,
)

COMPROMISE, DISCOVERY, CONTAINMENT = "Adverse activity started", "Alert detected", "Containment executed"
"""The milestones between which ``timeline.discovery`` and ``timeline.containment`` are counted."""
_UNITS = ((365 * 86400, "Years"), (30 * 86400, "Months"), (7 * 86400, "Weeks"), (86400, "Days"), (3600, "Hours"))
_UNKNOWN: Mapping[str, Any] = {
    "actor": {"unknown": {}},
    "action": {"unknown": {}},
    "asset": {"assets": [{"variety": "Unknown"}], "cloud": ["Unknown"]},
    "discovery_method": {"unknown": True},
}
DERIVED = frozenset(["incident_id", "summary", "security_incident", "schema_version", "timeline", "timeline.incident"])
"""What a block need not say."""


def is_current(block: Mapping[str, Any]) -> bool:
    """Say whether a block is of the version that is shipped; one of another version is not judged by its schema."""
    return bool(block.get("schema_version", VERSION) == VERSION)


def block_faults(block: Mapping[str, Any]) -> list[SchemaFault]:
    """Return what the schema does not allow in a block, and what it lacks that cannot be derived."""
    if not is_current(block):
        return []
    found = faults_of(dict(block), schema())
    return [fault for fault in found if not (fault.is_missing and fault.path in DERIVED)]


def whole_record(block: Mapping[str, Any], incident: Incident, events: Iterable[Event] = ()) -> dict[str, Any]:
    """Return the record as the block and the page say it, whether the schema allows it or not."""
    record = dict(block)
    record.setdefault("incident_id", incident.id)
    summary = incident.summary or incident.title
    if "summary" not in record and summary:
        record["summary"] = summary
    record.setdefault("security_incident", "Confirmed")
    record.setdefault("schema_version", VERSION)
    stated = record.get("timeline", {})
    if not isinstance(stated, dict):
        return record
    timeline = dict(cast("Mapping[str, Any]", stated))
    for name, value in _timeline(incident, events).items():
        timeline.setdefault(name, value)
    if timeline:
        record["timeline"] = timeline
    return record


def valid_record(block: Mapping[str, Any], incident: Incident, events: Iterable[Event] = ()) -> dict[str, Any] | None:
    """Return the record as the schema allows it: what is wrong is left out, what is missing is Unknown.

    A record of another version of VERIS is returned whole. None where the year of the incident is not known.
    """
    if not is_current(block):
        return whole_record(block, incident, events)
    record = whole_record({**block, **_right_timeline(block)}, incident, events)
    kept = {
        name: part
        for name, value in record.items()
        if (node := schema()["properties"].get(name)) is not None
        if (part := right_part(value, node)) is not NOTHING
    }
    for name, unknown in _UNKNOWN.items():
        kept.setdefault(name, unknown)
    return None if any(faults_of(kept, schema())) else kept


def _right_timeline(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the schema allows of a block's timeline, so that the rest can be derived."""
    stated = block.get("timeline")
    if not isinstance(stated, Mapping):
        return {"timeline": {}} if "timeline" in block else {}
    members = cast("Mapping[str, Any]", stated).items()
    known = ((name, value, node_at(f"timeline.{name}")) for name, value in members)
    parts = ((name, right_part(value, node)) for name, value, node in known if node is not None)
    return {"timeline": {name: part for name, part in parts if part is not NOTHING}}


def _timeline(incident: Incident, events: Iterable[Event]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    day = incident.first_day
    rows = tuple(events)
    if day is None:
        known = (each.moment.earliest.date() for each in rows if each.moment and each.moment.earliest)
        day = min(known, default=None)
    if day is not None:
        found["incident"] = {"year": day.year, "month": day.month, "day": day.day}
    names = (("discovery", COMPROMISE, DISCOVERY), ("containment", DISCOVERY, CONTAINMENT))
    for duration in derive_durations(rows, names):
        if duration.span is not None:
            found[duration.term] = _amount(duration.span)
    return found


def _amount(span: Span) -> dict[str, Any]:
    """Return a span as VERIS counts it: in the greatest unit that it fills; of bounds the unit, if they share it."""
    if span.most is None or not span.is_exact:
        units = {_unit(end)[1] for end in (span.least, span.most) if end is not None}
        return {"unit": units.pop() if len(units) == 1 and span.most is not None else "Unknown"}
    size, unit = _unit(span.least)
    return {"unit": unit, "value": round(span.least / size, 1) if span.least % size else span.least // size}


def _unit(seconds: int) -> tuple[int, str]:
    return next((each for each in _UNITS if seconds >= each[0]), (60, "Minutes"))


@dataclass(frozen=True)
class RowFault:
    """What is wrong: the line (0: the block as a whole), the message, and whether something is missing."""

    line: int
    message: str
    is_missing: bool = False


def rows_of(table: Table) -> list[BlockRow]:
    """Return the rows of a block's table; none where a column is missing."""
    field, value = table.column(*COLUMNS["field"]), table.column(*COLUMNS["value"])
    if field is None or value is None:
        return []
    return [BlockRow(row.cells[field].strip().strip("`"), row.cells[value].strip(), row.line) for row in table.rows]


def judge_rows(rows: Sequence[BlockRow]) -> Iterator[RowFault]:
    """Yield what is wrong with the rows of a block, by the schema."""
    block = read_block(rows)
    yield from (RowFault(fault.line, fault.message) for fault in block.faults)
    stated = block.record.get("schema_version", VERSION)
    if stated != VERSION:
        line = next((row.line for row in rows if row.path == "schema_version"), 0)
        message = (
            f'the block is of VERIS "{stated}", so its names are not compared; {VERSION} is the version that is known'
        )
        yield RowFault(line, message, is_missing=True)
    for fault in block_faults(block.record):
        if fault.is_missing:
            yield RowFault(_line(fault, rows), f"{fault.message}; write `Unknown` where nobody knows", is_missing=True)
        else:
            yield RowFault(_line(fault, rows), fault.message)


def _line(fault: SchemaFault, rows: Sequence[BlockRow]) -> int:
    """Return the line of the row that a fault is about: that which has the wrong value, else one of its part."""
    exact = [row for row in rows if row.path == fault.path]
    named = [row for row in exact if fault.message.startswith('"') and fault.message[1:].split('" is ')[0] in row.value]
    above = [row for row in rows if row.path.startswith(f"{fault.path}.") or fault.path.startswith(f"{row.path}.")]
    kin = [row for row in rows if row.path.rpartition(".")[0] == fault.path.rpartition(".")[0]]
    found = [*named, *exact, *above, *(kin if fault.is_missing else ())]
    return found[0].line if found else 0
