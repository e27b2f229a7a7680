"""Lists of actions by owner: the index of all, those of one owner or team, and the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from docutils import nodes

from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.owner_rows import BY_OWNER, OwnerRows, choose_owners, rows_of_page
from sphinx_postmortem.core.lists.query import folded
from sphinx_postmortem.core.records.knowledge import Numbers, OwnerActions
from sphinx_postmortem.core.records.model import Action
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.factor_tags import regression_words
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, table
from sphinx_postmortem.sphinx_ext.lists.record_lists import ACTION_CELLS, RecordList

_NOTHING = "No actions."


def _local_id(action: Action, page: ListPage) -> Cell:
    """Return a link by the id within the incident, which stands beside it."""
    has_incident = page.facts.knowledge.incident_of(action) is not None
    return [page.action_link(action, action.local_id, names_site=not has_incident)]


_CELLS: dict[str, Callable[[Action, ListPage], Cell]] = {**ACTION_CELLS, "id": _local_id}
_COLUMNS = tuple(ACTIONS.field(name) for name in ("id", "action", "incident", "priority", "due", "status"))


class ActionsOfOwners(RecordList):
    """Stands for the actions of owners (attributes ``page`` and ``open_only`` beside those of all lists)."""

    list_kind = BY_OWNER

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return a heading, counts and a table for each owner that is asked for."""
        domain, docname = page.domain, self.docname
        groups = choose_owners(self.query, page.facts)
        if not groups:
            return [output.paragraph(_NOTHING)]
        homes = {group.owner.key: domain.owner_page(group.owner) for group in groups if group.owner.id}
        # Only the owners' own pages list an owner who has a page elsewhere.
        is_own = bool(self.query.values("owner"))
        here = [group for group in groups if is_own or homes.get(group.owner.key, docname) in ("", docname)]
        rows = rows_of_page(here, page.facts.done_statuses, self.query.limit, self["page"], open_only=self["open_only"])
        rows_by_owner = {group.owner.key: each for group, each in zip(here, rows, strict=True)}
        built: list[nodes.Node] = []
        for group in groups:
            is_home = bool(group.owner.id) and homes[group.owner.key] == docname and self["page"] == 1
            built += _head(group, page, is_home=is_home, is_alone=len(groups) == 1)
            if group.owner.key in rows_by_owner:
                built += _table(rows_by_owner[group.owner.key], page)
            else:
                link = output.link("owner", group.owner.id, group.owner.label, docname)
                built.append(output.paragraph("The actions stand on the page of ", link, "."))
        return built


def _head(group: OwnerActions, page: ListPage, *, is_home: bool, is_alone: bool) -> Iterator[nodes.Node]:
    """Yield an owner's name, which the title of a page for one owner says already, and how many actions they have."""
    owner, title = group.owner, page.domain.records_of(page.docname).title
    counts = output.paragraph(_counts(group, page))
    if is_alone and owner.id and folded(owner.label) in folded(title):
        if is_home:
            counts.insert(0, output.anchor_target(owner.anchor, None))
    else:
        ids = [owner.anchor] if is_home else []
        yield output.heading(owner.label, "pm-owner", ids=ids)
    yield counts


def _counts(group: OwnerActions, page: ListPage) -> str:
    numbers = page.facts.knowledge.numbers(group.actions, page.facts.today)
    overdue = "" if page.facts.today is None else f" ({numbers.overdue} overdue)"
    about = [part for part in (group.owner.team, group.owner.contact) if part and part != group.owner.label]
    return ". ".join([f"{numbers.open} open{overdue}, {numbers.done} done", *about]) + "."


def _table(rows: OwnerRows, page: ListPage) -> Iterator[nodes.Node]:
    if rows.actions:
        yield table(_COLUMNS, rows.actions, _CELLS, page, ["pm-actions"])
        fixes = [each for action in rows.actions for each in page.facts.fixes.by_action.get(id(action), ())]
        for each in fixes:
            yield output.paragraph(
                output.strong("Did not hold:"), " ", *regression_words(each, page.docname, page.domain)
            )
    if rows.before:
        yield output.paragraph(f"{rows.before} come before these, on the pages before this one.")
    more = " more" if rows.actions else ""
    left_out = [
        f"{count}{more} {kind}" for count, kind in ((rows.more_open, "open"), (rows.more_done, "done")) if count
    ]
    if left_out:
        yield output.paragraph(f"Not listed here: {' and '.join(left_out)}, on the pages of their incidents.")


class OwnerOverview(RecordList):
    """Stands for tables of how many actions each owner and each team has."""

    list_kind = BY_OWNER

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return both tables; owners link to where their actions stand."""
        facts, settings = page.facts, page.domain.settings
        groups = facts.knowledge.actions_by_owner(facts.today)
        if not groups:
            return [output.paragraph(_NOTHING)]

        def row(name: nodes.Node, actions: Sequence[Action]) -> output.TableRow:
            return _number_row(name, facts.knowledge.numbers(actions, facts.today), settings)

        owners = [row(_owner_name(group, page), group.actions) for group in groups]
        total = row(output.strong("All actions"), facts.knowledge.actions)
        teams = [row(nodes.Text(team), actions) for team, actions in facts.knowledge.actions_by_team(facts.today)]
        built: list[nodes.Node] = [_number_table("Owner", [*owners, total], settings)]
        return [*built, _number_table("Team", teams, settings)] if teams else built


def _owner_name(group: OwnerActions, page: ListPage) -> nodes.Node:
    owner = group.owner
    return output.link("owner", owner.id, owner.label, page.docname) if owner.id else nodes.Text(owner.label)


def _number_table(first: str, rows: Sequence[output.TableRow], settings: Settings) -> nodes.table:
    titles = [first, "Open", *(["Overdue"] if settings.today is not None else []), "Done"]
    return output.table(titles, rows, ["pm-overview"], [46, *[18] * (len(titles) - 1)])


def _number_row(name: nodes.Node, numbers: Numbers, settings: Settings) -> output.TableRow:
    """Return a row of numbers. Without a day that is today nothing is known to be overdue."""
    shown = [numbers.open, *([numbers.overdue] if settings.today is not None else []), numbers.done]
    return output.TableRow([[name], *([nodes.Text(str(number))] for number in shown)])
