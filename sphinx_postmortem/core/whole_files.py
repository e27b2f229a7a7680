"""Writes files so that each is whole or as it was before."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Exchange what a file holds in one move, so that it is never half of one; its rights stay, and so do links to it.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    place = path.resolve()
    beside = place.with_name(f".{place.name[:40]}.{os.getpid()}.unfinished")
    try:
        beside.write_bytes(data)
        if place.exists():
            shutil.copymode(place, beside)
            with suppress(OSError):  # only some may give files away
                status = place.stat()
                os.chown(beside, status.st_uid, status.st_gid)
        beside.replace(place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        beside.unlink(missing_ok=True)
