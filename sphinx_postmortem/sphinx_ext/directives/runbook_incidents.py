"""The directive ``runbook-incidents``: on a runbook, the incidents that used it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.runbook_foot import RunbookFoot


class RunbookIncidents(PostmortemDirective):
    """The incidents that name this page in their option ``:runbooks:``, the latest first.

    ``:none:`` is the text in place of an empty list.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = option_spec("runbook-incidents")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the table, which is made when all pages are known."""
        none = self.options.get("none", "") or say("No incident has used it yet.")
        css = list(self.options.get("class", ()))
        docname = self.env.current_document.docname
        self.domain.note_page(docname, replace(self.domain.records_of(docname), is_runbook=True))
        place = RunbookFoot(docname=docname, none=none, heading="", css=css)
        self.set_source_info(place)
        return [place]
