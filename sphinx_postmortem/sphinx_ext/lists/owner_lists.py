"""Lists of actions by owner: the index of all, and those of one owner or team."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.texts import later, listed, say, say_many
from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.incident_fields import open_text
from sphinx_postmortem.core.lists.owner_rows import BY_OWNER, OwnerRows, choose_owners, latest_first, rows_of_page
from sphinx_postmortem.core.lists.query import folded
from sphinx_postmortem.core.lists.site_figures import SOON
from sphinx_postmortem.core.records.knowledge import OwnerActions, is_done
from sphinx_postmortem.core.records.model import Action
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.lists.factor_tags import regression_words
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, due_cell, table, text_cell
from sphinx_postmortem.sphinx_ext.lists.record_lists import ACTION_CELLS, RecordList

_NOTHING = later("No actions.")
_MORE = (later("{number} more open"), later("{number} more done"))
_ALONE = (later("{number} open"), later("{number} done"))
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
_COLUMNS = tuple(ACTIONS.field(name) for name in ("action", "id", "priority", "due", "status"))


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
        is_own = bool(self.query.values("owner"))
        here = [group for group in groups if is_own or homes.get(group.owner.key, docname) in ("", docname)]
        rows = rows_of_page(here, page.facts.done_statuses, self.query.limit, self["page"], open_only=self["open_only"])
        rows_by_owner = {group.owner.key: each for group, each in zip(here, rows, strict=True)}
        built: list[nodes.Node] = []
        for group in groups:
            is_home = bool(group.owner.id) and homes[group.owner.key] == docname and self["page"] == 1
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
