"""Which days are working days, by the library ``holidays`` (extra ``clocks``).

A calendar is named as the library names it: a country (``US``), a part of one (``DE-BY``), or a financial calendar
(``ECB``, the closing days of TARGET).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from typing import Protocol

CALENDARS_NEED = 'it needs the library holidays: pip install "sphinx-postmortem[clocks]"'


class UnknownCalendarError(ValueError):
    """A calendar that cannot be used, with the mend in its message."""


class MissingLibraryError(RuntimeError):
    """The library ``holidays`` is not installed; the message says how to get it."""


class WorkingDays(Protocol):
    """A calendar."""

    def is_working_day(self, key: date, /) -> bool:
        """Say whether it is a working day."""
        ...


def has_library() -> bool:
    """Say whether the library is installed."""
    return find_spec("holidays") is not None


@cache
def find_calendar(name: str) -> WorkingDays:
    """Return the calendar of a name.

    Raises:
        MissingLibraryError: the library is not installed, or broken.
        UnknownCalendarError: it has no such calendar.
    """
    if not has_library():
        raise MissingLibraryError(CALENDARS_NEED)
    try:
        import holidays
    except ImportError as error:
        raise MissingLibraryError(f"the library holidays is broken ({error}); install it again") from None
    country, _, part = name.strip().upper().partition("-")
    try:
        if country in holidays.list_supported_countries(include_aliases=False):
            found: WorkingDays = holidays.country_holidays(country, subdiv=part or None)
        else:
            found = holidays.financial_holidays(country)
    except NotImplementedError:
        raise UnknownCalendarError(
            f'"{name}" is no calendar of the library holidays; write a country (DE), a part of one (DE-BY), or ECB'
        ) from None
    return found


def next_working_day(day: date, calendar: WorkingDays) -> date:
    """Return the first working day after a day."""
    day += timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day
