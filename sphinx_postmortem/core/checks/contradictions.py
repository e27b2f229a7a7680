"""Rules for the milestones of rows, and for times that a timeline states twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.word_places import possible_phrases
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.milestone_names import proposed
from sphinx_postmortem.core.records.spans import certainly_before, format_duration
from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.times import BadTimeError, Moment
from sphinx_postmortem.core.records.times_of_page import ALL_TIMES, TIMES_IN, ZONES
from sphinx_postmortem.core.records.translated_statements import (
    InEnglish,
    has_words_of_others,
    statement_in_english,
    words_of_others,
)
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template sections 3 and 4"
_WITH_MILESTONE = "| Time (UTC) | Event | Milestone |"
_COLONS_OF_TWO = 2
_MOST_DAYS_APART = timedelta(hours=14)  # no zone is farther from UTC
_UTC = expression(r"\b(?:UTC|GMT|Zulu)\b")


@lru_cache(maxsize=1)  # several rules look at the paragraphs of one page before the next
def is_all_english(page: CheckedPage) -> bool:
    """Say whether a page holds none of the words with which statements in other languages are recognised."""
    if not possible_phrases(page, words_of_others()):
        return True
    included = (each.text for each in page.source.prose if each.file)
    return not has_words_of_others("\n".join([*page.source.lines, *included]))


def english_statement(page: CheckedPage, text: str) -> InEnglish:
    """Return a text of a page in English; on most pages nothing is in another language."""
    return InEnglish(text, text) if is_all_english(page) else statement_in_english(text)


def phrases_on(page: CheckedPage, phrases: Sequence[str]) -> Sequence[str]:
    """Return those of some English phrases, in lower case, that a page may hold, in whatever language."""
    return possible_phrases(page, phrases) if is_all_english(page) else phrases


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
