"""Finds what a stated duration lies between, where the sentence says so in another way than "time to …".

Dwell time, access that nobody noticed, abbreviations such as MTTD, "within 15 minutes of detection", and durations of a
sentence that states two clocks.
"""

from __future__ import annotations

import re

from sphinx_postmortem.core.checks.milestone_words import (
    CONTAINED,
    DECLARED,
    DETECTED,
    DONE,
    EVENTS,
    NEUTRALIZED,
    RECOVERED,
    STARTED,
    VALIDATED,
)
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_FOUND_OUT = (DETECTED, VALIDATED)
_ENDED = (DETECTED, VALIDATED, CONTAINED, NEUTRALIZED, RECOVERED)
FILLER = (
    r"(?:(?:that|which|it|we|has|have|had|lasted|lasting|lasts|took|was|were|is|of|for|a|an|the|about|around|approximately|"
    r"approx|circa|roughly|some|nearly|almost|over|under|just|at|least|most|more|than|less|total|in|passed|elapsed)\b\W{1,3}){0,6}"
)
_AT_END = rf"{FILLER}[~≈>< ]{{0,3}}\Z"
_SIGNS = r"[\s:|*_=~≈,–—-]{0,8}"
_DWELL = expression(rf"\bdwell[ -]?time\b(?: of the (?:attackers?|intruders?))?{_SIGNS}{_AT_END}", re.IGNORECASE)
_INTRUDERS = r"(?:attackers?|intruders?|adversar(?:y|ies)|(?:threat )?actors?|hackers?)"
_ACCESS = expression(
    rf"\b{_INTRUDERS}\b[^.;]{{0,40}}?\b"
    r"(?:(?:had|kept|enjoyed|maintained) (?:[\w-]+ ){0,3}?access(?: to [^.;]{1,40}?)?"
    r"|(?:was|were|been|stayed|remained) (?:in|inside|within|active|present|undetected|unnoticed|on)\b[^.;]{0,40}?)"
    rf" (?=for ){_AT_END}"
    rf"|\b(?:undetected|unnoticed|undiscovered) (?=for ){_AT_END}",
    re.IGNORECASE,
)
_NOTICED = expression(
    r"\s(?:before|until) (?:(?:we|it was|they were|this was|being|the team|anyone) )?(?:first )?"
    r"(?:noticed|detected|discovered|spotted|detection|discovery)\b",
    re.IGNORECASE,
)
_OF_AN_ATTACK = expression(
    r"\b(?:attack|intru|adversar|actor|hacker|compromis|breach|malicious|exfiltrat|undetected|unnoticed)", re.IGNORECASE
)
_ABBREVIATED = expression(
    r"\b(?:[Mm]ean[ -])?(?:[Tt]ime[ -]to[ -][a-z]+ )?\(?M?TT(?P<letter>[DACR])\b\)?(?: for this incident)?"
    rf"{_SIGNS}{_AT_END}"
)
_TERMS = {
    "D": ("time to detect", (STARTED,), _FOUND_OUT),
    "A": ("time to acknowledge", (STARTED, DETECTED), (VALIDATED, DECLARED, "Security IC engaged")),
    "C": ("time to contain", (STARTED, DETECTED, VALIDATED), (CONTAINED,)),
    "R": ("time to recover", (STARTED, DETECTED, VALIDATED), (CONTAINED, NEUTRALIZED, RECOVERED)),
}
_REACHED = {**DONE, "recovery": RECOVERED, "containment": CONTAINED}
_WITHIN = expression(
    rf"\b(?P<done>{'|'.join(_REACHED)})(?: (?!with|not)[\w-]+){{0,5}}? within "
    r"(?:(?:about|around|the first|just|under|only) )?\Z",
    re.IGNORECASE,
)
_OF_START = expression(
    r"\s(?:of|after|from) (?:(?:the|our|its|first|initial|being) ){0,2}"
    r"(?P<first>compromise|intrusion|detection|alert|alarm|page|"
    r"validation|confirmation)\b",
    re.IGNORECASE,
)
_COMPLETED = expression(
    r"\b(?P<done>recovery|containment) (?:was |were )?(?:completed|complete|finished|done|achieved|executed) "
    rf"{_AT_END}",
    re.IGNORECASE,
)
_CLOCK = expression(r"(?<![\d:.-])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])")
_PAIR = expression(
    r"\b(?:from|between) (?P<first>\d{1,2}:\d{2})(?: ?(?:UTC|Z|h))?(?: to | until | till | and | ?[-–—] ?)"
    r"(?P<last>\d{1,2}:\d{2})(?![\d:])",
    re.IGNORECASE,
)
_WHOLE_BEFORE = expression(
    r"(?:\b(?:lasted|lasting|took|a total of|totalling|in total|altogether|,) ?|[(\[])"
    rf"(?:{FILLER})[~≈>< ]{{0,3}}\Z",
    re.IGNORECASE,
)
_WHOLE_AFTER = expression(
    r"[)\]]|,?\s(?:in all|in total|altogether|overall|later)\b|,(?=\s)|\s?[.!]?\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class NamedEnds:
    """What a sentence says that a duration lies between: any of ``firsts`` and any of ``lasts``, all milestones.

    ``words`` names it in a message, ``phrases`` are those that say it; ``is_most`` says whether it is an upper bound.
    """

    words: str
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    phrases: tuple[str, ...]
    is_most: bool = False


def named_ends(before: str, after: str) -> NamedEnds | None:
    """Return what a duration lies between, by the text of its sentence before and after it."""
    if "dwell" in before.casefold() and (match := _DWELL.search(before)):
        return NamedEnds("dwell time", (STARTED,), _ENDED, (match[0],))
    if "TT" in before and (match := _ABBREVIATED.search(before)):
        words, firsts, lasts = _TERMS[match["letter"]]
        return NamedEnds(words, firsts, lasts, (match[0],))
    noticed = _NOTICED.match(after) if after.startswith((" before ", " until ", " Before ")) else None
    if noticed is not None and _OF_AN_ATTACK.search(before):
        return NamedEnds("the time before it was noticed", (STARTED,), _FOUND_OUT, (noticed[0],))
    if "for " in before and (match := _ACCESS.search(before)):
        return NamedEnds("the time of access", (STARTED,), _ENDED, (match[0],))
    start = _OF_START.match(after) if after.startswith((" of ", " after ", " from ")) else None
    if start is not None and (match := _WITHIN.search(before)):
        first = EVENTS.get(start["first"].casefold(), DETECTED)
        lasts, phrases = (_REACHED[match["done"].casefold()],), (match[0], start[0])
        return NamedEnds(f"within {start[0].strip()}", (first,), lasts, phrases, is_most=True)
    if start is not None and (match := _COMPLETED.search(before)):
        first = EVENTS.get(start["first"].casefold(), DETECTED)
        return NamedEnds(f"{start[0].strip()}", (first,), (_REACHED[match["done"].casefold()],), (match[0], start[0]))
    return None


def clocks_of_whole(before: str, after: str) -> tuple[int, int, str] | None:
    """Return the two clocks of a sentence, in seconds, and their words, where its one duration is that between them."""
    if ":" not in before:
        return None
    sentence = f"{before} {after}"
    pair = _PAIR.search(before)
    if pair is None or len(_CLOCK.findall(sentence)) != 2 or not _WHOLE_BEFORE.search(before):
        return None
    if not _WHOLE_AFTER.match(after):
        return None
    first, last = (_CLOCK.fullmatch(pair[name]) for name in ("first", "last"))
    if first is None or last is None:
        return None
    seconds = [int(clock["hour"]) * 3600 + int(clock["minute"]) * 60 for clock in (first, last)]
    return seconds[0], seconds[1], pair[0]
