"""The tables of ``action-list`` and ``incident-list``."""

from __future__ import annotations

from docutils import nodes

from sphinx_postmortem.core.filters import ActionFilter, IncidentFilter
from sphinx_postmortem.core.knowledge import KnowledgeBase
from sphinx_postmortem.core.records import Action, Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.action_index import status_cell
from sphinx_postmortem.sphinx_ext.settings import Settings

_ACTION_TITLES = ("Action", "What", "Owner", "Priority", "Due date", "Status")
_INCIDENT_TITLES = ("Incident", "Title", "Date", "Severity", "Type", "Status")


def build(
    chosen: ActionFilter | IncidentFilter, none: str, knowledge: KnowledgeBase, settings: Settings, docname: str
) -> list[nodes.Node]:
    """Return the table of what passes the filter, or the text ``none`` when nothing does."""
    if isinstance(chosen, ActionFilter):
        actions = chosen.select(knowledge, settings.today, settings.done_statuses)
        rows = [_action_row(action, knowledge, settings, docname) for action in actions]
        built = output.table(_ACTION_TITLES, rows, ["pm-actions", "pm-list"], (20, 36, 16, 8, 10, 10))
        empty = "No actions."
    else:
        order = {name.casefold(): rank for rank, name in enumerate(settings.severities)}
        rows = [_incident_row(incident, docname) for incident in chosen.select(knowledge, order)]
        built = output.table(_INCIDENT_TITLES, rows, ["pm-incidents", "pm-list"], (18, 40, 12, 10, 10, 10))
        empty = "No incidents."
    return [built] if rows else [output.paragraph(none or empty)]


def _action_row(action: Action, knowledge: KnowledgeBase, settings: Settings, docname: str) -> output.TableRow:
    owners: list[nodes.Node] = []
    for name in action.owners:
        owner = knowledge.find_owner(name)
        owners += [nodes.Text(", ")] if owners else []
        owners.append(output.link("owner", name, owner.label if owner else name, docname))
    return output.TableRow(
        [
            output.record_link(action, action.full_id, docname),
            [nodes.Text(action.text)],
            owners,
            [nodes.Text(action.priority)],
            [nodes.Text(action.due.isoformat() if action.due else action.due_written)],
            status_cell(action, settings),
        ]
    )


def _incident_row(incident: Incident, docname: str) -> output.TableRow:
    return output.TableRow(
        [
            output.record_link(incident, incident.id, docname),
            [nodes.Text(incident.title)],
            [nodes.Text(incident.first_day.isoformat() if incident.first_day else "")],
            [nodes.Text(incident.severity)],
            [nodes.Text(incident.type)],
            [nodes.Text(incident.status)],
        ]
    )
