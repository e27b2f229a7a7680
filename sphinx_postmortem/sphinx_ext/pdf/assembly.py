"""Puts the pages of one PDF together and makes them ready for the renderer."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _
from sphinx.util.nodes import inline_all_toctrees

from sphinx_postmortem.sphinx_ext.pdf import links
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.figure import add_figures
from sphinx_postmortem.sphinx_ext.pdf.fonts import FontSet
from sphinx_postmortem.sphinx_ext.pdf.frontmatter import add_front_matter, drop_last_breaks, keep_together, page_break
from sphinx_postmortem.sphinx_ext.pdf.glyphs import use_fallback_fonts
from sphinx_postmortem.sphinx_ext.pdf.images import prepare_images
from sphinx_postmortem.sphinx_ext.pdf.kinds.content import apply_kind
from sphinx_postmortem.sphinx_ext.pdf.kinds.pseudonyms import hides_dates
from sphinx_postmortem.sphinx_ext.pdf.lowering import lower
from sphinx_postmortem.sphinx_ext.pdf.numbers import add_numbers
from sphinx_postmortem.sphinx_ext.pdf.options import LayoutOptions
from sphinx_postmortem.sphinx_ext.pdf.tables import fit_columns, space_fields, split_times, turn_wide_tables
from sphinx_postmortem.sphinx_ext.upstream.rst2pdf import LANDSCAPE, UPRIGHT


def assemble(builder: Builder, document: PdfDocument, options: LayoutOptions, fonts: FontSet) -> nodes.document:
    """Return the whole of *document* as plain nodes with working links."""
    tree = _resolved_tree(builder, document, options)
    for start in tree.findall(addnodes.start_of_file):  # Sphinx leaves the pages with the parents that they had
        for child in start.children:
            child.parent = start
    builder.post_process_images(tree)
    apply_kind(builder.env, document, tree)
    add_figures(
        builder.env, tree, document.docname, offsets=document.kind == "interview" and hides_dates(builder.config)
    )
    add_numbers(builder.env, tree, document.docname)
    links.resolve_links(tree, "" if document.pages else document.docname)
    prepare_images(tree, Path(builder.srcdir), options.default_dpi)
    split_times(tree)
    space_fields(tree)
    fit_columns(tree)
    _flatten_pages(tree)
    _start_pages(tree)
    lower(tree, show_todos=bool(getattr(builder.config, "todo_include_todos", False)))
    links.place_anchors(tree)
    links.drop_dangling_links(tree)
    if document.kind == "interview":
        links.forget_ids(tree)
    keep_together(tree)
    turn_wide_tables(tree, LANDSCAPE, UPRIGHT)
    drop_last_breaks(tree)
    add_front_matter(tree, document, options)
    use_fallback_fonts(tree, fonts)
    return tree


def _resolved_tree(builder: Builder, document: PdfDocument, options: LayoutOptions) -> nodes.document:
    """Return the page of *document* with the pages of its toctrees inside it."""
    env, root = builder.env, document.docname
    if document.pages:
        return _tree_of_pages(builder, document)
    appendices = [name for name in options.appendices if name in env.all_docs]
    tree = inline_all_toctrees(builder, set(), root, env.get_doctree(root), str, [root, *appendices])
    tree["docname"] = root
    for docname in appendices:
        appendix = addnodes.start_of_file(docname=docname)
        appendix += env.get_doctree(docname).children
        tree += appendix
    env.resolve_references(tree, root, builder)
    if options.use_index:
        _add_index(builder, tree, root)
    return tree


def _tree_of_pages(builder: Builder, document: PdfDocument) -> nodes.document:
    """Return a document that holds just the pages that *document* names."""
    env = builder.env
    tree = env.get_doctree(document.pages[0])
    tree.children = []
    seen = list(document.pages)
    for docname in document.pages:
        page = inline_all_toctrees(builder, set(), docname, env.get_doctree(docname), str, seen)
        tree += addnodes.start_of_file("", *page.children, docname=docname)
    env.resolve_references(tree, document.pages[0], builder)
    return tree


def _flatten_pages(tree: nodes.document) -> None:
    """Take each page out of the section whose toctree lists it.

    Headings then have the same size wherever a page stands in the tree.
    """
    inner = list(tree.findall(addnodes.start_of_file))
    for start in inner:
        start.parent.remove(start)
    tree += inner


def _start_pages(tree: nodes.document) -> None:
    """Start a new page of paper for each page that the first one lists."""
    for start in list(tree.findall(addnodes.start_of_file)):
        if start.children and not _is_inside_another(start):
            start.insert(0, page_break())


def _is_inside_another(start: nodes.Element) -> bool:
    parent = start.parent
    while parent is not None:
        if isinstance(parent, addnodes.start_of_file):
            return True
        parent = parent.parent
    return False


def _add_index(builder: Builder, tree: nodes.document, root: str) -> None:
    """Add an index of the pages in *tree*, with links to the places."""
    inside = {root, *(str(f["docname"]) for f in tree.findall(addnodes.start_of_file))}
    items: list[nodes.Node] = []
    for _letter, entries in IndexEntries(builder.env).create_index(builder):
        for name, (places, subentries, _key) in entries:
            found = [
                (name, places),
                *((f"{name}: {sub}", at) for sub, at in subentries),
            ]
            items += [
                nodes.list_item("", nodes.paragraph("", "", *marks))
                for text, at in found
                if (marks := _index_marks(text, [str(uri) for _main, uri in at], inside))
            ]
    if items:
        section = nodes.section("", nodes.title("", str(_("Index"))), ids=["genindex"])
        tree += [section]
        section += nodes.bullet_list("", *items)


def _index_marks(text: str, uris: list[str], inside: set[str]) -> list[nodes.Node]:
    local: list[str] = []
    for uri in uris:
        page = uri.removeprefix(links.PAGE_MARK).partition("#")[0]
        if uri and page in inside:
            local.append(uri)
    marks: list[nodes.Node] = []
    for number, uri in enumerate(local, 1):
        shown = text if number == 1 else f"[{number}]"
        marks += [nodes.reference("", shown, refuri=uri), nodes.Text(" ")]
    return marks
