"""ServiceNow: incidents with their journals, as its Table API gives them.

Times are ``YYYY-MM-DD HH:MM:SS`` without a zone. With ``sysparm_display_value=all`` each field has a ``value``, which
is in UTC, and a ``display_value``, which is in the zone of the user who exported. With another setting nothing says
which of the two stands there: then the zone must be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import Draft, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import DETECTED, RECOVERED, Gathered
from sphinx_postmortem.core.imports.json_values import child, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item

_MOMENTS = (
    ("opened_at", "Incident opened", DETECTED),
    ("work_start", "Work began", ""),
    ("reopened_time", "Incident reopened", ""),
    ("work_end", "Work ended", ""),
    ("resolved_at", "Incident resolved", RECOVERED),
    ("closed_at", "Incident closed", ""),
)
_JOURNALS = ("work_notes", "comments", "comments_and_work_notes")
_NOTE_HEAD = expression(
    r"^(?P<when>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) - (?P<who>[^\n]*?)(?: \((?P<sort>[^()\n]*)\))?[ \t]*$",
    re.MULTILINE | re.ASCII,
)


def _is_incident(item: object) -> bool:
    return bool(_shown(item, "number")) and "opened_at" in mapping_of(item)


def _is_journal(item: object) -> bool:
    return bool(_shown(item, "element_id") and "sys_created_on" in mapping_of(item)) and "value" in mapping_of(item)


def _shown(item: object, name: str) -> str:
    """Return a field as people read it."""
    return text_of(item, name, "display_value") or text_of(item, name, "value") or text_of(item, name)


def _when(item: object, name: str) -> str:
    """Return the time of a field: in UTC, and saying so, where the export has its value beside what it shows."""
    value = text_of(item, name, "value")
    return f"{value} UTC" if value and "display_value" in child(item, name) else text_of(item, name)


def _incident(export: Export, item: Item) -> None:
    incident: Mapping[str, Any] = item.value
    key = _shown(incident, "number")
    gathered = export.incident(text_of(incident, "sys_id", "value") or text_of(incident, "sys_id") or key, incident)
    for name, words, milestone in _MOMENTS:
        when = _when(incident, name)
        if when:
            gathered.row(f"{item.place}, {name}", f"{key}/{name}", when, words, milestone=milestone)
    for name in _JOURNALS:
        written = _shown(incident, name)
        for number, note in enumerate(_notes(written), start=1):
            _note(gathered, f"{item.place}, {name} {number}", f"{key}/{name}", note)


def _notes(written: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the notes of a journal: time, author, sort and text; text before the first has no time."""
    heads = list(_NOTE_HEAD.finditer(written))
    before = written[: heads[0].start()] if heads else written
    if before.strip():
        yield "", "", "", before.strip()
    ends = [*(head.start() for head in heads[1:]), len(written)]
    for head, end in zip(heads, ends, strict=False):
        text = written[head.end() : end].strip()
        yield head["when"], head["who"], head["sort"] or "", text


def _note(gathered: Gathered, place: str, key: str, note: tuple[str, str, str, str]) -> None:
    when, who, sort, text = note
    if not when:
        gathered.not_read(place, text, "the note has no time")
        return
    people, systems = ([], [who]) if who.casefold() in ("system", "system administrator") else ([who], [])
    gathered.row(place, f"{key}/{when}/{who}", when, text or sort, people=people, systems=systems)


def _journal(export: Export, item: Item) -> None:
    """Gather a row of `sys_journal_field`."""
    entry: Mapping[str, Any] = item.value
    who = _shown(entry, "sys_created_by")
    gathered = export.incident(text_of(entry, "element_id", "value") or text_of(entry, "element_id"))
    text = text_of(entry, "value", "display_value") or text_of(entry, "value")
    people, systems = ([], [who]) if who.casefold() == "system" else ([who], [])
    gathered.row(
        item.place,
        f"journal/{text_of(entry, 'sys_id', 'value') or text_of(entry, 'sys_id')}",
        _when(entry, "sys_created_on"),
        text,
        people=people,
        systems=systems,
        item=entry,
    )


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    for name in ("assigned_to", "caller_id", "opened_by", "resolved_by"):
        gathered.name(text_of(head, name, "display_value"))
    zone = gathered.source.asked.zone
    return gathered.draft(
        incident_id=_shown(head, "number") or of,
        title=_shown(head, "short_description"),
        severity=_shown(head, "severity") or _shown(head, "priority"),
        status=_shown(head, "state"),
        summary=Text(_shown(head, "description")),
        zone=zone.written if zone else "",
    )


FORMAT = Format(
    kind="servicenow",
    lists=("result", "records"),
    parts=(Part(_is_incident, _incident), Part(_is_journal, _journal)),
    what="incident or journal entry of ServiceNow",
    draft=_draft,
)
