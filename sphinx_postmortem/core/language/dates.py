"""Writes months and days in the words of the build's language. Tables and data have YYYY-MM-DD in all languages."""

from __future__ import annotations

from datetime import date

from sphinx_postmortem.core.language.texts import later, say

MONTHS = (
    *(later("January"), later("February"), later("March"), later("April"), later("May"), later("June"), later("July")),
    *(later("August"), later("September"), later("October"), later("November"), later("December")),
)


def month_and_year(day: date) -> str:
    """Return the month and year of a day: ``March 2026``."""
    return say("{month} {year}", month=say(MONTHS[day.month - 1]), year=day.year)


def day_and_month(day: date) -> str:
    """Return a day without its year: ``2 March``."""
    return say("{day} {month}", day=day.day, month=say(MONTHS[day.month - 1]))


def whole_day(day: date) -> str:
    """Return a day with its year: ``2 March 2026``."""
    return say("{day} {month} {year}", day=day.day, month=say(MONTHS[day.month - 1]), year=day.year)
