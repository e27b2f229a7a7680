"""All actions as a table for spreadsheets: ``actions.csv``."""

from __future__ import annotations

from sphinx_postmortem.core.exports.csv_tables import csv_table
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action

COLUMNS = (
    *("ID", "Incident", "Incident title", "Severity", "Action", "Owners", "Priority"),
    *("Due date", "Due date as written", "Status", "Kind", "Addresses", "ATT&CK", "Site", "Address"),
)


def actions_csv(knowledge: KnowledgeBase, publication: Publication) -> bytes:
    """Return the table of all actions, in the order of pages and rows: ``COLUMNS``, then columns of the tables."""
    return csv_table(COLUMNS, ((_known(each, knowledge, publication), each.other) for each in knowledge.actions))


def _known(action: Action, knowledge: KnowledgeBase, publication: Publication) -> tuple[str, ...]:
    incident = knowledge.incident_of(action)
    return (
        action.full_id,
        action.incident_id,
        incident.title if incident else "",
        incident.severity if incident else "",
        action.text,
        "; ".join(action.owners),
        action.priority,
        action.due.isoformat() if action.due else "",
        action.due_written,
        action.status,
        action.kind,
        "; ".join(action.addresses),
        "; ".join(action.techniques),
        action.site,
        publication.address(action),
    )
