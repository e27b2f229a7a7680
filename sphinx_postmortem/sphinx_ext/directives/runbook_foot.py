"""What past incidents taught about a runbook, and the links from an incident to its runbooks."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.records.knowledge import days_overdue
from sphinx_postmortem.core.records.model import TAKEAWAY, Action, Incident
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain

HEADING = later("What past incidents taught")


class RunbookFoot(Placeholder):
    """Stands for the incidents that used a runbook (attributes ``docname``, ``none``, ``heading`` and ``css``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return a list of the incidents, each with its key takeaways and its overdue actions.

        Where there is none, return the text ``none``, or nothing if there is no text.
        """
        incidents = domain.knowledge.incidents_by_runbook.get(self.docname, ())
        if not incidents:
            return [output.paragraph(self["none"])] if self["none"] else []
        number = len(incidents)
        late = [overdue_actions(incident, domain) for incident in incidents]
        used = say_many("{number} incident used this runbook.", "{number} incidents used this runbook.", number)
        about = output.paragraph(used)
        if count := sum(map(len, late)):
            overdue = say_many("{number} of their actions is overdue", "{number} of their actions are overdue", count)
            about = output.paragraph(
                *filled(say("{used} {overdue}."), used=nodes.Text(used), overdue=output.strong(overdue))
            )
        about["classes"].append("pm-sub")
        items = [list(self.item(i, some, domain)) for i, some in zip(incidents, late, strict=True)]
        built: list[nodes.Node] = [about, output.bullets(items, "pm-taught", *self["css"])]
        # A heading for readers of HTML; a section would need its place in the table of contents before pages are read.
        return [output.heading(say(self["heading"]), level=2), *built] if self["heading"] else built

    def item(self, incident: Incident, late: list[Action], domain: PostmortemDomain) -> Iterable[nodes.Node]:
        """Yield an incident's name, what was learned from it, and its facts in a line."""
        name: list[nodes.Node] = [output.link("incident", incident.id, incident.id, self.docname)]
        if incident.bare_title and incident.bare_title.casefold() != incident.key:
            name += [nodes.Text(" "), output.marked([nodes.Text(incident.bare_title)], "pm-title")]
        yield output.paragraph(*name)
        points = domain.knowledge.points_by_incident.get(incident.key, ())
        if lessons := [[output.paragraph(point.text)] for point in points if point.role == TAKEAWAY]:
            yield output.bullets(lessons)
        day = incident.first_day.isoformat() if incident.first_day else ""
        settings = domain.settings
        facts: list[list[nodes.Node]] = [
            [output.severity_badge(incident.severity, settings.severities)] if incident.severity else [],
            [nodes.Text(day)] if day else [],
        ]
        for action in late:
            days = days_overdue(action, settings.today, settings.done_statuses)
            link = output.link("action", action.full_id, action.local_id, self.docname)
            facts.append([link, nodes.Text(f" {action.text}: "), output.overdue_text(days)])
        if line := output.separated(facts, " · "):
            built = output.paragraph(*line)
            built["classes"].append("pm-sub")
            yield built


def overdue_actions(incident: Incident, domain: PostmortemDomain) -> list[Action]:
    """Return the overdue actions of an incident."""
    settings = domain.settings
    actions = domain.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    return [action for action in actions if days_overdue(action, settings.today, settings.done_statuses)]


def links(runbooks: Iterable[str], docname: str) -> nodes.paragraph:
    """Return the titles of runbooks as links, in the order in which they were named."""
    parts: list[nodes.Node | str] = []
    for runbook in runbooks:
        parts += [", "] if parts else []
        parts.append(output.page_link(runbook, docname))
    return output.paragraph(*parts)
