"""Turns the archive of the VERIS Community Database (``vcdb.json``, also zipped) into incidents."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.content import Event, Incident

_HOURS = {"Minutes": 1 / 60, "Hours": 1, "Days": 24, "Weeks": 168, "Months": 730, "Years": 8760}
_EVENTS = {
    "compromise": "Initial compromise",
    "exfiltration": "Data exfiltrated",
    "discovery": "Alert detected",
    "containment": "Containment executed",
}


def load_incidents(archive: Path) -> list[Incident]:
    """Return one incident for each record of the archive."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            records = json.loads(opened.read(opened.namelist()[0]))
    else:
        records = json.loads(archive.read_text(encoding="utf-8"))
    seen: set[str] = set()
    incidents: list[Incident] = []
    for record in records:
        incident_id = re.sub(r"[^A-Za-z0-9-]", "-", str(record["incident_id"]))
        number = 1
        while incident_id.lower() in seen:
            number += 1
            incident_id = f"{record['incident_id']}-{number}"
        seen.add(incident_id.lower())
        incidents.append(_incident(incident_id, record))
    return incidents


def _plain(text: object) -> str:
    """Return a text on one line, with what Markdown would read as markup escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~:!&^@])", r"\\\1", " ".join(str(text).split()))


def _incident(incident_id: str, record: Mapping[str, Any]) -> Incident:
    when = record["timeline"]["incident"]
    year, month, day = int(when.get("year") or 2000), int(when.get("month") or 1), int(when.get("day") or 1)
    start = datetime(max(year, 1900), min(month, 12), min(day, 28), tzinfo=UTC)
    known = bool(when.get("month") and when.get("day"))
    clock = "Time of day not recorded" if known else ""
    events = [Event(f"{start:%Y-%m-%d %H:%M}" if known else "unknown", "Adverse activity started", clock)]
    for key, text in _EVENTS.items():
        if key not in record["timeline"]:
            continue
        span = record["timeline"][key]
        unit, value = span.get("unit", "Unknown"), span.get("value")
        time = "unknown"
        if known and unit in _HOURS and value is not None:
            time = f"{start + timedelta(hours=_HOURS[unit] * float(value)):%Y-%m-%d %H:%M}"
        events.append(Event(time, text, _plain(f"{value or ''} {unit}")))
    victim = record.get("victim") or {}
    name = _plain(victim.get("victim_id") or "an organisation that is not named")
    return Incident(
        id=incident_id,
        title=f"Incident at {name} in {start.year}",
        day=f"{start:%Y-%m-%d}",
        severity="SEV-3",
        type="Security",
        status="closed",
        impact="Unknown.",
        summary=_plain(record.get("summary") or "No summary was recorded."),
        details=_plain(record.get("notes") or "No details were recorded."),
        cause="Not recorded.",
        factors=("Not recorded.",),
        events=tuple(events),
        actions=(),
    )
