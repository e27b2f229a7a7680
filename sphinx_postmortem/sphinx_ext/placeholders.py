"""Nodes that stand for content derived from all pages, until the pages are written.

Each carries the page it stands on: some builders merge all pages into one tree before they write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.milestones import derive_durations
from sphinx_postmortem.core.owner_lists import unknown_owners
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import action_index, closure_table, incident_index, list_tables, output, runbook_table
from sphinx_postmortem.sphinx_ext.domain import domain_of
from sphinx_postmortem.sphinx_ext.warnings import warn


class DerivedTimes(nodes.General, nodes.Element):
    """Stands for the durations of one incident (attributes ``docname``, ``incident``)."""


class ActionIndex(nodes.General, nodes.Element):
    """Stands for a list of actions by owner (attributes ``docname``, ``overview`` and ``choice``)."""


class RecordList(nodes.General, nodes.Element):
    """Stands for a filtered list of records (attributes ``docname`` and ``listing``)."""


class MetricsTables(nodes.General, nodes.Element):
    """Stands for the numbers of a set of incidents (attributes ``docname``, ``choice`` and ``none``)."""


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
            choice, docname = index["choice"], index["docname"]
            self.report_unknown(unknown_owners(choice, domain.knowledge), index)
            overview = index["overview"]
            built = (
                action_index.build_overview(domain, docname)
                if overview
                else action_index.build(choice, domain, docname)
            )
            index.replace_self(built)
        for closure in list(self.document.findall(ClosureTable)):
            closure.replace_self(closure_table.build(closure, domain_of(self.env)))
        for table in list(self.document.findall(RunbookTable)):
            table.replace_self(runbook_table.build(table, domain_of(self.env).knowledge))
        for overview in list(self.document.findall(IncidentIndex)):
            domain = domain_of(self.env)
            overview.replace_self(incident_index.build(overview, domain.knowledge, domain.settings))
        for listing in list(self.document.findall(RecordList)):
            domain = domain_of(self.env)
            self.report_unknown(list_tables.unknown_names(listing["listing"], domain), listing)
            listing.replace_self(list_tables.build(listing["listing"], domain, listing["docname"]))

    def report_unknown(self, messages: Sequence[str], placeholder: nodes.Element) -> None:
        """Report names of a filter that the site lacks. In a filtered edition they may be hidden ones."""
        if not domain_of(self.env).settings.edition.is_filtered:
            for message in messages:
                warn(Code.BAD_FILTER, message, (placeholder["docname"], placeholder.line))

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
    for node in (DerivedTimes, ActionIndex, RecordList, ClosureTable, MetricsTables, RunbookTable, IncidentIndex):
        app.add_node(
            node,
            html=_VISITORS,
            latex=_VISITORS,
            text=_VISITORS,
            man=_VISITORS,
            texinfo=_VISITORS,
        )
    app.add_post_transform(ReplacePlaceholders)
