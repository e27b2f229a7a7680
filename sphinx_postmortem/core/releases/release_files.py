"""The files of releases: ``releases/<edition>/<page>.txt``, a first line that says what it is, then the statements."""

from __future__ import annotations

import errno
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import open_regular, read_regular
from sphinx_postmortem.core.releases.statements import KINDS, Statement
from sphinx_postmortem.core.whole_files import replace_file

SITE = "_site"
"""The release of what stands on no page alone: titles, banners, owners, files that are copied whole."""

ATTRIBUTES = ".gitattributes"
ATTRIBUTES_TEXT = "# Written by sphinx-postmortem approve: releases are compared line by line.\n* text eol=lf\n"

_SIGNATURE = "sphinx-postmortem release, version 1:"
_CONFLICT = expression(r"(?:<{7}|>{7}|={7}|\|{7})(?: |$)")
_RESERVED = expression(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


class BadReleaseError(ValueError):
    """A release that cannot be used; the message says why, and how to mend it."""


@dataclass(frozen=True)
class Release:
    """What was approved of one page: its statements, or why the file cannot be used."""

    statements: tuple[Statement, ...] = ()
    problem: str = ""


def file_name(page: str) -> str:
    """Return the path of a page's release below the edition's folder.

    Characters that some file systems refuse are written as ``%3A``; so is the first of a name that is ours.
    """
    parts = page.split("/")
    written = "/".join(_safe_part(part) for part in parts)
    if page != SITE and written.casefold() == SITE:
        written = f"%{ord(written[0]):02X}{written[1:]}"
    return f"{written}.txt"


def _safe_part(part: str) -> str:
    safe = "".join(_encoded(char) if _is_unsafe(char) else char for char in part)
    if safe.startswith(".") or _RESERVED.match(safe):
        safe = _encoded(safe[0]) + safe[1:]
    return safe if not safe.endswith((".", " ")) else safe[:-1] + _encoded(safe[-1])


def _is_unsafe(char: str) -> bool:
    return char in '%<>:"|?*\\' or unicodedata.category(char) in ("Cc", "Cs", "Cn", "Zl", "Zp")


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def first_line(edition: str, page: str) -> str:
    """Return the line with which a release begins: a file that was copied to another place is none."""
    return f'{_SIGNATURE} page "{file_name(page).removesuffix(".txt")}", edition "{edition}"'


def release_text(edition: str, page: str, statements: Iterable[Statement]) -> str:
    """Return the content of a release."""
    return "\n".join([first_line(edition, page), "", *map(str, statements)]).rstrip("\n") + "\n"


def parse_release(text: str, edition: str, page: str) -> tuple[Statement, ...]:
    """Return the statements of a release.

    Raises:
        BadReleaseError: the file is no release of this page and edition, or holds a line that is no statement.
    """
    if "\r" in text:
        raise BadReleaseError(
            "its lines end as on Windows; keep the .gitattributes beside it, and check the file out again"
        )
    lines = text.split("\n")
    if number := next((index for index, line in enumerate(lines, 1) if _CONFLICT.match(line)), 0):
        raise BadReleaseError(f"line {number} is a mark of a merge conflict; approve the page again")
    if lines[0] != first_line(edition, page):
        raise BadReleaseError(f"its first line is not `{first_line(edition, page)}`; approve the page again")
    if lines[-1] or lines[1:2] != [""]:
        raise BadReleaseError("it is cut off, or changed by hand; approve the page again")
    return tuple(_statement(line, number) for number, line in enumerate(lines[2:-1], 3))


def _statement(line: str, number: int) -> Statement:
    kind, colon, text = line.partition(":")
    if kind not in KINDS or not colon or (text and not text.startswith(" ")):
        raise BadReleaseError(f"line {number} is no statement; approve the page again")
    return Statement(kind, text[1:])


def read_release(folder: Path, edition: str, page: str) -> Release | None:
    """Return what was approved of a page, or None where nothing was; a file that cannot be used says why."""
    path = folder / edition / file_name(page)
    try:
        return Release(parse_release(read_regular(path).decode("utf-8"), edition, page))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        return Release(problem="it is no text in UTF-8; approve the page again")
    except OSError as error:
        return Release(problem=f"it cannot be read ({error.strerror}); make it readable")
    except BadReleaseError as error:
        return Release(problem=str(error))


def release_files(folder: Path, edition: str) -> tuple[str, ...]:
    """Return the paths of an edition's releases, below its folder; other texts that lie there are not ours."""
    root = folder / edition
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.txt") if _is_release(path)))


def _is_release(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE.encode()
    except OSError:
        return False


def write_releases(folder: Path, edition: str, pages: Mapping[str, Sequence[Statement]]) -> None:
    """Write the releases of pages, each file in one move, and keep Git from changing their lines."""
    root = folder / edition
    attributes = root / ATTRIBUTES
    for path in (attributes, *(root / file_name(page) for page in pages)):
        _refuse_other(path, folder)
    root.mkdir(parents=True, exist_ok=True)
    if not attributes.exists():
        attributes.write_bytes(ATTRIBUTES_TEXT.encode())
    for page, statements in pages.items():
        path = root / file_name(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, release_text(edition, page, statements).encode("utf-8"))


def _refuse_other(path: Path, folder: Path) -> None:
    """Refuse a link or a pipe in the place of a release, or of a folder of releases: a branch of somebody may hold it.

    Raises:
        OSError: it is one.
    """
    for each in (path, *path.parents):
        if each == folder:
            return
        if each.is_symlink() or (each == path and each.exists() and not each.is_file()):
            raise OSError(
                errno.EINVAL, "it is a link, or no file; releases are files of their own: remove it", str(each)
            )


def remove_releases(folder: Path, edition: str, names: Iterable[str]) -> None:
    """Remove releases by their paths below the edition's folder, and folders that are empty then."""
    root = folder / edition
    for name in names:
        path = root / name
        path.unlink(missing_ok=True)
        parent = path.parent
        while parent != root and not any(parent.iterdir()):
            parent.rmdir()
            parent = parent.parent


def file_statement(name: str, content: bytes) -> str:
    """Return how a file that is published whole stands in a release: its name and its hash (SHA-256)."""
    return f"{name} sha256:{hashlib.sha256(content).hexdigest()}"
