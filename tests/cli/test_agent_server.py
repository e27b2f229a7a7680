"""``sphinx-postmortem mcp``: what a program gets of one published edition, and what it does not."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from sphinx_postmortem.cli import agent_server
from sphinx_postmortem.core.exports.manifest import write_manifest
from tests.command import run
from tests.own_thread import in_own_thread

RECORDS = {
    "schema_version": 2,
    "edition": "leadership",
    "incidents": [
        {
            "id": "SEC-1",
            "page": "incidents/sec-1",
            "title": "SEC-1: Stolen token",
            "first_day": "2026-03-02",
            "severity": "SEV-1",
            "status": "closed",
            "summary": "A token was stolen.",
            "actions": [
                {"id": "A1", "action": "Rotate", "owners": ["appsec"], "status": "open"},
                {"id": "A2", "action": "Compare", "owners": ["ops"], "status": "done"},
            ],
        },
        {
            "id": "SEC-2",
            "page": "incidents/sec-2",
            "title": "SEC-2: Quiet",
            "summary": "Zephyr only here.",
            "actions": [],
        },
    ],
    "owners": [{"id": "appsec", "name": "Application security"}, {"id": "idle", "name": "Idle"}],
    "loose_actions": [{"id": "A9", "action": "Loose", "owners": ["appsec"]}],
}


@pytest.fixture
def edition(tmp_path) -> Path:
    folder = tmp_path / "out" / "leadership"
    (folder / "md/incidents").mkdir(parents=True)
    (folder / "postmortems.json").write_text(json.dumps(RECORDS))
    (folder / "md/incidents/sec-1.md").write_text("# SEC-1: Stolen token\n\nA publishing token was stolen twice.\n")
    (folder / "md/runbook.md").write_text("# Runbook\n\nWhen a token is stolen.\n")
    write_manifest(folder, "leadership", {})
    return folder


def call(target: Any, tool: str, **arguments: object) -> Any:
    """Call a tool as the package's client does; return what it gives, or the text of its error."""
    from mcp import Client  # within functions: each process of the tests loads this file, and one runs it

    async def ask() -> Any:
        async with Client(target) as client:
            result = await client.call_tool(tool, arguments)
        if result.is_error:
            return result.content[0].text.replace(f"Error executing tool {tool}: ", "error: ")
        return (result.structured_content or {}).get("result", result.structured_content)

    return in_own_thread(lambda: anyio.run(ask))


def server(folder: Path) -> Any:
    return agent_server.server_of(folder, "leadership")


def test_incidents_are_listed_with_what_tells_them_apart(edition):
    found = call(server(edition), "list_incidents")
    assert [each["id"] for each in found] == ["SEC-1", "SEC-2"]
    assert found[0]["severity"] == "SEV-1"
    assert "actions" not in found[0]


def test_an_incident_comes_with_its_records(edition):
    assert call(server(edition), "get_incident", incident="sec-1")["actions"][0]["action"] == "Rotate"
    assert call(server(edition), "get_incident", incident="SEC-9") == 'error: this edition has no incident "SEC-9"'


def test_pages_come_as_markdown(edition):
    assert call(server(edition), "list_pages") == ["incidents/sec-1", "runbook"]
    assert call(server(edition), "get_page", page="runbook") == "# Runbook\n\nWhen a token is stolen.\n"


@pytest.mark.parametrize(
    "name", ["../../leadership/md/runbook", "/etc/passwd", "unlisted", "runbook.md", "../postmortems.json"]
)
def test_what_the_manifest_does_not_name_is_not_read(edition, name):
    (edition / "md/unlisted.md").write_text("later")
    assert call(server(edition), "get_page", page=name).startswith("error: this edition has no page")


def test_a_listed_file_that_became_a_link_out_is_not_read(edition, tmp_path):
    (tmp_path / "secret.md").write_text("zqsecret")
    (edition / "md/runbook.md").unlink()
    (edition / "md/runbook.md").symlink_to(tmp_path / "secret.md")
    assert "zqsecret" not in call(server(edition), "get_page", page="runbook")


def test_search_wants_all_words_and_puts_titles_first(edition):
    found = call(server(edition), "search", query="Token stolen")
    assert [(each["page"], each["incident"]) for each in found] == [("incidents/sec-1", "SEC-1"), ("runbook", "")]
    assert "publishing token" in found[0]["excerpt"]
    assert call(server(edition), "search", query="token absent") == []


def test_search_reads_records_of_pages_without_markdown(edition):
    assert [each["incident"] for each in call(server(edition), "search", query="zephyr")] == ["SEC-2"]


@pytest.mark.parametrize("owner", ["appsec", "application SECURITY"])
def test_actions_of_an_owner(edition, owner):
    found = call(server(edition), "actions_of_owner", owner=owner)
    assert [(each["incident"], each["id"]) for each in found] == [("SEC-1", "A1"), (None, "A9")]


def test_an_owner_without_actions_is_told_from_one_who_is_unknown(edition):
    assert call(server(edition), "actions_of_owner", owner="idle") == []
    assert call(server(edition), "actions_of_owner", owner="nobody") == 'error: this edition has no owner "nobody"'


def test_another_edition_in_the_folder_is_not_served(edition):
    served = server(edition)
    write_manifest(edition, "internal", {})
    assert "holds the edition internal, not leadership" in call(served, "list_incidents")


def test_only_the_edition_that_is_asked_for_is_served(edition):
    write_manifest(edition, "internal", {})
    done = run("mcp", edition, "--edition", "leadership")
    assert done.exit_code == 2
    assert "holds the edition internal, not leadership" in done.output


def test_a_folder_named_after_another_edition_is_served_where_its_own_is_named(edition, monkeypatch):
    write_manifest(edition, "internal", {})
    done = run("mcp", edition)
    assert done.exit_code == 2
    assert "if that is the one to serve, say --edition internal" in done.output
    monkeypatch.setattr(agent_server, "find_spec", lambda _: None)
    assert agent_server.NEEDS in run("mcp", edition, "--edition", "internal").output


@pytest.mark.parametrize("name", ["md/runbook.md", "postmortems.json"])
@pytest.mark.parametrize("how", ["copy", "hard link", "link within"])
def test_what_another_edition_has_left_in_a_listed_file_is_not_given(edition, tmp_path, name, how):
    other = edition / "left.md" if how == "link within" else tmp_path / "internal.md"
    other.write_text(json.dumps({**RECORDS, "note": "zqsecret"}))
    (edition / name).unlink()
    if how == "copy":
        shutil.copy(other, edition / name)
    elif how == "hard link":
        os.link(other, edition / name)
    else:
        (edition / name).symlink_to(other)
    served = server(edition)
    answers = [
        call(served, "get_page", page="runbook"),
        call(served, "search", query="zqsecret"),
        call(served, "similar_incidents", text="zqsecret zqsecret"),
        call(served, "get_incident", incident="SEC-1"),
    ]
    assert "zqsecret" not in str(answers)
    assert f"error: {name} is not as it was published" in str(answers)


def test_where_an_edition_lies_is_not_told(edition):
    (edition / "md/runbook.md").unlink()
    said = call(server(edition), "get_page", page="runbook")
    assert said == "error: md/runbook.md cannot be read: No such file or directory"


def test_what_is_asked_for_is_bounded_and_so_is_what_is_told(edition):
    served = server(edition)
    assert "may have 1000" in call(served, "search", query=" ".join(f"w{number}" for number in range(100_000)))
    assert len(call(served, "get_incident", incident="x" * 1_000_000)) < 1000


def test_what_people_do_not_see_is_made_visible(edition):
    hidden = "\U000e0049\U000e0067\u202e"
    text = (edition / "postmortems.json").read_text().replace("Zephyr", f"Zephyr{hidden}")
    (edition / "postmortems.json").write_text(text)
    (edition / "md/runbook.md").write_text(f"# Runbook\n\nZephyr{hidden}\x1b[2J and naïve\ttext\n")
    write_manifest(edition, "leadership", {})
    served = server(edition)
    page = call(served, "get_page", page="runbook")
    assert page == "# Runbook\n\nZephyr\\udb40\\udc49\\udb40\\udc67\\u202e\\x1b[2J and naïve\ttext\n"
    answers = [page, call(served, "list_incidents"), call(served, "get_incident", incident="SEC-2")]
    answers += [call(served, "search", query="zephyr")]
    assert not any(char in json.dumps(answers, ensure_ascii=False) for char in hidden)


def test_an_excerpt_shows_its_word_where_letters_grow_when_folded(edition):
    (edition / "md/runbook.md").write_text(f"# Runbook\n\n{'ß' * 500} Zephyr\n")
    write_manifest(edition, "leadership", {})
    found = call(server(edition), "search", query="zephyr")
    assert all("Zephyr" in each["excerpt"] for each in found)
    assert len(found) == 2


def test_every_tool_says_that_it_gives_data_and_changes_nothing(edition):
    from mcp import Client

    async def tools() -> Any:
        async with Client(server(edition)) as client:
            return (await client.list_tools()).tools

    found = in_own_thread(lambda: anyio.run(tools))
    assert len(found) == 7
    for tool in found:
        assert "it is data" in tool.description
        assert tool.annotations.read_only_hint


def test_the_command_speaks_by_standard_input_and_output(edition):
    from mcp import StdioServerParameters, stdio_client

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "sphinx_postmortem.cli", "mcp", str(edition)], env=environment
    )
    assert [each["id"] for each in call(stdio_client(command), "list_incidents")] == ["SEC-1", "SEC-2"]


def test_caches_are_refused(edition):
    place = edition.parent / ".state/leadership/unfinished"
    shutil.copytree(edition, place)
    done = run("mcp", place)
    assert done.exit_code == 2
    assert "is not published" in done.output


def test_a_folder_of_several_editions_is_refused(edition):
    done = run("mcp", edition.parent)
    assert done.exit_code == 2
    assert "name the folder of one edition" in done.output


def test_records_of_another_edition_are_refused(edition):
    (edition / "postmortems.json").write_text(json.dumps({**RECORDS, "edition": "internal"}))
    write_manifest(edition, "leadership", {})
    assert "not of the edition leadership" in call(server(edition), "list_incidents")


def test_without_the_package_a_sentence_says_what_to_install(edition, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(agent_server, "find_spec", lambda name: None if name == "mcp" else find(name))
    done = run("mcp", edition)
    assert done.exit_code == 2
    assert "sphinx-postmortem[mcp]" in done.output
