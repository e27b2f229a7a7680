"""Splits a written time into its parts: the day, the clock, the zone, and the words that say how exact it is."""

from __future__ import annotations

import re
from dataclasses import replace

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.digits_left_out import with_known_units
from sphinx_postmortem.core.records.time_forms import MONTH_NAMES, in_usual_form, whole_in_usual_form
from sphinx_postmortem.core.records.times import BadTimeError, ImpossibleTimeError, Precision

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{MONTH_NAMES})\.?"
_WEEKDAY = expression(r"\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b[.,]?", re.IGNORECASE)
_DATES = tuple(
    expression(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})(?P<s>[-/.])(?P<month_number>\d{1,2}|MM|XX|\?\?)(?P=s)(?P<day>\d{1,2}|DD|XX|\?\?)(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -]{_MONTH},?[ -](?P<year>\d{{4}})(?!\d)",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)",
        rf"\b{_MONTH},? (?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -]{_MONTH}(?!\w),?",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]),?",
        r"(?<!\d)(?P<year>\d{4})-(?P<month_number>\d{2})(?![\d:-])",
        r"(?<![\d:])(?P<year>(?:19|20)\d{2})(?=\s*(?:\(|\)|,|$))(?!\d)",
    )
)
_LONG_YEAR = expression(r"(?<![\d.])\d{5,}-\d{1,2}-\d{1,2}(?!\d)")
_NUMERIC_DATE = expression(r"(?<![\d:])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\d:])")
_CLOCKS = tuple(
    expression(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        (
            r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?(?!\d)"
            r"\s*(?P<half>[ap](?:\.?m)?\b\.?)?"
        ),
        r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d[x?]|xx|\?\?|mm)(?![\w:])(?P<second>)(?P<fraction>)(?P<half>)",
        r"(?<![\d:.])(?P<hour>\d{1,2})(?P<minute>)\s*(?P<half>[ap](?:\.?m)?\b\.?)(?P<second>)(?P<fraction>)",
        r"(?<![\d:.])(?P<hour>\d{1,2})[h.](?P<minute>\d{2})(?![\d.])(?P<second>)(?P<fraction>)\s*(?P<half>[ap](?:\.?m)?\b\.?)?",
        r"(?<![\d:.])(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d)(?![\d:.-])(?:\s*(?:h|hrs?|hours)\b)?(?P<second>)(?P<fraction>)(?P<half>)",
    )
)
_NAMED_CLOCK = expression(r"\b(?P<name>noon|midday|midnight)\b", re.IGNORECASE)
_ZONE = expression(
    r"(?P<zone>(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::?\d{2})?(?![\d:])|\b(?:[Zz]|UTC|GMT|zulu)(?![\w+])|(?<=[\d\s])[+-]\d{2}:?\d{2}(?![\d:])"
    r"|(?<=\d)[+-]\d{2}(?![\d:-])"
    r"|\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Etc)/[A-Za-z_/+-]+\d?"
    r"|\b(?:pst8pdt|est5edt|local(?: time)?|(?:Eastern|Pacific|Mountain|Central)(?: Standard| Daylight)?(?: Time)?)\b"
    r"|\b(?!EOD\b|COB\b)(?:[A-Z]{3,4}|PT|ET|CT|MT)\b(?![/-]))",
)
_Z_TAIL = expression(r"(?<=\d)\s?[Zz]\b")
_ESTIMATE = expression(
    r"~|≈|±|\?|\b(?:around|about|approx(?:imately)?|circa|ca|c|roughly|estimated?|est|early|late|mid|sometime|shortly|earlier|maybe|perhaps|possibly|probably|likely|"
    r"morning|afternoon|evening|night|EOD|COB|in the|at the|start|end|beginning|of|later|or so|"
    r"spring|summer|autumn|fall|winter|ish)\b\.?",
    re.IGNORECASE,
)
_MAY_BE_ONE = expression(r"approx|estimat|rough|guess|exact|precis|certain|sure\b|[ap]\.m\.", re.IGNORECASE)
_HOW_NEAR = r"(?:\b(?:shortly|soon|just|right|immediately|some ?time|well|long) )?"  # of a bound, which stays exact
_BEFORE = expression(
    rf"{_HOW_NEAR}\b(?:before|by|until|till|prior to|up to|(?:no|not) later than|not after|at the latest)\b"
    r"|(?:^|(?<=\s))(?:<=?|≤)",
    re.IGNORECASE,
)
_AFTER = expression(
    rf"\b(?:not before|(?:no|not) earlier than|at the earliest)\b|{_HOW_NEAR}\bafter\b|(?:^|(?<=\s))(?:>=?|≥)",
    re.IGNORECASE,
)
_ONWARDS = expression(r"\b(?:onwards?|since|from|starting|on|at|in|during)\b|[-+]\s*$|@", re.IGNORECASE)
_AS_OF = expression(r"\bas (?:early as|of)\b", re.IGNORECASE)
_NO_CLOCK = expression(
    r"\?\?:\?\?|-{1,2}:-{1,2}(?::-{1,2})?|\b(?:HH:MM|XX:XX)(?::(?:SS|XX))?\b"
    r"|\(?\b(?:time|exact time|clock)?\s*(?:tbc|tbd|tba|unknown|not known|unclear|to be confirmed)\b\)?"
    r"|(?<=\s)X+\b|(?<=\s)\?+",
    re.IGNORECASE,
)
_LONGEST_SEARCHED, _MOST_DAYS = 4000, 50  # of a text that is searched for its days
_LATER = expression(  # behind a day: "2026-08-19, 6 s later", "later that day"
    r"(?:~ ?|\b(?:about|around|a few|some) )?(?:\b\d{1,4} ?)?(?:\b|(?<=\d))"
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?) (?:later|after(?:wards?)?)\b"
    r"|\b(?:later )?(?:that|(?:the )?same) (?:day|morning|afternoon|evening|night)\b|\b(?:there)?after(?:wards?)?\Z",
    re.IGNORECASE,
)
_SPOKEN = expression(
    r"\b\d{1,2} ?o.?clock\b|"
    r"\b(?:half (?:past )?|(?:a )?quarter (?:past|to|after|before) |halb |(?:drei)?viertel (?:vor |nach |auf )?)"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"eins?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b",
    re.IGNORECASE,
)
_TOLD_DAY = expression(
    r"\(?\b(?:later )?(?:on )?(?:the )?(?P<which>same|next|following) "
    r"(?P<part>day|morning|afternoon|evening|night)\b\)?"
    r"|\(\+ ?(?P<number>[1-9])\)|\(?\+ ?(?P<days>[1-9]) ?d(?:ays?)?\b\)?",
    re.IGNORECASE,
)
_LENGTH = r"(?:\d{1,4} ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])[ ,]{0,2}){1,3}"
_COUNTED = expression(  # T+5m, +00:12, D+2, "10 minutes after the alert"
    rf"[(\[]?(?:T0?|[THD]0? ?[+-] ?(?:{_LENGTH}|\d{{1,4}}(?::\d{{2}}){{0,2}})"
    rf"|\+ ?(?:{_LENGTH}|\d{{1,3}}(?::\d{{2}}){{1,2}})"
    rf"|(?:(?:about |around |~ ?)?{_LENGTH}|(?:a few|some|several) (?:minutes|hours|days) )"
    r"(?:later|after(?:wards)?|before|earlier|into|in|since)\b[^\d]{0,60}"
    r"|(?:today|yesterday|day \d{1,3}|week \d{1,2}|hour \d{1,3}|minute \d{1,4})\b.{0,20})[)\]]?",
    re.IGNORECASE,
)
_UNITS = expression(r"\(?\b(?:day|days|month|year|hour|minute|second)s?(?: only)?\b\)?", re.IGNORECASE)


@dataclass(frozen=True)
class Day:
    """A stated day; each of its parts is 0 where it is not stated."""

    year: int = 0
    month: int = 0
    day: int = 0


@dataclass(frozen=True)
class TimeOfDay:
    """A stated time of day, and the unit up to which it is stated; an estimate lacks the last digit of the minute."""

    hour: int
    minute: int = 0
    second: int = 0
    micro: int = 0
    unit: Precision = Precision.MINUTE
    is_estimate: bool = False


@dataclass(frozen=True)
class TimeParts:
    """The parts of one written time.

    ``bound`` is ``before`` or ``after`` where it sets one bound alone; ``later_days`` tells by how many days it is
    later than the day of its row, where it says so: ``00:20 (next day)``.
    """

    day: Day | None = None
    clock: TimeOfDay | None = None
    zone: str | None = None
    is_estimate: bool = False
    bound: str = ""
    later_days: int = 0


def split_parts(text: str) -> TimeParts:
    """Split a text, without markup, into its parts.

    Raises:
        BadTimeError: it holds words that are none, or a date that can be read in two ways.
    """
    if match := _LONG_YEAR.search(text):
        raise ImpossibleTimeError(f'"{match[0]}" is not a possible time (the year has five digits); mend the year')
    if text.endswith("-") and not _NO_CLOCK.search(text):
        raise BadTimeError(f'"{text}" is a range without its end; write the end, or "onwards"')
    if _COUNTED.fullmatch(text):
        raise BadTimeError(f'"{text}" counts from another time; write the time itself, as YYYY-MM-DD HH:MM')
    usual = in_usual_form(with_known_units(whole_in_usual_form(text)))
    rest = re.sub(r"(?:(?<=\d)|^)[Tt](?=\d)", " ", _WEEKDAY.sub(" ", _AS_OF.sub(" ", usual)))
    day, rest = _take_day(rest)
    if day is None and (told := _TOLD_DAY.search(rest)):
        return _on_told_day(told, rest, text)
    rest = _LATER.sub(" later ", rest) if day is not None else rest
    had_unknown_clock = _NO_CLOCK.search(rest) is not None
    rest = _NO_CLOCK.sub(" ", rest)
    clock, rest = _take_clock(rest, text, has_day=day is not None)
    zone, rest = _take_zone(rest) if clock is not None or day is not None else (None, rest)
    bound = "after" if _AFTER.search(rest) else "before" if _BEFORE.search(rest) else ""
    rest = _UNITS.sub(" ", _BEFORE.sub(" ", _AFTER.sub(" ", rest)))
    is_estimate = _ESTIMATE.search(rest) is not None
    rest = _ONWARDS.sub(" ", _ESTIMATE.sub(" ", rest)).strip(" .,;:()[]/-'\"")
    if rest or (day is None and clock is None):
        raise BadTimeError(_unreadable(text))
    is_estimate = is_estimate or (had_unknown_clock and clock is not None)
    return TimeParts(day, clock, zone, is_estimate, bound)


def _on_told_day(told: re.Match[str], rest: str, text: str) -> TimeParts:
    """Split a time whose day is told by that of its row: ``00:20 (next day)``, "next morning", ``00:20 (+1)``."""
    number = int(told["number"] or told["days"] or (told["which"].casefold() != "same"))
    others = " ".join(f"{rest[: told.start()]} {rest[told.end() :]}".split()).strip(" ,;-")
    if not others:
        return TimeParts(later_days=number, is_estimate=told["part"].casefold() != "day")
    if not re.search(r"\d|noon|midday", others):
        raise BadTimeError(_unreadable(text))
    return replace(split_parts(others), later_days=number)


def split_remark(text: str) -> tuple[str, str]:
    """Return a time and the remark in brackets behind it; the remark is empty where it may say how exact the time is.

    ``2026-03-02 01:14 (from the console)`` has one.
    """
    before, bracket, remark = text.removesuffix(")").rpartition("(")
    if bracket and text.endswith(")") and _COUNTED.fullmatch(remark) and before.strip():
        return before.strip(), remark.strip()
    says_more = any(pattern.search(remark) for pattern in (_ESTIMATE, _MAY_BE_ONE, _BEFORE, _AFTER, _NO_CLOCK, _ZONE))
    if not bracket or not text.endswith(")") or says_more or not remark.strip() or re.search(r"\d", remark):
        return text, ""
    return before.strip(), remark.strip()


def _unreadable(text: str) -> str:
    if match := _SPOKEN.search(text):
        return f'"{match[0]}" may be in either half of the day; write YYYY-MM-DD HH:MM, of 24 hours'
    if match := _NUMERIC_DATE.search(text):
        return f'"{match[0]}" may be read as two dates; write YYYY-MM-DD'
    return f'"{text}" is not a time; write YYYY-MM-DD HH:MM in UTC, an RFC 3339 time with its offset, or "unknown"'


def _take_day(text: str) -> tuple[Day | None, str]:
    for pattern in _DATES:
        if match := pattern.search(text):
            found = match.groupdict()
            month = _number(found.get("month_number"))
            if name := found.get("month"):
                month = _MONTHS.index(name[:3].casefold()) + 1
            day = Day(_number(found.get("year")), month, _number(found.get("day")) if month else 0)
            return day, f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _take_clock(text: str, written: str, *, has_day: bool) -> tuple[TimeOfDay | None, str]:
    for pattern in _CLOCKS:
        match = pattern.search(text)
        if match is not None:
            return _clock(match, written), f"{text[: match.start()]} {text[match.end() :]}"
    match = _NAMED_CLOCK.search(text)
    if match is None:
        return None, text
    if match["name"].casefold() == "midnight":
        raise BadTimeError(f'"{written}" may be the begin or the end of the day; write 00:00 with its date')
    return TimeOfDay(12), f"{text[: match.start()]} {text[match.end() :]}"


def _clock(match: re.Match[str], written: str) -> TimeOfDay:
    hour, minute, half = int(match["hour"]), match["minute"], (match["half"] or "").casefold()
    if half:
        if hour > 23 or (half.startswith("a") and hour > 12) or (half.startswith("p") and hour == 0):
            raise ImpossibleTimeError(f'"{written}" is not a possible time of twelve hours; mend the hour')
        if hour <= 12:  # 17:14 pm says it twice
            hour = hour % 12 + (12 if half.startswith("p") else 0)
    if not minute:
        return TimeOfDay(hour, unit=Precision.MINUTE)
    if not minute.isdigit():
        tens = minute[0]
        return (
            TimeOfDay(hour, int(tens) * 10, is_estimate=True)
            if tens.isdigit()
            else TimeOfDay(hour, unit=Precision.HOUR)
        )
    micro = int((match["fraction"] or "0").ljust(6, "0")[:6])
    unit = Precision.SECOND if match["second"] else Precision.MINUTE
    return TimeOfDay(hour, int(minute), int(match["second"] or 0), micro, unit)


def _take_zone(text: str) -> tuple[str | None, str]:
    match = _Z_TAIL.search(text) or _ZONE.search(text)
    if match is None:
        return None, text
    return match[0].strip(), f"{text[: match.start()]} {text[match.end() :]}"


def find_day(text: str) -> Day | None:
    """Return the first day that a text states, anywhere in it; None where it states none. Its year may be 0."""
    day, _ = _take_day(_WEEKDAY.sub(" ", in_usual_form(with_known_units(text))))
    return day if day is not None and day.day else None


def find_days(text: str) -> list[Day]:
    """Return the days that a text states, anywhere in it, each with its year."""
    days: list[Day] = []
    day, rest = _take_day(_WEEKDAY.sub(" ", in_usual_form(with_known_units(text[:_LONGEST_SEARCHED]))))
    while day is not None and len(days) < _MOST_DAYS:
        days += [day] if day.day and day.year else []
        day, rest = _take_day(rest)
    return days
