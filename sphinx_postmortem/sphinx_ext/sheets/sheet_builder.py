"""The builder of the commands ``agenda`` and ``drill``: it writes sheets about one incident, in the site's language.

It is asked by a file beside the output folder, and reads the data of an edition that was published: audited, where the
edition is filtered. Its own reading of the site gives it the language, the settings, the fonts, and the page's texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.exports.published_edition import EditionError, PublishedEdition, Record
from sphinx_postmortem.core.records.vocabulary import TLP_INKS
from sphinx_postmortem.core.releases.statements import Statement
from sphinx_postmortem.core.sheets.drill_sheets import drill_sheets
from sphinx_postmortem.core.sheets.meeting_pack import agenda_sheet
from sphinx_postmortem.core.sheets.sheet import Sheet, characters_in
from sphinx_postmortem.core.sheets.tabletop import DrillError, make_drill
from sphinx_postmortem.html_templates import html_template
from sphinx_postmortem.sphinx_ext.html.page_language import is_right_to_left
from sphinx_postmortem.sphinx_ext.pdf.builder import PostmortemPdfBuilder
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.fonts import FontSet
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions
from sphinx_postmortem.sphinx_ext.pdf.printed_sheets import printed_sheet
from sphinx_postmortem.sphinx_ext.releases.page_text import PageText
from sphinx_postmortem.sphinx_ext.releases.shown_links import Links
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.sheets.shared_page import keep_incident
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of

_PLAIN = {"pdf_use_coverpage": False, "pdf_use_toc": False, "pdf_use_index": False, "pdf_appendices": []}


class SheetBuilder(PostmortemPdfBuilder):
    """Writes the sheets that a command has asked for as HTML, as PDFs, or as both; pages it writes none."""

    name = "postmortem-sheets"
    format = ""
    epilog = "The sheets are in %(outdir)s."

    def init(self) -> None:
        """Refuse to start for PDFs without the packages that they need."""
        if "pdf" in self.asked["formats"]:
            super().init()

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What is asked for: ``edition`` (its folder), ``incident`` (its id), ``page``, ``sheets`` and ``formats``.

        Raises:
            ExtensionError: nothing is.
        """
        path = Path(self.outdir).with_suffix(".json")
        if not path.is_file():
            raise ExtensionError(f"the builder {self.name} is run by `sphinx-postmortem agenda` and `drill`; use these")
        asked: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return asked

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets.

        Raises:
            ExtensionError: none can be made; the message says why.
        """
        settings = settings_of(self.config)
        try:
            published = PublishedEdition(Path(self.asked["edition"]), expected=settings.edition.name)
            incident = published.incident(self.asked["incident"], page=self.asked["page"])
            if self.asked["sheets"] == "drill":
                return drill_sheets(make_drill(incident, published.name))
            statements = self._statements(incident, published.incidents)
            return (agenda_sheet(incident, statements, published.data, settings),)
        except (EditionError, DrillError) as error:
            raise ExtensionError(str(error)) from error

    def _statements(self, incident: Record, incidents: Sequence[Record]) -> list[Statement]:
        docname, env = str(incident["page"]), self.env
        anchors = {str(each["anchor"]) for each in incidents if each["page"] == docname}
        tree = keep_incident(env.get_doctree(docname), str(incident["anchor"]), anchors)
        return PageText(docname, Links(application_of(self))).read(tree, env.metadata[docname])

    def write_documents(self, docnames: Set[str]) -> None:
        """Write the sheets."""
        if "html" in self.asked["formats"]:
            for sheet in self.sheets:
                Path(self.outdir, f"{sheet.name}.html").write_text(self.html_of(sheet), encoding="utf-8")
        if "pdf" in self.asked["formats"]:
            super().write_documents(docnames)

    def html_of(self, sheet: Sheet) -> str:
        """Return a sheet as an HTML page that needs no other file."""
        language = self.config.language
        return html_template("sheets/sheet.html.j2").render(
            sheet=sheet,
            language=language.replace("_", "-"),
            is_right_to_left=is_right_to_left(language),
            tlp_colour=TLP_INKS.get(sheet.tlp.partition("+")[0], "#fff"),
        )

    def documents(self) -> list[PdfDocument]:
        """Return one document for each sheet."""
        edition = settings_of(self.config).edition.name
        return [
            PdfDocument("", sheet.name, sheet.title, tlp=sheet.tlp, edition=edition, options=_PLAIN)
            for sheet in self.sheets
        ]

    def characters(self) -> frozenset[str]:
        """Return the characters of the sheets."""
        return frozenset().union(*map(characters_in, self.sheets))

    def tree_of(self, document: PdfDocument, options: LayoutOptions, fonts: FontSet) -> nodes.document:
        """Return a sheet, ready for the renderer."""
        sheet = next(each for each in self.sheets if each.name == document.filename)
        empty = self.env.get_doctree(self.config.root_doc)
        empty.children = []
        return printed_sheet(sheet, empty, document, options, fonts)
