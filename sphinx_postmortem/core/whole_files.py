"""Writes files so that each is whole or as it was before."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, data: bytes, within: Path | None = None) -> None:
    """Exchange what a file holds in one move, so that it is never half of one; its rights stay, and so do links to it.

    Args:
        path: the file.
        data: what it is to hold.
        within: the folder out of which a link in its place may not lead, such as that of the sources: somebody else
            may have made it. Without it, the folder in which the file stands.

    Raises:
        OSError: it cannot be written, or is a link that leads elsewhere; the file is as it was.
    """
    place = path.resolve()
    if path.is_symlink() and not place.is_relative_to((within or path.parent).resolve()):
        message = f"it is a link to {place}, which would be overwritten; name that file, or remove the link"
        raise OSError(errno.ELOOP, message, str(path))
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
