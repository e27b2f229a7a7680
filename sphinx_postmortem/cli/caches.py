"""The caches of an edition that an earlier build has left: what cannot be read is thrown away, and said."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from sphinx_postmortem.core.expressions import expression

_STAMP = ".postmortem-edition"
_ENVIRONMENT = "environment.pickle"
_FILES = (_STAMP, _ENVIRONMENT, ".postmortem-content.json")
# As Sphinx reports an error that is none of its own, of a handler, or of a template.
_BROKEN = expression(r" {4}(?!sphinx\.errors\.)(?:\w+\.)*\w*(?:Error|Exception): |.*threw an exception|Reason: \w+\(")
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
        if path.is_symlink() and (should_be_file or should_be_folder):
            yield path  # what it leads to would be written
        elif (should_be_file and not path.is_file()) or (should_be_folder and not path.is_dir()):
            yield path


def _fault_of(doctrees: Path, edition: str) -> str:
    if odd := next((path for path in doctrees.rglob("*") if _is_odd(path)), None):
        return f"{odd.relative_to(doctrees)} was no file of a build"
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


def _is_odd(path: Path) -> bool:
    """Say whether a path is neither a folder nor a file of its own, or a folder in the place of a file of ours."""
    if path.is_symlink():
        return True
    return path.name in _FILES if path.is_dir() else not path.is_file()


def with_readable_caches(run: Callable[[], int], state: Path, log: Path, say: Callable[[str], None]) -> int:
    """Run a build; where it breaks over caches of an earlier one, throw these away and run it again.

    Args:
        run: runs it, and returns its exit code.
        state: the folder of the edition's state.
        log: what the build says is written there.
        say: takes a sentence on what was thrown away.

    Raises:
        OSError: the caches cannot be removed.
    """
    doctrees = state / "doctrees"
    had_caches = (doctrees / _ENVIRONMENT).is_file()
    code = run()
    if code and had_caches and doctrees.is_dir() and _has_broken(log):
        say("that was with caches of an earlier build; they were thrown away, and all pages are read anew")
        shutil.rmtree(doctrees)
        code = run()
    return code


def _has_broken(log: Path) -> bool:
    """Say whether a build ended by an error that nobody has written for its readers, as of data that are damaged."""
    text = log.read_text("utf-8", "replace")
    return any(_BROKEN.match(line) for line in text.splitlines())


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
