"""Locks of editions: one writer, who is named, and whose programs hold the lock too."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sphinx_postmortem.cli.build_lock import inherited, locked

HOLDER = """
import sys
from pathlib import Path
from sphinx_postmortem.cli.build_lock import locked
with locked(Path(sys.argv[1]), "public", print):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_a_second_build_waits_and_names_the_first(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        threading.Thread(target=holder.communicate).start()  # ends the first

    with locked(tmp_path, "public", say):
        pass
    assert said == [f"public: waiting for another build of this edition (process {holder.pid})"]


def test_a_killed_build_leaves_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()
    said: list[str] = []
    with locked(tmp_path, "public", said.append):
        assert said == []


def test_another_edition_is_not_locked(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with locked(tmp_path, "internal", pytest.fail):
        holder.communicate()


def test_a_program_that_outlives_its_build_keeps_the_lock(tmp_path: Path) -> None:
    with locked(tmp_path, "public", pytest.fail):
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=inherited()
        )
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        threading.Thread(target=child.communicate).start()

    with locked(tmp_path, "public", say):
        assert said


def test_nothing_is_inherited_after_the_build(tmp_path: Path) -> None:
    with locked(tmp_path, "public", pytest.fail):
        assert inherited()
    assert inherited() == ()
