"""Rules for the timeline (template section 4): UTC, no estimates, possible times, order, milestones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import lru_cache
from itertools import groupby

from sphinx_postmortem.core.checks.implied_days import slip_is_certain, written
from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.time_order import Misplaced, misplaced_rows
from sphinx_postmortem.core.checks.time_text import told_once
from sphinx_postmortem.core.checks.word_places import possible_phrases
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader.read_page import Place
from sphinx_postmortem.core.records.spans import certainly_before
from sphinx_postmortem.core.records.tables import shown_title
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.times import Moment, Precision
from sphinx_postmortem.core.records.times_of_page import ALL_TIMES, APPROXIMATE, TIMES_IN, WORDS_OF_ALL_TIMES, ZONES
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 4"
_UTC = expression(r"\b(?:UTC|GMT)\b(?!\s?[+-])")


def _table(*rows: str, head: str = "| Time (UTC) | Event |", fields: str = "") -> str:
    columns = head.count("|") - 1
    return "\n".join([f":::{{timeline}}{fields}", head, "|---" * columns + "|", *rows, ":::", ""])


_START = "| 2026-03-02 01:14 | Alert detected |"
_NEXT = "| 2026-03-02 01:31 | Alert validated |"
_SUMMARY = ":::{incident-summary} SEC-1\n:severity: SEV-3\n\nText.\n:::\n\n"


@check(
    "timeline-missing",
    "error",
    source=_SOURCE,
    incomplete=True,
    bad=_SUMMARY,
    good=_SUMMARY + _table(_START),
)
def timeline_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A postmortem has a timeline with at least one event."""
    if not page.timelines:
        yield Hit(page.line, "the page has no timeline; write `:::{timeline}` with a table of times and events")
    for directive, table, _ in page.timelines:
        if table.header and not table.rows:
            yield Hit(directive.line, "the timeline has no events; write one row for each", file=directive.file)


@check(
    Code.MALFORMED_TABLE,
    "error",
    source="template sections 4 and 10",
    in_build=True,
    any_page=True,
    bad=_table("| 2026-03-02 01:14 | Alert | detected |"),
    good=_table(_START),
)
def malformed_table(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Tables can be read: a header, a line of dashes, and in each row one cell for each column."""
    for directive, table, file in page.tables:
        for problem in table.problems:
            yield Hit(problem.line or directive.line, problem.message, file=file)
    for fault in page.faults:
        if fault.code == "malformed-table":
            yield Hit(fault.line, fault.message, file=fault.file)


def _times(page: CheckedPage, code: str) -> Iterator[Hit]:
    tables = [(*each, rows) for each, rows in zip(page.timelines, page.events, strict=True)]
    tables += [(each, table, rows[0].file if rows else each.file, rows) for each, table, rows in page.responses]
    for directive, table, file, rows in tables:
        faulty = [(row, row.time_fault) for row in rows if row.time_fault is not None]
        chosen = [(row.line, fault) for row, fault in faulty if fault.code == code and not row.is_empty]
        if not chosen:
            continue
        timed = sum(bool(row.cell("time").strip()) for row in rows)
        index = find_time_columns(table.header).time
        title = shown_title(table.header[index]) if index is not None else ""
        for line, fault in told_once(chosen, timed, directive.line, title):
            is_of_column = len(chosen) > 1 and line == directive.line
            yield Hit(line, fault.message, file=directive.file if is_of_column else file)


@check(
    Code.TIME_NOT_UTC,
    "error",
    source=_SOURCE,
    bad=_table("| 2026-03-02 01:14 CET | Alert detected |"),
    good=_table("| 2026-03-02 00:14 | Alert detected |"),
)
def time_not_utc(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """All timestamps are in UTC: no other zone in a cell, in the column's title, or said of all times of the page."""
    for directive, table, _ in (*page.timelines, *page.tables_named("response-table")):
        columns = find_time_columns(table.header)
        for fault in columns.faults:
            yield Hit(directive.line, fault, file=directive.file)
        if columns.zone is not None and columns.zone.in_force:
            mend = "convert them to UTC, or name the zone as in Time (Europe/London)"
            yield Hit(directive.line, f"the times are in {columns.zone.written}; {mend}", file=directive.file)
    for (file, number), text in _said_of_all_times(page):
        zone = ZONES.search(text)
        if zone and zone[0].casefold() not in _zones_of_columns(page) and not _UTC.search(text[: zone.start()]):
            message = f'"{text.strip()}": the times are in another zone ({zone[0]}); convert them to UTC'
            yield Hit(number, message, file=file)
    yield from _times(page, "time-not-utc")


def _zones_of_columns(page: CheckedPage) -> frozenset[str]:
    """Return the zones in the titles of columns, where each table with times has one: a sentence says it again."""
    found = [find_time_columns(table.header) for _, table, _ in page.timelines if table.header]
    zones = [columns.zone.written.casefold() for columns in found if columns.zone is not None]
    return frozenset(zones) if len(zones) == len(found) else frozenset()


@lru_cache(maxsize=1)  # two rules look at it
def _said_of_all_times(page: CheckedPage) -> tuple[tuple[Place, str], ...]:
    """Return what paragraphs and headings say of all times of the page, with their places."""
    said: list[tuple[Place, str]] = []
    wanted = possible_phrases(page, WORDS_OF_ALL_TIMES)
    for line, prose in page.paragraphs if wanted else ():
        # A sentence may be broken over two lines.
        text = line.text.replace("\n", " ")
        folded = text.lower()
        for match in ALL_TIMES.finditer(text) if any(words in folded for words in wanted) else ():
            said.append(((prose.file, line.number + line.text.count("\n", 0, match.start())), match[0]))
    for heading in page.source.headings:
        folded = heading.text.lower()
        found = [*ALL_TIMES.finditer(heading.text)] if any(words in folded for words in WORDS_OF_ALL_TIMES) else []
        found += TIMES_IN.finditer(heading.text) if "time" in folded else ()
        said += ((heading.place, match[0]) for match in found)
    return tuple(said)


@check(
    Code.TIME_OFFSET,
    "note",
    source=_SOURCE,
    bad=_table("| 2026-03-02T02:14:00+01:00 | Alert detected |"),
    good=_table("| 2026-03-02T01:14:00Z | Alert detected |"),
)
def time_offset(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Times are written in UTC. One with its offset (RFC 3339) is exact, and builds show it in UTC."""
    for (_, _, file), rows in zip(page.timelines, page.events, strict=True):
        found = [(row.line, row.time_fault) for row in rows if row.time_fault and row.time_fault.code == "time-offset"]
        if found:
            line, first = found[0]
            more = f"; so are {len(found) - 1} more, which `check --fix` writes in UTC" if len(found) > 1 else ""
            yield Hit(line, f"{first.message}{more}", file=file)


@check(
    Code.TIME_ESTIMATE,
    "error",
    source=_SOURCE,
    bad=_table("| 2026-03-02 ~01:14 | Alert detected |"),
    good=_table(_START, "| unknown | Alert validated |"),
)
def time_estimate(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No estimates: no `~`, "around", "early morning", "TBC", range with one end, or date without time.

    What nobody knows is written `unknown`; a row with a text in the column Precision may hold an estimate.
    """
    for (file, number), text in _said_of_all_times(page):
        match = APPROXIMATE.search(text)
        if match and not any(row.cell("precision") for row in page.all_events):
            message = f'"{text.strip()}" calls the times estimates; write exact ones, "unknown", or a column Precision'
            yield Hit(number, message, file=file)
    yield from _times(page, "time-estimate")


@check(
    Code.TIME_FORMAT,
    "error",
    source=_SOURCE,
    bad=_table("| 2 March, 01:14 | Alert detected |"),
    good=_table(_START),
)
def time_format(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Times are written `YYYY-MM-DD HH:MM`, with seconds if known, or as RFC 3339."""
    yield from _times(page, "time-format")


@check(
    Code.TIME_IMPOSSIBLE,
    "error",
    source=_SOURCE,
    bad=_table("| 22025-03-02 01:14 | Alert detected |", "| 2026-02-30 25:61 | Alert validated |"),
    good=_table(_START),
)
def time_impossible(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Times are possible: no year of five digits or before 1970, no 30 February, no hour 25.

    No range ends before it begins.
    """
    yield from _times(page, "time-impossible")


@check(
    "time-weekday",
    "error",
    source=_SOURCE,
    bad=_table("| Monday 2026-03-04 01:14 | Alert detected |"),
    good=_table("| 2026-03-04 01:14 | Alert detected |"),
)
def time_weekday(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The day of the week that a time names is that of its date: 2026-03-04 is a Wednesday, and no Monday."""
    yield from _times(page, "time-weekday")


@check(
    Code.TIME_SLIP,
    "error",
    source=_SOURCE,
    bad=_table(_START, _NEXT, "| 2025-03-02 01:54 | Severity declared |", "| 2026-03-02 02:00 | Recovery completed |"),
    good=_table(_START, _NEXT, "| 2026-03-02 01:54 | Severity declared |", "| 2026-03-02 02:00 | Recovery completed |"),
)
def time_slip(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No time disagrees with all others in its year, its month or its day alone."""
    for rows, moments, block in _blocks(page):
        found, row = block[0], rows[block[0].index]
        if found.probably is None:
            continue
        is_certain = len(block) == 1 and slip_is_certain(moments, found)
        has_seconds = row.moment is not None and row.moment.has_seconds
        zone = row.moment.local_zone if row.moment is not None else UTC
        probably, stated = found.probably.astimezone(zone), str(row.moment)
        if row.moment is not None and row.moment.offset:  # as its author has it, and not in UTC
            stated = f'"{row.moment.written}"'
        is_day = row.moment is not None and row.moment.unit is Precision.DAY
        shown = f"{probably:%Y-%m-%d}" if is_day else written(probably, has_seconds=has_seconds)
        cure = f"{'write' if is_certain else 'probably'} {shown}"
        why = f"has another {found.field} than its neighbours"
        if found.field == "midnight":
            why = "is after midnight, but has the date of the day before"
        if len(block) > 1:
            cure += f", and so on for the {len(block)} rows to line {rows[block[-1].index].line}"
        yield Hit(row.line, f"{stated} {why}; {cure}", file=row.file)


def _blocks(page: CheckedPage) -> Iterator[tuple[list[CheckedRow], list[Moment | None], list[Misplaced]]]:
    """Yield the rows of each timeline and their times with each block of rows that stands out of the order of time."""
    for rows, found in zip(page.events, _misplaced_on(page), strict=True):
        moments = [row.moment for row in rows] if found else []
        for _, block in groupby(found, key=lambda each: each.first):
            yield rows, moments, list(block)


@lru_cache(maxsize=1)  # two rules look at the rows of a page
def _misplaced_on(page: CheckedPage) -> tuple[tuple[Misplaced, ...], ...]:
    return tuple(misplaced_rows([row.moment for row in rows], page.days) for rows in page.events)


@check(
    Code.TIMELINE_ORDER,
    "error",
    source=_SOURCE,
    bad=_table(_NEXT, _START),
    good=_table(_START, "| unknown | Severity declared |", _NEXT),
)
def timeline_order(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Rows stand in the order of time. A time that is a slip is reported as that, and not here.

    Neighbouring rows that were moved or pasted together are one finding.
    """
    for rows, _, block in _blocks(page):
        found, row = block[0], rows[block[0].index]
        if found.probably is not None:
            continue
        other, last = rows[found.after], rows[block[-1].index]
        where = "after" if found.after < found.index else "before"
        says = f"{row.moment} stands {where} {other.moment} (line {other.line}); mend it or move the row"
        if len(block) > 1 and found.is_turned:
            says = f"the rows to line {last.line} run from the latest to the earliest; turn their order round"
        elif len(block) > 1:
            block_of = f"the {len(block)} rows to line {last.line}, {row.moment} to {last.moment},"
            says = f"{block_of} stand {where} {other.moment} (line {other.line}); mend their times or move the rows"
        yield Hit(row.line, says, file=row.file)


@check(
    "timeline-duplicate",
    "warning",
    source=_SOURCE,
    bad=_table(_START, _START),
    good=_table(_START, _NEXT),
)
def timeline_duplicate(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No row stands twice, with the same time and event. Neighbouring rows that do so together are one finding."""
    for rows in page.events:
        known: dict[tuple[str, str], int] = {}
        repeats: list[list[tuple[int, int]]] = []  # of each block, its rows and those that they repeat
        for index, row in enumerate(rows):
            time = str(row.moment) if row.moment and row.moment.is_known else " ".join(row.cell("time").split())
            key = (time, " ".join(row.cell("event").casefold().split()))
            first = known.setdefault(key, index)
            if first == index or row.is_empty:
                continue
            if repeats and repeats[-1][-1] == (index - 1, first - 1):
                repeats[-1].append((index, first))
            else:
                repeats.append([(index, first)])
        for block in repeats:
            (index, first), (last, last_first) = block[0], block[-1]
            says = f"the row repeats that of line {rows[first].line}; remove one of them"
            if len(block) > 1:
                lines = f"{rows[first].line} to {rows[last_first].line}"
                says = (
                    f"the {len(block)} rows to line {rows[last].line} repeat those of lines {lines}; remove one of each"
                )
            yield Hit(rows[index].line, says, file=rows[index].file)


@check(
    "milestone-missing",
    "warning",
    source=_SOURCE,
    incomplete=True,
    bad=_SUMMARY + _table(_START),
    good=_SUMMARY + _table(_START, "| 2026-03-02 05:00 | Recovery completed |"),
)
def milestone_missing(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The timeline has the milestones that its severity needs; one that nobody can time has the time `unknown`.

    An incident of the type Availability has no threat, so it needs no "Threat neutralized".
    """
    if not page.all_events:
        return
    present = {row.milestone for row in page.all_events}
    if page.type == "availability":
        present.add("Threat neutralized")
    for name in settings.required_for(page.severity):
        if name not in present:
            message = f'{page.severity} needs the milestone "{name}"; begin an event with it, at `unknown` if need be'
            yield Hit(page.timelines[0][0].line, message)


@check(
    Code.MILESTONE_ORDER,
    "error",
    source=_SOURCE,
    in_build=True,
    bad=_table("| 2026-03-02 01:14 | Alert validated |", "| 2026-03-02 01:31 | Alert detected |"),
    good=_table(_START, _NEXT),
)
def milestone_order(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No milestone is timed before one that must precede it (setting `postmortem_milestone_order`)."""
    yield from misordered(page.all_events, settings)


def misordered(rows: Iterable[CheckedRow], settings: Settings) -> Iterator[Hit]:
    """Yield the rows whose milestone is timed before one that must precede it."""
    first: dict[str, CheckedRow] = {}
    for row in rows:
        known = first.get(row.milestone)
        if row.milestone and row.moment and (known is None or _is_before(row, known)):
            first[row.milestone] = row
    for earlier, later in settings.milestone_order:
        one, other = first.get(earlier), first.get(later)
        if one and other and _is_before(other, one):
            message = f'"{later}" ({other.moment}) is before "{earlier}" ({one.moment}); mend one of the times'
            yield Hit(other.line, message, file=other.file)


def _is_before(one: CheckedRow, other: CheckedRow) -> bool:
    """Say whether one row is earlier than another whatever is not known of both."""
    return one.moment is not None and other.moment is not None and certainly_before(one.moment, other.moment)


@check(
    "event-evidence",
    "warning",
    source=_SOURCE,
    bad=_table(_START),
    good=_table("| 2026-03-02 01:14 | Alert detected | siem:4711 |", head="| Time (UTC) | Event | Evidence |"),
    settings={"evidence": ["events"]},
)
def event_evidence(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each event names its evidence in a column Evidence, where `postmortem_evidence` holds "events"."""
    if "events" not in settings.evidence:
        return
    for row in page.all_events:
        if not row.is_empty and not (row.cell("evidence") or row.cell("source")):
            yield Hit(row.line, "the event names no evidence; write it in a column Evidence", file=row.file)
