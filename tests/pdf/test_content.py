"""What is written in the source is in the PDF, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from tests.pdf.pdf_project import INDEX, LOCAL_EXTENSION, MakeProject, text_of

TITLE = "# All incidents\n\n"


def _text(make_project: MakeProject, source: str, *extensions: str) -> str:
    project = make_project(
        {"index.md": TITLE + source},
        documents=[INDEX],
        extensions=["myst_parser", *extensions, LOCAL_EXTENSION],
    )
    out = project.build()
    assert project.warnings == ""
    return text_of(out / "all.pdf")


DESIGN = """
::::{grid} 2
:::{grid-item-card} Card title
:link: https://example.org
:header: Card header
:footer: Card footer
Card body {bdg-primary}`Badge`
:::
::::

::::{tab-set}
:::{tab-item} Tab one
Content one
:::
:::{tab-item} Tab two
Content two
:::
::::

:::{dropdown} Drop title
Dropped text
:::

```{button-link} https://example.org
Button text
```

{octicon}`alert` after the icon
"""


def test_nothing_of_sphinx_design_is_lost(make_project: MakeProject) -> None:
    pytest.importorskip("sphinx_design")
    text = _text(make_project, DESIGN, "sphinx_design")
    for expected in (
        "Card title", "Card header", "Card footer", "Card body", "Badge",
        "https://example.org", "Tab one", "Content one", "Tab two", "Content two",
        "Drop title", "Dropped text", "Button text", "after the icon",
    ):  # fmt: skip
        assert expected in text


def test_text_of_raw_html_is_kept_but_not_its_comments(
    make_project: MakeProject,
) -> None:
    source = (
        "<div><b>Raw</b> words<!-- hidden words --><script>code</script></div>\n\n"
        "Text <span>inline</span> end <!-- other words -->.\n"
    )
    text = _text(make_project, source)
    assert "Raw words" in text
    assert "inline" in text
    for absent in ("hidden", "other words", "code", "<"):
        assert absent not in text


@pytest.mark.parametrize("shown", [True, False])
def test_todos_follow_their_setting(make_project: MakeProject, shown: bool) -> None:
    project = make_project(
        {"index.md": TITLE + "```{todo}\nUnfinished\n```\n\nEnd.\n"},
        documents=[INDEX],
        extensions=["myst_parser", "sphinx.ext.todo", LOCAL_EXTENSION],
        todo_include_todos=shown,
    )
    out = project.build()
    assert ("Unfinished" in text_of(out / "all.pdf")) is shown


RST = """
.. py:function:: contain(token, minutes)

   Contains it.

.. productionlist::
   action: verb object

.. glossary::

   dwell time
      Time unnoticed.

:abbr:`IC (incident commander)`, :kbd:`Ctrl+C`, :term:`dwell time`, [C1]_, note [#]_.

.. [C1] A citation.
.. [#] A footnote.

.. hlist::

   * left
   * right

.. seealso:: Another page.

.. versionadded:: 1.2
   A change.

.. only:: pdf

   Only in PDFs.

.. only:: html

   Only in HTML.

-o, --out   An option.

.. math:: a^2

.. sidebar:: Side title

   Side text.
"""


def test_other_markup(make_project: MakeProject) -> None:
    rst = f"All incidents\n=============\n{RST}"
    project = make_project({"index.rst": rst}, documents=[INDEX])
    text = text_of(project.build() / "all.pdf")
    assert project.warnings == ""
    for expected in (
        "contain(token, minutes)", "Contains it.", "action", "dwell time",
        "Time unnoticed.", "IC (incident commander)", "Ctrl+C", "A citation.",
        "A footnote.", "left", "right", "See also", "Another page.",
        "Added in version 1.2", "A change.", "Only in PDFs.", "-o, --out",
        "An option.", "a^2", "Side title", "Side text.",
    ):  # fmt: skip
        assert expected in text
    assert "Only in HTML." not in text


def test_numbers_that_references_name(make_project: MakeProject) -> None:
    source = """\
Numbered
========

See :numref:`chart`, :numref:`listing`, :numref:`part`, :eq:`sum` and [Long2026]_.

.. _part:

Part
----

.. figure:: icon.png
   :name: chart

   A chart

.. code-block:: text
   :name: listing
   :caption: A listing
   :linenos:

   alpha
   beta

.. math:: a + b
   :label: sum

.. [Long2026] The cited work.

.. danger:: Do not touch.
"""
    index = "All\n===\n\n.. toctree::\n   :numbered:\n\n   page\n"
    project = make_project({"index.rst": index, "page.rst": source}, documents=[INDEX], numfig=True)
    Image.new("RGB", (30, 30)).save(project.folder / "icon.png")
    text = text_of(project.build() / "all.pdf")
    assert project.warnings == ""
    for expected in ("See Fig. 1.1, Listing 1.1, Section 1.1, (1.1)", "1. Numbered", "1.1. Part", "Fig. 1.1 A chart"):
        assert expected in text
    for expected in (
        "Listing 1.1 A listing",
        "1 alpha 2 beta",
        "a + b (1.1)",
        "[Long2026] The cited work.",
        "Danger Do",
    ):
        assert expected in text


def test_boxes_of_task_lists(make_project: MakeProject) -> None:
    source = "# Tasks\n\n- [ ] still open\n- [x] ticked off\n"
    project = make_project({"index.md": source}, documents=[INDEX], myst_enable_extensions=["tasklist"])
    text = text_of(project.build() / "all.pdf")
    assert "[ ] still open" in text
    assert "[x] ticked off" in text


def test_footnote_without_a_number_keeps_its_text(make_project: MakeProject) -> None:
    text = _text(make_project, "```{eval-rst}\nnote [#]_\n\n.. [#] The note.\n```\n")
    assert "The note." in text


def test_letters_of_three_scripts_and_signs(make_project: MakeProject) -> None:
    pytest.importorskip("pymupdf_fonts")
    text = _text(make_project, "Zażółć Ελλάδα Жёлтый → ≥ ✓ ✔ `Жя │`\n")
    for expected in ("Zażółć", "Ελλάδα", "Жёлтый", "→", "≥", "✓", "Жя │"):
        assert expected in text


LONG = "x" * 300
WIDE_TABLE = (
    "| ID | Action | Owner | Priority | Due date | Status | Evidence |\n"
    "|---|---|---|---|---|---|---|\n"
    + "".join(
        f"| A{i} | Do what must be done and say so | team-{i} | P1 | 2026-04-01 | open"
        f" | https://tickets.example.org/browse/{'SEC' * 12}-{i} |\n"
        for i in range(60)
    )
)
MANY_COLUMNS = "\n".join(f"| {' | '.join([cell] * 45)} |" for cell in ("head", "---", "cell"))
CODE = f"```text\n{LONG}\n{'word ' * 80}\n```\n"


@pytest.mark.parametrize(
    "source",
    [
        LONG,
        f"`{LONG}`",
        WIDE_TABLE,
        CODE,
        f"| A | B |\n|---|---|\n| {LONG} | {'word ' * 2000} |\n",
        f"- one\n  - two {LONG}\n\n    ```text\n    {LONG}\n    ```\n",
        f":::{{note}}\n{LONG}\n:::\n",
        f"## {LONG}\n",
        f"See [it](#there).\n\n(there)=\n{LONG}\n",
        MANY_COLUMNS,
    ],
)
def test_nothing_runs_out_of_the_page(make_project: MakeProject, source: str) -> None:
    project = make_project({"index.md": TITLE + source}, documents=[INDEX])
    out = project.build()
    assert project.warnings == ""
    for page in pypdf.PdfReader(out / "all.pdf").pages:
        assert _right_edge(page) <= float(page.mediabox.width) - 40


def _right_edge(page: pypdf.PageObject) -> float:
    """Return how far the text goes to the right, at half an em per letter."""
    edges = [0.0]

    def visit(text: str, user: Any, matrix: Any, font: Any, size: Any) -> None:
        for line in text.splitlines():
            if line.strip():
                scale = user[0] * matrix[0]
                edges.append(user[4] + user[0] * matrix[4] + len(line) * size * scale / 2.2)

    page.extract_text(visitor_text=visit)
    return max(edges)


@pytest.mark.parametrize("size", [":width: 3000px", ":height: 2000px", ":width: 100%", ""])
def test_image_larger_than_a_page(make_project: MakeProject, size: str) -> None:
    project = make_project({"index.md": f"# Tall\n\n```{{image}} tall.png\n{size}\n```\n"}, documents=[INDEX])
    Image.new("RGB", (300, 3000)).save(project.folder / "tall.png")
    pages = pypdf.PdfReader(project.build() / "all.pdf").pages
    assert [len(page.images) for page in pages[1:]] == [1]  # after cover and contents


def test_table_repeats_its_heading(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE + WIDE_TABLE}, documents=[INDEX])
    reader = pypdf.PdfReader(project.build() / "all.pdf")
    with_rows = [p.extract_text() for p in reader.pages if "team-" in p.extract_text()]
    assert len(with_rows) > 1
    assert all("Evidence" in text for text in with_rows)


def test_png_is_taken_where_there_is_an_svg_too(make_project: MakeProject, tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    project = make_project(
        {"index.md": TITLE + "```{image} chart.*\n```\n", "chart.svg": svg},
        documents=[INDEX],
    )
    Image.new("RGB", (1200, 4000), "#468").save(project.folder / "chart.png")
    out = project.build()
    assert project.warnings == ""
    reader = pypdf.PdfReader(out / "all.pdf")
    assert sum(len(page.images) for page in reader.pages) == 1
