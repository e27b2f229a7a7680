"""The due times of reporting clocks as a calendar (RFC 5545): those that run, and those that have run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sphinx_postmortem.core.clocks.clock_texts import bounds_text, disclaimer, moment_text, start_text
from sphinx_postmortem.core.clocks.running_clocks import Clock, ClockKeeper
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import Publication, named, printable
from sphinx_postmortem.core.language.texts import said, say
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.sphinx_ext.exports.calendars import make_calendar

if TYPE_CHECKING:
    from icalendar import Event

CLOCKS = EXPORT_FILES["ics"][1]


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
        (say("Incident"), named(incident)),
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
