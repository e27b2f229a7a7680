"""Rules for the incident summary (template section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sphinx_postmortem.core.checks.page import IMPACT_OPTIONS, CheckedPage, plain_value
from sphinx_postmortem.core.checks.registry import Hit, check, site_check
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.knowledge import id_used
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES
from sphinx_postmortem.core.settings import Settings

NO_SUMMARY = "the page has no incident summary; write `:::{incident-summary} ID` above its other parts"
FIELDS = ("date", "severity", "type", "tlp", *IMPACT_OPTIONS)

_GOOD = """:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:type: Security
:status: in-review
:tlp: AMBER
:customer-impact: None.
:operational-impact: Releases were frozen for nine hours.
:regulatory-impact: None: no personal data was reached.

A stolen token published a package; the package was withdrawn.
:::
"""
_TIMELINE = """:::{timeline}
| Time (UTC) | Event |
|---|---|
| 2026-03-02 01:14 | Alert detected |
:::
"""


@check(Code.SUMMARY_MISSING, "error", source="template section 3", in_build=True, bad=_TIMELINE, good=_GOOD + _TIMELINE)
def summary_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A postmortem has an incident summary."""
    if page.summary is None:
        first = min((page.source.own_line(directive.place) for directive in page.source.directives), default=1)
        yield Hit(first, NO_SUMMARY)


@check(
    "summary-field",
    "error",
    source="template section 3",
    incomplete=True,
    bad=":::{incident-summary} SEC-1\n:severity: SEV-1\n\nWhat happened.\n:::\n",
    good=_GOOD,
)
def summary_field(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Every field of the summary is stated: date, severity, type, TLP label, three impacts, and the text."""
    for summary in page.source.named("incident-summary"):
        for name in FIELDS:
            written = summary.option(name) or (summary.option("dates") if name == "date" else "")
            if not written.strip():
                yield Hit(
                    summary.line,
                    f"the summary has no {name}; write `:{name}:`, and say so if there is none",
                    file=summary.file,
                )
        has_body = any(line.text.strip() for line in summary.body)
        if has_body and not any(line.text.strip() for line in page.source.written(summary)):
            yield Hit(
                summary.line,
                "the summary has no text; say what happened, the impact and the resolution",
                file=summary.file,
            )


@check(
    "summary-status",
    "error",
    source="template sections 3 and 13",
    bad=_GOOD.replace(":status: in-review\n", ""),
    good=_GOOD,
)
def summary_status(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The summary states the status: `draft` (what is missing will be written), `in-review` or `closed`."""
    for summary in page.source.named("incident-summary"):
        if not plain_value(summary.option("status")):
            yield Hit(
                summary.line,
                f"the summary has no status; write `:status:` with {', '.join(INCIDENT_STATUSES)}",
                file=summary.file,
            )


@check(
    "summary-dates",
    "warning",
    source="template sections 3 and 4",
    bad=_GOOD.replace("2026-03-02", "2026-04-02") + _TIMELINE,
    good=_GOOD + _TIMELINE,
)
def summary_dates(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The summary's dates lie within the days of the timeline."""
    known = sorted(day for row in page.all_events if row.moment for day in row.moment.days)
    if page.days is None or not known or page.summary is None:
        return
    first, last = page.days
    line = page.summary.options.get("date") or page.summary.options["dates"]
    for day in dict.fromkeys((first, last)):
        if not known[0] <= day <= known[-1]:
            message = f"{day} is not within the timeline ({known[0]} to {known[-1]}); mend one of them"
            yield Hit(line.number, message, file=line.file)


@site_check(
    Code.INCIDENT_DUPLICATE,
    "error",
    source="template section 3",
    in_build=True,
    bad=_GOOD + _GOOD,
    good=_GOOD + _GOOD.replace("SEC-1", "SEC-2"),
)
def incident_duplicate(pages: Sequence[CheckedPage], settings: Settings) -> Iterator[Hit]:
    """No two incidents of a site have the same id."""
    seen: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.name):
        for summary in page.source.named("incident-summary"):
            key = summary.argument.strip().casefold()
            line = page.source.own_line(summary.place)
            if key in seen:
                yield Hit(line, id_used("incident", summary.argument, seen[key]), file=page.file)
            elif key:
                seen[key] = f"{page.name}, line {line}"


@check(
    "future-date",
    "error",
    source="template section 4",
    bad=_GOOD.replace("2026", "2027"),
    good=_GOOD,
    settings={"today": "2026-11-24"},
)
def future_date(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No date of the incident and no time of its timeline lies after today (setting ``postmortem_today``)."""
    if settings.today is None:
        return
    if page.days and page.summary and page.days[1] > settings.today:
        line = page.summary.options.get("date") or page.summary.options["dates"]
        yield Hit(line.number, f"{page.days[1]} is after today ({settings.today}); mend the date", file=line.file)
    for row in (*page.all_events, *(row for _, _, rows in page.responses for row in rows)):
        if row.moment and row.moment.earliest and row.moment.earliest.date() > settings.today:
            yield Hit(row.line, f"{row.moment} is after today ({settings.today}); mend the time", file=row.file)
