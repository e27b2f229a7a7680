"""Markdown documents: postmortems that were written in another template, or in none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.action_items import actions_in, unique_actions
from sphinx_postmortem.core.imports.document_events import events_of
from sphinx_postmortem.core.imports.document_facts import take_facts
from sphinx_postmortem.core.imports.document_parts import (
    Part,
    code_without_end,
    divide,
    files_beside,
    lines_and_paragraphs,
    with_inner,
)
from sphinx_postmortem.core.imports.document_title import take_title, without_id
from sphinx_postmortem.core.imports.draft import Draft, DraftAction, DraftSection, Text, Unread
from sphinx_postmortem.core.imports.entry_times import (
    Clock,
    calls_times_estimates,
    day_in,
    day_of_clock,
    only_day_in,
    stated_zone,
    states_zone,
    year_in,
)
from sphinx_postmortem.core.imports.files import Asked, Source
from sphinx_postmortem.core.imports.markdown_text import as_source, inline
from sphinx_postmortem.core.imports.template_sections import Home, home_of
from sphinx_postmortem.core.imports.timeline_entry import TimelineEntry
from sphinx_postmortem.core.imports.timeline_finder import Finder, allows_timeline, is_timeline_title, strict_finder
from sphinx_postmortem.core.imports.timeline_tables import is_log
from sphinx_postmortem.core.reader.foreign_markdown import Block, plain_text, read_foreign
from sphinx_postmortem.core.reader.front_matter import front_matter_length, read_front_matter
from sphinx_postmortem.core.reader.read_page import Line
from sphinx_postmortem.core.records.anchors import short_hash
from sphinx_postmortem.core.records.numeric_dates import Order, order_of
from sphinx_postmortem.core.records.times_in_text import is_day, time_at_start
from sphinx_postmortem.core.records.zones import UTC_ZONE

_SUFFIXES = (".md", ".markdown", ".mdx", ".qmd", ".erb", ".txt")
_FACTS = (Home.STATUS, Home.SEVERITY, Home.DATE)
_LONGEST_FACT = 60
_IMPACTS = {
    Home.CUSTOMER_IMPACT: "customer",
    Home.OPERATIONAL_IMPACT: "operational",
    Home.REGULATORY_IMPACT: "regulatory",
}
_DATE_KEYS = ("date", "incident_date", "incident-date", "started", "publishdate")
_PEOPLE_KEYS = ("author", "authors", "owner", "commander", "lead")


def is_markdown(source: Source) -> bool:
    """Recognise a document by the end of its name; any other text is asked for with ``--from markdown``."""
    name = source.name.casefold()
    return name.endswith(_SUFFIXES) and not source.head.startswith(b"PK\x03\x04")


@dataclass
class _Document:
    """What was read of one document so far."""

    name: str
    order: Order = ""
    head: dict[str, str] = field(default_factory=dict[str, str])
    entries: list[TimelineEntry] = field(default_factory=list[TimelineEntry])
    actions: list[DraftAction] = field(default_factory=list[DraftAction])
    factors: list[Text] = field(default_factory=list[Text])
    sections: list[DraftSection] = field(default_factory=list[DraftSection])
    impacts: list[tuple[str, Text]] = field(default_factory=list[tuple[str, Text]])
    summary: list[Block] = field(default_factory=list[Block])
    has_summary: bool = False
    facts: dict[Home, str] = field(default_factory=dict[Home, str])
    names: list[str] = field(default_factory=list[str])
    headings: list[str] = field(default_factory=list[str])
    beside: list[str] = field(default_factory=list[str])
    taken: list[str] = field(default_factory=list[str])
    unread: list[Unread] = field(default_factory=list[Unread])


def read_markdown_document(source: Source) -> list[Draft]:
    """Read a Markdown document.

    Raises:
        SourceError: it cannot be read.
        AnswerNeededError: it does not state the zone or the day of its times.
    """
    return [read_document(source, escape.visible(source.text()))]


def read_document(source: Source, text: str, kind: str = "markdown") -> Draft:
    """Read the text of a document that is Markdown, or was made so; see ``read_markdown_document``."""
    lines = text.split("\n")
    known = re.findall(r"\d{4}-\d{2}-\d{2}", f"{source.name} {text}")
    document = _Document(source.name, source.asked.date_order or order_of(lines, frozenset(known)))
    title, timelines = _read_lines(document, lines)
    clock = _clock(source.asked, document, title, timelines, lines)
    events = events_of(document.entries, clock)
    document.names += [name for entry in document.entries for name in entry.who]
    beside = ", ".join(document.beside)
    said = [
        *code_without_end(lines),
        *clock.said,
        *([f"files beside the document, not copied: {beside}"] if beside else []),
    ]
    if clock.zone.zone is not None and clock.zone.words:
        said.append(f'the document says "{clock.zone.words}"; the times are converted to UTC')
    first = clock.default or next((event.moment.utc.date() for event in events if event.moment.utc), None)
    draft = Draft(
        kind=kind,
        source=source.name,
        incident_id=document.head.get("id", "") if re.search(r"\d", document.head.get("id", "")) else "",
        title=without_id(title, document.head.get("id", "")),
        first_day=first,
        severity=document.facts.get(Home.SEVERITY, "") or document.head.get("severity", ""),
        status=document.facts.get(Home.STATUS, "") or document.head.get("status", ""),
        summary=as_source(document.summary) if document.summary else Text(),
        impacts=tuple(document.impacts),
        events=tuple(events),
        actions=tuple(unique_actions(document.actions)),
        factors=tuple(document.factors),
        sections=tuple(document.sections),
        unread=tuple(document.unread),
        names=tuple(dict.fromkeys(document.names)),
        zone=clock.zone.words,
        headings=tuple(document.headings),
        facts=tuple(document.taken),
        said=tuple(said),
    )
    return replace(draft, items=draft.accounted)


class Told(NamedTuple):
    """The events that a document tells, as they are written, the clock that finds out their days, and its facts."""

    entries: list[TimelineEntry]
    clock: Clock
    facts: dict[Home, str]


def told_in(name: str, text: str) -> Told:
    """Return what a document tells; times without a zone are in UTC."""
    lines = text.split("\n")
    document = _Document(name, order_of(lines, frozenset(re.findall(r"\d{4}-\d{2}-\d{2}", f"{name} {text}"))))
    title, timelines = _read_lines(document, lines)
    clock = _clock(Asked(zone=UTC_ZONE), document, title, timelines, lines)
    return Told(document.entries, clock, document.facts)


def _read_lines(document: _Document, lines: list[str]) -> tuple[str, list[Part]]:
    """Read the lines of a document; return its title, and the parts that are timelines."""
    length = _read_head(document, lines)
    blocks = read_foreign("\n".join(lines[length:]), length + 1)
    document.headings = [part.plain for part in divide(blocks) if part.plain]
    document.beside = files_beside(blocks)
    head = take_facts(blocks)
    document.facts.update(head.facts)
    document.taken += map(inline, head.taken)
    document.head.setdefault("id", head.incident_id)
    parts = divide(head.blocks)
    title = take_title(parts, document.head.get("title", ""), document.name)
    return title, _read_parts(document, parts)


# --- the head


def _read_head(document: _Document, lines: Sequence[str]) -> int:
    """Read YAML or TOML front matter; return how many lines it takes."""
    if lines and lines[0].strip() == "+++":
        end = next((index for index, line in enumerate(lines[1:], 1) if line.strip() == "+++"), 0)
        if end:
            _read_toml(document, lines[1:end])
            _unread(document, 1, "\n".join(lines[1:end]), "the front matter of the source")
            return end + 1
    length = front_matter_length(lines) or 0
    if length > 1:
        numbered = [Line(number, line) for number, line in enumerate(lines[1 : length - 1], start=2)]
        matter, faults = read_front_matter(numbered)
        for entry in matter.entries:
            values = [entry.value] if entry.value else [item.name for item in entry.entries]
            _note(document, entry.name, ", ".join(filter(None, values)))
        reason = f"the front matter cannot be read: {faults[0].message}" if faults else "the front matter of the source"
        _unread(document, 1, "\n".join(line.text for line in numbered), reason)
    return length


def _read_toml(document: _Document, lines: Sequence[str]) -> None:
    try:
        found = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for name, value in found.items():
        _note(document, name, value if isinstance(value, str) else str(value))


def _note(document: _Document, name: str, value: str) -> None:
    key = name.casefold()
    document.head.setdefault(key, value)
    if key in _PEOPLE_KEYS:
        document.names += [part.strip() for part in re.split(r"[,;]", value.strip("[]")) if part.strip(" '\"")]


def _unread(document: _Document, line: int, text: str, reason: str) -> None:
    document.unread.append(Unread(f"{document.name}:{line}", text, reason))


# --- the parts


def _read_parts(document: _Document, parts: Sequence[Part]) -> list[Part]:
    """Read all parts; return those that are timelines."""
    timelines: list[Part] = []
    finder = Finder(strict=True)
    until = 0  # the level of the timeline that the parts stand in; 0 outside
    place = 0  # its line
    homes: list[tuple[int, Home | None]] = []
    announced = any(part.level and is_timeline_title(part.plain) for part in parts)
    for index, part in enumerate(parts):
        while homes and homes[-1][0] >= part.level:
            homes.pop()
        if until and part.level <= until and not _is_moment(part):
            until = 0
        if part.level and not until and is_timeline_title(part.plain):
            until, place, finder = part.level, part.line, Finder()
            timelines.append(part)
            finder.day = part.plain if day_in(part.plain, document.order, 2000) else ""
        elif not until:
            finder = strict_finder(part, announced=announced)
        home = home_of(part.plain) if part.level else None
        inherited = homes[-1][1] if homes else None
        homes.append((part.level, home or inherited))
        inner = list(with_inner(parts, index)) if part.level else []
        blocks = _take_events(document, finder, part, inner, place=place if until else 0)
        if blocks is not None:
            _place(document, part, blocks, Home.TIMELINE if until else home, inherited, has_inner=bool(inner))
    return timelines


def _is_moment(part: Part) -> bool:
    found = time_at_start(part.plain)
    return is_day(part.plain) or (found is not None and not found.is_weak)


def _take_events(
    document: _Document, finder: Finder, part: Part, inner: Sequence[Part], *, place: int
) -> list[Block] | None:
    """Take the events out of a part; return what is left, or None where not even its heading is.

    ``place`` is the line of the heading that announces the timeline; 0 where none does.
    """
    inside = place > 0
    known = len(finder.entries)
    below: list[Block] | None = None
    is_clock = _is_moment(part) and not is_day(part.plain) and not is_day(_time_of(part))
    if part.level and (inside or is_clock) and not is_timeline_title(part.plain):
        below = finder.heading(part, has_inner=any(map(_is_moment, inner)))
        if below is None and inside:
            finder.phase = part.plain
    else:
        finder.is_open = False
    is_taken = below is not None
    blocks = list(part.blocks) if below is None else below
    if inside or is_taken or allows_timeline(part.plain):
        blocks = finder.read(blocks)
    else:
        blocks = [block for block in blocks if not is_log(block) or finder.read([block])]
    if inside and not finder.entries and not document.entries and not any(map(_is_moment, inner)):
        blocks = finder.untimed(blocks)
    document.entries += [replace(entry, place=place or part.line) for entry in finder.entries[known:]]
    for line, day in finder.bare:
        _unread(document, line, day, "a day of the timeline with nothing below it")
    finder.bare.clear()
    is_said = is_taken or (inside and finder.phase == part.plain and len(finder.entries) > known)
    return None if is_said and not blocks else blocks


def _time_of(part: Part) -> str:
    found = time_at_start(part.plain)
    return found.text if found else ""


def _without_statements(document: _Document, blocks: Sequence[Block]) -> list[Block]:
    """Take out the lines that state the zone of the times: of converted times they would be false."""
    left: list[Block] = []
    for block in blocks:
        stated = [line for line in block.lines if block.kind == "paragraph" and states_zone(plain_text(line))]
        for line in stated:
            _unread(
                document, block.line, plain_text(line), "it was true of the times before they were converted to UTC"
            )
        kept = tuple(line for line in block.lines if line not in stated)
        if kept or not stated:
            left.append(replace(block, lines=kept))
    return left


def _place(
    document: _Document, part: Part, blocks: list[Block], home: Home | None, inherited: Home | None, *, has_inner: bool
) -> None:
    """Put what is left of a part where it belongs."""
    blocks = _without_statements(document, blocks)
    text = " ".join(block.plain for block in blocks).strip()
    if part.level == 0 or (home is Home.SUMMARY and not document.has_summary):
        document.has_summary = document.has_summary or (part.level > 0 and bool(blocks))
        document.summary += blocks
    elif (
        home is not None and home in _IMPACTS and text and all(block.kind in ("paragraph", "list") for block in blocks)
    ):
        document.impacts.append((_IMPACTS[home], as_source(blocks)))
    elif (
        home is not None
        and home in _FACTS
        and home not in document.facts
        and 0 < len(text) <= _LONGEST_FACT
        and len(blocks) == 1
    ):
        document.facts[home] = text
        document.taken.append(f"{part.plain}: {escape.one_line(as_source(blocks).written)}")
    elif home is Home.ACTIONS or (home is None and inherited is Home.ACTIONS):
        group = part.plain if inherited is Home.ACTIONS else ""
        found, left = actions_in(blocks, document.name, document.order, group)
        document.actions += found
        _add_section(document, part, left, Home.ACTIONS)
    elif home is Home.FACTORS:
        items = [item for block in blocks if block.kind == "list" for item in block.blocks]
        document.factors += [as_source(item.blocks) for item in items]
        _add_section(document, part, [block for block in blocks if block.kind != "list"], home)
    elif home is Home.TIMELINE:
        _add_section(document, part, blocks, home)
    else:
        if home is Home.PEOPLE:
            document.names += [_name(line) for line in _lines_of(blocks) if _name(line)]
        if blocks or (home is None and has_inner):
            _add_section(document, part, blocks, home or inherited, always=True)


def _lines_of(blocks: Sequence[Block]) -> list[str]:
    lines = [plain_text(line) for block in blocks for line in block.lines]
    lines += [line for block in blocks for line in _lines_of(block.blocks)]
    return [part for line in lines for part in re.split(r"[,;]| and ", line)]


def _name(text: str) -> str:
    bare = re.sub(r"\([^)]{0,200}\)|^.*:", "", text).strip(" -–—*@.")
    return bare if 0 < len(bare.split()) <= 4 else ""


def _add_section(
    document: _Document, part: Part, blocks: Sequence[Block], home: Home | None, *, always: bool = False
) -> None:
    if not blocks and not always:
        return
    text = as_source(blocks)
    key = f"markdown:{short_hash(f'{part.plain} {text.written}', 10)}"
    document.sections.append(
        DraftSection(key, inline(part.title), text, home.value if home else "", part.level, part.line)
    )


# --- the timeline


def _clock(asked: Asked, document: _Document, title: str, timelines: Sequence[Part], lines: Sequence[str]) -> Clock:
    """Return the context in which the times of the document are read, from what it says before its timeline."""
    titles = [part.plain for part in timelines]
    prose = lines_and_paragraphs(read_foreign("\n".join(lines)))
    head = [document.head[key] for key in _DATE_KEYS if key in document.head]
    stated = [*titles, title, document.facts.get(Home.DATE, ""), PurePath(document.name).name, *head]
    year = year_in([*stated, *prose])
    days = (day_in(text, document.order, year) for text in stated)
    default: date | None = asked.day or next(filter(None, days), None)
    return Clock(
        document.name,
        stated_zone(titles, prose),
        asked.zone,
        default,
        asked.day.year if asked.day else year,
        document.order,
        are_estimates=calls_times_estimates([*titles, *prose]),
        only=_only_day(document, prose) if default is None else None,
    )


def _only_day(document: _Document, prose: Sequence[str]) -> date | None:
    """Return the one day that the text states, or the one that it states beside the clock of the first event."""
    first = next((entry.time for entry in document.entries if entry.time), "")
    return only_day_in(prose, document.order) or day_of_clock(prose, first, document.order)
