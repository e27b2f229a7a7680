"""References to records within the text of other records.

Whether a reference leads anywhere is known only when all pages have been read: until then its target stands in the text
between two marks. What the edition lacks is then replaced, so that a list shows no more than the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import PageRecords

_MARK = "\x01"  # no white space, which would be folded
_MENTION = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")


def mention(target: str) -> str:
    """Return a reference to the record ``target`` as it stands in the text of another record."""
    return f"{_MARK}{target}{_MARK}"


def settle_text(text: str, is_shown: Callable[[str], bool], otherwise: str) -> str:
    """Return a text with each reference replaced by its target, or by ``otherwise`` where it is not shown."""
    if _MARK not in text:
        return text
    return _MENTION.sub(lambda match: match[1] if is_shown(match[1]) else otherwise, text)


def settle_pages(
    pages: Mapping[str, PageRecords], knowledge: KnowledgeBase, is_page: Callable[[str], bool], otherwise: str | None
) -> dict[str, PageRecords]:
    """Return the records of all pages with their texts settled.

    Args:
        pages: the records by page.
        knowledge: the index of these records, by which references are found.
        is_page: says whether what is no record, such as a page or a label, exists.
        otherwise: the text in place of references that lead nowhere; None leaves their targets as written.
    """

    def settled(docname: str, page: PageRecords) -> PageRecords:
        def is_shown(target: str) -> bool:
            return otherwise is None or knowledge.has_record(target, docname) or is_page(target)

        return settle_page(page, is_shown, otherwise or "")

    return {docname: settled(docname, page) for docname, page in pages.items()}


def settle_page(page: PageRecords, is_shown: Callable[[str], bool], otherwise: str) -> PageRecords:
    """Return a page's records with all their texts settled."""

    def settled(text: str) -> str:
        return settle_text(text, is_shown, otherwise)

    return rewrite_page(page, settled) if any(_MARK in text for text in _texts(page)) else page


def rewrite_page(page: PageRecords, settled: Callable[[str], str]) -> PageRecords:
    """Return a page's records with all their texts rewritten."""

    def pairs(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, settled(text)) for name, text in texts)

    return replace(
        page,
        incidents=tuple(
            replace(i, title=settled(i.title), summary=settled(i.summary), impacts=pairs(i.impacts))
            for i in page.incidents
        ),
        events=tuple(replace(event, text=settled(event.text)) for event in page.events),
        actions=tuple(replace(a, text=settled(a.text), other=pairs(a.other)) for a in page.actions),
        points=tuple(replace(p, kind=settled(p.kind), text=settled(p.text)) for p in page.points),
    )


def _texts(page: PageRecords) -> Iterator[str]:
    for incident in page.incidents:
        yield from (incident.title, incident.summary, *(text for _, text in incident.impacts))
    yield from (event.text for event in page.events)
    for action in page.actions:
        yield from (action.text, *(text for _, text in action.other))
    for point in page.points:
        yield from (point.kind, point.text)
