"""The list of runbooks, as it stands on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docutils import nodes

from sphinx_postmortem.core.lists.query import columns_of
from sphinx_postmortem.core.lists.runbook_fields import RUNBOOKS, choose_runbooks
from sphinx_postmortem.core.records.runbook_history import RunbookUse
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, table
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList


def _which(row: RunbookUse, page: ListPage) -> Cell:
    return output.separated(([page.incident_link(incident)] for incident in row.incidents), ", ")


def _unhelpful(row: RunbookUse, page: ListPage) -> Cell:
    """Return the sentences that name the runbook, each with a link to its incident."""
    said = ([page.incident_link(incident), nodes.Text(f": {point.text}")] for incident, point in row.unhelpful)
    return output.separated(said, " ")


_CELLS: dict[str, Callable[[RunbookUse, ListPage], Cell]] = {
    "runbook": lambda row, page: [output.page_link(row.page, page.docname)],
    "which": _which,
    "unhelpful": _unhelpful,
}


class RunbookTable(RecordList):
    """Stands for a list of runbooks."""

    list_kind = RUNBOOKS

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the list, when its names are known to exist."""
        selection = choose_runbooks(self.query, page.facts)
        built = [node for _, rows in selection.groups for node in self.render_rows(rows, page)]
        return self.with_count(built, selection.left_out, page)

    def render_rows(self, rows: Sequence[RunbookUse], page: ListPage) -> list[nodes.Node]:
        """Return a table."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [table(columns, rows, _CELLS, page, ["pm-runbooks"])]
