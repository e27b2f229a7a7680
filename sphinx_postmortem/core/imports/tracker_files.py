"""Reads the tickets of a tracker's export, for actions that follow them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.imports import github, gitlab, incident_io, jira
from sphinx_postmortem.core.imports.draft import SourceError
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.json_values import child, items_of
from sphinx_postmortem.core.imports.peeking import Item, items_in
from sphinx_postmortem.core.imports.source_kinds import find_kind
from sphinx_postmortem.core.records.tracker_ticket import Ticket, TicketState


@dataclass(frozen=True)
class TicketFile:
    """The tickets of one export, in its order; ``skipped`` counts its other items, ``said`` what is doubtful of it."""

    name: str
    tickets: tuple[Ticket, ...]
    skipped: int = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Tracker:
    fits: Callable[[object], bool]
    ticket: Callable[[Mapping[str, Any], str], Ticket]
    items: Callable[[Source], Iterator[Item]]


def _of(*lists: str) -> Callable[[Source], Iterator[Item]]:
    return lambda source: items_in(source, *lists)


def _of_github(source: Source) -> Iterator[Item]:
    for item in items_in(source, "items"):
        issue = child(item.value, "issue")
        yield Item(item.place, issue) if issue else item


def _of_incident_io(source: Source) -> Iterator[Item]:
    for item in items_in(source, "follow_ups", "incidents", "incident"):
        below = items_of(item.value, "follow_ups")
        if not below:
            yield item
        for number, each in enumerate(below, start=1):
            yield Item(f"{item.place}, follow-up {number}", each)


_TRACKERS = {
    "jira": _Tracker(jira.is_issue, jira.ticket_of, _of("issues", "values")),
    "github": _Tracker(github.is_issue, github.ticket_of, _of_github),
    "gitlab": _Tracker(gitlab.is_issue, gitlab.ticket_of, gitlab.issues_in),
    "incident-io": _Tracker(incident_io.is_follow_up, incident_io.ticket_of, _of_incident_io),
}
TRACKERS = tuple(_TRACKERS)


def read_tickets(source: Source, asked: str = "") -> TicketFile:
    """Return the tickets of an export.

    Args:
        source: the file.
        asked: the tracker; empty to find it by the content.

    Raises:
        SourceError: the file is no export of a tracker, or holds no ticket.
    """
    kind = asked or find_kind(source).name
    if kind not in _TRACKERS:
        raise SourceError(f"{source.name}: {kind} is no tracker of tickets; export one of {', '.join(TRACKERS)}")
    tracker = _TRACKERS[kind]
    tickets: list[Ticket] = []
    skipped = 0
    for item in tracker.items(source):
        if tracker.fits(item.value):
            tickets.append(tracker.ticket(item.value, item.place))
        else:
            skipped += 1
    if not tickets:
        raise SourceError(
            f"{source.name}: it holds no ticket of {kind}; see the page of this source for what to export"
        )
    return TicketFile(source.name, tuple(tickets), skipped, _doubts(source, kind, tickets))


def _doubts(source: Source, kind: str, tickets: list[Ticket]) -> tuple[str, ...]:
    is_default = len(tickets) == github.DEFAULT_LIMIT and all(each.state is TicketState.OPEN for each in tickets)
    if kind != "github" or not is_default:
        return ()
    said = f"it holds {len(tickets)} open issues, which is what `gh issue list` lists by default"
    return (f"{source.name}: {said}; add --state all --limit 1000",)
