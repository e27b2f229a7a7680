"""Lists of actions by owner: the index of all, those of one owner or team, and how many each has and is late with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from docutils import nodes

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.texts import later, listed, say, say_many
from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.incident_fields import open_text
from sphinx_postmortem.core.lists.owner_rows import (
    BY_OWNER,
    OwnerRows,
    choose_owners,
    is_of_a_period,
    kept_by,
    latest_first,
    owners_with_actions,
    rows_of_page,
)
from sphinx_postmortem.core.lists.query import folded
from sphinx_postmortem.core.lists.site_figures import SOON, action_figures
from sphinx_postmortem.core.records.knowledge import Numbers, OwnerActions, days_overdue, is_done, is_overdue
from sphinx_postmortem.core.records.model import Action
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.lists import html_charts
from sphinx_postmortem.sphinx_ext.lists.factor_tags import regression_words
from sphinx_postmortem.sphinx_ext.lists.figures import bar_cell, figures
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, due_cell, table, text_cell
from sphinx_postmortem.sphinx_ext.lists.record_lists import ACTION_CELLS, RecordList

_NOTHING = later("No actions.")
_MORE = (later("{number} more open"), later("{number} more done"))
_ALONE = (later("{number} open"), later("{number} done"))
_COLUMNS = tuple(ACTIONS.field(name) for name in ("action", "id", "priority", "due", "status"))
_ADDRESS = expression(r"[^@\s:/]+@[^@\s:/]+")


def _due(action: Action, page: ListPage) -> Cell:
    """Return the due date, and by how many days an action is overdue, or in how many it is due soon."""
    settings = page.domain.settings
    shown = due_cell(action, settings)
    if settings.today and action.due and not is_done(action, settings.done_statuses):
        days = (action.due - settings.today).days
        if 0 <= days <= SOON:
            said = say_many("in {number} day", "in {number} days", days) if days else say("today")
            shown += [nodes.Text(" "), output.small(said)]
    return shown


def _status(action: Action, page: ListPage) -> Cell:
    """Return the status; that an action is overdue stands beside its due date."""
    settings = page.domain.settings
    return [output.status_badge(action.status, settings.done_statuses)] if action.status else []


_CELLS: dict[str, Callable[[Action, ListPage], Cell]] = {**ACTION_CELLS, "due": _due, "status": _status}


class ActionsOfOwners(RecordList):
    """Stands for the actions of owners (attributes ``page`` and ``open_only`` beside those of all lists)."""

    list_kind = BY_OWNER

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return a heading, counts and a table for each owner that is asked for."""
        domain, docname = page.domain, self.docname
        groups = latest_first(choose_owners(self.query, page.facts), page.facts)
        if not groups:
            return [output.paragraph(say(_NOTHING))]
        homes = {group.owner.key: domain.owner_page(group.owner) for group in groups if group.owner.id}
        # Only the owners' own pages list an owner who has a page elsewhere.
        is_own = bool(self.query.values("owner")) or is_of_a_period(self.query)
        here = [group for group in groups if is_own or homes.get(group.owner.key, docname) in ("", docname)]
        rows = rows_of_page(here, page.facts.done_statuses, self.query.limit, self["page"], open_only=self["open_only"])
        rows_by_owner = {group.owner.key: each for group, each in zip(here, rows, strict=True)}
        built: list[nodes.Node] = []
        for group in groups:
            is_first = self["page"] == 1 and not is_of_a_period(self.query)
            is_home = bool(group.owner.id) and homes[group.owner.key] == docname and is_first
            built += _head(group, page, self.level, is_home=is_home, is_alone=len(groups) == 1)
            if group.owner.key in rows_by_owner:
                built += _tables(rows_by_owner[group.owner.key], page)
            else:
                link = output.link("owner", group.owner.id, group.owner.label, docname)
                built.append(output.paragraph(*filled(say("The actions stand on the page of {owner}."), owner=link)))
        return [output.together(built, "pm-owners")]


def _head(group: OwnerActions, page: ListPage, level: int, *, is_home: bool, is_alone: bool) -> Iterator[nodes.Node]:
    """Yield an owner's name, which the title of a page for one owner says already, and how many actions they have."""
    owner, title = group.owner, page.domain.records_of(page.docname).title
    counts = output.paragraph(*_counts(group, page))
    counts["classes"].append("pm-sub")
    if is_alone and owner.id and folded(owner.label) in folded(title):
        if is_home:
            counts.insert(0, output.anchor_target(owner.anchor, None))
    else:
        ids = [owner.anchor] if is_home else []
        yield output.heading(owner.label if owner.id else say(owner.label), "pm-owner", ids=ids, level=level)
    yield counts


def _counts(group: OwnerActions, page: ListPage) -> list[nodes.Node]:
    """Return how many actions an owner has, who they are, and where their calendar is."""
    numbers = page.facts.knowledge.numbers(group.actions, page.facts.today)
    owner = group.owner
    done = say("{number} done", number=numbers.done)
    parts = [text_cell(say("{open}, {done}", open=open_text(numbers), done=done))]
    parts += [text_cell(owner.team)] if owner.team and owner.team != owner.label else []
    if owner.contact and owner.contact != owner.label:
        is_address = _ADDRESS.fullmatch(owner.contact)
        parts.append(
            [output.web_link(f"mailto:{owner.contact}", owner.contact)] if is_address else text_cell(owner.contact)
        )
    if calendar := built_files(page.domain).calendar_of_owner(owner, page.docname):
        parts.append([output.web_link(calendar, say("Calendar (.ics)"))])
    return output.separated(parts, " · ")


def _tables(rows: OwnerRows, page: ListPage) -> Iterator[nodes.Node]:
    done_statuses = page.facts.done_statuses
    open_ = [action for action in rows.actions if not is_done(action, done_statuses)]
    done = rows.actions[len(open_) :]
    if open_:
        yield table(_COLUMNS, open_, _CELLS, page, ["pm-actions"])
    if done:
        shown = [table(_COLUMNS, done, _CELLS, page, ["pm-actions"])]
        yield from output.folded(say("{number} done", number=len(done)), shown, page.domain.env)
    for each in (fix for action in done for fix in page.facts.fixes.by_action.get(id(action), ())):
        yield output.paragraph(
            output.strong(say("Did not hold:")), " ", *regression_words(each, page.docname, page.domain)
        )
    if rows.before:
        yield output.paragraph(say("{number} come before these, on the pages before this one.", number=rows.before))
    forms = _MORE if rows.actions else _ALONE
    counts = ((rows.more_open, forms[0]), (rows.more_done, forms[1]))
    if left_out := [say(form, number=number) for number, form in counts if number]:
        yield output.paragraph(
            say("Not listed here: {numbers}, on the pages of their incidents.", numbers=listed(left_out))
        )


class OwnerOverview(RecordList):
    """Stands for figures, and tables of how many actions each owner and each team has."""

    list_kind = BY_OWNER

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return them; owners link to where their actions stand."""
        facts = page.facts
        groups = [
            (group, facts.knowledge.numbers(group.actions, facts.today))
            for group in latest_first(owners_with_actions(self.query, facts), facts)
        ]
        if not groups:
            return [output.paragraph(say(_NOTHING))]
        most = max(numbers.open + numbers.done for _, numbers in groups)
        owners = [_row([owner_name(group, page)], numbers, page, most) for group, numbers in groups]
        keep = kept_by(self.query, facts)
        total = facts.knowledge.numbers(keep(facts.knowledge.actions), facts.today)
        owners.append(_row([output.strong(say("All actions"))], total, page, 0))
        built: list[nodes.Node] = []
        if output.is_html(page.domain.env) and not is_of_a_period(self.query):
            built.append(figures(action_figures(facts), page))
        built.append(_table(later("Owner"), owners, page))
        if output.is_html(page.domain.env):
            built.append(output.raw_html(html_charts.legend_of(html_charts.action_marks(page))))
        teams = [
            (team, facts.knowledge.numbers(some, facts.today))
            for team, all_ in facts.knowledge.actions_by_team(facts.today)
            if (some := keep(all_))
        ]
        if teams:
            most = max(numbers.open + numbers.done for _, numbers in teams)
            rows = [_row(text_cell(team), numbers, page, most) for team, numbers in teams]
            built += output.folded(say("By team"), [_table(later("Team"), rows, page)], page.domain.env)
        return built


def owner_name(group: OwnerActions, page: ListPage) -> nodes.Node:
    """Return an owner's name, which leads to where their actions stand."""
    owner = group.owner
    return output.link("owner", owner.id, owner.label, page.docname) if owner.id else nodes.Text(say(owner.label))


def _table(first: str, rows: Sequence[output.TableRow], page: ListPage) -> nodes.table:
    titles = [first, later("Open"), *([later("Overdue")] if page.facts.today is not None else []), later("Done")]
    widths = [46, *[18] * (len(titles) - 1)]
    if output.is_html(page.domain.env):
        titles, widths = [*titles, later("Share")], [*widths, 30]
    return output.table(titles, rows, ["pm-overview"], widths)


def _row(name: Cell, numbers: Numbers, page: ListPage, most: int) -> output.TableRow:
    """Return a row of numbers. Without a day that is today nothing is known to be overdue."""
    shown = [numbers.open, *([numbers.overdue] if page.facts.today is not None else []), numbers.done]
    cells: list[output.Inline] = [name, *(text_cell(str(number)) for number in shown)]
    if output.is_html(page.domain.env):
        cells.append(bar_cell(numbers, most) if most else [])
    return output.TableRow(cells)


class OverdueByOwner(RecordList):
    """Stands for the owners with overdue actions, each with the one that is longest overdue."""

    list_kind = BY_OWNER

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the table."""
        facts = page.facts
        rows: list[output.TableRow] = []
        for group in latest_first(owners_with_actions(self.query, facts), facts):
            numbers = facts.knowledge.numbers(group.actions, facts.today)
            if numbers.overdue:
                cells = [[owner_name(group, page)], _longest(group, page)]
                rows.append(output.TableRow([*cells, text_cell(str(numbers.overdue)), text_cell(str(numbers.open))]))
        if facts.today is None:
            return [output.paragraph(say("What is overdue needs the setting postmortem_today."))]
        if not rows:
            return [output.paragraph(self["none"] or say("Nothing is overdue."))]
        titles = (later("Owner"), later("Longest overdue"), later("Overdue"), later("Open"))
        return [output.table(titles, rows, ["pm-overview", "pm-late"], (24, 52, 12, 12))]


def _longest(group: OwnerActions, page: ListPage) -> Cell:
    """Return the action that is longest overdue: the first, since the overdue ones are sorted by their day."""
    facts = page.facts
    action = next(a for a in group.actions if is_overdue(a, facts.today, facts.done_statuses))
    late = output.overdue_text(days_overdue(action, facts.today, facts.done_statuses))
    about = output.small("", "pm-late-of")
    about += [page.action_link(action), nodes.Text(" · "), late]
    return [nodes.Text(f"{action.text} "), about]
