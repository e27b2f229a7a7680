"""The directive ``incident-navigation``: a place for each incident, without listing all of them on every page.

It is a ``toctree`` for Sphinx: its pages have a parent, a previous and a next page, belong to every document that is
made of several pages, and are no orphans. Only the trees that themes show on every HTML page do not hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join
from sphinx.util.matching import patfilter

from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.list_options import BadFilterError, choose
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.chronology import by_severity, by_year, in_order, year_of
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.tones import status_label
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective
from sphinx_postmortem.sphinx_ext.directives.options import OptionSpec, option_spec
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.kept import IS_PART, Kept
from sphinx_postmortem.sphinx_ext.lists.facet_boxes import FacetBoxes
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.lists.record_lists import incident_table
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain, domain_of
from sphinx_postmortem.sphinx_ext.records.links import incident_link
from sphinx_postmortem.sphinx_ext.tree import every

_PAGES = "pm-incident-pages"
VIEWS = ("table", "year", "severity")
_COLUMNS = ("name", "severity", "status", "type", "date", "open-actions")
_TITLES = {"year": later("By year"), "severity": later("By severity")}


@dataclass(frozen=True)
class NavigationEntry:
    """A page in the order of a navigation, with its title and the year of its incident."""

    docname: str
    title: str
    year: str


_ARRANGED = Kept[Mapping[str, tuple[NavigationEntry, ...]]]("navigation", {})
"""The pages to which a navigation gave their place, by the page that it stands on, as last built."""


class IncidentNavigation(PostmortemDirective):
    """All incidents in a table with facets, or as lists. It takes the place of a `toctree` of the incident pages.

    ``:pages:`` are patterns of these pages, relative to this one; by default all below its folder. ``:by:`` is some of
    ``table``, ``year`` and ``severity``.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = option_spec("incident-navigation")

    def run_visible(self) -> list[nodes.Node]:
        """Return the place of the index, and a hidden ``toctree`` with the pages."""
        docname = self.env.current_document.docname
        patterns = [part.strip() for part in self.options.get("pages", "").split(",") if part.strip()]
        if not patterns and "/" not in docname:
            example = ":pages: incidents/**"
            message = f"on a page in the source folder itself, name the pages of the incidents, as in `{example}`"
            self.warn(Code.BAD_FILTER, message)
            return []
        try:
            chosen = choose("by", self.options.get("by", ""), VIEWS) or ("table",)
        except BadFilterError as error:
            self.warn(Code.BAD_FILTER, str(error))
            chosen = ("table",)
        self.domain.note_page(docname, replace(self.domain.records_of(docname), has_overview=True, has_navigation=True))
        place = IncidentIndex(docname=docname, by=list(chosen), number=self.env.new_serialno("pm-facets") + 1)
        self.set_source_info(place)
        wanted = [docname_join(docname, pattern) for pattern in patterns or ["**"]]
        pages = sorted({page for each in wanted for page in patfilter(self.env.found_docs, each)} - {docname})
        return [place, output.hidden_toctree(docname, pages, _PAGES)]


def arrange_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: bring the pages in the order of time; name those with other neighbours than before.

    Where only a part of the pages was read, the titles of others are not known; they are arranged when all are joined.
    """
    if IS_PART.of(env):
        return []
    domain = domain_of(env)
    again: set[str] = set()
    arranged: dict[str, tuple[NavigationEntry, ...]] = {}
    for parent, records in domain.pages.items():
        if not records.has_navigation or parent not in env.tocs:
            continue
        above = _pages_above(env, parent)
        for tree in _our_trees(env.tocs[parent]):
            below = [page for page in tree["includefiles"] if page not in above]
            incidents = {page: found[0] for page in below if (found := domain.records_of(page).incidents)}
            pages = in_order(below, incidents)
            tree["includefiles"], tree["entries"] = pages, [(None, page) for page in pages]
            more = [NavigationEntry(p, env.titles[p].astext(), year_of(incidents.get(p))) for p in pages]
            arranged[parent] = (*arranged.get(parent, ()), *more)
        env.toctree_includes[parent] = [
            page for tree in env.tocs[parent].findall(addnodes.toctree) for page in tree["includefiles"]
        ]
    before = {entry[1]: entry for entries in _ARRANGED.of(env).values() for entry in _with_neighbours(entries)}
    for entries in arranged.values():
        again |= {e[1].docname for e in _with_neighbours(entries) if before.get(e[1], e) != e or e[1] not in before}
    _ARRANGED.exchange(env, arranged)
    return sorted(again)


def _pages_above(env: BuildEnvironment, docname: str) -> set[str]:
    """Return the pages that lead down to a page: below it they would stand in a circle."""
    parents: dict[str, set[str]] = {}
    for parent, children in env.toctree_includes.items():
        for child in children:
            parents.setdefault(child, set()).add(parent)
    above: set[str] = set()
    waiting = [docname]
    while waiting:
        new = parents.get(waiting.pop(), set()) - above
        above |= new
        waiting += new
    return above


def _our_trees(page: nodes.Element) -> list[addnodes.toctree]:
    return [tree for tree in page.findall(addnodes.toctree) if _PAGES in tree["classes"]]


def _remove_our_trees(page: nodes.Element) -> None:
    """Take our trees out of a page, or out of its table of contents, with the lists that held nothing else."""
    for tree in _our_trees(page):
        listing = tree.parent
        listing.remove(tree)
        if not listing.children and listing.parent is not None:
            listing.parent.remove(listing)


_Neighbours = tuple[NavigationEntry | None, NavigationEntry, NavigationEntry | None]


def _with_neighbours(entries: tuple[NavigationEntry, ...]) -> Iterator[_Neighbours]:
    """Yield each page between the one before and the one after it, within its year."""
    for index, entry in enumerate(entries):
        before = entries[index - 1] if index else None
        after = entries[index + 1] if index + 1 < len(entries) else None
        yield (
            before if before and before.year == entry.year else None,
            entry,
            after if after and after.year == entry.year else None,
        )


class IncidentPages:
    """What one HTML build knows of the pages that have their place through the directive."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[str, _Neighbours]] = {}
        self.kept: dict[str, nodes.bullet_list] = {}

    def start(self, app: Sphinx, builder: object) -> None:
        """Handle ``write-started``: take the pages out of the trees that themes show; the stored ones keep them."""
        self.places, self.kept = {}, {}
        if not isinstance(builder, StandaloneHTMLBuilder) or isinstance(builder, SingleFileHTMLBuilder | Epub3Builder):
            return
        env = app.env
        for parent, entries in _ARRANGED.of(env).items():
            self.places.update({each[1].docname: (parent, each) for each in _with_neighbours(entries)})
            self.kept[parent] = env.tocs[parent]
            env.tocs[parent] = env.tocs[parent].deepcopy()
            _remove_our_trees(env.tocs[parent])
        if env.config.root_doc in self.kept:
            # Sphinx takes the first level of its trees from the root page itself.
            env.master_doctree = env.get_doctree(env.config.root_doc)
            _remove_our_trees(env.master_doctree)

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``."""
        app.env.tocs.update(self.kept)
        vars(app.env).pop("master_doctree", None)

    def page_context(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
    ) -> None:
        """Handle ``html-page-context``: previous and next within the year, and the way to the page above its text."""
        if pagename not in self.places:
            return
        parent, (before, entry, after) = self.places[pagename]
        cut = {side for side, kept in (("prev", before), ("next", after)) if kept is None and context.get(side)}
        gone = {context[side]["link"] for side in cut}
        for side in cut:
            context[side] = None
        uri = app.builder.get_relative_uri
        context["rellinks"] = [each for each in context.get("rellinks", ()) if uri(pagename, each[0]) not in gone]
        year = f"{uri(pagename, parent)}#{anchor('year', entry.year)}"
        way = [(each["link"], each["title"]) for each in context.get("parents", ())] + [(year, escape(say(entry.year)))]
        links = "".join(f'<li><a href="{escape(str(link))}">{title}</a></li>' for link, title in way)
        name = escape(say("Breadcrumb"))
        context["body"] = f'<nav class="pm-way" aria-label="{name}"><ol>{links}</ol></nav>\n{context.get("body", "")}'


class IncidentIndex(Placeholder):
    """Stands for the incidents, as ``by`` says (attributes ``docname``, ``by`` and ``number``, that of the facets)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the table; jump links, and a list for each group."""
        knowledge = domain.knowledge
        incidents = knowledge.incidents
        if not incidents:
            return [output.paragraph(say("No incidents."))]
        groups = {"year": by_year(incidents), "severity": by_severity(incidents, domain.settings.severities)}
        views = {view: groups[view] for view in self["by"] if view in groups}
        built: list[nodes.Node] = []
        if "table" in self["by"]:
            built.append(self.table(incidents, ListPage(domain, self.docname), has_anchors="year" not in views))
        if views:
            built.append(
                output.fields([(say(_TITLES[view]), [_jumps(view, views[view])]) for view in views], "pm-jumps")
            )
        for view, parts in views.items():
            for name, members in parts.items():
                built.append(output.heading(say(name), "pm-group", ids=[anchor(view, name)], level=2))
                built.append(_listing(members, knowledge, self.docname))
        return built

    def table(self, incidents: Sequence[Incident], page: ListPage, *, has_anchors: bool) -> nodes.Node:
        """Return the table below its facets; the first row of each year is what the way to an incident leads to."""
        boxes = FacetBoxes(incidents, page, self["number"])
        columns = [INCIDENTS.field(name) for name in _COLUMNS]
        first = {id(members[0]): name for name, members in by_year(incidents).items()} if has_anchors else {}
        built = incident_table(columns, incidents, page, boxes.classes)
        for row, incident in zip(every(built, nodes.row)[1:], incidents, strict=True):
            if year := first.get(id(incident)):
                output.put_anchor(row, anchor("year", year))
        return boxes.around(built)


def _jumps(view: str, groups: Mapping[str, list[Incident]]) -> nodes.paragraph:
    parts: list[nodes.Node | str] = []
    for name, incidents in groups.items():
        parts += [", "] if parts else []
        parts += [output.jump(anchor(view, name), say(name)), f" ({len(incidents)})"]
    return output.paragraph(*parts)


def _listing(incidents: Iterable[Incident], knowledge: KnowledgeBase, docname: str) -> nodes.bullet_list:
    items: list[list[nodes.Node]] = []
    for incident in incidents:
        title = incident.title if incident.id in incident.title else f"{incident.id}: {incident.title}"
        facts = [
            incident.first_day.isoformat() if incident.first_day else "",
            incident.severity,
            status_label(incident.status),
        ]
        link = incident_link(incident, knowledge, docname, title.removesuffix(": "))
        items.append([output.paragraph(link, f" ({', '.join(filter(None, facts))})")])
    return output.bullets(items, "pm-group-list")
