"""The example site in an edition, built once in a run of the tests, whichever process needs it first."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tests.conftest import Built, Site

EXAMPLE = Path(__file__).parent.parent / "example_site"


def build_example(folder: Path, edition: str, **settings: object) -> Built:
    """Build the pages of an edition, and its data beside them, below a folder that is empty."""
    source = folder / "source"
    source.symlink_to(EXAMPLE, target_is_directory=True)
    site = Site(source)
    return site.build(edition, postmortem_export_folder=str(folder / f"build-{edition}-html-1/html"), **settings)


def example_edition(tmp_path_factory: pytest.TempPathFactory, edition: str) -> Path:
    """Return the folder of an edition's pages; nobody writes to it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # that of all processes of the run
    folder = base / f"example-{edition}"
    built = folder / f"build-{edition}-html-1/html"
    with (base / f"example-{edition}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not (folder / "done").exists():
            folder.mkdir()
            assert build_example(folder, edition).outdir == built
            (folder / "done").touch()
    return built
