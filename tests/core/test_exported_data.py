"""Data that exports have written is known wherever a copy of it lies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.exported_data import UNTOLD, edition_of_data
from sphinx_postmortem.core.audience.written_folders import STAMP, edition_that_wrote
from tests.example_editions import example_edition

UNNAMED = ("actions.csv", "events.csv", "actions.ics", "reporting-clocks.ics", "incidents.atom")
INDEX = "# T\n\nopenword\n"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_edition(tmp_path_factory, "internal")


def test_our_data_is_known_and_json_names_its_edition(exported: Path) -> None:
    assert edition_of_data(exported / "postmortems.json") == "internal"
    assert edition_of_data(exported / STAMP) == "internal"
    assert [edition_of_data(exported / name) for name in UNNAMED] == [UNTOLD] * len(UNNAMED)


def test_it_is_known_after_a_spreadsheet_or_an_editor_has_saved_it_again(exported: Path, tmp_path: Path) -> None:
    table = (exported / "events.csv").read_text("utf-8-sig").replace('"', "")
    data = json.loads((exported / "postmortems.json").read_text())
    again = {
        "semicolons.csv": table.replace(",", ";").encode(),
        "tabs.txt": table.replace(",", "\t").encode("utf-16"),
        "sorted.json": json.dumps(data, sort_keys=True).encode(),
        "sums.txt": f"{'0' * 64}  html/index.html\n{'0' * 64}  html/{STAMP}\n".encode(),
        "manifest.txt": b'{"files": [], "edition": "internal", "manifest": 1}',
    }
    for name, content in again.items():
        (tmp_path / name).write_bytes(content)
    assert {name: edition_of_data(tmp_path / name) for name in again} == {
        "semicolons.csv": UNTOLD,
        "tabs.txt": UNTOLD,
        "sorted.json": "internal",
        "sums.txt": UNTOLD,
        "manifest.txt": "internal",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Time (UTC),Event\n2026-03-02 01:14,Alert detected\n",
        b"Incident,Severity,Owners\nSEC-1,SEV-2,ops\n",
        b"BEGIN:VCALENDAR\r\nPRODID:-//Somebody//Calendar//EN\r\n",
        b'{"edition": "internal", "pages": []}',
        b'{"schema_version": 2}',
        b'[{"edition": "internal", "schema_version": 2}]',
        b'{"edition": "internal", ',
        b"\x89PNG\r\n\x1a\n{",
    ],
)
def test_what_others_write_is_not_ours(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    assert edition_of_data(tmp_path / "file") is None


def test_a_part_of_our_json_is_ours(exported: Path, tmp_path: Path) -> None:
    whole = (exported / "postmortems.json").read_bytes()
    (tmp_path / "file").write_bytes(whole[: len(whole) * 3 // 4])
    assert edition_of_data(tmp_path / "file") == UNTOLD


@pytest.mark.parametrize("name", ["postmortems.json", "events.csv", "actions.ics"])
def test_a_copy_of_it_is_published_in_no_filtered_edition(site, exported: Path, name: str) -> None:
    files = {"index.md": INDEX + f"\n{{download}}`copy-{name}`\n", f"copy-{name}": (exported / name).read_bytes()}
    source = site(files)
    with pytest.raises(ExtensionError, match=r"link to the data that each build writes itself"):
        source.build("leadership", warnings=True)
    assert source.build("internal", warnings=True).read("index.html")


def test_a_folder_with_a_damaged_stamp_is_published_in_no_filtered_edition(site) -> None:
    source = site({"index.md": INDEX + "\n{download}`old/a.txt`\n", "old/a.txt": "x", f"old/{STAMP}": "{"})
    assert edition_that_wrote(source.source / "old") == UNTOLD
    with pytest.raises(ExtensionError, match="Nothing was published"):
        source.build("leadership", warnings=True)
