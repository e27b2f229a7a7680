"""Nodes that stand for content derived from all pages, until the pages are written.

Each carries the page it stands on: some builders merge all pages into one tree before they write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.lists.by_owner import unknown_owners
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.milestones import derive_durations
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives import closure_table, runbook_table
from sphinx_postmortem.sphinx_ext.lists import action_index, incident_index
from sphinx_postmortem.sphinx_ext.lists import render as list_tables
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import warn


class Placeholder(nodes.General, nodes.Element):
    """Stands for derived content on the page ``docname``."""


class DerivedTimes(Placeholder):
    """Stands for the durations of one incident (attributes ``docname``, ``incident``)."""


class ActionIndex(Placeholder):
    """Stands for a list of actions by owner (attributes ``docname``, ``overview`` and ``choice``)."""


class RecordList(Placeholder):
    """Stands for a filtered list of records (attributes ``docname`` and ``listing``)."""


class MetricsTables(Placeholder):
    """Stands for the numbers of a set of incidents (attributes ``docname``, ``choice`` and ``none``)."""


class ClosureTable(Placeholder):
    """Stands for the closure criteria of a page (attributes ``docname`` and ``css``)."""


class RunbookTable(Placeholder):
    """Stands for the incidents that used a runbook (attributes ``docname``, ``none``, ``heading`` and ``css``)."""


class IncidentIndex(Placeholder):
    """Stands for the incidents by year and by severity (attributes ``docname`` and ``by``)."""


class ReplacePlaceholders(SphinxPostTransform):
    """Puts the derived content in place of its placeholders, before references are resolved (priority 10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every placeholder of the tree."""
        for place in every(self.document, Placeholder):
            if not isinstance(place, MetricsTables):  # they are replaced where charts are drawn
                place.replace_self(self.content_for(place))

    def content_for(self, place: Placeholder) -> nodes.Node | list[nodes.Node]:
        """Return what a placeholder stands for."""
        domain, docname = domain_of(self.env), str(place["docname"])
        match place:
            case DerivedTimes():
                return self.derived_times(docname, place["incident"], place.line)
            case ActionIndex():
                self.report_unknown(unknown_owners(place["choice"], domain.knowledge), place)
                if place["overview"]:
                    return action_index.build_overview(domain, docname)
                return action_index.build(place["choice"], domain, docname)
            case ClosureTable():
                return closure_table.build(place, domain)
            case RunbookTable():
                return runbook_table.build(place, domain.knowledge)
            case IncidentIndex():
                return incident_index.build(place, domain.knowledge, domain.settings)
            case RecordList():
                self.report_unknown(list_tables.unknown_names(place["listing"], domain), place)
                return list_tables.build(place["listing"], domain, docname)
            case _:
                raise ExtensionError(f"nothing is known to put in place of {place!r}")

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


def refuse_leftover(visitor: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Visit a placeholder that nothing has replaced.

    Raises:
        ExtensionError: always.
    """
    raise ExtensionError(f"a placeholder for derived content was not replaced on the page {node.get('docname')!r}")


PLACEHOLDERS = (
    DerivedTimes,
    ActionIndex,
    RecordList,
    ClosureTable,
    MetricsTables,
    RunbookTable,
    IncidentIndex,
)
