"""What a PDF has and a web page has not: header, footer, cover and contents.

TLP 2.0 asks for the label in the header and the footer of each page, in
capitals, at the right and in 12 points or more.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import _

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions
from sphinx_postmortem.sphinx_ext.pdf.page_breaks import page_break
from sphinx_postmortem.sphinx_ext.upstream.rst2pdf import LONGEST_RUNNING_HEAD

_LONG_TITLE = 150
OVERVIEW = "pdf-overview"
"""The attribute of the section that lists what the document holds."""
_COVER_MARGIN = "Spacer 0 1cm"


def add_front_matter(tree: nodes.document, document: PdfDocument, options: LayoutOptions) -> None:
    """Add everything that belongs to the document and not to one of its pages."""
    front: list[nodes.Node] = []
    if options.use_cover:
        front += _cover(document)
    else:
        _add_facts_below_title(tree, document)
    if options.use_contents:
        front += [_contents(tree, options.contents_depth), nodes.raw("", _COVER_MARGIN, format="pdf")]
    if front:
        _begin_after_front_matter(tree)
    tree[:] = [
        nodes.title(document.title, document.title),  # for the PDF's properties
        _decoration(document, options.language),
        *front,
        *tree.children,
    ]


def _begin_after_front_matter(tree: nodes.document) -> None:
    """Start a page for the first text; a list of what the document holds stands with the contents."""
    first = next(iter(tree.findall(nodes.section)), None)
    if first is None or not first.get(OVERVIEW):
        tree.insert(0, page_break())
    elif first.parent.index(first) and isinstance(hint := first.parent[0], nodes.raw):
        first.parent.remove(hint)


def _cover(document: PdfDocument) -> list[nodes.Node]:
    lines = [
        (document.title, "postmortem-cover-title" + ("-long" if len(document.title) > _LONG_TITLE else "")),
        (document.purpose, "postmortem-cover-purpose"),
        (document.edition_label, "postmortem-cover-edition"),
        (document.author, "postmortem-cover-line"),
        (document.date, "postmortem-cover-line"),
    ]
    cover: list[nodes.Node] = [nodes.raw("", _COVER_MARGIN, format="pdf")]
    cover += [_line(text, style) for text, style in lines if text]
    if document.tlp:
        cover.append(_tlp(document, "postmortem-cover-tlp"))
    cover.append(nodes.raw("", _COVER_MARGIN, format="pdf"))
    return cover


def _add_facts_below_title(tree: nodes.document, document: PdfDocument) -> None:
    """Say below the first heading what a cover would say."""
    facts = [document.purpose, document.edition_label, document.date, document.author]
    text = " \u00b7 ".join(fact for fact in facts if fact)
    first = next(iter(tree.findall(nodes.section)), None)
    if not text or first is None:
        return
    first.insert(1, _line(text, "postmortem-facts"))


def _contents(tree: nodes.document, depth: int) -> nodes.topic:
    # rst2pdf replaces this list by one with page numbers; it only reads the ids.
    title = str(_("Contents"))
    links = [
        nodes.list_item("", nodes.paragraph("", "", _link_to(section)))
        for section in tree.findall(nodes.section)
        if section.children and _depth(section) <= depth
    ]
    listing = nodes.bullet_list("", *links)
    return nodes.topic("", nodes.title("", title), listing, classes=["contents"])


def _link_to(section: nodes.section) -> nodes.reference:
    return nodes.reference("", section[0].astext(), refid=section["ids"][0])


def _depth(section: nodes.section) -> int:
    depth = 0
    parent: nodes.Element | None = section
    while parent is not None:
        depth += isinstance(parent, nodes.section)
        parent = parent.parent
    return depth


def _decoration(document: PdfDocument, language: str) -> nodes.decoration:
    page, total = "###Page###", "###Total###"  # rst2pdf fills them in
    # rst2pdf's own language may be another one than the site's.
    is_english = language.lower().startswith("en")
    shown = say("Page {page} of {total}", page=page, total=total)
    pages = shown if is_english or shown != f"Page {page} of {total}" else f"{page} / {total}"
    head, where = _shortened(document.title), document.edition_label
    if document.is_collection:  # each page tells the incident that it is about
        head, where = "###Section###", " \u00b7 ".join(each for each in (where, head) if each)
    return nodes.decoration(
        "",
        nodes.header("", _strip(document, head, where, "header")),
        nodes.footer("", _strip(document, pages, document.edition_label, "footer")),
    )


def _strip(document: PdfDocument, text: str, edition: str, place: str) -> nodes.table:
    """Return the line at the top or the bottom: text, edition and label."""
    left = [_line(text, f"postmortem-{place}-text")]
    if edition:
        left.append(_line(edition, f"postmortem-{place}-edition"))
    right: list[nodes.Node] = []
    if document.tlp:
        right.append(_tlp(document, "postmortem-tlp"))
    row = nodes.row("", nodes.entry("", *left), nodes.entry("", *right))
    widths = [nodes.colspec(colwidth=72), nodes.colspec(colwidth=28)]
    group = nodes.tgroup("", *widths, nodes.tbody("", row), cols=2)
    return nodes.table("", group, classes=[f"postmortem-{place}"])


def _tlp(document: PdfDocument, style: str) -> nodes.paragraph:
    colour = document.tlp.partition("+")[0].lower()
    label = nodes.inline("", f"\u00a0{document.tlp_label}\u00a0", classes=[f"postmortem-tlp-{colour}"])
    return nodes.paragraph("", "", label, classes=[style])


def _line(text: str, style: str) -> nodes.paragraph:
    return nodes.paragraph("", text, classes=[style])


def _shortened(title: str) -> str:
    if len(title) <= LONGEST_RUNNING_HEAD:
        return title
    return title[:LONGEST_RUNNING_HEAD].rpartition(" ")[0] + "\u2026"
