"""Which PDFs are written and what they say about themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from sphinx_postmortem.sphinx_ext.pdf import PdfDocument, documents
from sphinx_postmortem.sphinx_ext.pdf.documents import most_restrictive, safe_filename
from tests.pdf.pdf_project import INDEX, LOCAL_EXTENSION, MakeProject, text_of

FIRST = "# First incident\n\n## Timeline\n\nOne. See {doc}`second` and {ref}`there`.\n"
SECOND = "# Second incident\n\n(there)=\n## Timeline\n\nTwo. See {doc}`first`.\n"
PAGES = {
    "index.md": "# Postmortems\n\n{doc}`second`\n\n```{toctree}\nfirst\nsecond\n```\n",
    "first.md": FIRST,
    "second.md": SECOND,
}
ONE = PdfDocument("first", "SEC-1", "First incident", tlp="RED", edition="internal")


EXTENSION = """
from sphinx_postmortem.sphinx_ext.extension import add_options, connect, handlers, setup_pdf

def setup(app):
    add_options(app)
    setup_pdf(app)
    connect(app, [each for each in handlers() if ".pdf." in each.run.__module__])
"""


def test_default_documents(make_project: MakeProject) -> None:
    summary = "# {0}\n\n:::{{incident-summary}} {0}\n:tlp: {1}\n\nText.\n:::\n"
    pages = {
        "index.md": "# All\n\n```{toctree}\na\nb\n```\n",
        "a.md": summary.format("SEC-1", "GREEN"),
        "b.md": summary.format("SEC-2", "AMBER+STRICT"),
    }
    out = make_project(pages, extensions=["sphinx_postmortem"]).build()
    names = sorted(path.name for path in out.glob("*.pdf"))
    assert names == ["Incidents.pdf", "SEC-1.pdf", "SEC-2.pdf"]
    assert "TLP:AMBER+STRICT" in text_of(out / "Incidents.pdf")
    assert "TLP:GREEN" in text_of(out / "SEC-1.pdf")


def test_incidents_that_share_an_id_have_a_file_each(make_project: MakeProject) -> None:
    summary = "# {1}\n\n:::{{incident-summary}} {0}\n\nText.\n:::\n"
    pages = {
        "index.md": "# All\n\n```{toctree}\na\nb\nc\n```\n",
        "a.md": summary.format("SEC-1", "First"),
        "b.md": summary.format("SEC-1", "Second"),
        "c.md": summary.format("SEC/1", "Third"),
    }
    project = make_project(pages, extensions=["sphinx_postmortem"], postmortem_check_builds="off")
    out = project.build()
    names = ("SEC-1.pdf", "SEC-1-2.pdf", "SEC-1-3.pdf")
    assert {path.name for path in out.glob("*.pdf")} == {"Incidents.pdf", *names}
    assert {text_of(out / name).partition(" ")[0] for name in names} == {"First", "Second", "Third"}
    assert "[postmortem.incident-duplicate]" in project.warnings


def test_an_id_of_any_length_has_a_file(make_project: MakeProject) -> None:
    pages = {"index.md": f"# All\n\n:::{{incident-summary}} SEC-{'A' * 300}\n\nText.\n:::\n"}
    out = make_project(pages, extensions=["sphinx_postmortem"], postmortem_check_builds="off").build()
    (name,) = (path.name for path in out.glob("SEC-*.pdf"))
    assert name.startswith(f"SEC-{'A' * 156}-")
    assert len(name) < 200


def test_without_incidents_there_is_one(make_project: MakeProject) -> None:
    out = make_project(PAGES).build()
    assert [path.name for path in out.glob("*.pdf")] == ["Incidents.pdf"]


@pytest.mark.parametrize("extra", [[], ["rst2pdf.pdfbuilder"]])
def test_users_own_documents(make_project: MakeProject, extra: list[str]) -> None:
    project = make_project(
        PAGES,
        documents=[INDEX],
        extensions=["myst_parser", LOCAL_EXTENSION, *extra],
        pdf_documents=[
            ("second", "mine", "My own book", "Me", {"pdf_use_toc": False}),
        ],
    )
    out = project.build()
    assert [path.name for path in out.glob("*.pdf")] == ["mine.pdf"]
    text = text_of(out / "mine.pdf")
    assert "My own book" in text
    assert "TLP:AMBER" in text
    assert "Contents" not in text


def test_every_page_has_label_edition_title_and_number(
    make_project: MakeProject,
) -> None:
    pages = {**PAGES, "first.md": FIRST + "\n\nA paragraph.\n" * 120}
    out = make_project(pages, documents=[INDEX, ONE]).build()
    reader = pypdf.PdfReader(out / "SEC-1.pdf")
    count = len(reader.pages)
    assert count > 2
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert text.count("TLP:RED") == 2
        assert text.count("Internal edition") >= 2
        assert "First incident" in text
        assert f"Page {number} of {count}" in text


def test_label_is_at_the_right_in_twelve_points(make_project: MakeProject) -> None:
    out = make_project(PAGES, documents=[ONE]).build()
    page = pypdf.PdfReader(out / "SEC-1.pdf").pages[0]
    sizes: list[tuple[float, float]] = []

    def visit(text: str, user: Any, matrix: Any, font: Any, size: Any) -> None:
        if "TLP:RED" in text:
            sizes.append((size, matrix[4] + user[4]))

    page.extract_text(visitor_text=visit)
    assert len(sizes) >= 2
    assert all(size >= 12 and left > 400 for size, left in sizes)


def test_properties(make_project: MakeProject) -> None:
    out = make_project(PAGES, documents=[INDEX]).build()
    info = pypdf.PdfReader(out / "all.pdf").metadata
    assert info is not None
    assert info.title == "All incidents"
    assert info.author == "Security team"
    assert info.subject == "Incident postmortem, Leadership edition, TLP:AMBER"
    assert info.creator == "sphinx-postmortem"


def test_links_and_outline_of_the_collection(make_project: MakeProject) -> None:
    project = make_project(PAGES, documents=[INDEX])
    reader = pypdf.PdfReader(project.build() / "all.pdf")
    assert project.warnings == ""
    headings = [item.title for item in _flat(reader.outline)]
    assert headings == [
        "Postmortems",
        "First incident",
        "Timeline",
        "Second incident",
        "Timeline",
    ]
    first, second = _page(reader, "One."), _page(reader, "Two.")
    targets = {_target_page(reader, link) for link in _links(reader.pages[first])}
    assert targets == {second}
    back = {_target_page(reader, link) for link in _links(reader.pages[second])}
    assert back == {first}


def test_link_out_of_the_document_is_its_title(make_project: MakeProject) -> None:
    project = make_project(PAGES, documents=[ONE])
    out = project.build()
    assert project.warnings == ""
    assert "See Second incident and Timeline" in text_of(out / "SEC-1.pdf")
    reader = pypdf.PdfReader(out / "SEC-1.pdf")
    assert not [link for page in reader.pages for link in _links(page)]


def test_index_only_on_demand(make_project: MakeProject) -> None:
    pages = {"index.md": "# All incidents\n\nA {index}`keyword` here.\n"}
    assert "Index" not in text_of(make_project(pages, documents=[INDEX]).build() / "all.pdf")
    entry = ("index", "all", "All incidents", "", {"pdf_use_index": True})
    project = make_project(pages, documents=[INDEX], pdf_documents=[entry])
    text = text_of(project.build(output="two") / "all.pdf")
    assert project.warnings == ""
    assert "Index" in text
    assert text.count("keyword") == 2


def test_same_bytes_twice(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    project = make_project(PAGES, documents=[INDEX, ONE])
    one, two = project.build(), project.build(output="two")
    for name in ("all.pdf", "SEC-1.pdf"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_same_bytes_from_another_folder_and_process(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project({**PAGES, "first.md": FIRST + "\n![a](a.png)\n\n![b](b.png)\n"})
    for name, colour in (("a.png", "#468"), ("b.png", "#864")):
        Image.new("RGB", (90, 90), colour).save(project.folder / name)
    files: list[bytes] = []
    for seed in ("1", "2"):
        folder = tmp_path / f"copy-{seed}"
        shutil.copytree(project.folder, folder / "src")
        (folder / "local_pdf_extension.py").write_text(EXTENSION, encoding="utf-8")
        paths = (str(Path(__file__).parents[2]), str(folder))
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-b", "pdf", "src", "out"]
            + ["-D", "extensions=myst_parser,local_pdf_extension"],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join(paths),
                "SOURCE_DATE_EPOCH": "1770000000",
            },
            check=True,
        )
        files.append((folder / "out" / "Incidents.pdf").read_bytes())
    assert files[0] == files[1]
    assert str(tmp_path).encode() not in files[0]


def test_labels_and_names() -> None:
    assert most_restrictive(["GREEN", "AMBER"]) == "AMBER"
    assert most_restrictive(["GREEN", "WHITE"]) == "RED"
    assert most_restrictive([]) == ""
    assert safe_filename("SEC 2026/014: x") == "SEC-2026-014-x"
    assert documents.safe_filename("../..") == "document"


def _flat(outline: Any) -> Iterator[Any]:
    for item in outline:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def _links(page: Any) -> list[Any]:
    annotations = [each.get_object() for each in page.get("/Annots") or ()]
    return [each for each in annotations if each["/Subtype"] == "/Link"]


def _target_page(reader: Any, link: Any) -> int:
    page = link["/Dest"][0].get_object()
    return reader.get_page_number(page)


def _page(reader: Any, text: str) -> int:
    return next(i for i, page in enumerate(reader.pages) if text in page.extract_text())
