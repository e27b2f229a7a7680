"""Prompts that an author has left: they are told apart from facts, and a draft lists them once at its end.

So do its empty sections, which have no headings of their own until something stands below them.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.language.texts import later, say, say_many
from sphinx_postmortem.core.records.anchors import anchor
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every, text_of

HEADING = later("Still to write")
_MAY_BE_BLANK: tuple[type[nodes.Element], ...] = (nodes.section, nodes.paragraph, nodes.inline)


def mark_prompts(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: mark prompts; in the first edition, list what a draft still needs."""
    domain, docname = domain_of(app.env), app.env.current_document.docname
    incidents = domain.records_of(docname).incidents
    if not incidents:
        return
    from sphinx_postmortem.sphinx_ext.directives.summary_directive import DRAFT  # has been loaded for the incident

    blanks = [node for node in every(document, _MAY_BE_BLANK) if _is_blank(node)]
    for node in blanks:
        if isinstance(node, nodes.paragraph):
            node["classes"].append("pm-todo")
    is_draft = any(incident.status == DRAFT for incident in incidents)
    end = next((part for part in reversed(document.children) if isinstance(part, nodes.section)), None)
    if not blanks or not is_draft or end is None or domain.settings.edition.is_filtered:
        return
    places = dict.fromkeys(filter(None, map(_place, blanks)))
    empty = _take_empty_sections(document)
    _leave_out_of_contents(app.env, docname, {id_ for ids, _line in empty.values() for id_ in ids})
    here = anchor("still-to-write", docname)
    end += output.heading(say(HEADING), ids=[here], level=2)
    items = [[_item(title, id_, *empty.get(id_, ((), 0)))] for title, id_ in places]
    end += output.bullets(items, "pm-still-to-write")
    told = say_many("{number} part is {{link}}.", "{number} parts are {{link}}.", len(places))
    for box in every(document, nodes.admonition):
        if "pm-draft" in box["classes"]:
            box.append(output.paragraph(*filled(told, link=output.jump(here, say("still to write")))))


def _item(title: str, id_: str, ids: Sequence[str], line: int) -> nodes.paragraph:
    """Return what the list says of a part: a link to it, or, where it was an empty section, the line of its heading.

    The item has the ids of that section: what led to it leads here.
    """
    if not ids:
        return output.paragraph(output.jump(id_, title))
    at = [output.small(say("line {number}", number=line), "pm-inline")] if line else []
    built = output.paragraph(title, *(" " if at else ""), *at)
    built["ids"] += ids
    built.line = line or None
    return built


def _take_empty_sections(document: nodes.document) -> dict[str, tuple[list[str], int]]:
    """Remove the sections that hold no more than headings; return, by the first id of each, its ids and its line."""
    taken: dict[str, tuple[list[str], int]] = {}
    for section in reversed(every(document, nodes.section)):  # the inner ones before the outer ones
        title, *rest = section.children
        is_page = section.parent is document or not isinstance(title, nodes.title)
        if is_page or not section["ids"] or not all(isinstance(part, nodes.comment | nodes.target) for part in rest):
            continue
        ids = [str(id_) for id_ in section["ids"]]
        taken[ids[0]] = (ids, getattr(title, "line", None) or 0)
        section.parent.remove(section)
    return taken


def _leave_out_of_contents(env: BuildEnvironment, docname: str, ids: Set[str]) -> None:
    """Remove headings from the page's own table of contents."""
    for link in every(env.tocs[docname], nodes.reference) if ids else ():
        if str(link.get("anchorname", "")).removeprefix("#") in ids and link.parent.parent.parent is not None:
            item = link.parent.parent
            entries = item.parent
            entries.remove(item)
            env.toc_num_entries[docname] -= 1
            if not entries.children:
                entries.parent.remove(entries)


def _is_blank(node: nodes.Element) -> bool:
    """Say whether an author has still to write a part: a prompt stands there, or no more than headings."""
    if isinstance(node, nodes.section):
        parts = [part for part in node if not isinstance(part, nodes.Titular | nodes.Invisible)]
        return bool(node.children) and all(isinstance(part, nodes.section) and _is_blank(part) for part in parts)
    if isinstance(node, nodes.paragraph):
        holds_fact = isinstance(node.parent, nodes.field_body)  # marked by the summary
        return not holds_fact and is_prompt(text_of(node)) and not _is_title(node)
    return "pm-blank" in node["classes"]


def _is_title(node: nodes.Element) -> bool:
    """Say whether a paragraph stands in the header of a table."""
    row = node.parent.parent if isinstance(node.parent, nodes.entry) else None
    return row is not None and isinstance(row.parent, nodes.thead)


def _place(node: nodes.Element) -> tuple[str, str] | None:
    """Return the name of what a prompt stands for, and where it is: a fact of the summary, else a section."""
    up: nodes.Element | None = node
    name = ""
    while up is not None:
        if isinstance(up, nodes.field):
            name = up[0].astext()
        if isinstance(up, nodes.section):
            title = up[0].astext()
            return (name or title, str(up["ids"][0])) if up["ids"] else None
        up = up.parent
    return None
