"""The day of the week that a written time names beside its date: both say the same, or one of them is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import words_of
from sphinx_postmortem.core.records.times import Moment

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH = expression(
    r"\b(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b(?!-?feira)", re.IGNORECASE
)
_FIRST_CJK = "\u2e80"


def weekday_fault(text: str, moment: Moment) -> str:
    """Say that a time names a day of the week that none of its days is; empty where it names none, or a right one.

    Args:
        text: the time, without markup.
        moment: what was read of it.
    """
    days = moment.days
    if not days or days[-1] - days[0] >= timedelta(days=6):
        return ""
    named = list(dict.fromkeys(_weekdays_in(text)))
    allowed = {(days[0] + timedelta(days=number)).weekday() for number in range((days[-1] - days[0]).days + 1)}
    if not named or allowed.intersection(named):
        return ""
    day = _stated_day(moment, days[0])
    return f'"{text}" names a {_NAMES[named[0]]}, and {day} is a {_NAMES[day.weekday()]}; mend one of them'


def _stated_day(moment: Moment, first: date) -> date:
    return moment.utc.astimezone(moment.local_zone).date() if moment.utc is not None else first


def _weekdays_in(text: str) -> Iterator[int]:
    """Yield the days of the week that a text names, in any language of the table; Monday is 0."""
    for match in _ENGLISH.finditer(text):
        yield next(number for number, name in enumerate(_NAMES) if name[:3].casefold() == match[1][:3].casefold())
    for match in _others().finditer(unicodedata.normalize("NFKC", text)):
        yield _NAMES.index(words_of("weekdays")[(match[1] or match[2] or match[3]).casefold()])


@cache
def _others() -> re.Pattern[str]:
    """Return the pattern of words that stand alone, of Japanese ones that stand anywhere, and of signs in brackets."""
    words = sorted(words_of("weekdays"), key=len, reverse=True)
    alone = "|".join(re.escape(word) for word in words if word[0] < _FIRST_CJK)
    anywhere = "|".join(word for word in words if word[0] >= _FIRST_CJK and len(word) > 1)
    signs = "".join(word for word in words if word[0] >= _FIRST_CJK and len(word) == 1)
    return re.compile(rf"(?<![^\W\d])({alone})(?![^\W\d])|({anywhere})|\(([{signs}])\)", re.IGNORECASE)
