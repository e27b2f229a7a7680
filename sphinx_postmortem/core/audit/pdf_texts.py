"""Everything that can be read in a PDF: what a reader program shows, and what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from io import BytesIO
from typing import Any, cast

from sphinx_postmortem.core.audit.file_texts import BREAK
from sphinx_postmortem.core.audit.unpacking import AuditError, Budget
from sphinx_postmortem.core.expressions import expression

_END = expression(rb"%%EOF")
_STREAM = expression(rb"\bstream\r?\n|endstream")
_SHOWS_TEXT = expression(rb"\bT[jJ]\s")
_MARK_OF_A_PDF = b"%PDF-"
_UP, _DOWN = 24, 48  # points by which the next line of one text does not lie higher or lower

# Names and words of the format itself (ISO 32000-1, tables 30, 122, 164 and 317, and 9.7.5), as the producer writes
# them into every file: to find "rotate" or "registry" among them tells nothing of the site. Whole names only.
_OF_THE_FORMAT = frozenset(
    f"/{name}"
    for name in [
        "Annot",
        "Annots",
        "Ascent",
        "BaseFont",
        "BitsPerComponent",
        "Border",
        "CIDSystemInfo",
        "CapHeight",
        "Catalog",
        "ColorSpace",
        "Contents",
        "Count",
        "CreationDate",
        "Creator",
        "Decode",
        "Descent",
        "Dest",
        "DisplayDocTitle",
        "Encoding",
        "Filter",
        "First",
        "FirstChar",
        "Flags",
        "Font",
        "FontBBox",
        "FontDescriptor",
        "FontFile2",
        "FontName",
        "Height",
        "Image",
        "ItalicAngle",
        "Keywords",
        "Kids",
        "Lang",
        "Last",
        "LastChar",
        "Left",
        "Length",
        "Link",
        "MediaBox",
        "MissingWidth",
        "ModDate",
        "Name",
        "Next",
        "Nums",
        "Ordering",
        "Outlines",
        "Page",
        "PageLabels",
        "PageMode",
        "Pages",
        "Parent",
        "Prev",
        "ProcSet",
        "Producer",
        "Rect",
        "Registry",
        "Resources",
        "Rotate",
        "StemV",
        "Subject",
        "Subtype",
        "Supplement",
        "Text",
        "Title",
        "ToUnicode",
        "Top",
        "Trans",
        "Trapped",
        "TrueType",
        "Type",
        "UseNone",
        "ViewerPreferences",
        "Width",
        "Widths",
        "XObject",
        "Zoom",
    ]
)
_PRODUCER = "ReportLab PDF Library - (opensource)"
_NAMES_BETWEEN = expression(
    b"(?:" + b"|".join(re.escape(name.encode()) for name in sorted(_OF_THE_FORMAT)) + rb")(?![\w+-])"
    rb"|ReportLab (?:[Gg]enerated PDF document(?: -- digest)?|PDF Library -) \\?\(opensource\\?\)"
)
_FRAME_OF_A_CMAP = expression(
    rb"/(?:CIDInit|ProcSet|CIDSystemInfo|Registry|Ordering|Supplement|CMapName|CMapType)\b"
    rb"|\b(?:findresource|defineresource|currentdict|(?:begin|end)(?:cmap|codespacerange|bfchar|bfrange))\b"
)

Found = list[tuple[str, "str | bytes"]]


def read_pdf(data: bytes, budget: Budget) -> Found:
    """Return the texts of a PDF by position; attachments and other streams as bytes.

    Text and properties come first, as a reader program shows them. Then every object of the file is read, whether
    anything refers to it or not and also from within object streams; the objects of earlier versions, which an
    incremental update leaves in the file; and the bytes between the objects.

    Raises:
        AuditError: it cannot be read, or holds more than the budget has left.
    """
    try:
        found = _texts(data, budget)
    except AuditError:
        raise
    except Exception as error:
        raise AuditError(f"{budget.name} cannot be read as PDF: {type(error).__name__}: {error}") from error
    for number, end in enumerate(list(_END.finditer(data))[:-1], start=1):
        try:
            found += [(f"version {number} {place}", text) for place, text in _texts(data[: end.end()], budget)]
        except AuditError:
            raise
        except Exception:  # the first part of a file made for the web is no file by itself
            found.append((f"part {number}", b"\0" + data[: end.end()].replace(_MARK_OF_A_PDF, b" ")))
    # The zero byte says that these are no words of a language, so only long ones count.
    between = _NAMES_BETWEEN.sub(b" ", _without_streams(data))
    found.append(("between objects", b"\0" + between.replace(_MARK_OF_A_PDF, b" ")))
    return found


def shown_in_pdf(data: bytes, budget: Budget) -> Found:
    """Return what ``read_pdf`` returns, without drawing commands and the bytes between objects: no reader sees them.

    Raises:
        AuditError: it cannot be read, or holds more than the budget has left.
    """
    return [
        (place, text) for place, text in read_pdf(data, budget) if not (isinstance(text, bytes) and text[:1] == b"\0")
    ]


def _without_streams(data: bytes) -> bytes:
    parts: list[bytes] = []
    done, start = 0, -1
    for mark in _STREAM.finditer(data):
        if mark[0] != b"endstream":
            start = mark.start() if start < 0 else start
        elif start >= 0:
            parts.append(data[done:start])
            done, start = mark.end(), -1
    return b" ".join([*parts, data[done:]])


def _texts(data: bytes, budget: Budget) -> Found:
    pypdf = import_module("pypdf")
    reader: Any = pypdf.PdfReader(BytesIO(data))
    found: Found = [("metadata", BREAK.join(_strings(dict(reader.metadata or {}))))]
    for number, page in enumerate(reader.pages, start=1):
        found.append((f"page {number}", _page_text(page)))
        notes = [note.get_object() for note in page.get("/Annots", None) or []]
        found.append((f"annotations of page {number}", BREAK.join(_strings(notes))))
    found.append(("outline", BREAK.join(_strings(reader.outline))))
    found.append(("destinations", "\n".join(map(str, reader.named_destinations))))
    if "/Metadata" in reader.root_object:
        found.append(("XMP", bytes(reader.root_object["/Metadata"].get_data())))
    for name, contents in reader.attachments.items():
        found += [(f"attachment {name}", bytes(content)) for content in contents]
    for number, generation in _objects(reader):
        reference = pypdf.generic.IndirectObject(number, generation, reader)
        found += _texts_of_object(f"object {number}", reader.get_object(reference), budget)
    return found


def _page_text(page: Any) -> str:
    """Return a page's text, with a break where it jumps: the last line is not followed by the running header."""
    pieces: list[str] = []
    height = 0.0

    def take(text: str, outer: Sequence[float], inner: Sequence[float], _font: object, _size: float) -> None:
        nonlocal height
        if text.strip():
            here = inner[5] * outer[3] + outer[5]
            jumps = here > height + _UP or here < height - _DOWN
            pieces.append(BREAK if pieces and jumps else "")
            height = here
        pieces.append(text)

    page.extract_text(visitor_text=take)
    return "".join(pieces)


def _objects(reader: Any) -> Iterator[tuple[int, int]]:
    numbers = {(number, 0) for number in reader.xref_objStm}
    for generation, places in reader.xref.items():
        numbers |= {(number, generation) for number in places}
    yield from sorted(numbers)


def _texts_of_object(position: str, found: Any, budget: Budget) -> Found:
    texts: Found = []
    strings = BREAK.join(_strings(found))
    if strings:
        texts.append((position, strings))
    if hasattr(found, "get_data") and found.get("/Type") != "/XRef":
        try:
            content = bytes(found.get_data())
            budget.take(len(content))
            if b"begincmap" in content:
                content = _FRAME_OF_A_CMAP.sub(b" ", content)
            # Drawing commands hold parts of words; the text of pages has been read as such.
            texts.append((position, b"\0" + content if _SHOWS_TEXT.search(content) else content))
        except AuditError:
            raise
        except Exception as error:  # an unknown filter; what is left is searched as it is
            if type(error).__name__ == "LimitReachedError":  # pypdf's own limit of what it unpacks
                budget.take(budget.left + 1)
            texts.append((position, b"\0" + import_module("pypdf.generic").StreamObject.get_data(found)))
    return texts


def _strings(found: Any) -> Iterator[str]:
    """Yield the strings and names in an object, without the format's own; what it refers to is an object of its own."""
    if isinstance(found, dict):
        for key, value in cast("Mapping[Any, Any]", found).items():
            yield from _strings(str(key))
            yield from _strings(value)
    elif isinstance(found, list):
        for value in cast("Iterable[Any]", found):
            yield from _strings(value)
    elif isinstance(found, bytes):
        yield found.decode("latin-1")
    elif isinstance(found, str) and found not in _OF_THE_FORMAT and found != _PRODUCER:
        yield found
