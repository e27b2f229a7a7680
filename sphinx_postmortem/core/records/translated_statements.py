"""Sentences that state a duration or a severity in another language, put into the English that the rules know.

"Der Ausfall dauerte 6 Stunden" becomes "the outage lasted 6 hours". The words are those of ``names.toml``. A sentence
without a word that names what it is about stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.names import words_of

_SUBJECTS = frozenset(
    [
        *("outage", "incident", "downtime", "duration", "dwell time", "time to", "time to detection"),
        *("time to containment", "time to recovery", "detection", "containment", "recovery", "resolution", "severity"),
    ]
)
_ENGLISH_WORDS = frozenset(["incident", "interruption", "confinement", "reprise"])
_UNITS = ("stunde", "minuten", "heure", "hora", "minuto", "\u6642\u9593")
_FIRST_CJK = "\u2e80"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # letters and signs as Japanese texts have them


@dataclass(frozen=True)
class InEnglish:
    """A text in English, and where each of its parts stands in the text that it was made of."""

    text: str
    original: str
    _places: tuple[tuple[int, int], ...] = ((0, 0),)

    def words(self, start: int, end: int) -> str:
        """Return the words of the original that a part of the text was made of."""
        return self.original[self.place(start) : self.place(end)].strip()

    def place(self, index: int) -> int:
        """Return where in the original something of the text stands."""
        after = bisect_right(self._places, (index, len(self.original)))
        begin, place = self._places[after - 1]
        end = self._places[after][1] if after < len(self._places) else len(self.original)
        return min(place + index - begin, end)


def statement_in_english(text: str) -> InEnglish:
    """Return a text with the words of other languages in English; one that is about nothing known stays as it is."""
    if not has_words_of_others(text):
        return InEnglish(text, text)
    written = text.translate(_FULL_WIDTH)
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at = length = 0

    def add(part: str, place: int) -> None:
        nonlocal length
        places.append((length, place))
        parts.append(part)
        length += len(part)

    for found in _pattern().finditer(written):
        add(written[at : found.start()], at)
        word = found[0].casefold().replace("’", "'")
        spaced = f" {_words()[word]} " if word[0] >= _FIRST_CJK or word.endswith("'") else _words()[word]
        add(spaced, found.start())
        at = found.end()
    add(written[at:], at)
    return InEnglish("".join(parts), text, tuple(places))


def has_words_of_others(text: str) -> bool:
    """Say whether a text, which may be a whole page, may state something in another language."""
    folded = text.casefold()
    return any(word in folded for word in words_of_others())


@cache
def words_of_others() -> tuple[str, ...]:
    """Return words that such a statement has and English has not: a text without any of them is not looked at."""
    named = (word for word, name in words_of("statement_words").items() if name in _SUBJECTS)
    return (*_UNITS, *(word for word in named if word not in _ENGLISH_WORDS))


@cache
def _words() -> dict[str, str]:
    return dict(words_of("statement_words"))


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_words(), key=len, reverse=True)
    anywhere = "|".join(re.escape(word) for word in words if word[0] >= _FIRST_CJK)
    alone = "|".join(re.escape(word).replace("'", "['’]") for word in words if word[0] < _FIRST_CJK)
    return re.compile(rf"(?<![^\W\d])(?:{alone})(?:(?<=['’.])|(?![^\W\d]))|{anywhere}", re.IGNORECASE)
