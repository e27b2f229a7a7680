"""What a filtered edition reads again: a page whose content has changed, or that of a file that it draws in.

Sphinx compares times. A file that is copied with its time (``rsync -a``, ``tar``, a restored cache) may have been
marked since. The digests lie in the edition's doctree folder, which is not published, and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.regular_files import read_regular, read_regular_text, real_path
from sphinx_postmortem.sphinx_ext.audience.page_files import FILES, HIDDEN_FOLDERS
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

STORE = ".postmortem-content.json"
CLOCK_STEP = 20_000_000  # nanoseconds: file systems take times from a clock of larger steps

_SETTINGS = ""  # in the place of a page's name, which none can have

Digests = dict[str, dict[str, str]]
"""Page to file to digest. An empty digest stands for a file that is not there, or was changed during the build."""


class ContentHashes:
    """Compares the contents of files with those of the build before; one belongs to one application."""

    def __init__(self) -> None:
        """Start before the first file is read."""
        self._started = time.time_ns()
        self._before: Digests = {}
        self._reading: list[str] = []
        self._known: dict[Path, str] = {}

    def reread_changed(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> set[str]:
        """Handle ``env-get-outdated``: name the pages of which any file has another content than when it was read."""
        if not domain_of(app.env).settings.edition.is_filtered:
            return set()
        self._before = _read(Path(app.doctreedir))
        pages = set(env.all_docs) & env.found_docs - added
        if self._before.get(_SETTINGS) != _hidden_folders(env):
            return pages  # a file that one of them draws in may have been hidden since, or be hidden no more
        return {docname for docname in pages if self._before.get(docname) != self._digests_of(env, docname)}

    def forget(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Handle ``env-before-read-docs``: what this build reads counts only when the environment has been stored."""
        self._reading = docnames  # Sphinx's own list: handlers after this one may add to it
        self._known.clear()
        if docnames:
            Path(app.doctreedir, STORE).unlink(missing_ok=True)

    def note(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Handle ``env-check-consistency``: the environment has been stored, so store the digests."""
        if not domain_of(app.env).settings.edition.is_filtered:
            return
        read = set(self._reading)
        digests = {
            docname: self._digests_of(env, docname, only_old=True) if docname in read else self._before.get(docname, {})
            for docname in sorted(env.all_docs)
        }
        digests[_SETTINGS] = _hidden_folders(env)
        Path(app.doctreedir, STORE).write_text(json.dumps(digests, indent=0, sort_keys=True), encoding="utf-8")

    def _digests_of(self, env: BuildEnvironment, docname: str, *, only_old: bool = False) -> dict[str, str]:
        return {str(path): self._digest(path, only_old=only_old) for path in sorted(set(_files_of(env, docname)))}

    def _digest(self, path: Path, *, only_old: bool) -> str:
        """Return a file's digest; with ``only_old`` an empty one if it has changed since the build began."""
        if path not in self._known:
            try:
                status = path.stat()
                changed = max(status.st_mtime_ns, status.st_ctime_ns) > self._started - CLOCK_STEP
                is_usable = not (only_old and changed)
                self._known[path] = hashlib.sha256(read_regular(path)).hexdigest() if is_usable else ""
            except OSError:
                self._known[path] = ""
        return self._known[path]


def _hidden_folders(env: BuildEnvironment) -> dict[str, str]:
    """Return a digest of the patterns that hide files: Sphinx compares settings, and has not got these."""
    return {"hidden": hashlib.sha256(repr(HIDDEN_FOLDERS.of(env)).encode()).hexdigest()}


def _files_of(env: BuildEnvironment, docname: str) -> Iterator[Path]:
    """Yield the page's own file and those that it draws in."""
    source = Path(env.srcdir)
    yield real_path(env.doc2path(docname))
    for name in (*env.dependencies.get(docname, ()), *FILES.of(env, docname).tables):
        yield real_path(source / name)


def _read(folder: Path) -> Digests:
    """Return what the last build has stored; nothing where it is missing or unreadable: all pages are read again."""
    try:
        found: object = json.loads(read_regular_text(folder / STORE))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("Digests", found) if isinstance(found, dict) else {}
