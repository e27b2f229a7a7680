"""What the cells, tables and headings of all lists look like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from docutils import nodes

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.knowledge import days_overdue, is_overdue
from sphinx_postmortem.core.records.model import Action, Incident
from sphinx_postmortem.core.records.tones import OVERDUE, shown_status
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.kept import BUILDER
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import action_link, incident_link

if TYPE_CHECKING:
    from sphinx_postmortem.core.lists.query import Facts, Field, Group

Row = TypeVar("Row")
Cell = list[nodes.Node]

_WIDTHS = {
    "id": 18,
    "action": 36,
    "title": 36,
    "name": 44,
    "incident": 14,
    "owner": 16,
    "summary": 40,
    "priority": 8,
    "status": 11,
    "due": 10,
}
_DEFAULT_WIDTH = 12


@dataclass(frozen=True)
class ListPage:
    """The page that a list stands on, and what its cells are made of."""

    domain: PostmortemDomain
    docname: str

    @cached_property
    def facts(self) -> Facts:
        """What the fields of lists are read from."""
        return facts_of(self.domain)

    def incident_link(self, incident: Incident, text: str = "") -> nodes.Node:
        """Return a link to an incident."""
        return incident_link(incident, self.domain.knowledge, self.docname, text)

    def action_link(self, action: Action, text: str = "", *, names_site: bool = True) -> nodes.Node:
        """Return a link to an action."""
        return action_link(action, self.domain.knowledge, self.docname, text, names_site=names_site)

    def address(self, target: str, anchor: str = "") -> str:
        """Return the address of a page as this one sees it; empty where pages have none, as in a PDF."""
        builder = BUILDER.of(self.domain.env)
        if builder is None or not output.is_html(self.domain.env):
            return ""
        address = builder.get_relative_uri(self.docname, target)
        return f"{address}#{anchor}" if anchor and "#" not in address else address

    def address_of(self, record: Incident | Action) -> str:
        """Return the address of an incident or an action, perhaps on another site."""
        return record.url or self.address(record.docname, record.anchor)


def facts_of(domain: PostmortemDomain) -> Facts:
    """Return what lists read of a site."""
    return domain.derived.facts


def table(
    columns: Sequence[Field[Row]],
    rows: Sequence[Row],
    cells: Mapping[str, Callable[[Row, ListPage], Cell]],
    page: ListPage,
    css: Collection[str],
    row_classes: Callable[[Row], tuple[str, ...]] = lambda _row: (),
) -> nodes.table:
    """Return a table of a list's rows.

    Args:
        columns: the fields that it shows.
        rows: the rows.
        cells: how the fields are shown that are more than text, by their names.
        page: the page on which it stands.
        css: CSS classes of the table.
        row_classes: returns the CSS classes of a row.
    """
    built = [
        output.TableRow([cell(field, row, cells, page) for field in columns], classes=row_classes(row)) for row in rows
    ]
    widths = [_WIDTHS.get(field.name, _DEFAULT_WIDTH) for field in columns]
    return output.table([field.title for field in columns], built, [*css, "pm-list"], widths)


def cell(field: Field[Row], row: Row, cells: Mapping[str, Callable[[Row, ListPage], Cell]], page: ListPage) -> Cell:
    """Return what a column shows of a row: its texts, unless ``cells`` knows better."""
    shown = cells.get(field.name)
    return shown(row, page) if shown else text_cell(", ".join(field.shown_values(row, page.facts)))


def text_cell(text: str) -> Cell:
    """Return a cell of text."""
    return [nodes.Text(text)] if text else []


def severity_cell(severity: str, settings: Settings) -> Cell:
    """Return a severity with its mark."""
    return [output.severity_badge(severity, settings.severities)] if severity else []


def heading(group: Group | None) -> list[nodes.Node]:
    """Return the heading of a group of rows."""
    return [output.heading(group.title, "pm-group")] if group else []


def status_cell(action: Action, settings: Settings, *, says_overdue: bool = True) -> Cell:
    """Return an action's status with its mark; unless another cell says it, ``overdue`` in words."""
    if says_overdue and is_overdue(action, settings.today, settings.done_statuses):
        text = say("{status}, overdue", status=shown_status(action.status or "open"))
        return [output.badge(text, "status", "overdue", OVERDUE)]
    return [output.status_badge(action.status, settings.done_statuses)] if action.status else []


def due_cell(action: Action, settings: Settings) -> Cell:
    """Return an action's due date as written and, below it, by how many days it is overdue."""
    return [*text_cell(action.due_written), *overdue_note(action, settings)]


def overdue_note(action: Action, settings: Settings) -> Cell:
    """Return by how many days an action is overdue, as it follows its due date; nothing when it is not."""
    days = days_overdue(action, settings.today, settings.done_statuses)
    return [nodes.Text(" "), output.overdue_text(days)] if days else []
