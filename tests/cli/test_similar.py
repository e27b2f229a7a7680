"""``sphinx-postmortem similar``, and the tool of ``mcp``: what they find in a published edition."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sphinx_postmortem.cli.similar import MOST_BYTES
from sphinx_postmortem.core.exports.edition_json import export_edition, json_text
from sphinx_postmortem.core.exports.manifest import write_manifest
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import ASSET, Incident, PageRecords, Point
from tests.cli.test_agent_server import call, server
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

TITLES = {
    "SEC-1": "Zebra pipeline published a token",
    "SEC-2": "The zebra pipeline leaked tokens again",
    "SEC-3": "Printer on fire \x1b[2J\u202e",
    "SEC-4": "Parking lot flooded",
}


@pytest.fixture
def edition(tmp_path) -> Path:
    pages = {
        name: PageRecords(
            (Incident(name, f"incidents/{name.lower()}", title=f"{name}: {title}", severity="SEV-2", anchor="x"),),
            points=(Point(name, f"incidents/{name.lower()}", ASSET, "", "Vault"),) if name < "SEC-3" else (),
        )
        for name, title in TITLES.items()
    }
    folder = tmp_path / "out" / "leadership"
    folder.mkdir(parents=True)
    publication = Publication("leadership", "T")
    (folder / "postmortems.json").write_text(json_text(export_edition(KnowledgeBase(pages), publication)))
    write_manifest(folder, "leadership", {})
    return folder


def ask(edition: Path, text: str | bytes, *options: object) -> object:
    file = edition.parent / "alert.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run("similar", file, edition, *options)


def test_an_alert_finds_the_incidents_with_the_reason_and_the_place(edition):
    done = ask(edition, "[FIRING] zebra pipeline: token seen on the internet")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "SEC-2: The zebra pipeline leaked tokens again",
        "  SEV-2",
        "  in common: words pipeline, token, zebra",
        "  incidents/sec-2.html#x",
        "SEC-1: Zebra pipeline published a token",
        "  SEV-2",
        "  in common: words pipeline, token, zebra",
        "  incidents/sec-1.html#x",
    ]


def test_the_same_as_json_with_a_limit(edition):
    done = ask(edition, "zebra pipeline", "--json", "--limit", 1)
    data = json.loads(done.stdout)
    assert data["edition"] == "leadership"
    assert [(each["id"], each["severity"], each["first_day"]) for each in data["similar"]] == [("SEC-2", "SEV-2", None)]


def test_text_of_others_commands_no_terminal(edition):
    done = ask(edition, "printer \x1b]0;owned\x07 fire")
    assert "SEC-3" in done.stdout
    assert not set("\x1b\x07\u202e") & set(done.output)


def test_nothing_that_resembles_is_told_and_ends_with_1(edition):
    done = ask(edition, "quokka sighting")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No incident of the edition leadership resembles this text." in done.stderr
    assert json.loads(ask(edition, "quokka", "--json").stdout)["similar"] == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_of_windows_is_read(edition, encoding):
    assert "SEC-2" in ask(edition, "zebra pipeline".encode(encoding)).stdout


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_text_is_wrong_use(edition, text):
    done = ask(edition, text)
    assert done.exit_code == 2
    assert "the text is empty" in done.output


def test_a_text_without_end_and_one_that_is_no_text_are_bounded(edition):
    assert ask(edition, b"\xff\xfe\x00zebra \xff pipeline").exit_code == 0
    assert ask(edition, "x " * MOST_BYTES + "zebra pipeline").exit_code == 1  # what stands behind the bound is not read


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "is no published edition"),
        (lambda folder: (folder / "postmortems.json").write_text("{"), "is damaged"),
        (
            lambda folder: (folder / "postmortems.json").write_text('{"edition": "leadership", "schema_version": 2}'),
            "cannot be taken in",
        ),
    ],
)
def test_a_folder_that_is_no_edition_is_refused(edition, spoil, said):
    spoil(edition)
    if (edition / "manifest.json").exists():
        write_manifest(edition, "leadership", {})
    done = ask(edition, "zebra pipeline")
    assert done.exit_code == 2
    assert said in done.output


def test_the_tool_finds_by_a_text_and_by_an_incident(edition):
    found = call(server(edition), "similar_incidents", text="zebra pipeline", limit=1)
    assert [each["id"] for each in found] == ["SEC-2"]
    (first,) = call(server(edition), "similar_incidents", incident="sec-1")
    assert (first["id"], first["reason"]) == ("SEC-2", "asset Vault; words pipeline, token, zebra")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "give either a text or the id of an incident"),
        ({"text": "a", "incident": "SEC-1"}, "give either a text or the id of an incident"),
        ({"incident": "SEC-9"}, 'this edition has no incident "SEC-9"'),
    ],
)
def test_the_tool_says_what_it_needs(edition, asked, said):
    assert call(server(edition), "similar_incidents", **asked) == f"error: {said}"
