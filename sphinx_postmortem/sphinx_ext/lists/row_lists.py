"""The lists of events, responses and evidence, as they stand on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docutils import nodes

from sphinx_postmortem.core.clocks.clock_texts import disclaimer, due_text
from sphinx_postmortem.core.lists.clock_fields import CLOCK_LIST, ClockOfIncident
from sphinx_postmortem.core.lists.event_fields import (
    EVENT_LIST,
    EVIDENCE_LIST,
    RESPONSE_LIST,
    EvidenceOfRow,
)
from sphinx_postmortem.core.lists.query import columns_of
from sphinx_postmortem.core.lists.runbook_fields import RUNBOOKS, choose_runbooks
from sphinx_postmortem.core.records.model import EVENTS, Event, Evidence, Response
from sphinx_postmortem.core.records.runbook_history import RunbookUse
from sphinx_postmortem.core.records.times import moment_text
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.reporting_clocks import state_badge, whole_times
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage, severity_cell, table, text_cell
from sphinx_postmortem.sphinx_ext.lists.record_lists import RecordList
from sphinx_postmortem.sphinx_ext.records.links import row_link


def evidence_cell(every: Sequence[Evidence]) -> Cell:
    """Return pieces of evidence: links where they have an address, else their texts."""
    return output.separated(([_shown(evidence)] for evidence in every), ", ")


def _shown(evidence: Evidence) -> nodes.Node:
    return output.elsewhere(evidence.url, "", evidence.text) if evidence.url else nodes.Text(evidence.text)


def _incident(row: Event | Response, page: ListPage) -> Cell:
    incident = page.facts.knowledge.incident_of(row)
    return [page.incident_link(incident)] if incident else text_cell(row.incident_id)


def _severity(row: Event | Response, page: ListPage) -> Cell:
    incident = page.facts.knowledge.incident_of(row)
    return severity_cell(incident.severity, page.domain.settings) if incident else []


def _linked(row: Event | Response, page: ListPage, text: str) -> Cell:
    return [row_link(row, page.docname, text)] if text else []


_ROW_CELLS: dict[str, Callable[[Event | Response, ListPage], Cell]] = {
    "time": lambda row, page: _linked(row, page, moment_text(row.moment)),
    "evidence": lambda row, _: evidence_cell(row.evidence),
    "incident": _incident,
    "severity": _severity,
}
_RESPONSE_CELLS: dict[str, Callable[[Response, ListPage], Cell]] = {
    **_ROW_CELLS,
    "response": lambda row, page: _linked(row, page, row.text),
}
_EVIDENCE_CELLS: dict[str, Callable[[EvidenceOfRow, ListPage], Cell]] = {
    "evidence": lambda listed, _: [_shown(listed.evidence)],
    "file": lambda listed, _: output.code(listed.evidence.file),
    "sha256": lambda listed, _: output.code(listed.evidence.sha256),
    "of": lambda listed, page: _linked(listed.row, page, listed.row.text),
    "incident": lambda listed, page: _incident(listed.row, page),
    "severity": lambda listed, page: _severity(listed.row, page),
}


_CLOCK_CELLS: dict[str, Callable[[ClockOfIncident, ListPage], Cell]] = {
    "incident": lambda row, page: [page.incident_link(row.incident)],
    "severity": lambda row, page: severity_cell(row.incident.severity, page.domain.settings),
    "start": lambda row, _: whole_times(moment_text(row.clock.start)),
    "due": lambda row, _: whole_times(due_text(row.clock)),
    "sent": lambda row, _: whole_times(moment_text(row.clock.sent)),
    "state": lambda row, _: [state_badge(row.clock)],
}


class _RowList(RecordList):
    @property
    def topics(self) -> frozenset[str]:
        """What the list shows beyond the fields that all lists show: rows of tables."""
        return frozenset([EVENTS])


class EventTable(_RowList):
    """Stands for a list of events."""

    list_kind = EVENT_LIST

    def render_rows(self, rows: Sequence[Event], page: ListPage) -> list[nodes.Node]:
        """Return a table."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [table(columns, rows, _ROW_CELLS, page, ["pm-events"])]


class ResponseRows(_RowList):
    """Stands for a list of responses."""

    list_kind = RESPONSE_LIST

    def render_rows(self, rows: Sequence[Response], page: ListPage) -> list[nodes.Node]:
        """Return a table."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [table(columns, rows, _RESPONSE_CELLS, page, ["pm-responses"])]


class ClockRows(_RowList):
    """Stands for a list of reporting clocks."""

    list_kind = CLOCK_LIST

    def render_rows(self, rows: Sequence[ClockOfIncident], page: ListPage) -> list[nodes.Node]:
        """Return a table, and the sentence that it is no legal advice."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [
            table(columns, rows, _CLOCK_CELLS, page, ["pm-clocks"]),
            output.paragraph(disclaimer(page.facts.clocks.book)),
        ]


class EvidenceTable(_RowList):
    """Stands for a list of evidence."""

    list_kind = EVIDENCE_LIST

    def render_rows(self, rows: Sequence[EvidenceOfRow], page: ListPage) -> list[nodes.Node]:
        """Return a table."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [table(columns, rows, _EVIDENCE_CELLS, page, ["pm-evidence"])]


def _which(row: RunbookUse, page: ListPage) -> Cell:
    return output.separated(([page.incident_link(incident)] for incident in row.incidents), ", ")


def _unhelpful(row: RunbookUse, page: ListPage) -> Cell:
    """Return the sentences that name the runbook, each with a link to its incident."""
    said = ([page.incident_link(incident), nodes.Text(f": {point.text}")] for incident, point in row.unhelpful)
    return output.separated(said, " ")


_CELLS: dict[str, Callable[[RunbookUse, ListPage], Cell]] = {
    "runbook": lambda row, page: [output.page_link(row.page, page.docname)],
    "which": _which,
    "unhelpful": _unhelpful,
}


class RunbookTable(RecordList):
    """Stands for a list of runbooks."""

    list_kind = RUNBOOKS

    def render_list(self, page: ListPage) -> list[nodes.Node]:
        """Return the list, when its names are known to exist."""
        selection = choose_runbooks(self.query, page.facts)
        built = [node for _, rows in selection.groups for node in self.render_rows(rows, page)]
        return self.with_count(built, selection.left_out, page)

    def render_rows(self, rows: Sequence[RunbookUse], page: ListPage) -> list[nodes.Node]:
        """Return a table."""
        columns = columns_of(self.query, self.kind, page.facts)
        return [table(columns, rows, _CELLS, page, ["pm-runbooks"])]
