"""The rule for reviews: a grave incident is read, and agreed with, in time (template section 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow, rows_in
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.records.kind_words import has_agreed
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.settings import Settings


def review_rows(page: CheckedPage) -> list[CheckedRow]:
    """Return the rows of the page's review records that say anything."""
    return [
        row for _, table, file in page.tables_named("review-record") for row in rows_in(table, file) if not row.is_empty
    ]


def _page(state: str) -> str:
    return (
        ":::{incident-summary} SEC-1\n:date: 2026-03-02\n:severity: SEV-1\n:status: in-review\n\nText.\n:::\n\n"
        ":::{review-record}\n| Who | Role | Read on | Agreed / state |\n|---|---|---|---|\n"
        f"| platform | service owner | 2026-03-09 | {state} |\n:::\n"
    )


@check(
    "review-due",
    "warning",
    source="template section 1; PagerDuty Postmortem Guide; Google SRE Workbook, chapter 10",
    bad=_page("asked for a second look"),
    good=_page("agreed"),
    settings={"today": "2026-04-02", "review_days": {"SEV-1": 14}},
)
def review_due(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each reader of the review record has read and agreed in the days that `postmortem_review_days` gives a severity.

    They are counted from the last day of the incident; before they are over on `postmortem_today`, nothing is said.
    """
    due = _due(page, settings)
    if due is None or settings.today is None or settings.today <= due:
        return
    rows = review_rows(page)
    if not rows:
        message = f"{page.incident_id} ({page.severity}) had to be read and agreed by {due}, and no review is recorded"
        yield Hit(page.line, f"{message}; hold the review, and write its readers into a `review-record`")
    for row in rows:
        if missing := _missing(row, settings.today):
            who = row.cell("who").strip("*_` ") or "a reader"
            mend = "write the day and what was agreed, or what is still open"
            yield Hit(row.line, f"the review was due on {due}, and {who} {missing}; {mend}", file=row.file)


def _due(page: CheckedPage, settings: Settings) -> date | None:
    by_severity = {name.casefold(): number for name, number in settings.review_days.items()}
    days = by_severity.get(page.severity.casefold())
    if page.days is None or days is None:
        return None
    try:
        return page.days[1] + timedelta(days=days)
    except OverflowError:
        return None


def _missing(row: CheckedRow, today: date) -> str:
    """Return what a reader has not done; empty where the postmortem was read and agreed."""
    try:
        read_on = parse_date(row.cell("read on").strip("*_` "))
    except BadDateError:
        return "has not read the postmortem"
    if read_on > today:
        return f"reads the postmortem on {read_on} only"
    return "" if has_agreed(row.cell("agreed")) else "has not agreed"
