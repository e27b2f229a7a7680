"""The caches of an edition that an earlier build has left: what cannot be read is thrown away, and said."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_STAMP = ".postmortem-edition"
_ENVIRONMENT = "environment.pickle"
_PICKLE_START, _PICKLE_END = b"\x80", b"."  # PROTO and STOP (pickletools)


def drop_unreadable(state: Path, edition: str) -> str:
    """Remove what a build could not read in the folder of an edition's state.

    Returns:
        What was wrong with it, for a sentence; empty where nothing was removed.

    Raises:
        OSError: it cannot be looked at, or removed.
    """
    if os.path.lexists(state) and not state.is_dir():
        state.unlink()
        return f"{state} was no folder"
    if other := next(_of_another_kind(state), None):
        _remove(other)
        return f"{other} was of another kind"
    doctrees = state / "doctrees"
    if doctrees.is_dir() and (fault := _fault_of(doctrees, edition)):
        shutil.rmtree(doctrees)
        return fault
    return ""


def _of_another_kind(state: Path) -> Iterator[Path]:
    """Yield what stands in the place of a file or a folder that builds write, and is none."""
    for path in sorted(state.iterdir()) if state.is_dir() else ():
        should_be_file = path.suffix == ".log" or path.name == "warnings"
        should_be_folder = path.name in ("doctrees", "unfinished", "replaced", "parts")
        if (should_be_file and not path.is_file()) or (should_be_folder and (path.is_symlink() or not path.is_dir())):
            yield path


def _fault_of(doctrees: Path, edition: str) -> str:
    try:
        stamp = json.loads((doctrees / _STAMP).read_text(encoding="utf-8"))
        if stamp["edition"] != edition:
            return f'the caches were those of the edition "{stamp["edition"]}"'
    except FileNotFoundError:
        return "the caches had no stamp" if (doctrees / _ENVIRONMENT).exists() else ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "the stamp of the caches could not be read"
    if not (doctrees / _ENVIRONMENT).exists():
        return ""  # the build was stopped; Sphinx reads all pages
    for path in (doctrees / _ENVIRONMENT, *sorted(doctrees.rglob("*.doctree"))):
        if not _is_whole_pickle(path):
            return f"{path.relative_to(doctrees)} was cut short"
    return ""


def _is_whole_pickle(path: Path) -> bool:
    """Say whether a file begins and ends as pickles do: one that was not written to its end does not."""
    if not path.is_file() or path.stat().st_size < len(_PICKLE_START) + len(_PICKLE_END):
        return False
    with path.open("rb") as file:
        start = file.read(1)
        file.seek(-1, os.SEEK_END)
        return start == _PICKLE_START and file.read(1) == _PICKLE_END


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
