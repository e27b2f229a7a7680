"""The site's navigation tree on each page, without Sphinx making the whole of it anew for every page.

Sphinx resolves and renders the tree of all pages for each page, which grows with the site. Two pages of one folder and
one list differ only in their own entry: the rest is rendered once for the list, and a page's own entry by Sphinx, from
a tree that holds nothing but the way to it. Two pages of each list go Sphinx's full way first; where what we would have
made for the second differs from Sphinx's, that list goes Sphinx's way throughout.
"""

from __future__ import annotations

import html
import inspect
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters.toctree import global_toctree_for_doc

from sphinx_postmortem.core.expressions import expression

TreeCall = tuple[tuple[str, Any], ...]  # the arguments with which a theme asks for the tree

_ITEM = expression(r"<li\b[^>]*>|</li>")
_CURRENT_ITEM = expression(r'<li class="[^"]*\bcurrent\b[^"]*">(?:\s*<p>)?\s*<a class="[^"]*" href="#">')

_TAKES_TAGS = "tags" in inspect.signature(global_toctree_for_doc).parameters  # since Sphinx 9


@dataclass
class _List:
    """The trees of the pages of one list. ``usable`` is None until two pages have been compared."""

    first: tuple[str, str] | None = None  # page and tree
    second: str = ""
    usable: bool | None = None
    base: str = ""
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # address to its entry's place in ``base``


def _items(tree: str) -> dict[str, tuple[int, int]]:
    """Return where each entry with an address of its own stands; an address that stands twice is left out."""
    found: list[tuple[str, tuple[int, int]]] = []
    opened: list[int] = []
    for match in _ITEM.finditer(tree):
        if match[0] != "</li>":
            opened.append(match.start())
            continue
        start = opened.pop()
        address = re.compile(r'<li\b[^>]*>\s*<a class="[^"]*" href="([^"]*)"').match(tree, start)
        if address:
            found.append((address[1], (start, match.end())))
    counts = Counter(address for address, _ in found)
    return {address: place for address, place in found if counts[address] == 1}


def _own_item(tree: str) -> tuple[int, int] | None:
    """Return where the entry of the page itself stands; None when there is none, or several."""
    matches = list(_CURRENT_ITEM.finditer(tree))
    return _items(tree).get("#") if len(matches) == 1 else None


class Navigation:
    """Makes the trees of one build."""

    def __init__(self, builder: StandaloneHTMLBuilder) -> None:
        """Start with nothing rendered."""
        self.builder = builder
        self.env = builder.env
        self.calls: set[TreeCall] = set()
        self.lists: dict[tuple[TreeCall, str, int, str], _List] = {}
        self.places: dict[str, dict[str, int]] = {}
        self.rendered_in_full = 0
        parents: dict[str, list[str]] = {}
        for parent, children in self.env.toctree_includes.items():
            for child in children:
                parents.setdefault(child, []).append(parent)
        self.parents = parents

    def way_to(self, docname: str) -> list[str]:
        """Return the pages from the root to a page; empty unless there is one way only."""
        way = [docname]
        while way[0] != self.env.config.root_doc:
            parents = self.parents.get(way[0], [])
            if len(parents) != 1 or parents[0] in way:
                return []
            way.insert(0, parents[0])
        return way if len(way) > 1 else []

    def tree(self, docname: str, call: TreeCall) -> str:
        """Return the tree for a page, as the theme's ``toctree(**call)`` gives it."""
        self.calls.add(call)
        way = self.way_to(docname)
        if not way or docname in self.env.toctree_includes or self.env.metadata[docname].get("tocdepth"):
            return self.full(docname, call)
        if len(self.env.tocs[docname].children) != 1:  # a page with several titles, or one for some builders alone
            return self.full(docname, call)
        group = self.lists.setdefault(self.list_of(docname, way[-2], call), _List())
        if group.usable is None:
            return self.compare(group, docname, call, way)
        return (self.short(group, docname, call, way) if group.usable else None) or self.full(docname, call)

    def list_of(self, docname: str, parent: str, call: TreeCall) -> tuple[TreeCall, str, int, str]:
        """Return what tells the list of a page: of several trees on one page, that with the page's entry is marked."""
        if parent not in self.places:
            trees = self.env.tocs[parent].findall(addnodes.toctree) if parent in self.env.tocs else ()
            self.places[parent] = {entry[1]: at for at, tree in enumerate(trees) for entry in tree["entries"]}
        return call, parent, self.places[parent].get(docname, -1), docname.rpartition("/")[0]

    def full(self, docname: str, call: TreeCall) -> str:
        """Return the tree as Sphinx makes it."""
        self.rendered_in_full += 1
        return self.render(self.env, docname, call)

    def render(self, env: BuildEnvironment, docname: str, call: TreeCall) -> str:
        """Resolve and render a tree, as ``StandaloneHTMLBuilder._get_local_toctree`` does."""
        arguments: dict[str, Any] = {"collapse": True, "includehidden": False, **dict(call)}
        if arguments.get("maxdepth") == "":
            del arguments["maxdepth"]
        if _TAKES_TAGS:
            arguments["tags"] = self.builder.tags
        tree = global_toctree_for_doc(env, docname, self.builder, **arguments)
        return self.builder.render_partial(tree)["fragment"]

    def compare(self, group: _List, docname: str, call: TreeCall, way: Sequence[str]) -> str:
        """Return Sphinx's tree for one of a list's first two pages; after the second, say whether ours is the same."""
        tree = self.full(docname, call)
        if group.first is None:
            group.first = (docname, tree)
            return tree
        other, other_tree = group.first
        if other == docname:
            return tree
        group.second = docname
        group.usable = self.prepare(group, other, other_tree, docname, tree)
        group.usable = group.usable and self.short(group, docname, call, way) == tree
        group.usable = group.usable and self.short(group, other, call, [*way[:-1], other]) == other_tree
        return tree

    def prepare(self, group: _List, other: str, other_tree: str, docname: str, tree: str) -> bool:
        """Make the list's tree in which no page is the current one, from the trees of two pages."""
        place = _own_item(other_tree)
        if place is None:
            # The tree does not reach down to these pages: all have the same.
            group.base = tree
            return tree == other_tree and 'href="#"' not in tree
        closed = _items(tree).get(self.address(docname, other))
        if closed is None:
            return False
        group.base = other_tree[: place[0]] + tree[closed[0] : closed[1]] + other_tree[place[1] :]
        group.places = _items(group.base)
        return True

    def address(self, from_page: str, to_page: str) -> str:
        """Return an address as it stands in HTML."""
        return html.escape(self.builder.get_relative_uri(from_page, to_page))

    def short(self, group: _List, docname: str, call: TreeCall, way: Sequence[str]) -> str | None:
        """Return the list's tree with the page's own entry put in; None where that cannot be done."""
        if not group.places:
            return group.base
        # Addresses are as from another page of the list: its parent may stand in another folder.
        sibling = group.first[0] if group.first and group.first[0] != docname else group.second
        place = group.places.get(self.address(sibling, docname))
        thin = self.render(self.thin_environment(way), docname, call)
        own = _own_item(thin)
        if place is None or own is None:
            return None
        return group.base[: place[0]] + thin[own[0] : own[1]] + group.base[place[1] :]

    def thin_environment(self, way: Sequence[str]) -> BuildEnvironment:
        """Return an environment whose trees hold only the way to one page."""
        kept = set(way)
        tocs: dict[str, nodes.Element] = {way[-1]: self.env.tocs[way[-1]]}
        for docname in way[1:-1]:
            tocs[docname] = self.env.tocs[docname].deepcopy()
            _keep_entries(tocs[docname], kept)
        root = nodes.Element("", *(node.copy() for node in self.master.findall(addnodes.toctree)))
        _keep_entries(root, kept)
        thin = SimpleNamespace(
            tocs=tocs,
            master_doctree=root,
            toctree_includes={parent: [child] for parent, child in pairwise(way)},
            metadata=self.env.metadata,
            titles=self.env.titles,
            config=self.env.config,
            doc2path=self.env.doc2path,
        )
        return cast("BuildEnvironment", thin)

    @property
    def master(self) -> nodes.document:
        """The root page's tree."""
        return self.env.master_doctree


def _keep_entries(tree: nodes.Element, kept: set[str]) -> None:
    for node in list(tree.findall(addnodes.toctree)):
        node["entries"] = [entry for entry in node["entries"] if entry[1] in kept]


class SharedTrees:
    """The navigation of the build that is running, and what themes make of it."""

    def __init__(self) -> None:
        self.navigation: Navigation | None = None

    def start(self, app: Sphinx, builder: object) -> None:
        """Handle ``write-started``: the pages have been read, and the tree will not change any more."""
        is_html = isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name == "html"
        self.navigation = Navigation(cast("StandaloneHTMLBuilder", app.builder)) if is_html else None

    def prepare_page(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Handle ``doctree-resolved``: render what lists share before Sphinx starts processes that write pages."""
        if self.navigation is None or not app.parallel > 1:
            return
        for call in tuple(self.navigation.calls):
            parent = self.navigation.parents.get(docname, [""])[0]
            group = self.navigation.lists.get(self.navigation.list_of(docname, parent, call))
            if group is None or group.usable is None:
                self.navigation.tree(docname, call)

    def page_context(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
    ) -> None:
        """Handle ``html-page-context``: give the theme our ``toctree``."""
        navigation = self.navigation
        if navigation is None or doctree is None or "toctree" not in context:
            return
        own_way = cast("Callable[..., str]", context["toctree"])

        def toctree(**arguments: Any) -> str:
            try:
                call = tuple(sorted(arguments.items()))
                hash(call)
            except TypeError:
                return own_way(**arguments)
            return navigation.tree(pagename, call)

        context["toctree"] = toctree


def stem_each_word_once(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Handle ``doctree-resolved``: the stemmer in pure Python is slow, and words repeat."""
    language = getattr(getattr(app.builder, "indexer", None), "lang", None)
    if language is not None and "stem" not in vars(language):
        language.stem = cache(language.stem)
