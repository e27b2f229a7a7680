"""One build at a time writes an edition into an OUT: a second waits, and says for whom.

The lock belongs to an open file. The programs that a build starts inherit it: one that outlives its parent keeps a
later build from writing into the same folder. The system lets go of the lock when the last of them ends.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_EVERY = 0.2  # seconds between two looks


class _Held(threading.local):
    """The locks that a thread holds. One that builds another edition has nothing to do with them."""

    def __init__(self) -> None:
        self.descriptors: set[int] = set()


_held = _Held()


def inherited() -> tuple[int, ...]:
    """Return the descriptors that a program must inherit which this thread starts now."""
    return tuple(sorted(_held.descriptors))


@contextmanager
def locked(
    folder: Path,
    name: str,
    say: Callable[[str], None],
    *,
    shared: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Generator[None]:
    """Hold the lock ``name`` of a folder; wait for another process that has it.

    Args:
        folder: the folder for the lock's file; it is made where it does not exist.
        name: what is locked, such as an edition.
        say: takes a sentence that names the process that is waited for.
        shared: whether others that ask so too may hold the lock at the same time.
        pause: waits for some seconds, or raises where nothing is waited for any more.

    Raises:
        OSError: the file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.lock"
    if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
        raise OSError(errno.EINVAL, "it is no file, so that no build can hold it as a lock; remove it", str(path))
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        _take(descriptor, name, say, pause, shared=shared)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        _held.descriptors.add(descriptor)
        yield
    finally:
        _held.descriptors.discard(descriptor)
        os.close(descriptor)


def _take(
    descriptor: int, name: str, say: Callable[[str], None], pause: Callable[[float], None], *, shared: bool
) -> None:
    import fcntl

    kind, told = fcntl.LOCK_SH if shared else fcntl.LOCK_EX, ""
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(descriptor)
            if holder != told:
                say(f"{name}: waiting for another build of this edition (process {holder})")
                told = holder
            pause(_EVERY)
        else:
            return


def _holder(descriptor: int) -> str:
    with suppress(ValueError):
        return str(int(os.pread(descriptor, 32, 0).decode("ascii", "replace")))
    return "unknown"
