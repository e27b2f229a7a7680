"""Pages that differ from each other: short and long, with few and many rows, code, and lists. Seeded, nothing real."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.content import Event, Incident, make_incident

WORDS = (
    *("queue", "certificate", "operator", "mirror", "token", "region", "window", "signal", "ledger", "drift"),
    *("restored", "rotated", "measured", "queried", "paused", "rejected", "compared", "exported", "isolated"),
    *("slowly", "twice", "before", "without", "across", "between", "after", "under"),
)
_TIME = "%Y-%m-%d %H:%M"
ROWS = (3, 8, 12, 40)
PARAGRAPHS = (1, 4, 12, 30)


def make_varied(count: int, seed: int = 2) -> list[Incident]:
    """Return ``count`` incidents whose pages differ in length by a factor of twenty."""
    return [_vary(number, random.Random(f"{seed}:{number}")) for number in range(1, count + 1)]


def _vary(number: int, chance: random.Random) -> Incident:
    base = make_incident(number, chance)
    rows, paragraphs = chance.choice(ROWS), chance.choice(PARAGRAPHS)
    events = [_on_later_days(base.events[place % len(base.events)], place // len(base.events)) for place in range(rows)]
    texts = [f"{event.text} {_sentence(chance, 3)}" for event in events]
    details = "\n\n".join(_part(chance) for _ in range(paragraphs))
    return replace(
        base,
        title=f"{base.id}: {_sentence(chance, 6)}",
        summary=_sentence(chance, 30),
        details=details,
        cause=_sentence(chance, 60),
        events=tuple(replace(event, text=text) for event, text in zip(events, texts, strict=True)),
        actions=base.actions[: chance.choice((0, 2, 6))],
        status="in-review",  # no draft, and no label that keeps it from an edition: each shows every page
        tlp="CLEAR",
    )


def _on_later_days(event: Event, days: int) -> Event:
    """Return an event that comes that many days later.

    No row goes back in time or repeats a milestone: each such row would be warned of, which takes time.
    """
    if not days:
        return event
    time = datetime.strptime(event.time, _TIME).replace(tzinfo=UTC)
    return replace(event, time=f"{time + timedelta(days=days):{_TIME}}", text="Work went on:")


def _part(chance: random.Random) -> str:
    kind = chance.choice(("prose", "prose", "prose", "code", "list"))
    if kind == "code":
        return "```python\n" + "\n".join(f"{chance.choice(WORDS)} = {chance.random()!r}" for _ in range(12)) + "\n```"
    if kind == "list":
        return "\n".join(f"- **{chance.choice(WORDS)}**: {_sentence(chance, 9)}" for _ in range(5))
    return " ".join(_sentence(chance, chance.randint(6, 24)) for _ in range(5))


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize() + "."
