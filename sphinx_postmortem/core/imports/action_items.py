"""Finds the actions of a document: items of lists and rows of tables below a heading for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import DraftAction
from sphinx_postmortem.core.imports.entry_times import day_in
from sphinx_postmortem.core.imports.markdown_text import as_source
from sphinx_postmortem.core.imports.spans_cut import after, raw_text
from sphinx_postmortem.core.imports.timeline_tables import is_log
from sphinx_postmortem.core.reader.foreign_markdown import Block, Span, Spans, plain_text
from sphinx_postmortem.core.records.anchors import short_hash
from sphinx_postmortem.core.records.numeric_dates import Order
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.vocabulary import COLUMNS

_FIELDS = ("id", "action", "owner", "priority", "due", "status", "ticket")
_BOX = expression(r"^\s*\[(?P<mark>[ xX✓✔]?)\]\s*")
_DONE = expression(
    r"^\s*[✅☑✔✓]|:white_check_mark:|\((?:done|completed?|fixed|resolved)\b[^)]*\)|^\s*(?:done|completed)\b\s*[:-]",
    re.IGNORECASE,
)
_OPEN = expression(r"^\s*[☐⬜❌]|\((?:open|to.?do|in progress|not started|pending)\)", re.IGNORECASE)
_STATUSES = {
    "open": "open",
    "todo": "open",
    "to do": "open",
    "not started": "open",
    "in progress": "in progress",
    "started": "in progress",
    "doing": "in progress",
    "done": "done",
    "complete": "done",
    "completed": "done",
    "closed": "done",
    "fixed": "done",
    "resolved": "done",
}
_DUE = expression(r"\b(?:due|by|deadline|eta|until)\b[: ]+(?P<date>[\w ,./-]{6,30})", re.IGNORECASE)
_OWNER = expression(
    r"\b(?i:owner|assignee|assigned to|dri)\s*[:=]\s*(?P<name>@?[\w-]+(?:\.\w[\w-]*)*(?: [A-Z][\w-]*){0,2})"
)
_PRIORITY = expression(
    r"\bpriority\s*[:=]\s*(?P<named>P?\d|[a-z]{3,10})\b|^\W{0,3}(?P<first>P\d)\b", re.IGNORECASE | re.MULTILINE
)
_PROGRESS = expression(r"\((?:in progress|ongoing|started|wip)\b[^)]*\)|🔄", re.IGNORECASE)
_HANDLE = expression(r"(?<![\w/])@(?P<name>[A-Za-z][\w-]{1,38})\b")


def actions_in(
    blocks: Sequence[Block], source: str, order: Order, group: str = ""
) -> tuple[list[DraftAction], list[Block]]:
    """Return the actions in blocks, and the blocks without them.

    Args:
        blocks: what stands below a heading for actions.
        source: the name of the file.
        order: that of dates such as 03/04/2026 in the document.
        group: a heading that they have in common, which each action is to begin with.
    """
    actions: list[DraftAction] = []
    left: list[Block] = []
    above = group
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.kind == "paragraph" and _is_bold(block.spans) and following is not None and following.kind == "list":
            group = block.plain.strip(" :")
        elif block.kind == "list":
            actions += _of_list(block, source, order, group)
        elif block.kind == "table" and (found := _of_table(block, source, order)) is not None:
            actions += found
        else:
            left.append(block)
            group = above  # what a bold line announced ends with other text
    return actions, left


def _of_list(block: Block, source: str, order: Order, group: str = "") -> Iterator[DraftAction]:
    for item in block.blocks:
        first = item.blocks[0].spans if item.blocks and item.blocks[0].kind == "paragraph" else ()
        rest = item.blocks[1:] if first else item.blocks
        title = plain_text(first)
        if rest and all(inner.kind == "list" for inner in rest) and (title.endswith(":") or _is_bold(first)):
            named = f"{group} {title}".strip(" :")
            for inner in rest:
                yield from _of_list(inner, source, order, named)
            continue
        yield _action(item, first, rest, source, order, group)


def _is_bold(spans: Spans) -> bool:
    return bool(spans) and all(span.kind == "strong" or not span.plain.strip(" :") for span in spans)


def _action(item: Block, first: Spans, rest: Sequence[Block], source: str, order: Order, group: str) -> DraftAction:
    raw = raw_text(first)
    box = _BOX.match(raw)
    text = after(first, box.end()) if box else first
    plain = plain_text(text)
    said = "\n".join([plain, *_lines_within(rest)])
    owners = [match["name"] for match in _OWNER.finditer(said)]
    if not owners or owners[0].startswith("@"):
        owners += [match["name"] for match in _HANDLE.finditer(plain) if f"@{match['name']}" not in owners]
    due = _DUE.search(said)
    day = day_in(due["date"], order) if due else None
    if group:
        text = (Span("strong", spans=(Span("text", group),)), Span("text", ": "), *text)
    whole = as_source([Block("paragraph", item.line, item.end, lines=(text,)), *rest])
    return DraftAction(
        key=f"markdown:{short_hash(f'{group} {plain}', 10)}",
        action=whole,
        owners=tuple(dict.fromkeys(owners)),
        due=day,
        due_written="" if due is None or day else due["date"].strip(),
        priority=_priority(said) or _priority(group),
        status=_status(plain, group, box["mark"].strip() if box else None),
        ticket=_ticket(text),
        evidence=f"{source}:{item.line}",
    )


def _lines_within(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the lines below an action, such as "Owner: Platform"."""
    for block in blocks:
        yield from map(plain_text, block.lines)
        yield from _lines_within(block.blocks)


def _priority(text: str) -> str:
    match = _PRIORITY.search(text)
    return (match["named"] or match["first"]) if match else ""


def _status(plain: str, group: str, mark: str | None) -> str:
    """Return the status that an action's own text states, or else the text of its group; ``mark`` is in its box."""
    if mark or _DONE.search(plain):
        return "done"
    if mark is not None or _OPEN.search(plain):
        return "open"
    if _PROGRESS.search(plain):
        return "in progress"
    return "done" if _DONE.search(group) else "in progress" if _PROGRESS.search(group) else ""


def _ticket(spans: Sequence[Span]) -> str:
    """Return the address of the one issue that an action names; empty where it names none, or several."""
    found = [
        address
        for span in spans
        for address in _addresses(span)
        if re.search(r"/(?:issues?|browse|pull|-/issues)/", address)
    ]
    return found[0] if len(set(found)) == 1 else ""


def _addresses(span: Span) -> Iterator[str]:
    if span.address:
        yield span.address
    yield from re.findall(r"https?://[^\s<>()\"']+", span.text)
    for inner in span.spans:
        yield from _addresses(inner)


def _of_table(block: Block, source: str, order: Order) -> list[DraftAction] | None:
    titles = [plain_text(cell) for cell in block.header]
    keys = [column_key(title) for title in titles]
    if is_log(block):
        return None
    columns = {name: keys.index(key) for name in _FIELDS for key in COLUMNS[name] if key in keys}
    if "action" not in columns:
        free = [index for index in range(len(titles)) if index not in columns.values()]
        if not free or not columns:
            return None
        columns["action"] = max(free, key=lambda index: sum(len(plain_text(row.cells[index])) for row in block.rows))
    found: list[DraftAction] = []
    for row in block.rows:
        cells = {name: plain_text(row.cells[index]) for name, index in columns.items()}
        if not any(plain_text(cell) for cell in row.cells):
            continue
        found.append(_row_action(row.cells, cells, columns, titles, f"{source}:{row.line}", order))
    return found


def _row_action(
    cells: Sequence[Spans],
    said: dict[str, str],
    columns: dict[str, int],
    titles: Sequence[str],
    place: str,
    order: Order,
) -> DraftAction:
    others = [
        Span("text", f"{titles[index]}: ") if part == 0 else span
        for index, cell in enumerate(cells)
        if index not in columns.values() and plain_text(cell).strip("-–— ")
        for part, span in enumerate((Span(""), *cell, Span("text", "; ")))
    ]
    text = (*cells[columns["action"]], *([Span("text", " ("), *others[:-1], Span("text", ")")] if others else []))
    day: date | None = day_in(said.get("due", ""), order)
    return DraftAction(
        key=f"markdown:{short_hash(said['action'], 10)}",
        action=as_source([Block("paragraph", 1, 1, lines=(text,))]),
        owners=tuple(filter(None, map(str.strip, re.split(r"[,;&]|\sand\s", said.get("owner", "").strip("-–— "))))),
        priority=said.get("priority", "").strip("-–— "),
        due=day,
        due_written="" if day else said.get("due", "").strip("-–— "),
        status=_STATUSES.get(said.get("status", "").casefold().strip(" ."), said.get("status", "").strip("-–— ")),
        ticket=said.get("ticket", "").strip("-–— ") or _ticket(text),
        evidence=place,
    )


def unique_actions(actions: Sequence[DraftAction]) -> list[DraftAction]:
    """Give actions with the same words keys of their own."""
    seen: dict[str, int] = {}
    found: list[DraftAction] = []
    for action in actions:
        seen[action.key] = seen.get(action.key, 0) + 1
        number = seen[action.key]
        found.append(action if number == 1 else replace(action, key=f"{action.key}-{number}"))
    return found
