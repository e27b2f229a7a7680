"""What the recurring factors were, in the words of the incidents: the newest of each kind, older ones folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.lists.lesson_fields import PointOfIncident, Recurrence
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, text_cell

_NEWEST = 3
_TITLES, _WIDTHS = (later("What it was"), later("Incident"), later("Its actions")), (60, 20, 20)


def factor_texts(found: Sequence[Recurrence], page: ListPage, level: int) -> Iterator[nodes.Node]:
    """Yield a heading of a level and a table for each kind."""
    for each in found:
        heading = output.heading(f"{each.kind} ", "pm-group", level=level)
        number = len(each.incidents)
        heading += output.small(say_many("in {number} incident", "in {number} incidents", number), "pm-inline")
        yield heading
        yield _table(each.points[:_NEWEST], page)
        if older := each.points[_NEWEST:]:
            yield from output.folded(say("{number} older", number=len(older)), [_table(older, page)], page.domain.env)


def _table(points: Sequence[PointOfIncident], page: ListPage) -> nodes.table:
    rows = [
        output.TableRow([text_cell(row.point.text), [page.incident_link(row.incident)], _actions(row, page)])
        for row in points
    ]
    return output.table(_TITLES, rows, ["pm-factors-list", "pm-list"], _WIDTHS)


def _actions(row: PointOfIncident, page: ListPage) -> Cell:
    """Return how many of the incident's actions are overdue, and how many others are open."""
    incident, facts = row.incident, page.facts
    actions = facts.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    numbers = facts.knowledge.numbers(actions, facts.today)
    late = (
        [output.marked(text_cell(say("{number} overdue", number=numbers.overdue)), "pm-over")]
        if numbers.overdue
        else []
    )
    others = numbers.open - numbers.overdue
    return output.separated([late, text_cell(say("{number} open", number=others) if others else "")], ", ")
