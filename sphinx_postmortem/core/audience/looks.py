"""What a source file was when the gate looked at it: a page that is read must still be the same.

Between the gate's look and Sphinx's reading other extensions run, which write pages and change them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.regular_files import open_regular


@dataclass(frozen=True)
class FileLook:
    """One file at one moment: the digest of its text, and the file system's marks of its last writing.

    The marks are the time of the last change in nanoseconds, and the inode: a file that is written anew with the same
    text has other marks.
    """

    digest: str
    marks: tuple[int, int]


def look_at(file: Path, encoding: str = "utf-8") -> tuple[str, FileLook]:
    """Return the text of a file and what the file is now.

    A byte that is no text in the encoding is replaced: it is reported when the page is read, and must not hide a
    marking.

    Raises:
        OSError: the file cannot be read.
    """
    with open_regular(file) as stream:
        marks = marks_of(os.fstat(stream.fileno()))
        text = stream.read().decode(encoding, errors="replace")
    return text, FileLook(digest_of(text), marks)


def marks_of(status: os.stat_result) -> tuple[int, int]:
    """Return by what a file that was written again is told from what it was: its time of change, and its inode."""
    return status.st_mtime_ns, status.st_ino


def digest_of(text: str) -> str:
    """Return the digest of a text, whatever ends its lines: Sphinx reads a page with all ends as line feeds."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(plain.encode("utf-8", errors="surrogatepass")).hexdigest()
