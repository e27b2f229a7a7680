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


def build_overview(knowledge: KnowledgeBase, settings: Settings, docname: str) -> list[nodes.Node]:
    """Return a table of how many actions each owner has; the owners link to their part of the index."""
    groups = knowledge.actions_by_owner(settings.today)
    if not groups:
        return [output.paragraph("No actions.")]
    titles = ["Owner", "Open", "Overdue", "Done"]
    rows: list[output.TableRow] = []
    for group in groups:
        owner = group.owner
        name = output.link("owner", owner.id, owner.label, docname) if owner.id else nodes.Text(owner.label)
        rows.append(output.TableRow([[name], *([nodes.Text(str(n))] for n in _numbers(group.actions, settings))]))
    total = _numbers(knowledge.actions, settings)
    rows.append(output.TableRow([[nodes.strong("", "All actions")], *([nodes.Text(str(n))] for n in total)]))
    return [output.table(titles, rows, ["pm-overview"], (46, 18, 18, 18))]


def _numbers(actions: Sequence[Action], settings: Settings) -> tuple[int, int, int]:
    """Return how many actions are open (overdue ones among them), overdue, and done."""
    done = sum(is_done(action, settings.done_statuses) for action in actions)
    overdue = sum(is_overdue(action, settings.today, settings.done_statuses) for action in actions)
    return len(actions) - done, overdue, done


def _counts(group: OwnerActions, settings: Settings) -> str:
    owner = group.owner
    unfinished, overdue, done = _numbers(group.actions, settings)
    parts = [f"{unfinished} open"]
    if settings.today is not None:
        parts[0] += f" ({overdue} overdue)"
    parts.append(f"{done} done")
    about = [part for part in (owner.team, owner.contact) if part]
    return ". ".join([", ".join(parts), *about]) + "."


def _row(action: Action, knowledge: KnowledgeBase, settings: Settings, docname: str) -> output.TableRow:
    incident = knowledge.incident_of(action)
    incident_link: Sequence[nodes.Node] = []
    action_link = output.record_link(action, action.local_id, docname)
    if incident is not None:
        del action_link[1:]  # The site's name stands with the incident.
        incident_link = output.record_link(incident, incident.id, docname)
    return output.TableRow(
        [
            action_link,
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
