"""Every way in which rst2pdf fails in silence is heard here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pdf_project import INDEX, MakeProject, text_of

from sphinx_postmortem.sphinx_ext.pdf import PdfError, builder, engine
from sphinx_postmortem.sphinx_ext.pdf.verify import problems_of_pdf

TITLE = "# All incidents\n\n"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"


@pytest.mark.parametrize(
    ("source", "subtype", "text"),
    [
        ("[away](#nowhere-at-all)", "", "away"),
        ("```{image} gone.png\n:alt: A chart\n```", "pdf-image", "[Image: A chart]"),
        ("![broken](broken.png)", "pdf-image", "[Image: broken]"),
        pytest.param(
            "![vector](a.svg)",
            "pdf-image",
            "[Image: vector]",
            marks=pytest.mark.skipif(engine.can_render_svg(), reason="svglib prints SVG images"),
        ),
        ("```{wrapping}\nInner text\n```", "pdf-node", "Inner text"),
        ("Smile \U0001f600", "pdf-glyph", "[U+1F600]"),
    ],
)
def test_warned_about_and_text_kept(make_project: MakeProject, source: str, subtype: str, text: str) -> None:
    pages = {
        "index.md": TITLE + source + "\n\nEnd.\n",
        "a.svg": SVG,
        "broken.png": "no png",
    }
    project = make_project(pages, documents=[INDEX])
    out = project.build()
    assert subtype in project.warnings
    assert project.warnings
    assert text in text_of(out / "all.pdf")


def test_node_whose_content_would_vanish(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE + "```{lost}\n```\n"}, documents=[INDEX])
    with pytest.raises(PdfError, match="LostNode has no PDF form"):
        project.build()


def test_dangling_html_link_is_text(make_project: MakeProject) -> None:
    rst = "All incidents\n=============\n\n.. raw:: html\n\n   <a href='#x'>Go</a>\n"
    project = make_project({"index.rst": rst}, documents=[INDEX])
    assert "Go" in text_of(project.build() / "all.pdf")


def test_exception_in_renderer_fails_after_all_documents(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = replace(INDEX, filename="second")
    project = make_project({"index.md": TITLE}, documents=[INDEX, second])
    render = engine.render

    def fail_once(*args: object) -> object:
        monkeypatch.setattr(engine, "render", render)
        raise engine.RenderingError("ValueError: something inside")

    monkeypatch.setattr(engine, "render", fail_once)
    with pytest.raises(PdfError, match=r"all\.pdf: ValueError: something inside"):
        project.build()
    out = project.folder.parent / "out" / "pdf"
    assert [path.name for path in out.glob("*.pdf")] == ["second.pdf"]


def test_style_that_does_not_exist(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE}, documents=[INDEX], pdf_stylesheets=["missing-sheet"])
    project.build()
    assert "missing-sheet" in project.warnings
    assert "[postmortem.pdf-style]" in project.warnings


def test_font_that_does_not_exist(make_project: MakeProject) -> None:
    pages = {"index.md": TITLE, "bad.yaml": "embeddedFonts: [[gone.ttf, a, b, c]]\n"}
    project = make_project(pages, documents=[INDEX], pdf_stylesheets=["bad.yaml"])
    with pytest.raises(PdfError, match="gone"):
        project.build()


def test_no_fonts_to_embed(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    from sphinx_postmortem.sphinx_ext.pdf import fonts

    monkeypatch.setattr(builder, "available_fonts", fonts._standard_fonts)
    project = make_project({"index.md": TITLE + "Zażółć, Жя\n"}, documents=[INDEX])
    text = text_of(project.build() / "all.pdf")
    assert "[postmortem.pdf-font]" in project.warnings
    assert "[postmortem.pdf-glyph]" in project.warnings
    assert "[U+0416]" in text


def test_earlier_pdf_does_not_survive_a_failure(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE}, documents=[INDEX])
    out = project.build()
    assert (out / "all.pdf").exists()
    (project.folder / "index.md").write_text(TITLE + "```{lost}\n```\n")
    with pytest.raises(PdfError):
        project.build()
    assert not list(out.glob("*.pdf"))


def test_two_documents_with_one_name(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE}, documents=[INDEX, INDEX])
    with pytest.raises(PdfError, match="same name"):
        project.build()


def test_name_that_leaves_the_folder(make_project: MakeProject) -> None:
    documents = [replace(INDEX, filename="../outside")]
    project = make_project({"index.md": TITLE}, documents=documents)
    with pytest.raises(PdfError, match="out of the output folder"):
        project.build()


def test_unknown_first_page(make_project: MakeProject) -> None:
    documents = [INDEX, replace(INDEX, docname="gone", filename="gone")]
    project = make_project({"index.md": TITLE}, documents=documents)
    project.build()
    assert "unknown document 'gone'" in project.warnings


def test_verification_reads_the_file(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project({"index.md": TITLE}, documents=[INDEX])
    content = (project.build() / "all.pdf").read_bytes()
    assert problems_of_pdf(content, INDEX) == []
    assert problems_of_pdf(b"", INDEX) == ["it is empty or no PDF"]
    assert problems_of_pdf(content[:400], INDEX)[0].startswith("it cannot be read")
    other = replace(INDEX, title="Quite another title", tlp="RED")
    problems = problems_of_pdf(content, other)
    assert any("title" in each for each in problems)
    assert any("TLP:RED" in each for each in problems)


def test_user_style_sheet_cannot_hide_the_label(make_project: MakeProject) -> None:
    sheet = (
        "pageTemplates:\n"
        "  oneColumn: {showHeader: false, showFooter: false,"
        " frames: [[0pt, 0pt, 100%, 100%]]}\n"
        "styles:\n  bodytext: {textColor: '#ff0000'}\n"
    )
    project = make_project(
        {"index.md": TITLE, "mine.yaml": sheet},
        documents=[INDEX],
        pdf_stylesheets=["mine.yaml"],
    )
    out = project.build()
    assert problems_of_pdf((out / "all.pdf").read_bytes(), INDEX) == []
