"""Sorts the text of a reStructuredText source into hidden and visible, by its indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sphinx_postmortem.core.audit.marks import (
    CODE_DIRECTIVES,
    TABLE_DIRECTIVES,
    Reference,
    Split,
    View,
    bare_name,
    directive_hides,
    first_values,
    split_pipe_table,
)
from sphinx_postmortem.core.expressions import expression

_MARKER = r"(?P<indent>\s*(?:(?:[-+*]|\d+[.)]|#\.)\s+)*)"
_DIRECTIVE = expression(
    rf"^{_MARKER}\.\.[ \t]+(?:\|[^|]*\|[ \t]+)?(?P<name>[\w:.+-]+?)[ \t]?::(?:[ \t]+(?P<argument>.*))?$"
)
_COMMENT = expression(rf"^{_MARKER}\.\.(?:[ \t]+(?![_\[|])(?P<text>.*))?$")
_OPTION = expression(r"^\s*:(?P<name>[^\s:][^:]*):(?:\s+(?P<value>.*))?$")
_FIELD = expression(r"^:(?:audience|aud\w{1,3}nc\w{0,3})\s*:(?P<value>.*)$", re.IGNORECASE)
_MARKED_WORDS = expression(r"(?<![\w:`]):(?:postmortem:)?(?:internal-only|audience):`[^`]", re.IGNORECASE)
_FILE_ROLE = expression(r":download:`(?:[^`<]*<)?(?P<target>[^`>]+)>?`")


@dataclass
class _Block:
    indent: int
    name: str
    hidden: bool
    code: bool
    columns: str = ""
    first: int = 0  # the indices of the line that opens it, and of the first of its body; where it begins to be hidden
    body_at: int = 0
    begins_hidden: bool = False
    stays: bool = False  # the block stays, without its text: something stands in its place
    body: list[tuple[int, str]] = field(default_factory=list)


def page_audience(lines: Sequence[str]) -> str | None:
    """Return what a field ``:audience:`` at the left margin says of the page; None when there is none."""
    return next((match["value"] for line in lines if (match := _FIELD.match(line))), None)


def split_rst(lines: Sequence[str], into: Split, view: View, *, first_line: int = 1, hidden: bool = False) -> Split:
    """Sort lines of reStructuredText that begin at ``first_line`` of the file."""
    reader = _Reader(lines, into, view, first_line, hidden)
    index = 0
    while index < len(lines):
        index = reader.read_line(index)
    reader.leave(-1, len(lines))
    return into


class _Reader:
    def __init__(self, lines: Sequence[str], into: Split, view: View, first: int, hidden: bool) -> None:
        self.lines, self.into, self.view, self.first = lines, into, view, first
        self.stack: list[_Block] = []
        self.hidden_outside = hidden

    @property
    def hidden(self) -> bool:
        return self.stack[-1].hidden if self.stack else self.hidden_outside

    @property
    def filtered(self) -> bool:
        return self.view.edition != self.view.audiences[0]

    def leave(self, indent: int, index: int) -> None:
        """Close the blocks that the line with this index, and this indent, is not in."""
        while self.stack and self.stack[-1].indent >= indent:
            block = self.stack.pop()
            if block.begins_hidden:
                self.delete(block, index)
            if block.body:
                split_pipe_table(block.body, block.columns, self.view, self.into)

    def delete(self, block: _Block, end: int) -> None:
        """Note what stands in place of a hidden block's lines, up to the one with the index ``end``."""
        instead = self.into.instead
        first = block.body_at if block.stays else block.first
        for index in range(first, end):
            instead[self.first + index] = ""
        if not block.stays:
            instead[self.first + block.first] = f"{self.lines[block.first][: block.indent]}.."
            return
        filled = (index for index in range(first, end) if self.lines[index].strip())
        if (body := next(filled, None)) is not None:
            line = self.lines[body]
            instead[self.first + body] = f"{line[: len(line) - len(line.lstrip())]}x"

    def read_line(self, index: int) -> int:
        """Sort one line, or a directive's opening with its options; return the index of the next."""
        line = self.lines[index]
        if not line.strip():
            return index + 1
        self.leave(len(line) - len(line.lstrip()), index)
        top = self.stack[-1] if self.stack else None
        if top and top.name in TABLE_DIRECTIVES and not top.hidden:
            top.body.append((self.first + index, line))
            return index + 1
        if not (top and top.code):
            if match := _DIRECTIVE.match(line):
                return self.open(index, match)
            if (match := _COMMENT.match(line)) and not (match["text"] or "").startswith("__"):
                comment = _Block(len(match["indent"]), "", self.hidden or self.filtered, code=True, first=index)
                comment.begins_hidden = self.filtered and not self.hidden
                self.stack.append(comment)
        marked = not (top and top.code) and _MARKED_WORDS.search(line) is not None
        self.into.add(self.first + index, line, hidden=self.hidden or (marked and self.filtered))
        if marked and self.filtered and not self.hidden:
            self.into.instead[self.first + index] = ""
        for found in _FILE_ROLE.finditer(line):
            self.into.references.append(Reference(found["target"], self.hidden, "file", self.first + index))
        if not (top and top.code) and line.rstrip().endswith("::") and not line.lstrip().startswith(".."):
            self.stack.append(_Block(len(line) - len(line.lstrip()), "", self.hidden, code=True))
        return index + 1

    def open(self, index: int, match: re.Match[str]) -> int:
        name, argument = bare_name(match["name"]), (match["argument"] or "").strip()
        outer, indent = self.hidden, len(match["indent"])
        options, following = self.read_options(index + 1, indent)
        values = first_values(options)
        hidden = outer or directive_hides(name, argument, values, self.view)
        if name not in ("audience", "internal-only"):
            self.into.add(self.first + index, argument, hidden=hidden)
        for key, value, number in options:
            if key not in ("audience", "internal-columns"):
                self.into.add(number, value, hidden=outer or (hidden and key != "summary"))
        if name == "incident-summary" and not hidden:
            self.into.note_summary(values, (outer.name for outer in self.stack))
        kinds = {"include": "include", "literalinclude": "literal", "image": "file", "figure": "file"}
        columns = values.get("internal-columns", "")
        if name in kinds and argument:
            self.into.references.append(Reference(argument, hidden, kinds[name], self.first + index))
        if name == "autosummary" and "toctree" in values:
            self.into.references.append(Reference(values["toctree"].strip() or ".", hidden, "generated", index))
        if name in ("raw", "csv-table") and values.get("file", "").strip():
            self.into.references.append(Reference(values["file"].strip(), hidden, "literal", self.first + index))
        if name in TABLE_DIRECTIVES and values.get("file", "").strip():
            reference = Reference(values["file"].strip(), hidden, "table", self.first + index, columns)
            self.into.references.append(reference)
        block = _Block(indent, name, hidden, name in CODE_DIRECTIVES, columns, index, following)
        block.begins_hidden = hidden and not outer
        block.stays = self.view.leaves_notice or bool(values.get("summary", "").strip())
        if columns and name in TABLE_DIRECTIVES and not hidden and self.filtered:
            # The option goes with its columns.
            self.into.instead.update({number: None for key, _, number in options if key == "internal-columns"})
        self.stack.append(block)
        return following

    def read_options(self, index: int, indent: int) -> tuple[list[tuple[str, str, int]], int]:
        """Return the options (name, value, line) that stand at ``index``, and the index after them."""
        found: list[tuple[str, str, int]] = []
        deep = -1
        while index < len(self.lines) and self.lines[index].strip():
            line = self.lines[index]
            here = len(line) - len(line.lstrip())
            if here <= indent:
                break
            match = _OPTION.match(line)
            if match and (deep < 0 or here <= deep):
                found.append((match["name"].strip().casefold(), match["value"] or "", self.first + index))
                deep = here
            elif found and here > deep:
                found.append((found[-1][0] + " ", line, self.first + index))
            else:
                break
            index += 1
        return [(key.strip(), value, number) for key, value, number in found], index
