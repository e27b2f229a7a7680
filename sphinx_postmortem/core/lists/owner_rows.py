"""Lists of actions by owner: which owners, and which of their actions stand on which page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.lists.action_fields import ACTIONS, DEFAULT_ROWS, OWNER, TEAM
from sphinx_postmortem.core.lists.incident_fields import SINCE, UNTIL
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind, Query, select
from sphinx_postmortem.core.records.knowledge import OwnerActions, is_done
from sphinx_postmortem.core.records.model import Action, Incident

_OWNER = Filter[OwnerActions](
    OWNER.option,
    OWNER.takes,
    "A page for these owners: references to them lead to it.",
    names=OWNER.names,
    knows=OWNER.knows,
)
_TEAM = Filter[OwnerActions](TEAM.option, TEAM.takes, "The owners of these teams.", names=TEAM.names)
_PERIOD = (SINCE.option, UNTIL.option)


def _of_period(each: Filter[Incident]) -> Field[OwnerActions]:
    """Return a filter by the days of incidents: it chooses actions, not owners (``kept_by``)."""
    return Field(each.option, filter=Filter(each.option, each.takes, each.meaning, each.default, is_day=True))


BY_OWNER = ListKind[OwnerActions](
    noun="action",
    fields=(
        Field("owner", lambda group, _: (group.owner.id,), filter=_OWNER),
        Field("team", lambda group, _: (group.owner.team,), filter=_TEAM),
        _of_period(SINCE),
        _of_period(UNTIL),
    ),
    rows=lambda facts: facts.knowledge.actions_by_owner(facts.today),
    limit=DEFAULT_ROWS,
)


@dataclass(frozen=True)
class OwnerRows:
    """The actions of one owner on a page, and how many stand on the pages before, and are left out, open or done."""

    actions: tuple[Action, ...]
    before: int = 0
    more_open: int = 0
    more_done: int = 0


def is_of_a_period(query: Query) -> bool:
    """Say whether a list holds the actions of some time alone: references to owners lead to no such list."""
    return any(query.values(option) for option in _PERIOD)


def kept_by(query: Query, facts: Facts) -> Callable[[Iterable[Action]], tuple[Action, ...]]:
    """Return what keeps those of some actions whose incidents were in the time that is asked for."""
    if not is_of_a_period(query):
        return tuple
    period = Query(tuple((option, query.values(option)) for option in _PERIOD))
    kept = {id(action) for action in select(period, ACTIONS, facts).rows}
    return lambda actions: tuple(action for action in actions if id(action) in kept)


def owners_with_actions(query: Query, facts: Facts) -> tuple[OwnerActions, ...]:
    """Return all owners who have actions, with those of the time that is asked for."""
    groups = facts.knowledge.actions_by_owner(facts.today)
    if not is_of_a_period(query):
        return groups
    keep = kept_by(query, facts)
    kept = (OwnerActions(group.owner, keep(group.actions)) for group in groups)
    return tuple(group for group in kept if group.actions)


def choose_owners(query: Query, facts: Facts) -> tuple[OwnerActions, ...]:
    """Return the owners of a list with their actions: those asked for by id or name, and those of the teams asked for.

    An owner who is asked for may have no actions. Without any that are asked for, all who have actions are meant.
    """
    groups = owners_with_actions(query, facts)
    names, teams = query.values(_OWNER.option), query.values(_TEAM.option)
    if not (names or teams):
        return groups
    have = {group.owner.key: group for group in groups}
    wanted = {owner.key for name in names if (owner := facts.knowledge.find_owner(name))}
    return tuple(
        have.get(owner.key) or OwnerActions(owner, ())
        for owner in facts.knowledge.owners
        if owner.key in wanted or (owner.team.casefold() in teams and owner.key in have)
    )


def latest_first(groups: Iterable[OwnerActions], facts: Facts) -> list[OwnerActions]:
    """Return owners in the order in which a reader should ask them: those with most overdue, then with most open."""

    def lateness(group: OwnerActions) -> tuple[bool, int, int]:
        numbers = facts.knowledge.numbers(group.actions, facts.today)
        return not group.owner.id, -numbers.overdue, -numbers.open

    return sorted(groups, key=lateness)


@dataclass
class _Room:
    """How many actions are still to be skipped, and how many rows are still free, on one page."""

    skip: int
    free: int

    def take(self, actions: Sequence[Action]) -> tuple[int, Sequence[Action], int]:
        """Return how many actions stand on the pages before, those on this page, and how many come after."""
        before = min(self.skip, len(actions))
        shown = actions[before : before + self.free]
        self.skip, self.free = self.skip - before, self.free - len(shown)
        return before, shown, len(actions) - before - len(shown)


def rows_of_page(
    groups: Sequence[OwnerActions],
    done_statuses: Collection[str],
    limit: int,
    page: int = 1,
    *,
    open_only: bool = False,
) -> tuple[OwnerRows, ...]:
    """Share the rows that a page may have: first to the open actions of all owners in turn, then to the done ones.

    Args:
        groups: the owners and their actions.
        done_statuses: statuses, in lower case, of actions that need no more work.
        limit: how many rows a page has in all.
        page: which page, from 1.
        open_only: whether done actions are only counted.
    """
    room = _Room(limit * (page - 1), limit)
    done = [[action for action in group.actions if is_done(action, done_statuses)] for group in groups]
    open_ = [[action for action in group.actions if not is_done(action, done_statuses)] for group in groups]
    first = [room.take(actions) for actions in open_]
    last = [(0, (), len(actions)) if open_only else room.take(actions) for actions in done]
    return tuple(
        OwnerRows((*shown, *shown_done), before + before_done, more, more_done)
        for (before, shown, more), (before_done, shown_done, more_done) in zip(first, last, strict=True)
    )
