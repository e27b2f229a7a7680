"""Divides a document into its parts: by headings, and by the bold labels that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.template_sections import home_of
from sphinx_postmortem.core.reader.foreign_markdown import Block, Span, Spans, plain_text
from sphinx_postmortem.core.records.times_in_text import is_day, is_time, time_at_start

_LONGEST_LABEL = 60  # letters
_FENCE = expression(r" {0,3}(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})")


@dataclass(frozen=True)
class Part:
    """A heading, or a label, and what stands below it up to the next one. ``level`` is 0 where there is no heading."""

    title: Spans = ()
    level: int = 0
    line: int = 1
    blocks: tuple[Block, ...] = ()

    @property
    def plain(self) -> str:
        """The title without markup."""
        return plain_text(self.title)


def code_without_end(lines: Sequence[str]) -> list[str]:
    """Say where code begins that no fence ends, so that nothing below is read as the text that it may be."""
    fence, begin = "", 0
    for number, line in enumerate(lines, start=1):
        match = _FENCE.match(line)
        if match is None:
            continue
        if not fence:
            fence, begin = match["fence"], number
        elif match["fence"].startswith(fence) and not line[match.end() :].strip():
            fence = ""
    told = f"line {begin}: the code that begins here has no end, so that all below it is code; end it and import again"
    return [told] if fence else []


def divide(blocks: Sequence[Block]) -> list[Part]:
    """Return the parts of a document, in order; the first one holds what stands before the first heading."""
    parts = [Part()]
    inner: list[Block] = []

    def close() -> None:
        parts[-1] = replace(parts[-1], blocks=tuple(inner))
        inner.clear()

    level = 1
    for found in blocks:
        block = found if time_at_start(parts[-1].plain) else _as_list(found)
        label = _label(block)
        if block.kind == "heading":
            close()
            level = block.level
            parts.append(Part(block.spans, level, block.line))
        elif label is not None:
            close()
            parts.append(Part(label, level + 1, block.line))
            inner += _without_label(block)
        elif block.kind == "list" and _has_labels(block) and not _follows_time(inner, parts[-1]):
            for item in block.blocks:
                name = _label(item.blocks[0], known=False) if item.blocks else None
                if name is None:
                    _keep_item(inner, block, item)
                    continue
                close()
                parts.append(Part(name, level + 1, item.line))
                inner += [*_without_label(item.blocks[0]), *item.blocks[1:]]
        else:
            inner.append(block)
    close()
    return parts


def _as_list(block: Block) -> Block:
    """Return a paragraph each of whose lines begins with a label, as a list of these lines; others as they are."""
    lines = [replace(block, lines=(line,), line=block.line + at) for at, line in enumerate(block.lines)]
    is_list = len(lines) > 1 and all(_label(line, known=False) for line in lines) and any(map(_label, lines))
    if block.kind != "paragraph" or not is_list:
        return block
    items = tuple(Block("item", line.line, line.line, blocks=(line,)) for line in lines)
    return Block("list", block.line, block.end, blocks=items)


def _follows_time(above: Sequence[Block], part: Part) -> bool:
    """Say whether a list stands below a time: it tells that event, and its labels are no titles."""
    text = above[-1].plain if above and above[-1].kind == "paragraph" else "" if above else part.plain
    found = time_at_start(text)
    return found is not None and not found.is_weak and not is_day(found.text)


def _keep_item(inner: list[Block], block: Block, item: Block) -> None:
    """Keep an item without a label: those that follow each other stay one list."""
    above = inner[-1] if inner else None
    if above is not None and above.kind == "list" and above.blocks[-1] in block.blocks:
        inner[-1] = replace(above, blocks=(*above.blocks, item), end=item.end)
    else:
        inner.append(replace(block, blocks=(item,), line=item.line, end=item.end))


def with_inner(parts: Sequence[Part], index: int) -> Iterator[Part]:
    """Yield the parts below a part: those that follow it with a lower heading."""
    for part in parts[index + 1 :]:
        if part.level <= parts[index].level:
            return
        yield part


def _label(block: Block, *, known: bool = True) -> Spans | None:
    """Return the bold words with which a paragraph begins, where they are a title.

    Args:
        block: the paragraph.
        known: whether only the titles of known sections count.
    """
    if block.kind != "paragraph" or not block.lines or not block.lines[0]:
        return None
    first, *rest = block.lines[0]
    if first.kind != "strong":
        return None
    text = plain_text((first,))
    follows = plain_text(rest)
    is_marked = text.endswith(":") or follows.startswith(":") or (not follows and len(block.lines) == 1)
    if not is_marked or len(text) > _LONGEST_LABEL or is_time(text) or (known and not home_of(text)):
        return None
    return (Span("text", text.rstrip(": ")),)


def _without_label(block: Block) -> list[Block]:
    """Return what is left of a paragraph without its label."""
    first = list(block.lines[0][1:])
    if first and first[0].kind == "text":
        first[0] = replace(first[0], text=first[0].text.lstrip(" :"))
    lines = [line for line in (tuple(first), *block.lines[1:]) if plain_text(line)]
    return [replace(block, lines=tuple(lines))] if lines else []


def _has_labels(block: Block) -> bool:
    return any(_label(item.blocks[0]) is not None for item in block.blocks if item.blocks)


def files_beside(blocks: Sequence[Block]) -> list[str]:
    """Return the images and other files beside a document that it shows or links to, in order, each once."""
    return list(dict.fromkeys(filter(_is_beside, _addresses(blocks))))


def _is_beside(address: str) -> bool:
    return bool(address) and re.match(r"[a-z][\w+.-]*:|//|#", address, re.IGNORECASE) is None


def _addresses(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        rows = [block.header, *(row.cells for row in block.rows)]
        for spans in (*block.lines, *(cell for cells in rows for cell in cells)):
            yield from _addresses_of(spans)
        yield from _addresses(block.blocks)


def _addresses_of(spans: Spans) -> Iterator[str]:
    for span in spans:
        if span.kind in ("image", "link"):
            yield span.address
        yield from _addresses_of(span.spans)


def lines_and_paragraphs(blocks: Sequence[Block]) -> list[str]:
    """Return the lines of blocks, and the paragraphs of several lines as one: a sentence may be broken over two."""
    lines = [plain_text(line) for block in blocks for line in block.lines]
    return lines + [" ".join(map(plain_text, block.lines)) for block in blocks if len(block.lines) > 1]
