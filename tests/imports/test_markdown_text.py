"""The author's Markdown is written anew: what it says is kept, and nothing in it can run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import Text
from sphinx_postmortem.core.imports.markdown_text import as_blocks, as_line, as_source, write_blocks
from sphinx_postmortem.core.reader import read_page
from sphinx_postmortem.core.reader.foreign_markdown import Block, read_foreign

PIECES = [
    *(":::{timeline}\n| a |\n|-|\n:::", "```{include} /etc/passwd\n```", "{ref}`x`", "% hidden", "(a)=", "<b>b</b>"),
    *("| a | b |\n|---|---|\n| c | d | e |", "- a\n  - b\n\n    code", "1. x\n2. y", "> q", "**b** *e* `c|d` ~~s~~"),
    *("[t](https://x.test/a_b)", "[t][r]\n\n[r]: ../other.md", "![i](a.png)", "a[^1]\n\n[^1]: note", "+++", "---"),
    *(
        "<details>\n<summary>S</summary>\n\nx\n</details>",
        "<!-- c -->",
        "## H",
        "    ```{toctree}\n    :glob:",
        "~~~~\n```\n~~~~",
    ),
    *(
        "{{ name }}",
        "$$a$$",
        ":name: x",
        "\\{ref}`x`",
        "```\n:::{timeline}\n```",
        "<script>alert(1)</script>",
        "*a**b*",
    ),
]
DOCUMENTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=6).map("\n\n".join)


def written(text: str) -> str:
    return "\n".join(as_blocks(Text(text, is_markdown=True)))


@given(DOCUMENTS)
def test_nothing_in_it_runs(text: str) -> None:
    page = read_page(f"Before.\n\n{written(text)}\n\nAfter.\n", markdown=True, markdown_syntax=frozenset(["deflist"]))
    assert page.blocks == []
    assert "{ref}`" not in written(text).replace("\\", "") or "\\{" in written(text)


@given(DOCUMENTS)
def test_a_cell_holds_no_pipe_of_its_own(text: str) -> None:
    line = as_line(Text(text, is_markdown=True), in_cell=True)
    page = f":::{{timeline}}\n| a | b |\n|---|---|\n| {line} | x |\n:::\n"
    table = read_page(page, markdown=True)
    assert [block.name for block in table.blocks] == ["timeline"]
    assert (
        read_foreign(page.split("\n", 1)[1])[0].rows[0].cells[1:]
        == read_foreign("|a|b|\n|-|-|\n|a|x|")[0].rows[0].cells[1:]
    )


@given(DOCUMENTS)
def test_what_stands_alone_says_the_same(text: str) -> None:
    assert as_blocks(as_source(read_foreign(escape.visible(text)))) == as_blocks(Text(text, is_markdown=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** *c* `d`", "a **b** *c* `d`"),
        ("[t](https://x.test/a)", "[t](https://x.test/a)"),
        ("[t][r]\n\n[r]: https://x.test", "[t](https://x.test)"),
        ("[t](../a.md)", "t (../a.md)"),
        ("[t](#x)", "t"),
        ("![shot](img/a.png)", "shot (img/a.png)"),
        ("a[^1]\n\n[^1]: why", "a (note: why)"),
        ("a <br> b <kbd>c</kbd>", "a\nb c"),
        ("{ref}`x`", r"\{ref\}`x`"),
        ("- a\n- b\n\n* c", "- a\n- b\n\n* c"),
        ("```yaml\na: 1\n```", "```\na: 1\n```"),
        ("<!-- why -->", "% why"),
    ],
)
def test_what_it_says_is_kept(text: str, expected: str) -> None:
    assert written(text) == expected


def test_cells_beyond_the_header_of_a_table_are_kept() -> None:
    assert written("| a | b |\n|---|---|\n| c | d | e |").endswith(r"| c | d \| e |")


@pytest.mark.parametrize(
    ("info", "kept"), [("{include} ../conf.py", True), ('python title="a"', True), ("python", False), ("", False)]
)
def test_what_stands_behind_a_fence_is_kept_where_it_is_more_than_a_language(info, kept):
    written = "\n".join(write_blocks([Block("code", 1, 2, text="x = 1", info=info)]))
    assert (f"`{info}`\n\n```" in written) is kept
    assert "\nx = 1\n" in written
