"""The blocks of a page as lines of GitHub Flavored Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import cast

from docutils import nodes
from sphinx import addnodes

from sphinx_postmortem.sphinx_ext.markdown import spelling
from sphinx_postmortem.sphinx_ext.markdown.block_lines import Lines, apart, begin, items_behind, letter, quoted
from sphinx_postmortem.sphinx_ext.markdown.inline_text import UNSHOWN, InlineText, box_label, note_label
from sphinx_postmortem.sphinx_ext.markdown.pipe_tables import table_lines
from sphinx_postmortem.sphinx_ext.markdown.places import Places

_ALERTS = {
    **dict.fromkeys(("note",), "NOTE"),
    **dict.fromkeys(("tip", "hint"), "TIP"),
    **dict.fromkeys(("important",), "IMPORTANT"),
    **dict.fromkeys(("warning", "attention"), "WARNING"),
    **dict.fromkeys(("caution", "danger", "error"), "CAUTION"),
}
"""The boxes that Git hosts colour; they do so where a box is not within another block."""

_LISTS = (nodes.bullet_list, nodes.enumerated_list, nodes.definition_list, nodes.field_list, nodes.option_list)
_CODE = (nodes.literal_block, nodes.doctest_block)
_MAX_HEADING = 6


class PageBlocks:
    """Writes the blocks of one page."""

    def __init__(self, places: Places) -> None:
        """Start at the page's top."""
        self.places = places
        self.inline = InlineText(places)
        self.level = 0  # of the section
        self.depth = 0  # of lists and quotes round the block
        self.headings: dict[str, int] = {}

    def blocks(self, children: Iterable[nodes.Node]) -> Lines:
        """Return nodes as blocks with an empty line between two."""
        parts: list[Lines] = []
        before: tuple[str, int] = ("", 0)
        for is_inline, group in groupby(_shown(children), _is_inline):
            if is_inline:
                parts.append(spelling.as_paragraph(self.inline.write(group)))
                continue
            for node in cast("Iterable[nodes.Element]", group):
                kind = _list_kind(node)
                same = before[1] + 1 if kind and kind == before[0] else 0
                before = (kind, same)
                parts.append(self.anchored(node, self.block(node, other_mark=same % 2 == 1)))
        return apart(parts)

    def anchored(self, node: nodes.Element, lines: Lines) -> Lines:
        """Put the places that a block names before it; sections and notes see to theirs."""
        if isinstance(node, nodes.section | nodes.footnote):
            return lines
        anchors = self.inline.anchors(node)
        return apart([[anchors] if anchors else [], lines])

    def block(self, node: nodes.Element, *, other_mark: bool) -> Lines:
        """Return one block. ``other_mark`` tells a list apart from one of its kind right before it."""
        handler = next((_BLOCKS[kind] for kind in type(node).__mro__ if kind in _BLOCKS), None)
        if isinstance(node, _LISTS):
            return self.listing(node, other_mark=other_mark)
        if handler is not None:
            return handler(self, node)
        if isinstance(node, nodes.TextElement) and not any(_is_block(child) for child in node.children):
            return self.paragraph(node)
        if _is_foreign_code(node):
            return spelling.code_block(str(node["code"]), str(node.tagname))
        return self.blocks(node.children)

    def nested(self, children: Iterable[nodes.Node]) -> Lines:
        """Return blocks that stand within another one."""
        self.depth += 1
        lines = self.blocks(children)
        self.depth -= 1
        return lines

    def paragraph(self, node: nodes.Element) -> Lines:
        """Return a paragraph."""
        return spelling.as_paragraph(self.inline.write(node.children))

    def strong_line(self, node: nodes.Element) -> Lines:
        """Return a line that stands for a heading; one of a known level is a heading."""
        if node.get("heading-level"):
            return self.heading(node, int(node["heading-level"]))
        return self.strong(self.strong_text(node))

    def strong_text(self, node: nodes.Element) -> str:
        """Return the text of what will stand in strong marks."""
        return InlineText(self.places, around="**").write(node.children)

    @staticmethod
    def strong(text: str) -> Lines:
        """Return a strong line."""
        return spelling.as_paragraph(spelling.joined([spelling.Piece(text, "**")]))

    def section(self, node: nodes.Element) -> Lines:
        """Return a section: its heading, the places that it names, and its blocks."""
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        rest = [child for child in node.children if child is not title]
        self.level += 1
        lines = apart([self.heading(title, self.level, node) if title is not None else [], self.blocks(rest)])
        self.level -= 1
        return lines

    def heading(self, title: nodes.Element, level: int, section: nodes.Element | None = None) -> Lines:
        """Return a heading. Places that a Git host will not give it by itself stand before it."""
        number = self.places.number(section) if section is not None else ""
        shown = self.inline.write(title.children).replace(spelling.BREAK, " ").strip()
        own = spelling.heading_anchor(f"{number}{title.astext()}")
        seen = self.headings.get(own, 0)
        self.headings[own] = seen + 1
        own = f"{own}-{seen}" if seen else own
        ids: list[str] = section.get("ids", []) if section is not None else []
        anchors = "".join(spelling.anchor(name) for name in ids if name != own)
        marks = "#" * min(level, _MAX_HEADING)
        if shown.endswith("#"):  # it would be taken for the heading's end
            shown = f"{shown[:-1]}\\#"
        line = f"{marks} {number}{shown}".rstrip()
        return apart([[anchors] if anchors else [], [line]])

    def title(self, node: nodes.Element) -> Lines:
        """Return the title of what is no section."""
        return self.strong_line(node)

    def listing(self, node: nodes.Element, *, other_mark: bool) -> Lines:
        """Return a list of any kind; those that Markdown lacks become bullets with a strong beginning."""
        mark = "*" if other_mark else "-"
        if isinstance(node, nodes.enumerated_list):
            return self.numbered(node, other_mark=other_mark)
        items: list[Lines] = []
        for child in _shown(node.children):
            if isinstance(child, nodes.list_item):
                items.append(self.anchored(child, self.nested(child.children)))
            elif isinstance(child, nodes.Element):
                items.append(self.anchored(child, self.named(child)))
        return items_behind(items, [mark] * len(items))

    def numbered(self, node: nodes.Element, *, other_mark: bool) -> Lines:
        """Return a numbered list. Letters and Roman numerals, which Markdown lacks, stand at the head of bullets."""
        items = [self.nested(cast("nodes.Element", child).children) for child in _shown(node.children)]
        start = int(node.get("start", 1))
        kind = str(node.get("enumtype", "arabic"))
        if kind == "arabic":
            sign = ")" if other_mark else "."
            return items_behind(items, [f"{start + index}{sign}" for index in range(len(items))])
        names = [letter(start + index, kind) for index in range(len(items))]
        prefix, suffix = str(node.get("prefix", "")), str(node.get("suffix", "."))
        labelled = [begin(item, f"{prefix}{name}{suffix} ") for item, name in zip(items, names, strict=True)]
        return items_behind(labelled, ["*" if other_mark else "-"] * len(items))

    def named(self, node: nodes.Element) -> Lines:
        """Return a definition, a field or an option: the name in strong text, and what is said of it."""
        names: list[str] = []
        bodies: list[nodes.Node] = []
        for child in _shown(node.children):
            if isinstance(child, nodes.term | nodes.field_name | addnodes.desc_signature):
                names.append(spelling.joined([spelling.Piece(self.strong_text(child), "**")]))
            elif isinstance(child, nodes.classifier) and names:
                names[-1] += f" ({self.inline.write(child.children)})"
            elif isinstance(child, nodes.option_group):
                names.append(", ".join(spelling.code_span(each.astext()) for each in child.children))
            else:
                bodies += child.children if isinstance(child, nodes.Element) else [child]
        head, body = ", ".join(names), self.nested(bodies)
        if not body:
            return spelling.as_paragraph(head)
        first = next(iter(_shown(bodies)), None)
        if isinstance(first, nodes.paragraph) or (first is not None and _is_inline(first)):
            return begin(body, f"{head}: ") if head else body
        return apart([spelling.as_paragraph(f"{head}:"), body])

    def described(self, node: nodes.Element) -> Lines:
        """Return the description of an object of a program: its signatures as code, and what is said of them."""
        signatures = [child for child in node.children if isinstance(child, addnodes.desc_signature)]
        lines = [spelling.code_span(each.astext()) for each in signatures]
        anchors = "".join(map(self.inline.anchors, signatures))
        rest = self.nested(child for child in node.children if not isinstance(child, addnodes.desc_signature))
        head = "<br>".join(filter(None, lines))
        return items_behind([apart([[anchors + head] if head else [], rest])], ["-"])

    def quote(self, node: nodes.Element) -> Lines:
        """Return a quotation, with who is quoted."""
        return quoted(self.nested(node.children))

    def attribution(self, node: nodes.Element) -> Lines:
        """Return who is quoted."""
        return spelling.as_paragraph(f"— {self.inline.write(node.children)}")

    def admonition(self, node: nodes.Element) -> Lines:
        """Return a box as a quotation with a title; Git hosts colour those of the common kinds."""
        kind = str(node.tagname)
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        head = self.strong_line(title) if title is not None else self.strong(spelling.text(box_label(kind)))
        if title is None and kind in _ALERTS and not self.depth:
            head = [f"[!{_ALERTS[kind]}]"]
            return quoted([*head, *self.nested(node.children)])
        return quoted(apart([head, self.nested(child for child in node.children if child is not title)]))

    def code(self, node: nodes.Element) -> Lines:
        """Return code, line for line."""
        language = str(node.get("language", ""))
        return spelling.code_block(node.astext(), "" if language in ("default", "none", "text") else language)

    def plain(self, node: nodes.Element) -> Lines:
        """Return blocks that only look like a box to docutils."""
        return self.blocks(node.children)

    def grammar(self, node: nodes.Element) -> Lines:
        """Return the rules of a grammar, line for line."""
        anchors = "".join(self.inline.anchors(child) for child in node.children if isinstance(child, nodes.Element))
        code = spelling.code_block("\n".join(child.astext() for child in node.children))
        return apart([[anchors] if anchors else [], code])

    def formula(self, node: nodes.Element) -> Lines:
        """Return a formula as Git hosts show it."""
        number = [[f"({node['number']})"]] if node.get("number") else []
        return apart([spelling.code_block(node.astext(), "math"), *number])

    def raw(self, node: nodes.Element) -> Lines:
        """Return what an author has written for Markdown alone."""
        formats = str(node.get("format", "")).split()
        return node.astext().split("\n") if "markdown" in formats else []

    def note(self, node: nodes.Element) -> Lines:
        """Return a footnote."""
        label = note_label(node, next(iter(node.get("ids", ())), ""))
        body = self.nested(child for child in node.children if not isinstance(child, nodes.label))
        return items_behind([body], [f"[^{label}]:"], indent=4)

    def citation(self, node: nodes.Element) -> Lines:
        """Return the text that a citation refers to, after its label."""
        label = next((child.astext() for child in node.children if isinstance(child, nodes.label)), "")
        body = self.blocks(child for child in node.children if not isinstance(child, nodes.label))
        return begin(body, f"{spelling.text(f'[{label}]')} ")

    def line_block(self, node: nodes.Element) -> Lines:
        """Return lines that break where the author has broken them; inner ones are set in."""
        return spelling.as_paragraph(spelling.BREAK.join(self._verses(node, 0)))

    def _verses(self, node: nodes.Element, depth: int) -> Lines:
        found: Lines = []
        for child in node.children:
            if isinstance(child, nodes.line_block):
                found += self._verses(child, depth + 1)
            elif isinstance(child, nodes.line):
                found.append("&emsp;" * depth + self.inline.write(child.children).strip())
        return found

    def caption(self, node: nodes.Element) -> Lines:
        """Return the text below a picture or above code."""
        inner = InlineText(self.places, around="*").write(node.children)
        return spelling.as_paragraph(spelling.joined([spelling.Piece(inner, "*")]))

    def table(self, node: nodes.Element) -> Lines:
        """Return a table, with its title above."""
        return apart(
            table_lines(cast("nodes.Element", child), self.places)
            if isinstance(child, nodes.tgroup)
            else self.blocks([child])
            for child in node.children
        )

    def transition(self, _node: nodes.Element) -> Lines:
        """Return a line across the page."""
        return ["---"]

    def message(self, node: nodes.Element) -> Lines:
        """Return what the parser says of a mistake."""
        return quoted(self.nested(node.children))


_Handler = Callable[[PageBlocks, nodes.Element], Lines]
_BLOCKS: dict[type, _Handler] = {
    nodes.section: PageBlocks.section,
    nodes.title: PageBlocks.title,
    nodes.rubric: PageBlocks.strong_line,
    nodes.subtitle: PageBlocks.strong_line,
    addnodes.centered: PageBlocks.strong_line,
    nodes.block_quote: PageBlocks.quote,
    nodes.attribution: PageBlocks.attribution,
    nodes.Admonition: PageBlocks.admonition,
    addnodes.versionmodified: PageBlocks.plain,
    addnodes.productionlist: PageBlocks.grammar,
    nodes.sidebar: PageBlocks.quote,
    nodes.system_message: PageBlocks.message,
    **dict.fromkeys(_CODE, PageBlocks.code),
    nodes.math_block: PageBlocks.formula,
    nodes.raw: PageBlocks.raw,
    nodes.footnote: PageBlocks.note,
    nodes.citation: PageBlocks.citation,
    nodes.line_block: PageBlocks.line_block,
    nodes.caption: PageBlocks.caption,
    nodes.table: PageBlocks.table,
    nodes.transition: PageBlocks.transition,
    addnodes.desc: PageBlocks.described,
}


def _is_foreign_code(node: nodes.Node) -> bool:
    """Say whether an element of another project holds code only, as diagrams do."""
    return isinstance(node, nodes.Element) and not node.children and isinstance(node.get("code"), str)


def _is_inline(node: nodes.Node) -> bool:
    if isinstance(node, nodes.raw):
        return isinstance(node.parent, nodes.TextElement)
    if isinstance(node, nodes.Inline | nodes.Text):
        return not _is_foreign_code(node)
    is_empty = isinstance(node, nodes.Element) and not node.children
    return is_empty and not isinstance(node, (*_LISTS, *_BLOCKS)) and not _is_foreign_code(node)


def _is_block(node: nodes.Node) -> bool:
    """Say whether a node is a block that Sphinx has put into a paragraph, as it does in tables of contents."""
    return isinstance(node, (*_LISTS, nodes.paragraph, nodes.title))


def _shown(children: Iterable[nodes.Node]) -> list[nodes.Node]:
    return [child for child in children if not isinstance(child, UNSHOWN)]


def _list_kind(node: nodes.Element) -> str:
    if isinstance(node, nodes.enumerated_list) and node.get("enumtype", "arabic") == "arabic":
        return "numbers"
    return "bullets" if isinstance(node, (*_LISTS, addnodes.desc)) else ""
