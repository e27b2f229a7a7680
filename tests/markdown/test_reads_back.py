"""What the builder writes is read by a Markdown parser as what was meant."""

from __future__ import annotations

import re

from docutils import nodes
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from sphinx_postmortem.sphinx_ext.markdown.page_blocks import PageBlocks
from sphinx_postmortem.sphinx_ext.markdown.places import Places

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)

SIGNS = st.text(st.sampled_from(list("ab1 .)-+*_~`[]()<>&|!#$\\:/=\"'é漢（\u2014")), max_size=14)
WORDS = SIGNS.map(lambda text: text.strip()).filter(bool)


def written(*blocks: nodes.Node) -> str:
    return "\n".join(PageBlocks(Places("page.md")).blocks(blocks)) + "\n"


def read(markdown: str) -> list[Token]:
    return PARSER.parse(markdown)


def flat(text: str) -> str:
    return re.sub(r"[ ]+", " ", text).strip()


def text_of(tokens: list[Token]) -> str:
    """Return the text that a reader sees; of HTML the builder uses inline tags only."""
    parts: list[str] = []
    for token in tokens:
        for child in token.children or []:
            parts.append("\n" if child.type == "hardbreak" else "" if child.type == "html_inline" else child.content)
        if token.type == "fence":
            parts.append(token.content)
    return "".join(parts)


@given(WORDS)
@example("1. a")
@example("# a")
@example("---")
@example("a <!-- b -->")
@example("&amp; !")
@example("a_b_ _c_")
def test_a_paragraph_is_read_as_its_text(text):
    tokens = read(written(nodes.paragraph("", text)))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert flat(text_of(tokens)) == flat(text)


@given(WORDS)
@example("a#")
@example("# a #")
def test_a_heading_is_read_as_its_text(text):
    tokens = read(written(nodes.section("", nodes.title("", text))))
    assert [token.type for token in tokens if token.type.startswith("heading")] == ["heading_open", "heading_close"]
    assert flat(text_of(tokens)) == flat(text)


@given(
    st.lists(st.tuples(st.sampled_from(["", "strong", "emphasis", "literal", "both"]), WORDS), min_size=1, max_size=4)
)
@example([("strong", "a."), ("", "b")])
@example([("", "a"), ("strong", "(b)")])
@example([("emphasis", "a"), ("strong", "b"), ("emphasis", "c")])
@example([("", "a"), ("both", "b"), ("", "c")])
def test_emphasis_is_read_where_it_was_meant(parts):
    paragraph = nodes.paragraph()
    for kind, text in parts:
        match kind:
            case "strong":
                paragraph += nodes.strong("", text)
            case "emphasis":
                paragraph += nodes.emphasis("", text)
            case "literal":
                paragraph += nodes.literal("", text)
            case "both":
                paragraph += nodes.strong("", "", nodes.emphasis("", text), nodes.Text(" x"))
            case _:
                paragraph += nodes.Text(text)
    tokens = read(written(paragraph))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert flat(text_of(tokens)) == flat(paragraph.astext())
    marks = [
        child
        for child in tokens[1].children or []
        if child.type.endswith("_open") or child.content in ("<strong>", "<em>")
    ]
    assert len(marks) == sum({"strong": 1, "emphasis": 1, "both": 2}.get(kind, 0) for kind, _ in parts)


@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(st.tuples(st.booleans(), WORDS), min_size=1, max_size=3))
@example(["a"], [(True, "a\\|b"), (False, "a\\|b")])
@example(["a"], [(True, "|"), (True, "\\")])
def test_cells_are_read_as_their_texts(head, cells):
    width = max(len(head), len(cells))
    head = [*head, *["h"] * (width - len(head))]
    cells = [*cells, *[(False, "c")] * (width - len(cells))]
    group = nodes.tgroup("", cols=width)
    row, first = nodes.row(), nodes.row()
    first += [nodes.entry("", nodes.paragraph("", text)) for text in head]
    for is_code, text in cells:
        row += nodes.entry("", nodes.paragraph("", "", nodes.literal("", text) if is_code else nodes.Text(text)))
    group += [nodes.thead("", first), nodes.tbody("", row)]
    tokens = read(written(nodes.table("", group)))
    assert tokens[0].type == "table_open"
    shown = [flat(text_of([token])) for token in tokens if token.type == "inline"]
    assert shown == [flat(text) for text in (*head, *(text for _, text in cells))]


@given(st.text(st.sampled_from(list("ab `~\n>-#")), max_size=30))
@example("```\n````\n")
def test_code_is_read_as_it_was(code):
    item = nodes.list_item("", nodes.paragraph("", "x"), nodes.literal_block(code, code))
    tokens = read(written(nodes.bullet_list("", item)))
    (fence,) = (token for token in tokens if token.type == "fence")
    assert fence.content.rstrip("\n") == code.rstrip("\n")


@given(
    st.text(st.sampled_from(list('ab ()<>\\|`[]"é?&=#/:%*_')), min_size=1, max_size=20).map(
        lambda uri: f"https://x/{uri}"
    )
)
def test_a_link_stays_one_link(uri):
    reference = nodes.reference("", "shown", refuri=uri)
    (inline,) = (
        token
        for token in read(written(nodes.paragraph("", "a ", reference, nodes.Text(" b"))))
        if token.type == "inline"
    )
    assert text_of([inline]) == "a shown b"
    assert len([child for child in inline.children or [] if child.type == "link_open"]) == 1
