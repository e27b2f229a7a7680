"""The index of all actions, by owner."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from sphinx_postmortem.core.knowledge import KnowledgeBase, OwnerActions, is_done, is_overdue
from sphinx_postmortem.core.records import Action
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.settings import Settings

_TITLES = ("Action", "What", "Incident", "Priority", "Due date", "Status")
_WIDTHS = (16, 40, 14, 8, 11, 11)


def build(knowledge: KnowledgeBase, settings: Settings, docname: str) -> list[nodes.Node]:
    """Return the index for page ``docname``: a heading, a count and a table for each owner."""
    groups = knowledge.actions_by_owner(settings.today)
    if not groups:
        return [output.paragraph("No actions.")]
    built: list[nodes.Node] = []
    for group in groups:
        owner = group.owner
        ids = [owner.anchor] if owner.id else []
        built.append(nodes.rubric("", owner.label, ids=ids, classes=["pm-owner"]))
        built.append(output.paragraph(_counts(group, settings)))
        rows = [_row(action, knowledge, settings, docname) for action in group.actions]
        built.append(output.table(_TITLES, rows, ["pm-actions"], _WIDTHS))
    return built


def _counts(group: OwnerActions, settings: Settings) -> str:
    owner = group.owner
    done = sum(is_done(action, settings.done_statuses) for action in group.actions)
    overdue = sum(is_overdue(action, settings.today, settings.done_statuses) for action in group.actions)
    parts = [f"{len(group.actions) - done} open"]
    if settings.today is not None:
        parts[0] += f" ({overdue} overdue)"
    parts.append(f"{done} done")
    about = [part for part in (owner.team, owner.contact) if part]
    return ". ".join([", ".join(parts), *about]) + "."


def _row(action: Action, knowledge: KnowledgeBase, settings: Settings, docname: str) -> output.TableRow:
    incident = knowledge.find_incident(action.incident_id)
    incident_link: Sequence[nodes.Node] = []
    if incident is not None:
        incident_link = [output.link("incident", incident.id, incident.id, docname)]
    return output.TableRow(
        [
            [output.link("action", action.full_id, action.local_id, docname)],
            [nodes.Text(action.text)],
            incident_link,
            [nodes.Text(action.priority)],
            [nodes.Text(action.due.isoformat() if action.due else action.due_written)],
            status_cell(action, settings),
        ]
    )


def status_cell(action: Action, settings: Settings) -> list[nodes.Node]:
    """Return an action's status as text, with ``overdue`` said in words."""
    if is_overdue(action, settings.today, settings.done_statuses):
        return [output.badge(f"{action.status or 'open'}, overdue", "status", "overdue")]
    state = "done" if is_done(action, settings.done_statuses) else "open"
    return [output.badge(action.status, "status", state)] if action.status else []
