"""Layers for MITRE's Navigator: read by MITRE's own package, counted from what the edition shows."""

from __future__ import annotations

import json

from sphinx_postmortem.core.attack.table import shipped_table
from sphinx_postmortem.core.exports.navigator_layer import layers
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Incident, PageRecords

PUBLISHED = Publication("internal", "Registry", url="https://kb.example.com/")


def made(*incidents: Incident, events: tuple[Event, ...] = (), actions: tuple[Action, ...] = ()) -> dict[str, dict]:
    knowledge = KnowledgeBase({"p": PageRecords(incidents, events, actions)})
    return {name: json.loads(content) for name, content in layers(knowledge, PUBLISHED, shipped_table())}


def incident(name: str, *techniques: str) -> Incident:
    return Incident(name, "p", techniques=techniques, anchor=f"pm-{name}")


def scores(layer: dict) -> dict[str, int]:
    return {each["techniqueID"]: each["score"] for each in layer["techniques"]}


def test_mitres_own_package_reads_the_layer(tmp_path):
    from mitreattack.navlayers import Layer  # takes long; processes that run other files do without

    action = Action("A", "p", "A1", "Second factor", techniques=("T1078",), anchor="a1")
    found = made(incident("A", "T1078.004"), incident("B", "T1078.004", "T1562.001"), actions=(action,))
    path = tmp_path / "layer.json"
    path.write_text(json.dumps(found["attack-layer-enterprise.json"]))
    layer = Layer()
    layer.from_file(str(path))
    assert layer.layer.domain == "enterprise-attack"
    assert (layer.layer.versions.layer, layer.layer.versions.attack) == ("4.5", "19")
    first = layer.layer.techniques[0]
    assert (first.techniqueID, first.score) == ("T1078.004", 2)
    assert first.comment == "B, A; answered by A/A1"
    assert first.links[0].url == "https://kb.example.com/p.html#pm-B"
    assert json.loads(json.dumps(layer.to_dict()))["gradient"]["maxValue"] == 2


def test_an_incident_counts_once_for_a_technique_wherever_it_is_named():
    event = Event("A", "p", None, "x", techniques=("T1078", "T1110"))
    found = made(incident("A", "T1078"), events=(event, event))
    assert scores(found["attack-layer-enterprise.json"]) == {"T1078": 1, "T1110": 1}


def test_what_was_revoked_counts_for_its_successor_and_what_is_unknown_is_left_out():
    found = made(incident("A", "T1562.001"), incident("B", "T1685"), incident("C", "T9999"))
    (technique,) = found["attack-layer-enterprise.json"]["techniques"]
    assert (technique["techniqueID"], technique["score"]) == ("T1685", 2)
    assert technique["comment"].endswith("; written as T1562.001")


def test_each_domain_with_techniques_has_a_layer():
    found = made(incident("A", "T0801", "T1399"))
    assert {name: scores(layer) for name, layer in found.items()} == {
        "attack-layer-enterprise.json": {},
        "attack-layer-mobile.json": {"T1399": 1},
        "attack-layer-ics.json": {"T0801": 1},
    }
    assert found["attack-layer-ics.json"]["versions"]["attack"] == "18.1"
