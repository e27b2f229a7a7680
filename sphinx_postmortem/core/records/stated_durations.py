"""Reads durations that a text states, such as "4 hours 20 minutes", "1h 37m", "11 days" or "about nine hours".

A stated duration is rounded as people round: one unit of the finest that it names, or a fifth of one that is
"about" something, lies within it. Of whole hours, less than one: an hour is not two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.spans import Span

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "twenty-four": 24,
    "forty-five": 45,
    "forty-eight": 48,
}
_DIGITS = r"\d{1,6}(?:[.,]\d{1,2})?"
_WORD = rf"half an?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_UNIT = r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|days?|d|weeks?)(?![a-z])"
_PART = rf"(?:(?P<digits>{_DIGITS})[\s-]?|(?P<word>{_WORD})[\s-](?P<half>and a half )?)(?P<unit>{_UNIT})"
_ONE = expression(
    rf"(?<![\w.,/-])(?<!\d:)(?:(?P<low>{_DIGITS}|{_WORD})\s?(?:-|–|to|or)\s?)?{_PART}(?P<more>\s+and\s+a\s+half\b)?",
    re.IGNORECASE,
)
_HAS_UNIT = expression(rf"[\s\d-]{_UNIT}", re.IGNORECASE)  # most texts have none, which is cheaper to see
_NEXT = expression(rf",?\s*(?:and\s+)?{_PART}", re.IGNORECASE)
_BARE_MINUTES = expression(r"\s?(\d{2})(?![\d:.,]|\s?[^\W\d_]|\s?%)")  # 2 h 05
_CLOCK_FORM = expression(  # 4:20 hours; 04:20:00 where it can be no time of day
    r"(?<![\w.,:/-])(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?(?P<unit>\s?(?:hours|hrs?|h)\b)?(?![\w:])"
)
_NAMES_DURATION = expression(
    r"\b(?:duration|downtime|lasted|time[ -]to[ -][a-z]{1,20})\b[\s:|*_=~≈-]{0,8}(?:(?:was|of|about) )?\Z",
    re.IGNORECASE,
)
_ABOUT = expression(
    r"(?:\b(?:about|around|approx(?:imately|\.)?|circa|ca\.?|roughly|some|nearly|almost|just (?:over|under)|"
    r"more than|less than|over|under|up to|at least|at most)|~|≈|>|<)\s*(?:an?\s+)?\Z",
    re.IGNORECASE,
)
_LEAST = expression(r"\b(?:more than|over|at least|just over)\s*\Z|>\s*\Z", re.IGNORECASE)
_MOST = expression(r"\b(?:less than|under|at most|up to)\s*\Z|<\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class StatedDuration:
    """A duration in a text: its words, where they stand, and the seconds that it allows (``most``: None, no bound)."""

    words: str
    start: int
    end: int
    least: int
    most: int | None

    def agrees_with(self, span: Span) -> bool:
        """Say whether a computed duration may be the stated one."""
        return (span.most is None or span.most >= self.least) and (self.most is None or span.least <= self.most)


def find_durations(text: str) -> Iterator[StatedDuration]:
    """Yield the durations that a text states: those in words in order, then those in the form of a clock."""
    yield from _in_words(text)
    for match in _CLOCK_FORM.finditer(text) if ":" in text else ():
        is_named = match["seconds"] and _NAMES_DURATION.search(text[max(0, match.start() - 60) : match.start()])
        if match["unit"] or is_named:
            seconds = int(match["hours"]) * 3600 + int(match["minutes"]) * 60 + int(match["seconds"] or 0)
            yield _stated(match[0], match.start(), seconds, seconds, 60, text)


def _in_words(text: str) -> Iterator[StatedDuration]:
    position = 0
    while match := _HAS_UNIT.search(text, position) and _ONE.search(text, position):
        seconds, unit, end = _sum(text, match)
        low = int(_value(match["low"]) * _unit(match)) if match["low"] else seconds
        yield _stated(text[match.start() : end], match.start(), min(low, seconds), seconds, unit, text)
        position = end


def _stated(words: str, start: int, low: int, high: int, unit: int, text: str) -> StatedDuration:
    before = text[max(0, start - 40) : start]
    tolerance = max(unit, high // 5) if _ABOUT.search(before) else unit - (unit == _SECONDS["h"])
    least, most = max(low - tolerance, 0), high + tolerance
    if _LEAST.search(before):
        return StatedDuration(words, start, start + len(words), low - min(unit, low // 5), None)
    return StatedDuration(words, start, start + len(words), 0 if _MOST.search(before) else least, most)


def _sum(text: str, match: re.Match[str]) -> tuple[int, int, int]:
    """Return the seconds of a duration of one or more parts, the size of its finest unit, and where it ends."""
    unit, value, end = _unit(match), _value(match["digits"] or match["word"]), match.end()
    if match["half"] or match["more"]:
        return int((value + 0.5) * unit), unit // 2, end
    if not value.is_integer():
        return int(value * unit), max(unit // 4, 1), end
    seconds = value * unit
    while (following := _NEXT.match(text, end)) and _unit(following) < unit:
        unit, end = _unit(following), following.end()
        seconds += _value(following["digits"] or following["word"]) * unit
    if unit == _SECONDS["h"] and match["digits"] and (minutes := _BARE_MINUTES.match(text, end)):
        unit, end = _SECONDS["m"], minutes.end()
        seconds += int(minutes[1]) * unit
    return int(seconds), unit, end


def _unit(match: re.Match[str]) -> int:
    return _SECONDS[match["unit"][0].casefold()]


def _value(number: str) -> float:
    folded = " ".join(number.casefold().split())
    if folded.startswith("half"):
        return 0.5
    return float(_NUMBERS[folded]) if folded in _NUMBERS else float(folded.replace(",", "."))
