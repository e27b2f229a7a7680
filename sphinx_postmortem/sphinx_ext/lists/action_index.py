"""Lists of actions by owner: the index of all, those of one owner or team, and the overview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes

from sphinx_postmortem.core.lists.by_owner import OwnerChoice, Part, choose_groups, share_rows
from sphinx_postmortem.core.lists.filters import folded
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, Numbers, OwnerActions, is_done, is_overdue
from sphinx_postmortem.core.records.model import Action
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import action_link, incident_link

_TITLES = ("Action", "What", "Incident", "Priority", "Due date", "Status")
_WIDTHS = (16, 40, 14, 8, 11, 11)
_NOTHING = "No actions."


def build(choice: OwnerChoice, domain: PostmortemDomain, docname: str) -> list[nodes.Node]:
    """Return what stands on page ``docname``: a heading, counts and a table for each owner that is chosen."""
    knowledge, settings = domain.knowledge, domain.settings
    groups = choose_groups(choice, knowledge, settings.today)
    if not groups:
        return [output.paragraph(_NOTHING)]
    homes = {group.owner.key: domain.owner_page(group.owner) for group in groups if group.owner.id}
    # Only the owners' own pages list an owner who has a page elsewhere.
    here = [group for group in groups if choice.owners or homes.get(group.owner.key, docname) in ("", docname)]
    parts = dict(zip((g.owner.key for g in here), share_rows(choice, here, settings.done_statuses), strict=True))
    built: list[nodes.Node] = []
    for group in groups:
        is_home = bool(group.owner.id) and homes[group.owner.key] == docname and choice.page == 1
        built += _head(group, domain, docname, is_home=is_home, is_alone=len(groups) == 1)
        part = parts.get(group.owner.key)
        if part is None:
            link = output.link("owner", group.owner.id, group.owner.label, docname)
            built.append(output.paragraph("The actions stand on the page of ", link, "."))
        else:
            built += _table(part, knowledge, settings, docname)
    return built


def _head(
    group: OwnerActions, domain: PostmortemDomain, docname: str, *, is_home: bool, is_alone: bool
) -> Iterator[nodes.Node]:
    """Yield an owner's name, which the title of a page for one owner says already, and how many actions they have."""
    owner, title = group.owner, domain.records_of(docname).title
    counts = output.paragraph(_counts(group, domain.knowledge, domain.settings))
    if is_alone and owner.id and folded(owner.label) in folded(title):
        if is_home:
            counts.insert(0, output.anchor_target(owner.anchor, None))
    else:
        ids = [owner.anchor] if is_home else []
        yield nodes.rubric("", owner.label, ids=ids, classes=["pm-owner"])
    yield counts


def _table(part: Part, knowledge: KnowledgeBase, settings: Settings, docname: str) -> Iterator[nodes.Node]:
    rows = [_row(action, knowledge, settings, docname) for action in part.actions]
    if rows:
        yield output.table(_TITLES, rows, ["pm-actions"], _WIDTHS)
    if part.before:
        yield output.paragraph(f"{part.before} come before these, on the pages before this one.")
    more = " more" if rows else ""
    left_out = [
        f"{count}{more} {kind}" for count, kind in ((part.more_open, "open"), (part.more_done, "done")) if count
    ]
    if left_out:
        yield output.paragraph(f"Not listed here: {' and '.join(left_out)}, on the pages of their incidents.")


def build_overview(domain: PostmortemDomain, docname: str) -> list[nodes.Node]:
    """Return tables of how many actions each owner and each team has; owners link to where their actions stand."""
    knowledge, settings = domain.knowledge, domain.settings
    groups = knowledge.actions_by_owner(settings.today)
    if not groups:
        return [output.paragraph(_NOTHING)]
    rows: list[output.TableRow] = []
    for group in groups:
        owner = group.owner
        name = output.link("owner", owner.id, owner.label, docname) if owner.id else nodes.Text(owner.label)
        rows.append(_number_row(name, knowledge.numbers(group.actions, settings.today), settings))
    total = _number_row(nodes.strong("", "All actions"), knowledge.numbers(knowledge.actions, settings.today), settings)
    built: list[nodes.Node] = [_number_table("Owner", [*rows, total], settings)]
    teams = [
        _number_row(nodes.Text(team), knowledge.numbers(actions, settings.today), settings)
        for team, actions in knowledge.actions_by_team(settings.today)
    ]
    return [*built, _number_table("Team", teams, settings)] if teams else built


def _number_table(first: str, rows: Sequence[output.TableRow], settings: Settings) -> nodes.table:
    titles = [first, "Open", *(["Overdue"] if settings.today is not None else []), "Done"]
    return output.table(titles, rows, ["pm-overview"], [46, *[18] * (len(titles) - 1)])


def _number_row(name: nodes.Node, numbers: Numbers, settings: Settings) -> output.TableRow:
    """Return a row of numbers. Without a day that is today nothing is known to be overdue."""
    shown = [numbers.open, *([numbers.overdue] if settings.today is not None else []), numbers.done]
    return output.TableRow([[name], *([nodes.Text(str(number))] for number in shown)])


def _counts(group: OwnerActions, knowledge: KnowledgeBase, settings: Settings) -> str:
    numbers = knowledge.numbers(group.actions, settings.today)
    parts = [f"{numbers.open} open"]
    if settings.today is not None:
        parts[0] += f" ({numbers.overdue} overdue)"
    parts.append(f"{numbers.done} done")
    about = [part for part in (group.owner.team, group.owner.contact) if part and part != group.owner.label]
    return ". ".join([", ".join(parts), *about]) + "."


def _row(action: Action, knowledge: KnowledgeBase, settings: Settings, docname: str) -> output.TableRow:
    incident = knowledge.incident_of(action)
    incident_cell: Sequence[nodes.Node] = []
    if incident is not None:
        incident_cell = [incident_link(incident, knowledge, docname)]
    return output.TableRow(
        [
            [action_link(action, knowledge, docname, action.local_id, names_site=incident is None)],
            [nodes.Text(action.text)],
            incident_cell,
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
