"""Spellings of dates and clocks that can be read in one way alone, put into the one that the reader of times knows.

Seconds since 1970, days of a year, weeks, date-time groups, and the forms of logs and spreadsheets.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from sphinx_postmortem.core.expressions import expression

MONTH_NAMES = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY_AND_MONTH = expression(r"(?<![\d:/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:/-])(?!\.\d)", re.ASCII)
_WEEK_DATE = expression(r"(?<![\w-])\d{4}-?W\d{2}-?[1-7](?![\d-])", re.ASCII)
_BASIC_FORMAT = expression(
    r"(?<![\d-])(\d{4})(\d{2})(\d{2})[T _-](\d{2}):?(\d{2}):?(\d{2})?(?=Z?(?:\s|\Z)|[+-]\d)", re.ASCII
)
_GERMAN_AM = expression(  # "12:15 am 2. April": the full stop makes it a German date, and "am" no half of the day
    rf"(?<=\d) am (?=\d{{1,2}}\. ?(?i:{MONTH_NAMES})(?!\w)|\d{{1,2}}\.(?:0?[1-9]|1[0-2])\.\d{{2,4}}(?!\d))", re.ASCII
)
_YEAR_LAST = expression(  # as the command `date` prints
    rf"\b((?:{MONTH_NAMES})\.? \d{{1,2}}) (\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: [A-Z]{{3,4}})?) (\d{{4}})\Z", re.IGNORECASE
)
_SECONDS_SINCE_1970 = expression(
    r"(?:(?:unix|epoch|posix)\b ?(?:time|timestamp|seconds)?:? ?|@)?"
    r"(?P<seconds>[1-3]\d{9})(?:(?:\.(?P<fraction>\d{1,9}))|(?P<rest>\d{3}|\d{6}|\d{9}))?"
    r"(?: ?\(?(?:unix|epoch|posix|ms|s)(?: time| timestamp| seconds)?\)?)?",
    re.IGNORECASE | re.ASCII,
)
_DAY_OF_YEAR = expression(r"(?<![\w.-])(\d{4})-(\d{3})(?:T(?=\d)|(?=\Z|[ ,(Z]))", re.ASCII)
_DATE_TIME_GROUP = expression(
    rf"\b(\d{{2}}) ?(\d{{2}})(\d{{2}}) ?Z ?({MONTH_NAMES}) ?(\d{{4}}|\d{{2}})(?!\d)", re.IGNORECASE | re.ASCII
)
_DAY_MONTH_YEAR = expression(  # 02/Mar/2026:13:00:00 of web servers, 02/Mar/26 of Jira, 02-MAR-26 of databases
    rf"(?<![\w/-])(\d{{1,2}})([/-])({MONTH_NAMES})\2(\d{{4}}|\d{{2}})(?![\d/-])(?::(?=\d{{2}}:))?",
    re.IGNORECASE | re.ASCII,
)
_EIGHT_DIGITS = expression(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_JOINED = expression(r"(\d{4}-\d{2}-\d{2})[_@:](?=\d{1,2}:\d{2})", re.ASCII)
_RULES_BEHIND_OFFSET = expression(r"(?<=[\dZz])\[[A-Za-z][\w/+-]{1,40}\](?=\s|\Z)")  # RFC 9557
_MONTHS_OF_YEAR, _DAYS_OF_WEEKLESS = 12, 366


def in_usual_form(text: str) -> str:
    """Return a text with dates that can be read in one way alone written YYYY-MM-DD, and the clock behind them."""
    if " am " in text:
        text = _GERMAN_AM.sub(" ", text)
    text = _BASIC_FORMAT.sub(lambda found: _extended(*found.groups()), text)
    text = _JOINED.sub(r"\1 ", _DAY_MONTH_YEAR.sub(_iso_of_names, text))
    text = _DAY_AND_MONTH.sub(_month_first_or_last, text)
    text = _WEEK_DATE.sub(_day_of_week, text)
    return _YEAR_LAST.sub(lambda found: f"{found[1]} {found[3]} {found[2]}", text)


def whole_in_usual_form(text: str) -> str:
    """Return a text that is a time as a whole in the usual form: numbers that elsewhere may be something else."""
    if match := _SECONDS_SINCE_1970.fullmatch(text):
        instant = datetime.fromtimestamp(int(match["seconds"]), UTC)
        fraction = (match["fraction"] or match["rest"] or "").rstrip("0")
        return f"{instant:%Y-%m-%d %H:%M:%S}" + (f".{fraction}" if fraction else "") + " UTC"
    if match := _EIGHT_DIGITS.fullmatch(text):
        return "-".join(match.groups())
    text = _DATE_TIME_GROUP.sub(_of_group, text)
    text = _RULES_BEHIND_OFFSET.sub("", text) if "[" in text and re.search(r"[+-]\d\d:?\d\d\[|[Zz]\[", text) else text
    return _DAY_OF_YEAR.sub(_day_of_year, text)


def _extended(year: str, month: str, day: str, hour: str, minute: str, second: str | None) -> str:
    return f"{year}-{month}-{day} {hour}:{minute}" + (f":{second}" if second else "")


def _month_first_or_last(found: re.Match[str]) -> str:
    first, second, year = int(found[1]), int(found[3]), found[4]
    if len(year) == 2:  # with a first number that may be a year, it may be any of three
        is_one = found[2] == "/" and first <= _MONTHS_OF_YEAR < second
        return f"20{year}-{first:02}-{second:02}" if is_one else found[0]
    if first != second and first <= _MONTHS_OF_YEAR and second <= _MONTHS_OF_YEAR:
        return found[0]
    month, day = (second, first) if second <= _MONTHS_OF_YEAR else (first, second)
    return f"{year}-{month:02}-{day:02}"


def _iso_of_names(found: re.Match[str]) -> str:
    return f"{found[1]} {found[3]} {_full_year(found[4])} "


def _full_year(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _of_group(found: re.Match[str]) -> str:
    return f"{found[1]} {found[4]} {_full_year(found[5])} {found[2]}:{found[3]} UTC"


def _day_of_week(found: re.Match[str]) -> str:
    try:
        return date.fromisoformat(found[0]).isoformat()
    except ValueError:
        return found[0]


def _day_of_year(found: re.Match[str]) -> str:
    year, number = int(found[1]), int(found[2])
    if not 1970 <= year <= 2100 or not 1 <= number <= _DAYS_OF_WEEKLESS:
        return found[0]
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return f"{day} " if day.year == year else found[0]
