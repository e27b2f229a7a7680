"""Reads ``postmortems.json`` of older schema versions: each is checked by its own schema, then brought up to today's.

Version 1 had of an event's time the instant, the text, whether it had seconds, and the offset. Fields that it lacked
altogether have their defaults; so have those that a version has got since its first release.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.exports.edition_json import SCHEMA_FILE, SCHEMA_VERSION, time_fields
from sphinx_postmortem.core.records.times import Moment, exact_moment

READABLE_VERSIONS = (1, SCHEMA_VERSION)
ADDED: Mapping[str, tuple[str, ...]] = {"point": ("runbooks",), "loose_point": ("runbooks",)}
"""The fields that the schema of today has got since its version was first released, by kind of object."""


@cache
def schema_of(version: int) -> Mapping[str, Any]:
    """Return the JSON Schema of one of ``READABLE_VERSIONS``."""
    if version != SCHEMA_VERSION:
        return _read(Path(__file__).with_name(f"postmortems-{version}.schema.json"))
    schema = _read(SCHEMA_FILE)
    for kind, added in ADDED.items():
        required = schema["$defs"][kind]["required"]
        required[:] = [name for name in required if name not in added]
    return schema


def _read(file: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(file.read_text("utf-8")))


def upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a file, which its own schema allows, as this version would have written it."""
    if content["schema_version"] == SCHEMA_VERSION:
        return content
    for event in _events(content):
        event.update(time_fields(_moment(event)))
    for holder in (content, *content["incidents"]):
        holder.setdefault("loose_responses" if holder is content else "responses", [])
    for incident in content["incidents"]:
        incident.setdefault("clocks", [])
        incident.setdefault("veris", None)
    return {**content, "schema_version": SCHEMA_VERSION}


def _events(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for incident in content["incidents"]:
        yield from incident["events"]
    yield from content["loose_events"]


def _moment(event: Mapping[str, Any]) -> Moment:
    written = event["written"] or ""
    if not event["time"]:
        return Moment(written)
    utc = datetime.fromisoformat(event["time"])
    return exact_moment(written, utc, has_seconds=event["has_seconds"], offset=event["offset"])
