"""GitLab: issues as its API gives them (`GET /projects/:id/issues`), or as its CSV export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import Draft
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, text_of
from sphinx_postmortem.core.imports.peeking import Item, items_in
from sphinx_postmortem.core.imports.tickets import (
    day_of,
    draft_of_tickets,
    gather_ticket,
    label_names,
    milestone_day,
    people,
    priority_of,
)
from sphinx_postmortem.core.records.tables import parse_csv_table
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState

_ADDRESS = expression(r"https?://[^/]+/(?P<project>.+?)(?:/-)?/(?:issues|work_items)/\d+", re.ASCII)
KIND = "gitlab"
CSV_COLUMNS = ("Issue ID", "URL", "Title", "State")


def is_issue(item: object) -> bool:
    """Say whether an object is an issue of GitLab's API, or a row of its CSV export."""
    is_row = all(name in item for name in CSV_COLUMNS) if isinstance(item, Mapping) else False
    return is_row or bool(text_of(item, "iid") and text_of(item, "state") and text_of(item, "web_url"))


def ticket_of(item: Mapping[str, Any], place: str) -> Ticket:
    """Return the ticket that an issue of the API is."""
    if "Issue ID" in item:
        return _of_row(item, place)
    number, url = text_of(item, "iid"), text_of(item, "web_url")
    duplicate = text_of(item, "_links", "closed_as_duplicate_of")
    moved = text_of(item, "moved_to_id")
    state = TicketState.OPEN
    if text_of(item, "state") != "opened":
        state = TicketState.DROPPED if duplicate or moved else TicketState.DONE
    reason = "duplicate" if duplicate else "moved" if moved else ""
    return Ticket(
        key=text_of(item, "references", "full") or _key(url, number),
        title=text_of(item, "title"),
        state=state,
        said=f"{text_of(item, 'state')} ({reason})" if reason else text_of(item, "state"),
        url=url,
        names=(f"#{number}",),
        assignees=people(items_of(item, "assignees") or [child(item, "assignee")], "username", "name"),
        due=day_of(text_of(item, "due_date")) or milestone_day(item, "due_date"),
        priority=priority_of(label_names(item)),
        closed=text_of(item, "closed_at"),
        place=place,
    )


def _of_row(row: Mapping[str, Any], place: str) -> Ticket:
    number, url = text_of(row, "Issue ID"), text_of(row, "URL")
    names, logins = (_split(text_of(row, title)) for title in ("Assignee", "Assignee Username"))
    pairs = zip(logins, names, strict=False) if len(logins) == len(names) else ((name,) for name in (*logins, *names))
    return Ticket(
        key=_key(url, number),
        title=text_of(row, "Title"),
        state=TicketState.OPEN if text_of(row, "State").casefold().startswith("open") else TicketState.DONE,
        said=text_of(row, "State").casefold(),
        url=url,
        names=(f"#{number}",),
        assignees=tuple(tuple(pair) for pair in pairs),
        due=day_of(text_of(row, "Due Date")),
        priority=priority_of(_split(text_of(row, "Labels"))),
        closed=first_text(row, "Closed At (UTC)", "Closed At"),
        place=place,
    )


def _key(url: str, number: str) -> str:
    match = _ADDRESS.match(url)
    return f"{match['project']}#{number}" if match else f"#{number}"


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _issue(export: Export, item: Item) -> None:
    gather_ticket(export, item, ticket_of(item.value, item.place), KIND)


_JSON = Format(
    kind=KIND, lists=("issues",), parts=(Part(is_issue, _issue),), what="issue of GitLab", draft=draft_of_tickets
)


def recognise(source: Source) -> bool:
    """Say whether a file is an export of GitLab's issues."""
    return _is_csv(source) or _JSON.recognise(source)


def read(source: Source) -> Sequence[Draft]:
    """Return one draft with the issues of a file as actions.

    Raises:
        SourceError: the file is neither such JSON nor such CSV.
    """
    if not _is_csv(source):
        return _JSON.read(source)
    export = Export(KIND, source)
    for item in issue_rows(source):
        if is_issue(item.value):
            _issue(export, item)
        else:
            export.incident("").not_read(item.place, item.value, "the row has more or fewer cells than the header")
    return [draft_of_tickets(export.incident(""), {}, "")]


def issues_in(source: Source) -> Iterator[Item]:
    """Yield the items of an export, JSON or CSV."""
    yield from issue_rows(source) if _is_csv(source) else items_in(source, "issues")


def issue_rows(source: Source) -> Iterator[Item]:
    """Yield the rows of a CSV export, by the titles of their columns."""
    table = parse_csv_table(source.text())
    for row in table.rows:
        value = dict(zip(table.header, row.cells, strict=False)) if row.fits else {"cells": list(row.cells)}
        yield Item(f"{source.name}:{row.line}", value)


def _is_csv(source: Source) -> bool:
    if source.is_zip:
        return False
    head = source.head.decode("utf-8-sig", "ignore").split("\n", 1)[0].replace('"', "")
    titles = [title.strip() for title in head.split(",")]
    return all(name in titles for name in CSV_COLUMNS)
