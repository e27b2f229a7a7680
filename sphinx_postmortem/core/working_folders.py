"""Temporary folders, which may hold what only some may read: one whose program was killed is removed by the next."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "sphinx-postmortem-"
_LOCK = "lock"


@contextmanager
def working_folder(purpose: str) -> Generator[Path]:
    """Give an empty folder that only this user can read, and remove it at the end.

    A lock on a file beside it says that its program lives: a kill ends the lock, not the folder.

    Args:
        purpose: a word for its name.

    Raises:
        OSError: it cannot be made, or removed.
    """
    for left in _left_behind(Path(tempfile.gettempdir())):
        shutil.rmtree(left)
    outer = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-")).resolve()
    lock = _lock(outer / f"{_LOCK}.new", os.O_CREAT | os.O_EXCL)
    try:
        (outer / f"{_LOCK}.new").rename(outer / _LOCK)  # nobody sees it before it is held
        inner = outer / "files"
        inner.mkdir()
        yield inner
    finally:
        shutil.rmtree(outer)
        if lock is not None:
            os.close(lock)


def _left_behind(folder: Path) -> Iterator[Path]:
    """Yield the folders of programs of this user that have ended without removing them, each while it is locked."""
    for path in sorted(folder.glob(f"{_PREFIX}*")):
        if path.is_symlink() or not path.is_dir() or not _is_own(path):
            continue
        with suppress(FileNotFoundError):  # it has no lock, or its program removes it now
            lock = _lock(path / _LOCK)
            if lock is not None:
                try:
                    yield path
                finally:
                    os.close(lock)


def _is_own(path: Path) -> bool:
    try:
        return path.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False


def _lock(path: Path, flags: int = 0) -> int | None:
    """Return a descriptor that holds the lock of a file; None where another program holds it.

    Raises:
        OSError: the file cannot be opened.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
