"""The directive ``timeline`` (template section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import repeat

from docutils import nodes

from sphinx_postmortem.core.checks import CheckedRow
from sphinx_postmortem.core.checks.time_text import read_row_time
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import milestone_words
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.anchors import anchor, short_hash
from sphinx_postmortem.core.records.milestone_names import MilestoneNames
from sphinx_postmortem.core.records.model import Event
from sphinx_postmortem.core.records.phases import Step, derive_steps
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.times import Moment, shown_time
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.directive_tables import RowTexts, TableDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.noted_findings import timed_rows
from sphinx_postmortem.sphinx_ext.records.text import record_text
from sphinx_postmortem.sphinx_ext.tree import every

# A line may end between day and clock, and before the zone; within them it does not.
_PIECES_OF_TIME = expression(r"(?<=[0-9]T)(?=[0-9])|(?<=[0-9])(?=[+-][0-9]{2}:?[0-9]{2}$)")
_COLUMNS = ("event", "milestone", "notes", "evidence", "source", "who")


class Timeline(TableDirective):
    """The authoritative record of what happened when, in UTC."""

    option_spec = option_spec("timeline")
    text_column = "event"
    nothing_text = later("No events.")
    css_class = "pm-timeline"

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the rows with their times in UTC, and note each as an event."""
        times = find_time_columns(table.header)
        time_column = times.time
        columns = {name: table.column(*COLUMNS[name]) for name in _COLUMNS} | {"precision": times.precision}
        known = (*columns.values(), time_column, times.day)
        technique_column = table.column(*COLUMNS["techniques"])
        shown: list[list[list[nodes.Node]]] = []
        events: list[Event] = []
        for row, moment in zip(table.rows, self.read_times(times, table), strict=True):
            cells = self.plain_cells(row)
            event = self.read_event(row, moment, times, RowTexts(columns, cells))
            techniques, says_no_more = self.read_techniques(row, technique_column, cells)
            read = (*known, technique_column) if says_no_more else known
            events.append(replace(event, techniques=techniques, other=self.other_cells(table, cells, read)))
            shown.append(cells)
            file = self.table_file or self.get_source_info()[0]
            timed_rows(self.env).append(CheckedRow(row.line, {}, file, moment, event.milestone))
        if all(map(_shows_precision, events)):
            self.repeated = times.precision
        steps = derive_steps([(event.moment, event.milestone) for event in events], self.settings.phases)
        rows = list(map(self.build_row, shown, events, steps, repeat(time_column), repeat(columns["event"])))
        if time_column is not None:
            show_days_once(row.cells[time_column] for row in rows)
        records = self.domain.records_of(self.env.current_document.docname)
        self.domain.note_page(self.env.current_document.docname, replace(records, events=(*records.events, *events)))
        return rows

    def build_row(
        self,
        cells: list[list[nodes.Node]],
        event: Event,
        step: Step,
        time_column: int | None,
        event_column: int | None,
    ) -> output.TableRow:
        """Return the row of an event: the gap stands below its time, the phase that it begins above the row."""
        classes: list[str] = []
        if event.milestone:
            classes.append("pm-milestone")
            if event_column is not None:
                cells[event_column][:] = output.with_strong_beginning(
                    cells[event_column], _written_name(cells[event_column], event.milestone)
                )
        if event.moment is None or not event.moment.is_known:
            classes.append("pm-unrecorded")
        if time_column is not None:
            cells[time_column] += gap_mark(step)
        return output.TableRow(cells, event.anchor, tuple(classes), say(step.phase))

    def read_event(self, row: Row, moment: Moment | None, times: TimeColumns, texts: RowTexts) -> Event:
        """Return the event of a row; its time is put into its cell."""
        # A time that cannot be read keeps its text, for exports; nothing is known of it.
        unread = None if times.time is None else Moment(record_text(texts.cells[times.time]).strip())
        evidence = self.evidence.read(texts.cell("evidence"), row.line)
        if moment is not None and times.time is not None:
            texts.cells[times.time][:] = time_cell(moment)
        column = texts.columns["event"]
        original = [] if column is None else self.original_cell(row, column, texts.cell("event"))
        text = nodes.Element("", *original).astext()
        names, written = self.milestone_names, (texts.written(row, "event"), texts.written(row, "milestone"))
        return Event(
            incident_id=self.incident_id,
            docname=self.env.current_document.docname,
            moment=moment or unread,
            text=texts["event"],
            milestone=names.of_row(*written),
            clock_milestone=names.of_row(*written, for_clocks=True),
            anchor=self.free_anchor(self.event_anchor(moment, text)),
            line=row.line,
            notes=texts.fact("notes"),
            evidence=evidence,
            source=texts.fact("source"),
            who=texts.fact("who"),
            stated_precision=texts["precision"] or self.said_in_cell(row, times),
        )

    @cached_property
    def milestone_names(self) -> MilestoneNames:
        """The names of milestones, which take some time to collect."""
        return self.settings.milestone_names

    def said_in_cell(self, row: Row, times: TimeColumns) -> str:
        """Return what the cell of a time says of its precision, such as ``day`` in brackets behind it."""
        return "" if times.time is None else read_row_time(times, row.cells).precision

    def event_anchor(self, moment: Moment | None, text: str) -> str:
        """Return the row's anchor. It comes from the row alone, so that hidden rows leave no gap."""
        home = self.incident_id or self.env.current_document.docname
        return anchor("event", home, short_hash(f"{moment} {text}"))


def _shows_precision(event: Event) -> bool:
    """Say whether the cell of a time shows all that the column Precision says of it, such as a day that is all."""
    stated, moment = event.stated_precision.strip().casefold(), event.moment
    return not stated or (moment is not None and stated == moment.unit and bool(shown_time(moment).note))


def _written_name(cell: output.Inline, milestone: str) -> str:
    """Return how a cell begins with a milestone: by its name, or by one that other languages have for it."""
    text = cell[0].astext().casefold() if cell else ""
    return next((word for word in milestone_words().get(milestone, ()) if text.startswith(word.casefold())), milestone)


def gap_mark(step: Step) -> list[nodes.Node]:
    """Return the time since the row before, as it follows a row's own time."""
    if not step.gap:
        return []
    since = [nodes.Text(" "), nodes.inline("", step.since, classes=["pm-since"])] if step.since else []
    return [nodes.Text(" "), nodes.inline("", "", nodes.Text(f"+{step.gap}"), *since, classes=["pm-gap"])]


def time_cell(moment: Moment) -> list[nodes.Node]:
    """Return a time in UTC; one that was written in another zone is followed by what was written."""
    shown = output.time(shown_time(moment))
    if not moment.offset:
        return [shown]
    zone = "" if moment.has_zone else f" {moment.zone}"
    pieces = _PIECES_OF_TIME.split(f"{moment.written}{zone}")
    written = [nodes.inline("", piece) for piece in pieces] if len(pieces) > 1 else [nodes.Text(pieces[0])]
    text = nodes.inline("", "", *filled(say("(written {time})"), time=written), classes=["pm-written"])
    return [shown, nodes.Text(" "), text]


def show_days_once(cells: Iterable[output.Inline]) -> None:
    """Mark the days that repeat the day of the last row that has one: pages show them once."""
    before = ""
    for cell in cells:
        days = [day for node in cell for day in every(node, nodes.inline) if "pm-day" in day["classes"]]
        for day in days:
            if day.astext() == before and day.parent.astext().strip() != before:
                day["classes"].append("pm-unseen")
            before = day.astext()
