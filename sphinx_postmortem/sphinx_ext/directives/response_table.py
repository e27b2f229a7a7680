"""The directive ``response-table``: containment and remediation (template section 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.checks.bad_values import bad_kind, kind_unsaid
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor, short_hash
from sphinx_postmortem.core.records.kind_words import response_kind, response_kind_of_title
from sphinx_postmortem.core.records.model import Response
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.times import Moment
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.directive_tables import RowTexts, TableDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.timeline_directive import time_cell
from sphinx_postmortem.sphinx_ext.records.text import record_text

_COLUMNS = ("kind", "response", "rationale", "evidence", "validation", "monitoring", "who")


class ResponseTable(TableDirective):
    """What was done against the incident: actions of containment, and fixes with their validation."""

    option_spec = option_spec("response-table")
    text_column = "response"
    nothing_text = later("No containment or remediation.")
    css_class = "pm-responses"

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the rows, and note each as a response."""
        times = find_time_columns(table.header)
        columns = {name: table.column(*COLUMNS[name]) for name in _COLUMNS}
        known = (*columns.values(), times.time, times.day, times.precision)
        otherwise = self.kind_otherwise(table, columns)
        responses: list[Response] = []
        shown: list[list[list[nodes.Node]]] = []
        for row, moment in zip(table.rows, self.read_times(times, table, may_be_empty=True), strict=True):
            cells = self.plain_cells(row)
            texts = RowTexts(columns, cells)
            response = replace(self.read_response(row, texts, otherwise), moment=shown_time(moment, times, cells))
            responses.append(replace(response, other=self.other_cells(table, cells, known)))
            shown.append(cells)
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        facts = (each for each in responses if each.text and not is_prompt(each.text))
        self.domain.note_page(docname, replace(records, responses=(*records.responses, *facts)))
        return [output.TableRow(cells, each.anchor) for cells, each in zip(shown, responses, strict=True)]

    def kind_otherwise(self, table: Table, columns: Mapping[str, int | None]) -> str:
        """Return the kind of rows that do not say it: that of the option, else that of the column's title."""
        written = self.options.get("kind", "")
        if message := bad_kind(written):
            self.warn_option(Code.BAD_VALUE, message, "kind")
        index = columns["response"]
        title = "" if index is None else table.header[index]
        if message := kind_unsaid(title, written, has_column=columns["kind"] is not None):
            self.warn(Code.BAD_VALUE, message)
        return response_kind(written) or response_kind_of_title(title)

    def read_response(self, row: Row, texts: RowTexts, otherwise: str) -> Response:
        """Return the response of a row, without its time."""
        written = texts["kind"]
        kind = response_kind(written)
        if message := bad_kind(written):
            self.warn_row(Code.BAD_VALUE, message, row.line)
        evidence = self.evidence.read(texts.cell("evidence"), row.line)
        home = self.incident_id or self.env.current_document.docname
        text = texts["response"]
        return Response(
            incident_id=self.incident_id,
            docname=self.env.current_document.docname,
            kind=kind if written else otherwise,
            text=text,
            rationale=texts.fact("rationale"),
            evidence=evidence,
            validation=texts.fact("validation"),
            monitoring=texts.fact("monitoring"),
            who=texts.fact("who"),
            anchor=self.free_anchor(anchor("response", home, short_hash(f"{kind or otherwise} {text}"))),
            line=row.line,
        )


def shown_time(moment: Moment | None, times: TimeColumns, cells: Sequence[list[nodes.Node]]) -> Moment | None:
    """Return what is known of a row's time, and put it into its cell; None where the row states none."""
    written = "" if times.time is None else record_text(cells[times.time]).strip()
    if moment is not None and times.time is not None:
        cells[times.time][:] = time_cell(moment)
    return moment or (Moment(written) if written else None)
