"""The directive ``veris``: how an incident is classed by the Vocabulary for Event Recording and Incident Sharing."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import VerisBlock
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.veris.veris_block import is_name
from sphinx_postmortem.core.veris.veris_record import judge_rows, rows_of
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.directive_tables import TableDirective
from sphinx_postmortem.sphinx_ext.directives.options import option_spec


class VerisTable(TableDirective):
    """Actor, action, asset, attribute, discovery and confidence of an incident, by the names of VERIS 1.4.1.

    A table of fields and values. The rest of the record is derived from the page; `veris.json` holds the records.
    """

    option_spec = option_spec("veris")
    nothing_text = later("No classification.")
    css_class = "pm-veris"

    def build_rows(self, table: Table) -> list[output.TableRow]:
        """Return the rows as they are written, note them, and report what the schema does not know."""
        rows = rows_of(table)
        for fault in judge_rows(rows):
            if not fault.is_missing:
                self.warn(Code.VERIS_NAME, fault.message, 0 if self.table_file else fault.line)
        names = tuple((row.path, row.value) for row in rows if is_name(row.path))
        texts = tuple((row.path, row.value) for row in rows if not is_name(row.path))
        docname = self.env.current_document.docname
        records = self.domain.records_of(docname)
        block = VerisBlock(self.incident_id, docname, names, texts, self.directive_line)
        self.domain.note_page(docname, replace(records, veris=(*records.veris, block)))
        return [output.TableRow([_cell(cell) for cell in row.cells]) for row in table.rows]

    def plain_cells(self, row: Row) -> list[list[nodes.Node]]:
        """Return a row's cells as they are written: names of VERIS hold no markup."""
        return [_cell(cell) for cell in row.cells]


def _cell(text: str) -> list[nodes.Node]:
    bare = text.strip()
    if len(bare) > 2 and bare.startswith("`") and bare.endswith("`"):
        return output.code(bare.strip("`"))
    return [nodes.Text(bare)] if bare else []
