"""Gives the events of a document their times, and all else that a draft says of them."""

from __future__ import annotations

from collections.abc import Sequence

from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import DraftEvent, Text
from sphinx_postmortem.core.imports.entry_times import Clock
from sphinx_postmortem.core.imports.gathering import milestone_in_words
from sphinx_postmortem.core.imports.interleaved import interleaved
from sphinx_postmortem.core.imports.markdown_text import as_source, inline
from sphinx_postmortem.core.imports.timeline_entry import TimelineEntry
from sphinx_postmortem.core.reader.foreign_markdown import plain_text
from sphinx_postmortem.core.records.anchors import short_hash


def events_of(entries: Sequence[TimelineEntry], clock: Clock) -> list[DraftEvent]:
    """Return the events with their times, in the order of the document.

    Raises:
        AnswerNeededError: the zone, the day or the order of dates must be given.
    """
    events: list[DraftEvent] = []
    seen: dict[str, int] = {}
    moments = [clock.read(entry) for entry in entries]
    for entry, moment in interleaved(entries, moments):
        said = f"{entry.day} {entry.time} {plain_text(entry.event)}"
        base = f"markdown:{short_hash(said, 10)}"
        seen[base] = seen.get(base, 0) + 1
        key = base if seen[base] == 1 else f"{base}-{seen[base]}"
        notes = [f"{escape.one_line(title)}: {inline(cell)}" for title, cell in entry.notes]
        notes += [escape.one_line(entry.phase)] if entry.phase else []
        events.append(
            DraftEvent(
                key=key,
                moment=moment,
                event=Text(inline(entry.event), is_markdown=True),
                notes=Text("; ".join(notes), is_markdown=True),
                detail=as_source(entry.detail) if entry.detail else Text(),
                who=entry.who,
                evidence=entry.evidence or f"{clock.name}:{entry.line}",
                milestone=entry.milestone or milestone_in_words(plain_text(entry.event)),
                precision=entry.precision,
            )
        )
    return events
