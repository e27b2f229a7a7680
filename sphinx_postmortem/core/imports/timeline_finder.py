"""Finds the events of a document: rows of tables, items of lists, lines, and headings that are times.

Below the heading *Timeline*, all that has a time is an event, and what stands beside events without one is an event of
unknown time. Elsewhere only what is clearly a timeline counts: a table with times and events, three items with times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sphinx_postmortem.core.imports.clear_timelines import announces_another, is_label
from sphinx_postmortem.core.imports.document_facts import labelled_items
from sphinx_postmortem.core.imports.document_parts import Part
from sphinx_postmortem.core.imports.entry_times import states_zone
from sphinx_postmortem.core.imports.spans_cut import after, before, raw_text
from sphinx_postmortem.core.imports.template_sections import Home, home_of
from sphinx_postmortem.core.imports.timeline_entry import Form, TimelineEntry, day_of_all
from sphinx_postmortem.core.imports.timeline_tables import rows_of
from sphinx_postmortem.core.reader.foreign_markdown import Block, Span, Spans, plain_text
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.time_parts import find_day
from sphinx_postmortem.core.records.times_in_text import FoundTime, is_day, is_time, time_at_end, time_at_start
from sphinx_postmortem.core.records.vocabulary import COLUMNS

_FEWEST = 3  # items with times that make a list a timeline, where no heading says so
_SHARE = 0.6
_LONGEST_LEAD = 90  # letters of a line that states the day of what follows it
_PLAIN_TEXTS = ("", "text", "txt", "plain", "plaintext", "log")  # code that may be a timeline
_NOT_TIMELINES = (Home.ACTIONS, Home.TAKEAWAYS)


@dataclass
class Finder:
    """What was found so far, and the context in which it was."""

    entries: list[TimelineEntry] = field(default_factory=list[TimelineEntry])
    day: str = ""
    phase: str = ""
    is_open: bool = False  # whether what follows without a time belongs to the last event
    strict: bool = False  # whether only what is clearly a timeline counts
    fewest: int = _FEWEST  # items with times that make a list one
    clocks_only: bool = False  # whether days alone are none there, since a heading announces the timeline elsewhere
    bare: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])  # days with nothing below them
    is_day_list: bool = False  # whether the line above a list states its day

    def read(self, blocks: Sequence[Block]) -> list[Block]:
        """Take the events out of blocks; return what is left."""
        left: list[Block] = []
        for block in blocks:
            if not self._take(block):
                left.append(block)
            self.is_day_list = self.is_day_list and block.kind == "paragraph"
        return left

    def _take(self, block: Block) -> bool:
        if block.kind == "table":
            return self._table(block)
        if block.kind == "list":
            return self._list(block)
        if block.kind == "paragraph" and self._paragraph(block):
            return True
        if (
            block.kind == "code"
            and not self.strict
            and not self.is_open
            and _tells_times(lines := _lines_of_code(block))
        ):
            return self._paragraph(lines)
        if block.kind == "quote" and not self.strict and any(map(_has_events, block.blocks)):
            for left in self.read(block.blocks):
                self._add_detail(left) if self.entries else self._add(Form.LINE, "", left.spans, left.line)
            return True
        if block.kind == "comment" or not self.is_open or not self.entries:
            return False
        self._add_detail(block)
        return True

    def _add_detail(self, *blocks: Block) -> None:
        last = self.entries[-1]
        if not plain_text(last.event):
            last, blocks = _with_labelled_event(last, blocks)
        self.entries[-1] = replace(last, detail=(*last.detail, *blocks))

    def _add(self, form: Form, time: str, event: Spans, line: int, detail: Sequence[Block] = ()) -> None:
        self.entries.append(TimelineEntry(form, time, event, line, tuple(detail), day=self.day, phase=self.phase))

    # --- headings

    def heading(self, part: Part, *, has_inner: bool) -> list[Block] | None:
        """Take a heading that is a time or a day; return what stands below it, or None where it is neither.

        Args:
            part: the heading with what stands below it.
            has_inner: whether headings below it are times, too, so that it only states their day.
        """
        title = part.plain
        found = time_at_start(raw_text(part.title))
        self.is_open = False
        if found is not None and not found.is_weak and not is_day(title):
            if is_day(found.text):
                self.day = found.text
            event, blocks = after(part.title, found.end), list(part.blocks)
            if not plain_text(event):
                event, blocks = _first_text(blocks)
            return self._headed(found.text, event, part, blocks)
        if find_day(title) is None or len(title) > _LONGEST_LEAD:
            return None
        self.day, self.phase = title, ""
        if not part.blocks and not has_inner:
            self.bare.append((part.line, title))
        if has_inner or self.strict or not part.blocks or any(_has_events(block) for block in part.blocks):
            return list(part.blocks)
        event, blocks = _first_text(part.blocks)
        return self._headed(title, event, part, blocks)

    def _headed(self, time: str, event: Spans, part: Part, blocks: list[Block]) -> list[Block]:
        self._add(Form.HEADING, time, event, part.line)
        self.is_open = True
        return blocks

    # --- tables

    def _table(self, block: Block) -> bool:
        rows = rows_of(block, self.day, strict=self.strict)
        if rows is None or (self.strict and not any(row.time for row in rows.entries)):
            return False
        self.entries += [replace(row, phase=self.phase) for row in rows.entries]
        self.bare += rows.bare
        self.is_open = False
        return True

    # --- lines

    def _paragraph(self, block: Block) -> bool:
        plain = block.plain.strip()
        if is_day(plain):
            self.day, self.is_open, self.is_day_list = plain.lstrip("-‐–— "), False, True
            return not self.strict
        if not self.strict and self._ends_with_time(block):
            return True
        groups = _groups(block)
        if groups[0][0] is None and len(groups) == 1:
            day = find_day(plain) if len(plain) <= _LONGEST_LEAD and plain.endswith((":", ")")) else None
            self.day = day_of_all(plain) or (plain if day is not None else self.day)
            return False
        if self.strict and sum(found is not None for found, _, _ in groups) < _FEWEST:
            return False
        for found, lines, number in groups:
            spans = _joined(lines)
            if found is None:
                self._lead(spans, block, number)
                continue
            event = after(spans, found.end)
            if is_day(found.text):
                self.day = found.text
                if states_zone(plain_text(event)):  # 2026-10-21 (all times UTC)
                    continue
            self._add(Form.LINE, found.text, event, number)
        self.is_open = True
        return True

    def _ends_with_time(self, block: Block) -> bool:
        """Take a paragraph whose last line is its time, as updates of status pages have it."""
        if len(block.lines) < 2 or time_at_start(raw_text(block.lines[0])) is not None:
            return False
        last = plain_text(block.lines[-1]).strip()
        found = time_at_start(last)
        if found is None or found.is_weak or is_day(last) or not is_time(last):
            return False
        self._add(Form.LINE, last, _joined(block.lines[:-1]), block.line)
        self.is_open = False
        return True

    def _lead(self, spans: Spans, block: Block, number: int) -> None:
        """Keep the lines of a paragraph before its first time: they belong to the event before, or are one."""
        if self.is_open and self.entries:
            self._add_detail(replace(block, lines=(spans,), line=number))
        elif is_day(plain_text(spans)):
            self.day = plain_text(spans)
        else:
            self._add(Form.LINE, "", spans, number)

    # --- lists

    def _list(self, block: Block) -> bool:
        times = [_time_of(item) for item in block.blocks]
        timed = sum(map(self._is_event, block.blocks, times))
        if not timed and sum(found is not None for found in times) < max(2, len(times) * _SHARE):
            times = [None] * len(times)
        nested = [any(_holds_times(inner) for inner in item.blocks) for item in block.blocks]
        if not any(times) and not any(nested):
            if self._list_of_ends(block):
                return True
            if self.is_day_list and not self.strict:  # what happened on the day that stands right above
                self._day_item([block])
            return self.is_day_list and not self.strict
        if self.strict and not (timed >= self.fewest and timed >= len(times) * _SHARE) and not any(nested):
            return False
        if self.strict and not any(times):
            return False
        for item, found in zip(block.blocks, times, strict=True):
            self._item(item, found)
        self.is_open = False
        return True

    def _is_event(self, item: Block, found: FoundTime | None) -> bool:
        """Say whether an item surely has a time, and, where only a clear timeline counts, an event behind it."""
        if found is None or found.is_weak or (self.clocks_only and is_day(found.text)):
            return False
        return not self.strict or not is_label(item.blocks[0].spans, found)

    def _item(self, item: Block, found: FoundTime | None) -> None:
        first, rest = _first_text(item.blocks)
        if found is None:
            if is_time(plain_text(first)):
                found = FoundTime(plain_text(first), 0, len(raw_text(first)))
            else:
                self._add(Form.LIST, "", first, item.line)
                self._nested(rest)
                return
        event = after(first, found.end)
        if is_day(found.text):
            self.day = found.text
            if not plain_text(event) and rest:
                self._day_item(rest)
                return
        if not plain_text(event):
            event, rest = _first_text(rest)
        self._add(Form.LIST, found.text, event, item.line)
        self._nested(rest)

    def _day_item(self, blocks: Sequence[Block]) -> None:
        """Read what stands below a day: events of their own, with or without a time of day."""
        for block in blocks:
            if block.kind != "list" or (not self.is_day_list and self._list(block)):
                if block.kind != "list" and not self._paragraph_of_day(block):
                    self._add_detail(block) if self.entries else None
                continue
            for item in block.blocks:
                first, rest = _first_text(item.blocks)
                self._add(Form.LIST, self.day, first, item.line, rest)

    def _paragraph_of_day(self, block: Block) -> bool:
        if block.kind != "paragraph":
            return False
        self._add(Form.LIST, self.day, block.spans, block.line)
        return True

    def _nested(self, blocks: Sequence[Block]) -> None:
        """Read what stands within an item: events with times of their own, and else details of the item."""
        for block in blocks:
            if block.kind == "list" and _holds_times(block):
                self._list(block)
            else:
                self._add_detail(block)

    def untimed(self, blocks: Sequence[Block]) -> list[Block]:
        """Take the items of lists as events of unknown time: those of a timeline that has no times at all."""
        for block in blocks:
            for item in block.blocks if block.kind == "list" else ():
                first, rest = _first_text(item.blocks)
                self._add(Form.LIST, "", first, item.line, rest)
        return [block for block in blocks if block.kind != "list"]

    def _list_of_ends(self, block: Block) -> bool:
        """Read a list whose items end with their times: "Fault detected 2020-08-04 18:13"."""
        firsts = [_first_text(item.blocks) for item in block.blocks]
        ends = [time_at_end(raw_text(first)) for first, _ in firsts]
        strong = sum(found is not None and not found.is_weak for found in ends)
        if strong < max(1, len(ends) * _SHARE) or self.strict:
            if self.is_open and self.entries:
                self._add_detail(block)
                return True
            return False
        for item, (first, rest), found in zip(block.blocks, firsts, ends, strict=True):
            if found is None:
                self._add(Form.LIST, "", first, item.line, rest)
            else:
                self._add(Form.LIST, found.text, before(first, found.start), item.line, rest)
        self.is_open = False
        return True


def strict_finder(part: Part, *, announced: bool) -> Finder:
    """Return the finder for a part that no heading announces as a timeline; below a day, one clock is an event.

    Args:
        part: the heading with what stands below it.
        announced: whether another heading of the document announces its timeline.
    """
    if not announced and part.level and is_day(part.plain):
        return Finder(strict=True, day=part.plain, fewest=1)
    return Finder(strict=True, clocks_only=announced)


def _lines_of_code(block: Block) -> Block:
    """Return the lines of a code block that hold text, as a paragraph; without lines where it is code of a language."""
    text = block.text if block.info in _PLAIN_TEXTS else ""
    lines = [(Span("text", line.strip()),) for line in text.split("\n") if line.strip()]
    return Block("paragraph", block.line + 1, block.end, lines=tuple(lines))


def _tells_times(lines: Block) -> bool:
    """Say whether most lines begin with a time."""
    timed = sum(found is not None for found, _, _ in _groups(lines)) if lines.lines else 0
    return timed >= max(2, len(lines.lines) * _SHARE)


def _with_labelled_event(entry: TimelineEntry, blocks: tuple[Block, ...]) -> tuple[TimelineEntry, tuple[Block, ...]]:
    """Return an entry with the event that a labelled item below it tells ("**Event:** login"), and the other blocks."""
    for at, block in enumerate(blocks):
        for label, item in labelled_items(block) if block.kind == "list" else ():
            if column_key(label) in COLUMNS["event"] and len(item.blocks) == 1:
                text = item.blocks[0].spans
                event = after(text, raw_text(text).index(":") + 1)
                rest = tuple(inner for inner in block.blocks if inner is not item)
                kept = [replace(block, blocks=rest)] if rest else []
                return replace(entry, event=event), (*blocks[:at], *kept, *blocks[at + 1 :])
    return entry, blocks


def _first_text(blocks: Sequence[Block]) -> tuple[Spans, list[Block]]:
    """Return the first text of blocks, and the blocks without it."""
    for index, block in enumerate(blocks):
        if block.kind in ("paragraph", "html"):
            return block.spans, [*blocks[:index], *blocks[index + 1 :]]
        if block.kind in ("list", "quote", "item"):
            text, rest = _first_text(block.blocks)
            if plain_text(text):
                kept = [replace(block, blocks=tuple(rest))] if rest else []
                return text, [*blocks[:index], *kept, *blocks[index + 1 :]]
    return (), list(blocks)


def _time_of(item: Block) -> FoundTime | None:
    first = item.blocks[0] if item.blocks else None
    return time_at_start(raw_text(first.spans)) if first is not None and first.kind == "paragraph" else None


def _holds_times(block: Block) -> bool:
    """Say whether a list, or a list within it, has items that begin with a time."""
    if block.kind != "list":
        return False
    for item in block.blocks:
        found = _time_of(item)
        if (found is not None and not found.is_weak) or any(_holds_times(inner) for inner in item.blocks):
            return True
    return False


def _has_events(block: Block) -> bool:
    if block.kind == "paragraph":
        return any(found is not None for found, _, _ in _groups(block))
    return _holds_times(block) or block.kind == "table"


def _groups(block: Block) -> list[tuple[FoundTime | None, list[Spans], int]]:
    """Divide a paragraph at the lines that begin with a time."""
    groups: list[tuple[FoundTime | None, list[Spans], int]] = []
    for offset, line in enumerate(block.lines):
        found = time_at_start(raw_text(line))
        if found is not None and found.is_weak and not re.match(r"\s*[:–—-]", raw_text(line)[len(found.text) :]):
            found = None
        if found is not None and groups and not plain_text(after(line, found.end)) and not is_day(found.text):
            found = None  # a line of prose that is broken before its last words
        if found is None and groups:
            groups[-1][1].append(line)
        else:
            groups.append((found, [line], block.line + offset))
    return groups


def _joined(lines: Sequence[Spans]) -> Spans:
    joined: list[Span] = []
    for line in lines:
        joined += [*([Span("break")] if joined else []), *line]
    return tuple(joined)


def is_timeline_title(title: str) -> bool:
    """Say whether a heading announces a timeline."""
    return home_of(title) is Home.TIMELINE


def allows_timeline(title: str) -> bool:
    """Say whether times below a heading may be a timeline: due dates of actions are none, nor are links."""
    return home_of(title) not in _NOT_TIMELINES and not announces_another(title)
