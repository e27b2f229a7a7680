"""Folders below the sources that hold what builds have written: none of their files is a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sphinx_postmortem.core.source_walk import walk_sources

STAMP = ".postmortem-edition"
"""The file that says which edition a folder holds."""
_STATE = ".state"  # beside the editions in an OUT of `sphinx-postmortem build`


def is_of_state(folder: Path) -> bool:
    """Say whether a folder lies where `sphinx-postmortem` builds an edition before it is published."""
    return _STATE in folder.parts


def written_folders(source: Path, is_excluded: Callable[[str], bool], output: Path | None = None) -> list[str]:
    """Return the folders below the sources that hold what builds have written, or will write.

    Their files are no pages: Markdown that one edition has written there, another edition would show.

    Args:
        source: the folder of the sources.
        is_excluded: whether a path, relative to it, is left out of the site.
        output: where the present build writes; all editions of its OUT count, since others are built beside it.

    Returns:
        Paths relative to ``source``.
    """
    found: list[str] = []
    walk = walk_sources(source, lambda path: path.rpartition("/")[0] in found or is_excluded(path))
    for folder, names in walk:
        if folder and STAMP in names:
            found.append(folder)
    if output is not None and source in output.parents:
        below = output.relative_to(source).parts
        out = below[: below.index(_STATE)] if _STATE in below else below
        found += ["/".join(out or below)]
    return found
