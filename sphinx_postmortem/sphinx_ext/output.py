"""The one place that builds output nodes: standard docutils nodes only, so that every builder works."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import cast

from docutils import nodes
from sphinx.addnodes import pending_xref, toctree
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import say, say_many
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.anchors import slug
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.times import ShownTime
from sphinx_postmortem.core.records.tones import DONE, Look, severity_look, shown_status, status_look
from sphinx_postmortem.sphinx_ext.kept import BUILDER
from sphinx_postmortem.sphinx_ext.records.domain import DOMAIN
from sphinx_postmortem.sphinx_ext.tree import every

Inline = Sequence[nodes.Node]


@dataclass(frozen=True)
class TableRow:
    """The cells of a row, its anchor, its CSS classes, and a heading above it that spans all columns."""

    cells: Sequence[Inline]
    anchor: str = ""
    classes: tuple[str, ...] = ()
    above: str = ""


def anchor_target(anchor: str, document: nodes.document | None) -> nodes.target:
    """Return an anchor. With a document, other pages can refer to it."""
    target = nodes.target("", "", ids=[anchor])
    if document is not None:
        document.note_explicit_target(target)
    return target


def table(
    titles: Sequence[str],
    rows: Iterable[TableRow],
    classes: Iterable[str],
    widths: Sequence[int],
    document: nodes.document | None = None,
    shown: Sequence[str | Inline] = (),
) -> nodes.table:
    """Build a table with a header.

    Args:
        titles: the header, one text for each column, in English: it gives the columns their CSS classes.
        rows: the rows; a row's anchor stands in its first cell, whose text links to it.
        classes: CSS classes of the table.
        widths: relative column widths.
        document: the page that is being read, for anchors that other pages refer to.
        shown: the header as it is shown, as texts or parsed; without it, the titles in the language of the build.
    """
    group = nodes.tgroup(cols=len(titles))
    group += [nodes.colspec(colwidth=width) for width in widths]
    head = nodes.row()
    written = [[nodes.Text(title)] if isinstance(title, str) else title for title in shown or map(say, titles)]
    head += [nodes.entry("", cell_text(title)) for title in written]
    group += nodes.thead("", head)
    columns = ["pm-col-" + slug(column_key(title).replace(" ", "-")) for title in titles]
    body = nodes.tbody()
    for row in rows:
        if row.above:
            across = nodes.entry("", nodes.paragraph(row.above, row.above), morecols=len(titles) - 1)
            body += nodes.row("", across, classes=["pm-phase"])
        line = nodes.row(classes=list(row.classes))
        for index, cell in enumerate(row.cells):
            is_anchor = index == 0 and bool(row.anchor)
            content = cell_text(linked_to(row.anchor, cell) if is_anchor else cell)
            if is_anchor:
                put_anchor(content, row.anchor, document)
            line += nodes.entry("", content, classes=[columns[index]])
        body += line
    group += body
    return nodes.table("", group, classes=["pm-table", *classes])


def cell_text(content: Inline) -> nodes.paragraph:
    """Return a paragraph. One text is its raw source, too: where there is none, Sphinx gathers all texts for that."""
    only = content[0] if len(content) == 1 else None
    raw = str(only) if isinstance(only, nodes.Text) and "\x00" not in only else ""
    return nodes.paragraph(raw, "", *content)


def undo_span(row: nodes.row) -> None:
    """Give a row whose first cell stands across columns an empty cell for each of the others."""
    more = cast("nodes.entry", row[0]).attributes.pop("morecols", 0)
    row += [nodes.entry("", nodes.paragraph()) for _ in range(more)]


def put_anchor(paragraph: nodes.paragraph, anchor: str, document: nodes.document | None = None) -> None:
    """Put the anchor of a row on the text of its first cell: each node costs time in every walk over a page's tree.

    HTML knows it there; for other builders ``RowTargets`` puts a node of its own before the text.
    """
    paragraph["ids"].append(anchor)
    if document is not None:
        document.note_explicit_target(paragraph)


def linked_to(anchor: str, cell: Inline) -> list[nodes.Node]:
    """Return a cell's text as a link to its own row, for readers to copy; one that holds links of its own stays."""
    is_empty = not any(node.astext().strip() for node in cell)
    if is_empty or any(every(node, (nodes.reference, pending_xref)) for node in cell):
        return list(cell)
    first = cell[0]
    # What follows a time (the gap, the phase) is about the row, and no part of its name. The link is the time.
    if isinstance(first, nodes.Element) and "pm-time" in first["classes"]:
        names = [*first["classes"], "pm-anchor"]
        time_itself = nodes.reference(first.rawsource, "", *first.children, refid=anchor, internal=True, classes=names)
        return [time_itself, *cell[1:]]
    return [nodes.reference("", "", *cell, refid=anchor, internal=True, classes=["pm-anchor"])]


def fields(pairs: Iterable[tuple[str, Sequence[nodes.Node]]], *classes: str) -> nodes.field_list:
    """Build a list of names and block values."""
    listing = nodes.field_list(classes=["pm-fields", *classes])
    for name, body in pairs:
        listing += nodes.field("", nodes.field_name(name, name), nodes.field_body("", *body))
    return listing


def box(title: str, anchor: str, classes: Iterable[str], body: Sequence[nodes.Node]) -> nodes.admonition:
    """Build a box with a title."""
    ids = [anchor] if anchor else []
    return nodes.admonition("", nodes.title("", title), *body, classes=["pm-box", *classes], ids=ids)


def paragraph(*children: nodes.Node | str) -> nodes.paragraph:
    """Build a paragraph from texts and inline nodes."""
    return cell_text([nodes.Text(child) if isinstance(child, str) else child for child in children])


def heading(text: str, *classes: str, ids: Iterable[str] = (), level: int = 0) -> nodes.rubric:
    """Build a heading within a section, for what is made after the sections of a page are known.

    HTML shows one with a ``level`` as a heading of that level.
    """
    built = nodes.rubric("", text, ids=list(ids), classes=list(classes))
    if level:
        built["heading-level"] = level
    return built


def message(text: str, source: str, line: int) -> nodes.paragraph:
    """Build what the builder ``gettext`` writes into its catalogues."""
    built = nodes.paragraph(text, text)
    built.source, built.line = source, line
    return built


def strong(*children: nodes.Node | str) -> nodes.strong:
    """Build strong text from texts and inline nodes."""
    return nodes.strong("", "", *(nodes.Text(child) if isinstance(child, str) else child for child in children))


def picture(path: str, alt: str) -> nodes.image:
    """Build an image of a file that the builder copies."""
    return nodes.image("", uri=path, candidates={"*": path}, alt=alt)


def together(blocks: Iterable[nodes.Node], *classes: str) -> nodes.container:
    """Put blocks into one that HTML can lay out."""
    return nodes.container("", *blocks, classes=list(classes))


def link(kind: str, target: str, text: str, docname: str) -> pending_xref:
    """Build a reference to a record, which Sphinx resolves when pages are written."""
    node = pending_xref(
        "", refdomain=DOMAIN, reftype=kind, reftarget=target, refexplicit=True, refdoc=docname, refwarn=False
    )
    node += nodes.inline(text, text, classes=["xref", DOMAIN, f"pm-{kind}"])
    return node


def page_link(target: str, docname: str) -> pending_xref:
    """Build a reference to the page ``target``, which Sphinx resolves to its title when pages are written."""
    node = pending_xref(
        "", refdomain="std", reftype="doc", reftarget=f"/{target}", refexplicit=False, refdoc=docname, refwarn=True
    )
    node += nodes.inline("", target, classes=["xref", "std", "std-doc"])
    return node


def jump(anchor: str, text: str) -> nodes.reference:
    """Build a link to an anchor of the same page."""
    return nodes.reference("", text, refid=anchor, internal=True)


def web_link(address: str, text: str) -> nodes.reference:
    """Build a link to an address that Sphinx does not know: a file beside the pages, or somebody's mailbox."""
    return nodes.reference("", text, refuri=address, internal=True)


def hidden_toctree(docname: str, pages: Sequence[str], css_class: str) -> nodes.compound:
    """Build a ``toctree`` that shows nothing where it stands; Sphinx reads the page again when pages come and go."""
    tree = toctree("", parent=docname, entries=[(None, page) for page in pages], includefiles=list(pages))
    tree.update_all_atts({"maxdepth": 1, "caption": None, "glob": True, "hidden": True, "includehidden": False})
    tree.update_all_atts({"numbered": 0, "titlesonly": True, "classes": [css_class]})
    return nodes.compound("", tree, classes=["toctree-wrapper"])


def outward(url: str, text: str, css_class: str) -> nodes.reference:
    """Build a link that leads out of the site."""
    return nodes.reference("", text, refuri=url, internal=False, classes=[css_class])


def elsewhere(url: str, site: str, text: str) -> nodes.inline:
    """Build a link to a record of another site, followed by the site's name unless that is empty."""
    shown = nodes.inline("", text, classes=["xref", DOMAIN, "pm-elsewhere"])
    built = nodes.inline("", "", nodes.reference("", "", shown, refuri=url, internal=False))
    if site:
        built += [nodes.Text(" "), nodes.inline("", f"({site})", classes=["pm-site"])]
    return built


def place_link(page: str, anchor: str, text: str, docname: str) -> pending_xref:
    """Build a reference to an anchor of a page, for records whose id leads to another one."""
    node = link("place", page, text, docname)
    node["pm_anchor"] = anchor
    return node


def marked(content: Inline, *classes: str) -> nodes.inline:
    """Build a run of inline nodes that HTML sets apart."""
    return nodes.inline("", "", *content, classes=list(classes))


def owner_links(names: Iterable[str], docname: str) -> list[nodes.Node]:
    """Build references to owners; their names are filled in when pages are written."""
    built: list[nodes.Node] = []
    for name in names:
        node = link("owner", name, name, docname)
        node["refexplicit"] = False
        built += [nodes.Text(", "), node] if built else [node]
    return built


def badge(text: str, kind: str, value: str, look: Look | None = None) -> nodes.inline:
    """Build a short text that HTML sets apart, a state. Its meaning is in the text, never in the colour alone."""
    more = look.classes if look else ()
    return nodes.inline(text, text, classes=["pm-badge", f"pm-{kind}", f"pm-{kind}-{value}", *more])


def severity_badge(severity: str, severities: Sequence[str]) -> nodes.inline:
    """Build the badge of a severity; ``severities`` are all that the site has, gravest first."""
    return badge(severity, "severity", severity.casefold(), severity_look(severity, severities))


def status_badge(status: str, done_statuses: Collection[str] = DEFAULT_DONE_STATUSES) -> nodes.inline:
    """Build the badge of the status of an incident or an action."""
    look = status_look(status, done_statuses)
    return badge(shown_status(status), "status", "done" if look == DONE else slug(status), look)


def time(shown: ShownTime) -> nodes.inline:
    """Build a time of a row: the day, the time of day, and what is not known, each of which never breaks.

    The time of day has no node of its own: most rows of a site have one.
    """
    built = nodes.inline(" ".join(filter(None, (shown.day, shown.clock, shown.note))), "", classes=["pm-time"])
    if shown.day:
        built += nodes.inline(shown.day, shown.day, classes=["pm-day"])
    if shown.clock:
        built += nodes.Text(f" {shown.clock}" if shown.day else shown.clock)
    if shown.note:
        between = [nodes.Text(" ")] if built.children else []
        built += [*between, nodes.inline(shown.note, shown.note, classes=["pm-precision"])]
    return built


def title_with_id(id_: str, rest: str) -> list[nodes.Node]:
    """Build a page's title of which the id may be shown apart; its text is ``id: rest``."""
    colon = nodes.inline("", ": ", classes=["pm-unseen"])
    return [nodes.inline("", id_, classes=["pm-id"]), colon, nodes.Text(rest)]


def duration(ends: str, value: str) -> nodes.paragraph:
    """Build a duration: its two end points, and its value."""
    colon = nodes.inline("", ": ", classes=["pm-unseen"])
    named = nodes.inline("", "", nodes.Text(ends), colon, classes=["pm-ends"])
    return paragraph(
        named, nodes.inline("", value, classes=["pm-value", *(["pm-none"] if value == say("unknown") else [])])
    )


def blank(written: Inline) -> nodes.inline:
    """Build what stands where an author has left a prompt, as written."""
    return nodes.inline("", "", *written, classes=["pm-blank"])


def with_strong_beginning(cell: Inline, name: str) -> list[nodes.Node]:
    """Return a cell with ``name`` in strong type, where its text begins with it."""
    first = cell[0] if cell else None
    if not isinstance(first, nodes.Text) or not first.casefold().startswith(name.casefold()):
        return list(cell)
    built = strong(str(first)[: len(name)])
    built["classes"].append("pm-name")
    rest = str(first)[len(name) :]
    return [built, *([nodes.Text(rest)] if rest else []), *cell[1:]]


def overdue_text(days: int) -> nodes.inline:
    """Build the words that tell by how many days something is overdue. They change with time alone."""
    return nodes.inline("", say_many("{number} day overdue", "{number} days overdue", days), classes=["pm-over"])


def tag(text: str, *classes: str) -> nodes.inline:
    """Build a short text that HTML sets apart, which says who may read; a label of TLP, or an audience."""
    return nodes.inline("", text, classes=["pm-tag", *classes])


def tlp_tag(label: str) -> nodes.inline:
    """Build a TLP label, such as ``AMBER+STRICT``, with its prefix."""
    return tag(f"TLP:{label}", "pm-tlp", f"pm-tlp-{label.casefold()}")


def audience_tag(audience: str) -> nodes.inline:
    """Build the tag of what is marked for an audience. Builders without styles show it in parentheses."""
    open_, close = (nodes.inline("", sign, classes=["pm-unseen"]) for sign in "()")
    return nodes.inline("", "", open_, nodes.Text(audience), close, classes=["pm-tag", "pm-audience", "pm-mark-lock"])


def factor_tags(children: Iterable[nodes.Node]) -> nodes.inline:
    """Build the tags of a contributing factor, which stand between its kind and its text."""
    return nodes.inline("", "", nodes.Text("("), *children, nodes.Text(")"), classes=["pm-factor-tag"])


def small(text: str, *classes: str) -> nodes.inline:
    """Build a text that HTML shows small and quiet, such as the id beside a title."""
    return nodes.inline("", text, classes=["pm-small", *classes])


def is_html(env: BuildEnvironment) -> bool:
    """Say whether the pages are written for a browser, which shows more than the plain nodes hold."""
    builder = BUILDER.of(env)
    return builder is not None and builder.format == "html" and builder.name != "epub"


def raw_html(text: str) -> nodes.raw:
    """Build what no plain node can be; only for pages that ``is_html``, and only of what the edition shows."""
    return nodes.raw("", text, format="html")


def folded(
    summary: str, blocks: Sequence[nodes.Node], env: BuildEnvironment, *, is_open: bool = False
) -> list[nodes.Node]:
    """Fold blocks away below a line on HTML pages; other builders show them."""
    if not is_html(env):
        return list(blocks)
    return [
        raw_html(f'<details class="pm-fold"{" open" if is_open else ""}><summary>{escape(summary)}</summary>'),
        *blocks,
        raw_html("</details>"),
    ]


def terms(pairs: Iterable[tuple[Inline, Inline]], *classes: str) -> nodes.definition_list:
    """Build a list of terms, each with one line about it."""
    listing = nodes.definition_list(classes=list(classes))
    for term, about in pairs:
        item = nodes.definition_list_item("", nodes.term("", "", *term))
        item += nodes.definition("", nodes.paragraph("", "", *about))
        listing += item
    return listing


def bullets(items: Iterable[Sequence[nodes.Node]], *classes: str) -> nodes.bullet_list:
    """Build a list of items, each of them blocks."""
    listed = [nodes.list_item("", *blocks) for blocks in items]
    return nodes.bullet_list("", *listed, bullet="*", classes=list(classes))


def separated(parts: Iterable[Sequence[nodes.Node]], separator: str) -> list[nodes.Node]:
    """Join runs of inline nodes by a text."""
    built: list[nodes.Node] = []
    for part in parts:
        if part:
            built += [nodes.Text(separator), *part] if built else list(part)
    return built


def code(text: str) -> list[nodes.Node]:
    """Show a text as code, within a line; nothing for an empty one."""
    return [nodes.literal("", text)] if text else []


def unparsed(lines: Sequence[str]) -> list[nodes.Node]:
    """Show text that could not be read, as it was written: bad input loses nothing."""
    text = "\n".join(lines)
    return [nodes.literal_block(text, text)] if text.strip() else []
