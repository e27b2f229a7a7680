"""One folder holds one edition: a stamp says which, and another edition is refused.

Old outputs are never deleted by Sphinx, and builders compare only times: a shared folder would publish what an earlier
build of another edition has left.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.output_files import files_below, first_foreign, remove_files
from sphinx_postmortem.core.audience.written_folders import REPOSITORIES, STAMP, is_of_state
from sphinx_postmortem.core.whole_files import replace_file
from sphinx_postmortem.core.working_folders import working_folder
from sphinx_postmortem.sphinx_ext.settings import settings_of


class CacheFolder:
    """The folder of a build's caches; a temporary one where it would lie in a filtered edition's output."""

    def __init__(self) -> None:
        """Start without a temporary folder."""
        self.temporary: Path | None = None
        self._folders = ExitStack()

    def prepare(self, app: Sphinx, config: Config) -> None:
        """Handle ``config-inited``: put the caches in their place and claim them, before Sphinx reads them."""
        self.move_out_of_output(app)
        claim_doctrees(app)

    def move_out_of_output(self, app: Sphinx) -> None:
        """Keep the caches of a filtered edition out of its output folder (Sphinx's default puts them there)."""
        edition = settings_of(app.config).edition
        doctrees, output = Path(app.doctreedir), Path(app.outdir)
        if not edition.is_filtered or not doctrees.is_relative_to(output):
            return
        if doctrees == output:
            raise ExtensionError(
                "the doctree folder is the output folder; give the edition's doctrees a folder of their own (-d)"
            )
        if doctrees.exists():
            _refuse_foreign_caches(doctrees)
            shutil.rmtree(doctrees)
        self.temporary = self._folders.enter_context(working_folder("doctrees"))
        app.doctreedir = type(app.doctreedir)(self.temporary)

    def remove_temporary(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``."""
        self._folders.close()


def _refuse_foreign_caches(doctrees: Path) -> None:
    """Refuse to remove a folder that no build has filled with caches."""
    is_ours = any((doctrees / name).exists() for name in (STAMP, "environment.pickle"))
    if not is_ours and (foreign := next((path for path in doctrees.iterdir() if path.suffix != ".doctree"), None)):
        raise ExtensionError(
            f"the doctree folder {doctrees} holds {foreign.name}, which no build has made, and would be removed. "
            "Nothing was built; give the edition's doctrees a folder of their own (-d)."
        )


def claim_doctrees(app: Sphinx) -> None:
    """Refuse caches of another edition, and stamp those of this one. Must run before Sphinx reads them."""
    _claim(Path(app.doctreedir), _stamp_text(app, "doctrees"), "the doctree folder", "-d")


class OutputFolder:
    """The folder that a build writes; that of a filtered edition starts empty."""

    def __init__(self) -> None:
        """Start without having looked into it."""
        self.before: dict[Path, int] = {}

    def look(self, app: Sphinx, config: Config) -> None:
        """Handle ``config-inited``: note what is there before the builder is made."""
        if settings_of(config).edition.is_filtered:
            self.before = _times_of_files(Path(app.outdir))

    def claim(self, app: Sphinx) -> None:
        """Refuse an output folder of another edition; empty that of an earlier build of a filtered one.

        What an earlier build left may since have been hidden, so a filtered edition always starts from an empty folder.
        What no build has made is not removed, and would be published with the edition: it is refused.
        """
        edition = settings_of(app.config).edition
        output = Path(app.outdir)
        stamp = _stamp_text(app, app.builder.name)
        found = _refuse_other_edition(output, stamp, "the output folder", "the second path")
        if edition.is_filtered:
            keep = [output / STAMP, Path(app.doctreedir), *files_of_extensions(app), *self.files_of_builder(app)]
            _refuse_foreign_files(output, found, edition.name, keep)
            remove_files(output, keep)
        _write_stamp(output, stamp)

    def note_files(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``: note in the stamp of a filtered edition what the next build may remove.

        `sphinx-postmortem build` has a manifest instead, and builds into a folder that is empty.
        """
        output = Path(app.outdir)
        if settings_of(app.config).edition.is_filtered and (output / STAMP).exists() and not is_of_state(output):
            files = sorted(files_below(output, [output / STAMP]))
            _write_stamp(output, _stamp_text(app, app.builder.name, files=files))

    def files_of_builder(self, app: Sphinx) -> list[Path]:
        """Return what a builder that the site trusts has written when it was made, before any page is read.

        sphinx-simplepdf makes its style sheets then.
        """
        if app.builder.name not in settings_of(app.config).trusted_builders:
            return []
        return [path for path, time in _times_of_files(Path(app.outdir)).items() if self.before.get(path) != time]


def _times_of_files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def files_of_extensions(app: Sphinx) -> list[Path]:
    """Return the files in the output that an installed extension has just copied there, unchanged.

    sphinxcontrib-jquery, which sphinx_rtd_theme needs, does so while it is loaded: before any event of a build.
    A file that differs from the package's own, or comes from the site itself, is not among them.
    """
    static = [path for path in (Path(app.outdir) / "_static").glob("*") if path.is_file() and not path.is_symlink()]
    if not static:
        return []
    found: list[Path] = []
    site = (Path(app.srcdir).resolve(), Path(app.confdir).resolve())
    for extension in app.extensions.values():
        package = Path(getattr(extension.module, "__file__", None) or "").resolve()
        if package.name != "__init__.py" or any(package.is_relative_to(folder) for folder in site):
            continue
        for path in static:
            own = package.with_name(path.name)
            if own.is_file() and filecmp.cmp(path, own, shallow=False):
                found.append(path)
    return found


def _refuse_foreign_files(output: Path, found: str, edition: str, keep: Sequence[Path]) -> None:
    """Refuse an output folder that holds what no build of ours has made, and a repository even if one has."""
    if not found and (foreign := min(files_below(output, keep), default="")):
        raise ExtensionError(
            f'the output folder {output} is not empty and no earlier build of the edition "{edition}" made it '
            f"(it holds {foreign}). Nothing was built; choose an empty folder."
        )
    if repository := next((name for name in REPOSITORIES if os.path.lexists(output / name)), None):
        raise ExtensionError(
            f"the output folder {output} holds {repository}, and all in it would be removed. Nothing was "
            "built; build into another folder, and copy what was built to the repository."
        )
    written = _files_in(found)
    if written is not None and (foreign := first_foreign(output, written, keep)):
        raise ExtensionError(
            f"the output folder {output} holds {foreign}, which no build has made: it would be removed. Nothing was "
            "built; move it away, or let the site copy it there (`html_extra_path`)."
        )


def _stamp_text(app: Sphinx, what: str, **more: list[str]) -> str:
    return json.dumps({"edition": settings_of(app.config).edition.name, "holds": what, **more}, sort_keys=True) + "\n"


def _read(folder: Path) -> str:
    if (folder / STAMP).is_symlink():
        raise ExtensionError(f"{folder / STAMP} is a link, and what it leads to would be overwritten; remove it")
    try:
        return (folder / STAMP).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _claim(folder: Path, stamp: str, name: str, option: str) -> None:
    _refuse_other_edition(folder, stamp, name, option)
    _write_stamp(folder, stamp)


def _refuse_other_edition(folder: Path, stamp: str, name: str, option: str) -> str:
    """Return the stamp that a folder has, and refuse that of another edition."""
    found = _read(folder)
    if found and _edition_of(found) != _edition_of(stamp):
        raise ExtensionError(
            f'{name} {folder} belongs to the edition "{_edition_of(found)}", this build is "{_edition_of(stamp)}". '
            f"Nothing was built; give each edition a folder of its own ({option})."
        )
    return found


def _write_stamp(folder: Path, stamp: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / STAMP, stamp.encode())


def _files_in(stamp: str) -> frozenset[str] | None:
    """Return the files that the last build has left; None where it was stopped, so that nobody knows."""
    files: object = json.loads(stamp).get("files") if stamp else None
    return frozenset(map(str, files)) if isinstance(files, list) else None


def _edition_of(stamp: str) -> str:
    try:
        return str(json.loads(stamp)["edition"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unreadable stamp"
