"""Files that are published as they are, and were written while the build ran: they are looked at once more.

They were looked at when pages were read, and are copied when pages are written: a checkout, or another extension, may
have come between.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.output_files import remove_files
from sphinx_postmortem.core.audience.written_folders import STAMP
from sphinx_postmortem.sphinx_ext.audience.content_hashes import CLOCK_STEP
from sphinx_postmortem.sphinx_ext.audience.marked_copies import files_in_settings, refuse_marked_copy
from sphinx_postmortem.sphinx_ext.html.static_files import STATIC
from sphinx_postmortem.sphinx_ext.records.domain import domain_of


class LateCopies:
    """Looks at published files that are younger than the build; one belongs to one application."""

    def __init__(self) -> None:
        """Start before the first file is looked at."""
        self._started = time.time_ns()

    def refuse(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``: leave nothing of an edition that has copied what it must not see.

        Raises:
            ExtensionError: a marking that is in such a file by now hides a part of it.
        """
        if exception is not None or not domain_of(app.env).settings.edition.is_filtered:
            return
        try:
            for path in _published(app):
                if self._is_younger(path):
                    refuse_marked_copy(app.env, "this edition", path)
        except ExtensionError:
            output = Path(app.outdir)
            remove_files(output, [output / STAMP, Path(app.doctreedir)])
            raise

    def _is_younger(self, path: Path) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False  # it has been removed since
        return max(status.st_mtime_ns, status.st_ctime_ns) > self._started - CLOCK_STEP


def _published(app: Sphinx) -> Iterator[Path]:
    """Yield what is copied when pages are written: their images and downloads, files of settings, and whole folders."""
    copied = map(str, (*app.env.images, *app.env.dlfiles))
    yield from (Path(app.srcdir, name) for name in copied if "://" not in name)
    yield from files_in_settings(app)
    for entry in {*map(str, app.config.html_static_path), *map(str, app.config.html_extra_path)} - {str(STATIC)}:
        folder = Path(app.confdir, entry)
        if folder.is_file():
            yield folder
        for parent, _, names in os.walk(folder, followlinks=True):
            yield from (Path(parent, name) for name in names)
