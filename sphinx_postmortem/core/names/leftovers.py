"""Looks for names in the finished files of an edition that shows roles in their place."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sphinx_postmortem.core.audit.file_texts import PdfReader
from sphinx_postmortem.core.audit.unpacking import DAMAGES, MAX_UNPACKED, AuditError, Budget, inflate, parts_of
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import read_regular

_TAG = expression(r"<[^<>]*>")
_ESCAPE = expression(r"\\u([0-9a-fA-F]{4})")
_FOLD = expression(r"\r?\n[ \t]")  # RFC 5545, section 3.1


@dataclass(frozen=True)
class LeftIn:
    """A finished file, the names that its path or content still holds, and why it could not be read (or empty)."""

    file: str
    names: tuple[str, ...]
    unread: str = ""


def files_with_names(
    folder: Path, files: Iterable[Path], left_in: Callable[[str], Iterable[str]], read_pdf: PdfReader
) -> Iterator[LeftIn]:
    """Yield each of some files that holds names, or that cannot be read.

    Args:
        folder: the folder that the files lie in; paths count from there.
        files: the files to look at.
        left_in: returns the names in a text.
        read_pdf: returns what can be read in a PDF.
    """
    for path in files:
        relative = path.relative_to(folder).as_posix()
        found, unread = set(left_in(relative)), ""
        try:
            for text in _texts(path.name, read_regular(path, MAX_UNPACKED), read_pdf, Budget(path.name)):
                found.update(left_in(text))
        except (*DAMAGES, AuditError) as error:
            unread = str(error)
        if found or unread:
            yield LeftIn(relative, tuple(sorted(found)), unread)


def _texts(name: str, data: bytes, read_pdf: PdfReader, budget: Budget) -> Iterator[str]:
    if data.startswith(b"%PDF-"):
        for _position, content in read_pdf(data, budget):
            yield from _readings(content) if isinstance(content, bytes) else (content,)
    elif (parts := parts_of(name, data, budget)) is not None:
        for _position, part, content in parts:
            yield part
            yield from _texts(part, content, read_pdf, budget)
    else:
        if name == "objects.inv":
            yield inflate(data.split(b"\n", 4)[4], budget).decode("utf-8", "replace")
        yield from _readings(data)


def _readings(data: bytes) -> Iterator[str]:
    """Yield a text as it is, and as a reader sees it: without tags, escapes, folds. Binary files yield none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if "\0" in text:
        return
    yield text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text
    if text.startswith("BEGIN:VCALENDAR"):
        plain = _FOLD.sub("", plain)
    if "<" in plain or "&" in plain or plain != text:
        yield html.unescape(_TAG.sub("", plain))
