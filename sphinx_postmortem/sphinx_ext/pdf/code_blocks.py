"""Code in a PDF: highlighted in few, calm colours, and never wider than a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes
from docutils.utils.code_analyzer import Lexer, LexerError

LINE_WIDTH = 92
"""The number of characters that fit in a line of code on a page."""

_CONTINUATION = "    "
_TAB_SIZE = 4
_PLAIN_LANGUAGES = frozenset({"", "default", "guess", "none", "output", "text"})
_STYLES = (
    ("comment", "postmortem-code-comment"),
    ("keyword", "postmortem-code-keyword"),
    ("string", "postmortem-code-string"),
    ("number", "postmortem-code-number"),
)


def highlighted(text: str, language: str, origin: nodes.Element) -> Sequence[nodes.Node]:
    """Return *text* as a block of code; it takes over the ids of *origin*."""
    lines = wrapped_lines(text)
    block = nodes.literal_block()
    block["ids"] = list(origin["ids"])
    block.source, block.line = origin.source, origin.line
    for style, value in _tokens("\n".join(lines), language):
        block += nodes.inline("", value, classes=[style]) if style else nodes.Text(value)
    return [block]


def literal_text(text: str) -> Sequence[nodes.Node]:
    """Return *text* as a span in the font of code."""
    return [nodes.inline("", text, classes=["postmortem-literal"])]


def wrapped_lines(text: str) -> list[str]:
    """Break the lines that are too long; what follows a break is indented."""
    lines: list[str] = []
    for line in text.expandtabs(_TAB_SIZE).splitlines():
        rest = line
        while len(rest) > LINE_WIDTH:
            cut = rest.rfind(" ", LINE_WIDTH // 2, LINE_WIDTH) + 1 or LINE_WIDTH
            lines.append(rest[:cut].rstrip())
            rest = _CONTINUATION + rest[cut:].lstrip()
        lines.append(rest)
    return lines or [""]


def _tokens(text: str, language: str) -> Iterator[tuple[str, str]]:
    if language.lower() in _PLAIN_LANGUAGES:
        yield "", text
        return
    try:
        for kinds, value in Lexer(text, language, "long"):
            yield _style_of(kinds), value
    except LexerError:  # an unknown language, which Sphinx has reported
        yield "", text


def _style_of(kinds: Sequence[str]) -> str:
    return next((style for kind, style in _STYLES if kind in kinds), "")
