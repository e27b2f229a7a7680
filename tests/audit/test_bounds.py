"""The audit's work and memory grow with what it reads, and no faster: shown by counts, not by a clock."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import random
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from sphinx_postmortem.core.audit.file_texts import texts_of
from sphinx_postmortem.core.audit.markdown_source import split_markdown
from sphinx_postmortem.core.audit.marks import Line, Split, View
from sphinx_postmortem.core.audit.pdf_texts import read_pdf
from sphinx_postmortem.core.audit.rst_source import split_rst
from sphinx_postmortem.core.audit.search import Boilerplate, search_edition
from sphinx_postmortem.core.audit.sources import Content
from sphinx_postmortem.core.audit.terms import distinctive_terms
from sphinx_postmortem.core.audit.unpacking import AuditError, Budget, inflate, members, unpack_stream
from tests.counted_steps import steps

VIEW = View(("internal", "public"), "public")
LIMIT = 100_000


def peak(work: Callable[[str], object], text: str) -> int:
    """Return the most bytes that are held at once for a text."""
    tracemalloc.start()
    try:
        work(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def terms(hidden: str, visible: str):
    return distinctive_terms(Content([Line("a.md", 1, hidden)], [Line("b.md", 1, visible)]), [], [])


def letters(count: int) -> str:
    return "".join(random.Random(1).choices("abcdefghijklmnop0123456789", k=count))


MEMORY = {
    "a visible word": lambda text: terms("secretword", text),
    "a hidden word": lambda text: terms(text, "shown"),
}


@pytest.mark.parametrize("name", MEMORY)
def test_a_word_as_long_as_a_book_takes_no_more_memory_than_some_copies_of_it(name):
    assert peak(MEMORY[name], letters(1_000_000)) < 40_000_000


GROWING = {
    "hidden compound": (lambda text: terms(text, "shown"), lambda n: ".".join(f"ab{i}" for i in range(n))),
    "visible compound": (lambda text: terms("secretword", text), lambda n: "ab." * n),
    "nested fences": (
        lambda text: split_markdown(text, "p.md", VIEW),
        lambda n: (
            "".join(":" * (n + 3 - i) + "{note}\n" for i in range(n)) + "".join(":" * (4 + i) + "\n" for i in range(n))
        ),
    ),
    "open fences": (
        lambda text: split_markdown(text, "p.md", VIEW),
        lambda n: "".join(f":::::{{note}}\nline {i}\n:::\n" for i in range(n)),
    ),
    "blocks in a list item": (
        lambda text: split_markdown(text, "p.md", VIEW),
        lambda n: "- item\n\n" + "  :::{internal-only}\n  Hidden.\n  :::\n\n" * n,
    ),
    "nested directives": (
        lambda text: split_rst(text.splitlines(), Split("p.rst"), VIEW),
        lambda n: "".join(" " * i + ".. note::\n\n" for i in range(n)),
    ),
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_with_the_text(name):
    work, make = GROWING[name]
    small, large = steps(work, make(200)), steps(work, make(400))
    assert small > 100
    assert large < 2.2 * small


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<style>" * 20_000),
        ("a.html", "<a " * 30_000),
        ("a.html", "<!--" * 20_000),
        ("a.txt", f"&#{'9' * LIMIT};"),
        ("a.html", f"<p>&#{'9' * LIMIT};</p>"),
        ("a.json", "[" * LIMIT),
        ("a.json", "\\" * LIMIT),
        ("a.js", '"' * LIMIT),
    ],
)
def test_any_text_is_read_to_its_end(name, text):
    assert "".join(found.text for found in texts_of(name, text.encode(), None))


# --- what is packed


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", data)
    return out.getvalue()


def tarred(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def pdf_with(data: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("a.txt", data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


UNPACKED = {
    "zip": lambda data, budget: list(members(zipped(data), budget) or ()),
    "tar": lambda data, budget: list(members(tarred(data), budget) or ()),
    "gzip": lambda data, budget: unpack_stream(gzip.compress(data), budget),
    "two gzip streams": lambda data, budget: unpack_stream(gzip.compress(data) * 2, budget),
    "bzip2": lambda data, budget: unpack_stream(bz2.compress(data), budget),
    "xz": lambda data, budget: unpack_stream(lzma.compress(data), budget),
    "zlib": lambda data, budget: inflate(zlib.compress(data), budget),
    "pdf": lambda data, budget: read_pdf(pdf_with(data), budget),
}


@pytest.mark.parametrize("kind", UNPACKED)
def test_what_is_unpacked_is_limited(kind):
    assert UNPACKED[kind](b"word " * 200, Budget("a", 100_000))
    with pytest.raises(AuditError, match="too large to look into"):
        UNPACKED[kind](b"word " * 200_000, Budget("a", 100_000))


def test_a_sparse_member_of_a_tar_is_no_larger_than_the_limit():
    """Its head says how many zeros stand between what is stored: a kibibyte of archive can hold tebibytes."""
    member = tarfile.TarInfo("a.txt")
    member.type, member.size = tarfile.GNUTYPE_SPARSE, 0
    head = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    head[386:410] = b"%011o\0%011o\0" % (0, 0)
    head[483:495] = b"%011o\0" % 2**32
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head[:512])
    with pytest.raises(AuditError, match="too large to look into"):
        list(members(bytes(head) + bytes(1024), Budget("a", 100_000)) or ())


def test_archives_in_an_archive_share_the_limit(monkeypatch):
    monkeypatch.setattr(Budget.__init__, "__defaults__", (100_000,))
    data = zipped(zipped(b"x" * 60_000) + b"") + b""
    assert list(texts_of("a.zip", data, None))
    with pytest.raises(AuditError, match=r"a\.zip is too large to look into"):
        list(texts_of("a.zip", zipped(tarred(b"x" * 60_000)), None))


@pytest.mark.parametrize("pack", [tarred, bz2.compress, lzma.compress, zipped, gzip.compress])
def test_a_word_is_found_in_what_is_packed(pack):
    texts = [text.text for text in texts_of("a.bin", pack(b"the secretword"), None)]
    assert any("the secretword" in text for text in texts)


@pytest.mark.parametrize("head", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd"])
def test_what_cannot_be_unpacked_is_said(head):
    with pytest.raises(AuditError, match="cannot be looked into"):
        list(texts_of("a.bin", head + b"...", None))


def test_a_damaged_stream_is_said():
    with pytest.raises(AuditError, match="cannot be read"):
        list(texts_of("a.gz", gzip.compress(b"x" * 1000)[:-12], None))


def test_deep_json_is_read_as_text():
    deep = "[" * 50_000 + json.dumps("secretword") + "]" * 50_000
    assert any("secretword" in text.text for text in texts_of("a.json", deep.encode(), None))


def folder_with(folder: Path, name: str) -> Path:
    (folder / ".postmortem-edition").write_text('{"edition": "public"}')
    return folder / name


ODD_FILES: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a link to a folder": lambda path: path.symlink_to(path.parent.parent),
    "a link that leads nowhere": lambda path: path.symlink_to("none"),
    "too large": lambda path: (path.touch(), os.truncate(path, 2**40)),
    "a PDF that is none": lambda path: path.write_bytes(b"%PDF-1.4\nx"),
}


@pytest.mark.parametrize("kind", ODD_FILES)
def test_what_cannot_be_looked_into_is_named_and_never_passed_over(tmp_path: Path, kind: str) -> None:
    ODD_FILES[kind](folder_with(tmp_path, "odd.bin"))
    terms = distinctive_terms(Content([Line("p.md", 1, "secretword")], []), [], [])
    with pytest.raises(AuditError, match=r"odd\.bin cannot be read"):
        search_edition(tmp_path, "public", terms, Boilerplate(frozenset(), lambda _word: False), read_pdf)
