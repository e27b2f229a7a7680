"""VERIS: records of any version, one or a list of them (the VCDB); each becomes a page with a block of its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, Text, Unread
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.gathering import shown
from sphinx_postmortem.core.imports.json_values import mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item, first_items, items_in, no_json, refuse_empty
from sphinx_postmortem.core.veris.veris_block import block_rows

KIND = "veris"
_FOUR = ("actor", "action", "asset", "discovery_method")
_LONGEST_TITLE = 80


def recognise(source: Source) -> bool:
    """Say whether a file holds VERIS records: with an id, a timeline, and three of actor, action, asset, discovery."""
    return any(_is_record(item) for item in first_items(source)[:1])


def _is_record(item: object) -> bool:
    record = mapping_of(item)
    found = sum(isinstance(record.get(name), Mapping) for name in _FOUR)
    return found >= 3 and "incident_id" in record and "timeline" in record


def read(source: Source) -> Sequence[Draft]:
    """Return a draft of each record.

    Raises:
        SourceError: the file is no JSON, or holds no record.
    """
    drafts: list[Draft] = []
    broken: list[Unread] = []
    for item in items_in(source):
        if line := no_json(item):
            broken.append(Unread(item.place, line, "the line is no JSON"))
        elif not _is_record(item.value):
            reason = f"this is no VERIS record: it needs incident_id, timeline, and three of {', '.join(_FOUR)}"
            broken.append(Unread(item.place, shown(item.value), reason))
        else:
            drafts.append(_draft(source, item))
    if not drafts:
        raise refuse_empty(source, "VERIS record")
    if broken:
        # What cannot be read belongs to no incident: the first page says so.
        drafts[0] = replace(drafts[0], unread=tuple(broken), items=drafts[0].items + len(broken))
    return drafts


def _draft(source: Source, item: Item) -> Draft:
    record: Mapping[str, Any] = item.value
    rows = tuple(block_rows(record))
    summary = text_of(record, "summary")
    day = _day(mapping_of(mapping_of(record.get("timeline")).get("incident")))
    return Draft(
        kind=KIND,
        source=source.name,
        incident_id=text_of(record, "incident_id"),
        title=_title(record, summary),
        first_day=day,
        last_day=day,
        incident_type="Security",
        summary=Text(summary),
        veris=rows,
        items=len(rows),
    )


def _title(record: Mapping[str, Any], summary: str) -> str:
    """Return the victim, or the begin of the summary."""
    victim = text_of(mapping_of(record.get("victim")), "victim_id")
    first = re.split(r"(?<=[.!?])\s", " ".join(summary.split()), maxsplit=1)[0]
    short = first if len(first) <= _LONGEST_TITLE else first[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
    return f"Incident at {victim}" if victim and victim.casefold() != "unknown" else short.rstrip(".")


def _day(parts: Mapping[str, Any]) -> date | None:
    try:
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except (KeyError, TypeError, ValueError):
        return None
