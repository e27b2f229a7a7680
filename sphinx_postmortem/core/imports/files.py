"""Reads the files of sources within bounds: text, JSON, lines of JSON, gzip and ZIP. Nothing is unpacked to the disk.

The bounds stand here and nowhere else. A file beyond them is refused with its size and the bound. JSON up to
``LARGEST_JSON`` is read whole; larger files are streamed, item by item, which needs ijson (the extra ``import``).
"""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from datetime import date
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.imports.draft import SourceError
from sphinx_postmortem.core.records.numeric_dates import Order
from sphinx_postmortem.core.records.zones import Zone

LARGEST_TEXT = 20_000_000  # bytes of a text
LARGEST_JSON = 50_000_000  # bytes of JSON that is read whole
LARGEST_STREAM = 2_000_000_000  # bytes of JSON that is streamed
LARGEST_ITEM = 5_000_000  # letters of one text within streamed JSON
LARGEST_ARCHIVE = 2_000_000_000  # bytes that all members of a ZIP may have, unpacked
MOST_MEMBERS = 100_000  # files in a ZIP
MOST_ITEMS = 200_000  # items that one source may give
HIGHEST_RATIO = 200  # unpacked to packed bytes of a member; text packs to a tenth, a bomb to a thousandth
_ALWAYS_ALLOWED = 1_000_000  # bytes of a member whose ratio does not matter
HEAD = 1_048_576  # a first item may be long before it says what it is


@dataclass(frozen=True)
class Asked:
    """What the user has said of a source, for what it does not say itself.

    ``zone`` is that of times without one, ``day`` the day of clocks without one, ``date_order`` how to read a date such
    as 03/04/2026. ``everything`` takes also what is left out by default. ``columns`` says which
    column or field holds what, from the TOML of ``--map``. ``others`` are further options by name, as
    ``--set name=value`` gives them.
    """

    zone: Zone | None = None
    day: date | None = None
    date_order: Order = ""
    everything: bool = False
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    others: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Member:
    """A file within a ZIP: its name, with ``/`` between folders, and its size in bytes when unpacked."""

    name: str
    size: int


@dataclass(frozen=True)
class Source:
    """One file to import, and what was said of it. ``name`` is how messages and evidence name it."""

    path: Path
    name: str
    asked: Asked = field(default_factory=Asked)

    @cached_property
    def head(self) -> bytes:
        """The first ``HEAD`` bytes, unpacked where the file is gzip: what a kind is recognised by."""
        try:
            with self._open() as file:
                return file.read(HEAD)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(f"{self.name}: the gzip file is damaged ({error}); export it again") from None

    def text(self) -> str:
        """Return the whole text.

        Raises:
            SourceError: it is larger than ``LARGEST_TEXT``, or no UTF-8.
        """
        data = self._bytes(LARGEST_TEXT)
        try:
            return data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SourceError(f"{self.name}:{line}: the file is not UTF-8; save it as UTF-8") from None

    def json(self) -> Any:
        """Return the whole document.

        Raises:
            SourceError: it is larger than ``LARGEST_JSON``, or no JSON.
        """
        return parse_json(self._bytes(LARGEST_JSON), self.name)

    def json_items(self, prefix: str) -> Iterator[Any]:
        """Yield the items below a place of a JSON document, one at a time, in the order of the file.

        Args:
            prefix: the place as ijson names it: ``item`` for a list at the top, ``log_entries.item`` for one by name.

        Raises:
            SourceError: it is no JSON, breaks off, or exceeds a bound.
        """
        if self.size <= LARGEST_JSON and not self.is_gzip:
            yield from _below(self.json(), prefix.split("."))
            return
        try:
            ijson: Any = import_module("ijson")
        except ImportError:
            message = f"{self.name}: more than {LARGEST_JSON} bytes of JSON need the extra `import` (ijson)"
            raise SourceError(message) from None
        try:
            with self._open() as file:
                yield from ijson.items(_Bounded(file, LARGEST_STREAM, self.name), prefix, use_float=True)
        except (ijson.JSONError, EOFError, zlib.error, UnicodeDecodeError) as error:
            raise SourceError(f"{self.name}: the JSON cannot be read on ({error}); export it again") from None

    def json_lines(self) -> Iterator[tuple[int, Any]]:
        """Yield the line and the value of each line of JSON Lines; a line that is none gives a ``BadLine``."""
        with self._open() as file:
            for number, line in enumerate(_lines(file, self.name), start=1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except (ValueError, RecursionError):
                        yield number, BadLine(line.decode("utf-8", "replace").rstrip("\r\n"))

    @cached_property
    def is_zip(self) -> bool:
        """Whether the file begins as a ZIP."""
        return self.head.startswith(b"PK\x03\x04")

    @cached_property
    def is_gzip(self) -> bool:
        """Whether the file begins as gzip."""
        with self.path.open("rb") as file:
            return file.read(2) == b"\x1f\x8b"

    @property
    def size(self) -> int:
        """The size of the file in bytes."""
        return self.path.stat().st_size

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The files within the ZIP, in the order of their names.

        Raises:
            SourceError: it is damaged, or would unpack to more than the bounds allow.
        """
        with self._archive() as archive:
            found = [item for item in archive.infolist() if not item.is_dir()]
        if len(found) > MOST_MEMBERS:
            raise SourceError(f"{self.name}: the ZIP holds {len(found)} files, the bound is {MOST_MEMBERS}")
        total = sum(item.file_size for item in found)
        if total > LARGEST_ARCHIVE:
            raise SourceError(f"{self.name}: the ZIP unpacks to {total} bytes, the bound is {LARGEST_ARCHIVE}")
        for item in found:
            if item.file_size > max(_ALWAYS_ALLOWED, item.compress_size * HIGHEST_RATIO):
                raise SourceError(f"{self.name}: {item.filename} unpacks to {item.file_size} bytes: a ZIP bomb")
        return tuple(sorted((Member(item.filename, item.file_size) for item in found), key=lambda item: item.name))

    def member_bytes(self, name: str, bound: int = LARGEST_JSON) -> bytes:
        """Return a file of the ZIP.

        Raises:
            SourceError: it is not there, damaged, or larger than the bound.
        """
        if name not in {member.name for member in self.members}:
            raise SourceError(f"{self.name}: the ZIP holds no {name}")
        with self._archive() as archive:
            try:
                with archive.open(name) as file:
                    data = file.read(bound + 1)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
                raise SourceError(f"{self.name}: {name} is damaged or encrypted ({error}); export it again") from None
        if len(data) > bound:
            raise SourceError(f"{self.name}: {name} is larger than {bound} bytes")
        return data

    def member_json(self, name: str) -> Any:
        """Return a JSON file of the ZIP; raises as ``member_bytes``, and where it is no JSON."""
        return parse_json(self.member_bytes(name), f"{self.name}: {name}")

    @contextmanager
    def _archive(self) -> Generator[zipfile.ZipFile]:
        try:
            archive = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise SourceError(f"{self.name}: the ZIP is damaged or incomplete ({error}); export it again") from None
        with archive:
            yield archive

    def _open(self) -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(self.path) if self.is_gzip else self.path.open("rb"))

    def _bytes(self, bound: int) -> bytes:
        if self.is_zip:
            raise SourceError(f"{self.name}: the file is a ZIP; unpack it, or name its kind with --from")
        try:
            with self._open() as file:
                data = file.read(bound + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(f"{self.name}: the gzip file is damaged ({error}); export it again") from None
        if len(data) > bound:
            raise SourceError(f"{self.name}: the file is larger than {bound} bytes, the bound; divide it")
        return data


@dataclass(frozen=True)
class BadLine:
    """A line of JSON Lines that is no JSON."""

    text: str


def parse_json(data: bytes, name: str) -> Any:
    """Read JSON.

    Raises:
        SourceError: it is none; the message names the line.
    """
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SourceError(f"{name}: the file is not UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise SourceError(f"{name}:{error.lineno}: the file is no JSON here ({error.msg}); export it again") from None
    except (RecursionError, ValueError):
        raise SourceError(f"{name}: the JSON is nested too deeply, or holds a number that is none") from None


def _below(value: Any, steps: list[str]) -> Iterator[Any]:
    """Yield what stands at a place as ijson names it; nothing where there is no such place."""
    if not steps or steps == [""]:
        yield value
    elif steps[0] == "item" and isinstance(value, list):
        listed: list[Any] = value
        for item in listed:
            yield from _below(item, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from _below(value[steps[0]], steps[1:])


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    read = 0
    while line := file.readline(LARGEST_ITEM + 1):
        read += len(line)
        if len(line) > LARGEST_ITEM or read > LARGEST_STREAM:
            raise SourceError(f"{name}: a line is longer than {LARGEST_ITEM} bytes, or the file than {LARGEST_STREAM}")
        yield line


class _Bounded:
    """A file that ends with an error where it gives more than a bound: an archive may say less than it holds."""

    def __init__(self, file: IO[bytes], bound: int, name: str) -> None:
        self._file, self._left, self._name = file, bound, name

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise SourceError(f"{self._name}: the file is larger than {LARGEST_STREAM} bytes, the bound; divide it")
        return data
