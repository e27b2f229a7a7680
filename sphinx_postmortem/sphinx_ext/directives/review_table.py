"""The directive ``review-record``: who has read the postmortem, when, and whether they agreed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

from docutils import nodes

from sphinx_postmortem.core.checks.bad_values import bad_reading_day
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor, short_hash
from sphinx_postmortem.core.records.model import Review
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.directive_tables import RowTexts, TableDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec

_COLUMNS = ("who", "role", "read on", "agreed")


class ReviewTable(TableDirective):
    """Who has read the postmortem, when, and whether they agreed.

    Without ``:audience:`` it is in the first edition alone.
    """

    option_spec = option_spec("review-record")
    text_column = "who"
    nothing_text = later("Nobody has reviewed this yet.")
    css_class = "pm-reviews"

    def markings(self) -> tuple[str, ...]:
        """Return the audience of the option, or else the most privileged one."""
        return (self.options.get("audience", "") or self.edition.audiences.internal,)

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the rows, and note each as a review."""
        columns = {name: table.column(*COLUMNS[name]) for name in _COLUMNS}
        reviews: list[Review] = []
        shown: list[list[list[nodes.Node]]] = []
        for row in table.rows:
            cells = self.plain_cells(row)
            review = self.read_review(row, RowTexts(columns, cells))
            reviews.append(replace(review, other=self.other_cells(table, cells, columns.values())))
            shown.append(cells)
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        facts = (each for each in reviews if any((each.who, each.role, each.read_on, each.state)))
        self.domain.note_page(docname, replace(records, reviews=(*records.reviews, *facts)))
        return [output.TableRow(cells, each.anchor) for cells, each in zip(shown, reviews, strict=True)]

    def read_review(self, row: Row, texts: RowTexts) -> Review:
        """Return the review of a row, and report a day of reading that is none."""
        written = texts["read on"]
        if message := bad_reading_day(written):
            self.warn_row(Code.BAD_DATE, message, row.line)
        day: date | None = None
        with suppress(BadDateError):
            day = parse_date(written)
        home = self.incident_id or self.env.current_document.docname
        who = texts.fact("who")
        return Review(
            incident_id=self.incident_id,
            docname=self.env.current_document.docname,
            who=who,
            role=texts.fact("role"),
            read_on=day,
            read_written=written,
            state=texts.fact("agreed"),
            anchor=self.free_anchor(anchor("review", home, short_hash(f"{who} {written}"))),
            line=row.line,
        )
