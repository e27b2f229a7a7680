"""TheHive 5: a case, its timeline, tasks and task logs, as its API v1 gives them. Times are milliseconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, DraftAction, DraftSection, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import RECOVERED, STARTED, Gathered, moment_since_1970
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item
from sphinx_postmortem.core.records.times import BadTimeError, Moment

_MOMENTS = (
    ("startDate", "Incident started", STARTED),
    ("newDate", "Case opened", ""),
    ("inProgressDate", "Work on the case began", ""),
    ("endDate", "Incident ended", RECOVERED),
    ("closedDate", "Case closed", ""),
)
_SEVERITIES = {"1": "Low", "2": "Medium", "3": "High", "4": "Critical"}
_TASKS = {"Completed": "done", "Cancel": "cancelled", "InProgress": "in progress", "Waiting": "open"}
_LEFT_OBSERVABLES = "observables"


def _is_case(item: object) -> bool:
    return bool(text_of(item, "title")) and (text_of(item, "_type") == "Case" or "startDate" in mapping_of(item))


def _is_timeline_event(item: object) -> bool:
    return bool(text_of(item, "kind") and text_of(item, "date")) and "entity" in mapping_of(item)


def _is_custom_event(item: object) -> bool:
    return bool(text_of(item, "title") and text_of(item, "date"))


def _is_task(item: object) -> bool:
    return bool(text_of(item, "title")) and text_of(item, "status") in _TASKS


def _is_log(item: object) -> bool:
    return text_of(item, "_type") == "Log" or (
        bool(text_of(item, "message")) and "includeInTimeline" in mapping_of(item)
    )


def _time(item: object, *names: str) -> Moment | str:
    """Return the first time of an item; the text where it is none, so that it is said."""
    written = first_text(item, *names)
    try:
        return moment_since_1970(written, 1000) if written else ""
    except BadTimeError:
        return f"{written} ms"


def _case(export: Export, item: Item) -> None:
    case: Mapping[str, Any] = item.value
    gathered = export.incident("", case)
    key = first_text(case, "_id", "number")
    for name, words, milestone in _MOMENTS:
        if text_of(case, name):
            place = f"{item.place}, {name}"
            gathered.row(place, f"{key}/{name}", _time(case, name), words, milestone=milestone)
    nested = (
        ("timeline", _timeline_event),
        ("customEvents", _custom_event),
        ("tasks", _task),
        ("logs", _log),
    )
    for name, gather in nested:
        listed = items_of(case, name) or items_of(case, name, "events")
        for number, each in enumerate(listed, start=1):
            gather(export, Item(f"{item.place}, {name} {number}", each))
    if count := len(items_of(case, "observables")):
        gathered.leave_out(_LEFT_OBSERVABLES, count=count)
    if summary := text_of(case, "summary"):
        gathered.section(DraftSection(f"thehive:{key}/summary", "Summary of the case", Text(summary)), item.place)


def _timeline_event(export: Export, item: Item) -> None:
    event: Mapping[str, Any] = mapping_of(item.value)
    details = child(event, "details")
    kind, entity = text_of(event, "kind"), text_of(event, "entity")
    said = first_text(details, "title", "message", "data", "description", "value")
    words = " ".join(filter(None, [entity, kind]))
    export.incident("").row(
        item.place,
        f"{kind}/{text_of(event, 'entityId')}/{text_of(event, 'date')}",
        _time(event, "date"),
        f"{words}: {said}" if said else words,
        notes=text_of(details, "description") if said != text_of(details, "description") else "",
        item=event,
    )


def _custom_event(export: Export, item: Item) -> None:
    event: Mapping[str, Any] = mapping_of(item.value)
    export.incident("").row(
        item.place,
        f"custom/{text_of(event, '_id') or text_of(event, 'date')}",
        _time(event, "date"),
        text_of(event, "title"),
        notes=text_of(event, "description"),
        people=[text_of(event, "_createdBy")],
        item=event,
    )


def _task(export: Export, item: Item) -> None:
    task: Mapping[str, Any] = mapping_of(item.value)
    gathered = export.incident("")
    title = text_of(task, "title")
    if not title:
        gathered.not_read(item.place, task, "the task has no title")
        return
    due = _time(task, "dueDate")
    owner = text_of(task, "assignee")
    action = DraftAction(
        key=f"thehive:task/{text_of(task, '_id') or title}",
        action=Text(title),
        owners=(owner,) if owner else (),
        due=due.utc.date() if isinstance(due, Moment) and due.utc else None,
        due_written=text_of(task, "dueDate"),
        status=_TASKS.get(text_of(task, "status"), "open"),
    )
    gathered.action(action, item.place)
    for number, log in enumerate(items_of(task, "logs"), start=1):
        _log(export, Item(f"{item.place}, log {number}", log))


def _log(export: Export, item: Item) -> None:
    log: Mapping[str, Any] = mapping_of(item.value)
    export.incident("").row(
        item.place,
        f"log/{text_of(log, '_id') or text_of(log, 'date')}",
        _time(log, "date", "startDate", "_createdAt"),
        text_of(log, "message"),
        people=[first_text(log, "owner", "_createdBy")],
        item=log,
    )


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    gathered.name(first_text(head, "assignee", "owner"))
    return gathered.draft(
        incident_id=first_text(head, "number", "caseId") or of,
        title=text_of(head, "title"),
        severity=text_of(head, "severityLabel") or _SEVERITIES.get(text_of(head, "severity"), ""),
        status=text_of(head, "stage") or text_of(head, "status"),
        incident_type="Security",
        summary=Text(text_of(head, "description")),
    )


FORMAT = Format(
    kind="thehive",
    lists=("events", "data"),
    parts=(
        Part(_is_timeline_event, _timeline_event),
        Part(_is_log, _log),
        Part(_is_case, _case),
        Part(_is_task, _task),
        Part(_is_custom_event, _custom_event),
    ),
    what="case, timeline event, task or log of TheHive",
    draft=_draft,
    beside=("observables and other records", lambda item: bool(text_of(item, "_type"))),
)
