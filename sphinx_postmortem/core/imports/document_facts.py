"""Reads what a document says of itself at its head: lines such as ``**Severity:** SEV-2``, in any of their forms.

They stand below the title, or below a heading such as *Metadata*: lines of a paragraph, items of a list, rows of a
table with two columns. What goes into the page's own fields is taken out; the rest stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.spans_cut import after, raw_text
from sphinx_postmortem.core.imports.template_sections import Home, home_of
from sphinx_postmortem.core.reader.foreign_markdown import Block, Span, Spans, plain_text
from sphinx_postmortem.core.records.times_in_text import is_day

_FACTS = (Home.STATUS, Home.SEVERITY, Home.DATE)
_LONGEST_VALUE = 60
_LABEL = expression(r"\s*(?P<label>[^\W\d_][^:\n]{0,40}?)\s*:\s+(?=\S)")
_HEADS = expression(
    r"meta ?data|incident (?:details?|overview|information|identification|metadata|data|profile)|details|overview"
    r"|(?:incident )?summary|at a glance|(?:basic|general) information|key facts|incident"
)
_SIGNS = ("·", "|", "•", ";")  # between two labelled values of one line
_ID_LABEL = expression(r"(?:incident|case|postmortem|report)?[ -]?(?:id|number|no\.?|ref(?:erence)?)")
_ID = expression(r"[A-Za-z][A-Za-z\d]{0,15}[-_/#](?=[\w-]*\d)[\w-]{1,40}")


@dataclass(frozen=True)
class HeadFacts:
    """What a document says of itself: its id, and the text of each fact.

    ``blocks`` is what is left of it, ``taken`` the lines that are not.
    """

    incident_id: str
    facts: dict[Home, str]
    blocks: list[Block] = field(default_factory=list[Block])
    taken: tuple[Spans, ...] = ()


def take_facts(blocks: Sequence[Block]) -> HeadFacts:
    """Return the facts at the head of a document, and its blocks without them."""
    found = HeadFacts("", {})
    headings, is_head = 0, True
    for block in blocks:
        if block.kind == "heading":
            headings += 1
            title = block.plain.casefold().strip(" :.#0123456789")
            is_head = (headings == 1 and not found.blocks) or _HEADS.fullmatch(title) is not None
        found = _take(found, block) if is_head else replace(found, blocks=[*found.blocks, block])
    return found


def _take(found: HeadFacts, block: Block) -> HeadFacts:
    """Take the facts out of one block."""
    if block.kind == "paragraph":
        return _take_lines(found, block)
    if block.kind == "list":
        return _take_items(found, block)
    if block.kind == "table" and len(block.header) == 2:
        return _take_rows(found, block)
    return replace(found, blocks=[*found.blocks, block])


def _take_lines(found: HeadFacts, block: Block) -> HeadFacts:
    lines = [piece for line in block.lines for piece in _pieces(line)]
    labelled = [labelled_value(line) for line in lines]
    if not all(labelled):
        return replace(found, blocks=[*found.blocks, block])
    left: list[Spans] = []
    for line, pair in zip(lines, labelled, strict=True):
        found, is_taken = _note(found, *(pair or ("", "")))
        if is_taken:
            found = replace(found, taken=(*found.taken, line))
        else:
            left.append(line)
    if len(left) == len(lines):
        return replace(found, blocks=[*found.blocks, block])
    if len(left) < 2:
        kept = [replace(block, lines=tuple(left))] if left else []
    else:  # lines that are one paragraph in the source would run together
        items = [replace(block, lines=(line,)) for line in left]
        kept = [Block("list", block.line, block.end, blocks=tuple(map(_item, items)))]
    return replace(found, blocks=[*found.blocks, *kept])


def _pieces(line: Spans) -> list[Spans]:
    """Return a line cut where a sign stands before a bold label: ``**Date:** today · **Status:** open``."""
    pieces: list[list[Span]] = [[]]
    for span in line:
        above = pieces[-1][-1] if pieces[-1] else None
        if (
            span.kind == "strong"
            and above is not None
            and above.kind == "text"
            and above.text.rstrip().endswith(_SIGNS)
        ):
            pieces[-1][-1] = replace(above, text=above.text.rstrip().rstrip("".join(_SIGNS)).rstrip())
            pieces.append([])
        pieces[-1].append(span)
    return [tuple(piece) for piece in pieces]


def _item(paragraph: Block) -> Block:
    return Block("item", paragraph.line, paragraph.end, blocks=(paragraph,))


def _take_items(found: HeadFacts, block: Block) -> HeadFacts:
    left: list[Block] = []
    for item in block.blocks:
        pair = labelled_value(item.blocks[0].spans) if len(item.blocks) == 1 else None
        found, is_taken = _note(found, *pair) if pair else (found, False)
        if is_taken:
            found = replace(found, taken=(*found.taken, item.blocks[0].spans))
        else:
            left.append(item)
    return replace(found, blocks=[*found.blocks, *([replace(block, blocks=tuple(left))] if left else [])])


def _take_rows(found: HeadFacts, block: Block) -> HeadFacts:
    """Note the facts of a table. It stays whole, since a row of its own may be its header."""
    for cells in (block.header, *(row.cells for row in block.rows)):
        found, _ = _note(found, plain_text(cells[0]).rstrip(": "), plain_text(cells[1]))
    return replace(found, blocks=[*found.blocks, block])


def labelled_value(line: Spans) -> tuple[str, str] | None:
    """Return the label with which a line begins and what stands behind it, without markup; None where it has none."""
    if line and line[0].kind == "strong":
        label = plain_text(line[:1])
        value = plain_text(line[1:])
        if label.endswith(":") or value.startswith(":"):
            return label.rstrip(": "), value.lstrip(": ")
        return None
    text = raw_text(line)
    match = _LABEL.match(text)
    return (match["label"], plain_text(after(line, match.end()))) if match else None


def labelled_items(block: Block) -> Iterator[tuple[str, Block]]:
    """Yield the label of each item of a list that begins with one, and the item."""
    for item in block.blocks:
        first = item.blocks[0] if item.blocks else None
        pair = labelled_value(first.spans) if first is not None and first.kind == "paragraph" else None
        if pair is not None:
            yield pair[0], item


def _note(found: HeadFacts, label: str, value: str) -> tuple[HeadFacts, bool]:
    """Note a fact; say whether the page's own fields hold all of it."""
    if not label or not value or len(value) > _LONGEST_VALUE:
        return found, False
    if _ID_LABEL.fullmatch(label.casefold()) and _ID.fullmatch(value) and found.incident_id in ("", value):
        return replace(found, incident_id=value), True
    home = home_of(label)
    if home is None or home not in _FACTS or found.facts.get(home, value) != value:
        return found, False
    return replace(found, facts={**found.facts, home: value}), home is not Home.DATE or is_day(value)
