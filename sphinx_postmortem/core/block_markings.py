"""Faults in the marking of blocks that would show hidden text: found in the source, before anything is parsed.

A fence that is closed too early, a missing indent or a slip in the opening line make Markdown and reStructuredText
read hidden text as text for all, without any error. This reader knows just enough of both to find such places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARKING_DIRECTIVES = ("audience", "internal-only")

_NAME = r"(?:postmortem:)?(?:audience|internal-only)"
_FENCE = re.compile(r"^(?P<indent>[\s>]*(?:(?:[-+*]|\d+[.)])\s+)?)(?P<marks>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_DIRECTIVE = re.compile(r"\s*\{(?P<name>[^\s{}]+)\}(?P<rest>.*)$")
_MARKING_INFO = re.compile(rf"\s*\{{{_NAME}\}}(\s.*)?$", re.IGNORECASE)
_NEARLY_INFO = re.compile(rf"\s*\{{*\s*{_NAME}\b", re.IGNORECASE)
_NEARLY_FENCE = re.compile(rf"^[\s>]*[:`~]{{0,2}}\s*\{{+\s*{_NAME}\s*\}}+(?!`)", re.IGNORECASE)
_CODE_DIRECTIVES = frozenset(
    ["code", "code-block", "code-cell", "sourcecode", "highlight", "literalinclude", "raw", "math", "mermaid"]
    + ["graphviz", "digraph", "graph", "parsed-literal", "prompt", "eval-rst", "doctest", "testcode", "productionlist"]
)
_PAGE_PARSER = re.compile(r"^\s*(commonmark_only|gfm_only|enable_extensions)\s*:", re.MULTILINE)

_RST_MARKING = re.compile(rf"^(?P<indent>\s*)\.\. {_NAME} ?::(\s.*)?$", re.IGNORECASE)
_RST_NEARLY = re.compile(rf"^\s*\.\.?\s*{_NAME}\s*:{{1,2}}", re.IGNORECASE)
_RST_CODE = re.compile(rf"^\s*\.\. (?:{'|'.join(sorted(_CODE_DIRECTIVES - {'eval-rst'}))}) ?::", re.IGNORECASE)


@dataclass(frozen=True)
class MarkingFault:
    """One place: its 1-based line, what is wrong, and how to mend it."""

    line: int
    message: str


def find_marking_faults(text: str, *, markdown: bool) -> tuple[MarkingFault, ...]:
    """Return the faults of a page's source text, in order."""
    if not any(name in text.casefold() for name in MARKING_DIRECTIVES):
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    faults = _markdown_faults(lines) if markdown else _rst_faults(lines)
    return tuple(sorted(faults, key=lambda fault: fault.line))


# --- Markdown


@dataclass
class _Open:
    """A fence that is open: its marks, the line, and whether it marks an audience or holds code."""

    char: str
    length: int
    line: int
    marking: bool
    code: bool

    def is_closed_by(self, marks: str, info: str) -> bool:
        return marks[0] == self.char and len(marks) >= self.length and not info.strip()


def _markdown_faults(lines: Sequence[str]) -> Iterator[MarkingFault]:
    yield from _front_matter_faults(lines)
    stack: list[_Open] = []
    uses_markings = any(_MARKING_INFO.match(m["info"]) for line in lines if (m := _FENCE.match(line)))
    for number, line in enumerate(lines, start=1):
        match = _FENCE.match(line)
        if match is None:
            if _NEARLY_FENCE.match(line) and not any(fence.code for fence in stack):
                yield MarkingFault(
                    number, "this marks nothing; write it as `:::{internal-only}`, with three colons or more"
                )
            continue
        marks, info = match["marks"], match["info"]
        # Any open fence may be closed here, the outermost first: that is how a fence is closed too early.
        closed = next((index for index, fence in enumerate(stack) if fence.is_closed_by(marks, info)), None)
        if closed is not None:
            if stack[closed].marking and len(stack) > closed + 1:
                first = stack[closed].line
                yield MarkingFault(
                    number,
                    f"this ends the block of line {first} while a fence within it is open; give that block more marks",
                )
            del stack[closed:]
            continue
        if stack and stack[-1].code:
            continue
        yield from _opening_faults(number, marks, info, stack, uses_markings)
        directive = _DIRECTIVE.match(info)
        name = directive["name"].casefold().removeprefix("postmortem:") if directive else ""
        is_code = name in _CODE_DIRECTIVES or (not directive and marks[0] != ":")
        stack.append(_Open(marks[0], len(marks), number, name in MARKING_DIRECTIVES, is_code))
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
        if _RST_MARKING.match(line):
            yield from _rst_block_faults(lines, index, indent)
        elif _RST_NEARLY.match(line):
            yield MarkingFault(index + 1, "this marks nothing; write `.. internal-only::`, with a space and two colons")
        elif _RST_CODE.match(line) or (line.rstrip().endswith("::") and not line.lstrip().startswith("..")):
            literal_indent = indent


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
