"""Rules for what a row states of how long it took: a begin and an end, a duration, the time since the first row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sphinx_postmortem.core.checks.contradictions import timeline_text
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.spans import Span, span_between
from sphinx_postmortem.core.records.stated_durations import StatedDuration, find_durations
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.time_columns import TimeColumns, find_time_columns
from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError, Moment
from sphinx_postmortem.core.settings import Settings

_HEAD = "| Start (UTC) | End (UTC) | Duration | Event |"
_ENDS = frozenset(["end", "end time", "ended", "finish", "finished", "until", "to", "stop", "end utc"])
_DURATIONS = frozenset(["duration", "length", "took", "time taken"])
_SINCE = frozenset(
    ["elapsed", "elapsed time", "relative", "t+", "offset", "since start", "time since start", "delta t0"]
)
_LABEL = expression(
    r"\A[\s|*_>+-]*+(?:(?P<start>(?:incident |outage )?(?:start(?:ed)?|began|begin|reported)(?: time| at)?)|"
    r"(?P<end>(?:incident |outage )?(?:end(?:ed)?|resolved|finished)(?: time| at)?)|"
    r"(?P<duration>(?:total |incident |outage )?(?:duration|downtime)))(?: \([A-Z]{3,4}\))?"
    r"[*_\s]*+[:|][*_\s]*+(?P<value>[^|\n]{1,60})",
    re.IGNORECASE,
)
_NEAR = 12  # lines
_CLOCK = expression(r"[T+ ]{0,3}(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?")
_NUMBER = expression(r"\d{1,6}")
_HALF_A_DAY = timedelta(hours=12)
_MINUTE, _HOUR = 60, 3600
_FEWEST = 2


@dataclass(frozen=True)
class _Columns:
    """The columns of a table that state spans, beside those of its times."""

    times: TimeColumns
    end: int | None
    duration: int | None
    since: int | None


@check(
    Code.ROW_SPAN,
    "error",
    source="template section 4",
    bad=timeline_text("| 2026-03-02 01:14 | 02:44 | 30 min | Triage |", head=_HEAD),
    good=timeline_text("| 2026-03-02 01:14 | 02:44 | 90 min | Triage |", head=_HEAD),
)
def row_span(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The end of a row is not before its begin, its duration lies between them, and "elapsed" counts from one row.

    So it is with lines such as "Start: …", "End: …" and "Duration: …".
    """
    for _, table, file in page.timelines:
        columns = _columns(table.header)
        if columns is None:
            continue
        read = [(row.line, row.cells, _time(columns.times, row.cells)) for row in table.rows]
        for line, cells, begin in read:
            if begin is not None and (message := _of_row(columns, cells, begin)):
                yield Hit(line, message, file=file)
        yield from (Hit(line, message, file=file) for line, message in _since_start(columns, read))
    yield from _labelled(page)


def _labelled(page: CheckedPage) -> Iterator[Hit]:
    """Yield the lines with a duration that is not that between the start and the end that lines near them state."""
    if not any("uration" in prose.text or "owntime" in prose.text for prose in page.source.prose):
        return
    seen: dict[str, tuple[int, Moment | StatedDuration]] = {}
    for number, prose in enumerate(page.source.prose):
        match = _LABEL.match(prose.text) if ":" in prose.text or "|" in prose.text else None
        if match is None:
            continue
        kind = next(name for name in ("start", "end", "duration") if match[name])
        value = _stated(match["value"]) if kind == "duration" else _moment(match["value"])
        if value is not None:
            seen[kind] = (number, value)
        near = {name: each for name, (at, each) in seen.items() if number - at <= _NEAR}
        start, end, duration = near.get("start"), near.get("end"), near.get("duration")
        if not (isinstance(start, Moment) and isinstance(end, Moment) and isinstance(duration, StatedDuration)):
            continue
        span, place = span_between(start, end), page.source.prose[seen["duration"][0]]
        seen.clear()
        if span is not None and not duration.agrees_with(span):
            message = f'"{duration.words}" is stated, and from the start to the end it is {span}; mend one of them'
            yield Hit(place.number, message, file=place.file)


def _moment(text: str) -> Moment | None:
    try:
        return read_time(text.strip(" *_`|")).moment
    except BadTimeError:
        return None


def _columns(header: Sequence[str]) -> _Columns | None:
    times = find_time_columns(header)
    keys = [column_key(title) for title in header]

    def first(names: frozenset[str]) -> int | None:
        return next((at for at, key in enumerate(keys) if key in names and at not in (times.time, times.day)), None)

    found = _Columns(times, first(_ENDS), first(_DURATIONS), first(_SINCE))
    has_any = found.duration is not None or found.since is not None or found.end is not None
    return found if times.time is not None and has_any else None


def _time(columns: TimeColumns, cells: Sequence[str]) -> Moment | None:
    try:
        return columns.read(cells).moment
    except BadTimeError:
        return None


def _of_row(columns: _Columns, cells: Sequence[str], begin: Moment) -> str:
    """Say what is wrong with a row's end, or with its duration."""
    end = _end(columns, cells, begin)
    if end is not None and begin.utc is not None and end.utc is not None and end.utc < begin.utc:
        return f"the row ends at {end}, before it begins ({begin}); mend one of them"
    span = span_between(begin, end)
    stated = _stated(cells[columns.duration]) if columns.duration is not None else None
    if span is None or stated is None or stated.agrees_with(span):
        return ""
    return f'the row says that it took "{stated.words}", its begin and end lie {span} apart; mend one of them'


def _end(columns: _Columns, cells: Sequence[str], begin: Moment) -> Moment | None:
    """Return the end of a row; a clock that is earlier than the begin may be of the next day."""
    if columns.end is None or not cells[columns.end].strip(" -–—") or not begin.is_exact or begin.utc is None:
        return None
    day = begin.utc.astimezone(begin.local_zone).date()
    for later in (0, 1):
        try:
            end = read_time(cells[columns.end], day=day + timedelta(days=later), zone=columns.times.zone).moment
        except BadTimeError:
            return None
        if not end.is_exact or end.utc is None:
            return None
        if later == 0 and begin.utc - end.utc < _HALF_A_DAY:
            return end
        if later == 1:
            return end if end.utc >= begin.utc else None
    return None


def _since_start(
    columns: _Columns, read: Sequence[tuple[int, Sequence[str], Moment | None]]
) -> Iterator[tuple[int, str]]:
    """Yield the rows whose time since the start is not that since the row from which most of them count."""
    if columns.since is None:
        return
    stated = [
        (line, seconds, moment.utc.timestamp(), " ".join(cells[columns.since].split()))
        for line, cells, moment in read
        if moment is not None
        and moment.is_exact
        and moment.utc
        and (seconds := _since(cells[columns.since])) is not None
    ]
    starts = [instant - span.least for _, span, instant, _ in stated]
    best = max(starts, key=lambda start: sum(_is_near(start, span, at) for _, span, at, _ in stated), default=0.0)
    agree = sum(_is_near(best, span, at) for _, span, at, _ in stated)
    if agree < _FEWEST or agree * 2 <= len(stated):
        return
    for line, span, instant, words in stated:
        if not _is_near(best, span, instant):
            apart = Span(max(int(instant - best), 0), max(int(instant - best), 0))
            yield line, f'the row says that the start was "{words}" ago, by its time it was {apart}; mend one of them'


def _is_near(start: float, span: Span, instant: float) -> bool:
    return abs(instant - start - span.least) <= _MINUTE


def _since(cell: str) -> Span | None:
    """Return the time since the start, in seconds, that a cell states: ``T+29m``, ``+00:12``, ``76 min``, ``0``."""
    text = cell.strip(" *_`").replace("\u2212", "-")
    sign = -1 if text.upper().startswith(("T-", "-", "T -")) else 1
    bare = text.upper().removeprefix("T").strip(" +-")
    if bare in ("0", ""):
        return Span(0, 0) if bare or text.upper().startswith("T") else None
    if (match := _CLOCK.fullmatch(bare)) is not None:
        parts = [int(match[name] or 0) for name in ("hours", "minutes", "seconds")]
        seconds = parts[0] * _HOUR + parts[1] * _MINUTE + parts[2]
    elif stated := next(find_durations(bare.lower()), None):
        seconds = (stated.least + (stated.most or stated.least)) // 2
    else:
        return None
    return Span(sign * seconds, sign * seconds)


def _stated(cell: str) -> StatedDuration | None:
    """Return the duration that a cell states; one in the form of a clock is in hours and minutes."""
    text = cell.strip(" *_`")
    found = list(find_durations(f"duration {text}"))
    if len(found) == 1:
        return found[0]
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    seconds = int(match["hours"]) * _HOUR + int(match["minutes"]) * _MINUTE + int(match["seconds"] or 0)
    return StatedDuration(text, 0, len(text), max(seconds - _MINUTE, 0), seconds + _MINUTE)
