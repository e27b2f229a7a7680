"""What an author says of how exact a time is: in a column *Precision*, or in brackets behind the time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english
from sphinx_postmortem.core.records.times import Moment, Precision

_UNITS = {
    Precision.YEAR: "years?",
    Precision.MONTH: "months?",
    Precision.DAY: "days?|dates?|weeks?",
    Precision.HOUR: "hours?|hrs?",
    Precision.MINUTE: "minutes?|mins?",
    Precision.SECOND: "seconds?|secs?",
}
_COARSE = (Precision.HOUR, Precision.DAY, Precision.MONTH, Precision.YEAR)
_NAMES_UNIT = {unit: expression(rf"\b(?:{words})\b") for unit, words in _UNITS.items()}
_UNIT = "|".join(_UNITS.values())
_EXACT_WORDS = (
    r"exact(?:ly)?|precise(?:ly)?|accurate(?:ly)?|certain|confirmed|verified|actual|known|logged|"
    r"(?:from |as )?(?:the |in )?logs?"
)
_ESTIMATE_WORDS = (
    r"approx(?:imate(?:ly|d)?|imation)?|estimated?|estimation|est|guess(?:ed)?|rough(?:ly)?|about|around|circa|ca?|"
    r"uncertain|unsure|unconfirmed|unverified|inexact|imprecise|rounded"
)
_EXACT = expression(rf"(?:{_EXACT_WORDS})(?: time)?")
_ABOUT = expression(
    rf"\b(?:{_ESTIMATE_WORDS})\b|\b(?:not|less|in|un) ?(?:exact|precise|certain|confirmed|verified|known)"
)
_MARGIN = expression(
    r"(?:±|\+/-|\+-|within|plus or minus|give or take)\s*(?P<number>\d{1,4})\s*(?P<unit>s|min|m(?!\w)|h|d|w)[a-z]*\b",
    re.IGNORECASE,
)
_MARGIN_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NEAR_MIDNIGHT = timedelta(hours=1)
_OPEN_ENDED = expression(r"\b(?:from|since|onwards?|then|start|continu\w*|ongoing)\b")
_BRACKETS = expression(r"[(\[（]([^()\[\]（）]{1,30})[)\]）]")
_TAIL = expression(r"[,;/、，；／]\s{0,3}([^\d,;/、，；／()\[\]（）]{1,30})\Z")
_ALONE = frozenset(["approximate", "approximately", "approx", "estimated", "exact"])  # behind a time, without a sign
_LONGEST_TAIL = 40
_SUFFIX = expression(
    r"\s*[(\[,;/]\s*(?:"
    r"(?:(?:accurate )?(?:up )?to |precision:? |precise to |accuracy:? |exact to |known to )?"
    rf"(?:the |an? |one )?(?:nearest )?(?:{_UNIT})(?: only| precision| accuracy| granularity)?|"
    rf"(?:only |best |times? )?(?:an? |is |are )?(?:not )?(?:{_EXACT_WORDS}|{_ESTIMATE_WORDS})(?: time| only)?"
    r")\.?\s*(?:[)\]]|(?=\Z))",
    re.IGNORECASE,
)


def split_suffix(plain: str) -> tuple[str, str]:
    """Return a time without what its author says of its precision, and that: ``2026-09-18 (day)``, ``± 5 min``.

    A word counts in brackets, and behind a comma or a slash at the end; one for an estimate or an exact time without a
    sign, too: ``10:49 estimated``. A range may hold one for each of its ends.
    """
    plain = _with_sign(_TAIL.sub(_tail_in_english, _BRACKETS.sub(_in_english, plain)))
    if margin := _MARGIN.search(plain):
        rest = " ".join(re.sub(r"[(\[]\s*[)\]]", " ", _MARGIN.sub(" ", plain)).split())
        return rest.strip(" ,;/"), margin[0]
    if not any(sign in plain for sign in "([,;/"):
        return plain, ""
    said = [match[0].strip(" ()[],;/.") for match in _SUFFIX.finditer(plain)]
    return (" ".join(_SUFFIX.sub(" ", plain).split()), ", ".join(dict.fromkeys(said))) if said else (plain, "")


def _in_english(brackets: re.Match[str]) -> str:
    """Return ``(day)`` for "(Tag)"; brackets with other words stay as they are."""
    written = brackets[1].strip(" .")
    name = english("precisions", written)
    return brackets[0] if name == written else f" ({name})"


def _tail_in_english(tail: re.Match[str]) -> str:
    """Return ``, day`` for ", Tag" at the end; other words stay as they are."""
    written = tail[1].strip(" .")
    name = english("precisions", written)
    return tail[0] if name == written else f", {name}"


def _with_sign(plain: str) -> str:
    """Return a time with a comma before a word for an estimate that stands at its end without a sign."""
    if plain[-1:] in "0123456789)Z":
        return plain
    bare = plain.rstrip(" .")
    begin = 1 + max((at for at, sign in enumerate(bare) if sign.isdigit() or sign in "()[],;/"), default=len(bare))
    for at in range(begin, len(bare)) if len(bare) - begin <= _LONGEST_TAIL else ():
        is_word = not bare[at - 1].isalpha() or bare[at] >= "\u2e80"  # Japanese words stand without a space
        if is_word and bare[at].isalpha() and (name := english("precisions", bare[at:])).casefold() in _ALONE:
            return f"{bare[:at].rstrip()}, {name}"
    return plain


def with_precision(moment: Moment, stated: str) -> Moment:
    """Return the moment with the precision that its author states; words that name none make it an estimate."""
    stated = english("precisions", stated.strip(" ."))
    words = " ".join(re.sub(r"[^\w\s~]", " ", stated.casefold()).split())
    if not words or not moment.is_known:
        return moment
    if match := _MARGIN.search(stated):
        return _with_margin(moment, timedelta(**{_MARGIN_UNITS[match["unit"][0].casefold()]: int(match["number"])}))
    named = next((unit for unit, names in _NAMES_UNIT.items() if names.search(words)), None)
    is_about = _ABOUT.search(words) is not None
    if named is None or named not in _COARSE:
        if (named or _EXACT.fullmatch(words)) and not is_about:
            return moment
        return moment if _OPEN_ENDED.search(words) or not moment.is_exact else as_estimate(moment)
    order, in_weeks = list(Precision), "week" in words
    is_coarser = order.index(named) + in_weeks > order.index(moment.unit)
    if moment.utc is None or not (moment.is_estimate or is_coarser):
        return moment
    return _widened(moment, moment.utc, named, in_weeks=in_weeks)


def as_estimate(moment: Moment, rules: tzinfo | None = None) -> Moment:
    """Widen the bounds of an estimate: one with a clock is trusted for its day, a coarser one for its unit.

    Within an hour of midnight it may be off by that hour: ``~00:05`` may be late the day before.
    ``rules`` are those of its zone on that day; without them, its offset counts for the whole day.
    """
    if moment.unit in _COARSE or moment.earliest is None or moment.earliest != moment.latest:
        return replace(moment, is_estimate=True)
    zone = rules or moment.local_zone
    first, last = unit_bounds(moment.earliest.astimezone(zone).replace(tzinfo=None), Precision.DAY)
    earliest = min(_utc(first, zone), moment.earliest - _NEAR_MIDNIGHT)
    latest = max(_utc(last, zone), moment.earliest + _NEAR_MIDNIGHT)
    return replace(moment, earliest=earliest, latest=latest, is_estimate=True)


def unit_bounds(local: datetime, unit: Precision) -> tuple[datetime, datetime]:
    """Return the first and the last second of the hour, day, month or year of a local time.

    Raises:
        ValueError: the unit is none of these.
    """
    first = local.replace(minute=0, second=0, microsecond=0)
    if unit is Precision.HOUR:
        return first, first + timedelta(hours=1, seconds=-1)
    first = first.replace(hour=0)
    if unit is Precision.DAY:
        return first, first + timedelta(days=1, seconds=-1)
    first = first.replace(day=1)
    if unit is Precision.MONTH:
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(seconds=1)
    if unit is Precision.YEAR:
        first = first.replace(month=1)
        return first, first.replace(year=first.year + 1) - timedelta(seconds=1)
    raise ValueError(f"{unit} has no bounds")


def _with_margin(moment: Moment, margin: timedelta) -> Moment:
    """Return a moment with the margin that its author states, such as ``± 10 min``."""
    if moment.utc is None:
        return moment
    return replace(moment, earliest=moment.utc - margin, latest=moment.utc + margin, is_estimate=True)


def _widened(moment: Moment, instant: datetime, unit: Precision, *, in_weeks: bool) -> Moment:
    """Return a moment that is known up to a coarser unit only, which ``instant`` lies in, by the clock of its zone."""
    local = instant.astimezone(moment.local_zone).replace(tzinfo=None)
    begin, end = unit_bounds(local, unit)
    if in_weeks:
        begin -= timedelta(days=begin.weekday())
        end = begin + timedelta(days=7, seconds=-1)
    first, last = _utc(begin, moment.local_zone), _utc(end, moment.local_zone)
    earliest, latest = first, last
    if not moment.is_estimate:  # a range keeps its ends
        earliest, latest = min(first, moment.earliest or first), max(last, moment.latest or last)
    return replace(moment, utc=earliest, earliest=earliest, latest=latest, unit=unit, is_estimate=False)


def _utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)
