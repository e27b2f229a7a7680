"""All actions as a table for spreadsheets: ``actions.csv`` (RFC 4180).

A cell that a spreadsheet could take for a formula begins with an apostrophe (OWASP, "CSV Injection"); so does one that
begins with an apostrophe by itself, so that a reader gets every text back by taking one away. All cells stand in
quotes, so that none can be split at another program's separator.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from sphinx_postmortem.core.exports.publication import Publication, printable
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action

COLUMNS = (
    *("ID", "Incident", "Incident title", "Severity", "Action", "Owners", "Priority"),
    *("Due date", "Due date as written", "Status", "Kind", "Site", "Address"),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "\r", "＝", "＋", "－", "＠", "﹢", "﹣", "−", "﹫", "﹦", "'")


def actions_csv(knowledge: KnowledgeBase, publication: Publication) -> bytes:
    """Return the table of all actions, in the order of pages and rows.

    The columns are ``COLUMNS``, then each column that the product does not know, by first appearance. UTF-8 with a byte
    order mark, without which spreadsheets read another encoding; lines end in CRLF.
    """
    rows = [(_known(action, knowledge, publication), _unknown(action)) for action in knowledge.actions]
    more: dict[tuple[str, int], str] = {}
    for _, cells in rows:
        for key, (title, _) in cells.items():
            more.setdefault(key, title)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(guarded, _titles(more)))
    for known, cells in rows:
        writer.writerow(map(guarded, [*known, *(cells.get(key, ("", ""))[1] for key in more)]))
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return a cell's text, with an apostrophe before one that could be taken for a formula."""
    text = printable(text)
    return f"'{text}" if text.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA_STARTS) else text


def unguarded(cell: str) -> str:
    """Return the text that a cell stands for."""
    return cell.removeprefix("'")


def _known(action: Action, knowledge: KnowledgeBase, publication: Publication) -> tuple[str, ...]:
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
        action.site,
        publication.address(action),
    )


def _unknown(action: Action) -> dict[tuple[str, int], tuple[str, str]]:
    """Return the cells of other columns by their folded title; one that stands twice in a table counts on."""
    cells: dict[tuple[str, int], tuple[str, str]] = {}
    for title, text in action.other:
        folded, number = " ".join(title.casefold().split()), 1
        while (folded, number) in cells:
            number += 1
        cells[folded, number] = (title, text)
    return cells


def _titles(more: Mapping[tuple[str, int], str]) -> list[str]:
    """Return the header, in which no title stands twice."""
    titles = list(COLUMNS)
    taken = {title.casefold() for title in titles}
    for title in more.values():
        free, number = title, 1
        while free.casefold() in taken:
            number += 1
            free = f"{title} ({number})"
        taken.add(free.casefold())
        titles.append(free)
    return titles
