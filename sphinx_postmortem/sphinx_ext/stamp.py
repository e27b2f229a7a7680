"""One folder holds one edition: a stamp says which, and another edition is refused.

Old outputs are never deleted by Sphinx, and builders compare only times: a shared folder would publish what an earlier
build of another edition has left.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext.settings import settings_of

STAMP = ".postmortem-edition"


def prepare_folders(app: Sphinx, config: Config) -> None:
    """Put the caches in their place and claim them, before Sphinx reads them."""
    move_doctrees_out(app)
    claim_doctrees(app)


def move_doctrees_out(app: Sphinx) -> None:
    """Keep the caches of a filtered edition out of its output folder (Sphinx's default puts them there).

    They go to a temporary folder, which is removed after the build.
    """
    edition = settings_of(app.config).edition
    doctrees, output = Path(app.doctreedir), Path(app.outdir)
    if not edition.is_filtered or not doctrees.is_relative_to(output):
        return
    if doctrees == output:
        raise ExtensionError(
            "the doctree folder is the output folder; give the edition's doctrees a folder of their own (-d)"
        )
    shutil.rmtree(doctrees, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="postmortem-doctrees-"))
    app.doctreedir = type(app.doctreedir)(folder)
    app.connect("build-finished", lambda _app, _error: shutil.rmtree(folder, ignore_errors=True), priority=999)


def claim_doctrees(app: Sphinx) -> None:
    """Refuse caches of another edition, and stamp those of this one. Must run before Sphinx reads them."""
    _claim(Path(app.doctreedir), _stamp_text(app, "doctrees"), "the doctree folder", "-d")


def claim_output(app: Sphinx) -> None:
    """Refuse an output folder of another edition; empty that of an earlier build of a filtered one.

    What an earlier build left may since have been hidden, so a filtered edition always starts from an empty folder.
    """
    edition = settings_of(app.config).edition
    output = Path(app.outdir)
    found = _read(output)
    _claim(output, _stamp_text(app, app.builder.name), "the output folder", "the second path")
    if not edition.is_filtered:
        return
    others = [path for path in output.iterdir() if path.name != STAMP]
    if not found and others:
        (output / STAMP).unlink()
        raise ExtensionError(
            f'the output folder {output} is not empty and no earlier build of the edition "{edition.name}" made it '
            f"(it holds {others[0].name}). Nothing was built; choose an empty folder."
        )
    empty_folder(others, Path(app.doctreedir))


def empty_folder(paths: Iterable[Path], keep: Path) -> None:
    """Remove everything but the folder ``keep`` and those round it."""
    for path in paths:
        if keep.is_relative_to(path):
            continue
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _stamp_text(app: Sphinx, what: str) -> str:
    return json.dumps({"edition": settings_of(app.config).edition.name, "holds": what}, sort_keys=True) + "\n"


def _read(folder: Path) -> str:
    try:
        return (folder / STAMP).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _claim(folder: Path, stamp: str, name: str, option: str) -> None:
    found = _read(folder)
    if found and _edition_of(found) != _edition_of(stamp):
        raise ExtensionError(
            f'{name} {folder} belongs to the edition "{_edition_of(found)}", this build is "{_edition_of(stamp)}". '
            f"Nothing was built; give each edition a folder of its own ({option})."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAMP).write_text(stamp, encoding="utf-8")


def _edition_of(stamp: str) -> str:
    try:
        return str(json.loads(stamp)["edition"])
    except (ValueError, KeyError, TypeError):
        return "unreadable stamp"
