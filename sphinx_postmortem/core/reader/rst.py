"""Reads reStructuredText block by block, as docutils divides a text into blocks.

Tables drawn with lines (``+---+``) are prose: directives in their cells are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.reader.read_page import Directive, Line
from sphinx_postmortem.core.reader.reading import DOMAIN_PREFIX, Around, PageReading
from sphinx_postmortem.core.reader.shapes import divide_rst, holds_blocks
from sphinx_postmortem.core.records.vocabulary import CODE_DIRECTIVES

_EXPLICIT = expression(r"\.\.(?: +|$)")
_DIRECTIVE = expression(r"(?:\|[^|]+\| +)?(?P<name>(?:(?!_)\w)+(?:[-._+:](?:(?!_)\w)+)*) ?::(?: +|$)")
_TARGET = expression(r"_(?! |$)|\[[^\]]+\](?: +|$)|\|(?! |$)")
_FOOTNOTE = expression(r"\[[^\]]+\](?: +|$)")
_BULLET = expression(r"[-+*•‣⁃](?: +|$)")
_ENUMERATOR = expression(r"\(?(?:\d+|[a-zA-Z]|[ivxlcdmIVXLCDM]+|#)[.)](?: +|$)")
_FIELD = expression(r":(?![: ])(?:[^:\\]|\\.|:(?![ `]|$))*(?<! ):(?: +|$)")
_OPTION = expression(r"(?:--?[A-Za-z0-9][\w-]*|/[A-Z])(?:[ =][A-Za-z<][\w>-]*)?(?:, --?[\w-]+(?:[ =]\S+)?)*(?:  +|$)")
_LINE_BLOCK = expression(r"\|(?: +|$)")
_DOCTEST = expression(r">>>(?: +|$)")
_LINE = expression(r"([!-/:-@\[-`{-~])\1*$")
_SHORTEST_LINE = 4


def read_rst(reading: PageReading, lines: Sequence[Line], around: Around) -> None:
    """Note what stands in lines of reStructuredText: a page, an included file, or the body of a directive."""
    plain = [line.with_text(line.text.expandtabs(8).rstrip()) for line in lines]
    _Blocks(reading, plain, around).read()


class _Blocks:
    """One pass over the blocks of a text without common indentation."""

    def __init__(self, reading: PageReading, lines: Sequence[Line], around: Around) -> None:
        self.reading = reading
        self.lines = lines
        self.around = around
        self.at = 0

    def read(self) -> None:
        """Read all blocks."""
        readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], None]], ...] = (
            (_EXPLICIT, self.read_explicit),
            (_BULLET, self.read_item),
            (_ENUMERATOR, self.read_numbered),
            (_FIELD, self.read_field),
            (_OPTION, self.read_field),
            (_DOCTEST, self.read_doctest),
            (_LINE_BLOCK, self.read_lines),
        )
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if not text:
                self.at += 1
            elif text[0] == " ":
                self.nested(self.indented(self.at, 0))
            else:
                for pattern, read in readers:
                    if match := pattern.match(text):
                        read(match)
                        break
                else:
                    self.read_text()

    def nested(self, lines: Sequence[Line], around: Around | None = None) -> None:
        """Read blocks that stand in this one."""
        self.reading.read_deeper(read_rst, lines, self.around if around is None else around)

    # --- the extent of blocks

    def indented(self, start: int, known: int) -> list[Line]:
        """Take the lines from ``start`` that are indented, or empty; return them without their indentation.

        Args:
            start: the index of the first line.
            known: the least indentation, where a marker has set it; 0 where the lines themselves do.
        """
        end = start
        while end < len(self.lines) and (not self.lines[end].text or not self.lines[end].text[: known or 1].strip()):
            end += 1
        while end > start and not self.lines[end - 1].text:
            end -= 1
        block = self.lines[start:end]
        margin = known or min((len(x.text) - len(x.text.lstrip()) for x in block if x.text), default=0)
        self.at = max(end, self.at)
        return [line.with_text(line.text[margin:]) for line in block]

    def marked(self, width: int, known: int) -> list[Line]:
        """Take a block that begins behind a marker of this width, with the indented lines below."""
        line = self.lines[self.at]
        first = line.with_text(line.text[width:].lstrip())
        self.at += 1
        return [first, *self.indented(self.at, known)]

    # --- lists

    def read_item(self, match: re.Match[str]) -> None:
        """Read an item of a list."""
        has_text = match.end() < len(match.string)
        self.nested(self.marked(match.end(), match.end() if has_text else 0))

    def read_numbered(self, match: re.Match[str]) -> None:
        """Read a numbered item, unless the line below shows that it is a paragraph."""
        below = self.lines[self.at + 1].text if self.at + 1 < len(self.lines) else ""
        if not below or below[0] == " " or _ENUMERATOR.match(below):
            self.read_item(match)
        else:
            self.read_text()

    def read_field(self, match: re.Match[str]) -> None:
        """Read a field or the description of an option, with the body below."""
        if match.end() < len(match.string):
            self.nested(self.marked(match.end(), 0))
            return
        self.reading.note_prose(self.lines[self.at], self.around)
        self.nested(self.marked(match.end(), 0)[1:])

    # --- explicit markup

    def read_explicit(self, match: re.Match[str]) -> None:
        """Read a directive, a footnote, a target or a comment."""
        line = self.lines[self.at]
        rest = match.string[match.end() :]
        if found := _DIRECTIVE.match(rest):
            self.read_directive(found, match.end() + found.end())
        elif found := _FOOTNOTE.match(rest):
            self.nested(self.marked(match.end() + found.end(), 0))
        elif _TARGET.match(rest):
            self.marked(match.end(), 0)
        elif not rest and (self.at + 1 == len(self.lines) or not self.lines[self.at + 1].text):
            self.reading.note_comment([line])
            self.at += 1
        else:
            self.reading.note_comment(self.marked(match.end(), 0))

    def read_directive(self, match: re.Match[str], width: int) -> None:
        """Read a directive."""
        opening = self.lines[self.at]
        block = self.marked(width, 0)
        name = match["name"].casefold().removeprefix(DOMAIN_PREFIX)
        directive = Directive(name, "", opening.number, within=self.around, file=opening.file, markdown=False)
        directive.end = block[-1].number
        parts = divide_rst(name, block)
        directive.argument, directive.options, directive.body = parts.argument, parts.options, parts.body
        self.reading.note_directive(directive)
        inner = (*self.around, directive)
        if name == "include":
            is_myst = "myst" in directive.option("parser")
            self.reading.read_include(directive, self.around, self.reading.read_markdown if is_myst else read_rst)
        elif name in CODE_DIRECTIVES:
            self.reading.note_code(directive.body)
        elif holds_blocks(name):
            self.nested(directive.body, inner)
        else:
            for line in directive.body:
                self.reading.note_prose(line, inner)

    # --- text

    def read_doctest(self, match: re.Match[str]) -> None:
        """Read a session of an interpreter: code up to the next empty line."""
        start = self.at
        while self.at < len(self.lines) and self.lines[self.at].text:
            self.at += 1
        self.reading.note_code(self.lines[start : self.at])

    def read_lines(self, match: re.Match[str]) -> None:
        """Read a block of lines that each begin with a bar, or go on with the one above."""
        while self.at < len(self.lines) and re.match(r"\|(?: |$)| +\S", self.lines[self.at].text):
            self.reading.note_prose(self.lines[self.at], self.around)
            self.at += 1

    def read_text(self) -> None:
        """Read a heading, a term with its definition, or a paragraph with the literal block that it announces."""
        if self.read_heading():
            return
        start = self.at
        is_term = start + 1 < len(self.lines) and self.lines[start + 1].text.startswith(" ")
        while self.at < len(self.lines) and self.lines[self.at].text and self.lines[self.at].text[0] != " ":
            self.reading.note_prose(self.lines[self.at], self.around)
            self.at += 1
            if is_term:
                self.nested(self.indented(self.at, 0))
                return
        if self.lines[self.at - 1].text.endswith("::"):
            self.read_literal()

    def read_heading(self) -> bool:
        """Read a heading or a rule; say whether one stands here."""
        text = self.lines[self.at].text
        below = self.lines[self.at + 1].text if self.at + 1 < len(self.lines) else ""
        if _LINE.match(text) and len(text) >= _SHORTEST_LINE:
            if self.at + 2 < len(self.lines) and below and self.lines[self.at + 2].text == text:
                self.note_heading(text[0] * 2, self.lines[self.at + 1])
                self.at += 3
            else:
                self.at += 1
            return True
        if below and _LINE.match(below) and (len(below) >= _SHORTEST_LINE or len(text) <= len(below)):
            self.note_heading(below[0], self.lines[self.at])
            self.at += 2
            return True
        return False

    def note_heading(self, style: str, line: Line) -> None:
        """Note a heading; the style that comes first on a page is that of the highest level."""
        levels = self.reading.levels
        self.reading.note_heading(levels.setdefault(style, len(levels) + 1), line.text.strip(), line)

    def read_literal(self) -> None:
        """Read the literal block after ``::``: indented lines, or lines that begin with one and the same mark."""
        start = self.at
        while start < len(self.lines) and not self.lines[start].text:
            start += 1
        if start == len(self.lines):
            return
        first = self.lines[start].text[0]
        if first == " ":
            self.reading.note_code(self.indented(start, 0))
        elif start > self.at and not first.isalnum():
            end = start
            while end < len(self.lines) and self.lines[end].text.startswith(first):
                end += 1
            self.reading.note_code(self.lines[start:end])
            self.at = end
