"""The figures of the first page: what happened this quarter, and what is still to be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.dates import day_and_month, whole_day
from sphinx_postmortem.core.language.texts import say, say_many
from sphinx_postmortem.core.lists.query import Facts
from sphinx_postmortem.core.records.knowledge import is_done, is_overdue
from sphinx_postmortem.core.records.model import Action
from sphinx_postmortem.core.records.tones import shown_status
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES

SOON = 30
"""An action that is due within so many days is due soon."""
OVERVIEW_PARTS = ("search", "runbooks", "figures", "links")
"""What the directive ``incident-overview`` shows."""
_CLOSED = INCIDENT_STATUSES[-1]


@dataclass(frozen=True)
class Figure:
    """A number and what it counts.

    ``leads_to`` is ``incidents``, ``actions`` or empty; ``wanted`` is the part of its address by which the list of
    incidents is filtered; ``is_bad`` says that the number is bad news.
    """

    number: int
    about: str
    leads_to: str = ""
    wanted: str = ""
    is_bad: bool = False


def quarter_of(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def due_soon(facts: Facts, days: int = SOON) -> list[Action]:
    """Return the open actions that are due within some days; none where the day that is today is not set."""
    if facts.today is None:
        return []
    last = facts.today + timedelta(days)
    dated = (action for action in facts.knowledge.actions if action.due and facts.today <= action.due <= last)
    return [action for action in dated if not is_done(action, facts.done_statuses)]


def action_figures(facts: Facts) -> list[Figure]:
    """Return what has become of all actions."""
    numbers = facts.knowledge.numbers(facts.knowledge.actions, facts.today)
    dated = [
        Figure(numbers.overdue, say("overdue"), is_bad=True),
        Figure(len(due_soon(facts)), say("due within {days} days", days=SOON)),
    ]
    return [
        *(dated if facts.today else []),
        Figure(numbers.open, say("open in all")),
        Figure(numbers.done, say("done of {total}", total=numbers.open + numbers.done)),
    ]


def site_figures(facts: Facts) -> list[Figure]:
    """Return what happened this quarter, how the actions stand, and how many postmortems are not closed."""
    return [_incidents(facts), *_actions(facts), *_unfinished(facts)]


def _incidents(facts: Facts) -> Figure:
    incidents = facts.knowledge.incidents
    if facts.today is None:
        return Figure(len(incidents), say_many("incident", "incidents in all", len(incidents)), "incidents")
    begin = quarter_of(facts.today)
    before = quarter_of(begin - timedelta(1))
    days = [incident.first_day for incident in incidents if incident.first_day]
    number = sum(begin <= day <= facts.today for day in days)
    earlier = sum(before <= day < begin for day in days)
    about = say_many(
        "incident since {day}; {earlier} in the quarter before",
        "incidents since {day}; {earlier} in the quarter before",
        number,
        day=day_and_month(begin),
        earlier=earlier,
    )
    return Figure(number, about, "incidents", f"?year={begin.year}")


def _actions(facts: Facts) -> Iterator[Figure]:
    numbers = facts.knowledge.numbers(facts.knowledge.actions, facts.today)
    soon = len(due_soon(facts))
    about = say_many("open action", "open actions", numbers.open)
    if soon:
        about = say_many(
            "open action, {soon} of them due within {days} days",
            "open actions, {soon} of them due within {days} days",
            numbers.open,
            soon=soon,
            days=SOON,
        )
    yield Figure(numbers.open, about, "actions")
    if facts.today is not None:
        late = [a.due for a in facts.knowledge.actions if a.due and is_overdue(a, facts.today, facts.done_statuses)]
        about = say("overdue, the oldest since {day}", day=whole_day(min(late))) if late else say("overdue")
        yield Figure(numbers.overdue, about, "actions", is_bad=True)


def _unfinished(facts: Facts) -> Iterator[Figure]:
    counts = Counter(
        i.status for i in facts.knowledge.incidents if i.status in INCIDENT_STATUSES and i.status != _CLOSED
    )
    told = [f"{counts[status]} {shown_status(status)}" for status in INCIDENT_STATUSES if counts[status]]
    number = sum(counts.values())
    about = say_many("postmortem not closed", "postmortems not closed", number)
    wanted = f"?status={','.join(status for status in INCIDENT_STATUSES if counts[status])}" if number else ""
    yield Figure(
        number, say("{name}: {value}", name=about, value=", ".join(told)) if told else about, "incidents", wanted
    )
