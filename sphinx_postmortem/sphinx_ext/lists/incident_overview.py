"""The directive ``incident-overview``: what the first page of a site shows beside its lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import ClassVar

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.lists.list_options import BadFilterError, choose
from sphinx_postmortem.core.lists.site_figures import OVERVIEW_PARTS, site_figures
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.option_table import OptionSpec
from sphinx_postmortem.sphinx_ext.directives.options import option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.directives.runbooks import is_runbook
from sphinx_postmortem.sphinx_ext.exports.built_files import built_files
from sphinx_postmortem.sphinx_ext.kept import BUILDER
from sphinx_postmortem.sphinx_ext.lists.figures import figures
from sphinx_postmortem.sphinx_ext.lists.list_tables import Cell, ListPage
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain

_MOST_RUNBOOKS = 12


class IncidentOverview(PostmortemDirective):
    """What a reader needs first: the search, the runbooks, this quarter in figures, and links to data and PDFs."""

    has_content = False
    option_spec: ClassVar[OptionSpec] = option_spec("incident-overview")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the parts, which are made when all pages are known."""
        docname = self.env.current_document.docname
        try:
            chosen = choose("show", self.options.get("show", ""), OVERVIEW_PARTS) or OVERVIEW_PARTS
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            chosen = OVERVIEW_PARTS
        self.domain.note_page(docname, replace(self.domain.records_of(docname), has_overview=True))
        place = OverviewParts(docname=docname, parts=list(chosen))
        self.set_source_info(place)
        return [place]


class OverviewParts(Placeholder):
    """Stands for the parts (attributes ``docname`` and ``parts``)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the parts in the order in which they are asked for."""
        page = ListPage(domain, self.docname)
        return [block for part in self["parts"] for block in _PARTS[part](page)]


def _search(page: ListPage) -> Iterator[nodes.Node]:
    """Yield a field that leads to the search; nothing where the builder makes none."""
    builder = BUILDER.of(page.domain.env)
    if isinstance(builder, StandaloneHTMLBuilder) and not isinstance(builder, SingleFileHTMLBuilder) and builder.search:
        address = escape(page.address("search"))
        search, hint = escape(say("Search")), escape(say("An id, a system, a cause …"))
        field = f'<input type="search" name="q" aria-label="{search}" placeholder="{hint}">'
        yield output.raw_html(f'<form class="pm-search" role="search" action="{address}" method="get">{field}</form>')


def _runbooks(page: ListPage) -> Iterator[nodes.Node]:
    """Yield the runbooks, those that most incidents used first; pages that only list runbooks are none."""
    env, used = page.domain.env, page.facts.knowledge.incidents_by_runbook
    lists = {name for name, below in env.toctree_includes.items() if below}
    found = [name for name in sorted(env.all_docs) if name not in lists and (is_runbook(env, name) or name in used)]
    found.sort(key=lambda name: -len(used.get(name, ())))
    if found:
        links = output.separated(([output.page_link(name, page.docname)] for name in found[:_MOST_RUNBOOKS]), " · ")
        built = output.paragraph(output.strong(say("In the middle of an incident?")), " ", *links)
        built["classes"].append("pm-runbooks")
        yield built


def _figures(page: ListPage) -> Iterator[nodes.Node]:
    yield figures(site_figures(page.facts), page)


def _links(page: ListPage) -> Iterator[nodes.Node]:
    """Yield links to what the build writes beside the pages, and the day on which the numbers are of."""
    files, name = built_files(page.domain), page.docname
    known = (
        (files.data("atom", name), say("Feed")),
        (files.data("ics", name), say("All due dates (.ics)")),
        (files.data("csv", name), "CSV"),
        (files.data("json", name), "JSON"),
        (files.pdf_of_all(name), say("All as one PDF")),
    )
    links: list[Cell] = [[output.web_link(address, text)] for address, text in known if address]
    today = page.facts.today
    parts = output.separated(links, " · ")
    if today or parts:
        day = [output.marked([nodes.Text(say("As of {day}", day=today.isoformat()))], "pm-day")] if today else []
        built = output.paragraph(*output.separated([day, parts], " "))
        built["classes"].append("pm-data-links")
        yield built


_PARTS = {"search": _search, "runbooks": _runbooks, "figures": _figures, "links": _links}
