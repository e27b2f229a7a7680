"""Walks through a source folder as Sphinx does, links to folders included, but never round in a circle."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sphinx_postmortem.core.expressions import expression

_LONGEST_STEM = 255 - len(".doctree")  # bytes: what Linux, macOS and Windows have room for, less what Sphinx appends
_ODD = expression("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def walk_sources(
    root: Path,
    is_excluded: Callable[[str], bool],
    say_circle: Callable[[str], None] = lambda _: None,
    say_unreadable: Callable[[str, str], None] = lambda _path, _why: None,
) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder below ``root`` with the names of its files, in order; paths are relative, with ``/``.

    Args:
        root: the source folder; its own path is empty.
        is_excluded: whether a path, relative to ``root``, is left out.
        say_circle: takes the path of a link that leads to a folder in which it lies. Nothing below it is yielded.
        say_unreadable: takes the path of a folder that cannot be listed, and why; not of those with a dot.
    """
    yield from _walk(root, "", (_identity(root),), is_excluded, say_circle, say_unreadable)


def _walk(
    folder: Path,
    path: str,
    around: tuple[tuple[int, int], ...],
    is_excluded: Callable[[str], bool],
    say_circle: Callable[[str], None],
    say_unreadable: Callable[[str, str], None],
) -> Iterator[tuple[str, list[str]]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        if not path.rpartition("/")[2].startswith("."):
            say_unreadable(path, str(error.strerror))
        return
    yield path, [entry.name for entry in entries if not _is_folder(entry)]
    for entry in entries:
        below = f"{path}/{entry.name}" if path else entry.name
        if not _is_folder(entry) or is_excluded(below):
            continue
        if entry.is_symlink() and _identity(Path(entry.path)) in around:
            say_circle(below)
            continue
        inner = (*around, _identity(Path(entry.path)))
        yield from _walk(Path(entry.path), below, inner, is_excluded, say_circle, say_unreadable)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def fault_of_name(path: str) -> str:
    """Return why no page can have this path, and what to do, as the end of a sentence; empty where one can.

    A control character, or bytes that are not UTF-8, can be named in no list. Sphinx keeps each page in a file whose
    name is longer than the page's own.
    """
    if not path.isprintable() and _ODD.search(path):
        return "its name holds a control character, or is not UTF-8; rename it"
    size = len(path.rpartition("/")[2].rpartition(".")[0].encode())
    if size > _LONGEST_STEM:
        return f"its name has {size} bytes, and Sphinx has room for {_LONGEST_STEM} before the suffix; rename it"
    return ""
