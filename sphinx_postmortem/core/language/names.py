"""Looks up what authors call things in other languages, in the one table ``names.toml``.

Read is ``names.json``, which ``tools/parsed_tables.py`` makes of it: that takes a fiftieth of the time.

Every site reads all languages of the table. A word leads to the English name that the product knows; records, checks,
data files and CSS classes hold the English name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from sphinx_postmortem.core.expressions import expression

_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))  # those of Latin letters; Japanese has its own
_SEVERITY = expression(r"(?<![^\W\d_])([^\W\d_]{3,20}|[\u3040-\u9fff]{2,6})[ -]?(\d)(?!\d)")
SPACES_BETWEEN = "".join(letter if letter.isalnum() else " " for letter in map(chr, range(128)))
"""For ``str.translate`` of a text in ASCII: only its words, and spaces between them."""
_LONGEST = 200  # letters of a text that is looked up

Kind = Literal[
    "types", "action_statuses", "action_kinds", "response_kinds", "areas", "factor_kinds", "precisions", "prompts"
]
"""The parts of the table that hold values, each of which is looked up as a whole."""


@cache
def _data() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    """Return the table as it is stored: words by language by English name by part."""
    stored: dict[str, dict[str, dict[str, list[str]]]] = json.loads(Path(__file__).with_name("names.json").read_bytes())
    return stored


def _words(part: str) -> Iterator[tuple[str, str]]:
    """Yield each word of a part of the table with its English name."""
    return ((word, name) for name, languages in _data()[part].items() for some in languages.values() for word in some)


@cache
def _columns() -> Mapping[str, str]:
    return {_bare(word): name for word, name in _words("columns")}


@cache
def _marking_columns() -> frozenset[str]:
    return frozenset(_bare(word) for word, _ in _words("marking_columns"))


@cache
def _sections() -> tuple[tuple[str, str], ...]:
    return tuple((_folded(word), name) for word, name in _words("sections"))


@cache
def _values(part: str) -> Mapping[str, str]:
    """Return the English names of a part of the table by the folded word; most builds ask for a few parts."""
    return {_folded(word): name for word, name in _words(part)}


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
    """Return the English name of a column; ``key``, its folded title, is returned as it is if the table lacks it."""
    return _columns().get(_bare(key), key)


def is_marking_column(key: str) -> bool:
    """Say whether a folded title means Audience in another language. Such a column marks nothing."""
    return _bare(key) in _marking_columns()


def english_heading(heading: str) -> str:
    """Return the English heading of a section of the template; a heading that the table lacks is returned as it is."""
    return _english_heading(heading) if len(heading) <= _LONGEST else heading


@lru_cache(maxsize=1024)
def _english_heading(heading: str) -> str:
    words = _folded(heading)
    if heading.isascii() and not any(word in words for word in _ascii_words()):
        return heading
    return next((english for word, english in _sections() if _stands_in(word, words)), heading)


@cache
def _ascii_words() -> tuple[str, ...]:
    return tuple(word for word, _ in _sections() if word.isascii())


def _stands_in(word: str, text: str) -> bool:
    """Say whether a word of the text begins with ``word``; a Japanese word may stand anywhere."""
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum() or ord(word[0]) > 0x2E80:
            return True
        at = text.find(word, at + 1)
    return False


@cache
def milestone_words() -> Mapping[str, tuple[str, ...]]:
    """Return the names that milestones have in other languages, by their English name."""
    return {
        name: tuple(word for some in languages.values() for word in some)
        for name, languages in _data()["milestones"].items()
    }


def english(kind: Kind, text: str) -> str:
    """Return the English name of a value of a kind; a text that the table lacks is returned as it is."""
    return _english(kind, text) if len(text) <= _LONGEST else _values(kind).get(_folded(text), text)


@lru_cache(maxsize=4096)
def _english(kind: Kind, text: str) -> str:
    return _values(kind).get(_folded(text), text)


def english_severity(text: str) -> str:
    """Return ``SEV-1`` for "Schweregrad 1". Any other text is returned as it is."""
    match = _SEVERITY.fullmatch(text.strip()) if _may_state_severity(text) else None
    return _severity(match) if match else text


def severities_in_english(text: str) -> str:
    """Return a text with each "Schweregrad 1" in it as ``SEV-1``."""
    return _SEVERITY.sub(_severity, text) if _may_state_severity(text) else text


def _may_state_severity(text: str) -> bool:
    """Say whether a text holds a word for a severity in another language: most do not, and need no expression."""
    folded = text.casefold()
    return any(word in folded for word in _values("severities"))


def _severity(found: re.Match[str]) -> str:
    return f"SEV-{found[2]}" if _folded(found[1]) in _values("severities") else found[0]


def english_option(name: str, text: str, allowed: Collection[str]) -> str:
    """Return the value of an option of the summary, spelled as in ``allowed``; an unknown value is returned as it is.

    The words of ``allowed``, which a site may set, go before those of the table. Only a type and a severity are looked
    up: values that decide who reads a page are English in all languages.
    """
    spelled = {value.casefold(): value for value in allowed}
    if found := spelled.get(text.casefold()):
        return found
    known = english("types", text) if name == "type" else english_severity(text) if name == "severity" else text
    return spelled.get(known.casefold()) or text


def words_of(part: Literal["months", "weekdays", "time_words", "precisions", "statement_words"]) -> Mapping[str, str]:
    """Return the folded words of a part of the table, each with its English name, in the order of the table."""
    return _values(part)


def unknown_words() -> Collection[str]:
    """Return the folded words by which authors say, in other languages, that something is unknown."""
    return _values("unknown_words")


def negating_words() -> Mapping[str, str]:
    """Return the folded words that say, in other languages, that something did not happen: each ``not``, or ``if``."""
    return _values("negating_words")


def refusing_words() -> Collection[str]:
    """Return the folded words by which a reader, in other languages, does not agree."""
    return _values("refusing_words")


def agreed_words() -> Collection[str]:
    """Return the folded words by which a reader agrees in other languages."""
    return _values("agreed_words")
