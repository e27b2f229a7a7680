"""Rules for the milestones of rows, and for what a page states twice: times, dates, severity, TLP label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow, plain_value
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.time_text import ALL_TIMES, TIMES_IN, ZONES, written_day
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import severities_in_english
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive
from sphinx_postmortem.core.records.milestone_names import proposed
from sphinx_postmortem.core.records.spans import certainly_before, format_duration
from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.times import BadTimeError, Moment
from sphinx_postmortem.core.records.translated_times import in_english
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template sections 3 and 4"
_WITH_MILESTONE = "| Time (UTC) | Event | Milestone |"
_COLONS_OF_TWO = 2
_MOST_DAYS_APART = timedelta(hours=14)  # no zone is farther from UTC
_UTC = expression(r"\b(?:UTC|GMT|Zulu)\b")


def timeline_text(*rows: str, head: str = "| Time (UTC) | Event |") -> str:
    """Return a timeline as pages write it, for the examples of rules."""
    return "\n".join([":::{timeline}", head, "|---" * (head.count("|") - 1) + "|", *rows, ":::", ""])


_DETECTED = "| 2026-03-02 01:14 | Alert detected |"
_DONE = "| 2026-03-02 05:34 | Recovery completed |"


@check(
    Code.MILESTONE_TWICE,
    "error",
    source=_SOURCE,
    bad=timeline_text(_DETECTED, _DONE, "| 2026-03-02 07:00 | Recovery completed |"),
    good=timeline_text(_DETECTED, _DONE, "| 2026-03-02 07:00 | Traffic is as it was |"),
)
def milestone_twice(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No milestone stands in two rows with times that cannot both be right: durations would hang on one of them."""
    first: dict[str, CheckedRow] = {}
    for row in page.all_events:
        known = first.get(row.milestone)
        if row.milestone and known is None:
            first[row.milestone] = row
        elif known is not None and known.moment and row.moment and _differ(known.moment, row.moment):
            message = (
                f'"{row.milestone}" is timed {known.moment} in line {known.line} and {row.moment} here; '
                "mend one of the times, or word one of the events in another way"
            )
            yield Hit(row.line, message, file=row.file)


def _differ(one: Moment, other: Moment) -> bool:
    return certainly_before(one, other) or certainly_before(other, one)


@check(
    "unknown-milestone",
    "error",
    source=_SOURCE,
    bad=timeline_text("| 2026-03-02 01:14 | A call | Alert detect |", head=_WITH_MILESTONE),
    good=timeline_text("| 2026-03-02 01:14 | A call | Alert detected |", head=_WITH_MILESTONE),
)
def unknown_milestone(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A column Milestone names milestones of the site, or synonyms: others begin and end no duration."""
    stated = [row for row in page.all_events if row.cell("milestone")]
    if not stated:
        return
    names = settings.milestone_names
    for row in stated:
        written = row.cell("milestone")
        if names.stated(written) is None:
            near = names.nearest(written)
            mend = f'write "{near}"' if near else f"write one of {', '.join(names.names)}"
            yield Hit(row.line, f'there is no milestone "{written}"; {mend}, or add it to the settings', file=row.file)


@check(
    "milestone-proposed",
    "warning",
    source="template section 4",
    bad=timeline_text("| 2026-03-02 01:14 | Pager rang | Alert detected (proposed) |", head=_WITH_MILESTONE),
    good=timeline_text("| 2026-03-02 01:14 | Pager rang | Alert detected |", head=_WITH_MILESTONE),
)
def milestone_proposed(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A milestone that an import proposes counts for none, until its author takes "(proposed)" away."""
    for row in page.all_events:
        if milestone := proposed(row.cell("milestone")):
            message = f'the milestone "{milestone}" is proposed; take "(proposed)" away, or the milestone'
            yield Hit(row.line, message, file=row.file)


@check(
    Code.SECOND_TIME,
    "error",
    source=_SOURCE,
    bad=timeline_text("| 2026-07-14 11:18 | 12:18 | Alert detected |", head="| Time (UTC) | Time (CEST) | Event |"),
    good=timeline_text("| 2026-07-14 11:18 | 13:18 | Alert detected |", head="| Time (UTC) | Time (CEST) | Event |"),
)
def second_time(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A second column of times, and a second time in a cell, say the same as the first, each in its zone."""
    for directive, table, file in page.timelines:
        columns = find_time_columns(table.header)
        if columns.second is None or columns.second_zone is None:
            yield from _apart_in_cells(table, columns, file)
            continue
        apart = dict(_rows_apart(table, columns))
        title = table.header[columns.second].strip("*_` ")
        if len(apart) > 1 and len(apart) == _rows_with_both(table, columns) and len(set(apart.values())) == 1:
            by = _signed(next(iter(apart.values())))
            message = f'the column "{title}" is {by} off the first time in each row; mend its title or its times'
            yield Hit(directive.line, message, file=directive.file)
            continue
        for line, difference in apart.items():
            by = _signed(difference)
            yield Hit(line, f'the time in "{title}" is {by} off the first time of the row; mend one of them', file=file)


def _apart_in_cells(table: Table, columns: TimeColumns, file: str) -> Iterator[Hit]:
    """Yield the rows whose time states itself twice, as in ``10:00 UTC (12:00 CEST)``, and differs."""
    for row in table.rows:
        if columns.time is None or row.cells[columns.time].count(":") < _COLONS_OF_TWO:
            continue
        try:
            reading = columns.read(row.cells)
        except BadTimeError:
            continue
        one, other = reading.moment, reading.second
        if other is None or not (one.is_exact and other.is_exact) or one.utc is None or other.utc is None:
            continue
        if apart := _to_the_minute(other.utc) - _to_the_minute(one.utc):
            message = f'"{one.written}" names two times, {_signed(apart)} apart; mend one of them'
            yield Hit(row.line, message, file=file)


def _rows_apart(table: Table, columns: TimeColumns) -> Iterator[tuple[int, timedelta]]:
    """Yield the line of each row whose two times differ, and by how much the second is later."""
    for row in table.rows:
        both = _both_times(row.cells, columns)
        if both is None:
            continue
        one, other = both
        apart = _to_the_minute(other) - _to_the_minute(one)
        if "-" not in row.cells[columns.second or 0] and abs(apart) > _MOST_DAYS_APART:
            apart -= timedelta(days=1) * (1 if apart > timedelta() else -1)  # a clock alone may be of the next day
        if apart:
            yield row.line, apart


def _rows_with_both(table: Table, columns: TimeColumns) -> int:
    return sum(_both_times(row.cells, columns) is not None for row in table.rows)


def _both_times(cells: tuple[str, ...], columns: TimeColumns) -> tuple[datetime, datetime] | None:
    """Return the instants of a row's two times where both are exact."""
    second = columns.read_second(cells)
    try:
        first = columns.read(cells)
    except BadTimeError:
        return None
    if second is None or not (first.moment.is_exact and second.moment.is_exact):
        return None
    one, other = first.moment.utc, second.moment.utc
    return (one, other) if one is not None and other is not None else None


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _signed(apart: timedelta) -> str:
    return format_duration(abs(apart))


@check(
    "zone-unstated",
    "note",
    source="template section 4",
    bad=timeline_text(_DETECTED, head="| Time | Event |"),
    good=timeline_text(_DETECTED),
)
def zone_unstated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The zone of the times is stated: in the title of the column, in a cell, or in a sentence. Else UTC is read."""
    for directive, table, _ in page.timelines:
        columns = find_time_columns(table.header)
        if columns.time is None or columns.zone is not None or columns.faults or not table.rows:
            continue
        if any(row.moment and row.moment.has_zone for row in page.all_events) or _says_zone(page):
            continue
        title = table.header[columns.time].strip("*_` ")
        message = f'no zone is stated, so the times are read as UTC; write "{title} (UTC)", or the zone they are in'
        yield Hit(directive.line, message, file=directive.file)
        return


def _says_zone(page: CheckedPage) -> bool:
    texts = [prose.text for prose in page.source.prose] + [heading.text for heading in page.source.headings]
    return any(_UTC.search(text) or (_of_times(text) and ZONES.search(text)) for text in texts)


def _of_times(text: str) -> bool:
    return bool(ALL_TIMES.search(text) or TIMES_IN.search(text))


# --- what the summary says, and what stands elsewhere

_SUMMARY = """:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:tlp: AMBER

A stolen token published a package.
:::

"""
_TLP = expression(rf"\bTLP\s?[:-]\s?(?P<label>{'|'.join(re.escape(label) for label in TLP_LABELS)}|WHITE)(?![\w+])")
_OTHER_COPY = expression(
    r"\b(?:saniti[sz]ed|redacted|edition|version|copy|copies|derived|raised|lowered|public)\b", re.IGNORECASE
)
_OTHER_SEVERITY = expression(
    r"\b(?:upgrad|downgrad|rais|lower|initial|first|at that time|then|until|from|previous|would|should|could|if|"
    r"similar|polic|any|every|other|all|or|and|instead|not|earlier|later)\w*",
    re.IGNORECASE,
)


@check(
    Code.TLP_STATED,
    "error",
    source="template section 3; Traffic Light Protocol 2.0",
    bad=_SUMMARY + "This report is TLP:GREEN.\n",
    good=_SUMMARY + "This report is TLP:AMBER.\n",
)
def tlp_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A TLP label in the text is that of the summary; a line about another copy or edition may name another."""
    if len(page.source.named("incident-summary")) != 1 or page.summary is None:
        return
    label = _label(page.summary)
    for prose in page.source.prose if label else ():
        found = {match["label"] for match in _TLP.finditer(prose.text)} if "TLP" in prose.text else set[str]()
        is_marked = prose.directive is not None and bool(page.marks(prose.directive))
        if len(found) == 1 and label not in found and not is_marked and not _OTHER_COPY.search(prose.text):
            message = f"the text says TLP:{found.pop()}, the summary TLP:{label}; mend one of them"
            yield Hit(prose.number, message, file=prose.file)


def _label(summary: Directive) -> str:
    return plain_value(summary.option("tlp")).upper().removeprefix("TLP:").strip()


@check(
    Code.SEVERITY_STATED,
    "error",
    source=_SOURCE,
    bad=_SUMMARY + timeline_text("| 2026-03-02 01:40 | Severity declared: SEV-3 |"),
    good=_SUMMARY + timeline_text("| 2026-03-02 01:40 | Severity declared: SEV-1 |"),
)
def severity_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The severity that the last row about it declares, and that a sentence gives the incident, is the summary's."""
    known = {_plain(name): name for name in settings.severities}
    own = _plain(page.severity)
    if own not in known or len(page.source.named("incident-summary")) != 1:
        return
    names = "|".join(re.escape(name) for name in known.values())
    named = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)
    rows = [
        (row, found)
        for row in page.all_events
        if _is_of_severity(row) and (found := named.findall(severities_in_english(row.cell("event"))))
    ]
    if rows and own not in {_plain(name) for name in rows[-1][1]}:
        row, found = rows[-1]
        yield Hit(row.line, f"the row says {found[-1]}, the summary {page.severity}; mend one of them", file=row.file)
    said = re.compile(
        r"(?:\b(?:this|the incident) (?:was|is) (?:classified as |rated |declared |an? )?|"
        rf"\bseverity:?\W{{0,6}}(?:is |was )?)(?P<name>{names})(?![\w-])",
        re.IGNORECASE,
    )
    for prose in page.source.prose:
        folded = prose.text.casefold()
        match = said.search(prose.text) if any(name in folded for name in known) else None
        is_row = prose.text.lstrip().startswith("|")
        if match and not is_row and _plain(match["name"]) != own and not _OTHER_SEVERITY.search(prose.text):
            message = f"the text says {match['name']}, the summary {page.severity}; mend one of them"
            yield Hit(prose.number, message, file=prose.file)


def _is_of_severity(row: CheckedRow) -> bool:
    return row.milestone == "Severity declared" or bool(re.match(r"\W*severity\b", row.cell("event"), re.IGNORECASE))


def _plain(text: str) -> str:
    return text.casefold().strip()


_TITLE_DAY = expression(r"(?<![\d-])(\d{4}-\d{2}-\d{2})(?![\d-])")
_NAMED_DAY = expression(
    r"(?<![\w.:-])(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?),? \d{4}"
    r"(?![\w:-])"
)
_LONGEST_OPENING = 60


@check(
    Code.DATE_STATED,
    "error",
    source=_SOURCE,
    bad="# Outage of 2026-03-12\n\n" + _SUMMARY + timeline_text(_DETECTED),
    good="# Outage of 2026-03-02\n\n" + _SUMMARY + timeline_text(_DETECTED),
)
def date_stated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The date in the page's title, and that with which the summary's text begins, is one of the incident's days."""
    known = [day for row in page.all_events if row.moment for day in row.moment.days] + list(page.days or ())
    if not known:
        return
    first, last = min(known), max(known)
    for number, text, file in _dated_texts(page):
        for written in _days_in(text):
            if not first.isoformat() <= written <= last.isoformat():
                days = f"{first}" if first == last else f"{first} to {last}"
                yield Hit(number, f"the text says {written}, the incident was on {days}; mend one of them", file=file)


def _dated_texts(page: CheckedPage) -> Iterator[tuple[int, str, str]]:
    for heading in page.source.headings[:1]:
        if heading.level == 1:
            yield heading.line, heading.text, heading.file
    for prose in page.source.prose:
        if prose.directive is not None and prose.directive is page.summary:
            if day := _opening_day(prose.text):
                yield prose.number, day, prose.file
            return


def _days_in(text: str) -> Iterator[str]:
    """Yield the days that a text states with their year, as YYYY-MM-DD."""
    text = in_english(text)
    yield from _TITLE_DAY.findall(text)
    for named in _NAMED_DAY.findall(text):
        if day := written_day(named):
            yield day


def _opening_day(text: str) -> str:
    """Return the day with which a text begins, as in "On 2 March 2026 …" or "Am 2. März 2026 …"; else nothing."""
    opening = text[:_LONGEST_OPENING].lstrip("*_ ")
    translated = in_english(opening)
    begins_with_on = opening[:3].casefold() == "on "
    day = translated[3:] if begins_with_on else translated if translated[:10] != opening[:10] else ""
    found = _TITLE_DAY.match(day) or _NAMED_DAY.match(day)
    return found[0] if found else ""
