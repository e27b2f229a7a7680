"""A site that takes in the incidents and actions of two others."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from docutils import nodes
from sphinx.errors import ExtensionError

from sphinx_postmortem.cli.main import main
from tests.conftest import Built, Site
from tests.federation.conftest import HUB, incident

pytestmark = pytest.mark.usefixtures("warm_start")


def tables(built: Built) -> list[list[list[str]]]:
    return [
        [[cell.astext() for cell in row] for row in list(table.findall(nodes.row))[1:]]
        for table in built.doctree("lists").findall(nodes.table)
    ]


def links(built: Built, docname: str = "lists") -> set[str]:
    found = built.doctree(docname).findall(nodes.reference)
    return {str(node["refuri"]) for node in found if node.get("refuri", "").startswith("http")}


def test_incidents_and_actions_of_all_sites_stand_in_the_lists(hub: Site):
    built = hub.build("public")
    incidents, actions, *by_owner = tables(built)
    assert [row[0] for row in incidents] == ["PAY-1 (Payments)", "HUB-1", "IDP-7 (Identity)"]
    assert [row[0] for row in actions] == ["PAY-1/A1 (Payments)", "HUB-1/A1", "IDP-7/A1 (Identity)"]
    assert actions[0][5] == "open, overdue"
    assert [[row[1] for row in table] for table in by_owner[:3]] == [
        ["PAY-1/A1 (Payments)", "HUB-1/A1"],
        ["IDP-7/A1 (Identity)"],
        ["IDP-7/A1 (Identity)"],
    ]
    assert [row[:4] for row in by_owner[3]] == [
        ["Application security", "2", "1", "1"],
        ["Identity platform", "0", "0", "1"],
        ["All actions", "2", "1", "1"],
    ]


def test_links_lead_to_the_pages_of_their_sites(hub: Site):
    built = hub.build("public")
    assert links(built) == {
        "https://pay.example.com/public/incidents/pay-1/#pm-incident-pay-1",
        "https://pay.example.com/public/incidents/pay-1/#pm-action-pay-1-a1",
        "https://idp.example.com/index.html#pm-incident-idp-7",
        "https://idp.example.com/index.html#pm-action-idp-7-a1",
    }
    assert links(built, "own") == {"https://pay.example.com/public/incidents/pay-1/#pm-incident-pay-1"}


def test_an_edition_without_names_names_no_owner_of_other_sites_either(hub: Site):
    built = hub.build("public", postmortem_pseudonym_audiences=["public"])
    assert b"appsec" not in built.all_bytes().lower()
    assert b"Application security" not in built.all_bytes()
    assert "https://idp.example.com/index.html#pm-incident-idp-7" in links(built)


def test_each_edition_takes_in_what_is_for_its_audience(hub: Site):
    assert b"anary" in hub.build("internal").all_bytes()
    assert b"anary" not in hub.build("leadership").all_bytes()


def test_other_sites_are_in_no_inventory_and_not_exported_again(hub: Site, tmp_path: Path):
    built = hub.build("public", postmortem_export_folder=str(tmp_path / "out"))
    inventory = zlib.decompress((built.outdir / "objects.inv").read_bytes().split(b"\n", 4)[4])
    assert b"HUB-1/A1" in inventory
    assert b"PAY-1" not in inventory
    data = json.loads((tmp_path / "out/postmortems.json").read_text())
    assert [each["id"] for each in data["incidents"]] == ["HUB-1"]
    assert [each["id"] for each in data["owners"]] == ["appsec"]


def test_tables_calendars_and_feed_hold_all_sites(hub: Site, tmp_path: Path):
    hub.build("public", "postmortem-export", postmortem_export_folder=str(tmp_path / "out"))
    table = (tmp_path / "out/actions.csv").read_text("utf-8-sig")
    assert '"Payments","https://pay.example.com/public/incidents/pay-1/#pm-action-pay-1-a1"' in table
    assert b"PAY-1/A1: Pin the client" in (tmp_path / "out/calendars/owner-appsec.ics").read_bytes()
    assert "tag:pay.example.com,2026-01-01:postmortem/incident/pay-1" in (tmp_path / "out/incidents.atom").read_text()


def test_an_id_of_two_sites_is_reported_and_both_are_shown(hub: Site):
    hub.write(
        {"own.md": incident("PAY-1", "| A1 | Own | appsec | | open | |", title="Ours") + "\nSee {incident}`PAY-1`.\n"}
    )
    built = hub.build("public", warnings=True)
    assert re.search(
        r'own\.md:3: WARNING: the incident id "PAY-1" of the site "Payments" is already used in own, line 3',
        built.warnings,
    )
    assert "the action id" not in built.warnings  # the incident's id says it all
    assert {"PAY-1", "PAY-1 (Payments)"} <= {row[0] for row in tables(built)[0]}
    assert links(built, "own") == set()
    assert "https://pay.example.com/public/incidents/pay-1/#pm-incident-pay-1" in links(built)
    assert 'href="own.html#pm-incident-pay-1"' in built.read("lists.html")


def test_an_action_id_of_two_sites_is_reported_and_both_are_shown(hub: Site):
    table = ":::{{action-table}}\n| ID | Action | Owner |\n|--|--|--|\n| {} | Ours | appsec |\n:::\n"
    hub.write({"own.md": "# Loose\n\n" + table.format("PAY-1/A1")})
    built = hub.build("public", warnings=True)
    assert re.search(
        r'own\.md:6: WARNING: the action id "PAY-1/A1" of the site "Payments" is already used in own, line 6; give each',
        built.warnings,
    )
    assert {"PAY-1/A1", "PAY-1/A1 (Payments)"} <= {row[0] for row in tables(built)[1]}


@pytest.mark.parametrize("parallel", [0, 2])
def test_what_others_publish_anew_is_shown_without_a_clean_build(hub: Site, parallel: int):
    hub.build("public", keep=True, parallel=parallel)
    path = hub.source.parent / "data/payments-public.json"
    data = json.loads(path.read_text())
    data["incidents"][0]["title"] = "A new title"
    data["incidents"][0]["id"] = "PAY-9"
    path.write_text(json.dumps(data))
    again = hub.build("public", keep=True, parallel=parallel, warnings=True)
    clean = hub.build("public", warnings=True)
    assert "A new title" in again.read("lists.html")
    for name in ("lists.html", "own.html", "index.html", "searchindex.js"):
        assert again.read(name) == clean.read(name), name


def test_parallel_equals_serial(hub: Site):
    assert hub.build("public", parallel=2).all_bytes() == hub.build("public").all_bytes()


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "singlehtml", "pdf"])
def test_other_builders(hub: Site, builder: str):
    settings = {"version": "1", "release": "1", "copyright": "us"} if builder == "epub" else {}
    built = hub.build("public", builder, warnings=builder == "pdf", **settings)
    assert "Traceback" not in built.warnings
    if builder == "text":
        assert "(Payments)" in built.read("lists.txt")


REFUSED = {
    "no JSON": ("{", "it is not JSON"),
    "nested without end": ("[" * 100_000, "it is not JSON"),
    "a list": ("[]", "it holds no object"),
    "an empty object": ("{}", "its schema version is not stated, this site reads 1 and 2"),
    "another version": ({"schema_version": 3}, "its schema version is 3, this site reads 1 and 2; export it with the version"),
    "true for a number": ({"schema_version": True}, "its schema version is true"),
    "a fraction for a number": ({"schema_version": 1.0}, "its schema version is 1.0"),
    "a more privileged edition": (
        {"edition": "internal"},
        'it is for the audience "internal", which may see more than this edition',
    ),
    "an unknown audience": ({"edition": "board"}, 'unknown audience "board"'),
    "no audience": ({"edition": None}, "it does not say for which audience it is"),
    "a missing list": ({"incidents": ...}, "incidents is missing"),
    "a list that is none": ({"incidents": {}}, "incidents is not a list"),
    "an incident that is none": ({"incidents": [1]}, r"incidents[0] is not an object"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused(hub: Site, name: str):
    content, says = REFUSED[name]
    path = hub.source.parent / "data/payments-public.json"
    if isinstance(content, dict):
        data = {**json.loads(path.read_text()), **content} if content else content
        content = json.dumps({key: value for key, value in data.items() if value is not ...})
    path.write_text(content)
    with pytest.raises(ExtensionError) as error:
        hub.build("public")
    assert says in str(error.value)
    assert 'of the site "Payments"' in str(error.value)
    assert "Nothing was built." in str(error.value)


FAULTS = {
    "incidents[0].first_day is not possible: day is out of range for month": ("first_day", "2026-02-31"),
    "incidents[0].first_day is not a date (YYYY-MM-DD)": ("first_day", "2026-W01-1"),
    "incidents[0].id is empty": ("id", ""),
    "incidents[0].title is not a text": ("title", 5),
    "incidents[0].actions[0].due is not a text or null": ("actions", [{"due": 1}]),
    "incidents[0].events[0].time is not a time in UTC": ("events", [{"time": "2026-03-02 01:00"}]),
    "incidents[0].runbooks[1] is not a text": ("runbooks", ["a", None]),
    "incidents[0].takeaways[0].kind is missing": ("takeaways", [{"text": "x"}]),
}


@pytest.mark.parametrize("says", FAULTS)
def test_a_fault_is_told_with_its_place(hub: Site, says: str):
    field, value = FAULTS[says]
    path = hub.source.parent / "data/payments-public.json"
    data = json.loads(path.read_text())
    if field in ("actions", "events"):
        data["incidents"][0][field][0].update(value[0])
    else:
        data["incidents"][0][field] = value
    path.write_text(json.dumps(data))
    with pytest.raises(ExtensionError, match=re.escape(says)):
        hub.build("public")


def test_a_missing_file_is_told(hub: Site):
    (hub.source.parent / "data/identity-public.json").unlink()
    with pytest.raises(ExtensionError, match=r'identity-public\.json" of the site "Identity" cannot be read; fetch it'):
        hub.build("public")


def test_a_file_in_a_hidden_folder_is_refused_whether_it_exists_or_not(hub: Site):
    settings = {
        "postmortem_sources": {"Secret": {"file": "vault/data.json", "url": "https://s.example.com"}},
        "postmortem_audience_paths": {"vault": "internal"},
    }
    for content in (None, "{"):
        if content:
            hub.write({"vault/data.json": content})
        with pytest.raises(ExtensionError, match='lies in a folder that the edition "public" must not see'):
            hub.build("public", **settings)


def test_a_less_privileged_file_is_taken_in(hub: Site):
    folder = hub.source.parent / "data"
    (folder / "payments-leadership.json").write_bytes((folder / "payments-public.json").read_bytes())
    assert "PAY-1 (Payments)" in [row[0] for row in tables(hub.build("leadership"))[0]]


def test_a_site_without_address_is_refused(hub: Site):
    path = hub.source.parent / "data/identity-public.json"
    path.write_text(path.read_text().replace("https://idp.example.com/", "javascript:alert(1)//"))
    with pytest.raises(ExtensionError, match='give postmortem_sources an "url"'):
        hub.build("public")


def test_fields_of_a_later_version_do_no_harm(hub: Site):
    path = hub.source.parent / "data/payments-public.json"
    data = json.loads(path.read_text())
    data["incidents"][0]["new"] = data["new"] = {"x": 1}
    path.write_text(json.dumps(data))
    assert "PAY-1 (Payments)" in [row[0] for row in tables(hub.build("public"))[0]]


def test_hostile_text_stays_text(hub: Site):
    path = hub.source.parent / "data/payments-public.json"
    data = json.loads(path.read_text())
    nasty = "<script>alert(1)</script> {internal-only} |x| \x01HUB-1\x01 \ud800"
    data["incidents"][0].update(title=nasty, severity='"><b>', uri='"><script> javascript:alert(1)')
    data["incidents"][0]["actions"][0].update(owners=[nasty], status="</td>")
    path.write_text(json.dumps(data))
    page = hub.build("public").read("lists.html")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {internal-only} |x|" in page
    assert "https://pay.example.com/public/%22%3E%3Cscript%3E%20javascript:alert(1)" in page


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"X": "file.json"}, "must be a dict of file and url"),
        ({"X": {"path": "file.json"}}, 'must name a "file"'),
    ],
)
def test_a_setting_that_cannot_be_used_is_told(hub: Site, value: object, says: str):
    with pytest.raises(ExtensionError, match=says):
        hub.build("public", postmortem_sources=value)


def test_the_setting_is_not_read_from_a_file_of_more_privileged_content(hub: Site):
    """Noninterference: whatever the more privileged file holds, the outcome of a filtered build is the same."""
    path = hub.source.parent / "data/payments-public.json"
    said = set()
    for incidents in ([], [{"id": "SECRET"}], "x"):
        data = {**json.loads(path.read_text()), "edition": "internal", "incidents": incidents}
        path.write_text(json.dumps(data))
        with pytest.raises(ExtensionError) as error:
            hub.build("public")
        said.add(str(error.value))
    assert len(said) == 1
    assert "SECRET" not in said.pop()


def test_the_hub_without_sources_is_as_before(hub: Site):
    alone = hub.build("public", warnings=True, postmortem_sources={})
    assert [row[0] for row in tables(alone)[0]] == ["HUB-1"]
    assert HUB["own.md"].count("PAY-1") == 1


def test_a_build_in_parts_equals_a_whole_one(hub: Site, tmp_path: Path):
    def run(*arguments: object) -> None:
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert done.exit_code == 0, done.output

    run("build", hub.source, tmp_path / "whole", "--edition", "public")
    for part in ("1/2", "2/2"):
        run("build", hub.source, tmp_path / "parts", "--edition", "public", "--shard", part)
    run("merge", hub.source, tmp_path / "parts", "--edition", "public")
    whole, parts = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "whole/public", tmp_path / "parts/public")
    )
    assert b"PAY-1" in whole["actions.csv"]
    assert whole == parts
