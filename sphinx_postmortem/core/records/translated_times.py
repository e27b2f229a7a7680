"""Times in German, French, Spanish, Portuguese and Japanese, put into the English that the reader of times knows.

``02. März 2026, gegen 11 Uhr`` becomes ``02 March 2026 , about 11:00``. The words are those of ``names.toml``. A word
that the table lacks stays as it is, so that a time with it is not read at all: a wrong instant is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple, TypeVar

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import words_of
from sphinx_postmortem.core.records.times import (
    BadTimeError,
    ImpossibleTimeError,
    IncompleteTimeError,
    UnknownZoneError,
)

_FIRST_CJK = "\u2e80"
_WAVES = {ord(sign): "\u301c" for sign in "\uff5e\u301c"}  # between two times, not the tilde of an estimate
_NOT_WITHIN = r"(?<![\w:.+-])"  # nor behind the sign of an offset: ``+2h``
_DAY_FIRST = expression(
    r"(?<![\d.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(\d{4})(?![\d.])"
)  # of all their languages
_LETTERS = expression(r"[^\W\d]+")
_READ = TypeVar("_READ")


class _Patterns(NamedTuple):
    """What is looked for, in this order, and what stands in its place."""

    opening: re.Pattern[str]
    weekday: re.Pattern[str]
    numbered_date: re.Pattern[str]
    named_date: re.Pattern[str]
    word: re.Pattern[str]
    clocks: tuple[tuple[re.Pattern[str], str], ...]


def in_any_language(text: str, read: Callable[[str], _READ]) -> _READ:
    """Read a text, and where it cannot be read, once more with its words in English.

    Raises:
        BadTimeError: it cannot be read in any language.
    """
    try:
        return read(text)
    except (ImpossibleTimeError, IncompleteTimeError, UnknownZoneError):
        raise
    except BadTimeError as error:
        translated = in_english(text)
        if translated == text:
            raise
        try:
            return read(translated)
        except (ImpossibleTimeError, IncompleteTimeError, UnknownZoneError):
            raise
        except BadTimeError:
            raise error from None


def in_english(text: str) -> str:
    """Return a time, without markup, with the words and forms of other languages in English."""
    text = unicodedata.normalize("NFKC", text.replace("’", "'").translate(_WAVES))
    known = _first_words().intersection(_LETTERS.findall(text.casefold()))
    if max(text, default="") < _FIRST_CJK and not known:
        return text
    found = _patterns()
    if known != frozenset({"am"}):  # in English, "12:15 am" is the time of day, and the order of the date not known
        text = _DAY_FIRST.sub(r"\3-\2-\1", text)
    text = found.weekday.sub(" ", found.opening.sub("", text))
    text = found.named_date.sub(_date_in_english, found.numbered_date.sub(_iso, text))
    text = " ".join(found.word.sub(lambda match: f" {_words()[match[0].casefold()]} ", text).split())
    for pattern, form in found.clocks:
        text = pattern.sub(form, text)
    return " ".join(text.split())


@cache
def _first_words() -> frozenset[str]:
    """Return the first word of each entry of the table: a text without any of them has nothing to put into English."""
    parts = (words_of("months"), words_of("weekdays"), words_of("time_words"), words_of("precisions"))
    return frozenset(found[0] for part in parts for word in part if (found := _LETTERS.findall(word)))


@cache
def _words() -> dict[str, str]:
    """Return the words that stand for an English one, each folded."""
    skipped = ("on", "of", "o'clock", "hour", "hours", "year", "month", "day", "minute")
    words = {word: name for word, name in words_of("time_words").items() if name not in skipped}
    guesses = {word: "about" for word, name in words_of("precisions").items() if name in ("approximate", "estimated")}
    return guesses | words


@cache
def _patterns() -> _Patterns:
    said: dict[str, list[str]] = {}
    for word, name in words_of("time_words").items():
        said.setdefault(name, []).append(word)
    one = {name: _one_of(words) for name, words in said.items()}
    of, on, weekday = one["of"], one["on"], _one_of(words_of("weekdays"))
    hour, o_clock, minute = one["hour"], one["o'clock"], one["minute"]
    flags = re.IGNORECASE
    return _Patterns(
        opening=re.compile(rf"\A(?:(?:{on}|{weekday})(?![^\W\d])[.,]?\s?){{1,3}}(?=\d)", flags),
        weekday=re.compile(rf"\((?:{weekday})\.?\)", flags),
        numbered_date=re.compile(
            rf"(?<!\d)(?:(\d{{4}})\s?{one['year']}\s?)?(\d{{1,2}})\s?{one['month']}(?:\s?(\d{{1,2}})\s?{one['day']})?"
        ),
        named_date=re.compile(
            rf"(?:(?:(?<=\s){on}\s)?(?<![\d:.])(\d{{1,2}})(?:er|\.?[ºo]|\.)?\s?(?:{of}\s)?)?"
            rf"(?<![^\W\d])({_one_of(words_of('months'))})(?![^\W\d])\.?,?(?:\s{of}(?=\s\d{{4}}))?",
            flags,
        ),
        word=_standing_alone(_words()),
        clocks=(
            (re.compile(rf"{_NOT_WITHIN}(\d{{1,2}})\.([0-5]\d)\s?{o_clock}(?![^\W_])", flags), r"\1:\2 "),
            (re.compile(rf"(\d:\d\d)\s?(?:{o_clock}|{hour}|{one['hours']})(?![^\W_])", flags), r"\1 "),
            (re.compile(rf"{_NOT_WITHIN}(\d{{1,2}})\s?{o_clock}\s?(\d)\s?{minute}", flags), r"\1:0\2 "),
            (
                re.compile(
                    rf"{_NOT_WITHIN}(\d{{1,2}})\s?(?:{o_clock}|{hour}|{one['hours']})\s?(\d\d)(?![\d:.])(?!\s?min)(?:\s?{minute})?",
                    flags,
                ),
                r"\1:\2 ",
            ),
            (re.compile(rf"{_NOT_WITHIN}(\d{{1,2}})\s?{o_clock}(?!\w|\s?\d)", flags), r"\1:00 "),
            # Hours may be how long something took, unless a word, or the day, says that they are a time of day.
            (re.compile(rf"\b(at|about) (\d{{1,2}})\s?(?:{hour}|{one['hours']})(?![^\W_])", flags), r"\1 \2:00 "),
            (re.compile(rf"(\A|\d,? )(\d\d)\s?{hour}(?=\Z|\s?[,;(]|\s[A-Z])"), r"\1\2:00"),
            (re.compile(r"\b([ap]m) ((?:0?[1-9]|1[01]):\d\d)(?!\d)"), r"\2 \1 "),  # those of 12 are disputed
        ),
    )


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


def _standing_alone(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of words that stand alone, or beside a number; Japanese ones may stand anywhere."""
    anywhere = [word for word in words if word[0] >= _FIRST_CJK]
    alone = [word for word in words if word[0] < _FIRST_CJK]
    return re.compile(rf"(?<![^\W\d]){_one_of(alone)}(?![^\W\d])|{_one_of(anywhere)}", re.IGNORECASE)


def _iso(found: re.Match[str]) -> str:
    """Write a date of numbers, each before its unit: ``2026年3月2日``."""
    year, month, day = found[1], int(found[2]), found[3]
    if year:
        return f"{year}-{month:02}" + (f"-{int(day):02} " if day else " ")
    return f"{day} {_english_month(month)} " if day and 1 <= month <= 12 else found[0]


def _english_month(month: int) -> str:
    return list(dict.fromkeys(words_of("months").values()))[month - 1]


def _date_in_english(found: re.Match[str]) -> str:
    return f"{found[1] or ''} {words_of('months')[found[2].casefold()]} "
