"""The index of incidents by year and by severity: jump links, and a list for each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docutils import nodes

from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.chronology import by_severity, by_year
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import incident_link

VIEWS = ("year", "severity")
_TITLES = {"year": "By year", "severity": "By severity"}


class IncidentIndex(Placeholder):
    """Stands for the incidents by year and by severity (attributes ``docname`` and ``by``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return jump links, and a list for each group."""
        knowledge = domain.knowledge
        incidents = knowledge.incidents
        if not incidents:
            return [output.paragraph("No incidents.")]
        groups = {"year": by_year(incidents), "severity": by_severity(incidents, domain.settings.severities)}
        views = {view: groups[view] for view in self["by"]}
        built: list[nodes.Node] = [
            output.fields([(_TITLES[view], [_jumps(view, views[view])]) for view in views], "pm-jumps")
        ]
        for view, parts in views.items():
            for name, members in parts.items():
                heading = {"ids": [anchor(view, name)], "classes": ["pm-group"], "heading-level": 2}
                built += [nodes.rubric("", name, **heading), _listing(members, knowledge, self.docname)]
        return built


def _jumps(view: str, groups: Mapping[str, list[Incident]]) -> nodes.paragraph:
    parts: list[nodes.Node | str] = []
    for name, incidents in groups.items():
        parts += [", "] if parts else []
        parts += [output.jump(anchor(view, name), name), f" ({len(incidents)})"]
    return output.paragraph(*parts)


def _listing(incidents: Iterable[Incident], knowledge: KnowledgeBase, docname: str) -> nodes.bullet_list:
    items: list[nodes.Node] = []
    for incident in incidents:
        title = incident.title if incident.id in incident.title else f"{incident.id}: {incident.title}"
        facts = [incident.first_day.isoformat() if incident.first_day else "", incident.severity, incident.status]
        link = incident_link(incident, knowledge, docname, title.removesuffix(": "))
        items.append(nodes.list_item("", output.paragraph(link, f" ({', '.join(filter(None, facts))})")))
    return nodes.bullet_list("", *items, classes=["pm-group-list"])
