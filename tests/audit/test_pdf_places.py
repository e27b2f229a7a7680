"""The audit reads every place of a PDF in which a word can stand, and our PDFs have nothing in most of them."""

from __future__ import annotations

import zlib
from io import BytesIO

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from sphinx_postmortem.core.audit.pdf_texts import read_pdf
from sphinx_postmortem.core.audit.search import Boilerplate, search_edition
from sphinx_postmortem.core.audit.terms import Terms

CANARY = "Dotterelcanary"


def attachment(writer):
    writer.add_attachment("notes.txt", f"the {CANARY} file".encode())


def packed_attachment(writer):
    from gzip import compress

    writer.add_attachment("notes.gz", compress(f"the {CANARY} file".encode(), mtime=0))


def name_of_an_attachment(writer):
    writer.add_attachment(f"{CANARY}.txt", b"nothing")


def xmp(writer):
    stream = DecodedStreamObject()
    stream.set_data(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc>{CANARY}</dc></x:xmpmeta>".encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream.flate_encode())


def property_of_the_file(writer):
    writer.add_metadata({"/Keywords": CANARY})


def annotation(writer):
    writer.add_annotation(0, FreeText(text=f"see {CANARY}", rect=(50, 50, 200, 90)))


def address_of_a_link(writer):
    action = DictionaryObject({
        NameObject("/S"): NameObject("/URI"),
        NameObject("/URI"): TextStringObject(f"https://x.example/{CANARY}"),
    })  # fmt: skip
    link = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/Link"),
        NameObject("/A"): writer._add_object(action),
    })  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])


def bookmark(writer):
    writer.add_outline_item(title=CANARY, page_number=0)


def target(writer):
    writer.add_named_destination(title=CANARY, page_number=0)


def object_without_references(writer):
    writer._add_object(DictionaryObject({NameObject("/Note"): TextStringObject(f"{CANARY} \u00e9\u4e2d")}))


def stream_without_references(writer):
    stream = DecodedStreamObject()
    stream.set_data(f"about {CANARY}".encode())
    writer._add_object(stream.flate_encode())


def private_data_of_a_page(writer):
    writer.pages[0][NameObject("/PieceInfo")] = DictionaryObject({NameObject("/X"): TextStringObject(CANARY)})


def form_field(writer):
    field = DictionaryObject({NameObject("/T"): TextStringObject("f"), NameObject("/V"): TextStringObject(CANARY)})
    fields = ArrayObject([writer._add_object(field)])
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})


def script(writer):
    action = DictionaryObject({
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject(f"app.alert('{CANARY}')"),
    })  # fmt: skip
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


PLACES = [
    attachment, packed_attachment, name_of_an_attachment, xmp, property_of_the_file, annotation, address_of_a_link,
    bookmark, target, object_without_references, stream_without_references, private_data_of_a_page, form_field, script,
]  # fmt: skip


def pdf_with(plant=None) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if plant:
        plant(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_object_stream() -> bytes:
    """Return a PDF of version 1.5, written by hand: pages in an object stream, one of them with a canary."""
    inner = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        f"<</Note({CANARY})>>",
    ]
    offsets = [sum(len(each) + 1 for each in inner[:index]) for index in range(len(inner))]
    head = " ".join(f"{number} {offset}" for number, offset in enumerate(offsets, 1)) + " "
    packed = zlib.compress((head + "\n".join(inner)).encode())
    made = b"%PDF-1.5\n"
    places = [len(made)]
    made += f"5 0 obj\n<</Type/ObjStm/N 4/First {len(head)}/Filter/FlateDecode/Length {len(packed)}>>\n".encode()
    made += b"stream\n" + packed + b"\nendstream\nendobj\n"
    places.append(len(made))
    rows = [(0, 0, 255), *((2, 5, index) for index in range(4)), (1, places[0], 0), (1, places[1], 0)]
    table = b"".join(bytes([kind]) + second.to_bytes(2, "big") + bytes([third]) for kind, second, third in rows)
    made += f"6 0 obj\n<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Length {len(table)}>>\nstream\n".encode()
    return made + table + f"\nendstream\nendobj\nstartxref\n{places[1]}\n%%EOF\n".encode()


def updated_pdf() -> bytes:
    """Return a PDF with an incremental update that takes a bookmark away, which leaves it in the file."""
    writer = pypdf.PdfWriter(BytesIO(pdf_with(bookmark)), incremental=True)
    del writer.root_object["/Outlines"]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def leaks(folder, content: bytes, *words: str) -> list[str]:
    (folder / ".postmortem-edition").write_text('{"edition": "public"}')
    (folder / "a.pdf").write_bytes(content)
    terms = Terms(words=dict.fromkeys(words or (CANARY.casefold(),), "a.md"))
    boilerplate = Boilerplate(frozenset(), lambda _word: False)
    return [leak.found for leak in search_edition(folder, "public", terms, boilerplate, read_pdf)]


@pytest.mark.parametrize("plant", PLACES)
def test_a_word_is_found_wherever_it_stands(tmp_path, plant):
    content = pdf_with(plant)
    assert leaks(tmp_path, content) == [CANARY.casefold()]


def test_a_word_is_found_in_an_object_stream(tmp_path):
    content = pdf_with_object_stream()
    assert CANARY.encode() not in content
    assert len(pypdf.PdfReader(BytesIO(content)).pages) == 1
    assert leaks(tmp_path, content) == [CANARY.casefold()]


def test_a_word_is_found_in_an_earlier_version_of_the_file(tmp_path):
    content = updated_pdf()
    assert pypdf.PdfReader(BytesIO(content)).outline == []
    assert leaks(tmp_path, content) == [CANARY.casefold()]


def test_a_word_is_found_between_the_objects(tmp_path):
    content = pdf_with().replace(b"\nxref", f"\n% {CANARY}\nxref".encode())
    assert leaks(tmp_path, content) == [CANARY.casefold()]


def test_nothing_is_found_where_nothing_is(tmp_path):
    assert leaks(tmp_path, pdf_with()) == []


def test_the_words_of_the_format_itself_are_no_finding(site, tmp_path):
    """Sites have "rotate the token" and "registry" in hidden text; each PDF has them as the names of its parts."""
    built = site({"index.md": "# Home\n\nText, and a [link](https://example.com/).\n\n## Part\n"}).build(builder="pdf")
    content = next(built.outdir.glob("*.pdf")).read_bytes()
    words = ("rotate", "registry", "ordering", "findresource", "producer", "opensource", "mediabox", "annot", "zoom")
    folder = tmp_path / "edition"
    folder.mkdir()
    assert leaks(folder, content, *words) == []
    assert leaks(folder, content, "part") == ["part"]
