"""Reads times whose last digits are left out: ``06:2x``, ``11:39:xx``, ``19:??:??``, ``2026-03-2x``.

The digit that is there counts: ``06:2x`` is one of ten minutes, ``2026-03-2x`` one of ten days.
"""

from __future__ import annotations

from calendar import monthrange

from sphinx_postmortem.core.expressions import expression

_END = r"(?=[Zz]\b|[^\w:?-]|\Z)"  # of a clock: what follows is no further digit
_TWO = r"(?:[xX]{2}|\?{2}|--)"
_SECONDS = expression(rf"(?<![\d:])(\d{{1,2}}:\d{{2}}):(?:{_TWO}|ss|SS){_END}")
_MINUTES = expression(rf"(?<![\d:])(\d{{1,2}}):(?:(\d)[xX?]|{_TWO}|mm|MM)(?::(?:\d{{2}}|\d[xX?]|{_TWO}|ss|SS))?{_END}")
_CLOCK = expression(rf"(?:(?<=\d)[Tt]|(?<![\w:?-]))(?:{_TWO}|hh|HH):(?:{_TWO}|mm|MM)(?::(?:{_TWO}|ss|SS))?(?!-){_END}")
_HOURS = expression(rf"(?P<before>.*(?<![\d:]))(?P<tens>[0-2])[xX?]:{_TWO}(?::{_TWO})?(?P<rest>(?:Z|[^\w:].*)?)")
_DAYS = expression(  # with a clock or without: of a day that is not known, the clock says nothing
    r"(?P<month>\d{4}-(?:0[1-9]|1[0-2])-)(?P<tens>[0-3])[xX?](?:[T ,]{1,2}[\d:xX?]{1,8}(?: ?(?:[Zz]|UTC))?)?"
)
_MONTHS = expression(r"(?P<year>\d{4}-)(?P<tens>[01])[xX?]\??")
_YEARS = expression(r"(?P<decade>(?:19|20)\d)[xX?]")
_LAST_HOUR, _LAST_MONTH = 23, 12
_HOUR_ALONE = expression(  # French, behind a date: 2026-03-02 22h; elsewhere it may be a duration
    r"(?<=\d-\d\d)([ ,]{1,2}(?:~|ca\.? |vers |à )? ?)([01]?\d|2[0-4]) ?h(?![\w:])"
)
_SIGNS = ("x", "X", "?", "--", "mm", "MM")


def with_known_units(text: str) -> str:
    """Return a time without the units that are left out whole: ``11:39`` for "11:39:xx", ``11:xx`` for "11h"."""
    if "h" in text:
        text = _HOUR_ALONE.sub(r"\1\2:xx ", text)
    if not any(sign in text for sign in _SIGNS):
        return text
    text = _CLOCK.sub(" XX:XX ", text)
    text = _SECONDS.sub(r"\1 ", text)
    return _MINUTES.sub(lambda found: f"{found[1]}:{found[2] or 'x'}x ", text)


def ends_of_digits(text: str) -> tuple[str, str] | None:
    """Return the first and the last time that an hour, day, month or year without its last digit allows.

    None where no such digit is left out.
    """
    if not any(sign in text for sign in _SIGNS[:3]):
        return None
    if match := _HOURS.fullmatch(text):
        first, rest = int(match["tens"]) * 10, match["rest"]
        last = min(first + 9, _LAST_HOUR)
        return f"{match['before']}{first:02}:00{rest}", f"{match['before']}{last:02}:59{rest}"
    if match := _DAYS.fullmatch(text):
        year, month = int(match["month"][:4]), int(match["month"][5:7])
        return _ends(match["month"], int(match["tens"]), monthrange(max(year, 1), month)[1])
    if match := _MONTHS.fullmatch(text):
        return _ends(match["year"], int(match["tens"]), _LAST_MONTH)
    if match := _YEARS.fullmatch(text):
        return f"{match['decade']}0", f"{match['decade']}9"
    return None


def _ends(before: str, tens: int, most: int) -> tuple[str, str]:
    first, last = max(tens * 10, 1), min(tens * 10 + 9, most)
    return f"{before}{first:02}", f"{before}{max(first, last):02}"  # a day that no month has is told by its reader
