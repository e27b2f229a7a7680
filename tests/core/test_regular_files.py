"""Only regular files are read, up to a limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinx_postmortem.core.reader.includes import SiteFiles
from sphinx_postmortem.core.regular_files import is_special, read_regular, read_regular_text


@pytest.mark.parametrize("path", ["pipe", "/dev/zero", "."])
def test_a_pipe_a_device_and_a_folder_are_refused(tmp_path: Path, path: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe or a device|directory"):
        read_regular(tmp_path / path)


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\nb")
    (tmp_path / "link").symlink_to("file")
    assert (read_regular(tmp_path / "link"), read_regular_text(tmp_path / "link")) == (b"a\r\nb", "a\nb")


def test_a_file_over_the_limit_is_too_large_to_look_into(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_regular(tmp_path / "file", limit=5) == b"12345"
    with pytest.raises(OSError, match="too large to look into"):
        read_regular(tmp_path / "file", limit=4)


def test_special_files_are_told_from_others(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert is_special(tmp_path / "pipe")
    assert not any(is_special(tmp_path / name) for name in (".", "missing", "bad\0name"))


def test_an_included_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(OSError, match="pipe"):
        SiteFiles(tmp_path / "page.md", tmp_path).open("pipe.md")
