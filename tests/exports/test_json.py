"""``postmortems.json``: complete, as its schema says, the same in every build."""

from __future__ import annotations

import json
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from sphinx_postmortem.core.exports.edition_json import POINT_LISTS, SCHEMA_FILE, export_edition
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Evidence, Incident, PageRecords, Point
from sphinx_postmortem.core.records.time_reading import parse_moment
from tests.example_editions import example_edition
from tests.exports.filled import NOT_EXPORTED, WRITTEN, filled_owner, filled_page

VALIDATOR = Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8")), format_checker=FormatChecker())


def data_of(folder: Path) -> dict:
    return json.loads((folder / "postmortems.json").read_text("utf-8"))


def objects(node: object):
    """Every object within a schema."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(inner)


def test_the_schema_is_one_and_strict():
    schema = VALIDATOR.schema
    Draft202012Validator.check_schema(schema)
    of_objects = [node for node in objects(schema) if node.get("type") == "object"]
    assert len(of_objects) == 14
    for node in of_objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("edition", ["internal", "leadership", "public"])
def test_the_example_site_is_as_the_schema_says(edition, tmp_path_factory):
    data = data_of(example_edition(tmp_path_factory, edition))
    VALIDATOR.validate(data)
    assert data["edition"] == edition
    # A draft is in the first edition alone, and the last one shows what bears TLP:CLEAR there.
    assert len(data["incidents"]) == {"internal": 12, "leadership": 9, "public": 7}[edition]
    assert all(any(incident[name] for incident in data["incidents"]) for name in ("events", "actions", "takeaways"))


def test_every_field_of_every_record_is_there():
    page, owner = filled_page(), filled_owner()
    data = export_edition(KnowledgeBase({"folder/page": page}, [owner]), Publication("internal"))
    VALIDATOR.validate(data)
    text = json.dumps(data)
    for record in (*page.incidents, *page.events, *page.actions, *page.points, *page.responses, *page.reviews, owner):
        for name in [field.name for field in fields(record) if field.name not in {*NOT_EXPORTED, "role"}]:
            for part in leaves(getattr(record, name)):
                assert part in text, f"{type(record).__name__}.{name} is not in the data"


def leaves(value: object):
    """Every text in a value, as JSON shows it."""
    if isinstance(value, tuple):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str | date):
        yield str(value)
    elif isinstance(value, Evidence):
        yield from astuple(value)
    else:
        assert value == parse_moment(WRITTEN)
        yield from ("2026-02-03T02:05:06Z", WRITTEN)


def test_points_stand_in_the_list_of_their_role(exported):
    (incident,) = data_of(exported())["incidents"]
    found = {name: [(point["kind"], point["text"]) for point in incident[name]] for name in POINT_LISTS.values()}
    assert found == {
        "factors": [("Monitoring", "no comparison")],
        "assets": [("Service", "registry")],
        "went_well": [("", "Quick alert")],
        "did_not_go_well": [("", "Slow call")],
        "takeaways": [("", "Compare uploads")],
    }


def test_records_without_incident_are_there(exported):
    data = data_of(exported())
    assert [action["id"] for action in data["loose_actions"]] == ["L1"]
    assert data["loose_points"] == [
        {"page": "loose", "list": "factors", "kind": "Process", "text": "nobody asked", "tags": [], "runbooks": []},
    ]
    VALIDATOR.validate(data)


def test_times_keep_what_was_written(exported):
    first, second, third = data_of(exported())["incidents"][0]["events"]
    assert (first["time"], first["precision"], first["offset"]) == ("2026-03-02T01:14:00Z", "minute", "")
    assert (second["time"], second["precision"], second["offset"]) == ("2026-03-02T01:31:07Z", "second", "+02:00")
    assert second["written"] == "2026-03-02T03:31:07+02:00"
    assert (third["time"], third["written"], third["precision"]) == (None, "unknown", "unknown")


@pytest.mark.parametrize(
    ("written", "precision", "unit", "time", "earliest", "latest"),
    [
        ("~2026-03-02 01:14", "estimate", "minute", "2026-03-02T01:14:00Z", None, None),
        ("2026-03-02", "day", "day", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-02T23:59:59Z"),
        ("half past nine", "unknown", "unknown", None, None, None),
    ],
)
def test_what_is_known_of_a_time_is_there(exported, written, precision, unit, time, earliest, latest):
    page = f":::{{timeline}}\n| Time (UTC) | Event |\n|--|--|\n| {written} | x |\n\n:::\n"
    files = {"index.md": f"# A\n\n:::{{incident-summary}} S\n\nx\n:::\n\n{page}"}
    (event,) = data_of(exported(files=files, suppress_warnings=["postmortem"]))["incidents"][0]["events"]
    assert (event["written"], event["precision"], event["unit"], event["time"]) == (written, precision, unit, time)
    if precision != "estimate":  # an estimate's bounds are those of its reading
        assert (event["earliest"], event["latest"]) == (earliest, latest)


def test_an_id_that_stands_twice_on_a_page_loses_and_doubles_nothing():
    incidents = (Incident("A", "p", "one"), Incident("A", "p", "two"))
    page = PageRecords(incidents, actions=(Action("A", "p", "A1", "x"),), points=(Point("A", "p", "asset", "", "y"),))
    data = export_edition(KnowledgeBase({"p": page}), Publication("internal"))
    assert [incident["title"] for incident in data["incidents"]] == ["one", "two"]
    assert [len(incident["actions"]) for incident in data["incidents"]] == [1, 0]
    assert [len(incident["assets"]) for incident in data["incidents"]] == [1, 0]


@pytest.mark.parametrize(
    ("builder", "settings", "uri"),
    [
        ("html", {}, "incidents/sec-1.html#pm-incident-sec-1"),
        ("dirhtml", {}, "incidents/sec-1/#pm-incident-sec-1"),
        ("text", {"html_file_suffix": ".htm"}, "incidents/sec-1.htm#pm-incident-sec-1"),
        ("text", {"postmortem_export_pages": "dirhtml"}, "incidents/sec-1/#pm-incident-sec-1"),
    ],
)
def test_addresses_are_those_of_the_pages(site, tmp_path, builder, settings, uri):
    from tests.exports.conftest import CONF, FILES

    built = site(FILES, CONF).build("internal", builder, postmortem_export_folder=str(tmp_path / "data"), **settings)
    (incident,) = json.loads((tmp_path / "data/postmortems.json").read_text())["incidents"]
    assert incident["uri"] == uri
    if builder.endswith("html"):
        page, _, anchor = uri.partition("#")
        assert f'id="{anchor}"' in built.read(f"{page}index.html" if page.endswith("/") else page)


def test_the_site_is_named(exported):
    assert data_of(exported())["site"] == {"title": "Registry", "url": "https://kb.example.com/reg/"}


def test_it_has_no_byte_of_time_and_place(exported, monkeypatch):
    files = {path.name: path.read_bytes() for path in exported().rglob("*") if path.is_file()}
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    again = {path.name: path.read_bytes() for path in exported().rglob("*") if path.is_file()}
    assert files == again


def test_a_wrong_choice_is_told(exported):
    from sphinx.errors import ExtensionError

    with pytest.raises(ExtensionError, match=r"postmortem_export_formats: 'xml' is not known; write one of"):
        exported(postmortem_export_formats=["xml"])
