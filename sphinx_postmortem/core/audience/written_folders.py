"""Folders below the sources that hold what builds have written: none of their files is a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.core.source_walk import walk_sources

STAMP = ".postmortem-edition"
"""The file that says which edition a folder holds."""
REPOSITORIES = (".git", ".hg", ".svn", ".jj")
"""Folders that hold the sources, and what they were on each earlier day."""
_SAY_EDITION = (STAMP, "manifest.json", "postmortems.json")
"""What builds leave that names their edition: the stamp, the manifest of the command `build`, and exported data."""
_OURS = ("holds", "manifest", "schema_version")
"""Of each of these files, the field that only ours has beside the edition's name."""
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
    for name, field in zip(_SAY_EDITION, _OURS, strict=True):
        file = folder / name
        if not file.is_file():
            continue
        try:
            found: object = json.loads(read_regular(file, _LARGEST))
        except (OSError, ValueError, RecursionError):
            found = {"edition": "", field: ""} if name == STAMP else None
        if isinstance(found, dict) and "edition" in found and field in found:
            return str(found["edition"])  # pyright: ignore[reportUnknownArgumentType]
    return None
