"""Folders below the sources that hold what builds have written: none of their files is a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sphinx_postmortem.core.audience.exported_data import OURS, UNTOLD, edition_of_json
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.source_walk import walk_sources

STAMP = ".postmortem-edition"
"""The file that says which edition a folder holds."""
REPOSITORIES = (".git", ".hg", ".svn", ".jj")
"""Folders that hold the sources, and what they were on each earlier day."""
_LARGEST = 256 * 1024 * 1024
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


def edition_that_wrote(folder: Path) -> str | None:
    """Return the edition whose build has written a folder's files; None where none has, empty where it cannot be told.

    Folders above count for themselves: this is about the folder alone.
    """
    for name, field in OURS.items():
        file = folder / name
        if not file.is_file():
            continue
        try:
            found = edition_of_json(read_regular(file, _LARGEST), field)
        except (OSError, ValueError, RecursionError):
            found = UNTOLD if name == STAMP else None
        if found is not None:
            return found
    return None
