"""Plain text of a source is shown as it is, and is never markup of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.reader import read_page

MARKUP = [":::{timeline}", "```{include} /etc/passwd", "{ref}`x`", "% hidden", "(a)=", "<b>", "| a |", "---", "1. x"]
TEXTS = st.lists(st.one_of(st.sampled_from(MARKUP), st.text(max_size=12)), max_size=6).map("\n".join)


@given(TEXTS)
def test_plain_text_is_one_paragraph_of_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(escape.one_line(text))
    kinds = {child.type for token in tokens for child in token.children or []}
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert kinds <= {"text", "softbreak"}
    shown = "".join(child.content for token in tokens for child in token.children or [])
    assert shown == " ".join(escape.visible(text).split())


@given(TEXTS)
def test_plain_text_holds_no_directive_and_no_comment(text: str) -> None:
    page = read_page(f"Before.\n\n{escape.plain(text)}\n", markdown=True)
    assert (page.blocks, page.comments, page.code) == ([], set(), set())


def test_hidden_letters_and_changes_of_direction_are_taken_out() -> None:
    assert escape.one_line("a\u202egnp.exe\u200b\x07 b") == "agnp.exe b"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https:", "file:///etc/passwd", "//x", "https://[bad"])
def test_an_unsafe_address_is_no_link(address: str) -> None:
    assert "](" not in escape.link("label", address)


def test_an_address_cannot_end_its_link() -> None:
    written = escape.link("a|b", "https://x.test/a) {ref}`b` | c")
    assert written == r"[a\|b](https://x.test/a%29%20%7Bref%7D%60b%60%20%7C%20c)"
