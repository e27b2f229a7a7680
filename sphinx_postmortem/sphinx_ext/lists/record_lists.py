"""The lists of actions, incidents, lessons and recurring factors, as they stand on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.incident_folds import folds_of
from sphinx_postmortem.core.lists.lesson_fields import (
    FACTOR_LIST,
    LESSON_LIST,
    LESSON_TITLES,
    NO_KIND,
    RECURRING,
    PointOfIncident,
    Recurrence,
    count_recurrence,
)
from sphinx_postmortem.core.lists.list_options import unknown_names
from sphinx_postmortem.core.lists.query import Field, ListKind, Query, columns_of, select
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.field_uses import RECORDS
from sphinx_postmortem.core.records.model import ASSET, FACTOR, Action, Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.lists.facet_boxes import FacetBoxes
from sphinx_postmortem.sphinx_ext.lists.factor_tags import factor_link
from sphinx_postmortem.sphinx_ext.lists.figures import page_of
from sphinx_postmortem.sphinx_ext.lists.folded_incidents import in_folds
from sphinx_postmortem.sphinx_ext.lists.list_tables import (
    Cell,
    ListPage,
    cell,
    heading,
    severity_cell,
    status_cell,
    table,
    text_cell,
)
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.warnings import warn

_NEWEST = 3
_IN_FIRST_LINE = ("date", "severity", "type", "status", "tlp")
_RECURRING = {FACTOR: later("Contributing factor"), ASSET: later("Affected asset")}
_FACTOR_TITLES, _FACTOR_WIDTHS = (later("What it was"), later("Incident"), later("Its actions")), (60, 20, 20)


def factor_texts(found: Sequence[Recurrence], page: ListPage, level: int) -> Iterator[nodes.Node]:
    """Yield a heading of a level and a table for each kind."""
    for each in found:
        heading = output.heading(f"{each.kind} ", "pm-group", level=level)
        number = len(each.incidents)
        heading += output.small(say_many("in {number} incident", "in {number} incidents", number), "pm-inline")
        yield heading
        yield _factor_table(each.points[:_NEWEST], page)
        if older := each.points[_NEWEST:]:
            yield from output.folded(
                say("{number} older", number=len(older)), [_factor_table(older, page)], page.domain.env
            )


def _factor_table(points: Sequence[PointOfIncident], page: ListPage) -> nodes.table:
    rows = [
        output.TableRow([text_cell(row.point.text), [page.incident_link(row.incident)], _actions_of(row, page)])
        for row in points
    ]
    return output.table(_FACTOR_TITLES, rows, ["pm-factors-list", "pm-list"], _FACTOR_WIDTHS)


def _actions_of(row: PointOfIncident, page: ListPage) -> Cell:
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


class RecordList(Placeholder):
    """Stands for a list (attributes ``docname``, ``query`` and ``none``, the text in place of an empty list)."""

    list_kind: ClassVar[ListKind[Any]]

    @property
    def kind(self) -> ListKind[Any]:
        """The table of fields of the list."""
        return self.list_kind

    @property
    def query(self) -> Query:
        """What the list asks for."""
        query: Query = self["query"]
        return query

    @property
    def topics(self) -> frozenset[str]:
        """What the list shows beyond the fields that all lists show."""
        options = {option for option, _ in self.query.wanted}
        shown = (field for field in self.kind.fields if field.title and field.name in self.query.columns)
        chosen = (field for field in self.kind.fields if field.filter and field.filter.option in options)
        return frozenset(field.listed for field in (*shown, *chosen)) - {RECORDS}

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the list; its text for none when nothing passes the filters."""
        page = ListPage(domain, self.docname)
        if not domain.settings.edition.is_filtered:  # There a name may be unknown because it is hidden.
            for message in unknown_names(self.query, self.kind, page.facts):
                warn(Code.BAD_FILTER, message, self.place)
        return self.render_list(page)

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the list, when its names are known to exist."""
        selection = select(self.query, self.kind, page.facts)
        built = [node for group, rows in selection.groups for node in (*heading(group), *self.render_rows(rows, page))]
        return self.with_count(built, selection.left_out, page)

    def render_rows(self, rows: Sequence[Any], page: ListPage) -> list[nodes.Node]:
        """Return the rows of one group."""
        raise NotImplementedError

    def with_count(self, built: list[nodes.Node], left_out: int, page: ListPage) -> list[nodes.Node]:
        """Return a list with how many rows it leaves out; the text for none when it has no rows."""
        noun = self.kind.noun
        if not built:
            return [output.paragraph(self["none"] or say(self.kind.none))]
        more = say_many(*self.kind.more, left_out)
        if not left_out:
            return built
        target = page_of(f"{noun}s", page.domain)
        rest: list[nodes.Node | str] = []
        if target not in ("", page.docname):
            rest = [" ", output.place_link(target, "", say(self.kind.all_of), page.docname)]
        about = output.paragraph(more, *rest)
        about["classes"].append("pm-sub")
        return [*built, about]


# --- actions


def _incident_of_action(action: Action, page: ListPage) -> Cell:
    incident = page.facts.knowledge.incident_of(action)
    return [page.incident_link(incident)] if incident else text_cell(action.incident_id)


def _severity_of_action(action: Action, page: ListPage) -> Cell:
    incident = page.facts.knowledge.incident_of(action)
    return severity_cell(incident.severity, page.domain.settings) if incident else []


ACTION_CELLS: dict[str, Callable[[Action, ListPage], Cell]] = {
    "id": lambda action, page: [page.action_link(action)],
    "owner": lambda action, page: output.owner_links(action.owners, page.docname),
    "incident": _incident_of_action,
    "severity": _severity_of_action,
    "status": lambda action, page: status_cell(action, page.domain.settings),
}


class ActionTables(RecordList):
    """Stands for a list of actions: a table for each group."""

    list_kind = ACTIONS

    def render_rows(self, rows: Sequence[Action], page: ListPage) -> list[nodes.Node]:
        """Return a table."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [table(columns, rows, ACTION_CELLS, page, ["pm-actions"])]


# --- incidents


def _runbooks(incident: Incident, page: ListPage) -> Cell:
    """Return links to the runbooks that were used, as far as the edition has them."""
    pages = page.domain.env.all_docs
    links = ([output.page_link(name, page.docname)] for name in incident.runbooks if name in pages)
    return output.separated(links, ", ")


def _name(incident: Incident, page: ListPage) -> Cell:
    """Return the title, which leads to the incident, and its id."""
    title = incident.bare_title
    if title.casefold() in ("", incident.key):
        return [page.incident_link(incident)]
    return [page.incident_link(incident, title), nodes.Text(" "), output.small(incident.id)]


def _open_actions(incident: Incident, page: ListPage) -> Cell:
    """Return how many actions are open and, below, how many of them are overdue."""
    facts = page.facts
    actions = facts.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    if not actions:
        return []
    numbers = facts.knowledge.numbers(actions, facts.today)
    overdue = output.small(say("{number} overdue", number=numbers.overdue), "pm-over")
    late = [nodes.Text(" "), overdue] if numbers.overdue else []
    return [*text_cell(str(numbers.open) if numbers.open else say("none")), *late]


_INCIDENT_CELLS: dict[str, Callable[[Incident, ListPage], Cell]] = {
    "id": lambda incident, page: [page.incident_link(incident)],
    "name": _name,
    "open-actions": _open_actions,
    "severity": lambda incident, page: severity_cell(incident.severity, page.domain.settings),
    "status": lambda incident, _: [output.status_badge(incident.status)] if incident.status else [],
    "tlp": lambda incident, _: [output.tlp_tag(incident.tlp)] if incident.tlp else [],
    "runbooks": _runbooks,
}


class IncidentTable(RecordList):
    """Stands for a list of incidents.

    Attributes beside the others: ``layout`` is ``table`` or ``cards``; ``facets`` is 0 without them, else a number that
    tells the lists of a page apart.
    """

    list_kind = INCIDENTS

    @property
    def topics(self) -> frozenset[str]:
        """What the list shows beyond the fields that all lists show: cards hold the summary."""
        has_summary = self["layout"] == "cards" and not self.query.columns
        return super().topics | ({self.kind.field("summary").listed} if has_summary else frozenset())

    def render_rows(self, rows: Sequence[Incident], page: ListPage) -> list[nodes.Node]:
        """Return a table, or a list of cards."""
        columns = columns_of(self.query, self.kind, page.facts)
        if self["layout"] == "table":
            return [
                incident_table(columns, rows, page, FacetBoxes(rows if self["facets"] else (), page, self["facets"]))
            ]
        if not self.query.columns:
            columns = [*columns, self.kind.field("summary")]
        return [output.bullets((_card(incident, columns, page) for incident in rows), "pm-cards")]


def incident_table(
    columns: Sequence[Field[Incident]], rows: Sequence[Incident], page: ListPage, boxes: FacetBoxes
) -> nodes.Node:
    """Return a table of incidents below its facets; on HTML pages a long one in folds."""

    def of(part: Sequence[Incident]) -> nodes.table:
        return table(columns, part, _INCIDENT_CELLS, page, ["pm-incidents"], boxes.classes)

    folds = folds_of(rows) if output.is_html(page.domain.env) else ()
    return boxes.around(in_folds(folds, of, page.domain.env) if folds else [of(rows)])


def _card(incident: Incident, columns: Sequence[Field[Incident]], page: ListPage) -> list[nodes.Node]:
    """Return an incident as a card: its name, its facts in a line, and its texts below."""
    names = [field.name for field in columns]
    name = incident.full_title if "title" in names else incident.id
    blocks = [output.paragraph(output.strong(page.incident_link(incident, name)))]
    facts = [cell(field, incident, _INCIDENT_CELLS, page) for field in columns if field.name in _IN_FIRST_LINE]
    if line := output.separated(facts, " · "):
        blocks.append(output.paragraph(*line))
    for field in columns:
        shown = cell(field, incident, _INCIDENT_CELLS, page)
        if shown and field.name not in ("id", "title", *_IN_FIRST_LINE):
            label = [] if field.name == "summary" else [f"{say(field.title)}: "]
            blocks.append(output.paragraph(*label, *shown))
    blocks[0]["classes"].append("pm-card-name")
    return list(blocks)


# --- lessons and factors


class LessonBullets(RecordList):
    """Stands for a list of lessons, each with its incident."""

    list_kind = LESSON_LIST

    def render_rows(self, rows: Sequence[PointOfIncident], page: ListPage) -> list[nodes.Node]:
        """Return a bullet list."""
        return [output.bullets(([self.lesson(row, page)] for row in rows), "pm-lessons")]

    def lesson(self, row: PointOfIncident, page: ListPage) -> nodes.paragraph:
        """Return a lesson: its tag, its text, of which kind it is, and the incident."""
        point, group_by = row.point, self.query.group_by
        tag = [output.strong(f"{point.kind}:"), nodes.Text(" ")] if point.kind and group_by != "tag" else []
        says_what = group_by != "what" and len(self.query.values("what")) != 1
        what = f"{say(LESSON_TITLES[point.role])}, " if says_what else ""
        built = output.paragraph(*tag, f"{point.text} ", f"({what}", page.incident_link(row.incident), ")")
        built["classes"].append("pm-lesson")
        return built


class RecurrenceTable(RecordList):
    """Stands for recurring factors (attributes ``role``, ``least`` and ``layout`` beside the others)."""

    list_kind = FACTOR_LIST

    @property
    def kind(self) -> ListKind[Any]:
        """The table of fields of factors, or of assets."""
        return RECURRING[self["role"]]

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return a table of kinds, how many incidents each has, and which."""
        found, left_out = count_recurrence(self.query, page.facts, self["role"], self["least"])
        if self["layout"] == "texts":
            return self.with_count(list(factor_texts(found, page, self.level)), left_out, page)
        titles = [_RECURRING[self["role"]], later("Incidents"), later("Which")]
        rows = [output.TableRow(list(_recurrence_cells(each, page))) for each in found]
        built = output.table(titles, rows, ["pm-recurrence", "pm-list"], (30, 14, 56))
        return self.with_count([built] if rows else [], left_out, page)


def _recurrence_cells(each: Recurrence, page: ListPage) -> Iterator[Cell]:
    factor = page.facts.factors.find(each.factor) if each.factor else None
    yield (
        [factor_link(factor, page.docname, page.domain)]
        if factor
        else text_cell(say(each.kind) if each.kind == NO_KIND else each.kind)
    )
    yield text_cell(str(len(each.incidents)))
    yield output.separated(([page.incident_link(incident)] for incident in each.incidents), ", ")
