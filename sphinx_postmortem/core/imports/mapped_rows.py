"""CSV and JSON Lines of any tool: each row is an event, by columns that are known or that a mapping names.

The mapping stands in the TOML of ``--map``, below ``[columns]``: ``time = "timestamp"``, ``event = "message"``, and
where there are such columns ``notes``, ``who``, ``evidence``, ``milestone``, ``precision`` and ``id``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from pathlib import PurePath

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports import escape
from sphinx_postmortem.core.imports.draft import AnswerNeededError, Draft, DraftEvent, SourceError, Text, Unread
from sphinx_postmortem.core.imports.entry_times import Clock
from sphinx_postmortem.core.imports.files import MOST_ITEMS, BadLine, Source
from sphinx_postmortem.core.imports.timeline_entry import Form, TimelineEntry
from sphinx_postmortem.core.records.anchors import short_hash
from sphinx_postmortem.core.records.numeric_dates import order_of
from sphinx_postmortem.core.records.tables import column_key, parse_csv_table
from sphinx_postmortem.core.records.times import Moment, exact_moment
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.records.zones import BadZoneError, Zone, read_zone

_WANTED = ("time", "event", "notes", "who", "evidence", "milestone", "precision", "id")
_UNIX = expression(r"\d{10}(?:\d{3}|\d{6})?(?:\.\d{1,6})?")  # seconds, milliseconds or microseconds since 1970
_SEPARATOR_LINE = expression(r"\ufeff?\"?sep=[^\r\n]\"?\r?\n", re.IGNORECASE)  # as Excel writes it above the header
_NAMED_ZONE = expression(r"\(([^()]+)\)")


@dataclass(frozen=True)
class _Row:
    line: int
    cells: Mapping[str, str] = field(default_factory=dict[str, str])
    bad: str = ""


def is_csv(source: Source) -> bool:
    """Recognise CSV by its name and a first line with several columns."""
    return source.name.casefold().endswith((".csv", ".tsv")) and any(
        mark in source.head[:4096] for mark in (b",", b";", b"\t")
    )


def is_json_lines(source: Source) -> bool:
    """Recognise JSON Lines by its name."""
    return source.name.casefold().removesuffix(".gz").endswith((".jsonl", ".ndjson"))


def read_csv(source: Source) -> list[Draft]:
    """Read a CSV file.

    Raises:
        SourceError: it cannot be read.
        AnswerNeededError: no column of times or of events is known, or a time states no zone or no day.
    """
    text = source.text()
    above = _SEPARATOR_LINE.match(text)
    table = parse_csv_table(text[above.end() :] if above else text)
    if not table.header:
        raise SourceError(f"{source.name}: the file is empty")
    rows = [
        _Row(row.line + bool(above), dict(zip(table.header, row.cells, strict=True)))
        if row.fits
        else _Row(row.line + bool(above), bad=", ".join(row.cells))
        for row in table.rows
    ]
    return [_draft(source, "csv", table.header, rows)]


def read_json_lines(source: Source) -> list[Draft]:
    """Read JSON Lines; raises as ``read_csv``."""
    rows: list[_Row] = []
    titles: dict[str, None] = {}
    for number, value in source.json_lines():
        if len(rows) >= MOST_ITEMS:
            raise SourceError(f"{source.name}: more than {MOST_ITEMS} lines, the bound; divide it")
        if isinstance(value, BadLine) or not isinstance(value, dict):
            rows.append(_Row(number, bad=value.text if isinstance(value, BadLine) else str(value)))
            continue
        cells: dict[str, str] = {}
        for key, cell in value.items():
            cells[str(key)] = "" if cell is None else str(cell)
        titles.update(dict.fromkeys(cells))
        rows.append(_Row(number, cells))
    return [_draft(source, "jsonl", list(titles), rows)]


def _draft(source: Source, kind: str, titles: Sequence[str], rows: Sequence[_Row]) -> Draft:
    columns = _columns(source, titles)
    texts = [row.cells.get(columns["time"], "") for row in rows]
    asked = source.asked
    clock = Clock(
        source.name,
        asked=_zone_of(columns["time"]) or asked.zone,
        default=asked.day,
        order=asked.date_order or order_of(texts),
    )
    events: list[DraftEvent] = []
    unread: list[Unread] = []
    seen: dict[str, int] = {}
    for row in rows:
        if row.bad or not any(row.cells.values()):
            unread.append(Unread(f"{source.name}:{row.line}", row.bad, "the line does not fit the others"))
            continue
        event = _event(source, kind, columns, row, clock)
        seen[event.key] = seen.get(event.key, 0) + 1
        events.append(event if seen[event.key] == 1 else replace(event, key=f"{event.key}-{seen[event.key]}"))
    draft = Draft(
        kind=kind,
        source=source.name,
        title=PurePath(source.name).name.split(".")[0].replace("_", " "),
        first_day=min((event.moment.utc.date() for event in events if event.moment.utc), default=None),
        events=tuple(events),
        unread=tuple(unread),
        names=tuple(dict.fromkeys(name for event in events for name in event.who)),
        said=tuple(clock.said),
    )
    return replace(draft, items=len(rows))


def _columns(source: Source, titles: Sequence[str]) -> dict[str, str]:
    """Return which column holds what: by the mapping, else by the titles that our tables may have."""
    by_key = {column_key(title): title for title in reversed(titles)}
    found: dict[str, str] = {}
    for name in _WANTED:
        asked = source.asked.columns.get(name, "")
        if asked and asked not in titles:
            raise SourceError(f'{source.name}: there is no column "{asked}"; its columns are {", ".join(titles)}')
        keys = (*COLUMNS.get(name, ()), *(["date"] if name == "time" else []))
        title = asked or next((by_key[key] for key in keys if key in by_key), "")
        if title:
            found[name] = title
    for name in ("time", "event"):
        if name not in found:
            message = f"{source.name}: no column is known to hold the {name}; its columns are {', '.join(titles)}"
            raise AnswerNeededError(f'{message}; name it in a TOML file: [columns] {name} = "…"', "--map")
    return found


def _event(source: Source, kind: str, columns: Mapping[str, str], row: _Row, clock: Clock) -> DraftEvent:
    said = {name: row.cells.get(title, "").strip() for name, title in columns.items()}
    others = [
        f"{escape.one_line(title)}: {escape.one_line(cell)}"
        for title, cell in row.cells.items()
        if title not in columns.values() and cell.strip()
    ]
    notes = [escape.one_line(said.get("notes", "")), *others]
    whole = f"{said['time']} {said['event']}"
    who = tuple(filter(None, map(str.strip, re.split(r"[,;]", said.get("who", "")))))
    return DraftEvent(
        key=f"{kind}:{said.get('id') or short_hash(whole, 10)}",
        moment=_moment(said["time"], said.get("precision", ""), row.line, clock),
        event=Text(said["event"]),
        notes=Text("; ".join(filter(None, notes)), is_markdown=True),
        who=who,
        evidence=said.get("evidence") or f"{source.name}:{row.line}",
        milestone=said.get("milestone", ""),
        precision=said.get("precision", ""),
    )


def _moment(text: str, precision: str, line: int, clock: Clock) -> Moment:
    if _UNIX.fullmatch(text):
        whole, _, fraction = text.partition(".")
        seconds = float(f"{whole[:10]}.{whole[10:] or fraction or 0}")
        return replace(exact_moment(text, datetime.fromtimestamp(seconds, UTC), has_seconds=True), has_zone=True)
    return clock.read(TimelineEntry(Form.TABLE, text, (), line, precision=precision))


def _zone_of(title: str) -> Zone | None:
    """Return the zone that a title states in brackets: ``Time (UTC)``."""
    for words in _NAMED_ZONE.findall(title):
        try:
            return read_zone(words)
        except BadZoneError:
            continue
    return None
