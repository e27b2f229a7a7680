"""Looks for names in the finished files of an edition that shows roles in their place."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ARCHIVES = (".epub", ".zip")


def files_with_names(
    folder: Path, left_in: Callable[[str], Iterable[str]], skipped: Collection[str] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Yield each file, by its path below the folder, and the names that its path or content still holds.

    Args:
        folder: the output folder.
        left_in: returns the names in a text.
        skipped: paths below the folder that are not looked at, with all that lies in them.
    """
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if not path.is_file() or any(relative == each or relative.startswith(f"{each}/") for each in skipped):
            continue
        found = {name for text in (relative, *_texts(path)) for name in left_in(text)}
        if found:
            yield relative, sorted(found)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix in _ARCHIVES:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                yield member
                yield from _readings(archive.read(member))
        return
    data = path.read_bytes()
    if path.name == "objects.inv":
        yield zlib.decompress(data.split(b"\n", 4)[4]).decode("utf-8", "replace")
    yield from _readings(data)


def _readings(data: bytes) -> Iterator[str]:
    """Yield a file's text as it is, and as a reader sees it: without tags and escapes. Others than texts yield none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if "\0" in text:
        return
    yield text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text
    if "<" in plain or "&" in plain or plain != text:
        yield html.unescape(_TAG.sub("", plain))
