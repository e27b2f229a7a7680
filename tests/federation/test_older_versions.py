"""Files of schema version 1, as an earlier release wrote them, are still taken in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.exports.edition_json import POINT_LISTS, SCHEMA_FILE
from sphinx_postmortem.core.exports.schema import ADDED, READABLE_VERSIONS, first_fault, schema_of, upgraded
from sphinx_postmortem.core.records.federation import ForeignSourceError, read_source
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.times import Precision

FILE = Path(__file__).with_name("data") / "postmortems-v1.json"  # written by the release before schema version 2
SOURCE = ForeignSource("Registry", "registry.json")
LEADERSHIP = Edition(Audiences(), "leadership")


def test_the_records_of_a_file_of_version_1_are_there():
    found = read_source(FILE.read_bytes(), SOURCE, LEADERSHIP)
    page = found.pages["//Registry/incidents/sec-1"]
    assert [incident.id for incident in page.incidents] == ["SEC-1"]
    assert [action.local_id for action in page.actions] == ["A1", "A2"]
    assert [(event.text, event.milestone) for event in page.events] == [
        ("Alert detected", "Alert detected"),
        ("Alert validated", "Alert validated"),
    ]
    first, second = (event.moment for event in page.events)
    assert (first.utc, first.precision) == (datetime(2026, 3, 2, 1, 14, tzinfo=UTC), Precision.MINUTE)
    assert (second.precision, second.offset, second.written) == (
        Precision.SECOND,
        "+02:00",
        "2026-03-02T03:31:07+02:00",
    )
    assert second.is_exact
    assert page.events[0].notes == ""
    assert page.events[0].evidence == ()


def test_what_is_brought_up_to_date_is_as_the_schema_of_today_says():
    content = upgraded(json.loads(FILE.read_text()))
    for incident in content["incidents"]:  # what version 1 did not have
        for event in incident["events"]:
            event.pop("has_seconds")
            event.update(notes="", evidence=[], source="", who="", stated_precision="", techniques=[], other=[])
        incident.update(techniques=[], repeats=[])
        for point in (point for name in POINT_LISTS.values() for point in incident[name]):
            point["tags"] = []
    for action in (action for each in content["incidents"] for action in each["actions"]):
        action.update(addresses=[], techniques=[], factors=[])
    for action in content["loose_actions"]:
        action.update(addresses=[], techniques=[], factors=[])
    for point in content["loose_points"]:
        point["tags"] = []
    Draft202012Validator(schema_of(READABLE_VERSIONS[-1])).validate(content)


def test_a_damaged_file_of_version_1_is_refused_by_its_own_schema():
    data = json.loads(FILE.read_text())
    data["incidents"][0]["events"][0]["has_seconds"] = "yes"
    with pytest.raises(ForeignSourceError, match=r"incidents\[0\]\.events\[0\]\.has_seconds is not true or false"):
        read_source(json.dumps(data).encode(), SOURCE, LEADERSHIP)


def test_version_1_stays_as_it_was_published():
    schema = schema_of(1)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(FILE.read_text()))


def test_a_file_of_this_version_may_lack_what_the_version_has_got_since():
    assert fault_of_point({"kind": "", "text": "t", "tags": []}) == ""
    assert "text" in fault_of_point({"kind": "", "tags": []})
    required = json.loads(SCHEMA_FILE.read_text())["$defs"]["point"]["required"]
    assert set(ADDED["point"]) < set(required)  # what is written today holds them


def fault_of_point(point: dict) -> str:
    schema = schema_of(READABLE_VERSIONS[-1])
    return first_fault(point, {**schema["$defs"]["point"], "$defs": schema["$defs"]})
