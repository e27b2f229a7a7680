"""What a PDF has and a web page has not: header, footer, cover and contents.

TLP 2.0 asks for the label in the header and the footer of each page, in
capitals, at the right and in 12 points or more.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions
from sphinx_postmortem.sphinx_ext.pdf.table_layout import height_of_first_row

_LONGEST_TITLE = 70
_LONG_TITLE = 150
OVERVIEW = "pdf-overview"
"""The attribute of the section that lists what the document holds."""
_PAGE_BREAK = "PageBreak"
_BREAKS = (_PAGE_BREAK, "FrameBreak", "Spacer")
_COVER_MARGIN = "Spacer 0 1cm"
_ROOM_FOR_HEADING = 110
_HEADING = 45
_SHORT_SECTION = 130
_LARGEST_KEPT_BOX = 260
_CHARACTERS_IN_LINE = 90
_OPEN_CONTAINERS = (nodes.document, nodes.section, nodes.container, nodes.compound)


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


def page_break() -> nodes.raw:
    """Return the node that starts a new page unless one has just begun."""
    return nodes.raw("", _PAGE_BREAK, format="pdf")


def drop_last_breaks(tree: nodes.Element) -> None:
    """Remove the page breaks that nothing follows: each would leave an empty page at the end."""
    while tree.children:
        last = tree.children[-1]
        if isinstance(last, nodes.raw):
            if not last.astext().startswith(_BREAKS):
                return
        elif not isinstance(last, nodes.section | addnodes.start_of_file | nodes.container):
            return
        else:
            drop_last_breaks(last)
            if last.children:
                return
        tree.remove(last)


def keep_together(tree: nodes.document) -> None:
    """Keep headings and small boxes off the foot of a page they do not fit on.

    rst2pdf keeps a heading with the next paragraph, but a table or a box starts
    with a space of its own, and the heading stays behind with that.
    """
    for section in list(tree.findall(nodes.section)):
        if room := _room_for(section):
            _ask_for_room(section, room)
    for paragraph in list(tree.findall(nodes.paragraph)):
        after = paragraph.next_node(descend=False, siblings=True)
        if isinstance(after, nodes.table) and not _is_nested(paragraph) and paragraph.astext().endswith(":"):
            _ask_for_room(paragraph, _HEADING + min(height_of_first_row(after), _LARGEST_KEPT_BOX))
    boxes = [each for each in tree.findall(nodes.Element) if _is_box(each)]
    for box in boxes:
        room = _estimated_height(box)
        if room <= _LARGEST_KEPT_BOX and not _is_nested(box):
            _ask_for_room(box, room)


def _room_for(section: nodes.section) -> int:
    """Return how many points the beginning of a section needs; of a short one, the whole.

    A short section that ends a page's text takes the one before it along: no sheet holds two lines alone.
    """
    height = _height_of_short(section)
    if height:
        after = _next_section(section)
        last = _height_of_short(after) if after is not None and _next_section(after) is None else 0
        return height + last
    title = section.next_node(nodes.title)
    following = title.next_node(descend=False) if title else None
    if isinstance(following, nodes.paragraph | nodes.section):
        return 0
    row = height_of_first_row(following) if isinstance(following, nodes.table) else 0
    return _ROOM_FOR_HEADING + min(row, _LARGEST_KEPT_BOX)


def _height_of_short(section: nodes.section) -> int:
    """Return the height of a section of a few paragraphs or items; 0 for any other."""
    is_plain = all(isinstance(each, nodes.title | nodes.paragraph | nodes.bullet_list) for each in section.children)
    height = _HEADING + _estimated_height(section) - 30 - 21  # the heading is no line of the text
    return height if is_plain and height <= _SHORT_SECTION else 0


def _next_section(section: nodes.section) -> nodes.section | None:
    after = section.next_node(descend=False, siblings=True, ascend=False)
    return after if isinstance(after, nodes.section) else None


def _is_box(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Admonition)


def _ask_for_room(node: nodes.Element, points: int) -> None:
    """Start a new page before *node* unless so many points are left on this one."""
    hint = nodes.raw("", f"FrameBreak {points}", format="pdf")
    node.parent.insert(node.parent.index(node), hint)


def _estimated_height(box: nodes.Node) -> int:
    blocks = [each.astext() for each in box.findall(nodes.TextElement) if not isinstance(each, nodes.Inline)]
    lines = sum(1 + len(text) // _CHARACTERS_IN_LINE + text.count("\n") for text in blocks)
    images = sum(1 for _image in box.findall(nodes.image))
    return 30 + 14 * lines + 7 * len(blocks) + 200 * images


def _is_nested(node: nodes.Node) -> bool:
    """Tell whether *node* is in something that rst2pdf makes a table of."""
    parent = node.parent
    while parent is not None:
        if not isinstance(parent, _OPEN_CONTAINERS):
            return True
        parent = parent.parent
    return False


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
    return nodes.decoration(
        "",
        nodes.header("", _strip(document, _shortened(document.title), "header")),
        nodes.footer("", _strip(document, pages, "footer")),
    )


def _strip(document: PdfDocument, text: str, place: str) -> nodes.table:
    """Return the line at the top or the bottom: text, edition and label."""
    left = [_line(text, f"postmortem-{place}-text")]
    if document.edition_label:
        left.append(_line(document.edition_label, f"postmortem-{place}-edition"))
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
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rpartition(" ")[0] + "\u2026"
