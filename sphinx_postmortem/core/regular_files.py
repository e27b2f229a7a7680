"""Reads regular files only: a pipe can keep its reader waiting for ever, and a device may have no end."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader, TextIOWrapper
from pathlib import Path

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file, or a link to one, for reading bytes.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe, a socket or a device.
    """
    stream = open(path, "rb", opener=lambda name, flags: os.open(name, flags | _WITHOUT_WAITING))  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
    return stream


def read_regular(path: Path, limit: int | None = None) -> bytes:
    """Return what a regular file holds.

    Args:
        path: the file.
        limit: the most bytes that it may hold.

    Raises:
        OSError: it cannot be read, holds more, or is a folder, a pipe, a socket or a device.
    """
    with open_regular(path) as stream:
        if limit is not None and os.fstat(stream.fileno()).st_size > limit:
            raise OSError(errno.EFBIG, f"it is too large to look into (more than {limit // 1024**2} MiB)", str(path))
        return stream.read()


def read_regular_text(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of a regular file, whose lines all end with a line feed.

    Raises:
        OSError: it cannot be read, or is a folder, a pipe, a socket or a device.
        UnicodeDecodeError: it is no text in the encoding.
    """
    with open_regular(path) as stream, TextIOWrapper(stream, encoding=encoding) as text:
        return text.read()


def real_path(path: str | Path) -> Path:
    """Return where a path leads; of a link to itself, which ``Path.resolve`` may refuse, a path that no file has."""
    return Path(os.path.realpath(path))


def is_special(path: Path) -> bool:
    """Say whether a path leads to a pipe, a socket or a device."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
