"""The order of the pages that have their place through ``incident-navigation``, for readers of pages and for Sphinx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.chronology import in_order, year_of
from sphinx_postmortem.sphinx_ext.kept import IS_PART, Kept
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.records.rebuilds import have_pages_changed

PAGES = "pm-incident-pages"
"""The class of the trees that the directive makes."""


@dataclass(frozen=True)
class NavigationEntry:
    """A page in the order of a navigation, with its title and the year of its incident."""

    docname: str
    title: str
    year: str


_ARRANGED = Kept[Mapping[str, tuple[NavigationEntry, ...]]]("navigation", {})
"""The pages to which a navigation gave their place, by the page that it stands on, as last built."""


def arrange_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: bring the pages in the order of time; name those with other neighbours than before.

    Where only a part of the pages was read, the titles of others are not known; they are arranged when all are joined.
    Where none was read they stand as the build before has arranged them.
    """
    if IS_PART.of(env) or not have_pages_changed(env):
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
    return [tree for tree in page.findall(addnodes.toctree) if PAGES in tree["classes"]]


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
