"""``sphinx-postmortem import``: from documents to a site whose filtered editions hold no word of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

REPORT = """\
# 2024-05-06 Quixotic queue

## Summary

The zephyr queue filled.

## Timeline

All times in CET

- 10:00 alarm of the gizmo @ann
- ~10:05 filled to the `brim`

  ```
  jabberwock
  ```

## Root cause

A wombat.

## Where we got lucky

It was a holiday [here](../holidays.md).

## Action items

- [ ] Grow the vortex
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    audiences = ("--audiences", "internal,leadership,public")
    assert run("init", tmp_path / "kb", "--theme", "alabaster", *audiences).exit_code == 0
    return tmp_path / "kb"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "old" / "report.md"
    path.parent.mkdir()
    path.write_text(REPORT, encoding="utf-8")
    return path


def pages(library: Path) -> list[Path]:
    return sorted((library / "incidents").rglob("sec-*.md"))


def test_an_imported_page_builds_without_warnings_and_leadership_holds_no_word_of_it(library, report, tmp_path):
    done = run("import", report, "--site", library)
    assert done.exit_code == 0, done.output
    built = run(
        "build", library, tmp_path / "out", "--fail-on-warning", "--edition", "internal", "--edition", "leadership"
    )
    assert built.exit_code == 0, built.output
    text = pages(library)[0].read_text(encoding="utf-8")
    words = set(re.findall(r"quixotic|zephyr|gizmo|jabberwock|wombat|holidays?|vortex|brim", text.casefold()))
    assert len(words) == 9
    hidden = [*words, "sec-2024-001", "report.md"]
    for path in (tmp_path / "out/leadership").rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        assert [word for word in hidden if word.encode() in content or word in path.name.casefold()] == []
    shown = (tmp_path / "out/internal/html/incidents/2024/sec-2024-001.html").read_text(encoding="utf-8").casefold()
    assert [word for word in words if word not in shown] == []


def test_a_second_import_changes_nothing(library, report):
    run("import", report, "--site", library)
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    done = run("import", report, "--site", library)
    assert done.exit_code == 0
    assert "Left as it is" in done.output
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before


def test_a_batch_says_what_became_of_each_file(library, report):
    (report.parent / "no-zone.md").write_text("# 2024-01-02 B\n\n## Timeline\n\n- 10:00 x\n", encoding="utf-8")
    (report.parent / "picture.png").write_bytes(b"\x89PNG")
    done = run("import", "--batch", report.parent, "--site", library)
    assert done.exit_code == 1
    assert re.search(r"no-zone\.md: not imported: no-zone\.md:5: .*--zone", done.output)
    assert "picture.png: not imported" in done.output
    assert re.search(r"report\.md -> sec-2024-001\.md: 2 events, 1 actions", done.output)
    assert "1 of 3 files imported" in done.output
    assert len(pages(library)) == 1


def test_answers_for_single_files_stand_in_a_file(library, report, tmp_path):
    (report.parent / "no-zone.md").write_text("# 2024-01-02 B\n\n## Timeline\n\n- 10:00 x\n", encoding="utf-8")
    answers = tmp_path / "answers.toml"
    answers.write_text('[files."no-*.md"]\nzone = "Europe/Berlin"\n', encoding="utf-8")
    done = run("import", "--batch", report.parent, "--site", library, "--map", answers)
    assert done.exit_code == 0, done.output
    assert any("2024-01-02 09:00" in path.read_text(encoding="utf-8") for path in pages(library))


def test_json_tells_every_item(library, report):
    done = run("import", report, "--site", library, "--json")
    page = json.loads(done.stdout)["pages"][0]
    assert (page["id"], page["events"], page["actions"]) == ("SEC-2024-001", 2, 1)
    assert [item["what"] for item in page["items"]].count("event") == 2
    assert all(item["became"] for item in page["items"])


def test_a_secret_is_said_at_once(library, report):
    report.write_text(f"{REPORT}- revoke AKIA{'ABCDEFGHIJKLMNOP'}\n", encoding="utf-8")
    done = run("import", report, "--site", library)
    assert done.exit_code == 1
    assert "looks like a secret" in done.output


def test_several_sources_make_one_timeline(library, report):
    other = report.with_name("notes.md")
    other.write_text(
        "# Notes\n\n## Timeline\n\n- 2024-05-06 09:00Z alarm of the gizmo rings\n- 2024-05-06 09:30Z calm\n"
    )
    done = run("import", report, other, "--site", library)
    assert done.exit_code == 0, done.output
    text = pages(library)[0].read_text(encoding="utf-8")
    assert (
        text.index("alarm of the gizmo @ann") < text.index("gizmo rings") < text.index("filled to") < text.index("calm")
    )
    assert text.count("perhaps the same as") == 1
    again = run("import", report, other, "--site", library)
    assert "Left as it is" in again.output


def test_a_source_is_added_to_a_page(library, report):
    run("import", report, "--site", library)
    other = report.with_name("later.md")
    other.write_text("# Later\n\n## Timeline\n\n- 2024-05-06 12:00Z aftermath\n", encoding="utf-8")
    done = run("import", other, "--into", pages(library)[0], "--site", library)
    assert done.exit_code == 0, done.output
    assert "| 2024-05-06 12:00 | aftermath |" in pages(library)[0].read_text(encoding="utf-8")
    other.write_text("# Later\n\n```\ncode\n\n## Timeline\n\n- 2024-05-06 13:00Z more\n", encoding="utf-8")
    done = run("import", other, "--into", pages(library)[0], "--site", library)
    assert "nothing new" in done.output
    assert "line 3: the code that begins here has no end, so that all below it is code" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the files to import"),
        (("missing.md",), "no such file"),
        (("--zone", "Mars/Base", "x.md"), "no time zone"),
        (("--date", "tomorrow", "x.md"), "not a date"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_written(library, arguments, said):
    done = run("import", *arguments, "--site", library)
    assert done.exit_code != 0
    assert said in done.output
    assert pages(library) == []


def test_a_zone_that_is_missing_names_its_option(library, report):
    report.write_text("# 2024-01-02 B\n\n## Timeline\n\n- 10:00 x\n", encoding="utf-8")
    done = run("import", report, "--site", library)
    assert done.exit_code == 2
    assert "give --zone" in done.output
    assert pages(library) == []


def test_html_is_read_as_markdown(library, report):
    page = report.with_name("old.html")
    page.write_text(
        "<!doctype html><html><head><title>T</title><script>evil()</script></head><body><h1>2024-05-06 Queue</h1>"
        "<h2>Timeline</h2><table><tr><th>Time (UTC)</th><th>Event</th></tr><tr><td>10:00</td><td>a <b>b</b></td></tr></table>"
        "</body></html>",
        encoding="utf-8",
    )
    assert run("import", page, "--site", library).exit_code == 0
    text = pages(library)[0].read_text(encoding="utf-8")
    assert "| 2024-05-06 10:00 | a **b** |" in text
    assert "evil" not in text
