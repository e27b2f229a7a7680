"""The directive ``incident-navigation``: a place for each incident, without listing all of them on every page.

It is a ``toctree`` for Sphinx: its pages have a parent, a previous and a next page, belong to every document that is
made of several pages, and are no orphans. Only the trees that themes show on every HTML page do not hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from docutils import nodes
from sphinx.util import docname_join
from sphinx.util.matching import patfilter

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import BadFilterError, choose
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.chronology import by_severity, by_year
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.lists.facet_boxes import FacetBoxes
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.lists.navigation_order import PAGES
from sphinx_postmortem.sphinx_ext.lists.record_lists import incident_table
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import incident_link
from sphinx_postmortem.sphinx_ext.tree import every

VIEWS = ("table", "year", "severity")
_COLUMNS = ("name", "severity", "status", "type", "date", "open-actions")
_TITLES = {"year": later("By year"), "severity": later("By severity")}


class IncidentNavigation(PostmortemDirective):
    """All incidents in a table with facets, or as lists. It takes the place of a `toctree` of the incident pages.

    ``:pages:`` are patterns of these pages, relative to this one; by default all below its folder. ``:by:`` is some of
    ``table``, ``year`` and ``severity``.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = option_spec("incident-navigation")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the index, and a hidden ``toctree`` with the pages."""
        docname = self.env.current_document.docname
        patterns = [part.strip() for part in self.options.get("pages", "").split(",") if part.strip()]
        if not patterns and "/" not in docname:
            example = ":pages: incidents/**"
            message = f"on a page in the source folder itself, name the pages of the incidents, as in `{example}`"
            self.warn(Code.BAD_FILTER, message)
            return []
        try:
            chosen = choose("by", self.options.get("by", ""), VIEWS) or ("table",)
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            chosen = ("table",)
        self.domain.note_page(docname, replace(self.domain.records_of(docname), has_overview=True, has_navigation=True))
        place = IncidentIndex(docname=docname, by=list(chosen), number=self.env.new_serialno("pm-facets") + 1)
        self.set_source_info(place)
        wanted = [docname_join(docname, pattern) for pattern in patterns or ["**"]]
        pages = sorted({page for each in wanted for page in patfilter(self.env.found_docs, each)} - {docname})
        return [place, output.hidden_toctree(docname, pages, PAGES)]


class IncidentIndex(Placeholder):
    """Stands for the incidents, as ``by`` says (attributes ``docname``, ``by`` and ``number``, that of the facets)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the table; jump links, and a list for each group."""
        knowledge = domain.knowledge
        incidents = knowledge.incidents
        if not incidents:
            return [output.paragraph(say("No incidents."))]
        groups = {"year": by_year(incidents), "severity": by_severity(incidents, domain.settings.severities)}
        views = {view: groups[view] for view in self["by"] if view in groups}
        built: list[nodes.Node] = []
        if "table" in self["by"]:
            built.append(self.table(incidents, ListPage(domain, self.docname), has_anchors="year" not in views))
        if views:
            built.append(
                output.fields([(say(_TITLES[view]), [_jumps(view, views[view])]) for view in views], "pm-jumps")
            )
        for view, parts in views.items():
            for name, members in parts.items():
                built.append(output.heading(say(name), "pm-group", ids=[anchor(view, name)], level=2))
                built.append(_listing(members, knowledge, self.docname))
        return built

    def table(self, incidents: Sequence[Incident], page: ListPage, *, has_anchors: bool) -> nodes.Node:
        """Return the table below its facets; the first row of each year is what the way to an incident leads to."""
        boxes = FacetBoxes(incidents, page, self["number"])
        columns = [INCIDENTS.field(name) for name in _COLUMNS]
        first = {id(members[0]): name for name, members in by_year(incidents).items()} if has_anchors else {}
        built = incident_table(columns, incidents, page, boxes)
        rows = [row for row in every(built, nodes.row) if isinstance(row.parent, nodes.tbody)]
        for row, incident in zip(rows, incidents, strict=True):
            if year := first.get(id(incident)):
                output.put_anchor(every(row, nodes.paragraph)[0], anchor("year", year))
        return built


def _jumps(view: str, groups: Mapping[str, list[Incident]]) -> nodes.paragraph:
    parts: list[nodes.Node | str] = []
    for name, incidents in groups.items():
        parts += [", "] if parts else []
        parts += [output.jump(anchor(view, name), say(name)), f" ({len(incidents)})"]
    return output.paragraph(*parts)


def _listing(incidents: Iterable[Incident], knowledge: KnowledgeBase, docname: str) -> nodes.bullet_list:
    items: list[list[nodes.Node]] = []
    for incident in incidents:
        facts = [
            incident.first_day.isoformat() if incident.first_day else "",
            incident.severity,
            status_label(incident.status),
        ]
        link = incident_link(incident, knowledge, docname, incident.full_title)
        items.append([output.paragraph(link, f" ({', '.join(filter(None, facts))})")])
    return output.bullets(items, "pm-group-list")
