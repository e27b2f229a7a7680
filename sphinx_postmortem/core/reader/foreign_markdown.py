"""Reads Markdown that was written for other tools into a tree of blocks: what it shows, and nothing that would run.

CommonMark with GitHub's tables and strike-through, and footnotes, which are put where they are named. Directives and
roles of MyST are not read as such: they are text and code here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.tables import parse_pipe_table

DEEPEST = 20  # levels of nesting that are read as such; what is deeper is text of the level above


@dataclass(frozen=True)
class Span:
    """A piece of a line.

    ``kind`` is ``text``, ``code``, ``emphasis``, ``strong``, ``strike``, ``link``, ``image``, ``note`` or ``break``;
    ``text`` that of text and code, ``address`` that of links and images, ``spans`` what the others hold.
    """

    kind: str
    text: str = ""
    spans: tuple[Span, ...] = ()
    address: str = ""

    @property
    def plain(self) -> str:
        """The text without markup."""
        return " " if self.kind == "break" else self.text + "".join(span.plain for span in self.spans)


Spans = tuple[Span, ...]


def plain_text(spans: Sequence[Span]) -> str:
    """Return the text of spans without markup, in one line."""
    return " ".join("".join(span.plain for span in spans).split())


@dataclass(frozen=True)
class Cells:
    """A row of a table, and its 1-based line."""

    cells: tuple[Spans, ...]
    line: int


@dataclass(frozen=True)
class Block:
    """A block.

    Attributes:
        kind: ``heading``, ``paragraph``, ``list``, ``item``, ``quote``, ``code``, ``table``, ``comment`` or ``html``.
        line: its first line, 1-based.
        end: its last line.
        level: that of a heading.
        lines: those of a heading or a paragraph.
        blocks: those within a list, an item or a quote.
        start: the number of the first item of an ordered list; None for others.
        text: that of code, comments and HTML.
        info: the language of code.
        header: that of a table.
        rows: those of a table.
    """

    kind: str
    line: int
    end: int
    level: int = 0
    lines: tuple[Spans, ...] = ()
    blocks: tuple[Block, ...] = ()
    start: int | None = None
    text: str = ""
    info: str = ""
    header: tuple[Spans, ...] = ()
    rows: tuple[Cells, ...] = ()

    @property
    def plain(self) -> str:
        """The text of a heading or a paragraph, without markup, in one line."""
        return " ".join(plain_text(line) for line in self.lines)

    @property
    def spans(self) -> Spans:
        """The spans of all lines, with breaks between them."""
        joined: list[Span] = []
        for line in self.lines:
            joined += [Span("break"), *line] if joined else line
        return tuple(joined)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    return parser.use(footnote_plugin, move_to_end=False, always_match_refs=True)


def read_foreign(text: str, first_line: int = 1) -> tuple[Block, ...]:
    """Read a document without its front matter.

    Args:
        text: its lines.
        first_line: the number of the first one in its file.
    """
    source = text.split("\n")
    environment: dict[str, Any] = {}
    tokens = _parser().parse(text, environment)
    reading = _Reading(tokens, source, first_line, environment)
    notes = reading.footnotes()
    reading.notes = notes
    found, _ = reading.blocks(0, ())
    return tuple(found)


def read_line(text: str) -> Spans:
    """Read one line of Markdown that stands alone."""
    token = _parser().parseInline(text, {})[0]
    return _spans(token.children or [], {})


class _Reading:
    """The walk over the tokens of one document."""

    def __init__(self, tokens: list[Token], source: list[str], first: int, environment: dict[str, Any]) -> None:
        self.tokens, self.source, self.first, self.environment = tokens, source, first, environment
        self.notes: dict[str, Spans] = {}

    def footnotes(self) -> dict[str, Spans]:
        """Return the text of each footnote that the document refers to, by its label."""
        named = {
            str(child.meta.get("label", "")) for token in self.tokens for child in token.children or [] if child.meta
        }
        found: dict[str, Spans] = {}
        label = ""
        for token in self.tokens:
            if token.type == "footnote_reference_open":
                label = str(token.meta.get("label", ""))
            elif token.type == "footnote_reference_close":
                label = ""
            elif token.type == "inline" and label in named:
                before = (*found[label], Span("break")) if label in found else ()
                found[label] = (*before, *_spans(token.children or [], {}))
        return found

    def blocks(self, index: int, ends: tuple[str, ...]) -> tuple[list[Block], int]:
        """Return the blocks from a token on, and the index of the token that ends them."""
        found: list[Block] = []
        while index < len(self.tokens):
            token = self.tokens[index]
            if token.type in ends:
                return found, index
            block, index = self.block(index)
            if block is not None:
                found.append(block)
        return found, index

    def block(self, index: int) -> tuple[Block | None, int]:
        """Return the block at a token, and the index of the next one."""
        token = self.tokens[index]
        line, end = self.place(token)
        if token.type in ("heading_open", "paragraph_open"):
            return self.text_block(index, line, end), index + 3
        if token.type in ("fence", "code_block"):
            return Block("code", line, end, text=token.content.rstrip("\n"), info=token.info.strip()), index + 1
        if token.type == "html_block":
            return _html_block(token.content, line, end), index + 1
        if token.type in ("bullet_list_open", "ordered_list_open", "list_item_open", "blockquote_open"):
            kind = {"list_item_open": "item", "blockquote_open": "quote"}.get(token.type, "list")
            inner, closing = self.blocks(index + 1, (token.type.replace("_open", "_close"),))
            start = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None
            return Block(kind, line, end, blocks=tuple(inner), start=start), closing + 1
        if token.type == "table_open":
            closing = next(i for i in range(index, len(self.tokens)) if self.tokens[i].type == "table_close")
            return self.table(line, end), closing + 1
        if token.type == "footnote_reference_open" and str(token.meta.get("label", "")) in self.notes:
            after_it = range(index, len(self.tokens))  # it stands where it is named
            return None, next(i for i in after_it if self.tokens[i].type == "footnote_reference_close") + 1
        return None, index + 1

    def place(self, token: Token) -> tuple[int, int]:
        begin, end = token.map or (0, 0)
        return begin + self.first, max(end, begin + 1) + self.first - 1

    def text_block(self, index: int, line: int, end: int) -> Block:
        token, inline = self.tokens[index], self.tokens[index + 1]
        lines = tuple(_split_lines(_spans(inline.children or [], self.notes)))
        if token.type == "heading_open":
            return Block("heading", line, end, level=int(token.tag[1]), lines=lines)
        return Block("paragraph", line, end, lines=lines)

    def table(self, line: int, end: int) -> Block:
        """Read a table from its lines, so that cells beyond the header are kept."""
        numbers = range(line, end + 1)
        texts = [re.sub(r"^[\s>]+", "", self.source[number - self.first]) for number in numbers]
        table = parse_pipe_table(texts, list(numbers))
        header = tuple(self.cell(cell) for cell in table.header)
        rows = tuple(Cells(tuple(self.cell(cell) for cell in row.cells), row.line) for row in table.rows)
        return Block("table", line, end, header=header, rows=rows)

    def cell(self, text: str) -> Spans:
        token = _parser().parseInline(text, self.environment)[0]
        return tuple(_spans(token.children or [], self.notes))


_HOLDING = {"em": "emphasis", "strong": "strong", "s": "strike", "link": "link"}


def _spans(tokens: Sequence[Token], notes: dict[str, Spans]) -> Spans:
    """Return the spans of inline tokens."""
    stack: list[tuple[Span, list[Span]]] = [(Span(""), [])]
    for token in tokens:
        name, _, edge = token.type.rpartition("_")
        if edge == "open" and name in _HOLDING:
            address = str(token.attrs.get("href", "")) if name == "link" else ""
            stack.append((Span(_HOLDING[name], address=address), []))
        elif edge == "close" and name in _HOLDING and len(stack) > 1:
            span, inner = stack.pop()
            stack[-1][1].append(replace(span, spans=tuple(inner)))
        else:
            stack[-1][1].extend(_leaf(token, notes))
    while len(stack) > 1:
        span, inner = stack.pop()
        stack[-1][1].append(replace(span, spans=tuple(inner)))
    return tuple(stack[0][1])


def _leaf(token: Token, notes: dict[str, Spans]) -> Iterator[Span]:
    if token.type == "code_inline":
        yield Span("code", token.content)
    elif token.type in ("softbreak", "hardbreak"):
        yield Span("break")
    elif token.type == "image":
        yield Span("image", token.content, address=str(token.attrs.get("src", "")))
    elif token.type == "html_inline":
        yield from _html_spans(token.content)
    elif token.type == "footnote_ref":
        note = notes.get(str(token.meta.get("label", "")))
        yield Span("note", spans=note) if note else Span("text", f"[{token.meta.get('label', '')}]")
    elif token.content:
        yield Span("text", token.content)


def _split_lines(spans: Spans) -> Iterator[Spans]:
    line: list[Span] = []
    for span in spans:
        if span.kind == "break":
            yield tuple(line)
            line = []
        elif span.spans and any(inner.kind == "break" for inner in span.spans):
            parts = list(_split_lines(span.spans))
            for part in parts[:-1]:
                line.append(replace(span, spans=part))
                yield tuple(line)
                line = []
            line.append(replace(span, spans=parts[-1]))
        else:
            line.append(span)
    yield tuple(line)


# --- HTML


_FORMATTING = frozenset(
    [
        "b",
        "i",
        "em",
        "strong",
        "u",
        "s",
        "del",
        "ins",
        "sub",
        "sup",
        "kbd",
        "code",
        "span",
        "div",
        "p",
        "details",
        "small",
    ]
    + [
        "summary",
        "center",
        "mark",
        "font",
        "figure",
        "figcaption",
        "section",
        "article",
        "picture",
        "source",
        "tt",
        "var",
    ]
    + ["ul", "ol", "li", "table", "tbody", "thead", "tr", "td", "th", "pre", "blockquote", "hr", "abbr", "time", "html"]
    + [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "body",
        "head",
        "samp",
        "q",
        "cite",
        "wbr",
        "main",
        "aside",
    ]
)


class _Html(HTMLParser):
    """Takes harmless tags away, and keeps texts, addresses and what is no such tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.spans: list[Span] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "br":
            self.spans.append(Span("break"))
        elif tag == "img":
            self.spans.append(Span("image", named.get("alt", ""), address=named.get("src", "")))
        elif tag == "a":
            if named.get("href"):
                self.spans += [Span("text", " "), Span("link", address=named["href"]), Span("text", " ")]
        elif tag not in _FORMATTING:
            self.spans.append(Span("text", self.get_starttag_text() or f"<{tag}>"))
        elif tag in ("p", "div", "li", "tr", "summary", "pre", "dt", "dd"):
            self.spans.append(Span("break"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _FORMATTING and tag not in ("a", "br", "img"):
            self.spans.append(Span("text", f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        for index, line in enumerate(data.split("\n")):
            if index:
                self.spans.append(Span("break"))
            if line:
                self.spans.append(Span("text", line))

    def handle_comment(self, data: str) -> None:
        self.spans.append(Span("text", f"<!--{data}-->"))

    def handle_decl(self, decl: str) -> None:
        self.spans.append(Span("text", f"<!{decl}>"))

    def unknown_decl(self, data: str) -> None:
        self.spans.append(Span("text", f"<![{data}]>"))

    def handle_pi(self, data: str) -> None:
        self.spans.append(Span("text", f"<?{data}>"))


def _html_spans(text: str) -> list[Span]:
    parser = _Html()
    parser.feed(text)
    parser.close()
    rest = parser.rawdata
    return [*parser.spans, *([Span("text", rest)] if rest.strip() else [])]


def _html_block(text: str, line: int, end: int) -> Block | None:
    bare = text.strip()
    if bare.startswith("<!--") and bare.endswith("-->") and bare.count("<!--") == 1:
        return Block("comment", line, end, text=bare[4:-3].strip("-").strip())
    lines = tuple(found for found in _split_lines(tuple(_html_spans(text))) if plain_text(found) or _has_image(found))
    return Block("html", line, end, lines=lines, text=text) if lines else None


def _has_image(spans: Spans) -> bool:
    return any(span.kind in ("image", "link") for span in spans)
