"""What this product has exported: ``postmortems.json``, ``events.csv`` and ``actions.csv`` of an edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sphinx_postmortem.core.exports.csv_tables import ACTION_COLUMNS, EVENT_COLUMNS, unguarded
from sphinx_postmortem.core.exports.edition_json import read_time_fields
from sphinx_postmortem.core.imports.draft import Draft, DraftAction, DraftEvent, DraftSection, SourceError, Text
from sphinx_postmortem.core.imports.exported import Export
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.gathering import Gathered, joined, told
from sphinx_postmortem.core.imports.json_values import first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import peek
from sphinx_postmortem.core.imports.tickets import day_of
from sphinx_postmortem.core.records.tables import parse_csv_table
from sphinx_postmortem.core.records.times import Moment, Precision
from sphinx_postmortem.core.records.vocabulary import COLUMNS

KIND = "postmortems"
_LISTS = {  # lists of an incident that become sections: title and home in our template
    "responses": "Containment and remediation",
    "reviews": "Review",
    "assets": "Affected assets",
    "went_well": "What went well",
    "did_not_go_well": "What did not go well",
    "takeaways": "Takeaways",
}
_LEFT_CLOCKS = "reporting clocks, which are worked out anew"
_EVENT_MARKS = frozenset(["Time as written", "Earliest (UTC)", "Event", "Incident"])
_ACTION_MARKS = frozenset(["Due date as written", "Action", "Incident"])


def recognise(source: Source) -> bool:
    """Say whether a file is an export of ours."""
    if source.is_zip:
        return False
    document = mapping_of(peek(source))
    return ("schema_version" in document and "edition" in document) or bool(_columns(source))


def _columns(source: Source) -> frozenset[str]:
    """Return the titles by which a CSV file of ours is known; none of another file."""
    head = source.head.decode("utf-8-sig", "ignore").split("\n", 1)[0].strip()
    titles = {title.strip('"') for title in head.split(",")}
    return next((marks for marks in (_EVENT_MARKS, _ACTION_MARKS) if marks <= titles), frozenset())


def read(source: Source) -> Sequence[Draft]:
    """Return the incidents of a file; records without an incident come last, together.

    Raises:
        SourceError: it is no such file.
    """
    export = Export(KIND, source)
    if marks := _columns(source):
        _read_csv(export, source, is_events=marks is _EVENT_MARKS)
    else:
        _read_json(export, source)
    if not export.incidents:
        raise SourceError(f"{source.name}: it holds no incident, no event and no action")
    return [_draft(found, export.heads.get(key, {}), key) for key, found in export.incidents.items()]


# --- postmortems.json


def _read_json(export: Export, source: Source) -> None:
    document = mapping_of(source.json())
    for number, incident in enumerate(items_of(document, "incidents"), start=1):
        _incident(export, incident, f"{source.name}: incidents {number}")
    for name, gather in (("loose_events", _event), ("loose_actions", _action)):
        for number, each in enumerate(items_of(document, name), start=1):
            gather(export.incident(""), each, f"{source.name}: {name} {number}", "")
    for name in ("loose_responses", "loose_reviews", "loose_points"):
        for number, each in enumerate(items_of(document, name), start=1):
            export.incident("").not_read(f"{source.name}: {name} {number}", each, "it belongs to no incident")


def _incident(export: Export, incident: Any, place: str) -> None:
    key = text_of(incident, "id")
    gathered = export.incident(key, mapping_of(incident))
    if label := text_of(incident, "tlp"):
        gathered.say(f"{place}: the incident has the TLP label {label}; write it into the summary")
    for name, gather in (("events", _event), ("actions", _action)):
        for number, each in enumerate(items_of(incident, name), start=1):
            gather(gathered, each, f"{place}, {name} {number}", key)
    for factor in items_of(incident, "factors"):
        gathered.factor(Text(_said(factor)))
    for name, title in _LISTS.items():
        listed = [_said(each) for each in items_of(incident, name)]
        if listed:
            text = Text("\n".join(f"- {each}" for each in listed))
            gathered.section(DraftSection(f"{KIND}:{key}/{name}", title, text), place)
    for name in ("runbooks", "techniques"):
        if named := joined(items_of(incident, name)):
            gathered.say(f"{place}: the incident names {name}: {named}; write them into the summary")
    if source := text_of(incident, "detected_by"):
        gathered.say(f'{place}: the incident was detected by "{source}"; write it into the summary')
    if clocks := len(items_of(incident, "clocks")):
        gathered.leave_out(_LEFT_CLOCKS, count=clocks)


def _said(each: Any) -> str:
    """Return a point or a response in one line."""
    kind = text_of(each, "kind")
    text = first_text(each, "text", "response", "who") or (each if isinstance(each, str) else "")
    more = [
        f"{name}: {value}"
        for name in ("rationale", "validation", "monitoring", "role", "state")
        if (value := text_of(each, name))
    ]
    beside = "; ".join(filter(None, [first_text(each, "written", "read_written"), *more]))
    return " ".join(filter(None, [f"{kind}:" if kind else "", text, f"({beside})" if beside else ""]))


def _event(gathered: Gathered, event: Any, place: str, of: str) -> None:
    try:
        moment = read_time_fields(mapping_of(event))
    except (KeyError, TypeError, ValueError):
        gathered.not_read(place, event, "its time has not the fields that an export has")
        return
    evidence = [first_text(each, "url", "file", "text") for each in items_of(event, "evidence")]
    techniques = joined(items_of(event, "techniques"))
    notes = [text_of(event, "notes"), *_other(event, "source"), f"Techniques: {techniques}" if techniques else ""]
    _row(gathered, place, event, moment, of, notes=notes, evidence=evidence)


def _other(record: Any, *names: str) -> list[str]:
    """Return the columns that have no place of their own, each as title and text."""
    pairs = [(name.capitalize(), text_of(record, name)) for name in names]
    pairs += [(text_of(cell, "column"), text_of(cell, "text")) for cell in items_of(record, "other")]
    return [f"{title}: {text}" for title, text in pairs if text]


def _row(
    gathered: Gathered,
    place: str,
    event: Any,
    moment: Moment,
    of: str,
    *,
    notes: Iterable[str],
    evidence: Iterable[str],
) -> None:
    text = text_of(event, "event")
    if not text:
        gathered.not_read(place, event, "it says nothing")
        return
    said, detail = told(text)
    key = text_of(event, "anchor") or text_of(event, "uri").rpartition("#")[2] or f"{moment.written}/{text[:80]}"
    who = text_of(event, "who")
    gathered.name(who)
    row = DraftEvent(
        key=f"{KIND}:{of}/{key}",
        moment=moment,
        event=said,
        notes=Text(". ".join(filter(None, notes))),
        detail=detail,
        who=(who,) if who else (),
        evidence=next(filter(None, evidence), ""),
        milestone=text_of(event, "milestone"),
        precision=text_of(event, "stated_precision"),
    )
    gathered.add(row, place)


def _action(gathered: Gathered, action: Any, place: str, of: str) -> None:
    text, due = text_of(action, "action"), text_of(action, "due")
    if not text:
        gathered.not_read(place, action, "it says nothing")
        return
    cells = {text_of(cell, "column").casefold(): text_of(cell, "text") for cell in items_of(action, "other")}
    row = DraftAction(
        key=f"{KIND}:{text_of(action, 'id') or f'{of}/{text[:80]}'}",
        action=Text(text),
        owners=tuple(str(owner) for owner in items_of(action, "owners")),
        priority=text_of(action, "priority"),
        due=day_of(due),
        due_written=text_of(action, "due_written") or due,
        status=text_of(action, "status"),
        ticket=next((cells[name] for name in COLUMNS["ticket"] if cells.get(name)), ""),
        evidence=cells.get("evidence", ""),
    )
    gathered.action(row, place)


# --- events.csv and actions.csv


def _read_csv(export: Export, source: Source, *, is_events: bool) -> None:
    table = parse_csv_table(source.text())
    known = EVENT_COLUMNS if is_events else ACTION_COLUMNS
    for row in table.rows:
        place = f"{source.name}:{row.line}"
        if not row.fits:
            first = next(iter(export.incidents), "")
            export.incident(first).not_read(place, list(row.cells), "the row has more or fewer cells than the header")
            continue
        cells = {unguarded(title): unguarded(cell) for title, cell in zip(table.header, row.cells, strict=True)}
        other = [{"column": title, "text": text} for title, text in cells.items() if title not in known and text]
        of = cells.get("Incident", "")
        head = {"id": of, "title": cells.get("Incident title", ""), "severity": cells.get("Severity", "")}
        gathered = export.incident(of, head)
        if is_events:
            _event_row(gathered, cells, other, place, of)
        else:
            _action_row(gathered, cells, other, place, of)


def _event_row(gathered: Gathered, cells: Mapping[str, str], other: list[Any], place: str, of: str) -> None:
    utc, earliest, latest = (_instant(cells.get(f"{name} (UTC)", "")) for name in ("Time", "Earliest", "Latest"))
    precision = cells.get("Precision", "")
    is_estimate = precision == Precision.ESTIMATE
    known = {unit.value: unit for unit in Precision}
    unit = Precision.MINUTE if is_estimate else known.get(precision, Precision.UNKNOWN)
    zone = cells.get("Zone", "")
    moment = Moment(cells.get("Time as written", ""), utc, earliest, latest, unit, is_estimate, zone=zone)
    event = {
        "event": cells.get("Event", ""),
        "milestone": cells.get("Milestone", ""),
        "who": cells.get("Who", ""),
        "stated_precision": cells.get("Stated precision", ""),
        "uri": cells.get("Address", ""),
    }
    notes = [cells.get("Notes", ""), *_other({"source": cells.get("Source", ""), "other": other}, "source")]
    _row(gathered, place, event, moment, of, notes=notes, evidence=[cells.get("Evidence", "")])


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _action_row(gathered: Gathered, cells: Mapping[str, str], other: list[Any], place: str, of: str) -> None:
    action = {
        "id": cells.get("ID", ""),
        "action": cells.get("Action", ""),
        "owners": [owner.strip() for owner in cells.get("Owners", "").split(";") if owner.strip()],
        "priority": cells.get("Priority", ""),
        "due": cells.get("Due date", ""),
        "due_written": cells.get("Due date as written", ""),
        "status": cells.get("Status", ""),
        "other": other,
    }
    _action(gathered, action, place, of)


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    days = {name: day for name in ("first_day", "last_day") if (day := day_of(text_of(head, name)))}
    impacts = [(text_of(each, "kind"), Text(text_of(each, "text"))) for each in items_of(head, "impacts")]
    title = text_of(head, "title")
    return gathered.draft(
        incident_id=of,
        title=title.removeprefix(of).lstrip(" :-") or title,
        severity=text_of(head, "severity"),
        status=text_of(head, "status"),
        incident_type=text_of(head, "type"),
        summary=Text(text_of(head, "summary")),
        impacts=tuple(pair for pair in impacts if pair[1]),
        **days,
    )
