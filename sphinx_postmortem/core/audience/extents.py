"""Where a marked block ends, as its author meant it: a second opinion on what the parser has taken.

A parser ends a block at the first line that closes it: a fence of a block within, the end of a list item, a line
that is not indented. This reader counts fences within each other instead, and sees where an indented body stops
without a blank line. Where the two differ, text that was meant to be hidden stands outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.option_head import read_head

_FENCE = expression(r"^(?P<prefix>[\s>]*)(?P<marks>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_OPENING = expression(r"(?P<marks>(?<!`)`{3,}+|(?<!~)~{3,}+|(?<!:):{3,}+)\s*+(?P<info>\{.*)$")
_NOT_CODE = expression(r"\s*\{(?!(?:code|code-block|code-cell|sourcecode|literalinclude|raw|math|mermaid|eval-rst)\})")
_NO_TEXT = expression(r"[\s>]*(?:`{3,}|~{3,}|:{3,})\s*$|[\s|+=-]*$|\s*\.\.(?:\s|$)")  # fences, borders, the next markup
_OPTION = expression(r"\s*:[^:\s][^:]*:")
# A line between rules of YAML that begins with no key, or holds a directive.
_NOT_OPTION = expression(r"(?!\s|[\w-]+\s*:(?:\s|$)|[-#\]}])|.*(?::{2}|`{3}|~{3})\s*\{")
_RST_OPENING = expression(r"\.\. ")


@dataclass(frozen=True)
class Extent:
    """The 0-based index of a block's last line, and why it is broken if it is."""

    last: int
    broken: str = ""


def fenced_extent(lines: Sequence[str], start: int) -> Extent | None:
    """Return where the Markdown block that opens on the line with this index ends; None if no fence stands there."""
    opening = _OPENING.search(lines[start])
    if opening is None:
        return None
    stack = [(opening["marks"][0], len(opening["marks"]), False)]
    for index in range(start + 1, len(lines)):
        match = _FENCE.match(lines[index])
        if match is None:
            continue
        char, length, info = match["marks"][0], len(match["marks"]), match["info"].strip()
        mark, least, is_code = stack[-1]
        if not info and char == mark and length >= least:
            stack.pop()
            if not stack:
                return Extent(index)
        elif is_code:
            continue
        elif info:
            stack.append((char, length, not _NOT_CODE.match(match["info"]) and char != ":"))
        elif char != ":":
            stack.append((char, length, True))
    return Extent(len(lines) - 1, "this block is never closed; end it with as many marks as it begins with")


def indented_extent(lines: Sequence[str], start: int) -> Extent | None:
    """Return where the reStructuredText block that opens on this line ends; None if no directive stands there."""
    opened = lines[start].expandtabs(8)
    opening = _RST_OPENING.search(opened)
    if opening is None:
        return None
    margin = opening.start()
    last = start
    for index in range(start + 1, len(lines)):
        line = lines[index].expandtabs(8)
        if not line.strip(" |"):
            continue
        before = line[:margin].strip(" |>")
        indent = len(line) - len(line.lstrip(" ")) if margin == 0 else margin + _width(line[margin:])
        if before or indent <= margin:
            if index == last + 1 and last > start and not _NO_TEXT.match(line):
                message = "is not indented, so it is outside the marked block; indent it, or put a blank line above"
                return Extent(last, f"line {index + 1} {message}")
            break
        last = index
    return Extent(last)


def option_lines(block: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of the lines at a block's head that hold options, which directives have read.

    Args:
        block: the opening line, and what may be options: the line that closes a fence may stand among them.
    """
    head = read_head(dedent("\n".join(block[1:])).split("\n"))
    if head.is_yaml:
        for index, line in enumerate(block[1 : head.end + 1], start=1):
            if not line.strip():
                return
            if not _NOT_OPTION.match(line):
                yield index  # else a formatter has taken text for options, or a directive
        return
    is_within = False
    for index, line in enumerate(block[1:], start=1):
        is_within = bool(_OPTION.match(line)) or (is_within and line[:1].isspace())
        if not line.strip() or not is_within:
            return
        yield index


def _width(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
