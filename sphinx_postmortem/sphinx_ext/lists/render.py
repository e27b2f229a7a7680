"""What lists of records look like: tables, cards and bullet lists of plain nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from docutils import nodes

from sphinx_postmortem.core.lists.actions import ActionFacts, ActionFilter, select_actions, unknown_in_action_list
from sphinx_postmortem.core.lists.filters import Group
from sphinx_postmortem.core.lists.incidents import (
    COLUMNS,
    DEFAULT_COLUMNS,
    TEXT_COLUMNS,
    IncidentFilter,
    kinds_of,
    select_incidents,
    unknown_in_incident_list,
)
from sphinx_postmortem.core.lists.lessons import (
    LESSON_TITLES,
    FactorFilter,
    Lesson,
    LessonFilter,
    count_recurrence,
    select_lessons,
    unknown_in_lesson_list,
)
from sphinx_postmortem.core.records.model import ASSET, FACTOR, Action, Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.action_index import status_cell
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import action_link, incident_link

Chosen = ActionFilter | IncidentFilter | LessonFilter | FactorFilter

_WIDTHS = {"id": 18, "action": 36, "title": 36, "owner": 16, "summary": 40, "priority": 8, "status": 10, "due": 10}
_DEFAULT_WIDTH = 12


@dataclass(frozen=True)
class Listing:
    """One list: its filter, the text in place of an empty one (empty: ours), and its layout (table or cards)."""

    chosen: Chosen
    none: str = ""
    layout: str = "table"

    @property
    def shows_texts(self) -> bool:
        """Whether it shows the summaries or impacts of incidents."""
        if not isinstance(self.chosen, IncidentFilter):
            return False
        columns = self.chosen.columns or (("summary",) if self.layout == "cards" else ())
        return any(name in TEXT_COLUMNS for name in columns)


def build(listing: Listing, domain: PostmortemDomain, docname: str) -> list[nodes.Node]:
    """Return a list for page ``docname``; the text for none when nothing passes the filter."""
    chosen = listing.chosen
    rendered = _Lists(domain, docname)
    if isinstance(chosen, ActionFilter):
        built, left_out, noun = rendered.actions(chosen)
    elif isinstance(chosen, IncidentFilter):
        built, left_out, noun = rendered.incidents(chosen, listing.layout)
    elif isinstance(chosen, LessonFilter):
        built, left_out, noun = rendered.lessons(chosen)
    else:
        built, left_out, noun = rendered.factors(chosen)
    if not built:
        return [output.paragraph(listing.none or f"No {noun}s.")]
    more = f"{left_out} more {noun}{'' if left_out == 1 else 's'} {'is' if left_out == 1 else 'are'} not shown."
    return [*built, output.paragraph(more)] if left_out else built


def unknown_names(listing: Listing, domain: PostmortemDomain) -> list[str]:
    """Return a message for each name of a list's filter that the knowledge base lacks."""
    chosen, knowledge = listing.chosen, domain.knowledge
    if isinstance(chosen, ActionFilter):
        return unknown_in_action_list(chosen, _facts(domain))
    if isinstance(chosen, IncidentFilter):
        return unknown_in_incident_list(chosen, knowledge)
    found = unknown_in_lesson_list(chosen, knowledge) if isinstance(chosen, LessonFilter) else []
    return [*found, *unknown_in_incident_list(chosen.of, knowledge)]


def _facts(domain: PostmortemDomain) -> ActionFacts:
    settings = domain.settings
    return ActionFacts(domain.knowledge, settings.today, settings.done_statuses, settings.severities)


def _cells(text: str) -> list[nodes.Node]:
    return [nodes.Text(text)] if text else []


def _heading(group: Group | None) -> list[nodes.Node]:
    return [nodes.rubric("", group.title, classes=["pm-group"])] if group else []


class _Lists:
    """Builds the lists of one page."""

    def __init__(self, domain: PostmortemDomain, docname: str) -> None:
        self.domain = domain
        self.knowledge = domain.knowledge
        self.settings = domain.settings
        self.docname = docname

    def incident_link(self, incident: Incident, text: str = "") -> nodes.Node:
        """Return a link to an incident."""
        return incident_link(incident, self.knowledge, self.docname, text)

    # --- actions

    def actions(self, chosen: ActionFilter) -> tuple[list[nodes.Node], int, str]:
        """Return a table for each group, how many actions are left out, and what they are called."""
        facts = _facts(self.domain)
        columns = facts.columns(chosen)
        found = select_actions(chosen, facts)
        built: list[nodes.Node] = []
        for group, actions in found.groups:
            rows = [
                output.TableRow([self.action_cell(field, action, facts) for field, _ in columns]) for action in actions
            ]
            widths = [_WIDTHS.get(field, _DEFAULT_WIDTH) for field, _ in columns]
            table = output.table([title for _, title in columns], rows, ["pm-actions", "pm-list"], widths)
            built += [*_heading(group), table]
        return built, found.left_out, "action"

    def action_cell(self, field: str, action: Action, facts: ActionFacts) -> list[nodes.Node]:
        """Return what a column shows of an action."""
        incident = facts.incident(action)
        if field == "id":
            return [action_link(action, self.knowledge, self.docname)]
        if field == "owner":
            return output.owner_links(action.owners, self.docname)
        if field == "status":
            return status_cell(action, self.settings)
        if field == "incident":
            return [self.incident_link(incident)] if incident else _cells(action.incident_id)
        if field == "severity" and incident and incident.severity:
            return [output.badge(incident.severity, "severity", incident.severity.casefold())]
        return _cells(", ".join(facts.values(field, action)))

    # --- incidents

    def incidents(self, chosen: IncidentFilter, layout: str) -> tuple[list[nodes.Node], int, str]:
        """Return the incidents as a table or as cards, and how many are left out."""
        found, left_out = select_incidents(chosen, self.knowledge, self.settings.severities)
        if not found:
            return [], 0, "incident"
        if layout == "cards":
            columns = chosen.columns or (*DEFAULT_COLUMNS, "summary")
            return [output.bullets((self.card(i, columns) for i in found), "pm-cards")], left_out, "incident"
        columns = chosen.columns or DEFAULT_COLUMNS
        rows = [output.TableRow([self.incident_cell(name, incident) for name in columns]) for incident in found]
        widths = [_WIDTHS.get(name, _DEFAULT_WIDTH) for name in columns]
        titles = [COLUMNS[name] for name in columns]
        return [output.table(titles, rows, ["pm-incidents", "pm-list"], widths)], left_out, "incident"

    def incident_cell(self, name: str, incident: Incident) -> list[nodes.Node]:
        """Return what a column shows of an incident."""
        known: dict[str, Callable[[], list[nodes.Node]]] = {
            "id": lambda: [self.incident_link(incident)],
            "title": lambda: _cells(incident.bare_title),
            "date": lambda: _cells(_days(incident)),
            "severity": lambda: self.badge(incident.severity, "severity"),
            "type": lambda: _cells(incident.type),
            "status": lambda: self.badge(incident.status, "status"),
            "tlp": lambda: self.badge(f"TLP:{incident.tlp}" if incident.tlp else "", "tlp", incident.tlp),
            "runbooks": lambda: output.separated(self.runbooks(incident), ", "),
            "factors": lambda: _cells(", ".join(kinds_of(incident, FACTOR, self.knowledge))),
            "assets": lambda: _cells(", ".join(kinds_of(incident, ASSET, self.knowledge))),
            "actions": lambda: _cells(self.action_counts(incident)),
            "summary": lambda: _cells(" ".join(incident.summary.split())),
        }
        impact = dict(incident.impacts).get(name.removesuffix("-impact"), "")
        return known[name]() if name in known else _cells(impact)

    def badge(self, text: str, kind: str, value: str = "") -> list[nodes.Node]:
        """Return a short text that HTML sets apart."""
        return [output.badge(text, kind, (value or text).casefold())] if text else []

    def runbooks(self, incident: Incident) -> Iterator[list[nodes.Node]]:
        """Yield links to the runbooks that were used, as far as the edition has them."""
        for page in incident.runbooks:
            if page in self.domain.env.all_docs:
                yield [output.page_link(page, self.docname)]

    def action_counts(self, incident: Incident) -> str:
        """Return how many actions an incident has, such as ``2 open (1 overdue), 3 done``."""
        actions = self.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
        numbers = self.knowledge.numbers(actions, self.settings.today)
        overdue = f" ({numbers.overdue} overdue)" if numbers.overdue else ""
        parts = [f"{numbers.open} open{overdue}"] if numbers.open else []
        return ", ".join([*parts, *([f"{numbers.done} done"] if numbers.done else [])])

    def card(self, incident: Incident, columns: Sequence[str]) -> list[nodes.Node]:
        """Return an incident as a card: its name, its facts in a line, and its texts below."""
        has_title = "title" in columns and incident.bare_title.casefold() not in ("", incident.key)
        name = f"{incident.id}: {incident.bare_title}" if has_title else incident.id
        facts = [self.incident_cell(each, incident) for each in columns if each in _FACTS]
        blocks = [output.paragraph(nodes.strong("", "", self.incident_link(incident, name)))]
        if line := output.separated(facts, " · "):
            blocks.append(output.paragraph(*line))
        for each in columns:
            cell = [] if each in ("id", "title", *_FACTS) else self.incident_cell(each, incident)
            if cell and each == "summary":
                blocks.append(output.paragraph(*cell))
            elif cell:
                blocks.append(output.paragraph(f"{COLUMNS[each]}: ", *cell))
        blocks[0]["classes"].append("pm-card-name")
        return list(blocks)

    # --- lessons and factors

    def lessons(self, chosen: LessonFilter) -> tuple[list[nodes.Node], int, str]:
        """Return the lessons, each with its incident."""
        groups, left_out = select_lessons(chosen, self.knowledge, self.settings.severities)
        says_what = chosen.group_by != "what" and len(chosen.what) != 1
        built: list[nodes.Node] = []
        for group, lessons in groups:
            items = [[self.lesson(lesson, chosen.group_by, says_what=says_what)] for lesson in lessons]
            built += [*_heading(group), output.bullets(items, "pm-lessons")]
        return built, left_out, "lesson"

    def lesson(self, lesson: Lesson, group_by: str, *, says_what: bool) -> nodes.paragraph:
        """Return a lesson: its tag, its text, of which kind it is, and the incident."""
        point, incident = lesson
        tag = [nodes.strong("", f"{point.kind}:"), nodes.Text(" ")] if point.kind and group_by != "tag" else []
        what = f"{LESSON_TITLES[point.role]}, " if says_what else ""
        built = output.paragraph(*tag, f"{point.text} ", f"({what}", self.incident_link(incident), ")")
        built["classes"].append("pm-lesson")
        return built

    def factors(self, chosen: FactorFilter) -> tuple[list[nodes.Node], int, str]:
        """Return a table of kinds, how many incidents each has, and which."""
        found, left_out = count_recurrence(chosen, self.knowledge, self.settings.severities)
        noun = "contributing factor" if chosen.role == FACTOR else "affected asset"
        if not found:
            return [], 0, noun
        rows = [
            output.TableRow(
                [
                    [nodes.Text(each.kind)],
                    [nodes.Text(str(len(each.incidents)))],
                    output.separated(([self.incident_link(incident)] for incident in each.incidents), ", "),
                ]
            )
            for each in found
        ]
        table = output.table(
            [noun.capitalize(), "Incidents", "Which"], rows, ["pm-recurrence", "pm-list"], (30, 14, 56)
        )
        return [table], left_out, noun


_FACTS = ("date", "severity", "type", "status", "tlp")


def _days(incident: Incident) -> str:
    """Return an incident's day, or its first and last one."""
    if incident.first_day is None:
        return ""
    same = incident.last_day in (None, incident.first_day)
    return incident.first_day.isoformat() + ("" if same or incident.last_day is None else f" to {incident.last_day}")
