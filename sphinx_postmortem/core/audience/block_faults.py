"""Faults in the marking of blocks that would show hidden text: found in the source, before anything is parsed.

A fence that is closed too early, a missing or an excessive indent or a slip in the opening line make Markdown and
reStructuredText read hidden text as text for all, without any error. This reader knows just enough of both to find
such places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sphinx_postmortem.core.records.vocabulary import CODE_DIRECTIVES, DIRECTIVE_NAMES

MOST_FAULTS = 1_000  # blocks in blocks fault each other: their number grows with the square of the page
MARKING_DIRECTIVES = ("audience", "internal-only")

_NAME = r"(?:postmortem:)?(?:audience|internal-only)"
_FENCE = re.compile(r"^(?P<indent>[\s>]*(?:(?:[-+*]|\d+[.)])\s+)?)(?P<marks>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_DIRECTIVE = re.compile(r"\s*\{(?P<name>[^\s{}]+)\}(?P<rest>.*)$")
_MARKING_INFO = re.compile(rf"\s*\{{{_NAME}\}}(\s.*)?$", re.IGNORECASE)
_NEARLY_INFO = re.compile(rf"\s*+\{{*+\s*+{_NAME}\b", re.IGNORECASE)
_NEARLY_FENCE = re.compile(rf"^[\s>]*+[:`~]{{0,2}}+\s*+\{{++\s*+{_NAME}\s*+\}}+(?!`)", re.IGNORECASE)
_FOREIGN_OPTION = re.compile(r"^[\s>]*:(?P<name>audience|internal-columns):(\s|$)", re.IGNORECASE)
_FOREIGN_YAML = re.compile(r"""^[\s>]*["']?(?P<name>audience|internal-columns)["']?\s*:(\s|$)""", re.IGNORECASE)
_OPTION = re.compile(r"^[\s>]*:[^\s:][^:]*:(\s|$)")
_YAML_RULE = re.compile(r"^[\s>]*-{3,}\s*$")
_LIST_MARKER = re.compile(r"(?:[-+*]|\d{1,9}[.)]|:)(\s+|$)")
_DEEP_BODY = re.compile(r"\[\^[^\]]+\]:|:[^\s:][^:]*:(\s|$)")  # footnotes and fields, with bodies as deep as one likes
_PAGE_PARSER = re.compile(r"^[^\S\n]*+(commonmark_only|gfm_only|enable_extensions)\s*:", re.MULTILINE)

_RST_MARKING = re.compile(rf"^(?P<indent>\s*)\.\. {_NAME} ?::(\s.*)?$", re.IGNORECASE)
_RST_NEARLY = re.compile(rf"^\s*\.\.?\s*{_NAME}\s*:{{1,2}}", re.IGNORECASE)
_RST_ROLE = re.compile(rf"(?<![\w:`]):{_NAME}:`", re.IGNORECASE)
_RST_LITERAL = re.compile(r"``.*?``(?!`)")
_RST_ADORNMENT = re.compile(r"([^\w\s])\1*\s*$")
_RST_NO_PARAGRAPH = re.compile(r"\.\.(\s|$)|__\s|[|+]|:[^\s:][^:]*:(\s|$)|--?\w")
_RST_LIST_MARKER = re.compile(r"(?:[-+*\u2022\u2023\u2043]|\(?(?:\w|#|\d+|[ivxlcIVXLC]+)[.)])\s+")
_RST_CODE = re.compile(rf"^\s*\.\. (?:{'|'.join(sorted(CODE_DIRECTIVES - {'eval-rst'}))}) ?::", re.IGNORECASE)


@dataclass(frozen=True)
class MarkingFault:
    """One place: its 1-based line, what is wrong, and how to mend it."""

    line: int
    message: str


def find_marking_faults(text: str, *, markdown: bool) -> tuple[MarkingFault, ...]:
    """Return the faults of a page's source text, in order; of very many, the first ones: one is enough to hide it."""
    if not any(name in text.casefold() for name in (*MARKING_DIRECTIVES, "internal-columns")):
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    faults = _markdown_faults(lines) if markdown else _rst_faults(lines)
    return tuple(sorted(islice(faults, MOST_FAULTS), key=lambda fault: fault.line))


# --- Markdown


@dataclass
class _Open:
    """A fence that is open: its marks, the line, and whether it marks an audience or holds code."""

    char: str
    length: int
    line: int
    name: str
    code: bool
    quotes: int = 0  # the marks `>` before it
    margin: int = 0  # the indent of the list item that it stands in

    @property
    def marking(self) -> bool:
        return self.name in MARKING_DIRECTIVES

    def is_closed_by(self, marks: str, info: str) -> bool:
        return marks[0] == self.char and len(marks) >= self.length and not info.strip()

    def is_ended_by(self, line: str) -> bool:
        """Say whether a line stands outside the quote or list item that the fence stands in, and so ends the fence."""
        if not line.strip():
            return False
        return _quotes(line) < self.quotes or (not self.quotes and _width(line) < self.margin)


def _markdown_faults(lines: Sequence[str]) -> Iterator[MarkingFault]:
    yield from _front_matter_faults(lines)
    stack: list[_Open] = []
    fences = [_FENCE.match(line) for line in lines]
    uses_markings = any(match and _MARKING_INFO.match(match["info"]) for match in fences)
    for number, (line, match) in enumerate(zip(lines, fences, strict=True), start=1):
        if stack:
            yield from _ended_from_outside(stack, number, line)
        if match is None:
            if "{" in line and _NEARLY_FENCE.match(line) and not any(fence.code for fence in stack):
                yield MarkingFault(
                    number, "this marks nothing; write it as `:::{internal-only}`, with three colons or more"
                )
            continue
        marks, info = match["marks"], match["info"]
        # Any open fence may be closed here, the outermost first: that is how a fence is closed too early.
        closed = next((index for index, fence in enumerate(stack) if fence.is_closed_by(marks, info)), None)
        if closed is not None:
            yield from _closing_faults(stack, closed, number, lines)
            del stack[closed:]
            continue
        if stack and stack[-1].code:
            continue
        yield from _opening_faults(number, marks, info, stack, uses_markings)
        directive = _DIRECTIVE.match(info)
        name = directive["name"].casefold().removeprefix("postmortem:") if directive else ""
        is_code = name in CODE_DIRECTIVES or (not directive and marks[0] != ":")
        stack.append(_Open(marks[0], len(marks), number, name, is_code))
        yield from _directive_faults(stack[-1], match["indent"], lines)
    for fence in stack:
        if fence.marking:
            yield MarkingFault(fence.line, "this block is never closed; end it with as many marks as it begins with")


def _opening_faults(
    number: int, marks: str, info: str, stack: Sequence[_Open], uses_markings: bool
) -> Iterator[MarkingFault]:
    if _NEARLY_INFO.match(info) and not _MARKING_INFO.match(info):
        yield MarkingFault(
            number, f"`{marks}{info.strip()}` marks nothing; write `{marks}{{internal-only}}`, name in braces"
        )
    if not info.strip() and marks[0] == ":" and uses_markings and not stack:
        yield MarkingFault(number, "this fence closes nothing; a fence above was closed too early, mend their lengths")
    for fence in stack:
        if fence.marking and fence.char == marks[0] and len(marks) >= fence.length and info.strip():
            message = (
                f"a fence of {len(marks)} marks within the block of line {fence.line}, which has {fence.length}: "
                "its end ends that block too; give the outer fence more marks than the inner"
            )
            yield MarkingFault(number, message)


def _ended_from_outside(stack: list[_Open], number: int, line: str) -> Iterator[MarkingFault]:
    """Take off the stack what a line ends without closing it."""
    ended = next((index for index, fence in enumerate(stack) if fence.marking and fence.is_ended_by(line)), None)
    if ended is not None:
        message = f"this line ends the block of line {stack[ended].line}: it is outside that block's list item or quote"
        yield MarkingFault(number, f"{message}; indent it as the block, or close the block above")
        del stack[ended:]


def _closing_faults(stack: Sequence[_Open], closed: int, number: int, lines: Sequence[str]) -> Iterator[MarkingFault]:
    first = stack[closed].line
    if stack[closed].marking and len(stack) > closed + 1:
        yield MarkingFault(
            number, f"this ends the block of line {first} while a fence within it is open; give that block more marks"
        )
    if stack[closed].name == "eval-rst":
        for fault in _rst_faults(lines[first : number - 1]):
            yield MarkingFault(first + fault.line, fault.message)


def _directive_faults(fence: _Open, prefix: str, lines: Sequence[str]) -> Iterator[MarkingFault]:
    if fence.marking:
        yield from _place_faults(fence, prefix, lines)
    elif fence.name and fence.name not in DIRECTIVE_NAMES:
        yield from _foreign_option_faults(fence.name, fence.line, lines)


def _place_faults(fence: _Open, prefix: str, lines: Sequence[str]) -> Iterator[MarkingFault]:
    """Note the quote or list item that a marking stands in, and yield why Markdown would read it as code or as text."""
    fence.quotes = prefix.count(">")
    odd = next((char for char in prefix if char.isspace() and char not in " \t"), "")
    if odd:
        yield MarkingFault(
            fence.line, f"the character U+{ord(odd):04X} before the fence makes it plain text; write spaces"
        )
    if fence.quotes:
        return
    if prefix.strip():
        fence.margin = len(prefix.expandtabs(4))
        return
    spaces = len(prefix.expandtabs(4))
    fence.margin = _margin_above(lines, fence.line - 1, spaces)
    if spaces - fence.margin >= 4:
        message = f"this is indented by {spaces - fence.margin} spaces, so it is a sample of code and marks nothing"
        yield MarkingFault(fence.line, f"{message}; indent it by less than 4 beyond the text that it belongs to")


def _margin_above(lines: Sequence[str], index: int, spaces: int) -> int:
    """Return the indent of the text that a line with ``spaces`` before it belongs to."""
    limit = spaces
    for line in reversed(lines[:index] if spaces else ()):
        indent = _width(line)
        if not line.strip() or indent >= limit:
            continue
        margin = _content_indent(line, spaces)
        if margin <= spaces:
            return margin
        limit = indent
    return 0


def _content_indent(line: str, spaces: int) -> int:
    """Return where the text of a list item begins; of a footnote or field, ``spaces``; else the line's indent."""
    text = line.expandtabs(4)
    position = _width(line)
    if _DEEP_BODY.match(text, position):
        return spaces
    while match := _LIST_MARKER.match(text, position):
        gap = len(match[1])
        if gap == 0 or gap > 4:  # an empty item, or code that begins within it
            return match.start(1) + 1
        position = match.end()
    return position


def _foreign_option_faults(name: str, number: int, lines: Sequence[str]) -> Iterator[MarkingFault]:
    """Find our options on a directive that is not ours: it shows its body whatever they say."""
    yaml = number < len(lines) and _YAML_RULE.match(lines[number]) is not None
    for index in range(number + yaml, len(lines)):
        line = lines[index]
        match = (_FOREIGN_YAML if yaml else _FOREIGN_OPTION).match(line)
        if match:
            message = f"`{match['name']}` has no effect on `{{{name}}}`"
            yield MarkingFault(index + 1, f"{message}; put the directive into an `{{audience}}` block instead")
        if (_YAML_RULE.match(line) if yaml else not _OPTION.match(line)) or _FENCE.match(line):
            return


def _quotes(line: str) -> int:
    return line[: len(line) - len(line.lstrip(" \t>"))].count(">")


def _width(line: str) -> int:
    text = line.expandtabs(4)
    return len(text) - len(text.lstrip(" "))


def _front_matter_faults(lines: Sequence[str]) -> Iterator[MarkingFault]:
    if not lines or lines[0].strip() != "---":
        return
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.strip() in ("---", "...")), 0)
    head = "\n".join(lines[1:end])
    match = _PAGE_PARSER.search(head)
    if match and not (match[1] == "enable_extensions" and "colon_fence" in head):
        line = head.count("\n", 0, match.start(1)) + 2
        yield MarkingFault(line, f"`{match[1]}` on this page turns off the syntax of its markings; take it out")


# --- reStructuredText


def _rst_faults(lines: Sequence[str]) -> Iterator[MarkingFault]:
    literal_indent: int | None = None
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if literal_indent is not None and indent > literal_indent:
            continue
        literal_indent = None
        if _RST_ROLE.search(_RST_LITERAL.sub("", line)):
            yield MarkingFault(index + 1, "words within a line cannot be marked; mark a block, a row or a column")
        if _RST_MARKING.match(line):
            if index and _is_paragraph_at(lines[index - 1], indent):
                message = "without a blank line above, this belongs to the paragraph before and marks nothing"
                yield MarkingFault(index + 1, f"{message}; put a blank line above")
            yield from _rst_block_faults(lines, index, indent)
        elif _RST_NEARLY.match(line):
            yield MarkingFault(index + 1, "this marks nothing; write `.. internal-only::`, with a space and two colons")
        elif _RST_CODE.match(line) or (line.rstrip().endswith("::") and not line.lstrip().startswith("..")):
            literal_indent = indent


def _is_paragraph_at(line: str, indent: int) -> bool:
    """Say whether a line is a paragraph's text that begins at ``indent``, so that the next line continues it."""
    position = len(line) - len(line.lstrip())
    while position < indent and (match := _RST_LIST_MARKER.match(line, position)):
        position = match.end()
    text = line[position:]
    return position == indent and bool(text) and not (_RST_ADORNMENT.match(text) or _RST_NO_PARAGRAPH.match(text))


def _rst_block_faults(lines: Sequence[str], index: int, indent: int) -> Iterator[MarkingFault]:
    body_seen = False
    previous_blank = False
    for number in range(index + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            previous_blank = True
            continue
        if len(line) - len(line.lstrip()) > indent:
            body_seen = True
            previous_blank = False
            continue
        if body_seen and not previous_blank:
            yield MarkingFault(
                number + 1,
                "this line is not indented, so it is outside the marked block; indent it, or put a blank line above",
            )
        break
    if not body_seen:
        yield MarkingFault(index + 1, "the marked block is empty; indent its text by three spaces")
