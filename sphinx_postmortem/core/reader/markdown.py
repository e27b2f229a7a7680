"""Reads Markdown by the tokens of markdown-it-py, set up as MyST sets it up: only its blocks, no inline markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import make_fence_rule
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.field_list import fieldlist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.substitution import substitution_plugin

from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES, REQUIRED_COLUMNS
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.reader.read_page import Directive, Line
from sphinx_postmortem.core.reader.reading import DOMAIN_PREFIX, Around, PageReading
from sphinx_postmortem.core.reader.rst import read_rst
from sphinx_postmortem.core.reader.shapes import as_docutils_reads, divide_myst, holds_blocks, split_further
from sphinx_postmortem.core.records.tables import is_fence_row
from sphinx_postmortem.core.records.vocabulary import CODE_DIRECTIVES

_IN_PLACE = ("audience", "internal-only")  # their bodies are read where they stand: a first `---` is no front matter
_PARAGRAPH_ENDS = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
_COLON_FENCE = "colon_fence"
# Text without any of these is paragraphs, lists, quotes and tables: prose all of it, which needs no parser.
_MAY_HOLD_BLOCKS = expression(
    r"[`~:]{3}|\t| {4}|\$\$|\\begin|^[ >*+\-\d.)]*[#<%(]|^[ >]*(?:[-*_=+] *){3,}$|^[ >]*[-=]+ *$", re.MULTILINE
)
_SILENT = ("hr", "myst_block_break", "myst_target", "front_matter")
_NOTED = frozenset(["heading_open", "html_block", "code_block", "myst_line_comment", "fence", "colon_fence", *_SILENT])


@lru_cache(maxsize=16)
def parser_of(extensions: frozenset[str]) -> MarkdownIt:
    """Return a parser of blocks with the plugins that MyST uses for these ``myst_enable_extensions``.

    Source: ``myst_parser.parsers.mdit.create_md_parser`` of MyST 5.2.
    """
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(myst_block_plugin)
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    if "dollarmath" in extensions:
        parser.use(dollarmath_plugin)
    if "colon_fence" in extensions:
        rule = make_fence_rule(markers=(":",), token_type=_COLON_FENCE)
        parser.block.ruler.before("fence", "colon_fence", rule, {"alt": _PARAGRAPH_ENDS})
    if "amsmath" in extensions:
        parser.use(amsmath_plugin)
    if "deflist" in extensions:
        parser.use(deflist_plugin)
    if "fieldlist" in extensions:
        parser.use(fieldlist_plugin)
    if "substitution" in extensions:
        parser.use(substitution_plugin)
    if "attrs_block" in extensions:
        parser.use(attrs_block_plugin)
    parser.core.ruler.enableOnly(["block"])  # the ends of lines are the same already
    return parser


def read_markdown(reading: PageReading, lines: Sequence[Line], around: Around) -> None:
    """Note what stands in lines of Markdown: a page, an included file, or the body of a directive."""
    text = "\n".join(line.text for line in lines)
    if not _MAY_HOLD_BLOCKS.search(text):
        reading.note_prose_lines(lines, around)
        return
    tokens = parser_of(reading.markdown_syntax).parse(text.replace("\0", "\ufffd"))
    position = 0
    for index, token in enumerate(tokens):
        if token.map is None or token.map[0] < position or token.type not in _NOTED:
            continue
        first, end = token.map[0], min(token.map[1], len(lines))
        reading.note_prose_lines(lines[position:first], around)
        position = end
        if token.type == "heading_open":
            reading.note_heading(int(token.tag[1]), tokens[index + 1].content.strip(), lines[first])
        elif token.type == "html_block":
            _read_html(reading, lines[first:end], around)
        elif token.type == "code_block":
            reading.note_code(lines[first:end])
        elif token.type == "myst_line_comment":
            reading.note_comment(lines[first:end])
        elif token.type in ("fence", "colon_fence"):
            _read_fence(reading, token, lines[first:end], around)
    reading.note_prose_lines(lines[position:], around)


def _read_html(reading: PageReading, lines: Sequence[Line], around: Around) -> None:
    """Note the comments of an HTML block, and its other lines as prose."""
    in_comment = False
    if not any("<!--" in line.text for line in lines):
        reading.note_prose_lines(lines, around)
        return
    for line in lines:
        if in_comment or line.text.lstrip().startswith("<!--"):
            in_comment = "-->" not in line.text
            reading.note_comment([line])
        else:
            reading.note_prose(line, around)


def _read_fence(reading: PageReading, token: Token, lines: Sequence[Line], around: Around) -> None:
    """Read a fence: a directive, ``eval-rst``, a plain block of colons, or code."""
    content = list(_content(token, lines))
    name, rest = [*token.info.strip().split(maxsplit=1), "", ""][:2]
    if not (name.startswith("{") and name.endswith("}")):
        if token.type == "colon_fence":
            reading.read_deeper(read_markdown, content, around)
        else:
            reading.note_code(content)
        return
    folded = name[1:-1].casefold().removeprefix(DOMAIN_PREFIX)
    directive = Directive(folded, "", lines[0].number, within=around, file=lines[0].file)
    directive.end = lines[-1].number
    directive.is_closed = len(lines) > len(content) + 1
    # A fence that became a row of the table is told there.
    ends_in_table = folded in REQUIRED_COLUMNS and any(is_fence_row(line.text) for line in content)
    if not directive.is_closed and folded in DIRECTIVE_NAMES and not ends_in_table:
        message = f"`{folded}` is never closed; end it with as many marks as it begins with"
        reading.note_fault("malformed-table", directive, message)
    if folded == "eval-rst":
        directive.body = split_further([line.with_text(as_docutils_reads(line.text)) for line in content])
        reading.note_directive(directive)
        reading.read_deeper(read_rst, directive.body, (*around, directive))
        return
    parts = divide_myst(folded, lines[0].with_text(rest), content)
    directive.argument, directive.options, directive.body = parts.argument, parts.options, parts.body
    reading.note_directive(directive)
    _read_body(reading, directive, around)


def _read_body(reading: PageReading, directive: Directive, around: Around) -> None:
    inner = (*around, directive)
    if directive.name == "include":
        reading.read_include(directive, around, read_markdown)
    elif directive.name in CODE_DIRECTIVES:
        reading.note_code(directive.body)
    elif holds_blocks(directive.name):
        body = directive.body
        if directive.name in _IN_PLACE and body:
            body = [body[0].with_text(""), *body]
        reading.read_deeper(read_markdown, body, inner)
    else:
        _read_html(reading, directive.body, inner)  # a table, in which comments are the only blocks


def _content(token: Token, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines between the fences, without what stands before them on the page."""
    texts = token.content.split("\n")
    if not texts[-1]:
        texts.pop()
    for line, text in zip(lines[1:], texts, strict=False):
        yield line if line.text == text else line.with_text(text)
