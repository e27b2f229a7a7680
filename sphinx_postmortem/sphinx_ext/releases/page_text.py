"""A page's tree as statements: all that any builder may show of it, and nothing that depends on a builder or theme.

The tree is the one that Sphinx stores when it has read the page. What is derived from other pages is not in it yet: it
repeats statements that are approved on those pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.core.releases.statements import Statement, cells, code_line, link_to, one_line, prose, visible
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.lists.factor_tags import FactorTag
from sphinx_postmortem.sphinx_ext.releases.shown_links import Links

_UNSHOWN = (
    *(nodes.comment, nodes.substitution_definition, nodes.pending, nodes.colspec, nodes.transition),
    *(addnodes.tabular_col_spec, addnodes.highlightlang),
)
_WITH_OWN_TITLE: tuple[type, ...] = (nodes.admonition, nodes.system_message)
_CODE = (nodes.literal_block, nodes.doctest_block, nodes.math_block)
_VERBATIM = (nodes.literal, nodes.math, addnodes.literal_emphasis, addnodes.literal_strong)
_OURS = ("docutils.nodes", "sphinx.addnodes", "sphinx_postmortem.")
_NO_TEXT = frozenset(
    {"ids", "classes", "names", "dupnames", "backrefs", "xml:space", "docname", "source", "refdoc", "filename"}
)
_WRITTEN_IN_PLACEHOLDERS = ("heading", "title", "caption", "none", "notice")
_UNSHOWN_METADATA = frozenset({"orphan", "tocdepth", "nocomments", "nosearch", "no-search", "audience", "myst_slugs"})


class PageText:
    """Reads the statements of one page."""

    def __init__(self, docname: str, links: Links) -> None:
        """Start empty; ``read`` fills it."""
        self.docname = docname
        self.links = links
        self.found: list[Statement] = []

    def read(self, document: nodes.document, metadata: Mapping[str, object]) -> list[Statement]:
        """Return all statements of the page, in its order."""
        if document.get("title"):
            self.note("meta", prose(f"title: {document['title']}"), document)
        for key in sorted(metadata, key=str):
            value = metadata[key]
            if key not in _UNSHOWN_METADATA and isinstance(value, str | int | float) and str(value).strip():
                self.note("meta", prose(f"{key}: {value}"), document)
        self.blocks(document, 0)
        return self.found

    def note(self, kind: str, text: str, node: nodes.Node) -> None:
        """Note one statement."""
        self.found.append(Statement(kind, text.strip() if kind != "code" else text, line_of(node)))

    def blocks(self, parent: nodes.Element, level: int) -> None:
        """Note what a node's children show."""
        for child in parent.children:
            self.block(child, level)

    def block(self, node: nodes.Node, level: int) -> None:
        """Note what a node shows."""
        if not isinstance(node, nodes.Element):
            self.note("text", one_line([prose(node.astext())]), node)
            return
        if isinstance(node, _UNSHOWN):
            return
        self.attributes(node)
        special = next((_BLOCKS[kind] for kind in type(node).__mro__ if kind in _BLOCKS), None)
        if special is not None:
            special(self, node, level)
        elif isinstance(node, nodes.Admonition) and type(node) not in _WITH_OWN_TITLE:
            self.note("box", type(node).__name__, node)  # its title is the theme's, in the site's language
            self.blocks(node, level)
        elif isinstance(node, nodes.TextElement):
            self.text("text", node)
        else:
            self.blocks(node, level)

    def text(self, kind: str, node: nodes.Element) -> None:
        """Note the text of a node, unless it is empty."""
        if text := one_line(self.inline(node)):
            self.note(kind, text, node)

    def attributes(self, node: nodes.Element) -> None:
        """Note the texts that other extensions' nodes carry as attributes: the code of a drawing, for example."""
        kind = type(node)
        if kind.__module__.startswith(_OURS):
            return
        for key, value in sorted(node.attributes.items()):
            if key in _NO_TEXT:
                continue
            for text in value if isinstance(value, list | tuple) else [value]:
                for line in str(text).splitlines() if isinstance(text, str | int | float) else []:
                    here = line.replace(str(self.links.env.srcdir), "")
                    self.note("data", f"{visible(kind.__name__)}.{visible(key)} {code_line(here)}", node)

    def title(self, node: nodes.Element, level: int) -> None:
        """Note a heading, the caption of a table, or the title of a box."""
        if isinstance(node.parent, nodes.section | nodes.document):
            kind = f"heading {min(max(level, 1), 6)}"
        else:
            kind = "caption" if isinstance(node.parent, nodes.table) else "box"
        self.text(kind, node)

    def section(self, node: nodes.Element, level: int) -> None:
        """Note a section."""
        self.blocks(node, level + 1)

    def item(self, node: nodes.Element, level: int) -> None:
        """Note an item of a list: its first paragraph, then its other blocks."""
        for index, child in enumerate(node.children):
            if index == 0 and isinstance(child, nodes.paragraph):
                self.text("item", child)
            else:
                self.block(child, level)

    def definition(self, node: nodes.Element, level: int) -> None:
        """Note an entry of a definition list."""
        for child in node.children:
            if isinstance(child, nodes.term | nodes.classifier):
                self.text("term", child)
            else:
                self.block(child, level)

    def fact(self, node: nodes.Element, level: int) -> None:
        """Note a field: on one line where its body is one paragraph."""
        name, body = cast("list[nodes.Element]", node.children[:2])
        pieces = [*self.inline(name), ":"]
        is_short = len(body.children) == 1 and isinstance(body.children[0], nodes.paragraph)
        if is_short:
            pieces += [" ", *self.inline(cast("nodes.Element", body.children[0]))]
        self.note("fact", one_line(pieces), body)
        if not is_short:
            self.blocks(body, level)

    def table(self, node: nodes.Element, level: int) -> None:
        """Note a table, one line for each row."""
        for child in node.children:
            if not isinstance(child, nodes.tgroup):
                self.block(child, level)
                continue
            for part in child.children:
                kind = "head" if isinstance(part, nodes.thead) else "row"
                for row in part.children if isinstance(part, nodes.thead | nodes.tbody) else ():
                    if "pm-phase" in cast("nodes.Element", row)["classes"]:
                        continue  # derived from the rows below it
                    self.note(kind, cells(map(self.cell, cast("list[nodes.Element]", row.children))), row)

    def cell(self, node: nodes.Element) -> str:
        """Return the text of a cell; what is no plain text in it stands with its kind."""
        inner = PageText(self.docname, self.links)
        inner.blocks(node, 0)
        return " / ".join(each.text if each.kind == "text" else str(each) for each in inner.found)

    def code(self, node: nodes.Element, level: int) -> None:
        """Note code or a formula, one statement for each line."""
        first = line_of(node)
        for index, line in enumerate(node.astext().splitlines()):
            self.found.append(Statement("code", code_line(line), first and first + index))

    def raw(self, node: nodes.Element, level: int) -> None:
        """Note text that goes to the output as it is."""
        for line in node.astext().splitlines():
            if line.strip():
                self.note("raw", f"{visible(str(node.get('format', '')))} {code_line(line)}", node)

    def label(self, node: nodes.Element, level: int) -> None:
        """Note the label of a citation; footnotes are numbered anew in each edition."""
        if not node.parent.get("auto"):
            self.note("text", one_line(["[", *self.inline(node), "]"]), node)

    def image(self, node: nodes.Element, level: int) -> None:
        """Note an image: its files with their hashes, and its description."""
        self.note("image", self.image_text(node), node)

    def meta(self, node: nodes.Element, level: int) -> None:
        """Note what a page tells search engines."""
        names = (str(node[key]) for key in ("name", "property", "http-equiv", "itemprop") if node.get(key))
        self.note("meta", prose(f"{' '.join(names)}: {node.get('content', '')}"), node)

    def index(self, node: nodes.Element, level: int) -> None:
        """Note entries of the index."""
        for text in self.index_texts(node):
            self.note("index", text, node)

    def toctree(self, node: nodes.Element, level: int) -> None:
        """Note what is written in a list of pages; titles are approved on their own pages."""
        if node.get("caption"):
            self.note("caption", one_line([prose(str(node["caption"]))]), node)
        for title, target in cast("list[tuple[str | None, str]]", node.get("entries", [])):
            if title or "://" in target:
                self.note("link", one_line([prose(title or ""), link_to(target)]), node)

    def placeholder(self, node: nodes.Element, level: int) -> None:
        """Note a place for what is derived from approved statements, and the texts that are written for it."""
        self.note("derived", "from statements of this site", node)
        holders: list[Any] = [node.attributes, *node.attributes.values()]
        for holder in holders:
            for name in _WRITTEN_IN_PLACEHOLDERS:
                text = holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
                if isinstance(text, str) and text.strip() and not isinstance(holder, str):
                    self.note("text", one_line([prose(text)]), node)

    def inline(self, node: nodes.Element) -> Iterator[str]:
        """Yield the pieces of a text."""
        for child in node.children:
            if isinstance(child, nodes.Text):
                yield visible(child.astext()) if isinstance(node, _VERBATIM) else prose(child.astext())
            elif isinstance(child, nodes.Element):
                yield from self.inline_element(child)

    def inline_element(self, node: nodes.Element) -> Iterator[str]:
        """Yield the pieces of an element within a text."""
        match node:
            case addnodes.pending_xref():
                yield self.links.target_of(node, one_line(self.inline(node)))
            case addnodes.download_reference():
                target = str(node.get("reftarget", ""))
                yield from self.inline(node)
                yield link_to(target if "://" in target else self.links.file(target, self.docname))
            case nodes.reference():
                yield from self.inline(node)
                yield self.reference_target(node)
            case nodes.image():
                yield f"[image {self.image_text(node)}]"
            case nodes.footnote_reference() if node.get("auto"):
                yield "[#]"
            case nodes.inline() if "pm-status-overdue" in node["classes"]:
                yield prose(node.astext().removesuffix(", overdue"))  # time alone does not make a page another one
            case nodes.inline() if "pm-over" in node["classes"]:
                return
            case nodes.raw():
                yield f"[raw {visible(str(node.get('format', '')))} {prose(node.astext())}]"
            case addnodes.index():
                yield from (f"[index {text}]" for text in self.index_texts(node))
            case addnodes.desc_parameterlist() | addnodes.desc_type_parameter_list():
                yield prose(node.astext())
            case _ if isinstance(node, _UNSHOWN):
                return
            case _:
                yield from self.other_inline(node)

    def other_inline(self, node: nodes.Element) -> Iterator[str]:
        """Yield the pieces of any other element: its text, the explanation of an abbreviation, foreign attributes."""
        yield from self.inline(node)
        if isinstance(node, FactorTag):  # its words stand in the settings
            yield self.links.factor(str(node["factor"]))
        if node.get("explanation"):
            yield f" ({prose(str(node['explanation']))})"
        inner = PageText(self.docname, self.links)
        inner.attributes(node)
        yield from (f"[{each}]" for each in inner.found)

    def reference_target(self, node: nodes.Element) -> str:
        """Return where a link leads, unless it stays on this site or its text says so."""
        target = str(node.get("refuri", ""))
        tooltip = f' "{node["reftitle"]}"' if node.get("reftitle") else ""
        is_said = not target or target in (node.astext(), f"mailto:{node.astext()}")
        return link_to(f"{target}{tooltip}") if tooltip or not is_said else ""

    def image_text(self, node: nodes.Element) -> str:
        """Return an image's files with their hashes, and its description."""
        uri = str(node.get("uri", ""))
        if uri.startswith("data:"):
            files = f"data sha256:{hashlib.sha256(uri.encode()).hexdigest()}"
        elif re.match(r"[a-z][a-z0-9+.-]*:", uri):
            files = uri
        else:
            known = cast("dict[str, str]", node.get("candidates") or {"*": uri})
            files = ", ".join(self.links.source_file(path) for path in sorted(set(known.values())))
        alt = str(node.get("alt", ""))
        return one_line([visible(files), f' "{prose(alt)}"' if alt else ""])

    def index_texts(self, node: nodes.Element) -> list[str]:
        """Return the texts of index entries."""
        entries = cast("list[tuple[str, str]]", node.get("entries", []))
        return [one_line([prose(str(entry[1]))]) for entry in entries]


_Handler = Callable[[PageText, nodes.Element, int], None]
_BLOCKS: dict[type, _Handler] = {
    nodes.title: PageText.title,
    nodes.section: PageText.section,
    nodes.list_item: PageText.item,
    nodes.definition_list_item: PageText.definition,
    nodes.field: PageText.fact,
    nodes.table: PageText.table,
    nodes.caption: lambda page, node, _level: page.text("caption", node),
    **dict.fromkeys(_CODE, PageText.code),
    nodes.raw: PageText.raw,
    nodes.label: PageText.label,
    nodes.image: PageText.image,
    nodes.meta: PageText.meta,
    addnodes.index: PageText.index,
    addnodes.toctree: PageText.toctree,
    Placeholder: PageText.placeholder,
}


def line_of(node: nodes.Node) -> int:
    """Return the line of a node in its source: its own, that of the first node within, or that of one around it."""
    inner = next((each.line for each in node.findall() if each.line), None)
    up = node.parent
    while inner is None and up is not None:
        inner, up = up.line, up.parent
    return inner or 0
