"""Which actions were taken against which contributing factors, and whether they held.

A fix did not hold where the factor contributed again to an incident that began after the day on which the action was
closed (a column *Closed* of its table). Where that day is not written, its due date counts; where there is none either,
the last day of its own incident.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.action_statuses import says_given_up
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, is_done
from sphinx_postmortem.core.records.model import FACTOR, Action, Incident, Point
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.times import BadDateError, parse_date

_CLOSED = frozenset({"closed", "closed on", "completed", "completed on", "done on", "date closed", "closing date"})
_OPENED = frozenset({"opened", "opened on", "created", "created on", "raised", "raised on", "date opened", "since"})


@dataclass(frozen=True)
class Regression:
    """A fix that did not hold: the action of ``fixed`` against a factor that then contributed to ``again``.

    ``basis`` says in words from which day on it counts as done.
    """

    action: Action
    factor: str
    fixed: Incident
    again: Incident
    basis: str


class FixHistory:
    """What was done against each factor of a knowledge base, and what came back.

    Args:
        knowledge: the records.
        done_statuses: statuses, in lower case, of actions that need no more work.
    """

    def __init__(self, knowledge: KnowledgeBase, done_statuses: Collection[str]) -> None:
        self._knowledge = knowledge
        self._done_statuses = done_statuses

    @cached_property
    def incidents_by_factor(self) -> dict[str, list[tuple[Incident, Point]]]:
        """The incidents to which each factor contributed, with their own sentences, the earliest first.

        An incident stands once for each of its sentences about the factor.
        """
        table: dict[str, list[tuple[Incident, Point]]] = {}
        for incident in reversed(self._knowledge.incidents):
            for point in self._points(incident):
                for tag in point.tags:
                    table.setdefault(tag, []).append((incident, point))
        return table

    @cached_property
    def actions_by_factor(self) -> dict[str, list[tuple[Action, Incident]]]:
        """The actions against each factor, with their incidents, by page and row."""
        table: dict[str, list[tuple[Action, Incident]]] = {}
        for action in self._knowledge.actions:
            incident = self._knowledge.incident_of(action)
            if incident is not None:
                for tag in action.factors:
                    table.setdefault(tag, []).append((action, incident))
        return table

    @cached_property
    def regressions(self) -> tuple[Regression, ...]:
        """The fixes that did not hold, each with the first incident in which its factor came back."""
        return tuple(self._regressions())

    @cached_property
    def by_action(self) -> dict[int, list[Regression]]:
        """The fixes that did not hold, by the identity of their action."""
        table: dict[int, list[Regression]] = {}
        for each in self.regressions:
            table.setdefault(id(each.action), []).append(each)
        return table

    @cached_property
    def by_incident(self) -> dict[tuple[str, str], list[Regression]]:
        """The fixes that did not hold, by page and id of both incidents."""
        table: dict[tuple[str, str], list[Regression]] = {}
        for each in self.regressions:
            for incident in (each.fixed, each.again):
                table.setdefault((incident.docname, incident.id), []).append(each)
        return table

    def gaps(self, factor: str) -> tuple[int, ...]:
        """Return the days between one incident and the next to which a factor contributed, the earliest first."""
        found = self.incidents_by_factor.get(factor, ())
        days = sorted({(i.docname, i.id): i.first_day for i, _ in found if i.first_day}.values())
        return tuple((later - earlier).days for earlier, later in pairwise(days))

    def _points(self, incident: Incident) -> Iterator[Point]:
        for point in self._knowledge.points_by_incident.get(incident.key, ()):
            if point.role == FACTOR and point.docname == incident.docname:
                yield point

    def _regressions(self) -> Iterator[Regression]:
        for factor, actions in self.actions_by_factor.items():
            dated = [(i.first_day, i) for i, _ in self.incidents_by_factor.get(factor, ()) if i.first_day]
            dated.sort(key=lambda each: each[0])
            days = [day for day, _ in dated]
            for action, incident in actions:
                since, basis = self._done_since(action, incident)
                if since is None:
                    continue
                later = (each for _, each in dated[bisect_right(days, since) :] if each.key != incident.key)
                if again := next(later, None):
                    yield Regression(action, factor, incident, again, basis)

    def _done_since(self, action: Action, incident: Incident) -> tuple[date | None, str]:
        """Return the day from which an action counts as done, and why; no day where it does not."""
        if not is_done(action, self._done_statuses) or says_given_up(action.status):
            return None, ""
        if closed := closing_day(action.other):
            return closed, f"closed on {closed}"
        if action.due:
            return action.due, f"done, and due on {action.due}"
        return incident.last_day, "done"


def opening_day(columns: Iterable[tuple[str, str]]) -> date | None:
    """Return the day that a column such as *Opened* of an action's row states."""
    return _day_in(columns, _OPENED)


def closing_day(columns: Iterable[tuple[str, str]]) -> date | None:
    """Return the day that a column such as *Closed* of an action's row states."""
    return _day_in(columns, _CLOSED)


def _day_in(columns: Iterable[tuple[str, str]], titles: Collection[str]) -> date | None:
    for title, text in columns:
        if column_key(title) in titles:
            try:
                return parse_date(text)
            except BadDateError:
                continue
    return None
