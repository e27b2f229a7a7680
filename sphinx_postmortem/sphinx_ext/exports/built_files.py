"""Where data, PDFs and Markdown of the edition are, as seen from HTML pages: only what the same build writes is linked.

The command ``build`` says where it writes them (``postmortem_export_folder``, ``postmortem_pdf_folder``,
``postmortem_markdown_folder``). Folders that are not published with the pages are not named in them.
"""

from __future__ import annotations

from functools import cached_property
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.osutil import relative_uri

from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.records.model import Incident, Owner
from sphinx_postmortem.sphinx_ext.kept import BUILDER, PerBuild
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of

if TYPE_CHECKING:
    from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument


class BuiltFiles:
    """The addresses of what one build writes beside its pages; each is empty where the build does not write it."""

    def __init__(self, domain: PostmortemDomain) -> None:
        """Find the folders of the build."""
        builder = BUILDER.of(domain.env)
        self.domain = domain
        self.builder = builder if isinstance(builder, StandaloneHTMLBuilder) and builder.name != "epub" else None
        self.data_folder = self._seen_from_pages(domain.settings.export_folder)
        self.pdf_folder = self._seen_from_pages(domain.settings.pdf_folder)
        self.markdown_folder = self._seen_from_pages(domain.settings.markdown_folder)

    def _seen_from_pages(self, folder: str) -> str | None:
        """Return a folder as the first page sees it, such as ``../``; None where it is not published beside them."""
        if not folder or self.builder is None:
            return None
        pages = Path(self.builder.outdir).resolve()
        wanted = Path(folder).resolve()
        if pages.parent not in (wanted, *wanted.parents):
            return None
        way = relpath(wanted, pages).replace("\\", "/")
        return "" if way == "." else f"{quote(way)}/"

    def _address(self, folder: str | None, name: str, docname: str) -> str:
        if folder is None or not name or self.builder is None:
            return ""
        return relative_uri(self.builder.get_target_uri(docname), f"{folder}{quote(name)}")

    def data(self, format_name: str, docname: str) -> str:
        """Return the address of a format's first file (``json``, ``csv``, ``ics``, ``atom``), seen from a page."""
        if self.data_folder is None or format_name not in self.domain.settings.export_formats:
            return ""
        if format_name == "ics":
            from sphinx_postmortem.sphinx_ext.exports import calendars

            if not calendars.can_make_calendars():
                return ""
        return self._address(self.data_folder, EXPORT_FILES[format_name][0], docname)

    @cached_property
    def feed_path(self) -> str:
        """The feed as the site's first page folder sees it; empty where that is not known.

        What the command ``export`` writes belongs beside the folder of the pages, as the command ``build`` has it.
        """
        name = EXPORT_FILES["atom"][0]
        if self.builder is None:
            return "" if self.domain.settings.export_folder else f"../{name}"
        return f"{self.data_folder}{name}" if self.data("atom", "index") else ""

    def calendar_of_owner(self, owner: Owner, docname: str) -> str:
        """Return the address of an owner's calendar, seen from a page."""
        if not self.data("ics", docname):
            return ""
        return self._address(self.data_folder, self._owner_calendars.get(owner.key, ""), docname)

    def calendar_of_incident(self, incident: Incident, docname: str) -> str:
        """Return the address of the calendar of an incident's actions, seen from a page."""
        if incident.site or not self.data("ics", docname):
            return ""
        return self._address(self.data_folder, self._incident_calendars.get(incident.key, ""), docname)

    @cached_property
    def _owner_calendars(self) -> dict[str, str]:
        from sphinx_postmortem.sphinx_ext.exports import calendars

        return calendars.owner_calendars(calendars.owners_with_calendars(self.domain.knowledge))

    @cached_property
    def _incident_calendars(self) -> dict[str, str]:
        from sphinx_postmortem.sphinx_ext.exports import calendars

        return calendars.incident_calendars(self.domain.knowledge)

    def markdown_of_page(self, docname: str) -> str:
        """Return the address of a page's Markdown, seen from the page."""
        return self._address(self.markdown_folder, f"{docname}.md", docname)

    def pdf_of_page(self, page: str, docname: str) -> str:
        """Return the address of the PDF of an incident's page, seen from a page."""
        found = next((each for each in self._pdfs if each.docname == page and not each.is_collection), None)
        return self._address(self.pdf_folder, f"{found.filename}.pdf" if found else "", docname)

    def pdf_of_all(self, docname: str) -> str:
        """Return the address of the PDF of all incidents, seen from a page."""
        root = str(self.domain.env.config.root_doc)
        found = next((each for each in self._pdfs if each.docname == root), None)
        return self._address(self.pdf_folder, f"{found.filename}.pdf" if found else "", docname)

    @cached_property
    def _pdfs(self) -> list[PdfDocument]:
        from sphinx_postmortem.sphinx_ext.pdf.documents import PdfError, requested_documents

        if self.pdf_folder is None or self.builder is None:
            return []
        try:
            return requested_documents(application_of(self.builder))
        except PdfError:  # the build of the PDFs says it
            return []


_FILES = PerBuild[BuiltFiles | None](None)


def built_files(domain: PostmortemDomain) -> BuiltFiles:
    """Return what this build writes beside its pages."""
    found = _FILES.of(domain.env)
    if found is None:
        found = BuiltFiles(domain)
        _FILES.set(domain.env, found)
    return found
