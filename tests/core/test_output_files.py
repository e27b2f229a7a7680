"""Builds know their own files in an output folder: those they remove, and all others are somebody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.audience.output_files import files_below, first_foreign, remove_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("stamp", "page.html", "deep/down/page.html", "deep/kept.js", "kept/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to("kept")
    return tmp_path


def test_files_and_links_are_named_and_what_is_kept_is_not(folder: Path) -> None:
    found = sorted(files_below(folder, [folder / "stamp", folder / "kept"]))
    assert found == ["deep/down/page.html", "deep/kept.js", "link", "page.html"]


def test_what_no_build_has_written_is_foreign(folder: Path) -> None:
    written = set(files_below(folder))
    assert first_foreign(folder, written, ()) == ""
    (folder / "deep/mine.txt").touch()
    assert first_foreign(folder, written, ()) == "deep/mine.txt"
    assert first_foreign(folder, written, [folder / "deep"]) == ""


def test_what_latex_writes_beside_its_source_is_of_the_build(folder: Path) -> None:
    (folder / "site.pdf").touch()
    assert first_foreign(folder, {*files_below(folder), "site.tex"}, ()) == ""
    written = {*files_below(folder), "other.tex"} - {"site.pdf"}
    assert first_foreign(folder, written, ()) == "site.pdf"


def test_files_are_removed_with_the_folders_that_are_empty_then(folder: Path) -> None:
    remove_files(folder, [folder / "stamp", folder / "deep/kept.js", folder / "kept"])
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [
        *("deep", "deep/kept.js", "kept", "kept/a.txt", "stamp")
    ]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert list(files_below(tmp_path / "none")) == []
    remove_files(tmp_path / "none", ())
