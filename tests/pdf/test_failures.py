"""Every way in which rst2pdf fails in silence is heard here."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_postmortem.sphinx_ext.pdf import PdfDocument, PdfError, builder, engine
from sphinx_postmortem.sphinx_ext.pdf.finished_pdf import problems_of_pdf
from tests.pdf.pdf_project import INDEX, LOCAL_EXTENSION, MakeProject, text_of

TITLE = "# All incidents\n\n"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"


WARNED = {
    "link without target": ("[away](#nowhere-at-all)", "pdf-link", "away"),
    "link to a page that is gone": ("[away](gone.md)", "pdf-link", "away"),
    "reStructuredText link": ("```{eval-rst}\n`Away <#nowhere>`_\n```", "pdf-link", "Away"),
    "missing image": ("```{image} gone.png\n:alt: A chart\n```", "pdf-image", "[Image: A chart]"),
    "image in a line": ("Text ![broken](broken.png)", "pdf-image", "[Image: broken]"),
    "image elsewhere": ("![far](https://images.example/a.png)", "pdf-remote-image", "[Image: far]"),
    "SVG without svglib": ("![vector](a.svg)", "pdf-image", "[Image: vector]"),
    "unregistered node": ("```{wrapping}\nInner text\n```", "pdf-node", "Inner text"),
    "diagram": ("```{graphviz}\ndigraph { alpha -> beta }\n```", "pdf-node", "alpha -> beta"),
    "character without a font": ("Smile \U0001f600", "pdf-glyph", "[U+1F600]"),
    "character in a table": ("| A |\n|---|\n| \U0001f600 |", "pdf-glyph", "[U+1F600]"),
}


@pytest.mark.parametrize("name", WARNED)
def test_warned_about_with_file_and_line_and_text_kept(make_project: MakeProject, name: str) -> None:
    source, subtype, text = WARNED[name]
    if "svglib" in name and engine.can_render_svg():
        pytest.skip("svglib prints SVG images")
    pages = {"index.md": f"{TITLE}Start.\n\n{source}\n\nEnd.\n", "a.svg": SVG, "broken.png": "no png"}
    project = make_project(pages, documents=[INDEX], extensions=["myst_parser", "sphinx.ext.graphviz", LOCAL_EXTENSION])
    is_lost = subtype == "pdf-image"
    with pytest.raises(PdfError, match="1 image is not in the PDFs") if is_lost else nullcontext():
        project.build()
    out = project.folder.parent / "out" / "pdf"
    ours = [line for line in project.warnings.splitlines() if f"[postmortem.{subtype}]" in line]
    assert len(ours) == 1
    assert re.search(r"index\.md:[56]: ", ours[0])  # a directive's body is on the line after
    found = text_of(out / "all.pdf")
    assert text in found
    assert "Start." in found
    assert "End." in found


def test_missing_image_can_be_accepted(make_project: MakeProject) -> None:
    project = make_project(
        {"index.md": f"{TITLE}![A chart](gone.png)\n"},
        documents=[INDEX],
        suppress_warnings=["image", "postmortem.pdf-image"],
    )
    assert "[Image: A chart]" in text_of(project.build() / "all.pdf")
    assert project.warnings == ""


def test_a_page_in_two_pdfs_is_reported_once(make_project: MakeProject) -> None:
    project = make_project(
        {"index.md": f"{TITLE}```{{toctree}}\na\n```\n", "a.md": "# One\n\n[away](#nowhere)\n"},
        documents=[INDEX, PdfDocument("a", "one", "One")],
    )
    project.build()
    assert project.warnings.count("[postmortem.pdf-link]") == 1


def test_character_that_stands_on_the_cover_too_is_reported_once(make_project: MakeProject) -> None:
    document = replace(INDEX, title="Smile \U0001f600")
    project = make_project({"index.md": "# Smile \U0001f600\n\nText.\n"}, documents=[document])
    project.build()
    assert re.findall(r"(\S*): WARNING: no font for", project.warnings) == [f"{project.folder / 'index.md'}:1"]


def test_character_on_the_cover_alone_is_reported(make_project: MakeProject) -> None:
    document = replace(INDEX, title="Smile \U0001f600")
    project = make_project({"index.md": "# Plain\n\nText.\n"}, documents=[document])
    project.build()
    assert "WARNING: no font for U+1F600" in project.warnings
    assert "unknown place" not in project.warnings


def test_node_whose_content_would_vanish(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE + "Start.\n\n```{lost}\n```\n"}, documents=[INDEX])
    with pytest.raises(PdfError, match=r"index\.md:5: the node \S+LostNode has no PDF form"):
        project.build()


REFUSED_SHEETS = {
    "no YAML": ("styles:\n  normal: {parent\n", "bad.yaml:3: the style sheet cannot be read"),
    "no sections": ("just text\n", "bad.yaml:1: the style sheet cannot be read"),
    "font file": ("\nembeddedFonts: [[gone.ttf, a, b, c]]\n", 'bad.yaml:2: the font file "gone.ttf" does not exist'),
    "parent": ("styles:\n  bodytext: {parent: nobody}\n", 'bad.yaml:2: the style "bodytext" has the parent "nobody"'),
    "circle": ("styles:\n  x: {parent: y}\n  y: {parent: x}\n", 'bad.yaml:2: the style "x" has the parent "y"'),
    "colour": ("styles:\n  bodytext: {textColor: mauvish}\n", 'bad.yaml:2: "mauvish" is no colour'),
    "template": ("pageSetup:\n  firstTemplate: nope\n", 'bad.yaml:2: there is no page template "nope"'),
    "size": ("pageSetup: {size: B99}\n", 'bad.yaml:1: "B99" is no page size'),
}


@pytest.mark.parametrize("name", REFUSED_SHEETS)
def test_style_sheet_with_which_no_pdf_can_be_made(make_project: MakeProject, name: str) -> None:
    sheet, says = REFUSED_SHEETS[name]
    project = make_project({"index.md": TITLE, "bad.yaml": sheet}, documents=[INDEX], pdf_stylesheets=["bad.yaml"])
    with pytest.raises(PdfError, match=re.escape(says)):
        project.build()


DOUBTED_SHEETS = {
    "attribute": ("styles:\n  bodytext:\n    fontsize: 8\n", "bad.yaml:3", 'did you mean "fontSize"?', "pdf-style"),
    "command": (
        "styles:\n  table: {commands: [[NOPE, [0,0], [1,1]]]}\n",
        "bad.yaml:2",
        "no table command",
        "pdf-style",
    ),
    "font": ("styles:\n  bodytext: {fontName: NoSuch}\n", "bad.yaml:2", 'the font "NoSuch"', "pdf-font"),
    "alias": ("fontsAlias: {fontSans: NoSuch}\n", "bad.yaml:1", 'the font "NoSuch"', "pdf-font"),
}


@pytest.mark.parametrize("name", DOUBTED_SHEETS)
def test_style_that_does_not_do_what_it_should(make_project: MakeProject, name: str) -> None:
    sheet, place, says, subtype = DOUBTED_SHEETS[name]
    table = "\n| A |\n|---|\n| b |\n"
    project = make_project(
        {"index.md": TITLE + table, "bad.yaml": sheet}, documents=[INDEX], pdf_stylesheets=["bad.yaml"]
    )
    project.build()
    warnings = project.warnings.strip().splitlines()
    assert len(warnings) == 1  # and not once more without a place
    assert place in warnings[0]
    assert says in warnings[0]
    assert f"[postmortem.{subtype}]" in warnings[0]


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


def test_style_sheet_that_does_not_exist(make_project: MakeProject) -> None:
    project = make_project({"index.md": TITLE}, documents=[INDEX], pdf_stylesheets=["missing-sheet"])
    conf = project.folder / "conf.py"
    conf.write_text(conf.read_text() + "pdf_stylesheets = ['missing-sheet']\n")
    project.build()
    assert 'conf.py:2: WARNING: the style sheet "missing-sheet" does not exist' in project.warnings
    assert "[postmortem.pdf-style]" in project.warnings


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
