"""The table of the incidents that used a runbook, and the links from an incident to its runbooks."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain

HEADING = "Incidents that used this runbook"
_TITLES = ("Incident", "Title", "Date", "Severity")
_WIDTHS = (20, 52, 15, 13)


class RunbookTable(Placeholder):
    """Stands for the incidents that used a runbook (attributes ``docname``, ``none``, ``heading`` and ``css``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the table; where there is none, the text ``none``, or nothing if there is no text."""
        rows = [
            output.TableRow(
                [
                    [output.link("incident", incident.id, incident.id, self.docname)],
                    [nodes.Text(incident.bare_title)],
                    [nodes.Text(incident.first_day.isoformat() if incident.first_day else "")],
                    [nodes.Text(incident.severity)],
                ]
            )
            for incident in domain.knowledge.incidents_by_runbook.get(self.docname, ())
        ]
        if not rows:
            return [output.paragraph(self["none"])] if self["none"] else []
        table = output.table(_TITLES, rows, ["pm-incidents", "pm-list", *self["css"]], _WIDTHS)
        if not self["heading"]:
            return [table]
        # A heading for readers of HTML; a section would need its place in the table of contents before pages are read.
        return [nodes.rubric("", self["heading"], **{"heading-level": 2}), table]


def links(runbooks: Iterable[str], docname: str) -> nodes.paragraph:
    """Return the titles of runbooks as links, in the order in which they were named."""
    parts: list[nodes.Node | str] = []
    for runbook in runbooks:
        parts += [", "] if parts else []
        parts.append(output.page_link(runbook, docname))
    return output.paragraph(*parts)
