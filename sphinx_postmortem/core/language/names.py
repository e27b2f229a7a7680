"""What authors call things in other languages: ``names.toml``, the one table by which postmortems in them are read.

All its languages are read in every site. A word leads to the English name that the product knows; records, checks,
data files and CSS classes hold that one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))  # those of Latin letters; Japanese has its own
_LONGEST = 200  # letters of a text that is looked up


class _Table(NamedTuple):
    """The table as it is looked up: the English name by the word, each folded."""

    columns: Mapping[str, str]
    milestones: Mapping[str, tuple[str, ...]]
    sections: tuple[tuple[str, str], ...]
    types: Mapping[str, str]
    severity_words: frozenset[str]
    action_statuses: Mapping[str, str]
    action_kinds: Mapping[str, str]
    response_kinds: Mapping[str, str]
    areas: Mapping[str, str]
    factor_kinds: Mapping[str, str]
    marking_columns: frozenset[str]


@cache
def _table() -> _Table:
    data: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads(
        Path(__file__).with_name("names.toml").read_text("utf-8")
    )
    words = {
        part: [(word, english) for english, languages in names.items() for some in languages.values() for word in some]
        for part, names in data.items()
    }
    found = {part: {_folded(word): english for word, english in pairs} for part, pairs in words.items()}
    milestones: dict[str, tuple[str, ...]] = {}
    for word, english in words["milestones"]:
        milestones[english] = (*milestones.get(english, ()), word)
    return _Table(
        columns={_bare(word): english for word, english in words["columns"]},
        milestones=milestones,
        sections=tuple((_folded(word), english) for word, english in words["sections"]),
        types=found["types"],
        severity_words=frozenset(found["severities"]),
        action_statuses=found["action_statuses"],
        action_kinds=found["action_kinds"],
        response_kinds=found["response_kinds"],
        areas=found["areas"],
        factor_kinds=found["factor_kinds"],
        marking_columns=frozenset(_bare(word) for word, _ in words["marking_columns"]),
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _bare(key: str) -> str:
    """Return a folded title without accents: what looks for markings sees none either."""
    if key.isascii():
        return key
    return unicodedata.normalize(
        "NFC", "".join(c for c in unicodedata.normalize("NFKD", _folded(key)) if c not in _ACCENTS)
    )


def english_column(key: str) -> str:
    """Return the English name of a column by its folded title; the key itself where it is no word of the table."""
    return _table().columns.get(_bare(key), key)


def is_marking_column(key: str) -> bool:
    """Say whether a folded title calls a column Audience in another language: such a column marks nothing."""
    return _bare(key) in _table().marking_columns


def english_heading(heading: str) -> str:
    """Return the English heading of a section of the template; the heading itself where it is none in our languages."""
    return _english_heading(heading) if len(heading) <= _LONGEST else heading


@lru_cache(maxsize=1024)
def _english_heading(heading: str) -> str:
    words = _folded(heading)
    if heading.isascii() and not any(word in words for word in _ascii_words()):
        return heading
    return next((english for word, english in _table().sections if _stands_in(word, words)), heading)


@cache
def _ascii_words() -> tuple[str, ...]:
    return tuple(word for word, _ in _table().sections if word.isascii())


def _stands_in(word: str, text: str) -> bool:
    """Say whether a word begins a word of a text; in Japanese, stands anywhere in it."""
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum() or ord(word[0]) > 0x2E80:
            return True
        at = text.find(word, at + 1)
    return False


def milestone_words() -> Mapping[str, tuple[str, ...]]:
    """Return the names of milestones in other languages, by the English one."""
    return _table().milestones


def english_type(text: str) -> str:
    """Return the English name of an incident type."""
    return _table().types.get(_folded(text), text)


def english_severity(text: str) -> str:
    """Return ``SEV-1`` for "Schweregrad 1"; other texts as they are."""
    match = re.fullmatch(r"([^\W\d_]{3,20}|[\u3040-\u9fff]{2,6})[ -]?(\d)", text.strip())
    return f"SEV-{match[2]}" if match and _folded(match[1]) in _table().severity_words else text


def english_value(option: str, text: str) -> str:
    """Return the value of an option of the summary in English; those that decide who reads are English already."""
    return {"type": english_type, "severity": english_severity}.get(option, str)(text)


def english_action_status(status: str) -> str:
    """Return the English status of an action."""
    return _table().action_statuses.get(_folded(status), status)


def english_action_kind(kind: str) -> str:
    """Return the English kind of an action."""
    return _table().action_kinds.get(_folded(kind), kind)


def english_response_kind(kind: str) -> str:
    """Return the English kind of a response."""
    return _table().response_kinds.get(_folded(kind), kind)


def english_factor_kind(word: str) -> str:
    """Return the English kind of a contributing factor."""
    return _table().factor_kinds.get(_folded(word), word)


def english_area(area: str) -> str:
    """Return the English name of what an action improves."""
    return _table().areas.get(_folded(area), area)
