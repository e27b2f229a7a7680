"""Puts the pages of one PDF together and makes them ready for the renderer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _
from sphinx.util.nodes import inline_all_toctrees

from sphinx_postmortem.sphinx_ext.pdf import inner_links
from sphinx_postmortem.sphinx_ext.pdf.cover_and_contents import add_front_matter
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.drawn_nodes import add_figures, docname_of
from sphinx_postmortem.sphinx_ext.pdf.fonts import FontSet, use_fallback_fonts
from sphinx_postmortem.sphinx_ext.pdf.images import prepare_images
from sphinx_postmortem.sphinx_ext.pdf.kinds.interview import hides_dates
from sphinx_postmortem.sphinx_ext.pdf.kinds.kinds import apply_kind
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions
from sphinx_postmortem.sphinx_ext.pdf.lowering import lower
from sphinx_postmortem.sphinx_ext.pdf.page_breaks import drop_last_breaks, keep_together, page_break
from sphinx_postmortem.sphinx_ext.pdf.summary_layout import lay_out_summaries
from sphinx_postmortem.sphinx_ext.pdf.table_layout import fit_columns, space_fields, split_times, turn_wide_tables
from sphinx_postmortem.sphinx_ext.pdf.toned_text import tone_texts
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
    inner_links.unlink_own_rows(tree)
    inner_links.resolve_links(tree, "" if document.pages else document.docname)
    prepare_images(tree, Path(builder.srcdir), options.default_dpi)
    lay_out_summaries(tree)
    split_times(tree)
    tone_texts(tree, fonts)
    space_fields(tree)
    fit_columns(tree)
    _flatten_pages(tree)
    _start_pages(tree)
    lower(tree, show_todos=bool(getattr(builder.config, "todo_include_todos", False)))
    inner_links.place_anchors(tree)
    inner_links.drop_dangling_links(tree)
    if document.kind == "interview":
        inner_links.forget_ids(tree)
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
        page = uri.removeprefix(inner_links.PAGE_MARK).partition("#")[0]
        if uri and page in inside:
            local.append(uri)
    marks: list[nodes.Node] = []
    for number, uri in enumerate(local, 1):
        shown = text if number == 1 else f"[{number}]"
        marks += [nodes.reference("", shown, refuri=uri), nodes.Text(" ")]
    return marks


def add_numbers(env: BuildEnvironment, tree: nodes.document, root_docname: str) -> None:
    """Put the numbers that the pages have elsewhere, and that references name, before titles and captions.

    Sphinx leaves it to each builder to print the numbers of sections, figures, tables, code and formulas.
    """
    for section in tree.findall(nodes.section):
        numbers = env.toc_secnumbers.get(docname_of(section) or root_docname, {})
        is_page = isinstance(section.parent, nodes.document | addnodes.start_of_file)
        keys = [*(f"#{each}" for each in section["ids"][:1]), *([""] if is_page else [])]
        _put_before(section, next((numbers[key] for key in keys if numbers.get(key)), None), "{}.")
    if not env.config.numfig:
        return
    for formula in tree.findall(nodes.math_block):
        figures = env.toc_fignumbers.get(docname_of(formula) or root_docname, {}).get("displaymath", {})
        if formula["ids"] and (number := figures.get(str(formula["ids"][0]))):
            formula["number"] = ".".join(map(str, number))
    domain = env.domains.standard_domain
    for node in tree.findall(lambda each: isinstance(each, nodes.figure | nodes.table | nodes.container)):
        if isinstance(node, nodes.Element) and node["ids"] and (kind := domain.get_enumerable_node_type(node)):
            figures = env.toc_fignumbers.get(docname_of(node) or root_docname, {}).get(kind, {})
            wording = str(env.config.numfig_format.get(kind, "%s")).replace("%s", "{}")
            _put_before(node, figures.get(str(node["ids"][0])), wording)


def _put_before(node: nodes.Element, number: Iterable[int] | None, wording: str) -> None:
    heading = next((each for each in node.children if isinstance(each, nodes.title | nodes.caption)), None)
    if number and heading is not None:
        heading.insert(0, nodes.Text(f"{wording.format('.'.join(map(str, number)))} "))
