"""DFIR-IRIS: the export of a case, with its timeline, tasks, evidence and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, DraftAction, DraftSection, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import Gathered, joined
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item
from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError, Moment
from sphinx_postmortem.core.records.zones import BadZoneError, read_zone

_DONE = ("done", "closed", "completed")
_DROPPED = ("canceled", "cancelled")
_LEFT = {"iocs": "indicators of compromise", "assets": "assets", "evidences": "pieces of evidence"}


def _is_case(item: object) -> bool:
    return bool(child(item, "case")) and isinstance(mapping_of(item).get("timeline"), list)


def _is_event(item: object) -> bool:
    return bool(text_of(item, "event_title")) and "event_date" in mapping_of(item)


def _case(export: Export, item: Item) -> None:
    case: Mapping[str, Any] = item.value
    gathered = export.incident("", child(case, "case"))
    for number, each in enumerate(items_of(case, "timeline"), start=1):
        _gather(gathered, Item(f"{item.place}: timeline {number}", each))
    for number, each in enumerate(items_of(case, "tasks"), start=1):
        _task(gathered, f"{item.place}: tasks {number}", each)
    for number, each in enumerate(items_of(case, "notes"), start=1):
        place = f"{item.place}: notes {number}"
        gathered.section(_note(number, each), place)
    for name, words in _LEFT.items():
        if count := len(items_of(case, name)):
            gathered.leave_out(words, count=count)


def _event(export: Export, item: Item) -> None:
    _gather(export.incident(""), item)


def _gather(gathered: Gathered, item: Item) -> None:
    event: Mapping[str, Any] = mapping_of(item.value)
    try:
        when = _moment(event)
    except BadTimeError as error:
        gathered.not_read(item.place, event, str(error))
        return
    title, content = text_of(event, "event_title"), text_of(event, "event_content")
    category = text_of(event, "category", "name") or text_of(event, "category")
    systems = joined(text_of(asset, "name") or text_of(asset, "asset_name") for asset in items_of(event, "assets"))
    gathered.row(
        item.place,
        first_text(event, "event_uuid", "event_id") or title,
        when,
        title,
        notes="\n".join(filter(None, [content, f"Category: {category}" if category else "", systems])),
        systems=[text_of(event, "event_source")],
        people=[text_of(event, "user", "user_name") or text_of(event, "user")],
        item=event,
    )


def _moment(event: Mapping[str, Any]) -> Moment:
    """Return an event's time.

    ``event_date`` is in UTC without saying so. It is believed where ``event_date_wtz``, the local time, and
    ``event_tz``, its offset, give the same instant.

    Raises:
        BadTimeError: a field is missing, is no time, or they do not agree.
    """
    date, zone, local = (text_of(event, name) for name in ("event_date", "event_tz", "event_date_wtz"))
    if not (date and zone and local):
        raise BadTimeError("a time of IRIS needs event_date, event_tz and event_date_wtz; export the whole case")
    try:
        written = read_time(local, zone=read_zone(zone)).moment
    except BadZoneError as error:
        raise BadTimeError(f'"{local}": {error}') from None
    utc = read_time(date).moment
    if utc.utc != written.utc:
        raise BadTimeError(f'"{local}" with the offset {zone} is not "{date}" in UTC; mend it in IRIS')
    return written


def _task(gathered: Gathered, place: str, task: Any) -> None:
    title = text_of(task, "task_title")
    if not title:
        gathered.not_read(place, task, "the task has no title")
        return
    status = (text_of(task, "task_status", "status_name") or first_text(task, "task_status", "status_name")).casefold()
    owners = [first_text(each, "name", "user_name", "user") for each in items_of(task, "task_assignees")]
    owner = first_text(task, "task_assignee", "user_name")
    action = DraftAction(
        key=f"iris:task/{first_text(task, 'task_uuid', 'id', 'task_id') or title}",
        action=Text(title),
        owners=tuple(dict.fromkeys(name for name in [*owners, owner] if name)),
        status="done" if status in _DONE else "cancelled" if status in _DROPPED else status or "open",
    )
    gathered.action(action, place)


def _note(number: int, note: Any) -> DraftSection:
    title = text_of(note, "note_title") or f"Note {number}"
    return DraftSection(
        f"iris:note/{first_text(note, 'note_id') or number}", title, Text(text_of(note, "note_content"))
    )


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    gathered.name(first_text(head, "opened_by", "owner"))
    return gathered.draft(
        incident_id=first_text(head, "soc_id", "case_soc_id", "case_id") or of,
        title=first_text(head, "name", "case_name"),
        severity=text_of(head, "severity", "severity_name") or text_of(head, "severity"),
        status=text_of(head, "state", "state_name"),
        incident_type="Security",
        summary=Text(first_text(head, "description", "case_description")),
    )


FORMAT = Format(
    kind="iris",
    lists=("data",),
    parts=(Part(_is_case, _case), Part(_is_event, _event)),
    what="case or timeline event of DFIR-IRIS",
    draft=_draft,
)
