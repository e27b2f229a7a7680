"""Files that commands write: whole or as they were, with their rights, and never in the place of a page."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from sphinx_postmortem.cli.terminal import said_by_system
from sphinx_postmortem.cli.written_files import write_output
from sphinx_postmortem.core.whole_files import replace_file
from tests.command import run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "site" / "page.md"
    path.parent.mkdir()
    path.write_text("# Page\n")
    return path


def test_rights_and_links_of_a_replaced_file_stay(page: Path) -> None:
    page.chmod(0o600)
    link = page.with_name("link.md")
    link.symlink_to("page.md")
    replace_file(link, b"new")
    assert link.is_symlink()
    assert (page.read_text(), page.stat().st_mode & 0o777) == ("new", 0o600)


def test_nothing_is_written_through_a_link_that_leads_elsewhere(page: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (page.parent / "below").mkdir()
    for link in (page.with_name("report.json"), page.parent / "below/link.md"):
        link.symlink_to(mine)
        with pytest.raises(OSError, match="is a link to .*mine"):
            replace_file(link, b"new", within=page.parent)
    with pytest.raises(OSError, match="is a link to"):
        write_output(page.with_name("report.json"), "{}", page.parent)
    assert mine.read_text() == "mine"
    inner = page.parent / "below/inner.md"
    inner.symlink_to("../page.md")
    with pytest.raises(OSError, match="is a link to"):
        replace_file(inner, b"new")
    replace_file(inner, b"new", within=page.parent)
    assert page.read_text() == "new"


def test_a_file_that_cannot_be_replaced_stays_whole(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _data: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(page, b"new")
    assert [path.name for path in page.parent.iterdir()] == ["page.md"]
    assert page.read_text() == "# Page\n"


@pytest.mark.parametrize("name", ["page.md", "conf.py", "../site/page.md"])
def test_no_output_takes_the_place_of_a_source(page: Path, name: str) -> None:
    (page.parent / "conf.py").write_text("")
    with pytest.raises(click.UsageError, match="is a source of the site"):
        write_output(page.parent / name, "report", page.parent)


def test_an_output_may_be_new_or_older_or_a_pipe(page: Path) -> None:
    for _ in range(2):
        write_output(page.with_name("report.json"), "{}", page.parent)
    assert page.with_name("report.json").read_text() == "{}"
    pipe = page.with_name("pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_output(pipe, "said", page.parent)
    assert os.read(reader, 10) == b"said"
    os.close(reader)
    assert pipe.is_fifo()


def test_check_keeps_a_page_that_is_named_as_its_output(page: Path) -> None:
    done = run("check", page.parent, "--output", page)
    assert done.exit_code == 2
    assert page.read_text() == "# Page\n"


def test_a_full_disk_is_a_sentence_that_names_the_page(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    page.with_name("conf.py").write_text("extensions = ['sphinx_postmortem']\n")
    page.write_text("# Page\n\nSee <https://wiki.example.com/page|the page>, asked <@U024BE7LH>.\n")
    result = run("check", "--fix", str(page.parent))
    assert result.exit_code == 2
    assert result.output.endswith(f"Error: {page}: No space left on device\n")


def test_an_error_of_the_system_names_a_file_where_one_is_known() -> None:
    assert said_by_system(OSError(28, "No space left on device", "a.html")) == "a.html: No space left on device"
    assert said_by_system(OSError(28, "No space left")) == "No space left, as a file was read or written"
    assert said_by_system(OSError("odd")) == "odd, as a file was read or written"
