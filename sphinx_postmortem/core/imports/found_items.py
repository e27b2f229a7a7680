"""Says what became of each item of a source."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sphinx_postmortem.core.exports.command_json import ImportedItem
from sphinx_postmortem.core.imports.draft import Draft


def tell_items(draft: Draft, added: Collection[str] | None) -> Iterator[ImportedItem]:
    """Yield every item of a draft.

    Args:
        draft: what was read.
        added: the keys of the items that a merge has added; None where the page is new.
    """
    for event in draft.events:
        yield _item(event.key, "event", event.evidence, "row", added)
    for action in draft.actions:
        yield _item(action.key, "action", action.evidence, "row", added)
    for section in draft.sections:
        yield _item(section.key, "section", f"{draft.source}:{section.line}", "section", added)
    for factor in draft.factors:
        became = "section" if added is None else "not compared: factors are written by a first import alone"
        yield {"key": "", "what": "factor", "place": factor.written[:60], "became": became}
    for unread in draft.unread:
        became = "comment" if added is None else unread.reason
        yield {"key": "", "what": "unread", "place": unread.place, "became": became}
    for left in draft.left_out:
        took = f"; {left.option} takes them" if left.option else ""
        yield {"key": "", "what": "left-out", "place": draft.source, "became": f"{left.count} {left.what}{took}"}


def _item(key: str, what: str, place: str, became: str, added: Collection[str] | None) -> ImportedItem:
    return {"key": key, "what": what, "place": place, "became": became if added is None or key in added else "kept"}
