"""The folder of a published edition: whose it is, what its manifest states, and how a new one replaces it.

Nothing is removed that no build of ours has made. A new edition takes the place of the earlier one in one move where
the system can exchange two folders (Linux, macOS). Elsewhere it takes two moves; after a stop between them the next
command puts the earlier edition back.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.audience.written_folders import STAMP
from sphinx_postmortem.core.exports.edition_json import evidence_files
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.manifest import ManifestError, extra_files, read_edition, verify_folder
from sphinx_postmortem.core.git import source_state

STATE = ".state"
UNFINISHED, REPLACED = "unfinished", "replaced"
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_NOT_SUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
_TOOLS = ("sphinx-postmortem", "sphinx", "docutils", "myst-parser", "rst2pdf", "reportlab")


class FolderError(Exception):
    """A folder that may not be replaced; the message says why, and what to do."""


def check_folders(source: Path, output: Path, editions: Iterable[str]) -> None:
    """Refuse an output folder in which a build would replace what is not its own.

    Args:
        source: the folder of the sources.
        output: the folder OUT.
        editions: the names of the editions that will be written.

    Raises:
        FolderError: the sources lie in what would be replaced, or something foreign stands in its place.
    """
    source, output = source.resolve(), output.resolve()
    if output == source:
        raise FolderError("OUT is the source folder; choose another")
    for path in (output, output / STATE):
        if (path.exists() or path.is_symlink()) and not path.is_dir():
            raise FolderError(f"{path} is not a folder; choose another OUT")
    for folder in (output / STATE, *(output / name for name in editions)):
        place = folder.resolve()
        if source == place or source.is_relative_to(place):
            raise FolderError(f"the sources lie in {folder}, which the build would replace; choose another OUT")
    for name in editions:
        _check_state(output / STATE, name)
        _check_edition(output, name)


def _check_state(states: Path, edition: str) -> None:
    """Refuse what builds would empty and fill, where it leads elsewhere or no build of ours has made it."""
    state = states / edition
    if state.is_symlink():
        raise FolderError(f"{state} is a symbolic link, and builds remove what lies in it; remove the link")
    if not state.exists() or (states / f"{edition}.lock").exists() or (state / "doctrees" / STAMP).exists():
        return
    if foreign := next(state.iterdir(), None) if state.is_dir() else state:
        raise FolderError(
            f"{foreign} was not made by a build, and might be removed; move it away or choose another OUT"
        )


def _check_edition(output: Path, edition: str) -> None:
    final, state = place_of(output, edition), output / STATE
    if final.exists() and not final.is_dir():
        raise FolderError(f"{output / edition} is not a folder; move it away or choose another OUT")
    if final in (mounted := mount_points()) or final.is_mount():
        raise FolderError(f"{final} is a mount point, which no build can replace; mount the folder above it")
    if _mount_of(state / edition, mounted) != _mount_of(final.parent, mounted):
        raise FolderError(
            f"{output / edition} lies on another file system, or another mount, than {state}, so that it cannot be "
            "replaced in one move; choose an OUT on that file system"
        )
    if final.exists() and any(final.iterdir()):
        refuse_foreign(final, edition)


def mount_points(table: Path = Path("/proc/self/mountinfo")) -> frozenset[Path]:
    """Return what is mounted where the system says so (Linux): not all mounts are other file systems.

    Args:
        table: the system's list (proc(5)), whose fifth field is the path; spaces and the like are octal numbers.
    """
    try:
        lines = table.read_bytes().splitlines()
    except OSError:
        return frozenset()
    paths = (line.split(b" ")[4] for line in lines)
    return frozenset(Path(os.fsdecode(re.sub(rb"\\([0-7]{3})", _octal, path))) for path in paths)


def _octal(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 8)])


def _mount_of(path: Path, mounted: frozenset[Path]) -> tuple[int, Path | None]:
    """Return on which file system, and which mount, a path lies or would lie: folders move within one alone."""
    place = path.resolve()
    there = next(each for each in (place, *place.parents) if each.exists())
    return there.stat().st_dev, next((each for each in (there, *there.parents) if each in mounted), None)


def refuse_foreign(folder: Path, edition: str) -> None:
    """Refuse a folder that holds what no build of this edition has made.

    Raises:
        FolderError: it has no manifest, that of another edition, or files that the manifest does not name.
    """
    mend = "move it away or choose another OUT"
    try:
        found = read_edition(folder)
        foreign = extra_files(folder)
    except ManifestError as error:
        raise FolderError(f"{folder} is no edition that was built here ({error}); {mend}") from error
    if found != edition:
        raise FolderError(f'{folder} holds the edition "{found}", not "{edition}"; {mend}')
    if foreign:
        raise FolderError(f"{folder / foreign[0]} was not made by a build, and would be removed; {mend}")


def place_of(output: Path, edition: str) -> Path:
    """Return the folder in which an edition is published: the target where OUT/EDITION is a symbolic link."""
    return (output / edition).resolve()


def put_back(state: Path, final: Path) -> bool:
    """Undo a replacement that was stopped between its moves; return whether an earlier edition was put back.

    One that is not whole any more is removed: a stop has left it while it was removed, after the exchange.
    """
    earlier = state / REPLACED
    if not earlier.exists():
        return False
    if final.exists() or not _is_whole(earlier):
        remove_earlier(state)
        return False
    final.parent.mkdir(parents=True, exist_ok=True)
    earlier.replace(final)
    return True


def _is_whole(folder: Path) -> bool:
    try:
        return not verify_folder(folder)
    except ManifestError:
        return False


def empty_unfinished(state: Path) -> Path:
    """Return an empty folder in which an edition is built before it takes its place."""
    aside = state / UNFINISHED
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(parents=True)
    return aside


def replace_edition(state: Path, final: Path) -> None:
    """Put what was built aside in the place of the published edition, which then waits to be removed.

    Raises:
        OSError: a move fails, and the earlier edition stands.
    """
    aside, earlier = state / UNFINISHED, state / REPLACED
    remove_earlier(state)
    if not final.exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(final)
        return
    if exchange(aside, final):
        aside.replace(earlier)
    else:
        final.replace(earlier)
        aside.replace(final)


def remove_earlier(state: Path) -> None:
    """Remove the edition that was replaced, where it is still there.

    Raises:
        OSError: it cannot be removed; its message names the folder.
    """
    earlier = state / REPLACED
    try:
        if earlier.exists():
            shutil.rmtree(earlier)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror}; mend its rights, or remove it", str(earlier)) from error


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one move; return False where the system cannot.

    Raises:
        OSError: it can, but fails here.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    here = -2 if sys.platform == "darwin" else -100  # AT_FDCWD
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed = libc.renameat2(here, first, here, second, _EXCHANGE)
    elif sys.platform == "darwin":
        failed = libc.renamex_np(first, second, _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(other))


def facts_of_build(source: Path, audiences: Audiences, edition: str, made: Path) -> dict[str, object]:
    """Return the tools, the date if SOURCE_DATE_EPOCH sets one, evidence, and for the internal edition the commit.

    Evidence files are those that the data in the folder ``made`` name; their hashes hold wherever the files are kept.

    A filtered edition names no commit: that changes with content which the edition may not see.
    """
    facts: dict[str, object] = {"tools": _versions()}
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        facts["date"] = datetime.fromtimestamp(int(epoch), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if edition == audiences.internal:
        state = source_state(source)
        facts["source"] = (
            {"commit": None, "reason": str(state.gap)}
            if state.gap
            else {"commit": state.commit, "uncommitted_changes": state.changed}
        )
    data = made / EXPORT_FILES["json"][0]
    if data.is_file() and (found := evidence_files(json.loads(data.read_text(encoding="utf-8")))):
        facts["evidence"] = [{"path": path, "sha256": sha256} for path, sha256 in found.items()]
    return facts


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in _TOOLS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
