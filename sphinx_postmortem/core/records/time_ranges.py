"""Splits a text that states more than one time: a range into its ends, and one time in two zones into both."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.digits_left_out import ends_of_digits
from sphinx_postmortem.core.records.time_forms import MONTH_NAMES
from sphinx_postmortem.core.records.time_parts import find_day
from sphinx_postmortem.core.records.times import BadTimeError
from sphinx_postmortem.core.records.zones import BadZoneError, names_zone, read_zone

_ONE_CLOCK = r"\d{1,2}:(?:\d{2}(?::\d{2})?|\?\?|xx)"
_BETWEEN = expression(
    r"(?P<day>\d{4}-\d{2}-\d{2},? )?(?:some ?(?:where|time|when) )?"
    r"between\s+(?P<first>.+?)\s+(?:and|to|-)\s+(?P<last>.+)",
    re.IGNORECASE,
)
_FROM_TO = expression(
    rf"(?:from\s+)?(?P<first>.*\d\S*(?:\s?(?:[ap]\.?m\.?|UTC|Z|(?:{MONTH_NAMES})\.?))?)\s*"
    r"(?:(?<=\s)(?:to|until|till|through|thru|-)(?=\s)|-+>|=>|→|…|\.\.\.?)\s*(?P<last>.*\d.*)",
    re.IGNORECASE,
)
_TILDE = expression(r"(?<=:\d\d)\s?~\s?(?=\d{1,2}:\d\d)")  # as Japanese and Korean ranges have it
_LIST_SIGN = expression(r", ?(?:and )?| (?:and|&) ")
_A_CLOCK = expression(_ONE_CLOCK)
_LAST_CLOCK = expression(rf"{_ONE_CLOCK}(?:\s*[A-Za-z(].*)?")
_WEEK_OF = expression(r"(?:in )?(?:the )?week (?:of|from|beginning|starting)(?: the)? (?P<day>.+)", re.IGNORECASE)
_WEEK = expression(
    r"(?P<year>\d{4})-?W(?P<week>\d{2})|"
    r"(?:calendar )?(?:week|CW|KW|wk) ?(?P<other>\d{1,2}),? (?:of )?(?P<year_last>\d{4})",
    re.IGNORECASE,
)
_PART_OF_YEAR = expression(  # a quarter or a half
    r"(?P<part>Q[1-4]|H[12])[ /-]?(?P<year>\d{4})|(?P<first_year>\d{4})[ /-]?(?P<other>Q[1-4]|H[12])", re.IGNORECASE
)
_TIGHT = expression(rf"(?P<first>.*{_ONE_CLOCK})-(?P<last>{_ONE_CLOCK}|\d{{1,2}})(?P<rest>\s*[A-Za-z].*)?")
_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?"
_INTERVAL = expression(rf"(?P<first>{_ISO}) ?/ ?(?P<last>{_ISO})", re.IGNORECASE)
_TWO_DAYS = r"(?P<first>\d{1,2})(?:st|nd|rd|th|\.)? ?(?:-|to|and|&) ?(?P<last>\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH_AND_YEAR = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAYS_OF_MONTH = (  # 2-4 March 2026; March 2-4, 2026
    expression(rf"{_TWO_DAYS}(?: of)? {_MONTH_AND_YEAR}(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE),
    expression(rf"{_MONTH_AND_YEAR} {_TWO_DAYS}(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE),
)
_TIGHT_HALVES = expression(  # 1pm-2pm; 9:05am-9:20am; 1-2 pm
    r"(?P<first>(?:.*[\s,])?\d{1,2}(?::\d{2})?\s?[ap]\.?m?\.?|"
    r"(?:\d{4}-\d{2}-\d{2},? |.*\d{4},? )?\d{1,2}(?::\d{2})?)\s?-\s?"
    r"(?P<last>\d{1,2}(?::\d{2})?\s?[ap]\.?m\b\.?(?:\s.*)?)",
    re.IGNORECASE,
)
_HAS_CLOCK = expression(r"\d:\d\d|\d\s?[ap]\.?m\b", re.IGNORECASE)
_OF_A_PART = expression(
    r"(?:in |during |over )?(?:the )?(?:night|evening|morning|weekend) (?:of|from) (?:the )?", re.IGNORECASE
)
_OFFSETS_OF_HALVES = ("02:30", "03:30", "04:30", "09:30")  # west of Greenwich, since 1970
_HALF_AT_END = expression(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half>[ap])\.?m\b", re.IGNORECASE
)
_CLOCK_AT_END = expression(r"(?<![\d:.])(?P<hour>0?[1-9]|1[0-2])(?:[:.](?P<minute>\d{2}))?\Z", re.ASCII)
_DATE = expression(r"(?P<year>\d{4}-)(?P<month>\d{2}-)\d{2}")
_HOURS_OF_HALF = 12
_CLOCK = expression(r"(?<![\d:])\d{1,2}:\d{2}(?!\d)")


def split_range(plain: str) -> tuple[str, str] | None:
    """Return the two ends of a range, or None where the text is none.

    In "2:00 to 2:30 pm" the half of the day is that of both.
    """
    plain = _TILDE.sub(" to ", plain) if "~" in plain else plain
    ends = ends_of_digits(plain) or _ends(plain)
    return None if ends is None else (_with_half(*ends), ends[1])


def _with_half(first: str, last: str) -> str:
    """Return the begin of a range with the half of the day that stands at its end, unless that would be later."""
    end, begin = _HALF_AT_END.search(last), _CLOCK_AT_END.search(first)
    if end is None or begin is None or int(end["hour"]) > _HOURS_OF_HALF:
        return first
    later, earlier = ((int(one["hour"]) % _HOURS_OF_HALF, int(one["minute"] or 0)) for one in (end, begin))
    return f"{first} {end['half']}m" if earlier <= later else first


def _ends(plain: str) -> tuple[str, str] | None:
    if match := _BETWEEN.fullmatch(plain):
        return (match["day"] or "") + match["first"], _whole_end(match["first"], match["last"])
    if match := _TIGHT_HALVES.fullmatch(plain):
        return match["first"], match["last"]
    plain = _OF_A_PART.sub("", plain, count=1) if plain[:1].isalpha() else plain
    if (match := _FROM_TO.fullmatch(plain)) and not _is_day_and_clock(match):
        return match["first"], _whole_end(match["first"], match["last"])
    if match := _INTERVAL.fullmatch(plain):
        return match["first"], match["last"]
    if match := _DAYS_OF_MONTH[0].fullmatch(plain) or _DAYS_OF_MONTH[1].fullmatch(plain):
        month = f"{match['month']} {match['year'] or ''}".rstrip()
        return f"{match['first']} {month}", f"{match['last']} {month}"
    if ends := _part_of_year(plain) or _clocks_of_list(plain):
        return ends
    match = _TIGHT.fullmatch(plain)
    if match is None or _is_offset(match):
        return None
    first, last = match["first"], match["last"]
    if ":" not in last:  # ``16:05:57-58``: the end states the last unit alone
        last = first[: first.rindex(":") + 1][-6 if first.count(":") > 1 else -3 :] + last.zfill(2)
        last = re.sub(r"^\D+", "", last)
    return first, last + (match["rest"] or "")


def _is_day_and_clock(match: re.Match[str]) -> bool:
    """Say whether a dash stands between a day and its clock: ``Mar 02, 2026 - 22:05 UTC``."""
    first, last = match["first"], match["last"]
    if not re.search(r"\s-\s*\Z", match.string[: match.start("last")]):
        return False
    has_clock = [_HAS_CLOCK.search(end) is not None for end in (first, last)]
    has_day = [find_day(end) is not None for end in (first, last)]
    return has_clock[0] != has_clock[1] and has_day[0] != has_day[1] and has_clock[0] != has_day[0]


def _part_of_year(plain: str) -> tuple[str, str] | None:
    """Return the ends of a quarter, a half of a year, or a week."""
    if match := _PART_OF_YEAR.fullmatch(plain):
        year, part = match["year"] or match["first_year"], match["part"] or match["other"]
        months = 3 if part[0] in "Qq" else 6
        last = months * int(part[1])
        return f"{year}-{last - months + 1:02}", f"{year}-{last:02}"
    if match := _WEEK.fullmatch(plain):
        try:
            monday = date.fromisocalendar(
                int(match["year"] or match["year_last"]), int(match["week"] or match["other"]), 1
            )
        except ValueError:
            return None
        return f"{monday}", f"{monday + timedelta(days=6)}"
    if (match := _WEEK_OF.fullmatch(plain)) and (day := _whole_day(match["day"])):
        return f"{day}", f"{day + timedelta(days=6)}"
    return None


def _clocks_of_list(plain: str) -> tuple[str, str] | None:
    """Return the first and the last of several clocks in one cell: ``10:46, 11:21 and 11:58``."""
    first, *others = _LIST_SIGN.split(plain)
    if not others or len(_CLOCK.findall(first)) != 1 or not _LAST_CLOCK.fullmatch(others[-1]):
        return None
    return (first, others[-1]) if all(map(_A_CLOCK.fullmatch, others[:-1])) else None


def _whole_end(first: str, last: str) -> str:
    """Return the end of a range of days with the month and the year of its begin: ``2026-03-02 to 04``."""
    begin = _DATE.fullmatch(first.strip())
    if begin is not None and re.fullmatch(r"\d{2}", last):
        return f"{begin['year']}{begin['month']}{last}"
    if begin is not None and re.fullmatch(r"\d{2}-\d{2}", last):
        return f"{begin['year']}{last}"
    return last


def split_beside(plain: str) -> tuple[str, str]:
    """Return a time and, where it states it once more in another zone, that: ``10:00 UTC (12:00 CEST)``.

    Behind a slash, the second names its zone; in brackets, it may not.
    """
    if len(_CLOCK.findall(plain)) < 2:
        return plain, ""
    is_bracketed = plain[-1] in ")]"
    first, _, second = plain[:-1].rpartition("(" if plain[-1] == ")" else "[") if is_bracketed else _beside(plain)
    first, second = first.strip(), second.strip(" =")
    has_both = _CLOCK.search(first) is not None and _CLOCK.search(second) is not None
    return (first, second) if has_both else (plain, "")


def _beside(plain: str) -> tuple[str, str, str]:
    for sign in (" / ", " = ", " | "):
        first, _, second = plain.rpartition(sign)
        if first and any(names_zone(word) for word in second.split()):
            return first, sign, second
    return plain, "", ""


def _whole_day(text: str) -> date | None:
    """Return the day that a text states with its year; None where it states none."""
    day = find_day(text)
    try:
        return date(day.year, day.month, day.day) if day is not None and day.year else None
    except ValueError:
        return None


def _has_other_offset(rest: str, minutes: int) -> bool:
    """Say whether the words behind a range begin with a zone that never has an offset: ``07:00-08:00 UTC``."""
    words = rest.replace("(", " ").replace(")", " ").split()
    if not words or not names_zone("Z" if words[0] == "z" else words[0]):
        return False
    try:
        rules = read_zone(words[0]).rules
    except BadZoneError:
        return False
    offsets = {datetime(2026, month, 1, tzinfo=rules).utcoffset() for month in (1, 7)}
    return timedelta(minutes=minutes) not in offsets


def _is_offset(match: re.Match[str]) -> bool:
    """Say whether the part behind the dash is an offset, as RFC 3339 has it behind a ``T``.

    Raises:
        BadTimeError: it may be a range or an offset.
    """
    hours, _, minutes = match["last"].partition(":")
    may_be_offset = len(hours) == 2 and minutes in ("00", "15", "30", "45") and int(hours) <= 12
    if not may_be_offset or re.search(r"\dT\d", match["first"]):
        return may_be_offset
    if minutes != "00" and match["last"] not in _OFFSETS_OF_HALVES:
        return False
    if _has_other_offset(match["rest"] or "", -(int(hours) * 60 + int(minutes))):
        return False
    if find_day(match["first"]) is None and match["last"] > match["first"].rpartition(" ")[2].zfill(5):
        return False  # two clocks in their order, and no date that an offset would stand behind
    raise BadTimeError(
        f'"{match[0]}" may be a range or a time with an offset; write two rows or "… to …", '
        "or the offset as RFC 3339 has it: 2026-03-02T10:40-05:00"
    )
