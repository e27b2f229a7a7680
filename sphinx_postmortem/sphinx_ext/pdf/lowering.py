"""Rewrites a document into the plain nodes that rst2pdf prints completely.

rst2pdf drops the text of nodes it does not know, prints nodes that other
builders hide, and warns about every class.  So each node becomes one of the
standard docutils nodes in :data:`PRINTABLE` first, without classes other than
our own.  A node that has no such form keeps its text and is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.pdf.code_blocks import highlighted, literal_text
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfError
from sphinx_postmortem.sphinx_ext.pdf.drawn_nodes import LineBreak, TimelineFigure
from sphinx_postmortem.sphinx_ext.pdf.raw_html import text_of_html
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN, PostmortemDomain
from sphinx_postmortem.sphinx_ext.tree import is_line_break
from sphinx_postmortem.sphinx_ext.warnings import place_of, warn

PRINTABLE: frozenset[type[nodes.Node]] = frozenset(
    {
        nodes.Text, nodes.admonition, nodes.attention, nodes.attribution,
        nodes.block_quote, nodes.bullet_list, nodes.caption, nodes.caution,
        nodes.citation, nodes.citation_reference, nodes.classifier,
        nodes.colspec, nodes.compound, nodes.container, nodes.danger,
        nodes.definition, nodes.definition_list, nodes.definition_list_item,
        nodes.document, nodes.emphasis, nodes.entry, nodes.enumerated_list,
        nodes.error, nodes.field, nodes.field_body, nodes.field_list,
        nodes.field_name, nodes.footnote,
        nodes.footnote_reference, nodes.hint, nodes.image, nodes.important,
        nodes.inline, nodes.label, nodes.line, nodes.line_block,
        nodes.list_item, nodes.literal_block, nodes.note, nodes.paragraph,
        nodes.raw, nodes.reference, nodes.row, nodes.rubric, nodes.section,
        nodes.strong, nodes.subscript, nodes.superscript, nodes.table,
        nodes.target, nodes.tbody, nodes.term, nodes.tgroup, nodes.thead,
        LineBreak, TimelineFigure, nodes.tip, nodes.title, nodes.topic, nodes.transition, nodes.warning,
    }
)  # fmt: skip

_LEFT_OUT = (
    nodes.comment,
    nodes.decoration,
    nodes.docinfo,
    nodes.meta,
    nodes.substitution_definition,
    nodes.system_message,
    addnodes.highlightlang,
    addnodes.tabular_col_spec,
)
_UNWRAPPED = (
    nodes.generated,
    addnodes.acks,
    addnodes.compact_paragraph,
    addnodes.glossary,
    addnodes.hlist,
    addnodes.hlistcol,
    addnodes.only,
    addnodes.pending_xref,
    addnodes.start_of_file,
    addnodes.versionmodified,
)
_READ_WHOLE = (
    nodes.doctest_block,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.option_group,
    addnodes.desc_signature,
    addnodes.desc_signature_line,
    addnodes.productionlist,
)
"""Nodes of which only the text is used, so their children stay as they are."""
_ICON_MODULES = ("sphinx_design.icons",)

_ROLE_CLASSES = frozenset(f"{DOMAIN}-{kind}" for kind in PostmortemDomain.object_types)
"""What Sphinx puts on references to our records; no PDF style has these names."""

Rule = Callable[[nodes.Element], Sequence[nodes.Node]]


def lower(tree: nodes.Element, *, show_todos: bool) -> None:
    """Rewrite everything below *tree*, children before their parents."""
    for child in list(tree.children):
        if isinstance(child, nodes.Element):
            if not isinstance(child, _READ_WHOLE):
                lower(child, show_todos=show_todos)
            _replace(child, _lowered(child, show_todos))


def _lowered(node: nodes.Element, show_todos: bool) -> Sequence[nodes.Node]:
    if isinstance(node, _LEFT_OUT) or _is_hidden(node, show_todos):
        return []
    if isinstance(node, _UNWRAPPED):
        return list(node.children)
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule(node)
    if type(node) in PRINTABLE and node.tagname in admonitionlabels:
        return _labelled(node)
    component = str(node.get("design_component", ""))
    if component in _COMPONENT_RULES:
        return _COMPONENT_RULES[component](node)
    if type(node) in PRINTABLE:
        return [node]
    return _standard_form(node)


def _is_hidden(node: nodes.Element, show_todos: bool) -> bool:
    is_todo = type(node).__name__ == "todo_node"
    is_icon = type(node).__module__ in _ICON_MODULES and not node.astext().strip()
    return is_icon or (is_todo and not show_todos)


def _standard_form(node: nodes.Element) -> Sequence[nodes.Node]:
    """Return a node of another extension as the standard node it builds on."""
    if isinstance(node, nodes.Admonition):
        return _titled_admonition(node)
    for base in type(node).__mro__[1:]:
        if base in PRINTABLE:
            standard = cast("type[nodes.Element]", base)
            return [_rebuilt(standard, node)]
    if isinstance(node, nodes.TextElement):
        return [_in_place(node)]
    name = f"{type(node).__module__}.{type(node).__qualname__}"
    if not node.children and "code" in node:  # a diagram
        warn(Code.PDF_NODE, f"{name} is printed as its source", node)
        return highlighted(str(node["code"]), "text", node)
    if not node.children:
        place = f"{place_of(node)}: ".removeprefix(": ")
        raise PdfError(f"{place}the node {name} has no PDF form, its content would be lost")
    warn(Code.PDF_NODE, f"{name} is printed as plain text", node)
    if all(_is_inline(child) for child in node.children):
        return [_in_place(node)]
    return [_rebuilt(nodes.container, node)]


def _rebuilt(kind: type[nodes.Element], node: nodes.Element) -> nodes.Element:
    rebuilt = kind()
    rebuilt.extend(node.children)
    rebuilt.update_all_atts(node)
    rebuilt["classes"] = []
    rebuilt.source, rebuilt.line = node.source, node.line
    return rebuilt


def _in_place(node: nodes.Element) -> nodes.Element:
    """Return the text of *node* as a span in a text, else as a paragraph."""
    in_text = isinstance(node.parent, nodes.TextElement)
    return _rebuilt(nodes.inline if in_text else nodes.paragraph, node)


def _is_inline(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Text | nodes.Inline)


def _replace(node: nodes.Element, replacement: Sequence[nodes.Node]) -> None:
    """Put *replacement* where *node* is, which may be *node* itself."""
    parent = node.parent
    if not isinstance(parent, nodes.TextElement):
        replacement = _paragraphs_of_loose_text(replacement)
    for each in replacement:
        if isinstance(each, nodes.Element):
            each["classes"] = [
                name for name in each["classes"] if name.startswith("postmortem-") and name not in _ROLE_CLASSES
            ]
    if len(replacement) == 1 and replacement[0] is node:
        return
    index = parent.index(node)
    parent.remove(node)
    for offset, each in enumerate(replacement):
        parent.insert(index + offset, each)


def _paragraphs_of_loose_text(found: Sequence[nodes.Node]) -> Sequence[nodes.Node]:
    """Wrap text that would stand directly between blocks."""
    return [
        nodes.paragraph("", "", each)
        if isinstance(each, nodes.Text | nodes.inline) or (isinstance(each, nodes.reference) and not _holds_image(each))
        else each
        for each in found
    ]


def _holds_image(node: nodes.Element) -> bool:
    return any(isinstance(child, nodes.image) for child in node.children)


# -- single nodes ------------------------------------------------------------


def _titled_admonition(node: nodes.Element) -> Sequence[nodes.Node]:
    boxed = _rebuilt(nodes.admonition, node)
    if not boxed.children or not isinstance(boxed[0], nodes.title):
        name = node.tagname.removesuffix("_node")
        label = str(admonitionlabels.get(name, name.capitalize()))
        boxed.insert(0, nodes.title("", label))
    return [boxed]


def _literal(node: nodes.Element) -> Sequence[nodes.Node]:
    span = nodes.inline("", "", *node.children, classes=["postmortem-literal"])
    span["ids"] = list(node["ids"])
    return [span]


def _raw(node: nodes.Element) -> Sequence[nodes.Node]:
    formats = str(node.get("format", "")).lower().split()
    if "pdf" in formats:
        return [node]
    if "html" not in formats:
        return []
    if is_line_break(node.astext()) and isinstance(node.parent, nodes.TextElement):
        return [LineBreak()]
    text = text_of_html(node.astext())
    if not text:
        return []
    return [nodes.Text(text)]


def _abbreviation(node: nodes.Element) -> Sequence[nodes.Node]:
    explanation = str(node.get("explanation", ""))
    added = [nodes.Text(f" ({explanation})")] if explanation else []
    return [*node.children, *added]


def _sidebar(node: nodes.Element) -> Sequence[nodes.Node]:
    boxed = _titled_admonition(node)
    for subtitle in list(cast("nodes.Element", boxed[0]).findall(nodes.subtitle)):
        subtitle.replace_self(_rebuilt(nodes.rubric, subtitle))
    return boxed


def _figure(node: nodes.Element) -> Sequence[nodes.Node]:
    # rst2pdf puts a figure in a table, where the image shrinks to what is left
    # of the page.
    for caption in list(node.findall(nodes.caption)):
        paragraph = _rebuilt(nodes.paragraph, caption)
        paragraph["classes"] = ["postmortem-caption"]
        caption.replace_self(paragraph)
    return [_rebuilt(nodes.container, node)]


def _paragraph(node: nodes.Element) -> Sequence[nodes.Node]:
    """Return a paragraph, and after it the images that do not fit in a line."""
    tall = [
        image
        for image in node.findall(nodes.image)
        if not isinstance(image.parent, nodes.reference) and not image.get("pdf-small")
    ]
    if not tall or isinstance(node.parent, nodes.TextElement):
        return [node]
    for image in tall:
        image.parent.remove(image)
    has_text = bool(node.astext().strip()) or bool(node.children)
    return [node, *tall] if has_text else tall


def _description(node: nodes.Element) -> Sequence[nodes.Node]:
    """Return the description of a Python object and the like as a list item."""
    terms = [child for child in node.children if isinstance(child, nodes.term)]
    others = [child for child in node.children if not isinstance(child, nodes.term)]
    item = nodes.definition_list_item("", *terms, nodes.definition("", *others))
    return [nodes.definition_list("", item)]


def _signature(node: nodes.Element) -> Sequence[nodes.Node]:
    term = nodes.term("", "", *literal_text(node.astext()))
    term["ids"] = list(node["ids"])
    return [term]


def _math(node: nodes.Element) -> Sequence[nodes.Node]:
    if isinstance(node, nodes.math_block):
        number = f"    ({node['number']})" if node.get("number") else ""
        return highlighted(f"{node.astext()}{number}", "text", node)
    return literal_text(node.astext())


def _code(node: nodes.Element) -> Sequence[nodes.Node]:
    text = node.astext()
    if node.get("linenos"):
        arguments = cast("Mapping[str, object]", node.get("highlight_args", {}))
        first = int(str(arguments.get("linenostart", 1)))
        lines = text.splitlines()
        digits = len(str(first + len(lines)))
        text = "\n".join(f"{str(number).rjust(digits)} {line}" for number, line in enumerate(lines, first))
    return highlighted(text, str(node.get("language", "text")), node)


def _productions(node: nodes.Element) -> Sequence[nodes.Node]:
    lines = [child.astext() for child in node.children]
    return highlighted("\n".join(lines), "text", node)


def _note(node: nodes.Element) -> Sequence[nodes.Node]:
    # rst2pdf takes the first child for the label, whatever it is.
    if not node.children or not isinstance(node[0], nodes.label):
        node.insert(0, nodes.label("", "*"))
    return [node]


def _citation(node: nodes.Element) -> Sequence[nodes.Node]:
    # In a footnote's narrow column the label would run into the text.
    label = node.children[0].astext() if node.children and isinstance(node.children[0], nodes.label) else ""
    rebuilt = _rebuilt(nodes.container, node)
    rebuilt.children = [each for each in node.children if not isinstance(each, nodes.label)]
    if not rebuilt.children or not isinstance(rebuilt[0], nodes.paragraph):
        rebuilt.insert(0, nodes.paragraph())
    cast("nodes.Element", rebuilt[0]).insert(0, [nodes.strong("", f"[{label}]"), nodes.Text(" ")])
    return [rebuilt]


def _labelled(node: nodes.Element) -> Sequence[nodes.Node]:
    """Give an admonition the label that other builders print; docutils, and rst2pdf with it, has ``!DANGER!``."""
    if not node.children or not isinstance(node[0], nodes.title):
        node.insert(0, nodes.title("", str(admonitionlabels[node.tagname])))
    return [node]


def _as(kind: type[nodes.Element]) -> Rule:
    return lambda node: [_rebuilt(kind, node)]


_RULES: tuple[tuple[type[nodes.Node] | tuple[type[nodes.Node], ...], Rule], ...] = (
    (nodes.literal, _literal),
    (nodes.raw, _raw),
    (nodes.figure, _figure),
    (nodes.legend, _as(nodes.container)),
    (nodes.paragraph, _paragraph),
    (nodes.footnote, _note),
    (nodes.citation, _citation),
    ((nodes.literal_block, nodes.doctest_block), _code),
    ((nodes.math, nodes.math_block), _math),
    (nodes.abbreviation, _abbreviation),
    (nodes.sidebar, _sidebar),
    (nodes.subtitle, _as(nodes.subtitle)),
    (nodes.problematic, _as(nodes.inline)),
    (nodes.title_reference, _as(nodes.emphasis)),
    ((addnodes.desc_signature, addnodes.desc_signature_line), _signature),
    (addnodes.desc_content, lambda node: list(node.children)),
    (addnodes.desc, _description),
    (addnodes.productionlist, _productions),
    (addnodes.centered, _as(nodes.paragraph)),
    (addnodes.index, lambda node: [_rebuilt(nodes.inline, node)] if node["ids"] else []),
    (nodes.option_list, _as(nodes.definition_list)),
    (nodes.option_list_item, _as(nodes.definition_list_item)),
    (nodes.option_group, lambda node: [nodes.term("", "", *literal_text(_options(node)))]),
    (nodes.description, _as(nodes.definition)),
)  # fmt: skip


def _options(node: nodes.Element) -> str:
    return ", ".join(child.astext() for child in node.children)


# -- sphinx-design -----------------------------------------------------------


def _card(node: nodes.Element) -> Sequence[nodes.Node]:
    """Return a card as a box, headed by its title, or else by its header."""
    parts = {
        str(child.get("design_component", "")): child for child in node.findall(nodes.container) if child is not node
    }
    heading = parts.get("card-title") or parts.get("card-header")
    if heading is None:
        return [_rebuilt(nodes.block_quote, node)]
    title = nodes.title()
    for part in list(heading.children):
        inner = part.children if isinstance(part, nodes.Element) else [part]
        if title.children:
            title += nodes.Text(" ")
        title.extend(inner if not isinstance(part, nodes.Inline) else [part])
    heading.parent.remove(heading)
    return [nodes.admonition("", title, *node.children)]


_COMPONENT_RULES: dict[str, Rule] = {"card": _card}
