"""VERIS on a site: the table, the file of records, editions, pseudonyms, and records that were imported."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from sphinx_postmortem.core.imports import veris_records
from sphinx_postmortem.core.imports.draft_page import make_page
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.source_kinds import find_kind
from sphinx_postmortem.core.veris.veris_schema import SCHEMA_FILE
from tests.command import run
from tests.imports.documents import FRAME

pytestmark = pytest.mark.usefixtures("warm_start")

OFFICIAL = Draft4Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))
PAGE = """# SEC-1: Stolen token

:::{incident-summary} SEC-1
:date: 2026-03-02
:status: in-review
:tlp: CLEAR

What happened.
:::

:::{veris}
| Field | Value | Audience |
|---|---|---|
| actor.external.variety | Organized crime | |
| actor.external.motive | Financial | |
| actor.external.name | zqcanary | internal |
| action.hacking.variety | Use of stolen creds | |
| action.hacking.vector | Web application | |
| action.hacking.notes | Tamarwick lost *nothing* | |
| asset.assets | S - Web application; amount: 1 | |
| asset.cloud | NA | |
| asset.hosting | `["Internal"]` | |
| discovery_method.internal.variety | Nids | |
| confidence | High | |

:::
"""
SETTINGS = {"postmortem_pseudonyms": {"Tamarwick": "the company"}}


def records(built) -> list[dict]:
    found = json.loads(built.read("veris.json"))
    for each in found:
        assert list(OFFICIAL.iter_errors(each)) == []
    return found


def test_each_edition_has_valid_records_of_what_it_sees(site):
    made = site({"index.md": PAGE})
    (first,) = records(made.build("internal", "postmortem-export", **SETTINGS))
    (last,) = records(made.build("public", "postmortem-export", **SETTINGS))
    assert first["actor"]["external"]["name"] == ["zqcanary"]
    assert "name" not in last["actor"]["external"]
    assert first["action"]["hacking"]["notes"] == "Tamarwick lost *nothing*"
    assert last["action"]["hacking"]["notes"] == "the company lost *nothing*"
    assert last["asset"]["hosting"] == ["Internal"]
    assert last["discovery_method"] == {"internal": {"variety": ["Nids"]}}


def test_hidden_rows_leave_no_trace(site):
    without = PAGE.replace("| actor.external.name | zqcanary | internal |\n", "")
    made, found = site({}), []
    for page in (PAGE, without):
        made.write({"index.md": page})
        for builder in ("postmortem-export", "text"):
            built = made.build("public", builder, **SETTINGS)
            found.append({path.name: path.read_bytes() for path in built.outdir.iterdir() if path.is_file()})
    assert found[:2] == found[2:]


def test_an_incident_without_a_block_has_no_record(site):
    built = site({"index.md": PAGE.split(":::{veris}", maxsplit=1)[0]}).build("internal", "postmortem-export")
    assert records(built) == []
    assert json.loads(built.read("postmortems.json"))["incidents"][0]["veris"] is None


def test_a_wrong_name_is_reported_kept_on_the_page_and_left_out_of_the_record(site):
    made = site({"index.md": PAGE.replace("Organized crime", "Organised crime")})
    built = made.build("internal", "text", warnings=True)
    assert 'index.md:14: WARNING: "Organised crime" is no value of actor.external.variety' in built.warnings
    assert 'did you mean "Organized crime"? [postmortem.veris-name]' in built.warnings
    assert "Organised" in built.read("index.txt")
    (record,) = records(made.build("internal", "postmortem-export", warnings=True))
    assert record["actor"]["external"]["variety"] == ["Unknown"]


OLD = {
    "incident_id": "9EDA6E80",
    "schema_version": "1.3.4",
    "summary": "An *employee* lost a laptop_bag | at http://example.com/a_b.\nNobody knows -- when.",
    "security_incident": "Suspected",
    "actor": {"internal": {"variety": ["Internal"], "motive": ["NA"], "name": "one; two"}},
    "action": {"error": {"variety": ["Loss"], "vector": ["Unknown"], "notes": " `code` "}},
    "asset": {
        "assets": [{"variety": "U - Laptop", "amount": 1}, {"variety": "S - Mail"}],
        "governance": ["Personally owned"],
    },
    "attribute": {"confidentiality": {"data": [{"variety": "Personal", "amount": 41}], "data_disclosure": "Yes"}},
    "discovery_method": {"unknown": True},
    "timeline": {"incident": {"year": 2014}, "discovery": {"unit": "Days", "value": 1.5}},
    "victim": {"victim_id": "Corvallis Clinic", "region": ["019021"], "industry": "621111"},
    "plus": {"dbir_year": 2015, "audience": "internal", "a.b": {"x|y": None}, "empty": {}, "list": []},
}


def test_an_imported_record_is_exported_as_it_was(site, tmp_path):
    """The page has what the import gives; it is built by Sphinx, and its record equals the input."""
    file = tmp_path / "vcdb.json"
    file.write_text(json.dumps([OLD, {**OLD, "incident_id": "2"}]))
    source = Source(file, "vcdb.json")
    kind = find_kind(source)
    assert kind.name == "veris"
    drafts = kind.read(source)
    assert all(draft.items == draft.accounted for draft in drafts)
    frames = [(draft, replace(FRAME, incident_id=f"SEC-{number}")) for number, draft in enumerate(drafts)]
    pages = {f"{frame.incident_id}.md": make_page(draft, frame, "no.csv").text for draft, frame in frames}
    made = site({"index.md": "# Home\n\n```{toctree}\n:glob:\n*\n```\n", **pages})
    data = json.loads(made.build("internal", "postmortem-export").read("veris.json"))
    assert sorted(data, key=lambda each: each["incident_id"]) == [{**OLD, "incident_id": "2"}, OLD]


def test_each_record_of_a_file_becomes_a_page_and_keeps_it(tmp_path):
    """Of two records with one id, neither is lost; a second import finds the page of each."""
    assert run("init", tmp_path / "kb", "--audiences", "internal").exit_code == 0
    file = tmp_path / "vcdb.json"
    summaries = ["A laptop was lost.", "A mail was misdirected.", "A password was guessed."]
    ids = ["9EDA6E80", "9EDA6E80", "AB12"]
    file.write_text(
        json.dumps([{**OLD, "incident_id": one, "summary": other} for one, other in zip(ids, summaries, strict=True)])
    )
    for is_first in (True, False):
        done = run("import", "--site", tmp_path / "kb", "--json", file)
        pages = json.loads(done.stdout)["pages"]
        assert [page["changed"] for page in pages] == [is_first] * 3
        texts = [Path(page["path"]).read_text() for page in pages]
        assert [summary in text for summary, text in zip(summaries, texts, strict=True)] == [True] * 3


@pytest.mark.parametrize("content", ["[]", "{", '[{"incident_id": "1"}]'])
def test_files_without_records_are_no_veris(content, tmp_path):
    file = tmp_path / "a.json"
    file.write_text(content)
    assert not veris_records.recognise(Source(file, "a.json"))


def test_a_broken_record_is_kept_as_not_read(tmp_path):
    file = tmp_path / "vcdb.json"
    file.write_text(json.dumps([OLD, {"incident_id": "broken"}, 7]))
    (draft,) = find_kind(Source(file, "vcdb.json")).read(Source(file, "vcdb.json"))
    assert [each.place for each in draft.unread] == ["vcdb.json: item 2", "vcdb.json: item 3"]
    assert "it needs incident_id, timeline" in draft.unread[0].reason
    assert draft.items == draft.accounted
