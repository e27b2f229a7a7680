"""References to records within the text of other records.

Whether a reference leads anywhere is known only when all pages have been read: until then its target stands in the text
between two marks. What the edition lacks is then replaced, so that a list shows no more than the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.field_uses import rewrite_texts, texts_of
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import PageRecords

_REFERS = "_refers"  # no field: neither compared, nor taken over into changed records
_MARK = "\x01"  # no white space, which would be folded
_MENTION = expression(f"{_MARK}([^{_MARK}]*){_MARK}")


def mention(target: str) -> str:
    """Return a reference to the record ``target`` as it stands in the text of another record."""
    return f"{_MARK}{target}{_MARK}"


def has_mention(text: str) -> bool:
    """Say whether a text holds a reference."""
    return _MARK in text


def refers(page: PageRecords) -> bool:
    """Say whether a text of a page's records holds a reference.

    Looking through all texts of a site takes a good part of a build in which little has changed. So the answer is kept
    with the records, which are frozen, and stored with them; changed records are others, which have no answer yet.
    """
    kept: dict[str, object] = vars(page)
    if _REFERS not in kept:
        kept[_REFERS] = any(map(has_mention, texts_of(page)))
    return kept[_REFERS] is True


def resolve_text(text: str, is_shown: Callable[[str], bool], otherwise: str) -> str:
    """Return a text with each reference replaced by its target, or by ``otherwise`` where it is not shown."""
    if not has_mention(text):
        return text
    return _MENTION.sub(lambda match: match[1] if is_shown(match[1]) else otherwise, text)


def resolve_pages(
    pages: Mapping[str, PageRecords], knowledge: KnowledgeBase, is_page: Callable[[str], bool], otherwise: str | None
) -> dict[str, PageRecords]:
    """Return the records of all pages with the references in their texts replaced.

    Of the incidents that one repeats, those remain that the edition has.

    Args:
        pages: the records by page.
        knowledge: the index of these records, by which references are found.
        is_page: says whether what is no record, such as a page or a label, exists.
        otherwise: the text in place of references that lead nowhere; None leaves their targets as written.
    """

    def resolved(docname: str, page: PageRecords) -> PageRecords:
        def is_shown(target: str) -> bool:
            return otherwise is None or knowledge.has_record(target, docname) or is_page(target)

        return rewrite_texts(page, lambda text: resolve_text(text, is_shown, otherwise or ""))

    pages = {name: _without_unknown_repeats(page, knowledge) for name, page in pages.items()}
    return {docname: resolved(docname, page) if refers(page) else page for docname, page in pages.items()}


def _without_unknown_repeats(page: PageRecords, knowledge: KnowledgeBase) -> PageRecords:
    if not any(incident.repeats for incident in page.incidents):
        return page
    incidents = (
        replace(each, repeats=tuple(name for name in each.repeats if knowledge.find_incident(name)))
        for each in page.incidents
    )
    return replace(page, incidents=tuple(incidents))


def split_ids(written: str) -> tuple[str, ...]:
    """Return the ids that a text names, separated by commas or semicolons, without markup; each once."""
    plain = re.sub(r"\{[\w:-]{1,60}\}|:[\w:-]{1,60}:(?=`)", "", written)
    names = (part.strip().strip("`*_[]").strip() for part in re.split(r"[,;]", plain))
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())
