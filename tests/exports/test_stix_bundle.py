"""STIX 2.1 bundles: parsed by OASIS's own library, deterministic, and of what the edition shows alone."""

from __future__ import annotations

import json
from datetime import date

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.attack.table import shipped_table
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.exports.stix_bundle import INCIDENT_CORE, TLP_EXTENSION, marking, start_fields, stix_bundle
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Incident, PageRecords, Response
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS
from tests.exports.filled import filled_owner, filled_page

PUBLISHED = Publication("internal", "Registry", "The team", "https://kb.example.com/", today=date(2026, 4, 1))
INCIDENT = Incident(
    "SEC-1",
    "p",
    "Stolen token",
    date(2026, 3, 2),
    date(2026, 3, 4),
    severity="SEV-1",
    status="closed",
    tlp="AMBER+STRICT",
    impacts=(("customer", "41 customers"), ("operational", "Nine hours")),
    summary="What happened.",
    techniques=("T1078.004",),
    anchor="pm-sec-1",
)
RECORDS = PageRecords(
    (INCIDENT,),
    (
        Event("SEC-1", "p", parse_moment("2026-03-02 01:14"), "Alert detected", "Alert detected", "e1"),
        Event("SEC-1", "p", parse_moment("2026-03-02"), "Seen", anchor="e2", techniques=("T1110",)),
    ),
    (
        Action("SEC-1", "p", "A1", "Rotate", ("appsec",), status="done", anchor="a1", techniques=("T1078",)),
        Action("SEC-1", "p", "A2", "Tell", status="in progress", anchor="a2"),
    ),
    responses=(Response("SEC-1", "p", "containment", "Revoked", parse_moment("2026-03-02 03:00"), anchor="r1"),),
)


def bundle(records: PageRecords = RECORDS, publication: Publication = PUBLISHED) -> bytes:
    return stix_bundle(KnowledgeBase({"p": records}), publication, shipped_table(), DEFAULT_DONE_STATUSES)


def objects(kind: str, data: bytes) -> list[dict]:
    return [each for each in json.loads(data)["objects"] if each["type"] == kind]


def check(data: bytes) -> None:
    """The library parses it, each id stands once, and each reference leads to an object of the bundle."""
    parsed = stix2.parse(data.decode(), allow_custom=True)
    ids = [each["id"] for each in parsed["objects"]]
    assert len(ids) == len(set(ids))
    assert references(json.loads(data)["objects"]) <= set(ids)
    for each in json.loads(data)["objects"]:
        if each["type"] in ("incident", "attack-pattern", "identity"):
            stix2.parse(json.dumps(each))  # without leave for kinds that the library does not know
        assert each["created"] <= each.get("modified", each["created"])


def references(value: object, name: str = "") -> set[str]:
    if isinstance(value, dict):
        return set().union(*(references(each, key) for key, each in value.items()))
    if isinstance(value, list):
        return set().union(*(references(each, name) for each in value))
    return {str(value)} if name.endswith(("_ref", "_refs")) else set()


def test_the_library_of_oasis_parses_the_bundle():
    check(bundle())


def test_an_incident_has_its_events_tasks_impacts_and_techniques():
    data = bundle()
    (incident,) = objects("incident", data)
    core = incident["extensions"][INCIDENT_CORE]
    assert incident["name"] == "SEC-1: Stolen token"
    assert incident["external_references"] == [
        {"source_name": "Registry", "external_id": "SEC-1", "url": "https://kb.example.com/p.html#pm-sec-1"}
    ]
    assert (core["determination"], core["investigation_status"]) == ("confirmed", "closed")
    assert [each["event_ref"] for each in core["events"]] == [each["id"] for each in objects("event", data)]
    assert [each["task_ref"] for each in core["tasks"]] == [each["id"] for each in objects("task", data)]
    assert core["impact_refs"] == [each["id"] for each in objects("impact", data)]
    assert [task["outcome"] for task in objects("task", data)] == ["unknown", "successful", "ongoing"]
    assert [each["impact_category"] for each in objects("impact", data)] == ["external", "operational"]
    assert all(each["impact_category"] in each["extensions"] for each in objects("impact", data))
    used = {each["target_ref"] for each in objects("relationship", data) if each["relationship_type"] == "uses"}
    names = {each["id"]: each["external_references"][0]["external_id"] for each in objects("attack-pattern", data)}
    assert {names[each] for each in used} == {"T1078.004", "T1110"}


@pytest.mark.parametrize(
    ("technique", "chain"),
    [("T1078", "mitre-attack"), ("T1398", "mitre-mobile-attack"), ("T0800", "mitre-ics-attack"), ("T9999", "")],
)
def test_a_technique_stands_in_the_matrix_of_its_domain(technique, chain):
    data = bundle(PageRecords((Incident("A", "p", techniques=(technique,)),)))
    (pattern,) = objects("attack-pattern", data)
    assert {each["kill_chain_name"] for each in pattern.get("kill_chain_phases", [])} == set(filter(None, [chain]))


def test_an_owner_is_assigned_to_the_task():
    data = bundle()
    (assigned,) = [each for each in objects("relationship", data) if each["relationship_type"] == "assigned"]
    names = {each["id"]: each["name"] for each in objects("identity", data)}
    assert names[assigned["source_ref"]] == "appsec"


def test_a_row_of_a_page_without_an_incident_leads_to_its_page():
    data = bundle(PageRecords((), (Event("", "p", parse_moment("2026-03-02"), "Seen", anchor="e"),)))
    (event,) = objects("event", data)
    assert event["external_references"] == [
        {"source_name": "Registry", "external_id": "p", "url": "https://kb.example.com/p.html#e"}
    ]
    check(data)


@pytest.mark.parametrize("label", TLP_LABELS)
def test_labels_are_the_objects_that_oasis_publishes(label):
    data = bundle(PageRecords((Incident("A", "p", tlp=label),)))
    (stated,) = objects("marking-definition", data)
    assert stated["extensions"][TLP_EXTENSION]["tlp_2_0"] == label.lower()
    assert objects("incident", data)[0]["object_marking_refs"] == [stated["id"]]
    check(data)


def test_strict_amber_is_another_marking_than_amber():
    assert marking("AMBER+STRICT")["id"] == "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
    assert marking("AMBER")["id"] == "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
    assert marking("WHITE") is None


@pytest.mark.parametrize(
    ("written", "start", "fidelity"),
    [
        ("2026-03-02 01:14:07", "2026-03-02T01:14:07.000Z", "second"),
        ("2026-03-02 01:14:07.250", "2026-03-02T01:14:07.250Z", "second"),
        ("2026-03-02 01:14", "2026-03-02T01:14:00.000Z", "minute"),
        ("2026-03-02T03:14+02:00", "2026-03-02T01:14:00.000Z", "minute"),
        ("2026-03-02", "2026-03-02T00:00:00.000Z", "day"),
        ("2026-03-02 01:14 to 01:50", "2026-03-02T01:14:00.000Z", "hour"),
    ],
)
def test_a_time_has_the_finest_fidelity_that_holds_all_that_is_known(written, start, fidelity):
    assert start_fields(parse_moment(written)) == {"start_time": start, "start_time_fidelity": fidelity}


@pytest.mark.parametrize(
    ("written", "has_start"),
    [
        ("unknown", False),
        ("before 2026-03-02 01:14", False),
        ("2026-03-02 01:14 to 2026-03-04 01:14", True),
        ("2026-03-01 to 2026-03-02", True),
        ("about 2026-03-02 01:14", True),
    ],
)
def test_a_time_that_the_fields_of_stix_cannot_hold_is_told_as_it_is_written(written, has_start):
    data = bundle(PageRecords((Incident("A", "p"),), (Event("A", "p", parse_moment(written), "Seen"),)))
    (event,) = objects("event", data)
    assert ("start_time" in event) is has_start
    assert event["description"] == f"Seen\nTime: {written}"


@pytest.mark.parametrize("written", ["2026-03-02 01:14:07.250", "2026-03-02 01:14", "2026-03-02", "2026-03", "2026"])
def test_a_time_that_the_fields_of_stix_hold_is_told_once(written):
    data = bundle(PageRecords((Incident("A", "p"),), (Event("A", "p", parse_moment(written), "Seen"),)))
    assert objects("event", data)[0]["description"] == "Seen"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("not started", "pending"),
        ("In progress (blocked)", "ongoing"),
        ("in-progress", "ongoing"),
        ("in Arbeit", "ongoing"),
        ("erledigt", "successful"),
        ("Cancelled by the board", "cancelled"),
        ("won't do", "cancelled"),
        ("Obsolete", "cancelled"),
        ("", "pending"),
    ],
)
def test_what_became_of_an_action_is_told_in_any_of_our_languages(status, outcome):
    data = bundle(PageRecords((Incident("A", "p"),), (), (Action("A", "p", "A1", "Do", status=status, anchor="a"),)))
    assert [each["outcome"] for each in objects("task", data)] == [outcome]


def test_two_exports_are_equal_and_editions_have_ids_of_their_own():
    public = bundle(publication=Publication("public", "Registry", url="https://kb.example.com/"))
    assert bundle() == bundle()
    assert not {each["id"] for each in objects("incident", bundle())} & {e["id"] for e in objects("incident", public)}


def test_what_a_consumer_gets_later_is_newer():
    later = Publication("internal", "Registry", "The team", "https://kb.example.com/", today=date(2026, 5, 1))
    first, second = objects("incident", bundle())[0], objects("incident", bundle(publication=later))[0]
    assert (first["id"], first["created"]) == (second["id"], second["created"])
    assert (first["modified"], second["modified"]) == ("2026-04-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z")


def test_incidents_that_share_an_id_have_objects_of_their_own():
    twice = Incident("sec-1", "q", "Another", anchor="pm-other")
    knowledge = KnowledgeBase({"p": RECORDS, "q": PageRecords((twice,))})
    data = stix_bundle(knowledge, PUBLISHED, shipped_table(), ())
    check(data)
    assert len(objects("incident", data)) == 2


def test_every_field_full_and_every_field_empty_are_parsed():
    check(stix_bundle(KnowledgeBase({"p": filled_page()}, [filled_owner()]), PUBLISHED, shipped_table(), ()))
    empty = PageRecords((Incident("A", "p"),), (Event("", "p", None, ""),), (Action("", "p", "a", ""),))
    check(bundle(empty, Publication("internal")))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_makes_a_bundle_that_is_parsed(name, text):
    incident = Incident(name or "x", "p", summary=text, tlp=text, impacts=(("customer", text),))
    records = PageRecords((incident,), (Event(incident.id, "p", None, text, notes=name),))
    check(bundle(records, Publication("internal", name)))


def test_each_incident_has_a_report_of_what_stix_itself_knows() -> None:
    data = bundle()
    [report], [incident] = objects("report", data), objects("incident", data)
    kinds = {each.partition("--")[0] for each in report["object_refs"]}
    assert kinds == {"incident", "attack-pattern", "identity", "relationship"}
    assert incident["id"] in report["object_refs"]
    assert (report["name"], report["published"]) == (incident["name"], "2026-03-02T00:00:00.000Z")
    assert report["object_marking_refs"] == incident["object_marking_refs"]
    stix2.parse(report)


def test_a_report_names_every_technique_and_owner_of_its_incident() -> None:
    data = bundle()
    [report] = objects("report", data)
    named = {each["id"] for kind in ("attack-pattern", "identity") for each in objects(kind, data)}
    assert named - set(report["object_refs"]) == {objects("incident", data)[0]["created_by_ref"]}
