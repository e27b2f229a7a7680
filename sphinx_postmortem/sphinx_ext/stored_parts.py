"""What lies in the folder of a part: the pages that it has read, its environment, and a record of both."""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.sphinx_ext.audience.page_files import HIDDEN_FOLDERS

ENVIRONMENT = "environment.pickle"
RECORD = "part.json"


@dataclass(frozen=True)
class Job:
    """What the parts of one edition have in common: all folders are absolute."""

    source: Path
    state: Path
    output: Path
    edition: str
    exports: Mapping[str, str] = field(default_factory=dict[str, str])  # the settings of the data files

    def step(self, name: str, **more: Any) -> list[str]:
        """Return the arguments that have another process do one step of the job."""
        given = {"source": self.source, "state": self.state, "edition": self.edition, "output": self.output, **more}
        return [name, json.dumps(given, default=str)]

    def exports_beside(self, folder: Path) -> dict[str, str]:
        """Return the settings of the data files for pages in a folder of ``folder``: they link them as all pages do."""
        before = str(self.output.parent)
        return {name: value.replace(before, str(folder), 1) for name, value in self.exports.items()}

    def folder(self, part: int, parts: int) -> Path:
        """Return the folder of one part."""
        return self.state / "parts" / f"{part}-of-{parts}"


def is_in_part(docname: str, part: int, parts: int) -> bool:
    """Say whether a page belongs to a part (counted from 1); it stays there when others come and go."""
    return zlib.crc32(docname.encode()) % parts == part - 1


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours, if it is there.

    Raises:
        OSError: it cannot be removed.
    """
    if folder.exists():
        shutil.rmtree(folder)


def sources_digest(here: BuildEnvironment, read_in: BuildEnvironment, pages: Iterable[str]) -> str:
    """Return one SHA-256 over pages, the files they depend on below ``here``'s source folder, and which are hidden."""
    digest = hashlib.sha256(repr(HIDDEN_FOLDERS.of(here)).encode())
    for page in pages:
        for path in (str(here.doc2path(page)), *sorted(map(str, read_in.dependencies.get(page, ())))):
            file = Path(here.srcdir, path)
            digest.update(file.read_bytes() if file.is_file() else b"absent")
            digest.update(b"\0")
    return digest.hexdigest()


def content_digest(folder: Path, pages: Iterable[str]) -> str:
    """Return one SHA-256 over what a part holds: its environment, and the trees of its pages.

    Raises:
        OSError: a file is missing, or cannot be read.
    """
    digest = hashlib.sha256((folder / ENVIRONMENT).read_bytes())
    for page in pages:
        digest.update(hashlib.sha256((folder / "doctrees" / f"{page}.doctree").read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True)
class StoredPart:
    """A part that has been read, with its record."""

    folder: Path
    pages: tuple[str, ...]
    sources: str
    warnings: int


def find_parts(job: Job) -> list[StoredPart]:
    """Return the parts of an edition.

    Raises:
        ExtensionError: one is missing, is of another edition, or does not belong to the others.
    """
    folders = sorted((job.state / "parts").glob("*-of-*"))
    totals = {folder.name.partition("-of-")[2] for folder in folders}
    if len(totals) != 1:
        found = "parts of several splits" if totals else "no part"
        raise ExtensionError(f"{found} in {job.state / 'parts'}; build each part of one split with --shard")
    total = int(totals.pop())
    parts: list[StoredPart] = []
    for number in range(1, total + 1):
        folder = job.folder(number, total)
        try:
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            part = StoredPart(folder, tuple(record["pages"]), str(record["sources"]), int(record["warnings"]))
            read_as = int(record["part"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ExtensionError(
                f"part {number} of {total} is missing or was not finished; build it with --shard {number}/{total}"
            ) from error
        if read_as != number:
            raise ExtensionError(
                f"what lies in the place of part {number} of {total} is part {read_as} a second time; "
                f"build part {number} with --shard {number}/{total}"
            )
        refuse_damaged(part, str(record.get("content")), f"{number}/{total}")
        if record.get("edition") != job.edition:
            raise ExtensionError(
                f'part {number} of {total} is of the edition "{record.get("edition")}", this is "{job.edition}"; '
                "each edition has parts of its own"
            )
        parts.append(part)
    return parts


def refuse_damaged(part: StoredPart, content: str, shard: str) -> None:
    """Look whether a part still holds what was stored: its files may have been cut short on their way.

    Raises:
        ExtensionError: a file is missing, or has another content.
    """
    try:
        is_whole = content_digest(part.folder, part.pages) == content
    except OSError:
        is_whole = False
    if not is_whole:
        raise ExtensionError(f"part {part.folder.name} is damaged; build it again with --shard {shard}")
