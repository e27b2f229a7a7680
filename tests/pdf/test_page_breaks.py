"""Where pages end: no heading is the last of a page, and no row that names the rows below it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf

from sphinx_postmortem.sphinx_ext.pdf import PdfDocument
from tests.pdf.pdf_project import INDEX, MakeProject

DOCUMENT = PdfDocument("index", "all", "Where pages end")

TABLE = "+-----------+-----------+\n| Time      | Event     |\n+===========+===========+\n"
ROW = "| 01:14     | Something |\n+-----------+-----------+\n"
PHASE = "| Phase                 |\n+-----------+-----------+\n"
WITH_PHASES = TABLE + PHASE + ROW * 2 + PHASE + ROW * 2
BOX = ".. note::\n\n" + "   A sentence that is as long as a line of this page.\n" * 9
LONG = "A sentence that is as long as a line of this page. " * 14
BEGINNINGS = {
    "box": BOX,
    "table": TABLE + ROW * 4,
    "table with phases": WITH_PHASES,
    "sentence and table": "All 3 done.\n\n" + TABLE + ROW * 3,
    "heading below": "Heading below\n~~~~~~~~~~~~~\n\n" + BOX,
    "rubric and table": ".. rubric:: Heading of a list\n\nTwo open.\n\n" + TABLE + ROW,
    "text": LONG,
    "code": "::\n\n" + "   a line\n" * 12,
}


def last_lines(path: Path, title: str) -> list[str]:
    """Return the last line of the text of each page, above the footer."""
    texts = [page.extract_text().rpartition(title)[0] for page in pypdf.PdfReader(path).pages]
    return [text.rstrip().splitlines()[-1].strip() for text in texts]


def test_no_page_ends_with_a_heading(make_project: MakeProject) -> None:
    # With so many sections, headings of each kind stand at all heights of a page.
    sections = [
        f"Heading {kind}\n{'-' * 40}\n\n{text}\n\n{'Filling.' if n % 3 else LONG}\n\n" + "* One more\n" * (n % 7)
        for n in range(7)
        for kind, text in BEGINNINGS.items()
    ]
    text = "Where pages end\n===============\n\n" + "\n\n".join(sections)
    project = make_project({"index.rst": text}, documents=[DOCUMENT])
    last = last_lines(project.build() / "all.pdf", DOCUMENT.title)
    assert len(last) > 12
    assert [line for line in last if line.startswith(("Heading", "Time", "Phase", "Two open", "All 3 done"))] == []


def test_a_row_that_names_what_follows_is_not_the_last_of_a_page(make_project: MakeProject) -> None:
    table = TABLE + "".join(PHASE + ROW * (1 + n % 5) for n in range(60))
    project = make_project({"index.rst": f"Where pages end\n===============\n\n{table}"}, documents=[DOCUMENT])
    last = last_lines(project.build() / "all.pdf", DOCUMENT.title)
    assert len(last) > 4
    assert {line.rpartition(" ")[2] for line in last} == {"Something"}


def test_headers_of_a_collection_name_the_page_and_the_collection(make_project: MakeProject) -> None:
    pages = {
        "index.md": "# Library\n\n```{toctree}\nfirst\nsecond\n```\n",
        "first.md": "# SEC-1: One & \\<other>\n\n" + "## Part\n\nText.\n\n" * 40,
        "second.md": f"# SEC-2: {'A very long title ' * 8}\n\nText.\n",
    }
    document = replace(INDEX, title="Library")
    texts = [
        page.extract_text()
        for page in pypdf.PdfReader(make_project(pages, documents=[document]).build() / "all.pdf").pages
    ]
    heads = [text.partition(" edition \u00b7 Library")[0].splitlines()[-2] for text in texts]
    assert heads[0] == "Library"
    assert heads.count("SEC-1: One & <other>") > 1
    assert heads[-1].startswith("SEC-2: A very long title")
    assert heads[-1].endswith("\u2026")


def test_no_page_holds_the_last_list_alone(make_project: MakeProject) -> None:
    # At all heights of a page, what ends the text keeps company: a short section, or the end of a long one.
    list_ = ".. rubric:: Related\n\n" + "* An incident\n" * 5
    ends = {"short": "* A lesson\n* A lesson\n", "long": "A lesson.\n\n" * 9}
    pages = {
        f"{kind}{n}.rst": f"Page {n}\n=======\n\n" + "Filling.\n\n" * n + f"Lessons\n-------\n\n{end}\n{list_}"
        for kind, end in ends.items()
        for n in range(16, 32, 2)
    }
    toctree = "Home\n====\n\n.. toctree::\n\n" + "".join(f"   {Path(name).stem}\n" for name in pages)
    project = make_project({"index.rst": toctree, **pages}, documents=[DOCUMENT])
    texts = [page.extract_text() for page in pypdf.PdfReader(project.build() / "all.pdf").pages]
    assert len(texts) > len(pages) + 4
    with_list = [text for text in texts if "Related" in text]
    assert len(with_list) == len(pages)
    assert [text for text in with_list if "A lesson" not in text] == []
