"""A ticket of a tracker, as its export states it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sphinx_postmortem.core.dataclass_on_demand import dataclass


class TicketState(StrEnum):
    """What has become of a ticket. ``DROPPED`` is closed without being done: not planned, a duplicate, rejected."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Ticket:
    """One ticket.

    Attributes:
        key: its name in the tracker, such as ``SEC-41`` or ``acme/registry#12``.
        title: its title.
        state: what has become of it.
        said: its status in the tracker's own words, with the reason why it was closed.
        url: its address for people; empty where the export does not say.
        names: other ways to name it, such as ``#12`` or the id of a linked ticket.
        assignees: whom it is assigned to: each a tuple of all names that the export gives them, the shown one first.
        due: the day when it is due.
        priority: its priority, as written.
        closed: when it was closed, as written.
        place: where it stands in the export.
    """

    key: str
    title: str
    state: TicketState
    said: str = ""
    url: str = ""
    names: tuple[str, ...] = ()
    assignees: tuple[tuple[str, ...], ...] = ()
    due: date | None = None
    priority: str = ""
    closed: str = ""
    place: str = ""
