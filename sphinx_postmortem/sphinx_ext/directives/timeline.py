"""The directive ``timeline`` (template section 4)."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor, short_hash
from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.phases import Step, derive_steps
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.times import BadTimeError, Moment
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.tables import TableDirective
from sphinx_postmortem.sphinx_ext.records.text import record_text


class Timeline(TableDirective):
    """The authoritative record of what happened when, in UTC."""

    option_spec = option_spec("timeline")
    required_columns = ("time", "event")
    nothing_text = "No events."
    css_class = "pm-timeline"

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the rows with their times in UTC, and note each as an event."""
        columns = find_time_columns(table.header)
        time_column, event_column = columns.time, table.column(*COLUMNS["event"])
        for fault in columns.faults:
            self.warn(Code.BAD_TIME, fault)
        milestone_column, names = table.column(*COLUMNS["milestone"]), self.settings.milestone_names
        shown: list[list[list[nodes.Node]]] = []
        events: list[Event] = []
        for row in table.rows:
            cells = self.plain_cells(row)
            moment = self.read_time(columns, row)
            if moment is not None and time_column is not None:
                cells[time_column] = time_cell(moment)
            text = nodes.Element("", *cells[event_column]).astext() if event_column is not None else ""
            written = row.cells[event_column] if event_column is not None else ""
            milestone = names.of_row(written, row.cells[milestone_column] if milestone_column is not None else "")
            place = self.free_anchor(self.event_anchor(moment, text))
            noted = record_text(cells[event_column]) if event_column is not None else ""
            events.append(
                Event(self.incident_id, self.env.current_document.docname, moment, noted, milestone, place, row.line)
            )
            shown.append(cells)
        if time_column is not None:
            steps = derive_steps([(event.moment, event.milestone) for event in events], self.settings.phases)
            for cells, step in zip(shown, steps, strict=True):
                cells[time_column] += step_marks(step)
        records = self.domain.records_of(self.env.current_document.docname)
        self.domain.note_page(self.env.current_document.docname, replace(records, events=(*records.events, *events)))
        return [
            output.TableRow(cells, event.anchor, ("pm-milestone",) if event.milestone else ())
            for cells, event in zip(shown, events, strict=True)
        ]

    def event_anchor(self, moment: Moment | None, text: str) -> str:
        """Return the row's anchor. It comes from the row alone, so that hidden rows leave no gap."""
        home = self.incident_id or self.env.current_document.docname
        return anchor("event", home, short_hash(f"{moment} {text}"))

    def read_time(self, columns: TimeColumns, row: Row) -> Moment | None:
        """Return what is known of a row's time; None, reported, when its cell cannot be read."""
        if columns.time is None:
            return None
        try:
            return columns.read(row.cells).moment
        except BadTimeError as error:
            self.warn(Code.BAD_TIME, str(error), row.line)
            return None


def step_marks(step: Step) -> list[nodes.Node]:
    """Return the gap since the row before, and the phase that a row begins, as they follow its time."""
    marks: list[nodes.Node] = []
    if step.gap:
        marks += [nodes.Text(" "), nodes.inline("", f"+{step.gap}", classes=["pm-gap"])]
    if step.phase:
        marks += [nodes.Text(" "), nodes.inline("", step.phase, classes=["pm-phase"])]
    return marks


def time_cell(moment: Moment) -> list[nodes.Node]:
    """Return a time in UTC; one that was written in another zone is followed by what was written."""
    shown = nodes.inline("", str(moment) if moment.is_known else moment.written, classes=["pm-time"])
    if not moment.offset:
        return [shown]
    zone = "" if moment.has_zone else f" {moment.zone}"
    return [shown, nodes.Text(" "), nodes.inline("", f"(written {moment.written}{zone})", classes=["pm-written"])]
