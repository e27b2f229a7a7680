"""What past incidents taught about a runbook, and the links from an incident to its runbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes

from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.records.knowledge import days_overdue, is_done
from sphinx_postmortem.core.records.model import TAKEAWAY, Action, Incident, Point
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain

HEADING = later("What past incidents taught")


class RunbookFoot(Placeholder):
    """Stands for the incidents that used a runbook (attributes ``docname``, ``none``, ``heading`` and ``css``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return a list of the incidents: where the runbook did not help, key takeaways, and open actions.

        Where there is none, return the text ``none``, or nothing if there is no text.
        """
        used = domain.knowledge.incidents_by_runbook.get(self.docname, [])
        unhelpful: dict[int, list[Point]] = {}
        for incident, point in domain.derived.facts.runbooks.unhelpful.get(self.docname, ()):
            unhelpful.setdefault(id(incident), []).append(point)
        incidents = [each for each in domain.knowledge.incidents if id(each) in unhelpful.keys() | set(map(id, used))]
        if not incidents:
            return [output.paragraph(self["none"])] if self["none"] else []
        actions = [open_actions(incident, domain) for incident in incidents]
        about = output.paragraph(*self.counts(len(used), len(unhelpful), actions, domain))
        about["classes"].append("pm-sub")
        items = [
            list(self.item(incident, unhelpful.get(id(incident), []), some, domain))
            for incident, some in zip(incidents, actions, strict=True)
        ]
        built: list[nodes.Node] = [about, output.bullets(items, "pm-taught", *self["css"])]
        # A heading for readers of HTML; a section would need its place in the table of contents before pages are read.
        return [output.heading(say(self["heading"]), level=2), *built] if self["heading"] else built

    def counts(
        self, used: int, unhelpful: int, actions: list[list[Action]], domain: PostmortemDomain
    ) -> Iterator[nodes.Node | str]:
        """Yield how many incidents used the runbook, in how many it did not help, and how many actions are overdue."""
        one, many = "{number} incident used this runbook.", "{number} incidents used this runbook."
        yield say_many(one, many, used) if used else say("No incidents used this runbook.")
        if unhelpful:
            yield " "
            yield from filled(
                say("{did_not_help}."), did_not_help=output.strong(say("It did not help in {number}", number=unhelpful))
            )
        if late := sum(is_late(action, domain) for some in actions for action in some):
            yield " "
            overdue = say_many("{number} of their actions is overdue", "{number} of their actions are overdue", late)
            yield from filled(say("{overdue}."), overdue=output.strong(overdue))

    def item(
        self, incident: Incident, unhelpful: list[Point], actions: list[Action], domain: PostmortemDomain
    ) -> Iterable[nodes.Node]:
        """Yield an incident's name, where the runbook failed it, what was learned, and its facts in a line."""
        name: list[nodes.Node] = [output.link("incident", incident.id, incident.id, self.docname)]
        if incident.bare_title and incident.bare_title.casefold() != incident.key:
            name += [nodes.Text(" "), output.marked([nodes.Text(incident.bare_title)], "pm-title")]
        yield output.paragraph(*name)
        points = domain.knowledge.points_by_incident.get(incident.key, ())
        taught = [[output.paragraph(output.strong(say("Did not help:")), f" {point.text}")] for point in unhelpful]
        taught += [[output.paragraph(point.text)] for point in points if point.role == TAKEAWAY]
        taught += [[self.action(each, domain)] for each in actions]
        if taught:
            yield output.bullets(taught)
        settings = domain.settings
        facts: list[list[nodes.Node]] = [
            [output.severity_badge(incident.severity, settings.severities)] if incident.severity else [],
            [nodes.Text(incident.first_day.isoformat())] if incident.first_day else [],
        ]
        if line := output.separated(facts, " · "):
            built = output.paragraph(*line)
            built["classes"].append("pm-sub")
            yield built

    def action(self, action: Action, domain: PostmortemDomain) -> nodes.paragraph:
        """Return an open action: its link, its text, and its due date or by how many days it is overdue."""
        settings = domain.settings
        days = days_overdue(action, settings.today, settings.done_statuses)
        late: list[nodes.Node | str] = [": ", output.overdue_text(days)] if days else []
        due = say(", due {day}", day=action.due_written) if action.due_written and not days else ""
        link = output.link("action", action.full_id, action.local_id, self.docname)
        return output.paragraph(link, f" {action.text}{due}", *late)


def open_actions(incident: Incident, domain: PostmortemDomain) -> list[Action]:
    """Return the actions of an incident that need more work, the overdue first."""
    settings = domain.settings
    actions = domain.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    found = [action for action in actions if not is_done(action, settings.done_statuses)]
    return sorted(found, key=lambda action: -days_overdue(action, settings.today, settings.done_statuses))


def is_late(action: Action, domain: PostmortemDomain) -> bool:
    """Say whether an action is overdue."""
    return bool(days_overdue(action, domain.settings.today, domain.settings.done_statuses))


def links(runbooks: Iterable[str], docname: str) -> nodes.paragraph:
    """Return the titles of runbooks as links, in the order in which they were named."""
    parts: list[nodes.Node | str] = []
    for runbook in runbooks:
        parts += [", "] if parts else []
        parts.append(output.page_link(runbook, docname))
    return output.paragraph(*parts)
