"""Temporary folders go with their program; one that was killed is cleaned up after by the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sphinx_postmortem.core.working_folders import working_folder

KILLED = """
import os, signal
from sphinx_postmortem.core.working_folders import working_folder
with working_folder("test") as folder:
    (folder / "secret").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_empty_and_for_one_user_and_goes_at_the_end(temporary: Path) -> None:
    with working_folder("test") as folder:
        assert list(folder.iterdir()) == []
        assert folder.parent.stat().st_mode & 0o077 == 0
        (folder / "a").touch()
    assert list(temporary.iterdir()) == []


def test_it_goes_after_an_error(temporary: Path) -> None:
    with pytest.raises(ValueError, match="why"), working_folder("test"):
        raise ValueError("why")
    assert list(temporary.iterdir()) == []


def test_that_of_a_killed_program_goes_with_the_next_and_no_other_does(temporary: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    for name in ("sphinx-postmortem-of-somebody", "else"):
        (temporary / name).mkdir()
    (temporary / "sphinx-postmortem-link").symlink_to("else")
    with working_folder("alive"):
        done = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
        assert done.returncode == -signal.SIGKILL
        assert len(list(temporary.glob("sphinx-postmortem-test-*"))) == 1
        with working_folder("next"):
            left = sorted(path.name.rpartition("-")[0] for path in temporary.iterdir())
    assert left == [
        "",
        *("sphinx-postmortem", "sphinx-postmortem-alive", "sphinx-postmortem-next", "sphinx-postmortem-of"),
    ]
