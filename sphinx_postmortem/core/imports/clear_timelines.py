"""Says what is clearly no timeline, where no heading announces one: indexes of links, releases, transactions."""

from __future__ import annotations

import re

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.spans_cut import after
from sphinx_postmortem.core.reader.foreign_markdown import Block, Spans, plain_text
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.times_in_text import FoundTime, is_day
from sphinx_postmortem.core.records.vocabulary import COLUMNS

_SHARE = 0.5  # of the rows of a table that must say something in words
_FEWEST_WORDS = 2
_WORD = expression(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
_TITLES = expression(
    r"^(?:references?|(?:related |external |useful |further )?(?:links?|reading|resources|posts|articles)"
    r"|see also|sources|releases?|release (?:notes|history)|fix(?:ed)? (?:in|versions?|releases?)|versions?"
    r"|change ?logs?|(?:document|revision|version|page|edit) history|history of (?:this )?(?:document|page)|revisions"
    r"|meetings?|agenda|transactions?|table of contents|contents|post-?mortems|index)$"
)
_COLUMNS_OF_OTHERS = frozenset(
    [
        *("version", "release", "tag", "commit", "hash", "tx", "txid", "tx hash", "transaction", "amount", "price"),
        *("value", "balance", "size", "count", "revision", "author", "changed by", "changes", "meeting", "link"),
    ]
)
_LONGEST_LABEL = 100
_LABEL = expression(r"(?:release[ds]?\s+)?[\w.-]*?v?\d+(?:\.\d+)+[\w.+-]*(?:\s+released?)?", re.IGNORECASE)


def announces_another(title: str) -> bool:
    """Say whether a heading announces what is no timeline, although it may hold dates: links, releases, meetings."""
    return _TITLES.match(re.sub(r"^[\W\d_]+|[\W_]+$", "", title.casefold())) is not None


def is_label(spans: Spans, found: FoundTime) -> bool:
    """Say whether what stands behind a day is no event: nothing but one link, or the name of a release."""
    if not is_day(found.text):
        return False
    rest = tuple(span for span in after(spans, found.end) if span.kind != "text" or span.text.strip(" .,;:()–—-"))
    if rest and all(span.kind == "link" for span in rest):
        return True
    label = plain_text(after(spans, found.end)).strip(" .,;:()")
    return len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label) is not None


def tells_events(block: Block, event: int) -> bool:
    """Say whether a table clearly tells events: no column is one of other tables, and most of its texts are words.

    Args:
        block: the table.
        event: the column that may be that of the events.
    """
    keys = [column_key(plain_text(cell)) for cell in block.header]
    if keys[event] in COLUMNS["event"]:
        return True
    if _COLUMNS_OF_OTHERS & set(keys):
        return False
    texts = [text for row in block.rows if (text := plain_text(row.cells[event]))]
    return sum(map(_has_words, texts)) > len(texts) * _SHARE


def _has_words(text: str) -> bool:
    return len(_WORD.findall(text)) >= _FEWEST_WORDS
