"""The walk through a source folder: links are followed, circles are named and left, odd names are known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.hidden_pages import find_hidden_pages
from sphinx_postmortem.core.checks.runner import find_pages
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.source_walk import fault_of_name, walk_sources

EDITION = Edition(Audiences(("internal", "public")), "public")


def walked(root: Path) -> tuple[list[str], list[str]]:
    """Return the files below a folder, and the circles."""
    circles: list[str] = []
    found = walk_sources(root, lambda _path: False, circles.append)
    return [f"{folder}/{name}".lstrip("/") for folder, names in found for name in names], circles


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "site" / "a" / "b").mkdir(parents=True)
    (tmp_path / "site" / "a" / "page.md").write_text("# Page\n")
    return tmp_path / "site"


@pytest.mark.parametrize("target", ["..", ".", "../../a"])
def test_a_link_to_a_folder_round_it_is_named_and_left(root: Path, target: str) -> None:
    (root / "a" / "b" / "link").symlink_to(target)
    assert walked(root) == (["a/page.md"], ["a/b/link"])


def test_two_folders_that_hold_each_other_by_links_have_an_end(root: Path) -> None:
    (root / "c").mkdir()
    (root / "c" / "to-a").symlink_to("../a")
    (root / "a" / "to-c").symlink_to("../c")
    assert walked(root) == (["a/page.md", "c/to-a/page.md"], ["a/to-c/to-a", "c/to-a/to-c"])


def test_a_link_to_another_folder_is_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "more.md").write_text("# More\n")
    (root / "shared").symlink_to(tmp_path / "shared")
    assert walked(root) == (["a/page.md", "shared/more.md"], [])


def test_a_link_to_itself_is_a_file(root: Path) -> None:
    (root / "self.md").symlink_to("self.md")
    assert walked(root) == (["self.md", "a/page.md"], [])


def test_checks_look_at_every_page_that_a_build_reads_and_at_those_that_cannot_be_read(root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    (root / "gone.md").symlink_to("nowhere")
    (root / "linked").symlink_to("a")
    (root / "folder.md").mkdir()
    names = [path.relative_to(root).as_posix() for path in find_pages(root, lambda _path: False)]
    assert names == ["a/page.md", "gone.md", "linked/page.md", "pipe.md"]


@pytest.mark.parametrize("name", ["a\nb.md", "a\x1b[2J.md", os.fsdecode(b"\xe9.md"), "a\u2028b.md", "a\x9bb.md"])
def test_a_page_with_an_odd_name_is_hidden_and_named(root: Path, name: str) -> None:
    (root / name).write_text("# Odd\n")
    found = find_hidden_pages(root, {".md": "markdown"}, EDITION, {}, lambda _path: False)
    assert found.pages == (name,)
    ((path, problem),) = found.problems
    assert (path, problem.code, "rename it" in problem.message) == (name, Code.BROKEN_MARKING, True)


def test_names_of_any_script_are_not_odd() -> None:
    assert not any(map(fault_of_name, ("Überfall.md", "事故/第一.md", "a b'c.md", "نامه\u200cها.md")))


def test_pipes_are_hidden_and_named(root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    found = find_hidden_pages(root, {".md": "markdown"}, EDITION, {}, lambda _path: False)
    assert found.pages == ("pipe.md",)
    assert "it is a pipe or a device" in found.problems[0][1].message


def test_a_circle_is_reported_and_left_out(root: Path) -> None:
    (root / "a" / "b" / "up").symlink_to("..")
    found = find_hidden_pages(root, {".md": "markdown"}, EDITION, {}, lambda _path: False)
    assert found.patterns == ("a/b/up",)
    assert [(path, problem.code) for path, problem in found.problems] == [("a/b/up", Code.BAD_FILE)]


def test_a_folder_that_cannot_be_listed_is_named_by_builds_and_checks(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder).name in ("b", ".hidden"):
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    (root / ".hidden").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    found = find_hidden_pages(root, {".md": "markdown"}, EDITION, {}, lambda _path: False)
    ((path, problem),) = found.problems
    assert (path, problem.code) == ("a/b", Code.BROKEN_MARKING)
    assert "the folder cannot be read (Permission denied)" in problem.message
    assert root / "a/b" in find_pages(root, lambda _path: False)
