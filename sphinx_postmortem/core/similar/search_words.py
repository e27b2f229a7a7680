"""The words by which texts are compared, each with its stem.

A word has four letters or more, or is an abbreviation such as VPN or S3: short words are small words in most languages.
Names with hyphens and dots (``ci-pub-7``, ``cve-2021-44228``, ``203.0.113.7``) count whole and in parts. Chinese and
Japanese put no spaces between words: there each pair of neighbouring characters counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.factors import COMMON_WORDS, stem

_WORD = expression(r"[^\W_]++(?:[.-][^\W_]++)*+")
_UNSPACED = expression(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_ADDRESS = expression(r"\d{1,3}(?:\.\d{1,3}){3}")
_SHORT = 3
_LONGEST = 64  # characters; what is longer is no word
_MORE_COMMON = frozenset(
    ["will", "just", "like", "very", "once", "again", "still", "even", "within", "without", "during", "until", "since"]
    + ["being", "done", "made", "make", "took", "take", "used", "using", "however", "these", "those", "here", "through"]
    + ["between", "against", "cannot", "did", "none", "unknown", "yet", "incident", "incidents", "recorded"]
    + ["january", "february", "march", "april", "june", "july", "august", "september", "october", "november"]
    + ["december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    + ["sev1", "sev2", "sev3", "sev4", "sev-1", "sev-2", "sev-3", "sev-4", "utc", "e.g", "i.e"]
)


def terms_in(text: str, left_out: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield the stem of each word of a text and the word itself, both in lower case.

    Args:
        text: any text.
        left_out: words in lower case that do not count, such as the ids of incidents.
    """
    for match in _WORD.finditer(text):
        word = match[0]
        low = word.casefold()
        if len(word) > _LONGEST or low in left_out or low in _MORE_COMMON:
            continue
        if _UNSPACED.search(word):
            yield from _pairs(word)
            continue
        parts = re.split(r"[.-]", word)
        if len(parts) > 1 and (_has_letter(word) or _ADDRESS.fullmatch(word)):
            yield low, low
        for part in parts:
            if _counts(part):
                yield stem(part.casefold()), part.casefold()


def _pairs(word: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of characters of the parts of a word that has no spaces."""
    for run in _UNSPACED.findall(word):
        for start in range(len(run) - 1):
            yield run[start : start + 2], run[start : start + 2]


def _counts(word: str) -> bool:
    """Say whether a word tells something: a long one that is not common, or an abbreviation."""
    low = word.casefold()
    if not _has_letter(word) or low in COMMON_WORDS or low in _MORE_COMMON:
        return False
    return len(word) > _SHORT or (len(word) > 1 and (word.isupper() or any(map(str.isdigit, word))))


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))
