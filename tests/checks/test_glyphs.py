"""Characters that PDFs cannot print are told before one is built."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest

from sphinx_postmortem.core.checks import CheckedPage, check_page, read_settings, run_page
from sphinx_postmortem.core.pdf_characters import built_in_characters, code_points
from sphinx_postmortem.sphinx_ext.pdf.fonts import available_fonts
from tools.pdf_characters import table

HEAD = ":::{incident-summary} S\n:customer-impact: none\n\nT.\n:::\n\n"
FONT = Path(str(find_spec("matplotlib").origin)).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"


def page_of(text: str, *fonts: str, root: Path | None = None) -> CheckedPage:
    page = check_page("p.md", HEAD + text, read_settings({"pdf_fonts": list(fonts)}))
    page.root = root
    return page


def told(page: CheckedPage) -> list[str]:
    return [finding.message for finding in run_page(page) if finding.code == "pdf-glyph"]


def test_the_kept_table_is_that_of_the_fonts() -> None:
    fonts = available_fonts()
    assert fonts.data, "the extra pdf is installed where the tests run"
    kept = table(fonts).splitlines()[1:]
    assert built_in_characters() == frozenset(
        code for line in kept for code in range(int(line.split("-")[0], 16), int(line.split("-")[-1], 16) + 1)
    )


@pytest.mark.parametrize(
    "text", ["Café – 10 €", "Привет", "Γειά", "a → b ≤ c", "✅ done ☑", "soft\u00adhyphen", "e\u200b"]
)
def test_what_the_fonts_have_or_something_stands_for_is_no_finding(text: str) -> None:
    assert told(page_of(text)) == []


@pytest.mark.parametrize("character", ["\U0001f525", "日", "한", "𝕏", "⛔", "\u2603", "ꙮ"])
def test_what_no_font_has_is_told(character: str) -> None:
    [message] = told(page_of(f"A {character} b"))
    assert f"U+{ord(character):04X}" in message


def test_a_character_is_told_once_for_a_page_with_its_place() -> None:
    page = page_of("A \U0001f525 b\n\nC \U0001f525\n\n## \U0001f525\n")
    [finding] = [finding for finding in run_page(page) if finding.code == "pdf-glyph"]
    assert (finding.line, finding.column) == (7, 3)
    assert "also on 2 more lines" in finding.message


@pytest.mark.parametrize("script", ["Arabic مرحبا", "Devanagari नमस्ते", "Hebrew שלום"])
def test_scripts_whose_letters_join_are_told(script: str) -> None:
    assert any(
        message.startswith(f"{script.split(maxsplit=1)[0]} text is printed") for message in told(page_of(script))
    )


def test_the_fonts_of_a_site_count(tmp_path: Path) -> None:
    (tmp_path / "own.ttf").write_bytes(FONT.read_bytes())
    assert told(page_of("A \u2603 b", "own.ttf", root=tmp_path)) == []
    assert len(told(page_of("A 日 b", "own.ttf", root=tmp_path))) == 1
    assert len(told(page_of("A \u2603 b", "absent.ttf", root=tmp_path))) == 1


def test_a_font_is_read_as_reportlab_reads_it() -> None:
    face = import_module("reportlab.pdfbase.ttfonts").TTFontFace(BytesIO(FONT.read_bytes()))
    assert {code for code in face.charToGlyph if face.charToGlyph[code]} == set(code_points(FONT.read_bytes()))


@pytest.mark.parametrize("length", [0, 3, 11, 20, 200, 5000])
def test_a_broken_font_has_no_characters_and_is_no_crash(length: int) -> None:
    assert code_points(FONT.read_bytes()[:length]) == frozenset()


def test_characters_of_east_asia_are_one_finding() -> None:
    assert len(told(page_of("The mail said \u969c\u5bb3\u767a\u751f, and \u5fa9\u65e7\u5b8c\u4e86.\n"))) == 1
