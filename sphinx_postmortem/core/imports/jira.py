"""Jira: the issues of a search, as its REST API gives them (`GET /rest/api/3/search/jql`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sphinx_postmortem.core.imports.exported import Format, Part
from sphinx_postmortem.core.imports.json_values import child, text_of
from sphinx_postmortem.core.imports.tickets import day_of, draft_of_tickets, gather_ticket, people
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState

# Resolutions of Jira's and of common projects that close an issue without its work being done.
_NOT_DONE = frozenset(
    ["won't do", "won't fix", "wont do", "wont fix", "duplicate", "cannot reproduce", "can't reproduce", "incomplete"]
    + ["declined", "abandoned", "rejected", "obsolete", "cancelled", "canceled", "invalid", "not a bug", "known error"]
    + ["works as designed", "not planned", "withdrawn", "out of date", "suspended", "infinite loop"]
)


def is_issue(item: object) -> bool:
    """Say whether an object is an issue of Jira."""
    return bool(text_of(item, "key") and child(item, "fields"))


def ticket_of(item: Mapping[str, Any], place: str) -> Ticket:
    """Return the ticket that an issue is."""
    fields = child(item, "fields")
    status, resolution = text_of(fields, "status", "name"), text_of(fields, "resolution", "name")
    state = TicketState.OPEN
    if text_of(fields, "status", "statusCategory", "key") == "done":
        state = TicketState.DROPPED if resolution.casefold() in _NOT_DONE else TicketState.DONE
    return Ticket(
        key=text_of(item, "key"),
        title=text_of(fields, "summary"),
        state=state,
        said=f"{status} ({resolution})" if resolution and resolution.casefold() != status.casefold() else status,
        url=_address(item),
        assignees=people([fields.get("assignee")], "displayName", "emailAddress", "name", "key", "accountId"),
        due=day_of(text_of(fields, "duedate")),
        priority=text_of(fields, "priority", "name"),
        closed=text_of(fields, "resolutiondate"),
        place=place,
    )


def _address(item: Mapping[str, Any]) -> str:
    """Return an issue's address for people: the export holds that of the API alone."""
    parts = urlsplit(text_of(item, "self"))
    before = parts.path.partition("/rest/")[0]
    return f"{parts.scheme}://{parts.netloc}{before}/browse/{text_of(item, 'key')}" if parts.netloc else ""


FORMAT = Format(
    kind="jira",
    lists=("issues", "values"),
    parts=(
        Part(is_issue, lambda export, item: gather_ticket(export, item, ticket_of(item.value, item.place), "jira")),
    ),
    what="issue of Jira",
    draft=draft_of_tickets,
    beside=("fields, users, sprints, boards and statuses", lambda _item: False),
)
