"""The draft that every source gives: plain values, before they become a page.

Every item of a source is in the draft: as an event, an action, a factor or a section, as *not read* with its reason,
or counted as left out. ``Draft.items`` is how many the source holds, counted where it is read; ``Draft.accounted`` how
many the draft has. The two are equal, and tests hold every kind to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.times import Moment


class SourceError(ValueError):
    """A source that cannot be imported. The message names its place, what is wrong and what to do."""


class AnswerNeededError(SourceError):
    """A fact that the source does not state and nobody may guess. ``option`` gives it, such as ``--zone``."""

    def __init__(self, message: str, option: str) -> None:
        """Keep the option beside the message."""
        super().__init__(message)
        self.option = option


@dataclass(frozen=True)
class Text:
    """A text of a source: plain text, or the author's own Markdown.

    Of plain text every character is shown as it is. Markdown keeps its emphasis, code, lists and links; it cannot
    become a directive, a role, a comment or HTML (``escape``). A kind that makes links of plain text writes Markdown:
    ``Text(f"{escape.plain(before)}{escape.link(label, address)}", is_markdown=True)``.
    """

    written: str = ""
    is_markdown: bool = False

    def __bool__(self) -> bool:
        return bool(self.written.strip())


NO_TEXT = Text()


@dataclass(frozen=True)
class DraftEvent:
    """One event of the timeline.

    Attributes:
        key: the source's own id with the kind before it, such as ``pagerduty:R7LHN``: the same at every import, and
            another for every event. A later import finds the row again by it.
        moment: what is known of its time; ``Moment(text)`` where nothing is. ``moment.written`` is the source's text.
        event: what happened, in one line.
        notes: what belongs to it, in one line.
        detail: what does not fit into a cell (lists, code, long text): it stands below the table.
        who: who acted or wrote it: people and systems, by name.
        evidence: a permalink (``https://…``), or a file and a line (``page.md:34``).
        milestone: the milestone that is proposed, as the site names it; empty for none.
        precision: what the source says of how exact the time is, where the time itself does not say it.
        is_public: whether the source says that the public has read it.
        duplicate_of: the key of an event of another source that tells the same; empty for none.
    """

    key: str
    moment: Moment
    event: Text
    notes: Text = NO_TEXT
    detail: Text = NO_TEXT
    who: tuple[str, ...] = ()
    evidence: str = ""
    milestone: str = ""
    precision: str = ""
    is_public: bool = False
    duplicate_of: str = ""


@dataclass(frozen=True)
class DraftAction:
    """One action.

    ``status`` is one of the words for it (``open``, ``done``, …), ``due`` None where it is not stated. ``due_written``
    is the source's text of a date; ``ticket`` an address or a number of an issue; the others are as for
    events.
    """

    key: str
    action: Text
    owners: tuple[str, ...] = ()
    priority: str = ""
    due: date | None = None
    due_written: str = ""
    status: str = ""
    ticket: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class DraftSection:
    """A part of the document.

    ``home`` is the section of our template that it goes to (one of ``sections.HOMES``); empty for none: then it stays
    in place, under its own title, for the first audience. ``level`` is that of its heading, 1 for the highest.
    """

    key: str
    title: str
    text: Text
    home: str = ""
    level: int = 2
    line: int = 0


@dataclass(frozen=True)
class Unread:
    """An item that was not read: where it stands, what it says, and why. The page keeps it as a comment."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """Items that were left out on purpose: what they are, how many, and the option that takes them."""

    what: str
    count: int
    option: str = ""


@dataclass(frozen=True)
class Draft:
    """One incident, as one source tells it.

    Attributes:
        kind: the kind of the source.
        source: the name of its file; behind ``#`` the incident's id in it, where the file may hold several.
        incident_id: the source's own id or number; it becomes the page's where it can be one.
        title: what happened, as plain text.
        first_day, last_day: the days of the incident; None where they are not stated.
        severity, status: as the source writes them; ``page`` takes those that the site knows and says the others.
        incident_type: ``Security``, ``Availability`` or ``Hybrid``; empty where it is not stated.
        impacts: pairs of kind (``customer``, ``operational``, ``regulatory``) and text.
        links: pairs of what it is and an address, for the page's end: the incident in the tool, the chat channel.
        names: the people in it, as written: they are offered for ``postmortem_pseudonyms``.
        zone: the zone in which the source's times are, as written.
        headings: the headings of a document, of which many become those of our template.
        facts: what a document says of itself and the page's own fields hold or leave to its author, as written.
        said: what its reader noticed and an author must know, each a sentence with a place.
        veris: rows of the block `veris`, as ``core.veris.veris_block.block_rows`` writes them.
        items: how many items the source holds.
        parts: the drafts of several sources that this one was made of.
    """

    kind: str
    source: str
    incident_id: str = ""
    title: str = ""
    first_day: date | None = None
    last_day: date | None = None
    severity: str = ""
    status: str = ""
    incident_type: str = ""
    summary: Text = NO_TEXT
    impacts: tuple[tuple[str, Text], ...] = ()
    events: tuple[DraftEvent, ...] = ()
    actions: tuple[DraftAction, ...] = ()
    factors: tuple[Text, ...] = ()
    sections: tuple[DraftSection, ...] = ()
    unread: tuple[Unread, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    zone: str = ""
    headings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    veris: tuple[tuple[str, str], ...] = ()
    items: int = field(default=0)
    parts: tuple[Draft, ...] = ()

    @property
    def accounted(self) -> int:
        """How many of the source's items the draft tells of."""
        parts = (self.events, self.actions, self.factors, self.sections, self.unread, self.veris)
        return sum(map(len, parts)) + sum(item.count for item in self.left_out)


def with_own_names(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts of one file so that no two name the same source: each becomes a page of its own."""
    found: list[Draft] = []
    every = list(drafts)
    taken: set[str] = set()
    is_one = len(every) == 1
    for draft in every:
        name = draft.source
        if not is_one and "#" not in name and draft.incident_id:
            name = f"{name}#{draft.incident_id}"
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}-{number}" if "#" in name else f"{name}#{number}"
        taken.add(free)
        found.append(draft if free == draft.source else replace(draft, source=free))
    return found
