"""Sorts the text of a Markdown source into hidden and visible, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    margin_of,
    split_pipe_table,
)
from sphinx_postmortem.core.audit.rst_source import split_rst
from sphinx_postmortem.core.expressions import expression

_FENCE = expression(r"^[\s>]*(?:(?:[-+*]|\d+[.)]|:)\s+)*(?P<marks>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_DIRECTIVE = expression(r"\s*\{(?P<name>[^\s{}]+)\}(?P<argument>.*)$")
_OPTION = expression(r"^[\s>]*:(?P<name>[^\s:][^:]*):(?:\s+(?P<value>.*))?$")
_YAML_OPTION = expression(r"^[\s>]*(?P<name>[\w-]+)\s*:(?:\s+(?P<value>.*))?$")
_AUDIENCE_KEY = expression(
    r"""[\s{,?&!-]*["']?(?:audience|aud\w{1,3}nc\w{0,3})["']?\s*:(?P<value>.*)$""", re.IGNORECASE
)
_LINK = expression(r"\]\(<?(?P<target>[^)\s>]++)|^\s*+\[[^\]^]++\]:\s*+<?(?P<defined>[^\s>]++)")
_FILE_ROLE = expression(r"\{download\}`(?:[^`<]*<)?(?P<target>[^`>]+)>?`")


@dataclass
class _Fence:
    marks: str
    name: str
    hidden: bool
    code: bool
    columns: str = ""
    first: int = 0  # the indices of the line that opens it, and of the first of its body; where it begins to be hidden
    body_at: int = 0
    begins_hidden: bool = False
    stays: bool = False  # the block stays, without its text: something stands in its place
    body: list[tuple[int, str]] = field(default_factory=list)

    def takes_raw(self) -> bool:
        return self.name == "eval-rst" or (self.name in TABLE_DIRECTIVES and not self.hidden)


def page_audience(lines: Sequence[str]) -> str | None:
    """Return what the front matter says of the page's audience; None when it says nothing."""
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines) or not re.match(r"\s*-{3,}\s*$", lines[start]):
        return None
    for line in lines[start + 1 :]:
        if re.match(r"(-{3,}|\.\.\.)\s*$", line):
            return None
        if match := _AUDIENCE_KEY.match(line):
            return match["value"]
        if re.match(r"""\s*\?\s*["']?audience["']?\s*$""", line, re.IGNORECASE):
            return ""  # YAML's long form, whose value follows: whatever it is, the page counts as hidden
    return None


def split_markdown(text: str, file: str, view: View) -> Split:
    """Sort a source's text.

    A closing fence ends the innermost block with as many marks, else the innermost that it can end: that is what
    the author meant, even where Markdown reads it otherwise.
    """
    return _Reader(text.splitlines(), Split(file), view).read()


class _Reader:
    def __init__(self, lines: Sequence[str], into: Split, view: View) -> None:
        self.lines, self.into, self.view = lines, into, view
        self.stack: list[_Fence] = []
        self.by_marks: dict[str, list[int]] = {}  # where the stack has a fence of just these marks
        self.shortest: dict[str, list[int]] = {}  # by sign: the fewest marks up to each of its fences on the stack
        self.in_comment = False

    def read(self) -> Split:
        index = 0
        while index < len(self.lines):
            index = self.read_line(index)
        if self.stack:
            self.close(0, len(self.lines))
        return self.into

    def read_line(self, index: int) -> int:
        """Sort one line, or a directive's opening with its options; return the index of the next."""
        line = self.lines[index]
        top = self.stack[-1] if self.stack else None
        match = None if self.in_comment or not _may_be_fence(line) else _FENCE.match(line)
        if match:
            closing = self.closed_by(match["marks"], match["info"])
            if closing is not None:
                self.close(closing, index)
                return index + 1
            if not (top and (top.code or top.takes_raw())):
                return self.open(index, match["marks"], match["info"])
        if top and top.takes_raw():
            top.body.append((index + 1, line))
        else:
            self.sort_text(index, line)
        return index + 1

    def closed_by(self, marks: str, info: str) -> int | None:
        """Return the place on the stack of the block that a line closes; None when it closes none."""
        if info.strip() or not self.stack:
            return None
        last = len(self.stack) - 1
        if self.stack[last].code:
            return last if marks.startswith(self.stack[last].marks) else None
        if same := self.by_marks.get(marks):
            return same[-1]
        shortest = self.shortest.get(marks[0])
        if not shortest or shortest[-1] > len(marks):
            return None  # without a search: a page may open many blocks and close none
        return next(index for index in range(last, -1, -1) if marks.startswith(self.stack[index].marks))

    def push(self, fence: _Fence) -> None:
        """Note that a block begins."""
        self.by_marks.setdefault(fence.marks, []).append(len(self.stack))
        shortest = self.shortest.setdefault(fence.marks[0], [])
        shortest.append(min(len(fence.marks), *shortest[-1:]) if shortest else len(fence.marks))
        self.stack.append(fence)

    def close(self, index: int, line: int) -> None:
        """End the blocks from this place of the stack on, the outermost of them by the line with this index."""
        for fence in reversed(self.stack[index:]):
            if fence.begins_hidden:
                self.delete(fence, line + (fence is self.stack[index]))
            self.by_marks[fence.marks].pop()
            self.shortest[fence.marks[0]].pop()
            if fence.name == "eval-rst":
                self.close_rst(fence)
            elif fence.body:
                split_pipe_table(fence.body, fence.columns, self.view, self.into)
        del self.stack[index:]

    def delete(self, fence: _Fence, end: int) -> None:
        """Note what stands in place of a hidden block's lines, up to the one with the index ``end``."""
        instead = self.into.instead
        closing = end - 1 if end <= len(self.lines) and _FENCE.match(self.lines[end - 1]) else end
        opening = self.lines[fence.first]
        before = opening[: opening.index(fence.marks)]
        if fence.stays:
            within = re.sub(r"[^\s>]", " ", before)  # the block may begin beside a list item's marker
            for index in range(fence.body_at, min(closing, len(self.lines))):
                instead[index + 1] = f"{within}x" if index == fence.body_at else within.rstrip()
            return
        for index in range(fence.first, min(end, len(self.lines))):
            instead[index + 1] = margin_of(self.lines[index]).rstrip()
        instead[fence.first + 1] = f"{before}%"

    def close_rst(self, fence: _Fence) -> None:
        first = fence.body[0][0] if fence.body else 1
        split_rst([line for _, line in fence.body], self.into, self.view, first_line=first, hidden=fence.hidden)

    def open(self, index: int, marks: str, info: str) -> int:
        directive = _DIRECTIVE.match(info)
        outer = bool(self.stack) and self.stack[-1].hidden
        if not directive:
            self.push(_Fence(marks, "", outer, marks[0] != ":", first=index))
            self.into.add(index + 1, info, hidden=outer)
            return index + 1
        name, argument = bare_name(directive["name"]), directive["argument"].strip()
        options, following = self.read_options(index + 1)
        values = first_values(options)
        hidden = outer or directive_hides(name, argument, values, self.view)
        if name not in ("audience", "internal-only"):
            self.into.add(index + 1, argument, hidden=hidden)
        for key, value, number in options:
            if key not in ("audience", "internal-columns"):
                self.into.add(number, value, hidden=outer or (hidden and key != "summary"))
        self.note_files(name, argument, values, hidden, index + 1)
        if name == "incident-summary" and not hidden and not self.lines[index].startswith(("    ", "\t")):
            self.into.note_summary(values, (outer.name for outer in self.stack))
        columns = values.get("internal-columns", "")
        fence = _Fence(marks, name, hidden, name in CODE_DIRECTIVES, columns, index, following)
        fence.begins_hidden = hidden and not outer
        fence.stays = self.view.leaves_notice or bool(values.get("summary", "").strip())
        if columns and name in TABLE_DIRECTIVES and not hidden and self.filtered:
            # The option goes with its columns.
            self.into.instead.update({number: None for key, _, number in options if key == "internal-columns"})
        self.push(fence)
        return following

    @property
    def filtered(self) -> bool:
        return self.view.edition != self.view.audiences[0]

    def read_options(self, index: int) -> tuple[list[tuple[str, str, int]], int]:
        """Return the options (name, value, line) that stand at ``index``, and the index after them."""
        found: list[tuple[str, str, int]] = []
        pattern, ends = _OPTION, False
        if index < len(self.lines) and re.fullmatch(r"[\s>]*-{3,}\s*", self.lines[index]):
            pattern, ends, index = _YAML_OPTION, True, index + 1
        while index < len(self.lines):
            line = self.lines[index]
            if ends and re.fullmatch(r"[\s>]*-{3,}\s*", line):
                return found, index + 1
            match = None if _FENCE.match(line) else pattern.match(line)
            if match:
                found.append((match["name"].strip().casefold(), match["value"] or "", index + 1))
            elif ends and found:
                found.append((found[-1][0] + " ", line, index + 1))
            else:
                break
            index += 1
        return [(key.strip(), value, number) for key, value, number in found], index

    def note_files(self, name: str, argument: str, options: dict[str, str], hidden: bool, line: int) -> None:
        kinds = {"include": "include", "literalinclude": "literal", "image": "file", "figure": "file"}
        if name in kinds and argument:
            self.into.references.append(Reference(argument, hidden, kinds[name], line))
        if name == "autosummary" and "toctree" in options:
            self.into.references.append(Reference(options["toctree"].strip() or ".", hidden, "generated", line))
        if name in ("raw", "csv-table") and options.get("file", "").strip():
            self.into.references.append(Reference(options["file"].strip(), hidden, "literal", line))
        if name in TABLE_DIRECTIVES and options.get("file", "").strip():
            columns = options.get("internal-columns", "")
            self.into.references.append(Reference(options["file"].strip(), hidden, "table", line, columns))

    def sort_text(self, index: int, line: str) -> None:
        """Sort a line of text; comments never reach a filtered edition, so they count as hidden there."""
        hidden = bool(self.stack) and self.stack[-1].hidden
        code = bool(self.stack) and self.stack[-1].code and self.stack[-1].name != "raw"
        for match in (*_LINK.finditer(line), *_FILE_ROLE.finditer(line)) if "]" in line or "`" in line else ():
            target = match.groupdict().get("target") or match.groupdict().get("defined") or ""
            self.into.references.append(Reference(target, hidden, "file", index + 1))
        if code or hidden or not self.filtered:
            self.into.add(index + 1, line, hidden=hidden)
            return
        if not self.in_comment and "%" in line and re.match(r"[\s>]*%", line):
            self.into.add(index + 1, line, hidden=True)
            self.into.instead[index + 1] = f"{margin_of(line)}%"
            return
        shown: list[str] = []
        had_comment = self.in_comment
        while line:
            before, found, line = line.partition("-->") if self.in_comment else _split_at_comment(line)
            self.into.add(index + 1, before, hidden=self.in_comment)
            shown += ["" if self.in_comment else before, found]
            had_comment = had_comment or bool(found)
            if found:
                self.in_comment = not self.in_comment
        if had_comment:
            self.into.instead[index + 1] = "".join(shown)


def _may_be_fence(line: str) -> bool:
    return ":::" in line or "```" in line or "~~~" in line


def _split_at_comment(line: str) -> tuple[str, str, str]:
    """Split a line at the first comment that does not stand in code."""
    spans = list(_code_spans(line)) if "`" in line else []
    start = 0
    while (found := line.find("<!--", start)) >= 0:
        after = next((end for begin, end in spans if begin < found < end), 0)
        if not after:
            return line[:found], "<!--", line[found + 4 :]
        start = after
    return line, "", ""


def _code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each span of code: a run of back-ticks ends at the next one that is as long."""
    runs = [(match.start(), match.end()) for match in re.finditer("`+", line)]
    last = {end - begin: index for index, (begin, end) in enumerate(runs)}
    index = 0
    while index < len(runs):
        begin, end = runs[index]
        if last[end - begin] > index:
            close = next(k for k in range(index + 1, len(runs)) if runs[k][1] - runs[k][0] == end - begin)
            yield begin, runs[close][1]
            index = close
        index += 1
