"""Included files are part of the page, with their own lines."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.reader import SourcePage, read_page
from sphinx_postmortem.core.reader.includes import SiteFiles

PART = "before\n\n:::{timeline}\n| a |\n:::\n\nafter\n"
RST_PART = "before\n\n.. timeline::\n\n   | a |\n\nafter\n"


def read(root, text: str, *, markdown: bool = True, **files: str) -> SourcePage:
    for name, content in files.items():
        (root / f"{name}.txt").write_text(content, encoding="utf-8")
    page = root / "pages" / "page.md"
    page.parent.mkdir(exist_ok=True)
    return read_page(text, markdown=markdown, open_file=SiteFiles(page, root).open)


@pytest.mark.parametrize("name", ["../part.txt", "/part.txt"])
def test_a_directive_in_an_included_file_stands_in_that_file(tmp_path, name):
    page = read(tmp_path, f":::::{{internal-only}}\n```{{include}} {name}\n```\n:::::\n", part=PART)
    directive = page.named("timeline")[0]
    assert (directive.file, directive.line, directive.end) == ("/part.txt", 3, 5)
    assert [block.name for block in directive.within] == ["internal-only"]
    assert directive.body[0].place == ("/part.txt", 4)
    assert page.around(("/part.txt", 1)) == page.named("internal-only")


def test_restructuredtext_includes_too(tmp_path):
    page = read(tmp_path, "Page\n====\n\n.. include:: /part.txt\n", markdown=False, part=RST_PART)
    assert [(directive.file, directive.line) for directive in page.directives] == [("/part.txt", 3)]


PARTS = {
    ":start-line: 2": [3, 4, 5, 6, 7],
    ":end-line: -2": [1, 2, 3, 4, 5],
    ":start-after: before": [1, 2, 3, 4, 5, 6, 7],
    ":end-before: after": [1, 2, 3, 4, 5, 6],
    ":start-line: -1": [7],
}


@pytest.mark.parametrize(("option", "numbers"), PARTS.items())
def test_options_choose_a_part(tmp_path, option, numbers):
    page = read(tmp_path, f"```{{include}} /part.txt\n{option}\n```\n", part=PART)
    assert [line.number for line in page.includes[0].lines] == numbers


def test_a_file_that_is_shown_as_code_holds_no_directives(tmp_path):
    page = read(tmp_path, "```{include} /part.txt\n:literal:\n```\n", part=PART)
    assert page.directives == []


def test_what_an_included_file_includes_is_read_once_for_each(tmp_path):
    page = read(tmp_path, "```{include} /a.txt\n```\n", a="```{include} /b.txt\n```\n", b="```{include} /a.txt\n```\n")
    assert [(fault.code, fault.file, fault.line) for fault in page.faults] == [("unreadable-file", "/b.txt", 1)]


def test_a_file_that_is_missing_is_a_fault_at_the_include(tmp_path):
    page = read(tmp_path, "Text.\n\n```{include} missing.txt\n```\n")
    assert [(fault.code, fault.line) for fault in page.faults] == [("unreadable-file", 3)]


def test_a_file_outside_the_source_folder_is_not_read(tmp_path):
    (tmp_path / "outside.txt").write_text(PART)
    root = tmp_path / "source"
    root.mkdir()
    page = read(root, "```{include} ../../outside.txt\n```\n")
    assert page.directives == []
    assert page.includes[0].problem == "it lies outside the source folder"


def test_the_text_of_an_included_file_is_that_of_the_directive_round_it(tmp_path):
    page = read(tmp_path, ":::::{root-cause}\nOne.\n```{include} /part.txt\n```\nTwo.\n:::::\n", part="Three.\n")
    assert [line.text for line in page.written(page.directives[0])] == ["One.", "Three.", "Two."]
