"""The list of techniques of ATT&CK, as it stands on a page: one table, one for each tactic, or a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from docutils import nodes

from sphinx_postmortem.core.attack.coverage import Coverage
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.technique_fields import (
    BY_TACTIC,
    MATRIX,
    NO_TACTIC,
    TECHNIQUES,
    by_tactic,
    choose_techniques,
)
from sphinx_postmortem.core.records.model import EVENTS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, text_cell
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList
from sphinx_postmortem.sphinx_ext.records.technique_cells import technique_cell

_TITLES = (later("Technique"), later("Tactics"), later("Incidents"), later("Which"), later("Answered by"))
_WIDTHS = (28, 20, 10, 21, 21)


class TechniqueTables(RecordList):
    """Stands for a list of techniques (attribute ``layout`` beside the others)."""

    list_kind = TECHNIQUES

    @property
    def topics(self) -> frozenset[str]:
        """What the list shows beyond the fields that all lists show: rows of timelines."""
        return frozenset([EVENTS])

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the tables."""
        found, left_out = choose_techniques(self.query, page.facts)
        if not found:
            return self.with_count([], 0, page)
        groups = by_tactic(found, page.facts.attack)
        if self["layout"] == MATRIX:
            built: list[nodes.Node] = [_matrix(groups, page)]
        elif self["layout"] == BY_TACTIC:
            built = [
                node
                for name, techniques in groups.items()
                for node in (
                    output.heading(say(name) if name == NO_TACTIC else name, "pm-group"),
                    _table(techniques, page),
                )
            ]
        else:
            built = [_table(found, page)]
        return self.with_count(built, left_out, page)


def _table(found: Sequence[Coverage], page: ListPage) -> nodes.table:
    rows = [output.TableRow(_row(each, page)) for each in found]
    return output.table(_TITLES, rows, ["pm-techniques", "pm-list"], _WIDTHS)


def _row(each: Coverage, page: ListPage) -> list[Cell]:
    table = page.facts.attack
    return [
        technique_cell([each.id], table),
        text_cell(", ".join(map(table.tactic_name, each.tactics))),
        text_cell(str(len(each.incidents))),
        output.separated(([page.incident_link(incident)] for incident in each.incidents), ", "),
        output.separated(([page.action_link(action)] for action in each.actions), ", "),
    ]


def _matrix(groups: dict[str, list[Coverage]], page: ListPage) -> nodes.table:
    """Return a table with a column for each tactic, as ATT&CK's own matrix has; a number says how many incidents."""
    columns = [sorted(techniques, key=lambda each: each.id) for techniques in groups.values()]
    rows = [output.TableRow([_matrix_cell(each, page) for each in row]) for row in zip_longest(*columns)]
    return output.table(list(groups), rows, ["pm-technique-matrix", "pm-list"], [12] * len(groups))


def _matrix_cell(each: Coverage | None, page: ListPage) -> Cell:
    if each is None:
        return []
    return [*technique_cell([each.id], page.facts.attack), nodes.Text(f" ({len(each.incidents)})")]
