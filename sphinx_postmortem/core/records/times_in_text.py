"""Finds the time with which a line begins or ends: "14:03 UTC - deployed", "Fault detected 2020-08-04 18:13".

What a time is, ``time_reading`` alone decides: this module offers it the words that may belong to one.
"""

from __future__ import annotations

import re
from datetime import date

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.numeric_dates import with_iso_dates
from sphinx_postmortem.core.records.time_forms import MONTH_NAMES
from sphinx_postmortem.core.records.time_parts import split_parts
from sphinx_postmortem.core.records.time_reading import read_time, without_markup
from sphinx_postmortem.core.records.times import BadTimeError, ImpossibleTimeError, UnknownZoneError
from sphinx_postmortem.core.records.zones import names_zone

_MOST_WORDS = 14
_WORD = expression(r"\S+")
_OPENING, _CLOSING = "([{\"'*_`", ")]}\"'*_`:,;.|"
_NUMERIC = expression(
    r"[~≈<>≤≥±]?(?:\d(?:[\d:./hHxX?TZ+-]|,(?=\d))*(?:st|nd|rd|th|am|pm|a\.m|p\.m|[ap]|h|hrs?|utc|gmt|z|[A-Z]{2,4})?|\?\?:\?\?|xx:xx)[~?+-]?",
    re.IGNORECASE,
)
_MONTH_OR_DAY = expression(
    rf"(?:(?:\d{{1,2}}-)?(?:{MONTH_NAMES})(?:-\d{{4}})?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|"
    r"sat(?:urday)?|sun(?:day)?)",
    re.IGNORECASE,
)
_CLOCK = expression(r"\d{1,2}(?::\d{2}|[ap]\.?m\b)", re.IGNORECASE)
_HALF = expression(r"(?:am|pm|a\.m|p\.m|noon|midday|h|hrs?|hours)", re.IGNORECASE)
_LEADING = expression(
    r"(?:~|ca|circa|c|around|about|approx(?:imately)?|roughly|at|on|by|before|after|between|from|since|until|till|"
    r"shortly|just|soon|sometime|no|later|than|prior|up|as|"
    r"early|late|mid|morning|afternoon|evening|night|in|the|of)",
    re.IGNORECASE,
)
_MIDDLE = expression(r"(?:and|to|until|till|through|of|at|@|-|–|—|-+>|=>|→)", re.IGNORECASE)
_TRAILING = expression(
    r"(?:onwards?|approx(?:imately)?|approximate|estimated?|time|local|daylight|standard)", re.IGNORECASE
)
# What people write for a time that they do not know.
_STANDS_FOR_ONE = expression(
    r"\s*(?P<time>\[?\(?(?:\?{1,3}|X{1,3}|TB[CDA]|unknown|unclear|(?:time|date) (?:unknown|tb[cda]))\)?\]?)"
    r"(?=\s*[:–—-]|(?<=[\])X?])\s|$)",
    re.IGNORECASE,
)
_WEAK = expression(r"~?(?:\d{4}|\d{1,2}[.h]\d{2}|\d{1,2}\.\d{1,2}\.\d{2})")
_YEAR = expression(r"(?:19|20)\d{2}")
_DAY_LABEL = expression(r"(?:dates?|days?) ?: ?", re.IGNORECASE)
_SEPARATOR = expression(r"[\s:,;|>.)\]}*_–—-]*+(?:→|=>|->)?\s*+")
_ANY_DAY = date(2000, 2, 28)


@dataclass(frozen=True)
class FoundTime:
    """A time in a text: its words, without brackets and separators, and where it and its separator begin and end."""

    text: str
    start: int
    end: int

    @property
    def is_weak(self) -> bool:
        """Whether it may as well be another number, such as that of a version: ``1625``, ``1.10``."""
        return _WEAK.fullmatch(self.text) is not None


def time_at_start(text: str) -> FoundTime | None:
    """Return the time with which a text begins; None where it begins with none."""
    words = [match for _, match in zip(range(_MOST_WORDS), _WORD.finditer(text), strict=False)]
    if not words:
        return None
    unknown = _STANDS_FOR_ONE.match(text)
    if unknown is not None:
        return FoundTime(unknown["time"].strip("[]()"), 0, _after(text, unknown.end("time")))
    best: FoundTime | None = None
    for word in words:
        kind = _kind(word[0])
        if kind is None:
            break
        written = text[words[0].start() : word.end()]
        if kind == "end" and is_time(written):
            best = FoundTime(_bare(written), 0, _after(text, word.end()))
        if kind == "end" and word[0].endswith((":", "|")) and best is not None:
            following = text[word.end() :].lstrip()
            if _CLOCK.search(best.text) or not _CLOCK.match(following):  # February 15, 2024: 7:56am
                break
    return best


def time_at_end(text: str) -> FoundTime | None:
    """Return the time with which a text ends; None where it ends with none."""
    words = list(_WORD.finditer(text))[-_MOST_WORDS:]
    best: FoundTime | None = None
    for word in reversed(words):
        if _kind(word[0]) is None:
            break
        written = text[word.start() :]
        if not _HALF.fullmatch(word[0]) and is_time(written):
            best = FoundTime(_bare(written), len(text[: word.start()].rstrip(" \t:,;(-–—")), len(text))
    return best if best is not None and best.start > 0 else None


def is_time(text: str) -> bool:
    """Say whether a text as a whole states a time, also one that is impossible, ambiguous or without its date."""
    bare = _with_any_order(_bare(text))
    if not re.search(r"\d|noon|midday|\?\?", bare, re.IGNORECASE):
        return False
    if re.fullmatch(r"~?\d{1,3}|\d{5,}|~?\d{1,2} ?h", bare) or _YEAR.fullmatch(bare):
        return False
    try:
        read_time(bare, day=_ANY_DAY, year=_ANY_DAY.year)
    except (ImpossibleTimeError, UnknownZoneError):
        return True
    except BadTimeError as error:
        return "ends before it begins" in str(error) or "range or a time" in str(error)
    return True


def is_day(text: str) -> bool:
    """Say whether a text as a whole states a day, and no time of day; ``Date:`` may stand before it."""
    bare = _bare(text).lstrip("-‐–— ")  # a bullet without its space
    label = _DAY_LABEL.match(bare)
    try:
        parts = split_parts(_with_any_order(bare[label.end() :] if label else bare))
    except BadTimeError:
        return False
    return parts.day is not None and parts.day.day > 0 and parts.clock is None


def _with_any_order(text: str) -> str:
    """Return a text with its numeric dates as ``YYYY-MM-DD``: one that can be read in two ways is a date, too."""
    return with_iso_dates(with_iso_dates(text, "mdy"), "dmy")


def _bare(text: str) -> str:
    """Return a text without brackets round it and what separates it from what follows."""
    bare = without_markup(text).strip().strip(_OPENING + _CLOSING + " ").removesuffix(" -").strip()
    if (open_ones := bare.count("(") - bare.count(")")) > 0:  # April 22, 2024 (10:00 pm)
        bare = bare.replace(" - (", " (") + ")" * open_ones
    return re.sub(r"^\[([^\]]*)\]", r"\1", re.sub(r"[\[\]]", " ", bare)).strip() if "[" in bare or "]" in bare else bare


def _after(text: str, end: int) -> int:
    """Return where the text after a time and its separator begins."""
    match = _SEPARATOR.match(text, end)
    return match.end() if match else end


def _kind(word: str) -> str | None:
    """Return ``end`` for a word that a time may end with, ``inner`` for one that may stand within, else None."""
    bare = word.strip(_OPENING + _CLOSING)
    if not bare:
        return "inner" if set(word) <= set("-|[({}])") else None
    bare = re.sub(r"[‐-―−]", "-", bare)
    if _NUMERIC.fullmatch(bare) or _MONTH_OR_DAY.fullmatch(bare) or _HALF.fullmatch(bare) or _TRAILING.fullmatch(bare):
        return "end"
    if names_zone(bare) or re.fullmatch(r"[+-]\d{2}:?\d{2}", bare):
        return "end"
    return "inner" if _LEADING.fullmatch(bare) or _MIDDLE.fullmatch(bare) else None
