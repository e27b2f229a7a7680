"""Scripts that the built-in fonts lack, and such as need more than glyphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from sphinx_postmortem.sphinx_ext.pdf import PdfError, fonts
from tests.conftest import Site
from tests.pdf.pdf_project import INDEX, MakeProject, text_of

TEXTS = {
    "ja": "日本語のテスト、カタカナ。漢字",
    "zh": "中文测试：安全事件复盘",
    "zh_TW": "繁體中文事後檢討",
    "ko": "한국어 시험 사고 보고서",
}
PAGE = (
    "# All incidents\n\nStart.\n\n" + "\n\n".join(TEXTS.values()) + "\n\n`コード` **粗体**\n\n| 列 |\n|---|\n| 토큰 |\n"
)


def fonts_of(path: Path) -> set[str]:
    pages = pypdf.PdfReader(path).pages
    names = {str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    return {name for name in names if "Noto" in name}


@pytest.fixture
def with_cjk() -> None:
    pytest.importorskip("fontTools")
    pytest.importorskip("pymupdf_fonts")
    pytest.importorskip(fonts.CJK_PACKAGE)


@pytest.mark.usefixtures("with_cjk")
def test_chinese_japanese_and_korean_are_printed_with_embedded_fonts(make_project: MakeProject) -> None:
    project = make_project({"index.md": PAGE}, documents=[INDEX])
    out = project.build()
    assert project.warnings == ""
    text = text_of(out / "all.pdf")
    for expected in (*TEXTS.values(), "コード", "粗体", "列", "토큰"):
        assert expected in text
    for page in pypdf.PdfReader(out / "all.pdf").pages:
        for font in page["/Resources"]["/Font"].values():
            found = font.get_object()
            if "Noto" in str(found["/BaseFont"]):
                assert "/FontFile2" in found["/FontDescriptor"]


@pytest.mark.usefixtures("with_cjk")
@pytest.mark.parametrize(
    ("language", "font"), [("ja", "JP"), ("zh_TW", "TC"), ("zh_CN", "SC"), ("ko", "KR"), ("en", "SC")]
)
def test_the_font_of_a_language_is_asked_first(language: str, font: str) -> None:
    assert fonts.cjk_files(language)[0].name.startswith(f"NotoSans{font}")


@pytest.mark.usefixtures("with_cjk")
@pytest.mark.parametrize(("characters", "number"), [("", 0), ("日本", 1), ("日한", 2), ("\U0001fae8", 0)])
def test_fonts_that_add_no_character_are_left_out(site: Callable[..., Site], characters: str, number: int) -> None:
    app = site({"index.md": "# T\n"}, 'language = "ja"\n').build(builder="dummy").app
    assert len(fonts.more_fonts(app.config, Path(app.srcdir), frozenset(characters))) == number


@pytest.mark.usefixtures("with_cjk")
def test_the_language_chooses_the_look_of_a_character(make_project: MakeProject) -> None:
    project = make_project({"index.md": "# All incidents\n\n漢字\n"}, documents=[INDEX], language="ko")
    out = project.build()
    assert {name.partition("+")[2].removeprefix("NotoSans")[:2] for name in fonts_of(out / "all.pdf")} == {"KR"}


@pytest.mark.usefixtures("with_cjk")
def test_contents_are_printed_though_no_page_holds_the_characters_of_their_title(make_project: MakeProject) -> None:
    project = make_project({"index.md": "# All incidents\n\nStart.\n"}, documents=[INDEX], language="ja")
    text = text_of(project.build() / "all.pdf")
    assert project.warnings == ""
    assert "コンテンツ" in text
    assert "U+" not in text


@pytest.mark.usefixtures("with_cjk")
def test_header_and_footer_are_printed_though_no_page_holds_their_characters(site: Callable[..., Site]) -> None:
    built = site({"index.md": "# All incidents\n\nStart.\n"}, 'language = "ja"\n').build("leadership", "pdf")
    [path] = built.outdir.glob("*.pdf")
    text = text_of(path)
    assert "Leadership 版" in text
    assert "ページ" in text


@pytest.mark.usefixtures("with_cjk")
def test_long_text_without_spaces_stays_on_the_page(make_project: MakeProject) -> None:
    table = f"| A | B |\n|---|---|\n| {TEXTS['ja'] * 20} | {TEXTS['zh'] * 20} |\n"
    out = make_project({"index.md": f"# All incidents\n\n{table}"}, documents=[INDEX]).build()
    text = text_of(out / "all.pdf").replace(" ", "")
    assert text.count("漢字") == 20
    assert text.count("复盘") == 20


def test_without_a_font_the_place_and_the_mend_are_said(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda _name: None)
    project = make_project({"index.md": "# All incidents\n\nStart.\n\n日本\n"}, documents=[INDEX])
    out = project.build()
    assert "index.md:5: WARNING: no font for U+65E5 CJK UNIFIED IDEOGRAPH-65E5" in project.warnings
    assert "install sphinx-postmortem[cjk], or name a font file in postmortem_pdf_fonts" in project.warnings
    assert "[U+65E5][U+672C]" in text_of(out / "all.pdf")


@pytest.mark.usefixtures("with_cjk")
def test_a_font_of_the_project(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    import justmytype_intl_cjk

    [path] = Path(justmytype_intl_cjk.__path__[0]).glob("fonts/ofl/notosansjp/*.ttf")
    monkeypatch.setattr(fonts, "CJK_PACKAGE", "no_such_package")
    project = make_project({"index.md": "# All incidents\n\n日本\n"}, documents=[INDEX], postmortem_pdf_fonts=["a.ttf"])
    (project.folder / "a.ttf").write_bytes(path.read_bytes())
    assert "日本" in text_of(project.build() / "all.pdf")
    assert project.warnings == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"OTTO...", "has PostScript outlines"), (b"no font", "cannot be embedded"), (None, "is no file")],
)
def test_a_font_that_cannot_be_used(make_project: MakeProject, content: bytes | None, says: str) -> None:
    project = make_project({"index.md": "# All incidents\n"}, documents=[INDEX], postmortem_pdf_fonts=["a.otf"])
    if content is not None:
        (project.folder / "a.otf").write_bytes(content)
    with pytest.raises(PdfError, match=says):
        project.build()


@pytest.mark.usefixtures("with_cjk")
def test_two_builds_give_the_same_bytes(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    project = make_project({"index.md": "# All incidents\n\n日本 日한\n"}, documents=[INDEX])
    out = project.build()
    first = (out / "all.pdf").read_bytes()
    assert len(fonts_of(out / "all.pdf")) == 2
    assert (project.build(output="again") / "all.pdf").read_bytes() == first


@pytest.mark.parametrize(("text", "script"), [("שלום", "Hebrew"), ("سلام", "Arabic"), ("नमस्ते", "Devanagari")])
def test_a_script_that_is_shaped_is_reported(make_project: MakeProject, text: str, script: str) -> None:
    project = make_project({"index.md": f"# All incidents\n\nStart.\n\nHe said {text}.\n"}, documents=[INDEX])
    project.build()
    assert re.search(rf"index\.md:5: WARNING: {script} text is printed letter by letter", project.warnings)
