"""Makes one draft of several sources: one timeline, in which what tells the same is marked, and nothing is dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from sphinx_postmortem.core.imports.draft import Draft, DraftEvent, Text

_NEAR = timedelta(minutes=2)
_SHARE = 0.5  # of the words of the shorter text that both have
_LATEST = datetime.max.replace(tzinfo=UTC)


def combine(drafts: Sequence[Draft]) -> Draft:
    """Return one draft of several; what only one can give (title, id, summary) is that of the first that states it."""
    if len(drafts) == 1:
        return drafts[0]
    first = drafts[0]
    days = [draft.first_day for draft in drafts if draft.first_day]
    lasts = [draft.last_day for draft in drafts if draft.last_day]
    return replace(
        first,
        source=", ".join(draft.source for draft in drafts),
        incident_id=next((draft.incident_id for draft in drafts if draft.incident_id), ""),
        title=next((draft.title for draft in drafts if draft.title), ""),
        first_day=min(days, default=None),
        last_day=max(lasts, default=None),
        severity=next((draft.severity for draft in drafts if draft.severity), ""),
        status=next((draft.status for draft in drafts if draft.status), ""),
        incident_type=next((draft.incident_type for draft in drafts if draft.incident_type), ""),
        summary=next((draft.summary for draft in drafts if draft.summary), Text()),
        impacts=tuple(chain.from_iterable(draft.impacts for draft in drafts)),
        events=tuple(_marked(_ordered(drafts))),
        actions=tuple(chain.from_iterable(draft.actions for draft in drafts)),
        factors=tuple(chain.from_iterable(draft.factors for draft in drafts)),
        sections=tuple(chain.from_iterable(draft.sections for draft in drafts)),
        unread=tuple(chain.from_iterable(draft.unread for draft in drafts)),
        left_out=tuple(chain.from_iterable(draft.left_out for draft in drafts)),
        links=tuple(chain.from_iterable(draft.links for draft in drafts)),
        names=tuple(dict.fromkeys(chain.from_iterable(draft.names for draft in drafts))),
        headings=tuple(chain.from_iterable(draft.headings for draft in drafts)),
        facts=tuple(chain.from_iterable(draft.facts for draft in drafts)),
        said=tuple(chain(_said(drafts), *(draft.said for draft in drafts))),
        items=sum(draft.items for draft in drafts),
        parts=tuple(drafts),
    )


def _said(drafts: Sequence[Draft]) -> list[str]:
    """Say where sources state two incidents."""
    ids = list(dict.fromkeys(draft.incident_id for draft in drafts if draft.incident_id))
    return [f"the sources name {len(ids)} incidents: {', '.join(ids)}; the page has the first"] if len(ids) > 1 else []


def _ordered(drafts: Sequence[Draft]) -> list[tuple[int, DraftEvent]]:
    """Return the events of all sources by time; one without a time stays behind the one before it."""
    timed: list[tuple[datetime, int, int, DraftEvent]] = []
    for index, draft in enumerate(drafts):
        last = next((event.moment.utc for event in draft.events if event.moment.utc), _LATEST)
        for number, event in enumerate(draft.events):
            last = event.moment.utc or last
            timed.append((last, index, number, event))
    timed.sort(key=lambda item: item[:3])
    return [(index, event) for _, index, _, event in timed]


def _marked(events: Sequence[tuple[int, DraftEvent]]) -> list[DraftEvent]:
    """Mark an event that another source tells, too, within two minutes and in like words."""
    found: list[DraftEvent] = []
    for place, (source, event) in enumerate(events):
        twin = ""
        for other_source, other in reversed(events[max(0, place - 20) : place]):
            if other_source != source and _are_near(event, other) and _are_alike(event, other):
                twin = other.key
                break
        found.append(replace(event, duplicate_of=twin) if twin else event)
    return found


def _are_near(one: DraftEvent, other: DraftEvent) -> bool:
    first, second = one.moment.utc, other.moment.utc
    return first is not None and second is not None and abs(first - second) <= _NEAR


def _are_alike(one: DraftEvent, other: DraftEvent) -> bool:
    if one.milestone and one.milestone == other.milestone:
        return True
    words, others = _words(one), _words(other)
    return bool(words and others) and len(words & others) >= _SHARE * min(len(words), len(others))


def _words(event: DraftEvent) -> set[str]:
    return set(re.findall(r"[^\W_]{4,}", event.event.written.casefold()))
