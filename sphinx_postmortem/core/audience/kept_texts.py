"""The text of a directive that is not ours, without what the edition hides.

Another extension may keep the text of its directive and publish it: a need's text in ``needs.json``, a diagram's
source. What is cut here leaves no empty lines: their number would tell how long the hidden text is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.mentions import FOR_FIRST_EDITION, MARKING_DIRECTIVES
from sphinx_postmortem.core.audience.rows import gate_table, nearly_audience
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.option_head import read_head
from sphinx_postmortem.core.records.tables import column_key, parse_pipe_table, split_cells

_INFO = expression(r"\s*\{\s*(?P<name>[^\s{}]+)\s*\}\s*(?P<argument>.*)$")
_RST = expression(r"^(?P<lead>.*?)\.\.[ \t]+(?P<name>[\w:-]+?)[ ]?::(?:[ \t]+(?P<argument>.*))?$")
_OPTION = expression(r"^\s*:(?P<name>[^\s:][^:]*):(?:\s+(?P<value>.*))?$")
_MENTION = expression(r"internal-(?:only|columns)|review-record|\baudience\b\s*[}:=]|\{\s*audience\b", re.IGNORECASE)
_SAMPLES = frozenset(["code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "doctest", "testcode"])


class HiddenPartError(ValueError):
    """A text holds a marking that cannot be cut out of it; ``line`` counts from 0."""

    def __init__(self, line: int) -> None:
        super().__init__("a marking cannot be cut out of the text")
        self.line = line


@dataclass(frozen=True)
class Fence:
    """A fence of a Markdown text: its first line, the line after its last, what follows its marks, and its content."""

    start: int
    end: int
    info: str
    content: str


@dataclass(frozen=True)
class Cut:
    """A directive that is cut out: its first line, the line after its last, its name, and what replaces it."""

    start: int
    end: int
    name: str
    instead: tuple[str, ...]


ReadFences = Callable[[str], Iterable[Fence]]


def mentions_marking(text: str) -> bool:
    """Say whether a text has a word with which content is marked."""
    return _MENTION.search(text) is not None or any(True for _ in _pipe_heads(text.split("\n")))


def without_hidden(
    lines: Sequence[str], edition: Edition, notice: str, read_fences: ReadFences | None
) -> tuple[list[str], list[Cut]]:
    """Return the lines of a text without what the edition hides, and what was cut out, in order.

    A block's ``:summary:``, or the notice, replaces it.

    Args:
        lines: the text.
        edition: the edition being built.
        notice: the setting ``postmortem_redaction_notice``.
        read_fences: returns the fences of a Markdown text, as the page's parser reads them; None: reStructuredText.

    Raises:
        HiddenPartError: there is a marking that this cannot cut out, such as a row of a table.
    """
    reader = _Reader(edition, notice, read_fences)
    (reader.read_rst if read_fences is None else reader.read_markdown)(list(lines), 0)
    kept: list[str] = []
    position = 0
    for cut in reader.cuts:
        kept += [*_checked(lines, position, cut.start, reader.read, edition), *cut.instead]
        position = cut.end
    return [*kept, *_checked(lines, position, len(lines), reader.read, edition)], reader.cuts


def _checked(lines: Sequence[str], start: int, end: int, read: set[int], edition: Edition) -> Sequence[str]:
    part = lines[start:end]
    for index, line in enumerate(part, start):
        if index not in read and _MENTION.search(line):
            raise HiddenPartError(index)
    for head in _pipe_heads(part):
        if start + head not in read and _loses_rows(part, head, edition):
            raise HiddenPartError(start + head)
    return part


class _Reader:
    """Finds what to cut, and the lines whose markings have been read."""

    def __init__(self, edition: Edition, notice: str, read_fences: ReadFences | None) -> None:
        self.cuts: list[Cut] = []
        self.read: set[int] = set()
        self._edition = edition
        self._notice = notice
        self._read_fences = read_fences

    def read_markdown(self, lines: list[str], first: int) -> None:
        for fence in self._read_fences("\n".join(lines)) if self._read_fences else ():
            match = _INFO.match(fence.info)
            name = _bare(match["name"]) if match else ""
            content = fence.content.split("\n")
            start, end = first + fence.start, first + fence.end
            options = _options(content)
            if match and self._is_hidden(name, match["argument"], options):
                self._cut(name, start, end, options, _indent(lines[fence.start]))
            elif name in _SAMPLES or (match is None and _is_code(lines[fence.start])):
                self.read.update(range(start, end))
            elif name == "eval-rst":
                self.read_rst(content, start + 1)
            else:
                self._note(name, start, content)
                self.read_markdown(content, start + 1)

    def read_rst(self, lines: list[str], first: int) -> None:
        index = 0
        while index < len(lines):
            match = _RST.match(lines[index])
            if match is None:
                index += 1
                continue
            name, column = _bare(match["name"]), len(match["lead"])
            end = _end_of_block(lines, index, column)
            options = _options([line.strip() for line in lines[index + 1 : end]])
            if self._is_hidden(name, match["argument"] or "", options):
                self._cut(name, first + index, first + end, options, match["lead"])
                index = end
            elif name in _SAMPLES:
                self.read.update(range(first + index, first + end))
                index = end
            else:
                self._note(name, first + index, [line.strip() for line in lines[index + 1 : end]])
                index += 1

    def _is_hidden(self, name: str, argument: str, options: dict[str, str]) -> bool:
        if name not in DIRECTIVE_NAMES:
            return False
        markings = [options.get("audience", "")]
        if name == "internal-only" or (name in FOR_FIRST_EDITION and not options.get("audience", "").strip()):
            markings.append(self._edition.audiences.internal)
        elif name == "audience":
            markings.append(argument.strip() or self._edition.audiences.internal)
        return not all(map(self._edition.shows_known, markings))

    def _cut(self, name: str, start: int, end: int, options: dict[str, str], indent: str) -> None:
        text = (options.get("summary", "") or self._notice) if name in MARKING_DIRECTIVES else ""
        self.cuts.append(Cut(start, end, name, (indent + text,) if text else ()))

    def _note(self, name: str, start: int, content: Sequence[str]) -> None:
        """Note the lines of a directive's head: its markings have been read, and show it."""
        if name in DIRECTIVE_NAMES:
            self.read.add(start)
            rows = next((n for n, line in enumerate(content) if not (_OPTION.match(line) or not line.strip())), 0)
            self.read.update(
                start + 1 + n for n in range(rows) if not content[n].strip().startswith(":internal-columns")
            )


def _bare(name: str) -> str:
    return name.casefold().removeprefix("postmortem:")


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t>"))]


def _is_code(line: str) -> bool:
    """Say whether a fence that names no directive holds code: colons make a container."""
    return not line.lstrip(" \t>-+*.)0123456789").startswith(":")


def _end_of_block(lines: Sequence[str], start: int, column: int) -> int:
    """Return the line after a reStructuredText directive's last one that is not blank."""
    end = start + 1
    for index in range(start + 1, len(lines)):
        if lines[index].strip():
            if len(lines[index]) - len(lines[index].lstrip()) <= column:
                break
            end = index + 1
    return end


def _options(content: Sequence[str]) -> dict[str, str]:
    """Return the options at the head of a directive's content, in either form."""
    return {each.name.casefold(): each.taken.strip().strip("\"'") for each in read_head(content).given()}


def _pipe_heads(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines that may be the header of a pipe table with an Audience column."""
    for index, line in enumerate(lines):
        if "|" in line and any(nearly_audience(column_key(cell)) for cell in split_cells(line)):
            yield index


def _loses_rows(lines: Sequence[str], head: int, edition: Edition) -> bool:
    end = next((index for index in range(head, len(lines)) if "|" not in lines[index]), len(lines))
    table = parse_pipe_table(lines[head:end], list(range(head, end)))
    return len(gate_table(table, edition).rows) < len(table.rows)
