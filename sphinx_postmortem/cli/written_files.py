"""Files that commands write: each is whole or as it was before, and none takes the place of a page."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import click

from sphinx_postmortem.core.checks import PAGE_SUFFIXES


def replace_file(path: Path, data: bytes) -> None:
    """Exchange what a file holds in one move, so that it is never half of one; its rights stay, and so do links to it.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    place = path.resolve()
    beside = place.with_name(f".{place.name[:40]}.{os.getpid()}.unfinished")
    try:
        beside.write_bytes(data)
        if place.exists():
            shutil.copymode(place, beside)
            with suppress(OSError):  # only some may give files away
                status = place.stat()
                os.chown(beside, status.st_uid, status.st_gid)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def write_output(path: Path, text: str, source: Path) -> None:
    """Write the file that an option names.

    Args:
        path: the file; a pipe or a device will do.
        text: what it is to hold.
        source: the folder of the sources.

    Raises:
        click.UsageError: it is a page or the ``conf.py`` of the site.
        OSError: it cannot be written.
    """
    place = path.resolve()
    is_source = place.suffix in PAGE_SUFFIXES or place.name == "conf.py"
    if is_source and place.exists() and place.is_relative_to(source.resolve()):
        raise click.UsageError(f"{path} is a source of the site, and would be overwritten; name another file")
    if place.exists() and not place.is_file():
        path.write_text(text, encoding="utf-8")
    else:
        replace_file(path, text.encode("utf-8", "replace"))
