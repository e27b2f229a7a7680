"""GitHub: issues as ``gh issue list --json`` writes them, as the REST API gives them, or in a webhook's payload."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import DETECTED
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item
from sphinx_postmortem.core.imports.tickets import (
    draft_of_tickets,
    gather_ticket,
    label_names,
    milestone_day,
    people,
    priority_of,
)
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState

_ADDRESS = expression(r"https?://[^/]+/(?P<repository>[^/]+/[^/]+)/(?:issues|pull)/\d+", re.ASCII)
KIND = "github"
_LEFT_DELETED = "comments that were deleted"
DEFAULT_LIMIT = 30  # of `gh issue list`, which lists open issues alone unless asked otherwise


def is_issue(item: object) -> bool:
    """Say whether an object is an issue of GitHub: it has a number, a state, and GitHub's words for them."""
    if not (text_of(item, "number") and text_of(item, "title") and text_of(item, "state")):
        return False
    url = first_text(item, "html_url", "url")
    return _ADDRESS.match(url) is not None or text_of(item, "stateReason") != ""


def ticket_of(item: Mapping[str, Any], place: str) -> Ticket:
    """Return the ticket that an issue is."""
    number, url = text_of(item, "number"), first_text(item, "html_url", "url")
    match = _ADDRESS.match(url)
    state, reason = text_of(item, "state").casefold(), first_text(item, "stateReason", "state_reason").casefold()
    what = TicketState.OPEN
    if state != "open":
        what = TicketState.DROPPED if reason in ("not_planned", "duplicate") else TicketState.DONE
    labels = label_names(item)
    assignees = items_of(item, "assignees") or [item.get("assignee")]
    return Ticket(
        key=f"{match['repository']}#{number}" if match else f"#{number}",
        title=text_of(item, "title"),
        state=what,
        said=f"{state} ({reason.replace('_', ' ')})" if reason and state != "open" else state,
        url=url if match else "",
        names=(f"#{number}", f"GH-{number}"),
        assignees=people(assignees, "login", "name", "email"),
        due=milestone_day(item, "dueOn", "due_on"),
        priority=priority_of(labels),
        closed=first_text(item, "closedAt", "closed_at"),
        place=place,
    )


def _issue(export: Export, item: Item) -> None:
    gather_ticket(export, item, ticket_of(item.value, item.place), KIND)


def _is_delivery(item: object) -> bool:
    """Say whether an object is a webhook's payload."""
    return bool(child(item, "repository") and child(item, "sender") and text_of(item, "action"))


def _delivery(export: Export, item: Item) -> None:
    """Gather a webhook's payload: its comment or its alert as a row, its issue as an action."""
    payload: Mapping[str, Any] = item.value
    gathered = export.incident("")
    comment, alert, issue = (child(payload, name) for name in ("comment", "alert", "issue"))
    if comment and text_of(payload, "action") == "deleted":
        gathered.leave_out(_LEFT_DELETED)
    elif comment:
        gathered.row(
            f"{item.place}, comment",
            f"comment/{text_of(comment, 'id')}",
            text_of(comment, "created_at"),
            text_of(comment, "body"),
            people=[text_of(comment, "user", "login")],
            evidence=text_of(comment, "html_url"),
            item=comment,
        )
    if alert:
        _alert(export, item, alert)
    if issue:
        _issue(export, Item(f"{item.place}, issue", issue))
    if not (comment or alert or issue):
        gathered.not_read(item.place, payload, "the payload holds no issue, no comment and no alert")


def _alert(export: Export, item: Item, alert: Mapping[str, Any]) -> None:
    package = text_of(alert, "dependency", "package", "name")
    what = first_text(child(alert, "security_advisory"), "summary") or first_text(alert, "secret_type_display_name")
    what = what or first_text(alert, "secret_type") or text_of(alert, "rule", "description")
    repository, action = text_of(item.value, "repository", "full_name"), text_of(item.value, "action")
    times = {"fixed": "fixed_at", "resolved": "resolved_at", "dismissed": "dismissed_at", "reopened": "updated_at"}
    when = text_of(alert, times.get(action, "created_at")) or text_of(alert, "created_at")
    export.incident("").row(
        f"{item.place}, alert",
        f"alert/{repository}/{text_of(alert, 'number')}/{action}/{when}",
        when,
        f"Alert {action}: {what or 'without a summary'}",
        notes=", ".join(filter(None, [repository, package, text_of(alert, "security_advisory", "ghsa_id")])),
        systems=["GitHub"],
        evidence=text_of(alert, "html_url"),
        milestone=DETECTED if action == "created" else "",
        item=alert,
    )


FORMAT = Format(
    kind=KIND,
    lists=("items",),
    parts=(Part(_is_delivery, _delivery), Part(is_issue, _issue)),
    what="issue of GitHub, nor a webhook's payload with one",
    draft=draft_of_tickets,
    beside=("repositories, users and pull requests", lambda item: "full_name" in mapping_of(item)),
)
