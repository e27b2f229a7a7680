"""Tickets of a tracker, as its export states them: what actions are imported from, and what they are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import Draft, DraftAction, Text
from sphinx_postmortem.core.imports.exported import Export
from sphinx_postmortem.core.imports.gathering import Gathered
from sphinx_postmortem.core.imports.json_values import child, items_of, text_of
from sphinx_postmortem.core.imports.peeking import Item
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState

_DAY = expression(r"(\d{4}-\d{2}-\d{2})(?=\Z|[T ])", re.ASCII)
_PRIORITY = expression(r"(?:priority\W{0,3})?(p[0-5])", re.IGNORECASE)


_STATUS_WORDS = {TicketState.OPEN: "open", TicketState.DONE: "done", TicketState.DROPPED: "won't do"}


def day_of(text: str) -> date | None:
    """Return the day that a date or a date-time begins with; None where there is none."""
    match = _DAY.match(text.strip())
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def person(value: object, *keys: str) -> tuple[str, ...]:
    """Return the names of a person, without empty and repeated ones."""
    named = (text_of(value, key) for key in keys)
    return tuple(dict.fromkeys(name for name in named if name))


def people(values: Iterable[object], *keys: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of several people, without those who have none."""
    named = (person(value, *keys) for value in values)
    return tuple(dict.fromkeys(names for names in named if names))


def priority_of(labels: Iterable[str]) -> str:
    """Return the priority that a label states as ``P1`` or ``priority: P1``; empty where none does."""
    found = (_PRIORITY.fullmatch(label.strip()) for label in labels)
    return next((match[1].upper() for match in found if match), "")


def label_names(item: Mapping[str, Any]) -> list[str]:
    """Return the labels of an issue, which are texts or have a name."""
    return [label if isinstance(label, str) else text_of(label, "name") for label in items_of(item, "labels")]


def milestone_day(item: Mapping[str, Any], *keys: str) -> date | None:
    """Return the day of an issue's milestone."""
    return next((day for key in keys if (day := day_of(text_of(child(item, "milestone"), key)))), None)


def action_of(ticket: Ticket, kind: str, key: str = "") -> DraftAction:
    """Return the action that a ticket becomes.

    Args:
        ticket: the ticket.
        kind: the kind of its source.
        key: its id in the source, where its name may change.
    """
    return DraftAction(
        key=f"{kind}:{key or ticket.key}",
        action=Text(" ".join(ticket.title.split())),
        owners=tuple(names[0] for names in ticket.assignees),
        priority=ticket.priority,
        due=ticket.due,
        due_written=ticket.due.isoformat() if ticket.due else "",
        status=_STATUS_WORDS[ticket.state],
        ticket=ticket.url or ticket.key,
    )


def gather_ticket(export: Export, item: Item, ticket: Ticket, kind: str, key: str = "") -> None:
    """Gather an issue of a tracker as an action; one without a title was not read."""
    gathered = export.incident("")
    if not ticket.title:
        gathered.not_read(item.place, item.value, "the issue has no title")
        return
    gathered.action(action_of(ticket, kind, key), item.place)


def draft_of_tickets(gathered: Gathered, _head: Mapping[str, Any], _key: str) -> Draft:
    """Return the draft of issues that belong together: they name no incident."""
    return gathered.draft()
