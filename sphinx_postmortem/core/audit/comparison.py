"""Compares an edition with its reference: the build of sources from which everything hidden has been deleted."""

from __future__ import annotations

import difflib
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sphinx_postmortem.core.audit.file_texts import decoded
from sphinx_postmortem.core.audit.search import STAMP, Leak
from sphinx_postmortem.core.audit.unpacking import DAMAGES, Budget, members
from sphinx_postmortem.core.expressions import expression

SOURCE_OF_A_DIFFERENCE = "which the build from sources without hidden content lacks"

_DERIVED = ("manifest.json", "SHA256SUMS", "SHA256SUMS.asc", "SHA256SUMS.minisig", "SHA256SUMS.sig")
_NOT_COMPARED = (".buildinfo", ".doctrees", STAMP)  # in a folder of a build by itself, the stamp lists all files
_PDF_TIMES = expression(rb"/(?:CreationDate|ModDate) ?\([^()]*\)|/ID\s*\[[^\[\]]*\]|<xmp:\w+Date>[^<]*</xmp:\w+Date>")
_TIME = expression(rb"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_QUOTED = 100
_MOST_LINES = 20_000


def differences(edition: Path, reference: Path, same: Callable[[bytes], bytes]) -> Iterator[Leak]:
    """Yield each file that an edition and its reference do not have in common, or that differs.

    Manifests, signatures and stamps follow from the other files, and are not compared; nor are the times in PDFs and
    archives, and times of the day on which a file was written, as some extensions write into feeds.

    Args:
        edition: the folder of the edition.
        reference: the folder of its reference.
        same: returns the content of a file of the reference with the places of its own sources taken back.
    """
    ours, theirs = _names(edition), _names(reference)
    for name in sorted(ours - theirs):
        yield Leak(name, "", "file", name, SOURCE_OF_A_DIFFERENCE)
    for name in sorted(theirs - ours):
        yield Leak(name, "", "file", f"{name} (missing)", "which the build from sources without hidden content has")
    for name in sorted(ours & theirs):
        left, right = (edition / name).read_bytes(), (reference / name).read_bytes()
        if left == right:
            continue
        days = {_day(path / name) for path in (edition, reference)}
        left, right = _comparable(left, days), _comparable(same(right), days)
        if left != right:
            position, found = _first_difference(decoded(left), decoded(right))
            yield Leak(name, position, "difference", found, SOURCE_OF_A_DIFFERENCE)


def _names(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in found
        if path.as_posix() not in _DERIVED and not set(path.parts) & set(_NOT_COMPARED)
    }


def _day(path: Path) -> bytes:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date().isoformat().encode()


def _comparable(data: bytes, days: set[bytes]) -> bytes:
    """Return what counts of a file: an archive's members without their times, a PDF without its date."""
    if data.startswith(b"%PDF-"):
        return _PDF_TIMES.sub(b"", data)
    if data.startswith(b"PK\x03\x04"):
        try:
            return b"\n".join(name.encode() + b"\n" + content for name, content in members(data, Budget("it")) or ())
        except DAMAGES:
            return data
    return _TIME.sub(lambda match: match[1] if match[1] in days else match[0], data)


def _first_difference(left: str, right: str) -> tuple[str, str]:
    """Return the first line that differs, and what stands in it."""
    ours, theirs = io.StringIO(left).readlines(), io.StringIO(right).readlines()
    index = next((i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    if index is None:
        index = min(len(ours), len(theirs))
    return f"line {index + 1}", _changed_part(ours[index : index + 1], theirs[index : index + 1])


def _changed_part(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """Return what a line has that the other has not, with a little of what stands around it."""
    left, right = "".join(ours), "".join(theirs)
    if max(len(left), len(right)) > _MOST_LINES:
        start = next((i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), 0)
        return left[max(0, start - 20) : start + _QUOTED].strip()
    match = difflib.SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    start = next((i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), match.size)
    return (left[max(0, start - 20) : start + _QUOTED] or "(nothing)").strip()
