"""Rules for the register of incidents: a list of what happened, against the postmortems that are written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, site_check
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.regular_files import read_regular_text
from sphinx_postmortem.core.settings import Settings

_BAD = "id,severity,date\nSEC-9,SEV-1,2026-03-02\n"
_GOOD = "id,severity,date\nSEC-1,SEV-1,2026-03-02\n"
_NAMES = {"id": ("id", "incident", "incident id"), "severity": ("severity", "sev"), "date": ("date", "day", "opened")}


@dataclass(frozen=True)
class RegisterEntry:
    """One incident of the register: id, severity, date (None when it is none), and its line or number."""

    id: str
    severity: str
    day: date | None
    line: int
    day_written: str = ""


class BadRegisterError(ValueError):
    """A register that cannot be read; the message says why."""


def read_register(text: str, name: str) -> list[RegisterEntry]:
    """Read a register: CSV with a header line, or JSON (a list of objects, or one under ``incidents``).

    Raises:
        BadRegisterError: it is neither, or lacks the columns id, severity and date.
    """
    rows = _json_rows(text) if name.casefold().endswith(".json") else _csv_rows(text)
    entries: list[RegisterEntry] = []
    for line, row in rows:
        values = {column_key(str(key)): str(value or "").strip() for key, value in row.items() if key is not None}
        picked = {name: next((values[k] for k in keys if k in values), None) for name, keys in _NAMES.items()}
        if picked["id"] is None or picked["severity"] is None or picked["date"] is None:
            raise BadRegisterError("it needs id, severity and date for each incident")
        if picked["id"]:
            try:
                day = parse_date(picked["date"][:10])
            except BadDateError:
                day = None
            entries.append(RegisterEntry(picked["id"], picked["severity"], day, line, picked["date"]))
    return entries


def _csv_rows(text: str) -> list[tuple[int, Mapping[Any, Any]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restkey=None)
    try:
        keys = {column_key(title) for title in reader.fieldnames or ()}
        if not all(keys.intersection(names) for names in _NAMES.values()):
            raise BadRegisterError("its first line must name the columns id, severity and date")
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadRegisterError(str(error)) from error


def _json_rows(text: str) -> list[tuple[int, Mapping[Any, Any]]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRegisterError(f"it is no JSON ({error})") from error
    items = data.get("incidents") if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadRegisterError("it must be a list of objects, or have one under `incidents`")
    return [(0, item) for item in items]


def _entries(settings: Settings) -> list[RegisterEntry]:
    """Return the register's entries; none when it is not set or cannot be read, which has a check of its own."""
    if not settings.register:
        return []
    try:
        return read_register(read_regular_text(Path(settings.register)), settings.register)
    except (OSError, ValueError):
        return []


@site_check("register-unreadable", "error", source="template section 1", bad="no columns\n", good=_GOOD)
def register_unreadable(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[Hit]:
    """The register (`postmortem_register`) is a CSV or JSON file with id, severity and date of each incident."""
    if not settings.register:
        return
    try:
        entries = read_register(read_regular_text(Path(settings.register)), settings.register)
    except (OSError, ValueError) as error:
        yield Hit(0, f"the register cannot be read: {error}; mend it", file=settings.register)
        return
    for entry in entries:
        if entry.day is None:
            message = f'{entry.id}: "{entry.day_written}" is no date; write YYYY-MM-DD'
            yield Hit(entry.line, message, file=settings.register)
        if entry.severity.casefold() not in [name.casefold() for name in settings.severities]:
            message = (
                f'{entry.id}: severity "{entry.severity}" is not known; write one of {", ".join(settings.severities)}'
            )
            yield Hit(entry.line, message, file=settings.register)


@site_check("register-missing", "error", source="template section 1", bad=_BAD, good=_GOOD)
def register_missing(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[Hit]:
    """Each incident of the two gravest severities in the register has a postmortem, by its deadline.

    Before the deadline (`postmortem_register_deadlines`, days after the incident) nothing is said, where
    `postmortem_today` is set.
    """
    for entry in _unwritten(pages, settings):
        if entry.severity.casefold() in settings.mandatory:
            yield Hit(entry.line, _message(entry, settings), file=settings.register)


@site_check("register-recommended", "note", source="template section 1", bad=_BAD.replace("SEV-1", "SEV-3"), good=_GOOD)
def register_recommended(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[Hit]:
    """An incident of the third severity in the register has a postmortem, by its deadline, when something is learnt."""
    third = [name.casefold() for name in settings.severities[2:3]]
    for entry in _unwritten(pages, settings):
        if entry.severity.casefold() in third:
            yield Hit(entry.line, _message(entry, settings), file=settings.register)


def _unwritten(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[RegisterEntry]:
    written = {
        directive.argument.strip().casefold() for page in pages for directive in page.source.named("incident-summary")
    }
    for entry in _entries(settings):
        deadline = _deadline(entry, settings)
        in_time = settings.today is not None and deadline is not None and settings.today <= deadline
        if entry.id.casefold() not in written and not in_time:
            yield entry


def _deadline(entry: RegisterEntry, settings: Settings) -> date | None:
    days = {name.casefold(): number for name, number in settings.register_deadlines.items()}.get(
        entry.severity.casefold()
    )
    if entry.day is None or days is None:
        return None
    try:
        return entry.day + timedelta(days=days)
    except OverflowError:
        return None


def _message(entry: RegisterEntry, settings: Settings) -> str:
    deadline = _deadline(entry, settings)
    when = f" by {deadline}" if deadline else ""
    return f"{entry.id} ({entry.severity}, {entry.day_written}) has no postmortem; write one{when}"
