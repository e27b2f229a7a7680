"""The manifest of an edition: what was published, so that it can be checked later.

Two files stand at the top of an edition's folder: ``manifest.json`` with size and SHA-256 of every file, and
``SHA256SUMS`` in the format of the program ``sha256sum``, which also covers the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
SIGNATURES = (f"{SUMS}.asc", f"{SUMS}.sig", f"{SUMS}.minisig")
"""Detached signatures may stand beside the sums; they cannot be part of them."""

_MAX_LISTING = 256 * 1024 * 1024
_VERSION = 1
_SUM_LINE = expression(r"(?P<escaped>\\?)(?P<hash>[0-9a-f]{64}) [ *](?P<path>.+)")


def has_surrogates(text: str) -> bool:
    """Say whether a text holds bytes that were no UTF-8."""
    return any("\ud800" <= char <= "\udfff" for char in text)


class ManifestError(Exception):
    """A folder whose manifest or sums cannot be read; the message says why."""


@dataclass(frozen=True)
class FileSum:
    """One published file: its path below the edition's folder with ``/``, its size in bytes, and its SHA-256."""

    path: str
    size: int
    sha256: str


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, edition: str, facts: Mapping[str, object]) -> None:
    """Write ``manifest.json`` and ``SHA256SUMS`` for all that stands in ``folder``.

    Args:
        folder: the finished folder of one edition.
        edition: the edition's name.
        facts: what else the manifest states, such as the versions of tools.

    Raises:
        ManifestError: the folder holds a symbolic link, whose content could change later, or a name that is not UTF-8.
        OSError: a file cannot be read or written.
    """
    for name in (MANIFEST, SUMS, *SIGNATURES):
        (folder / name).unlink(missing_ok=True)
    files = [_sum_of(folder, path) for path in _files(folder)]
    if odd := next((file.path for file in files if has_surrogates(file.path)), ""):
        raise ManifestError(f"the name of the file {odd!a} is not UTF-8, so that no manifest can name it; rename it")
    content = {
        "manifest": _VERSION,
        "edition": edition,
        **facts,
        "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in files],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    lines = [_sum_line(file) for file in [*files, _sum_of(folder, folder / MANIFEST)]]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def verify_folder(folder: Path) -> list[str]:
    """Return what differs between a folder and its manifest and sums; an empty list when nothing does.

    Raises:
        ManifestError: there is no readable manifest, or there are no readable sums.
        OSError: a file cannot be read.
    """
    listed = _read_manifest(folder)
    sums = _read_sums(folder)
    found = {_name(folder, path): path for path in _files(folder, links_too=True)}
    for name in (SUMS, *SIGNATURES):
        found.pop(name, None)
    problems = list(_compare_lists(listed, sums))
    for name in sorted(sums.keys() | listed.keys()):
        path = found.pop(name, None)
        if path is None:
            problems.append(f"missing: {name}")
        elif path.is_symlink():
            problems.append(f"is a symbolic link, not the file: {name}")
        elif not path.is_file():  # a pipe or a device: to read it could take for ever
            problems.append(f"is no file: {name}")
        elif name in sums and sha256_of(path) != sums[name]:
            problems.append(f"changed: {name}")
    problems += [f"not in the manifest: {name}" for name in sorted(found)]
    return problems


def read_edition(folder: Path) -> str:
    """Return the name of the edition whose manifest stands in a folder.

    Raises:
        ManifestError: there is no readable manifest.
    """
    return str(_content(folder).get("edition", ""))


def read_listing(folder: Path) -> tuple[str, Mapping[str, str]]:
    """Return the name of the edition of a folder, and the SHA-256 of each file that its manifest names.

    Raises:
        ManifestError: there is no readable manifest.
    """
    content = _content(folder)
    return str(content.get("edition", "")), _sums_of(content, folder)


def extra_files(folder: Path) -> list[str]:
    """Return the files below a folder that its manifest does not name, but for sums and signatures.

    Raises:
        ManifestError: there is no readable manifest.
    """
    listed = {*_read_manifest(folder), MANIFEST, SUMS, *SIGNATURES}
    return [name for path in _files(folder, links_too=True) if (name := _name(folder, path)) not in listed]


def _compare_lists(listed: Mapping[str, str], sums: Mapping[str, str]) -> Iterator[str]:
    """Yield where the manifest and the sums do not say the same."""
    if MANIFEST not in sums:
        yield f"{SUMS} does not cover {MANIFEST}"
    for name in sorted(listed.keys() | (sums.keys() - {MANIFEST})):
        if listed.get(name) != sums.get(name):
            yield f"{MANIFEST} and {SUMS} differ: {name}"


def _files(folder: Path, *, links_too: bool = False) -> list[Path]:
    paths = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    links = [path for path in paths if path.is_symlink()]
    if links and not links_too:
        raise ManifestError(f"{links[0]} is a symbolic link; an edition must hold its files itself")
    return sorted(paths, key=lambda path: _name(folder, path))


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _sum_of(folder: Path, path: Path) -> FileSum:
    return FileSum(_name(folder, path), path.stat().st_size, sha256_of(path))


def _sum_line(file: FileSum) -> str:
    # As sha256sum does it: a name with a line break or a backslash is escaped, and the line begins with a backslash.
    escaped = file.path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if escaped == file.path else chr(92)}{file.sha256}  {escaped}\n"


def _read_manifest(folder: Path) -> dict[str, str]:
    return _sums_of(_content(folder), folder)


def _sums_of(content: Mapping[str, Any], folder: Path) -> dict[str, str]:
    try:
        return {str(file["path"]): str(file["sha256"]) for file in content["files"]}
    except (KeyError, TypeError) as error:
        raise ManifestError(f"{folder / MANIFEST} is damaged ({error})") from error


def _content(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads(_read_listing(folder / MANIFEST))
    except FileNotFoundError:
        raise ManifestError(f"{folder} has no {MANIFEST}; name the folder of one edition, such as OUT/public") from None
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{folder / MANIFEST} is damaged ({error})") from error
    if not isinstance(content, dict):
        raise ManifestError(f"{folder / MANIFEST} is damaged (it holds no object)")
    return cast("dict[str, Any]", content)


def _read_listing(path: Path) -> str:
    if path.exists() and (not path.is_file() or path.stat().st_size > _MAX_LISTING):
        raise ManifestError(f"{path} is no file, or too large to look into (more than {_MAX_LISTING // 1024**2} MiB)")
    return path.read_text(encoding="utf-8")


def _read_sums(folder: Path) -> dict[str, str]:
    try:
        lines = _read_listing(folder / SUMS).split("\n")
    except FileNotFoundError:
        raise ManifestError(f"{folder} has no {SUMS}; name the folder of one edition, such as OUT/public") from None
    except ValueError as error:
        raise ManifestError(f"{folder / SUMS} is damaged ({error})") from error
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _SUM_LINE.fullmatch(line)
        if match:
            sums[_unescaped(match["path"]) if match["escaped"] else match["path"]] = match["hash"]
        elif line:
            raise ManifestError(f"{folder / SUMS}:{number}: not a line of sha256sum")
    return sums


def _unescaped(text: str) -> str:
    known = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
    return re.sub(r"\\[\\nr]", lambda match: known[match[0]], text)
