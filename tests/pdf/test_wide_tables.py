"""Tables that do not fit on an upright page, and rows that do not fit on any."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdf
import pytest

from sphinx_postmortem.sphinx_ext.pdf import PdfDocument, PdfError
from tests.pdf.pdf_project import INDEX, MakeProject, text_of

COLUMNS = ("ID", "Action", "Owner", "Priority", "Due date", "Status", "Ticket", "Category", "Verification", "Class")
ROW = "| A{i} | Bind each secret | detection-engineering | P1 | 2026-05-01 | in-progress | https://t.example/{i} | preventative-control | verification-needed | organisational |\n"


DOCUMENT = PdfDocument("index", "all", "All incidents")


def wide_table(rows: int) -> str:
    head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"
    return head + "".join(ROW.replace("{i}", str(i)) for i in range(rows))


def blank_pages(path) -> list[int]:
    """Return the numbers of the pages that show nothing but header and footer."""
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    furniture = re.compile(r"TLP:\S+|.* edition|All incidents|Page \d+ of \d+|\s+")
    return [number for number, text in enumerate(pages, 1) if not furniture.sub("", text)]


def shapes(path) -> list[str]:
    boxes = [page.mediabox for page in pypdf.PdfReader(path).pages]
    return ["landscape" if box.width > box.height else "portrait" for box in boxes]


def test_wide_table_lies_on_its_side_and_the_rest_does_not(make_project: MakeProject) -> None:
    source = f"# All incidents\n\nBefore.\n\n## Actions\n\n{wide_table(30)}\n\nAfter.\n"
    out = make_project({"index.md": source}, documents=[INDEX]).build()
    found = shapes(out / "all.pdf")
    assert found[0] == "portrait"
    assert "landscape" in found
    assert found[-1] == "portrait"
    pages = [page.extract_text() for page in pypdf.PdfReader(out / "all.pdf").pages]
    for shape, text in zip(found, pages, strict=True):
        assert (shape == "landscape") == ("Verification" in text)  # the header is repeated
    assert "Actions" in pages[found.index("landscape")]  # the heading goes along
    assert "After." in pages[-1]


def test_wide_table_at_the_top_of_a_page(make_project: MakeProject) -> None:
    source = f"# All incidents\n\n{wide_table(3)}\n\n```{{raw}} pdf\nPageBreak\n```\n\n{wide_table(3)}\n\nAfter.\n"
    out = make_project({"index.md": source}, documents=[INDEX]).build()
    found = shapes(out / "all.pdf")
    assert found.count("landscape") == 2
    assert found[-1] == "portrait"
    assert blank_pages(out / "all.pdf") == []


@pytest.mark.parametrize("lines", range(36, 46))
def test_wide_table_after_a_page_that_is_full(make_project: MakeProject, lines: int) -> None:
    # One of these numbers of lines fills the page, so that the next thing stands at the top of another.
    text = "Line.\n\n" * lines
    source = f"# All incidents\n\n{text}{wide_table(2)}\n\n## After\n\nSee [the table](#after).\n"
    settings = {"myst_heading_anchors": 2}
    out = make_project({"index.md": source}, documents=[replace(INDEX, is_collection=False)], **settings).build()
    found = shapes(out / "all.pdf")
    assert found[-2:] == ["landscape", "portrait"]
    assert found.count("landscape") == 1
    assert blank_pages(out / "all.pdf") == []
    numbers = [f"Page {number} of {len(found)}" for number in range(1, len(found) + 1)]
    text = text_of(out / "all.pdf")
    assert all(number in text for number in numbers)


@pytest.mark.parametrize("end", ["", "\n\n```{raw} pdf\nPageBreak\n```\n"])
def test_wide_table_at_the_end(make_project: MakeProject, end: str) -> None:
    source = f"# All incidents\n\nText.\n\n{wide_table(2)}{end}"
    out = make_project({"index.md": source}, documents=[INDEX]).build()
    assert shapes(out / "all.pdf")[-1] == "landscape"
    assert blank_pages(out / "all.pdf") == []


@pytest.mark.parametrize("words", range(1540, 1721, 60))
def test_row_a_little_higher_than_a_page(make_project: MakeProject, words: int) -> None:
    table = f"| A | B |\n|---|---|\n| x | {'word ' * words}last |\n"
    out = make_project({"index.md": f"# All incidents\n\n{table}"}, documents=[INDEX]).build()
    text = text_of(out / "all.pdf")
    assert text.count("word") == words
    assert "last" in text


def test_table_with_more_columns_than_fit_goes_on_below(make_project: MakeProject) -> None:
    titles, cells = ([f"{letter}{number}" for number in range(45)] for letter in "hc")
    table = "\n".join(f"| {' | '.join(row)} |" for row in (titles, ["---"] * 45, cells))
    project = make_project({"index.md": f"# Wide\n\n{table}\n"}, documents=[DOCUMENT])
    reader = pypdf.PdfReader(project.build() / "all.pdf")
    words = [word for page in reader.pages for word in page.extract_text().split()]
    assert words.count("c0") == words.count("h0") == 3
    assert [words.count(each) for each in (*titles[1:], *cells[1:])] == [1] * 88


def test_table_with_joined_cells_and_too_many_columns_is_refused(make_project: MakeProject) -> None:
    line = "+" + "---+" * 30
    joined = "|" + "abc" + " " * 4 + "|" + "abc|" * 28
    source = f"Wide\n====\n\n{line}\n{joined}\n{line}\n"
    project = make_project({"index.rst": source}, documents=[DOCUMENT])
    with pytest.raises(PdfError, match=r"index\.rst:\d+: a table of 30 columns, of which cells are joined"):
        project.build()


def test_rows_are_broken_only_if_they_are_higher_than_a_page(make_project: MakeProject) -> None:
    rows = "\n".join(f"| first{number} | {'word ' * 240} last{number} |" for number in range(9))
    project = make_project({"index.md": f"# Rows\n\n| Key | Text |\n|---|---|\n{rows}\n"}, documents=[DOCUMENT])
    texts = [page.extract_text() for page in pypdf.PdfReader(project.build() / "all.pdf").pages]
    assert len(texts) > 2
    for number in range(9):
        assert [text for text in texts if f"first{number}" in text] == [
            text for text in texts if f"last{number}" in text
        ]
    assert all(text.count("Key") <= 1 for text in texts)


def test_no_empty_page_after_a_table_that_fills_its_page(make_project: MakeProject) -> None:
    table = "| A | B |\n|---|---|\n| one | two |\n| three | four |\n"
    # One of these heights leaves less below the table than the space after it.
    parts = [f"```{{raw}} pdf\nPageBreak\n\nSpacer 0 {height}\n```\n\n{table}\n" for height in range(560, 632, 3)]
    out = make_project({"index.md": "# All incidents\n\nText.\n\n" + "\n".join(parts)}, documents=[INDEX]).build()
    assert blank_pages(out / "all.pdf") == []
