"""The schemas of ``postmortems.json``: where plain JSON values break them, and how files of older versions are read.

Only what these schemas use of JSON Schema is known. Fields that a schema does not name are no fault: a later version
may add some. A file of an older version is checked by its own schema, then brought up to today's. Version 1 had of an
event's time the instant, the text, whether it had seconds, and the offset. Fields that it lacked have their defaults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.exports.edition_json import SCHEMA_FILE, SCHEMA_VERSION, time_fields
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.field_uses import added_fields
from sphinx_postmortem.core.records.model import Incident, Point
from sphinx_postmortem.core.records.times import Moment, exact_moment

_TYPES: Mapping[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
_NAMES = {"object": "an object", "array": "a list", "string": "a text", "boolean": "true or false", "null": "null"}
_DAY = expression(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = expression(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z", re.ASCII)


def first_fault(value: object, schema: Mapping[str, Any]) -> str:
    """Return where a value is not as the schema says and what is wrong, or an empty text when it is."""
    return _fault(value, schema, schema.get("$defs", {}), "")


def _fault(value: object, schema: Mapping[str, Any], known: Mapping[str, Any], path: str) -> str:
    if "$ref" in schema:
        return _fault(value, known[str(schema["$ref"]).removeprefix("#/$defs/")], known, path)
    wrong = _wrong(value, schema)
    if wrong:
        return f"{path or 'the file'} {wrong}"
    if isinstance(value, dict):
        return _fault_of_object(value, schema, known, path)
    if isinstance(value, list):
        faults = (_fault(item, schema["items"], known, f"{path}[{index}]") for index, item in enumerate(value))
        return next(filter(None, faults), "")
    return ""


def _fault_of_object(value: Mapping[str, Any], schema: Mapping[str, Any], known: Mapping[str, Any], path: str) -> str:
    prefix = f"{path}." if path else ""
    for name in schema.get("required", ()):
        if name not in value:
            return f"{prefix}{name} is missing"
    properties: Mapping[str, Any] = schema.get("properties", {})
    faults = (_fault(value[name], inner, known, prefix + name) for name, inner in properties.items() if name in value)
    return next(filter(None, faults), "")


def _wrong(value: object, schema: Mapping[str, Any]) -> str:
    """Return what is wrong with a value itself, whatever is in it."""
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(isinstance(value, _TYPES[name]) for name in types):
        return f"is not {' or '.join(_NAMES[name] for name in types)}"
    if "const" in schema and (value != schema["const"] or isinstance(value, bool)):
        return f"is not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        return f"is none of {', '.join(schema['enum'])}"
    if isinstance(value, str):
        if len(value.strip()) < schema.get("minLength", 0):
            return "is empty"
        return _wrong_format(value, schema.get("format", ""))
    return ""


def _wrong_format(value: str, form: str) -> str:
    try:
        if form == "date" and not (_DAY.fullmatch(value) and date.fromisoformat(value)):
            return "is not a date (YYYY-MM-DD)"
        if form == "date-time" and not (_TIME.fullmatch(value) and datetime.fromisoformat(value)):
            return "is not a time in UTC (RFC 3339, ending in Z)"
    except ValueError as error:
        return f"is not possible: {error}"
    return ""


READABLE_VERSIONS = (1, SCHEMA_VERSION)
ADDED: Mapping[str, tuple[str, ...]] = {
    "incident": ("reviews", *added_fields(Incident)),
    "point": added_fields(Point),
    "loose_point": added_fields(Point),
}
ADDED_AT_THE_TOP = ("loose_reviews",)
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
    schema["required"][:] = [name for name in schema["required"] if name not in ADDED_AT_THE_TOP]
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
