"""How many actions each owner and each team has, and what is longest overdue."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.owner_rows import BY_OWNER, latest_first
from sphinx_postmortem.core.lists.site_figures import action_figures
from sphinx_postmortem.core.records.knowledge import Numbers, OwnerActions, days_overdue, is_overdue
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.figures import bar_cell, figures
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, text_cell
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList

_NOTHING = later("No actions.")


class OwnerOverview(RecordList):
    """Stands for figures, and tables of how many actions each owner and each team has."""

    list_kind = BY_OWNER

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return them; owners link to where their actions stand."""
        facts = page.facts
        groups = [
            (group, facts.knowledge.numbers(group.actions, facts.today))
            for group in latest_first(facts.knowledge.actions_by_owner(facts.today), facts)
        ]
        if not groups:
            return [output.paragraph(say(_NOTHING))]
        most = max(numbers.open + numbers.done for _, numbers in groups)
        owners = [_row([owner_name(group, page)], numbers, page, most) for group, numbers in groups]
        total = facts.knowledge.numbers(facts.knowledge.actions, facts.today)
        owners.append(_row([output.strong(say("All actions"))], total, page, 0))
        built: list[nodes.Node] = []
        if output.is_html(page.domain.env):
            built.append(figures(action_figures(facts), page))
        built.append(_table(later("Owner"), owners, page))
        teams = facts.knowledge.actions_by_team(facts.today)
        if teams:
            rows = [
                _row(text_cell(team), facts.knowledge.numbers(some, facts.today), page, most) for team, some in teams
            ]
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
        for group in latest_first(facts.knowledge.actions_by_owner(facts.today), facts):
            numbers = facts.knowledge.numbers(group.actions, facts.today)
            if numbers.overdue:
                cells = [[owner_name(group, page)], _longest(group, page)]
                rows.append(output.TableRow([*cells, text_cell(str(numbers.overdue)), text_cell(str(numbers.open))]))
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
