"""Seeded content: N incidents as plain values, the same for every form. Public-domain wording, nothing real."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sphinx_postmortem.core.records.milestones import DEFAULT_MILESTONES

EVENTS_PER_PAGE = 12
ACTIONS_PER_PAGE = 6

SYSTEMS = ("artifact registry", "payroll portal", "VPN gateway", "build runner", "identity provider", "mail relay")
CAUSES = ("stolen token", "unpatched service", "phished account", "public bucket", "lost laptop", "shared password")
OWNERS = tuple(f"{area}-{kind}" for area in ("detection", "identity", "network", "cloud", "release") for kind in "abcd")
NOTES = (
    "Seen on `host-{n}` and two others",
    "Source network AS{n}, first seen this week",
    "The on-call didn't need a second page",
    "See [the runbook](https://runbooks.example/{n})",
    "Confirmed by two analysts (ticket {n})",
    "Token `ci-pub-{n}` was **revoked** at once",
    "",
)
EVENTS = (
    "Owner of the {system} informed",
    "Second login from an unknown network",
    "Logs of the {system} copied as evidence",
    "Customers notified by the account teams",
)
ACTIONS = (
    "Alert on uploads to the {system} without a matching tag",
    "Shorten the life of tokens to 12 hours",
    "Move the {system} behind the identity provider",
    "Rehearse the runbook for a {cause} with the on-call rota",
    "Keep logs of the {system} for 90 days, not 14",
    "Review who can grant `admin` on the {system}",
)
PROSE = (
    "The {system} accepted the {cause} because its check compared the name only, never the issuer.",
    "Two teams owned parts of the {system}, and neither owned the path between them.",
    "The alert fired within minutes, but its text named the wrong service.",
    "Backups of the {system} were intact and were not needed.",
)


@dataclass(frozen=True)
class Event:
    """A row of a timeline; ``internal`` marks it for the internal edition."""

    time: str
    text: str
    notes: str
    internal: bool = False


@dataclass(frozen=True)
class Action:
    """A row of an action table."""

    id: str
    text: str
    owner: str
    priority: str
    due: str
    status: str


@dataclass(frozen=True)
class Incident:
    """One page. Texts are Markdown, which for these words is reStructuredText too, but for code and links."""

    id: str
    title: str
    day: str
    severity: str
    type: str
    status: str
    impact: str
    summary: str
    details: str
    cause: str
    factors: tuple[str, ...]
    events: tuple[Event, ...]
    actions: tuple[Action, ...]
    tlp: str = "AMBER"


def make_incidents(count: int, seed: int = 1) -> list[Incident]:
    """Return ``count`` incidents; the first ones are the same for every count."""
    return [make_incident(number, random.Random(f"{seed}:{number}")) for number in range(1, count + 1)]


def make_incident(number: int, chance: random.Random) -> Incident:
    """Return one incident."""
    words = {"system": chance.choice(SYSTEMS), "cause": chance.choice(CAUSES), "n": number}
    day = date(2015, 1, 1) + timedelta(days=number % 3600)
    incident_id = f"SEC-{day.year}-{number:05}"

    def say(text: str) -> str:
        return text.format(**words)

    def prose(sentences: int) -> str:
        return " ".join(say(chance.choice(PROSE)) for _ in range(sentences))

    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=chance.randrange(600))
    texts = [*DEFAULT_MILESTONES, *map(say, EVENTS)]
    events: list[Event] = []
    for place, text in enumerate(texts[:EVENTS_PER_PAGE]):
        moment = start + timedelta(minutes=17 * place + chance.randrange(15))
        internal = place % 5 == 4
        events.append(Event(f"{moment:%Y-%m-%d %H:%M}", text, say(chance.choice(NOTES)), internal))
    actions = tuple(
        Action(
            f"A{place}",
            say(ACTIONS[(place - 1) % len(ACTIONS)]),
            chance.choice(OWNERS),
            f"P{chance.randint(1, 3)}",
            (day + timedelta(days=chance.randint(7, 90))).isoformat(),
            chance.choice(("open", "done", "in progress")),
        )
        for place in range(1, ACTIONS_PER_PAGE + 1)
    )
    return Incident(
        id=incident_id,
        title=f"{incident_id}: {words['cause']} reached the {words['system']}",
        day=day.isoformat(),
        severity=f"SEV-{chance.randint(1, 4)}",
        type=chance.choice(("Security", "Availability", "Hybrid")),
        status=chance.choice(("draft", "in-review")),  # a closed one would need its evidence of closure
        impact=f"{chance.randint(0, 90)} customers were affected.",
        summary=prose(3),
        details="\n\n".join(prose(4) for _ in range(3)),
        cause=prose(2),
        factors=tuple(say(chance.choice(PROSE)) for _ in range(3)),
        events=tuple(events),
        actions=actions,
    )
