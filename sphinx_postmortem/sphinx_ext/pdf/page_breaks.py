"""Where the pages of a PDF end: a heading is never the last of a page, short boxes and sections stay whole.

rst2pdf keeps a heading with the paragraph after it and no more: a table or a box begins with a space of its own, and
the heading stays behind with that. Here the room is estimated that a beginning needs, and a page ends before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.sphinx_ext.pdf.drawn_nodes import TimelineFigure, estimated_height
from sphinx_postmortem.sphinx_ext.pdf.table_layout import height_of_first_rows

_PAGE_BREAK = "PageBreak"
_BREAKS = (_PAGE_BREAK, "FrameBreak", "Spacer")
_HEADING = 45
_SHORT_SECTION = 130
_MOST_KEPT = 260
_BEGINNING = 65
"""What the beginning of a long text needs: some lines."""
_IMAGE = 200
_LINE_HEIGHT = 14
_CHARACTERS_IN_LINE = 90
_LINES_OF_LEAD = 3
"""A paragraph of at most so many lines leads to what comes next, and stays with it."""
_MOST_LEADS = 3
_MOST_ROOM = 400
"""More than that is asked for by no heading: the rest of a page would stay empty."""
_CONTAINERS = (nodes.container, nodes.compound)
_UNSEEN = (nodes.raw, nodes.Invisible, nodes.target)
_OPEN_CONTAINERS = (nodes.document, nodes.section, *_CONTAINERS)


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
    """Keep headings, what leads to a table, and small boxes off the foot of a page that they do not fit on."""
    with_heading: list[nodes.Node] = []
    for section in list(tree.findall(nodes.section)):
        room = _height_with_last(section)
        if not room and (kept := list(_beginning(_blocks(section)))):
            room = _HEADING + sum(_room_for(each) for each in kept)
            with_heading += kept
        if room:
            _ask_for_room(section, room)
    for heading in [each for each in tree.findall(nodes.rubric) if not _is_nested(each)]:
        after = heading.parent.children[heading.parent.index(heading) + 1 :]
        kept = list(_beginning(each for each in after if not isinstance(each, _UNSEEN)))
        with_heading += kept
        _ask_for_room(heading, _HEADING + sum(map(_room_for, kept)))
        _keep_last_list(heading)
    alone = {id(each) for each in with_heading}
    for paragraph in list(tree.findall(nodes.paragraph)):
        after = paragraph.next_node(descend=False, siblings=True)
        leads = isinstance(after, nodes.table) and paragraph.astext().endswith(":")
        if after is not None and leads and id(paragraph) not in alone and not _is_nested(paragraph):
            _ask_for_room(paragraph, _HEADING + _room_for(after))
    for box in [each for each in tree.findall(nodes.Element) if isinstance(each, nodes.Admonition)]:
        room = _estimated_height(box)
        if room <= _MOST_KEPT and id(box) not in alone and not _is_nested(box):
            _ask_for_room(box, room)


def _keep_last_list(heading: nodes.rubric) -> None:
    """Keep a list that ends a page's text with the section or the block before it: no sheet then holds it alone."""
    after = heading.next_node(descend=False, siblings=True)
    if not isinstance(after, nodes.bullet_list) or not _ends_page(after):
        return
    before = _shown_before(heading)
    while isinstance(before, (nodes.section, *_CONTAINERS)) and _estimated_height(before) > _MOST_KEPT:
        before = _shown_before(before, inside=True)
    if isinstance(before, nodes.Element) and (height := _estimated_height(before)) <= _MOST_KEPT:
        _ask_for_room(before, height + _HEADING + _estimated_height(after))


def _ends_page(node: nodes.Node) -> bool:
    after = node.next_node(descend=False, ascend=True)
    return after is None or (isinstance(after, nodes.raw) and after.astext() == _PAGE_BREAK)


def _shown_before(node: nodes.Element, *, inside: bool = False) -> nodes.Node | None:
    """Return what is shown last *inside* a node, or right before it."""
    earlier = node.children if inside else node.parent.children[: node.parent.index(node)]
    return next((each for each in reversed(earlier) if not isinstance(each, (nodes.title, *_UNSEEN))), None)


def _beginning(blocks: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield what stays with the heading above it: short paragraphs, and what they lead to."""
    for number, block in enumerate(blocks, 1):
        if isinstance(block, nodes.section | nodes.rubric):
            return  # which asks for its own room, a section for this heading too
        yield block
        is_lead = isinstance(block, nodes.paragraph) and _lines(block.astext()) <= _LINES_OF_LEAD
        if number == _MOST_LEADS or (not is_lead and not _is_strip(block)):
            return


def _blocks(parent: nodes.Element) -> Iterator[nodes.Node]:
    """Yield what a section shows below its heading, in the order of the page."""
    for child in parent.children:
        if isinstance(child, _CONTAINERS):
            yield from _blocks(child)
        elif not isinstance(child, (nodes.title, *_UNSEEN)):
            yield child


def _room_for(block: nodes.Node) -> int:
    """Return how many points of a block stay with the heading above it."""
    if isinstance(block, nodes.table):
        return min(height_of_first_rows(block), _MOST_KEPT)
    if isinstance(block, TimelineFigure):
        return estimated_height(block)
    if isinstance(block, nodes.paragraph):
        return min(_LINE_HEIGHT * _lines(block.astext()) + 6, _BEGINNING)
    height = _estimated_height(block)
    is_whole = isinstance(block, nodes.Admonition | nodes.image | nodes.figure) and height <= _MOST_KEPT
    return height if is_whole else min(height, _BEGINNING)


def _is_strip(block: nodes.Node) -> bool:
    """Say whether a table is a line of facts, without headings."""
    return isinstance(block, nodes.table) and not any(block.findall(nodes.thead))


def _height_with_last(section: nodes.section) -> int:
    """Return the height of a short section, with that of a short one after it that ends a page's text; else 0.

    No sheet then holds two lines alone.
    """
    height = _height_of_short(section)
    after = _next_section(section) if height else None
    return height + (_height_of_short(after) if after is not None and _next_section(after) is None else 0)


def _height_of_short(section: nodes.section) -> int:
    """Return the height of a section of a few paragraphs or items; 0 for any other."""
    is_plain = all(isinstance(each, nodes.title | nodes.paragraph | nodes.bullet_list) for each in section.children)
    height = _HEADING + _estimated_height(section) - 30 - 21  # the heading is no line of the text
    return height if is_plain and height <= _SHORT_SECTION else 0


def _next_section(section: nodes.section) -> nodes.section | None:
    after = section.next_node(descend=False, siblings=True, ascend=False)
    return after if isinstance(after, nodes.section) else None


def _ask_for_room(node: nodes.Element, points: int) -> None:
    """Start a new page before *node* unless so many points are left on this one.

    The headings right above it go along.
    """
    while isinstance(above := _section_of(node), nodes.section) and isinstance(above.parent, nodes.section):
        if next(_blocks(above), None) is not node:
            break
        node, points = above, points + _HEADING
    hint = nodes.raw("", f"FrameBreak {min(points, _MOST_ROOM)}", format="pdf")
    node.parent.insert(node.parent.index(node), hint)


def _section_of(node: nodes.Element) -> nodes.Element:
    parent = node.parent
    while isinstance(parent, _CONTAINERS):
        parent = parent.parent
    return parent


def _estimated_height(box: nodes.Node) -> int:
    blocks = [each.astext() for each in box.findall(nodes.TextElement) if not isinstance(each, nodes.Inline)]
    images = sum(1 for _image in box.findall(nodes.image))
    return 30 + _LINE_HEIGHT * sum(map(_lines, blocks)) + 7 * len(blocks) + _IMAGE * images


def _lines(text: str) -> int:
    return 1 + len(text) // _CHARACTERS_IN_LINE + text.count("\n")


def _is_nested(node: nodes.Node) -> bool:
    """Tell whether *node* is in something that rst2pdf makes a table of."""
    parent = node.parent
    while parent is not None:
        if not isinstance(parent, _OPEN_CONTAINERS):
            return True
        parent = parent.parent
    return False
