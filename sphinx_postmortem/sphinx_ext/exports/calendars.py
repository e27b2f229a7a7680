"""Due dates of actions, and due times of reporting clocks, as calendars (RFC 5545), by the library ``icalendar``.

Actions are all-day events, not to-dos: most calendar programs do not show to-dos of a calendar that was subscribed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sphinx.errors import ExtensionError

from sphinx_postmortem.core.clocks.clock_texts import bounds_text, disclaimer, start_text
from sphinx_postmortem.core.clocks.running_clocks import Clock, ClockKeeper
from sphinx_postmortem.core.exports.export_files import CALENDARS_NEED, EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication, printable
from sphinx_postmortem.core.file_stems import fitting_stem
from sphinx_postmortem.core.language.texts import later, said, say
from sphinx_postmortem.core.records.anchors import slug
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, is_done
from sphinx_postmortem.core.records.model import Action, Incident, Owner
from sphinx_postmortem.core.records.times import moment_text
from sphinx_postmortem.core.records.tones import status_label

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_LONGEST = 80
ALL_ACTIONS, CLOCKS, CALENDARS = EXPORT_FILES["ics"]
_ACTIONS_OF = later("{site}: actions of {name}")
_PRODUCER = "-//sphinx-postmortem//Actions//EN"
MADE_HERE = f"PRODID:{_PRODUCER}".encode()


def owner_file_names(owners: Iterable[Owner]) -> dict[str, str]:
    """Return a file name for each owner's key: ASCII, lower case, no longer than 100 characters, none twice."""
    return _file_names("owner", (owner.key for owner in owners))


def incident_file_names(incidents: Iterable[Incident]) -> dict[str, str]:
    """Return a file name for each incident's key, as those of owners."""
    return _file_names("incident", (incident.key for incident in incidents))


def _file_names(prefix: str, keys: Iterable[str]) -> dict[str, str]:
    """Return a name for each key. All begin with a word, since some systems give names such as ``con`` a meaning."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        stem = fitting_stem(slug(printable(key)), _LONGEST)
        free, number = f"{prefix}-{stem}", 1
        while free in taken:
            number += 1
            free = f"{prefix}-{stem}-{number}"
        taken.add(free)
        names[key] = f"{free}.ics"
    return names


def can_make_calendars() -> bool:
    """Say whether the library is installed."""
    return find_spec("icalendar") is not None


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each calendar: its path and its content.

    Raises:
        ExtensionError: the library is not installed.
    """
    if not can_make_calendars():
        raise ExtensionError(f"calendars cannot be made: {CALENDARS_NEED}")
    settings = edition.settings
    yield from action_calendars(edition.knowledge, edition.publication, settings.done_statuses)
    yield CLOCKS, clock_calendar(edition.own, edition.publication, settings.clock_keeper)


def action_calendars(
    knowledge: KnowledgeBase, publication: Publication, done_statuses: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of the calendar of all actions, of each owner's, and of each incident's.

    They hold the actions that have a due date and need more work. An owner or incident all of whose actions are done
    keeps a calendar without events, so that a subscription goes on.
    """
    done = frozenset(done_statuses)
    name = publication.title or say("Postmortems")
    maker = _Events(knowledge, publication)
    # Each event stands in two calendars or more; the library takes its time over one.
    events = {
        id(action): maker.event(action).to_ical()
        for action in knowledge.actions
        if action.due and not is_done(action, done)
    }
    yield ALL_ACTIONS, make_calendar(say("{site}: actions", site=name), list(events.values()))
    owners = owners_with_calendars(knowledge)
    by_owner = {group.owner.key: group for group in knowledge.actions_by_owner(publication.today)}
    for key, path in owner_calendars(owners).items():
        of_owner = [events[id(action)] for action in by_owner[key].actions if id(action) in events]
        yield path, make_calendar(say(_ACTIONS_OF, site=name, name=by_owner[key].owner.label), of_owner)
    for key, path in incident_calendars(knowledge).items():
        incident = knowledge.incident_by_key[key]
        actions = knowledge.actions_by_incident.get((incident.docname, incident.id), ())
        of_incident = [events[id(action)] for action in actions if id(action) in events]
        yield path, make_calendar(say(_ACTIONS_OF, site=name, name=incident.id), of_incident)


def owners_with_calendars(knowledge: KnowledgeBase) -> list[Owner]:
    """Return the owners who have actions, in the order of their keys."""
    found = {group.owner.key: group.owner for group in knowledge.actions_by_owner(None) if group.owner.id}
    return [found[key] for key in sorted(found)]


def owner_calendars(owners: Iterable[Owner]) -> dict[str, str]:
    """Return the path of each owner's calendar, by the owner's key."""
    return {key: f"{CALENDARS}/{name}" for key, name in owner_file_names(owners).items()}


def incident_calendars(knowledge: KnowledgeBase) -> dict[str, str]:
    """Return the path of the calendar of each of this site's incidents that have actions, by the incident's key."""
    own = (knowledge.incident_by_key[key] for key in sorted(knowledge.incident_by_key))
    having = (i for i in own if not i.site and knowledge.actions_by_incident.get((i.docname, i.id)))
    return {key: f"{CALENDARS}/{name}" for key, name in incident_file_names(having).items()}


class _Events:
    """Makes the events of one edition; the ids of actions that share one are told apart by their order."""

    def __init__(self, knowledge: KnowledgeBase, publication: Publication) -> None:
        self.knowledge = knowledge
        self.publication = publication
        self.uids: dict[int, str] = {}
        taken: dict[str, int] = {}
        for action in knowledge.actions:
            home = action.full_id if action.incident_id else f"{action.docname}/{action.local_id}"
            name = publication.tag("action", home, action.url)
            taken[name] = taken.get(name, 0) + 1
            repeated = f"#{taken[name]}" if taken[name] > 1 else ""
            self.uids[id(action)] = uuid5(NAMESPACE_URL, name + repeated).hex

    def event(self, action: Action) -> Event:
        """Return the event of one action. Its stamp is today, or its incident's day: no clock is read."""
        from icalendar import Event

        incident = self.knowledge.incident_of(action)
        day = self.publication.today or self.publication.day_of(incident)
        event = Event()
        event.add("uid", self.uids[id(action)])
        event.add("dtstamp", datetime.combine(day, time(), tzinfo=UTC))
        event.add("dtstart", action.due)
        event.add("summary", printable(f"{action.full_id}: {action.text}"))
        event.add("description", printable("\n".join(self._details(action))))
        event.add("transp", "TRANSPARENT")
        if address := self.publication.address(action):
            event.add("url", address)
        return event

    def _details(self, action: Action) -> Iterator[str]:
        incident = self.knowledge.incident_of(action)
        owners = [self.knowledge.find_owner(name) for name in action.owners]
        facts = (
            (say("Incident"), incident.full_title if incident else ""),
            (say("Site"), action.site),
            (say("Severity"), incident.severity if incident else ""),
            (say("Owners"), ", ".join(owner.label for owner in owners if owner)),
            (say("Priority"), action.priority),
            (say("Status"), status_label(action.status)),
            (say("Address"), self.publication.address(action)),
        )
        return (say("{name}: {value}", name=name, value=value) for name, value in facts if value)


def make_calendar(title: str, events: list[bytes]) -> bytes:
    """Return the calendar of finished events."""
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCER)
    calendar.add("x-wr-calname", vText(printable(title)))  # the library does not know it, and would not escape it
    if not events:
        _add_time_zone(calendar)
    content: bytes = calendar.to_ical()
    end = b"END:VCALENDAR\r\n"
    return b"".join([content.removesuffix(end), *events, end])


def _add_time_zone(calendar: Calendar) -> None:
    """Put the zone UTC into a calendar without events: one without any part is none (section 3.6)."""
    from icalendar import Timezone, TimezoneStandard

    zone = Timezone()
    zone.add("tzid", "Etc/UTC")
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  A zone's times have no zone.
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add_component(standard)
    calendar.add_component(zone)


def clock_calendar(knowledge: KnowledgeBase, publication: Publication, keeper: ClockKeeper) -> bytes:
    """Return a calendar of the notifications that are due and not sent, at the earliest time that is possible."""
    events: dict[str, bytes] = {}
    for incident in knowledge.incidents:
        for clock in keeper.of_incident(knowledge, (incident.docname, incident.id)):
            due = clock.due and (clock.due.first or clock.due.last)
            if due and clock.sent is None:
                uid = _uid(clock, incident, publication)
                events.setdefault(uid, _event(uid, clock, due, incident, publication, keeper).to_ical())
    return make_calendar(
        say("{site}: reporting clocks", site=publication.title or say("Postmortems")), list(events.values())
    )


def _uid(clock: Clock, incident: Incident, publication: Publication) -> str:
    name = publication.tag("clock", f"{incident.id}/{clock.rule.regime}/{clock.stage.name}")
    return uuid5(NAMESPACE_URL, name).hex


def _event(
    uid: str, clock: Clock, due: datetime, incident: Incident, publication: Publication, keeper: ClockKeeper
) -> Event:
    """Return the entry of one clock. Its stamp is today, or its incident's day: no clock of the machine is read."""
    from icalendar import Event

    day = publication.today or publication.day_of(incident)
    summary = say(
        "{incident}: {regime}, {stage} due", incident=incident.id, regime=clock.rule.title, stage=say(clock.stage.name)
    )
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", datetime.combine(day, time(), tzinfo=UTC))
    event.add("dtstart", due)
    event.add("duration", timedelta())
    event.add("summary", printable(summary))
    event.add("description", printable("\n".join(_details(clock, incident, publication, keeper))))
    event.add("transp", "TRANSPARENT")
    if address := publication.address(incident):
        event.add("url", address)
    return event


def _details(clock: Clock, incident: Incident, publication: Publication, keeper: ClockKeeper) -> Iterator[str]:
    is_later = clock.allowed != clock.due
    facts = (
        (say("Incident"), incident.full_title),
        (say("Start (UTC)"), f"{moment_text(clock.start)} ({start_text(clock)})"),
        (say("Due (UTC)"), bounds_text(clock.due)),
        (say("The rule allows (UTC)"), bounds_text(clock.allowed) if is_later else ""),
        (say("State"), say(clock.state.value)),
        (say("Note"), said(clock.why)),
        (say("Source"), clock.rule.source),
        (say("Address"), publication.address(incident)),
    )
    yield from (say("{name}: {value}", name=name, value=value) for name, value in facts if value)
    yield disclaimer(keeper.book)
