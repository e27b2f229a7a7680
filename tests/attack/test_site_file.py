"""A site may name its own file of ATT&CK: MITRE's STIX, of any size, or a table."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.attack.site_table import read_objects, resolved_file, table_of
from sphinx_postmortem.core.attack.table import BadTableError, shipped_table, write_table
from sphinx_postmortem.core.imports import files


def attack_pattern(technique: str, name: str, number: int, **more: object) -> dict:
    reference = {"source_name": "mitre-attack", "external_id": technique}
    return {
        "type": "attack-pattern",
        "id": f"attack-pattern--{number}",
        "name": name,
        "external_references": [reference],
        "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "impact"}],
        **more,
    }


OBJECTS = [
    {"type": "x-mitre-collection", "id": "c", "x_mitre_version": "42.1"},
    {"type": "x-mitre-matrix", "id": "m", "tactic_refs": ["x-mitre-tactic--2", "x-mitre-tactic--1"]},
    {
        "type": "x-mitre-tactic",
        "id": "x-mitre-tactic--1",
        "name": "Impact",
        "x_mitre_shortname": "impact",
        "external_references": [{"source_name": "mitre-attack", "external_id": "TA0040"}],
    },
    {
        "type": "x-mitre-tactic",
        "id": "x-mitre-tactic--2",
        "name": "Execution",
        "x_mitre_shortname": "execution",
        "external_references": [{"source_name": "mitre-attack", "external_id": "TA0002"}],
    },
    attack_pattern("T1000", "Old way", 1, revoked=True),
    attack_pattern("T1001", "New way", 2),
    attack_pattern("T1002", "Left alone", 3, x_mitre_deprecated=True),
    attack_pattern("T1003", "On machines", 4, x_mitre_domains=["ics-attack"]),
    {
        "type": "relationship",
        "id": "r",
        "relationship_type": "revoked-by",
        "source_ref": "attack-pattern--1",
        "target_ref": "attack-pattern--2",
    },
    {"type": "malware", "id": "x", "name": "not asked for"},
    "no object",
]
BUNDLE = json.dumps({"type": "bundle", "id": "bundle--1", "objects": OBJECTS})


def check_bundle(table):
    assert table.versions == {"enterprise": "42.1", "ics": "42.1"}
    assert [tactic.short for tactic in table.tactics] == ["execution", "impact"]
    assert table.successor("T1000").id == "T1001"
    assert table.techniques["T1001"].tactics == ("impact",)
    assert table.techniques["T1002"].is_deprecated
    assert table.techniques["T1003"].domain == "ics"


def test_a_stix_bundle_is_read(tmp_path):
    (tmp_path / "attack.json").write_text(BUNDLE)
    check_bundle(table_of(resolved_file("attack.json", tmp_path)))


def test_a_large_bundle_is_read_as_a_stream(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_JSON", 100)
    monkeypatch.setattr(json, "loads", None)  # nothing is read whole
    (tmp_path / "attack.json").write_text(BUNDLE)
    check_bundle(table_of(str(tmp_path / "attack.json")))


def test_a_packed_bundle_is_read(tmp_path):
    (tmp_path / "attack.json.gz").write_bytes(gzip.compress(BUNDLE.encode()))
    check_bundle(table_of(str(tmp_path / "attack.json.gz")))


def test_a_table_is_read(tmp_path):
    (tmp_path / "attack.tsv").write_text(write_table(read_objects(OBJECTS, "")))
    check_bundle(table_of(str(tmp_path / "attack.tsv")))


def test_a_file_that_changes_is_read_again(tmp_path):
    path = tmp_path / "attack.json"
    path.write_text(BUNDLE)
    before = table_of(str(path))
    path.write_text(BUNDLE.replace("New way", "Newer way"))
    assert before.title("T1001") == "New way"
    assert table_of(str(path)).title("T1001") == "Newer way"


def test_without_a_file_the_shipped_table_stands():
    assert table_of("") is shipped_table()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("attack.json", b"{", "no JSON"),
        ("attack.json", b"\xff\xfe\x00", "not UTF-8"),
        ("attack.json", b'{"objects": []}', "no technique"),
        ("attack.json", b"[" * 100_000, "nested too deeply"),
        ("attack.tsv", b"x\ty", "line 1"),
        ("attack.tsv", b"T1078\tValid Accounts\t-\tspace\t-\n", "line 1"),
        ("attack.json.gz", b"\x1f\x8b\x00nothing", "mend the path or the file"),
        ("attack.json.gz", gzip.compress(json.dumps([*range(90_000)]).encode())[:-2000], "Compressed file ended"),
        ("attack.json", BUNDLE.replace("T1", "Team").encode(), "no technique"),
        ("absent.json", None, "mend the path"),
        ("../outside.json", None, "outside the source folder"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadTableError, match=says) as caught:
        resolved_file(name, tmp_path)
    assert str(caught.value).startswith("postmortem_attack: ")


def test_what_is_no_text_is_no_name_of_a_technique_or_phase():
    phases = [{"phase_name": None}, {"phase_name": "impact"}, {"phase_name": ["x"]}]
    made = [attack_pattern("T1078", None, 1, kill_chain_phases=phases), attack_pattern("T1079/../x", "X", 2)]
    (technique,) = read_objects(made, "").techniques.values()
    assert (technique.id, technique.name, technique.tactics) == ("T1078", "", ("impact",))


ODD = (5, None, "T1078", ["x", 5, None, []], {"a": 1}, [[]], True)


@given(
    kind=st.sampled_from(["attack-pattern", "x-mitre-tactic", "x-mitre-matrix", "x-mitre-collection", "relationship"]),
    fields=st.dictionaries(
        st.sampled_from(
            ["id", "name", "external_references", "kill_chain_phases", "tactic_refs", "x_mitre_domains", "revoked"]
            + ["source_ref", "target_ref", "relationship_type", "x_mitre_shortname", "x_mitre_deprecated"]
        ),
        st.sampled_from(ODD),
    ),
)
def test_an_object_that_is_not_as_the_standard_has_it_is_no_crash(kind: str, fields: dict[str, object]) -> None:
    right = {
        "type": "attack-pattern",
        "id": "attack-pattern--1",
        "name": "Valid Accounts",
        "external_references": [{"source_name": "mitre-attack", "external_id": "T1078"}],
    }
    assert "T1078" in read_objects([{"type": kind, **fields}, right, fields, 5], "19").techniques
