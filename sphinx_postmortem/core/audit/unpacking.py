"""Takes packed data apart, up to a limit: a small file can unpack to more than a machine can hold."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

MAX_UNPACKED = 512 * 1024 * 1024
"""How many bytes one published file may hold when it is unpacked, with all that lies within it."""

DAMAGES = (
    *(OSError, EOFError, IndexError, RuntimeError, NotImplementedError, ValueError),
    *(zlib.error, zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError),
)
"""What the standard library raises for packed data that are damaged."""

_ARCHIVES = (".epub", ".zip", ".whl", ".docx", ".odt", ".xlsx", ".pptx", ".jar", ".gz")
_ZIP_END = b"PK\x05\x06"
_UNREADABLE = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"\x1f\x9d", "compress"),
)


class AuditError(Exception):
    """Something that could not be looked at; the message says what and why."""


class Budget:
    """How many bytes may still be unpacked from one published file.

    Args:
        name: the file, for messages.
        limit: the number of bytes.
    """

    def __init__(self, name: str, limit: int = MAX_UNPACKED) -> None:
        self.name, self.limit, self.left = name, limit, limit

    def take(self, size: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            AuditError: the limit is passed.
        """
        self.left -= size
        if self.left < 0:
            raise AuditError(
                f"{self.name} is too large to look into: unpacked it holds more than {self.limit // 1024**2} MiB; "
                "publish its content as plain files, or take it out of the edition"
            )


class _Decompressor(Protocol):
    """What the standard library's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


_STREAMS: tuple[tuple[bytes, Callable[[], _Decompressor]], ...] = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31)),  # gzip
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
)


def parts_of(name: str, data: bytes, budget: Budget) -> Iterator[tuple[str, str, bytes]] | None:
    """Yield what is packed in a file: where it stands, its name and its content. None for a file that is not packed.

    Raises:
        AuditError: the file holds more than the budget has left, is packed in a format that is not read here, or is
            no archive though its name says so.
        OSError: it is damaged; also the others of ``DAMAGES``.
    """
    if form := next((form for head, form in _UNREADABLE if data.startswith(head)), ""):
        raise AuditError(f"{name} is packed ({form}), and cannot be looked into; publish it as .zip or .gz")
    if (found := members(data, budget)) is not None:
        return ((member, member, content) for member, content in found)
    if (unpacked := unpack_stream(data, budget)) is not None:
        return iter([("unpacked", re.sub(r"\.\w+$", "", name), unpacked)])
    if name.casefold().endswith(_ARCHIVES):
        raise AuditError(f"{name} cannot be read: it is no archive, though its name says so")
    return None


def unpack_stream(data: bytes, budget: Budget) -> bytes | None:
    """Return what a gzip, bzip2 or xz file holds; None when it is none of them.

    Raises:
        AuditError: it holds more than the budget has left.
        OSError: it is damaged; also EOFError, ``zlib.error`` and ``lzma.LZMAError``.
    """
    for head, make in _STREAMS:
        if data.startswith(head):
            return _all_streams(data, head, make, budget)
    return None


def inflate(data: bytes, budget: Budget) -> bytes:
    """Return zlib data unpacked.

    Raises:
        AuditError: they hold more than the budget has left.
        EOFError: they end too early; ``zlib.error`` where they are damaged.
    """
    return _unpack_one(zlib.decompressobj(), data, budget)


def _unpack_one(machine: _Decompressor, data: bytes, budget: Budget) -> bytes:
    unpacked = machine.decompress(data, max(budget.left, 0) + 1)
    budget.take(len(unpacked))
    if not machine.eof:
        raise EOFError("the packed data end too early")
    return unpacked


def _all_streams(data: bytes, head: bytes, make: Callable[[], _Decompressor], budget: Budget) -> bytes:
    """Unpack one stream after the other; what follows them stays as it is."""
    parts: list[bytes] = []
    while data.startswith(head):
        machine = make()
        parts.append(_unpack_one(machine, data, budget))
        data = machine.unused_data.lstrip(b"\0")
    return b"".join([*parts, data])


def members(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]] | None:
    """Yield the files in a ZIP or tar archive, and its comment under the name ``comment``; None for other data.

    Raises:
        AuditError: they hold more than the budget has left.
        OSError: it is damaged; also ``zipfile.BadZipFile``, ``tarfile.TarError`` and ``zlib.error``.
    """
    if data.startswith((b"PK\x03\x04", _ZIP_END)):
        return _zip_members(data, budget)
    if data[257:262] == b"ustar":
        return _tar_members(data, budget)
    return None


def _zip_members(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.comment:
            yield "comment", archive.comment
        for member in archive.infolist():
            if not member.is_dir():
                # The size in the head of a member may be a lie: what counts is what comes out.
                with archive.open(member) as file:
                    content = file.read(max(budget.left, 0) + 1)
                budget.take(len(content))
                yield member.filename, content


def _tar_members(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            # A sparse member may be larger than the archive: what counts is what comes out.
            content = file.read(max(budget.left, 0) + 1) if file else member.linkname.encode("utf-8", "surrogateescape")
            budget.take(len(content))
            yield member.name, content
