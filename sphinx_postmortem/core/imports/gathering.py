"""Gathers one incident from the items of an export. Each item is counted once, whatever becomes of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import (
    NO_TEXT,
    AnswerNeededError,
    Draft,
    DraftAction,
    DraftEvent,
    DraftSection,
    LeftOut,
    SourceError,
    Text,
    Unread,
)
from sphinx_postmortem.core.imports.files import MOST_ITEMS, Source
from sphinx_postmortem.core.records.time_reading import EARLIEST_YEAR, LATEST_YEAR, read_time
from sphinx_postmortem.core.records.times import BadTimeError, Moment, exact_moment

EVERYTHING = "--everything"  # the option that takes what is left out by default
_LONGEST_CELL = 400  # letters of an event that fit into a cell
_LONGEST_SHOWN = 2000  # letters that are kept of an item that was not read
_TWICE = "items that stand twice"

STARTED, DETECTED, VALIDATED = "Adverse activity started", "Alert detected", "Alert validated"
DECLARED, ENGAGED, CONTAINED = "Severity declared", "Security IC engaged", "Containment executed"
NEUTRALIZED, RECOVERED = "Threat neutralized", "Recovery completed"
_LAST_COUNTS = frozenset([CONTAINED, NEUTRALIZED, RECOVERED])

_SIGN = expression(r": | / |; | [–—-] | \(")
_LONGEST_MOMENT = 3  # words of an event that is nothing but a moment of the incident
_INCIDENTS = frozenset(
    ["incident", "outage", "attack", "impact", "issue", "problem", "disruption", "degradation", "fault", "failure"]
    + ["severity"]
)
# What tools call the moments of an incident, in lower case without "at": the milestone that is proposed for it.
_MOMENTS = {
    **dict.fromkeys(["started", "impact started", "impact start", "start"], STARTED),
    **dict.fromkeys(["detected", "triggered", "alerted", "alert"], DETECTED),
    **dict.fromkeys(["acknowledged", "accepted", "triaged", "validated", "confirmed"], VALIDATED),
    **dict.fromkeys(["declared", "severity declared"], DECLARED),
    **dict.fromkeys(["contained", "mitigated", "stabilised", "stabilized"], CONTAINED),
    **dict.fromkeys(["fixed", "eradicated", "neutralized", "neutralised"], NEUTRALIZED),
    **dict.fromkeys(["resolved", "recovered"], RECOVERED),
}


def milestone_of(name: str) -> str:
    """Return the milestone that is proposed for a moment by its name in a tool; empty where there is none."""
    plain = " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
    return _MOMENTS.get(plain.removesuffix(" at").strip(), "")


def milestone_in_words(event: str) -> str:
    """Return the milestone that a few words name by their last one ("Fault detected"); empty for a longer event.

    The words may stand before a sign: "detected: external monitoring", "acknowledged / on-call engaged".

    What has started or was declared may be anything, such as a call or the all-clear: of that, the other words must
    name the incident.
    """
    event = _SIGN.split(event, maxsplit=1)[0]
    *others, last = event.casefold().strip(" .:!").split() or [""]
    is_vague = bool(others) and last.startswith(("start", "beg", "declared"))
    if len(others) >= _LONGEST_MOMENT or (is_vague and _INCIDENTS.isdisjoint(others)):
        return ""
    return milestone_of(last)


def moment_of(text: str, source: Source, place: str) -> Moment:
    """Read a time of an export.

    Raises:
        BadTimeError: it is no time.
        AnswerNeededError: it has no zone, and the user has named none.
    """
    zone = source.asked.zone
    reading = read_time(text, zone=zone)
    if zone is None and not reading.moment.has_zone and reading.moment.is_known:
        message = f'{place}: the time "{text}" has no zone, and nobody may guess it; name it, as in --zone UTC'
        raise AnswerNeededError(message, "--zone")
    return reading.moment


def moment_since_1970(value: str, per_second: int = 1) -> Moment:
    """Return the moment of a number of seconds (or of parts of one) since 1970.

    Raises:
        BadTimeError: it is no such number, or lies outside the years that can be an incident's.
    """
    whole, _, fraction = value.partition(".")
    if not whole.isdecimal() or not (fraction.isdecimal() or not fraction) or len(whole) > 20:
        raise BadTimeError(f'"{value}" is no time in seconds since 1970')
    parts = int(whole) * 1_000_000 + int(fraction.ljust(6, "0")[:6] or 0)
    try:
        utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=parts // per_second)
    except OverflowError:
        utc = datetime(9999, 1, 1, tzinfo=UTC)
    if not EARLIEST_YEAR <= utc.year <= LATEST_YEAR:
        raise BadTimeError(f'"{value}" is no possible time in seconds since 1970')
    return exact_moment(value, utc, has_seconds=True)


def told(text: str, markdown: str = "") -> tuple[Text, Text]:
    """Return what a text says in one line, and the whole of it where it is more than a cell can hold.

    Args:
        text: the plain text.
        markdown: the same as Markdown, where it has links.
    """
    whole = Text(markdown.strip(), is_markdown=True) if markdown else Text(text.strip())
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) <= 1 and len(text) <= _LONGEST_CELL:
        return Text(" ".join(whole.written.split()), whole.is_markdown), NO_TEXT
    first = lines[0]
    if len(first) > _LONGEST_CELL:
        first = f"{first[: first.rfind(' ', 0, _LONGEST_CELL) if ' ' in first[:_LONGEST_CELL] else _LONGEST_CELL]} …"
    return Text(first), whole


class Gathered:
    """What an export has given of one incident so far."""

    def __init__(self, kind: str, source: Source, incident: str = "") -> None:
        """Begin with nothing.

        Args:
            kind: the kind of the source.
            source: the file.
            incident: the id of the incident in the file, which may hold several; empty where it is not known.
        """
        self.kind, self.source, self.incident = kind, source, incident
        self.items = 0
        self._events: dict[str, DraftEvent] = {}
        self._actions: dict[str, DraftAction] = {}
        self._unread: list[Unread] = []
        self._sections: list[DraftSection] = []
        self._factors: list[Text] = []
        self._left_out: Counter[tuple[str, str]] = Counter()
        self._names: dict[str, None] = {}
        self._said: dict[str, None] = {}

    @property
    def takes_everything(self) -> bool:
        """Whether the user wants what is left out by default."""
        return self.source.asked.everything

    def proposes(self, milestone: str) -> bool:
        """Say whether a milestone is proposed for a row that was gathered."""
        return any(event.milestone == milestone for event in self._events.values())

    def row(
        self,
        place: str,
        key: str,
        when: str | Moment,
        text: str,
        *,
        markdown: str = "",
        notes: str = "",
        people: Iterable[str] = (),
        systems: Iterable[str] = (),
        evidence: str = "",
        milestone: str = "",
        is_public: bool = False,
        item: object = None,
    ) -> None:
        """Gather an item as a row of the timeline, or as one that was not read where its time cannot be.

        Args:
            place: where it stands in the export.
            key: the source's own id of it.
            when: its time, as written or as read.
            text: what happened.
            markdown: the same with its links, as Markdown in which all else is escaped; empty where it has none.
            notes: what belongs to it.
            people: who acted or wrote it.
            systems: the systems that did.
            evidence: its permalink.
            milestone: the milestone that is proposed.
            is_public: whether the source says that the public has read it.
            item: the item, which is kept where it cannot be read.

        Raises:
            AnswerNeededError: its time has no zone, and the user has named none.
            SourceError: there are more items than an import takes.
        """
        try:
            moment = moment_of(when, self.source, place) if isinstance(when, str) else when
        except BadTimeError as error:
            self.not_read(place, text if item is None else item, str(error) if when else "it has no time")
            return
        if not text.strip() and not notes.strip():
            self.not_read(place, text if item is None else item, "it says nothing")
            return
        names = [name for name in people if name]
        said, detail = told(text or notes, markdown)
        more, more_detail = told(notes if text else "")
        event = DraftEvent(
            key=f"{self.kind}:{key}",
            moment=moment,
            event=said,
            notes=more,
            detail=detail or more_detail,
            who=tuple(dict.fromkeys([*names, *(name for name in systems if name)])),
            evidence=evidence,
            milestone=milestone,
            is_public=is_public,
        )
        self._names.update(dict.fromkeys(names))
        self.add(event, place)

    def add(self, event: DraftEvent, place: str) -> None:
        """Gather an item as a row that was made already."""
        known = self._events.get(event.key)
        if known is None:
            self._count()
            self._events[event.key] = event
        elif known == event:
            self.leave_out(_TWICE)
        else:
            said = f"its id stands twice in the export, with another text ({event.key})"
            self.not_read(place, f"{event.moment.written} {event.event.written}", said)

    def action(self, action: DraftAction, place: str) -> None:
        """Gather an item as an action."""
        known = self._actions.get(action.key)
        if known is None:
            self._count()
            self._actions[action.key] = action
            self._names.update(dict.fromkeys(action.owners))
        elif known == action:
            self.leave_out(_TWICE)
        else:
            said = f"its id stands twice in the export, with another text ({action.key})"
            self.not_read(place, action.action.written, said)

    def section(self, section: DraftSection, place: str) -> None:
        """Gather an item as a part of the page."""
        if section.text:
            self._count()
            self._sections.append(section)
        else:
            self.not_read(place, section.title, "it says nothing")

    def factor(self, factor: Text) -> None:
        """Gather an item as a contributing factor."""
        self._count()
        self._factors.append(factor)

    def not_read(self, place: str, item: object, reason: str) -> None:
        """Gather an item as one that was not read."""
        self._count()
        self._unread.append(Unread(place, shown(item), reason))

    def leave_out(self, what: str, option: str = "", count: int = 1) -> None:
        """Count items that are left out by a rule: what they are, and the option that takes them."""
        self.items += count
        self._left_out[what, option] += count

    def take(self, stray: Gathered) -> None:
        """Take over what was not read and what was left out of others, which belong to no incident."""
        self.items += stray.items
        self._unread += stray._unread
        self._left_out += stray._left_out

    def say(self, sentence: str) -> None:
        """Note what the author must know."""
        self._said[sentence] = None

    def name(self, *people: str) -> None:
        """Note people who stand in the incident."""
        self._names.update(dict.fromkeys(person for person in people if person))

    def draft(self, **fields: Any) -> Draft:
        """Return the draft, with its rows in the order of time."""
        events = _in_order(list(self._events.values()))
        days = [event.moment.utc.date() for event in events if event.moment.utc is not None]
        if days:
            fields = {"first_day": days[0], "last_day": days[-1], **fields}
        return Draft(
            kind=self.kind,
            source=f"{self.source.name}#{self.incident}" if self.incident else self.source.name,
            events=tuple(_one_of_each(events)),
            actions=tuple(self._actions.values()),
            unread=tuple(self._unread),
            left_out=tuple(LeftOut(what, n, option) for (what, option), n in self._left_out.items()),
            names=tuple(self._names),
            said=tuple(self._said),
            items=self.items,
            sections=tuple(self._sections),
            factors=tuple(self._factors),
            **fields,
        )

    def _count(self) -> None:
        self.items += 1
        if len(self._events) + len(self._actions) + len(self._unread) >= MOST_ITEMS:
            raise SourceError(
                f"{self.source.name}: it gives more than {MOST_ITEMS} items, the bound; export the days of the incident"
            )


def shown(item: object) -> str:
    """Return an item as a text, for what was not read."""
    text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} …"


def joined(words: Iterable[object]) -> str:
    """Return names in one text, without empty ones."""
    return ", ".join(dict.fromkeys(str(word) for word in words if word))


def _in_order(events: list[DraftEvent]) -> list[DraftEvent]:
    """Return events in the order of time; those of one instant as the export has them, the oldest first."""
    known = [event.moment.utc for event in events if event.moment.utc is not None]
    if len(known) > 1 and known[0] > known[-1]:
        events.reverse()  # many tools export the newest first
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(events, key=lambda event: event.moment.utc or last)


def _one_of_each(events: list[DraftEvent]) -> list[DraftEvent]:
    """Propose each milestone once: for its first moment, or for its last where that counts."""
    chosen: dict[str, str] = {}
    for event in events:
        if event.milestone and (event.milestone not in chosen or event.milestone in _LAST_COUNTS):
            chosen[event.milestone] = event.key
    return [
        replace(event, milestone="") if event.milestone and chosen[event.milestone] != event.key else event
        for event in events
    ]
