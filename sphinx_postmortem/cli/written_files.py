"""Files that options of commands name: none takes the place of a page."""

from __future__ import annotations

from pathlib import Path

import click

from sphinx_postmortem.core.checks import PAGE_SUFFIXES
from sphinx_postmortem.core.whole_files import replace_file


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
