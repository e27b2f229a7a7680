"""One folder holds one edition: a stamp says which, and another edition is refused.

Old outputs are never deleted by Sphinx, and builders compare only times: a shared folder would publish what an earlier
build of another edition has left.
"""

from __future__ import annotations

import filecmp
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.written_folders import STAMP
from sphinx_postmortem.sphinx_ext.settings import settings_of

_REPOSITORIES = (".git", ".hg", ".svn", ".jj")


class CacheFolder:
    """The folder of a build's caches; a temporary one where it would lie in a filtered edition's output."""

    def __init__(self) -> None:
        """Start without a temporary folder."""
        self.temporary: Path | None = None

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
        self.temporary = Path(tempfile.mkdtemp(prefix="postmortem-doctrees-"))
        app.doctreedir = type(app.doctreedir)(self.temporary)

    def remove_temporary(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``."""
        if self.temporary is not None and self.temporary.exists():
            shutil.rmtree(self.temporary)


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
        """
        edition = settings_of(app.config).edition
        output = Path(app.outdir)
        found = _read(output)
        _claim(output, _stamp_text(app, app.builder.name), "the output folder", "the second path")
        if not edition.is_filtered:
            return
        keep = [Path(app.doctreedir), *files_of_extensions(app), *self.files_of_builder(app)]
        others = [path for path in output.iterdir() if path.name != STAMP]
        if not found and not all(_holds_only(path, keep) for path in others):
            (output / STAMP).unlink()
            raise ExtensionError(
                f'the output folder {output} is not empty and no earlier build of the edition "{edition.name}" made it '
                f"(it holds {others[0].name}). Nothing was built; choose an empty folder."
            )
        if repository := next((path for path in others if path.name in _REPOSITORIES), None):
            raise ExtensionError(
                f"the output folder {output} holds {repository.name}, and all in it would be removed. Nothing was "
                "built; build into another folder, and copy what was built to the repository."
            )
        empty_folder(others, keep)

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


def _holds_only(path: Path, keep: Sequence[Path]) -> bool:
    if path in keep:
        return True
    is_folder = path.is_dir() and not path.is_symlink()
    return is_folder and all(_holds_only(inner, keep) for inner in path.iterdir())


def empty_folder(paths: Iterable[Path], keep: Sequence[Path]) -> None:
    """Remove everything but the files and folders in ``keep`` and the folders round them."""
    for path in paths:
        if path in keep:
            continue
        if not path.is_dir() or path.is_symlink():
            path.unlink()
        elif any(kept.is_relative_to(path) for kept in keep):
            empty_folder(list(path.iterdir()), keep)
        else:
            shutil.rmtree(path)


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
