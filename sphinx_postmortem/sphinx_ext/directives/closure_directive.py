"""The directive ``closure-checklist`` (template section 13)."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes

from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.closure_table import ClosureTable
from sphinx_postmortem.sphinx_ext.directives.options import option_spec


class ClosureChecklist(PostmortemDirective):
    """A table of the four closure criteria, each met or not, with the evidence that the page holds.

    ``:lessons:`` says when and to whom the lessons were communicated, with a date. The body follows the table.
    """

    option_spec = option_spec("closure-checklist")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the table, which is made when the whole page is known, and the body."""
        docname = self.env.current_document.docname
        if lessons := self.options.get("lessons", "").strip():
            records = self.domain.records_of(docname)
            self.domain.note_page(docname, replace(records, lessons_shared=(*records.lessons_shared, lessons)))
        place = ClosureTable(docname=docname, css=list(self.options.get("class", ())))
        self.set_source_info(place)
        self.add_name(place)
        return [place, *self.parse_body()]
