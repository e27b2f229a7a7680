"""Which actions a list by owner shows: of some owners, and no more rows than a page can bear."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sphinx_postmortem.core.lists.filters import unknown_values
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, OwnerActions, is_done
from sphinx_postmortem.core.records.model import Action

DEFAULT_ROWS = 500  # A page of 500 rows is about a third of a megabyte of HTML.


@dataclass(frozen=True)
class OwnerChoice:
    """What a list by owner shows. Owners and teams are in lower case; without any, all owners are meant.

    ``limit`` is how many rows the list may have in all; ``page`` counts from 1.
    """

    owners: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    open_only: bool = False
    limit: int = DEFAULT_ROWS
    page: int = 1


@dataclass(frozen=True)
class Part:
    """The rows of one owner, and how many actions stand on the pages before, and are left out, open or done."""

    actions: tuple[Action, ...]
    before: int = 0
    more_open: int = 0
    more_done: int = 0


def choose_groups(choice: OwnerChoice, knowledge: KnowledgeBase, today: date | None) -> tuple[OwnerActions, ...]:
    """Return the owners that a list shows, with their actions; one that is asked for by name may have none."""
    groups = knowledge.actions_by_owner(today)
    if not (choice.owners or choice.teams):
        return groups
    have = {group.owner.key: group for group in groups}
    wanted = {owner.key for name in choice.owners if (owner := knowledge.find_owner(name))}
    return tuple(
        have.get(owner.key) or OwnerActions(owner, ())
        for owner in knowledge.owners
        if owner.key in wanted or (owner.team.casefold() in choice.teams and owner.key in have)
    )


def share_rows(choice: OwnerChoice, groups: Sequence[OwnerActions], done_statuses: Collection[str]) -> tuple[Part, ...]:
    """Share the rows that a page may have: first to the open actions of all owners in turn, then to the done ones."""
    skip = choice.limit * (choice.page - 1)
    free = choice.limit
    opened, done = [], []
    for group in groups:
        is_finished = [is_done(action, done_statuses) for action in group.actions]
        opened.append([action for action, finished in zip(group.actions, is_finished, strict=True) if not finished])
        done.append([action for action, finished in zip(group.actions, is_finished, strict=True) if finished])
    taken: dict[bool, list[tuple[int, list[Action], int]]] = {}
    for finished, lists in ((False, opened), (True, done)):
        taken[finished] = []
        for actions in lists:
            if finished and choice.open_only:
                taken[finished].append((0, [], len(actions)))
                continue
            before = min(skip, len(actions))
            shown = actions[before : before + free]
            taken[finished].append((before, shown, len(actions) - before - len(shown)))
            skip, free = skip - before, free - len(shown)
    return tuple(
        Part((*first[1], *last[1]), first[0] + last[0], first[2], last[2])
        for first, last in zip(taken[False], taken[True], strict=True)
    )


def unknown_owners(choice: OwnerChoice, knowledge: KnowledgeBase) -> list[str]:
    """Return a message for each owner and team of a choice that the knowledge base lacks."""
    owners = [name for name in choice.owners if not knowledge.find_owner(name)]
    return [
        *unknown_values("owner", owners, (owner.id for owner in knowledge.owners)),
        *unknown_values("team", choice.teams, (owner.team for owner in knowledge.owners)),
    ]
