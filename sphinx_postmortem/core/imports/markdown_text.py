"""Writes what was read of Markdown as Markdown of ours: each construct by its own rule, text escaped.

What this writer does not write cannot stand in a page: no directive, role, comment, target, substitution or HTML. Links
are absolute; what points beside the document, and images, are written as text with their path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import Text
from sphinx_postmortem.core.reader.foreign_markdown import Block, Span, plain_text, read_foreign

# Languages whose highlighting warns of nothing; code in others is shown without.
_LANGUAGE = expression(r"[\w+#.-]{0,40}")
_LANGUAGES = frozenset(["text", "console", "bash", "sh", "shell", "diff"])
_LOWEST_HEADING = 6
HIDDEN = "{internal-only}"
_FENCE = expression(r"^[ \t]*(:{4,})", re.MULTILINE)
_BEGINS_A_BLOCK = expression(r"^([#%:+=~(\->]|\d{1,9}(?=[.)]))")


def inline(spans: Sequence[Span], *, in_cell: bool = False) -> str:
    """Return spans as Markdown in one line.

    Args:
        spans: what to write.
        in_cell: whether it stands in a table, where a pipe in code is escaped, too.
    """
    written = "".join(_span(span, in_cell=in_cell) for span in _joined(spans))
    return _protected(" ".join(written.split()))


def as_line(text: Text, *, in_cell: bool = False) -> str:
    """Return a text as Markdown in one line; blocks follow each other."""
    if not text.is_markdown:
        return escape.one_line(text.written)
    blocks = read_foreign(escape.visible(text.written))
    return _protected(" ".join(filter(None, (_flat(block, in_cell) for block in blocks))))


def as_blocks(text: Text) -> list[str]:
    """Return a text as lines of Markdown; its headings, if it has any, are made bold paragraphs."""
    if text.is_markdown:
        return write_blocks(read_foreign(escape.visible(text.written)))
    paragraphs = [part for part in re.split(r"\n\s*\n", escape.visible(text.written)) if part.strip()]
    lines: list[str] = []
    for part in paragraphs:
        lines += (
            ["", *escape.plain(part.strip("\n")).split("\n")] if lines else escape.plain(part.strip("\n")).split("\n")
        )
    return lines


def as_source(blocks: Sequence[Block], level: int = 2) -> Text:
    """Return blocks as a text that stands alone, which ``as_blocks`` writes as the blocks themselves."""
    return Text("\n".join(write_blocks([_kept_comment(block) for block in blocks], level)), is_markdown=True)


def _kept_comment(block: Block) -> Block:
    if block.kind == "comment":
        return replace(block, kind="kept", text=f"<!-- {block.text.replace('--', '- -')} -->")
    return replace(block, blocks=tuple(map(_kept_comment, block.blocks)))


def write_blocks(blocks: Sequence[Block], level: int = 0) -> list[str]:
    """Return blocks as lines of Markdown, with a blank line between two.

    Args:
        blocks: what to write.
        level: the level of the highest heading; the others follow without a gap. 0 makes headings bold paragraphs.
    """
    lines: list[str] = []
    levels = _levels([block.level for block in blocks if block.kind == "heading"], level)
    other_marks = False
    previous: Block | None = None
    for block in blocks:
        # Two lists in a row would be one, were their marks the same.
        follows = previous is not None and previous.kind == block.kind == "list"
        other_marks = follows and not other_marks
        written = list(_block(block, next(levels) if block.kind == "heading" else 0, other_marks=other_marks))
        if written:
            lines += [*([""] if lines else []), *written]
            previous = block
    return lines


def _levels(found: Sequence[int], highest: int) -> Iterator[int]:
    """Yield the levels of headings, so that none is more than one below that before it."""
    stack: list[int] = []
    for level in found:
        while stack and stack[-1] >= level:
            stack.pop()
        stack.append(level)
        yield min(highest + len(stack) - 1, _LOWEST_HEADING) if highest else 0


def _block(block: Block, level: int, *, other_marks: bool) -> Iterator[str]:
    if block.kind == "heading":
        text = inline(block.spans)
        if text:
            yield f"{'#' * level} {text}" if level else f"**{text}**" if "*" not in text else text
    elif block.kind in ("paragraph", "html"):
        yield from filter(None, (inline(line) for line in block.lines))
    elif block.kind == "code":
        if not _LANGUAGE.fullmatch(block.info):  # it says more than a language: an include, a title
            yield from (_code_span(block.info, in_cell=False), "")
        yield from code(block.text, block.info)
    elif block.kind == "comment":
        yield from comment(block.text)
    elif block.kind == "kept":
        yield from block.text.split("\n")
    elif block.kind == "list":
        yield from _list(block, other_marks=other_marks)
    elif block.kind == "table":
        yield from table([inline(cell, in_cell=True) for cell in block.header], _rows(block))
    else:
        yield from (f"> {line}".rstrip() for line in write_blocks(block.blocks))


def _rows(block: Block) -> list[list[str]]:
    return [[inline(cell, in_cell=True) for cell in row.cells] for row in block.rows]


def _list(block: Block, *, other_marks: bool) -> Iterator[str]:
    bullet, point = ("*", ")") if other_marks else ("-", ".")
    for number, item in enumerate(block.blocks, start=1 if block.start is None else block.start):
        mark = f"{bullet} " if block.start is None else f"{min(number, 999_999_999)}{point} "
        lines = write_blocks(item.blocks) or [""]
        if lines[0].startswith("```"):  # a fence beside a mark is overlooked by tools that look at lines
            lines.insert(0, "")
        for index, line in enumerate(lines):
            yield f"{mark if index == 0 else ' ' * len(mark)}{line}".rstrip()


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a pipe table; cells are Markdown with escaped pipes."""
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") for cells in lines]


def boxed(opening: str, lines: Iterable[str]) -> list[str]:
    """Return lines within a directive, whose fence is longer than any in them: one in code would end it."""
    body = list(lines)
    longest = max((len(run) for run in _FENCE.findall("\n".join(body))), default=3)
    fence = ":" * (longest + 1)
    return [f"{fence}{opening}", *body, fence]


def code(text: str, info: str = "") -> list[str]:
    """Return a block of code, in a fence that the code cannot close."""
    longest = max((len(match[0]) for match in re.finditer(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    first = info.casefold().split(maxsplit=1)[:1]
    language = first[0] if first and first[0] in _LANGUAGES else ""
    return [f"{fence}{language}", *escape.visible(text).split("\n"), fence]


def comment(text: str) -> list[str]:
    """Return a comment, which readers do not see."""
    return [f"% {line.strip()}".rstrip() for line in escape.visible(text).split("\n")]


def _flat(block: Block, in_cell: bool) -> str:
    """Return a block in one line."""
    if block.kind == "code":
        return _code_span(" ".join(block.text.split()), in_cell=in_cell)
    if block.kind == "table":
        cells = [cell for row in [block.header, *(row.cells for row in block.rows)] for cell in row]
        return ", ".join(filter(None, (inline(cell, in_cell=in_cell) for cell in cells)))
    if block.kind == "comment":
        return ""
    if block.blocks:
        return " ".join(filter(None, (_flat(inner, in_cell) for inner in block.blocks)))
    return " ".join(_span(span, in_cell=in_cell) for span in [Span("", spans=block.spans)]).strip()


def _protected(line: str) -> str:
    """Escape what would begin a block at the start of a line."""
    return _BEGINS_A_BLOCK.sub(lambda match: _escaped_start(match[1]), line)


def _escaped_start(start: str) -> str:
    return f"{start}\\" if start[0].isdigit() else f"\\{start}"


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Join texts that stand side by side, so that no markup arises where they meet."""
    found: list[Span] = []
    for span in spans:
        if found and span.kind == found[-1].kind == "text":
            found[-1] = Span("text", found[-1].text + span.text)
        else:
            found.append(span)
    return found


def _span(span: Span, *, in_cell: bool) -> str:
    if span.kind == "text":
        return escape.within_line(span.text)
    if span.kind == "code":
        return _code_span(span.text, in_cell=in_cell)
    if span.kind == "break":
        return " "
    if span.kind == "image":
        label = span.text or span.address.rsplit("/", 1)[-1] or "image"
        return escape.link(label, span.address)
    inner = "".join(_span(each, in_cell=in_cell) for each in _joined(span.spans))
    if span.kind == "link":
        return escape.link_of(inner, plain_text(span.spans), span.address)
    if span.kind == "note":
        return f" (note: {inner.strip()})"
    mark = {"emphasis": "*", "strong": "**", "strike": r"\~\~"}.get(span.kind, "")
    return _marked(inner, mark)


def _marked(inner: str, mark: str) -> str:
    """Put marks round a text, within the spaces round it; none where they would not be read as marks."""
    bare = inner.strip()
    if not bare or not mark:
        return inner
    if mark != r"\~\~" and (bare.startswith("*") or bare.endswith("*") or not re.match(r"[\w`\[\"'(]", bare)):
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    after = inner[len(inner.rstrip()) :]
    return f"{before}{mark}{bare}{mark}{after}"


def _code_span(text: str, *, in_cell: bool) -> str:
    bare = " ".join(escape.visible(text).split())
    if not bare:
        return ""
    longest = max((len(match[0]) for match in re.finditer(r"`+", bare)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if bare.startswith("`") or bare.endswith("`") else ""
    written = bare.replace("|", "\\|") if in_cell else bare
    return f"{fence}{padding}{written}{padding}{fence}"
