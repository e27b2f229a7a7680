"""Tables for spreadsheets (RFC 4180): all actions, ``actions.csv``, and the rows of all timelines, ``events.csv``.

A cell that a spreadsheet could take for a formula begins with an apostrophe (OWASP, "CSV Injection"); so does one that
begins with an apostrophe by itself, so that a reader gets every text back by taking one away. All cells stand in
quotes, so that none can be split at another program's separator. Some programs split within quotes all the same: what
follows a semicolon or a tab in a cell is guarded in the same way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from unicodedata import category

from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication, printable
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Evidence
from sphinx_postmortem.core.records.times import Moment

Cells = Iterable[tuple[str, str]]

_SEPARATOR = expression(r"(?<=[;\t])")
_UNSEEN = ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me")  # categories of Unicode
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "−", "﹫", "﹦", "'")


def csv_table(columns: Sequence[str], rows: Iterable[tuple[Sequence[str], Cells]]) -> bytes:
    """Return a table: UTF-8 with a byte order mark, without which spreadsheets read another encoding, and CRLF.

    Args:
        columns: the titles of the columns that each row has.
        rows: the cells of these columns, and pairs of title and text for columns that the product does not know; the
            latter follow by first appearance, and a title that stands twice is numbered.
    """
    read = [(known, _by_title(other)) for known, other in rows]
    more: dict[tuple[str, int], str] = {}
    for _, cells in read:
        for key, (title, _) in cells.items():
            more.setdefault(key, title)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(guarded, _titles(columns, more)))
    for known, cells in read:
        writer.writerow(map(guarded, [*known, *(cells.get(key, ("", ""))[1] for key in more)]))
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return a cell's text, with an apostrophe before one that could be taken for a formula."""
    return "".join(_guarded(part) for part in _SEPARATOR.split(printable(text)))


def unguarded(cell: str) -> str:
    """Return the text that a cell stands for."""
    return "".join(part.removeprefix("'") for part in _SEPARATOR.split(cell))


def _guarded(part: str) -> str:
    """Guard what a program may take for a cell; no blank or format character before a formula makes it none."""
    is_formula = part[_first_visible(part) :].startswith(_FORMULA_STARTS) or part.startswith(("\t", "\n", "\r"))
    return f"'{part}" if is_formula else part


def _first_visible(part: str) -> int:
    return next((index for index, char in enumerate(part) if category(char) not in _UNSEEN), len(part))


def _by_title(other: Cells) -> dict[tuple[str, int], tuple[str, str]]:
    """Return the cells of other columns by their folded title; one that stands twice in a table counts on."""
    cells: dict[tuple[str, int], tuple[str, str]] = {}
    for title, text in other:
        folded, number = " ".join(title.casefold().split()), 1
        while (folded, number) in cells:
            number += 1
        cells[folded, number] = (title, text)
    return cells


def _titles(columns: Sequence[str], more: Mapping[tuple[str, int], str]) -> list[str]:
    """Return the header, in which no title stands twice."""
    titles = list(columns)
    taken = {title.casefold() for title in titles}
    for title in more.values():
        free, number = title, 1
        while free.casefold() in taken:
            number += 1
            free = f"{title} ({number})"
        taken.add(free.casefold())
        titles.append(free)
    return titles


ACTION_COLUMNS = (
    *("ID", "Incident", "Incident title", "Severity", "Action", "Owners", "Priority"),
    *("Due date", "Due date as written", "Status", "Kind", "Addresses", "ATT&CK", "Site", "Address"),
)


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    actions, events = EXPORT_FILES["csv"]
    yield actions, actions_csv(edition.knowledge, edition.publication)
    yield events, events_csv(edition.knowledge, edition.publication)


def actions_csv(knowledge: KnowledgeBase, publication: Publication) -> bytes:
    """Return the table of all actions, in the order of pages and rows: ``ACTION_COLUMNS``, then the tables' own."""
    return csv_table(
        ACTION_COLUMNS, ((_action_cells(each, knowledge, publication), each.other) for each in knowledge.actions)
    )


def _action_cells(action: Action, knowledge: KnowledgeBase, publication: Publication) -> tuple[str, ...]:
    incident = knowledge.incident_of(action)
    return (
        action.full_id,
        action.incident_id,
        incident.title if incident else "",
        incident.severity if incident else "",
        action.text,
        "; ".join(action.owners),
        action.priority,
        action.due.isoformat() if action.due else "",
        action.due_written,
        action.status,
        action.kind,
        "; ".join(action.addresses),
        "; ".join(action.techniques),
        action.site,
        publication.address(action),
    )


EVENT_COLUMNS = (
    *("Incident", "Incident title", "Severity", "Time (UTC)", "Earliest (UTC)", "Latest (UTC)", "Precision"),
    *("Time as written", "Zone", "Event", "Milestone", "Notes", "Evidence", "Source", "Who", "Stated precision"),
    *("ATT&CK", "Site", "Address"),
)


def events_csv(knowledge: KnowledgeBase, publication: Publication) -> bytes:
    """Return the table of all events, in the order of pages and rows: ``EVENT_COLUMNS``, then the timelines' own.

    Times are ``YYYY-MM-DD HH:MM:SS``, which spreadsheets read as times; empty where nothing is known.
    """
    return csv_table(
        EVENT_COLUMNS, ((_event_cells(each, knowledge, publication), each.other) for each in knowledge.events)
    )


def _event_cells(event: Event, knowledge: KnowledgeBase, publication: Publication) -> tuple[str, ...]:
    incident, moment = knowledge.incident_of(event), event.moment or Moment("")
    return (
        event.incident_id,
        incident.title if incident else "",
        incident.severity if incident else "",
        *map(_instant, (moment.utc, moment.earliest, moment.latest)),
        moment.precision.value,
        moment.written,
        moment.zone,
        event.text,
        event.milestone,
        event.notes,
        "; ".join(map(evidence_text, event.evidence)),
        event.source,
        event.who,
        event.stated_precision,
        "; ".join(event.techniques),
        event.site,
        publication.address(event),
    )


def evidence_text(evidence: Evidence) -> str:
    """Return a piece of evidence in one cell: its text, then its link or file and the hash unless the text has them."""
    target = evidence.url or evidence.file
    parts = [evidence.text] if target in ("", evidence.text) else [evidence.text, f"<{target}>"]
    return " ".join([*parts, *([f"sha256:{evidence.sha256}"] if evidence.sha256 else [])])


def _instant(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else ""
