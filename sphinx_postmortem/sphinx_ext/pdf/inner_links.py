"""Links inside one PDF.

reportlab refuses to write a file with a link that leads nowhere, and rst2pdf
mixes up the ids of pages: two incidents with a section "Timeline" would share
one destination.  So the ids of each page get a prefix of their own, each link
is led to its page, and a link without a destination becomes plain text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import warn

PAGE_MARK = "%"
"""The start of the address that the builder gives to a page of the project."""

ANCHOR_STYLE = "postmortem-anchor"

_EXTERNAL_SCHEMES = frozenset({"ftp", "ftps", "http", "https", "mailto", "tel"})
_FOOTNOTES = (
    nodes.footnote,
    nodes.footnote_reference,
    nodes.citation,
    nodes.citation_reference,
)
_HOLDS_ANCHORS = (
    nodes.attribution,
    nodes.caption,
    nodes.line,
    nodes.paragraph,
    nodes.rubric,
    nodes.term,
    nodes.title,
)
_HOLDS_BLOCKS = (nodes.definition, nodes.entry, nodes.field_body, nodes.list_item)


def resolve_links(tree: nodes.document, root_docname: str) -> None:
    """Give all ids a prefix per page and make each link lead to one of them."""
    pages = _Pages(tree, root_docname)
    for docname, node in pages.elements():
        node["ids"] = [pages.unique(docname, each) for each in node["ids"]]
        node["names"] = []
        if node.hasattr("backrefs"):
            node["backrefs"] = [pages.unique(docname, each) for each in node["backrefs"]]
    for docname, node in pages.elements():
        if isinstance(node, nodes.reference):
            _resolve(node, docname, pages)
        elif "refid" in node and isinstance(node, _FOOTNOTES):
            node["refid"] = pages.unique(docname, node["refid"])
        elif "refid" in node:
            del node["refid"]


def unlink_own_rows(tree: nodes.document) -> None:
    """Take away the links of rows to themselves: readers of pages copy them."""
    for link in every(tree, nodes.reference):
        if "pm-anchor" in link["classes"]:
            link["classes"] = []
            unlink(link)


def place_anchors(tree: nodes.document) -> None:
    """Put each id that a link needs where rst2pdf makes a destination of it."""
    wanted = {str(node["refid"]) for node in tree.findall(nodes.reference) if "refid" in node}
    for node in list(tree.findall(nodes.Element)):
        if isinstance(node, _FOOTNOTES):
            continue
        ids = [str(each) for each in node["ids"]]
        kept = ids[:1] if isinstance(node, nodes.section) else []
        node["ids"], node["names"], node["dupnames"] = kept, [], []
        moved = [each for each in ids if each in wanted and each not in kept]
        if isinstance(node, nodes.target):
            _replace_target(node, moved)
        else:
            _place(node, moved)
    _number_sections(tree)


def drop_dangling_links(tree: nodes.document) -> None:
    """Turn the links whose destination is not printed into plain text."""
    known = set(_printed_ids(tree))
    for reference in list(tree.findall(nodes.reference)):
        if "refid" in reference and reference["refid"] not in known:
            _report(reference, str(reference["refid"]))
            unlink(reference)
    for mark in list(tree.findall(_is_footnote_mark)):
        if isinstance(mark, nodes.Element) and mark.get("refid") not in known:
            mark.replace_self(nodes.superscript("", "", *mark.children))
    marks = {
        each for mark in tree.findall(_is_footnote_mark)
        if isinstance(mark, nodes.Element) for each in mark["ids"]
    }  # fmt: skip
    for note in tree.findall(_is_footnote):
        if isinstance(note, nodes.Element):
            note["backrefs"] = [each for each in note["backrefs"] if each in marks]


def forget_ids(tree: nodes.document) -> None:
    """Number all ids: one that was made of a heading holds the words of the heading."""
    numbers: dict[str, str] = {}

    def renamed(name: object) -> str:
        return numbers.setdefault(str(name), f"t{len(numbers) + 1}")

    for node in tree.findall(nodes.Element):
        for attribute in ("ids", "backrefs"):
            values: list[object] = list(node.get(attribute, ()))
            node[attribute] = [renamed(value) for value in values]
        node["names"] = []
        if "refid" in node:
            node["refid"] = renamed(node["refid"])


def unlink(reference: nodes.Element) -> None:
    """Replace a link by what it shows."""
    reference.replace_self(list(reference.children))


class _Pages:
    """The pages of the project that are in one PDF, in the order of the PDF."""

    def __init__(self, tree: nodes.document, root_docname: str) -> None:
        self._tree = tree
        self._root = root_docname
        files = tree.findall(addnodes.start_of_file)
        docnames = [root_docname, *(str(each["docname"]) for each in files)]
        self._numbers = {name: i for i, name in enumerate(dict.fromkeys(docnames))}
        self._ids = {self.unique(docname, str(each)) for docname, node in self.elements() for each in node["ids"]}
        self._starts: dict[str, str] = {}
        for docname, node in self.elements():
            if isinstance(node, nodes.section) and node["ids"]:
                start = self.unique(docname, str(node["ids"][0]))
                self._starts.setdefault(docname, start)

    def elements(self) -> Iterator[tuple[str, nodes.Element]]:
        """Yield every element with the name of its page."""
        yield from self._walk(self._tree, self._root)

    def _walk(self, node: nodes.Element, docname: str) -> Iterator[tuple[str, nodes.Element]]:
        yield docname, node
        for child in list(node.children):
            if isinstance(child, addnodes.start_of_file):
                yield from self._walk(child, str(child["docname"]))
            elif isinstance(child, nodes.Element):
                yield from self._walk(child, docname)

    def unique(self, docname: str, target: str) -> str:
        return f"p{self._numbers[docname]}-{nodes.make_id(target) or target}"

    def contains(self, docname: str) -> bool:
        return docname in self._numbers

    def find(self, docname: str, target: str) -> str | None:
        """Return the id in the PDF of *target* on a page, if it is there.

        A link that was resolved for the document as a whole names its target
        without the page; then any page that has the target will do.
        """
        if not target:
            return self._starts.get(docname)
        for name in (docname, self._root, *self._numbers):
            if self.unique(name, target) in self._ids:
                return self.unique(name, target)
        return None


def _resolve(reference: nodes.reference, docname: str, pages: _Pages) -> None:
    uri = str(reference.get("refuri", ""))
    if "refid" in reference:
        page, target = docname, str(reference["refid"])
    elif uri.startswith(PAGE_MARK):
        page, _, target = uri.removeprefix(PAGE_MARK).partition("#")
    elif uri.startswith("#"):
        page, target = docname, uri[1:]
    elif urlsplit(uri).scheme.lower() in _EXTERNAL_SCHEMES:
        reference["refuri"] = escape(uri)  # rst2pdf pastes it into markup
        return
    else:  # a path in the HTML output or a file: it leads nowhere from a PDF
        unlink(reference)
        return
    found = pages.find(page, target) if pages.contains(page) else None
    if found is None:
        if pages.contains(page):
            _report(reference, target)
        unlink(reference)
        return
    for name in ("refuri", "refname"):
        reference.attributes.pop(name, None)
    reference["refid"] = found


def _report(reference: nodes.Element, target: str) -> None:
    text = reference.astext() or "an image"
    warn(
        Code.PDF_LINK,
        f"the link {text!r} leads nowhere: no target {target!r}",
        reference,
    )


def _is_footnote(node: nodes.Node) -> bool:
    return isinstance(node, nodes.footnote | nodes.citation)


def _is_footnote_mark(node: nodes.Node) -> bool:
    return isinstance(node, nodes.footnote_reference | nodes.citation_reference)


def _printed_ids(tree: nodes.document) -> Iterator[str]:
    for node in tree.findall(nodes.Element):
        if not isinstance(node, nodes.document):
            yield from (str(each) for each in node["ids"])


def _anchors(ids: Sequence[str]) -> list[nodes.target]:
    return [nodes.target("", "", ids=[each]) for each in ids]


def _replace_target(target: nodes.target, ids: Sequence[str]) -> None:
    if isinstance(target.parent, nodes.TextElement):
        target.replace_self([*_anchors(ids), *target.children])
        return
    following = target.next_node(nodes.Element, descend=False, siblings=True)
    if following is not None and not target.children:
        following["ids"] = [*ids, *following["ids"]]
        target.parent.remove(target)
    else:
        target.replace_self(nodes.paragraph("", "", *_anchors(ids), *target.children))


def _place(node: nodes.Element, ids: Sequence[str]) -> None:
    if not ids:
        return
    parent = node.parent
    if isinstance(parent, nodes.TextElement):
        index = parent.index(node)
        parent.insert(index, _anchors(ids))
        return
    for candidate in node.findall(nodes.TextElement):
        if isinstance(candidate, _HOLDS_ANCHORS):
            candidate.insert(0, _anchors(ids))
            return
    anchor = nodes.paragraph("", "", *_anchors(ids), classes=[ANCHOR_STYLE])
    inside = next(
        (each for each in node.findall(nodes.Element) if isinstance(each, _HOLDS_BLOCKS)),
        None,
    )
    if inside is not None:
        inside.insert(0, anchor)
    else:
        parent.insert(parent.index(node), anchor)


def _number_sections(tree: nodes.document) -> None:
    for number, section in enumerate(tree.findall(nodes.section)):
        if not section["ids"]:
            section["ids"] = [f"section-{number}"]
