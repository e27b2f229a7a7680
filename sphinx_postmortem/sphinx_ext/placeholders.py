"""Nodes that stand for content derived from all pages, until the pages are written.

Each carries the page it stands on: some builders merge all pages into one tree before they write.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.filters import unknown_names
from sphinx_postmortem.core.milestones import derive_durations
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import action_index, closure_table, incident_index, list_tables, output, runbook_table
from sphinx_postmortem.sphinx_ext.domain import domain_of
from sphinx_postmortem.sphinx_ext.warnings import warn


class DerivedTimes(nodes.General, nodes.Element):
    """Stands for the durations of one incident (attributes ``docname``, ``incident``)."""


class ActionIndex(nodes.General, nodes.Element):
    """Stands for the index of all actions by owner (attributes ``docname`` and ``overview``)."""


class RecordList(nodes.General, nodes.Element):
    """Stands for a filtered list of records (attributes ``docname``, ``filter`` and ``none``)."""


class ClosureTable(nodes.General, nodes.Element):
    """Stands for the closure criteria of a page (attributes ``docname`` and ``css``)."""


class RunbookTable(nodes.General, nodes.Element):
    """Stands for the incidents that used a runbook (attributes ``docname``, ``none``, ``heading`` and ``css``)."""


class IncidentIndex(nodes.General, nodes.Element):
    """Stands for the incidents by year and by severity (attributes ``docname`` and ``by``)."""


class ReplacePlaceholders(SphinxPostTransform):
    """Puts the derived content in place of its placeholders, before references are resolved (priority 10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every placeholder of the tree."""
        for times in list(self.document.findall(DerivedTimes)):
            times.replace_self(self.derived_times(times["docname"], times["incident"], times.line))
        for index in list(self.document.findall(ActionIndex)):
            domain = domain_of(self.env)
            build = action_index.build_overview if index["overview"] else action_index.build
            index.replace_self(build(domain.knowledge, domain.settings, index["docname"]))

        for closure in list(self.document.findall(ClosureTable)):
            closure.replace_self(closure_table.build(closure, domain_of(self.env)))
        for table in list(self.document.findall(RunbookTable)):
            table.replace_self(runbook_table.build(table, domain_of(self.env).knowledge))
        for overview in list(self.document.findall(IncidentIndex)):
            domain = domain_of(self.env)
            overview.replace_self(incident_index.build(overview, domain.knowledge, domain.settings))
        for listing in list(self.document.findall(RecordList)):
            domain = domain_of(self.env)
            chosen, none, docname = listing["filter"], listing["none"], listing["docname"]
            if not domain.settings.edition.is_filtered:  # There a name may be unknown because it is hidden.
                for message in unknown_names(chosen, domain.knowledge):
                    warn(Code.BAD_FILTER, message, (docname, listing.line))
            listing.replace_self(list_tables.build(chosen, none, domain.knowledge, domain.settings, docname))

    def derived_times(self, docname: str, incident_id: str, line: int | None) -> list[nodes.Node]:
        """Return the fields for an incident's durations, both end points named."""
        domain = domain_of(self.env)
        events = [event for event in domain.records_of(docname).events if event.incident_id == incident_id]
        pairs: list[tuple[str, list[nodes.Node]]] = []
        for duration in derive_durations(events, domain.settings.durations):
            if duration.out_of_order:
                message = f'"{duration.end}" is timed before "{duration.start}"; mend the times in the timeline'
                warn(Code.MILESTONE_ORDER, message, (docname, line))
            else:
                pairs.append((duration.term, [output.paragraph(str(duration))]))
        return [output.fields(pairs, "pm-times")] if pairs else []


def _refuse_leftover(visitor: nodes.NodeVisitor, node: nodes.Element) -> None:
    raise ExtensionError(f"a placeholder for derived content was not replaced on the page {node.get('docname')!r}")


_VISITORS = (_refuse_leftover, None)


def setup_placeholders(app: Sphinx) -> None:
    """Register the placeholder nodes, with visitors that refuse one which was left over."""
    for node in (DerivedTimes, ActionIndex, RecordList, ClosureTable, RunbookTable, IncidentIndex):
        app.add_node(
            node,
            html=_VISITORS,
            latex=_VISITORS,
            text=_VISITORS,
            man=_VISITORS,
            texinfo=_VISITORS,
        )
    app.add_post_transform(ReplacePlaceholders)
