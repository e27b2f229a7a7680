"""Finds out the time of each event of a document: its day from what stands above, its zone from what the page says.

The zone, and the day of a clock, are stated or asked for, never assumed. A clock that passes midnight goes on with the
next day. What is doubtful is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import date, datetime, timedelta

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import AnswerNeededError
from sphinx_postmortem.core.imports.timeline_entry import UNLESS_NOTED, TimelineEntry
from sphinx_postmortem.core.records.numeric_dates import Order, with_iso_dates
from sphinx_postmortem.core.records.time_parts import Day, TimeParts, find_day, find_days, split_parts
from sphinx_postmortem.core.records.time_ranges import split_beside
from sphinx_postmortem.core.records.time_reading import read_time, without_markup
from sphinx_postmortem.core.records.times import BadTimeError, IncompleteTimeError, Moment, Precision
from sphinx_postmortem.core.records.times_of_page import ALL_TIMES, APPROXIMATE, TIMES_IN, ZONES
from sphinx_postmortem.core.records.translated_times import in_english
from sphinx_postmortem.core.records.zones import BadZoneError, Zone, names_zone, read_zone

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = expression(r"\b(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b", re.IGNORECASE)
_ANY_DAY = date(2000, 2, 28)
_OF_CLOCKS = (Precision.SECOND, Precision.MINUTE, Precision.HOUR)
_LONGEST_REST = 40  # letters beside a statement of the zone
_TWO_WAYS = expression(r"(?<!\d)\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)")
_WRITTEN_OR_DAY = expression(r'"[^"]*"|\d{4}-\d{2}-\d{2}')
_HALF_A_DAY = timedelta(hours=12)
_BARE_CLOCK = expression(r"0?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?:\s?(?:UTC|Z))?")
_UTC = expression(r"\b(?:UTC|GMT)\b(?:\s?[+-]\s?\d{1,2}(?::?\d{2})?)?")
_YEAR = expression(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass(frozen=True)
class Stated:
    """The zone that a document states for all its times: how, and what is wrong with it if it cannot be read."""

    zone: Zone | None = None
    words: str = ""
    fault: str = ""


@dataclass
class Clock:
    """The context in which the times of one document are read, from the first to the last.

    ``name`` is the document; ``zone`` what it states; ``asked`` the zone that the user gives; ``default`` the day where
    nothing above an event states one; ``year`` that of dates without one; ``are_estimates`` says whether the document
    calls all its times approximate; ``only`` is the one day that its text states. ``said`` gathers what an author must
    know.
    """

    name: str
    zone: Stated = field(default_factory=Stated)
    asked: Zone | None = None
    default: date | None = None
    year: int = 0
    order: Order = ""
    are_estimates: bool = False
    only: date | None = None
    said: list[str] = field(default_factory=list[str])
    day: date | None = None
    _above: str = ""
    _last: datetime | None = None
    _found: Zone | None = None
    _doubted: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    _first_doubts: dict[str, str] = field(default_factory=dict[str, str])

    def read(self, entry: TimelineEntry) -> Moment:
        """Return what is known of an event's time.

        Raises:
            AnswerNeededError: its zone, its day or the order of its date must be given.
        """
        if entry.day != self._above:
            self._above, self._last = entry.day, None
            self._take_day(entry)
        text = with_iso_dates(without_markup(entry.time), self.order)
        if not re.search(r"\d|noon|midday|\?\?:", text):
            return Moment(entry.time)
        try:
            return self._moment(text, entry)
        except BadTimeError as error:
            if "two dates" in str(error):
                raise AnswerNeededError(f"{self.name}:{entry.line}: {error}", "--date-order") from None
            self.said.append(f"line {entry.line}: {error}; the row has the time unknown, and the text in its notes")
            return Moment(entry.time)

    def _take_day(self, entry: TimelineEntry) -> None:
        found = _day_stated(with_iso_dates(without_markup(entry.day), self.order))
        if found is None:
            if _TWO_WAYS.search(entry.day):
                message = f'{self.name}:{entry.line}: "{entry.day}" may be read as two dates'
                raise AnswerNeededError(message, "--date-order")
            return
        year = found.year or (self.day.year if self.day else 0) or self.year
        try:
            self.day = date(year, found.month, found.day) if year else None
        except ValueError:
            self.said.append(f'line {entry.line}: "{entry.day}" is no day of the year {year}')

    def _moment(self, text: str, entry: TimelineEntry) -> Moment:
        parts = _parts(text)
        has_clock = parts.clock is not None if parts is not None else _may_state_clock(text)
        zone = self._zone(text, entry) if has_clock else None
        if isinstance(zone, str):
            text, zone = text.replace(zone, " ").replace("()", " "), self.asked
        own = _day_stated(text)
        if own is None:
            read_time(text, day=_ANY_DAY, zone=zone)  # what no day could mend is said, and no day asked for
        is_clock = own is None and _needs_day(text)
        day, year = self._day_of(entry, text) if is_clock else None, 0
        if own is not None and not own.year:
            year = self._year_of(entry, own.month)
        precision = entry.precision or ("approximate" if self.are_estimates else "")
        reading = read_time(text, day=day, zone=zone, precision=precision, year=year)
        moment = reading.moment
        local = _local(moment)
        if local is not None and is_clock and self._passes_midnight(local):
            self.day = (self.day or local.date()) + timedelta(days=1)
            self.said.append(f"line {entry.line}: {entry.time} is read as after midnight, on {self.day}")
            reading = read_time(text, day=self.day, zone=zone, precision=precision, year=year)
            moment = reading.moment
            local = _local(moment)
        if local is not None:
            self._last = local
            is_exception = entry.day.endswith(UNLESS_NOTED)
            self.day = local.date() if own is not None and not is_exception else self.day
        self._doubt(entry.line, [*reading.doubts, *([reading.weekday] if reading.weekday else [])])
        if moment.has_zone and self._found is None and parts is not None and parts.zone:
            self._found = _zone_or_none(parts.zone)
        above = f"{entry.day} " if is_clock and entry.day else ""
        return replace(moment, written=f"{above}{entry.time}")

    def _doubt(self, line: int, doubts: Sequence[str]) -> None:
        """Say what is doubtful of a time; what is doubtful of many for one reason, once."""
        for doubt in doubts:
            reason = _WRITTEN_OR_DAY.sub("", doubt)
            count, place = self._doubted.get(reason, (0, len(self.said)))
            if not count:
                self.said.append(f"line {line}: {doubt}")
                self._first_doubts[reason] = self.said[place]
            else:
                more = "so is 1 more time" if count == 1 else f"so are {count} more times"
                self.said[place] = f"{self._first_doubts[reason]}; {more}, the last on line {line}"
            self._doubted[reason] = (count + 1, place)

    def _passes_midnight(self, local: datetime) -> bool:
        return self._last is not None and self._last - local > _HALF_A_DAY

    def _zone(self, text: str, entry: TimelineEntry) -> Zone | str | None:
        """Return the zone of a clock; the words of one that cannot be read, where the user has given another."""
        text, _ = split_beside(text)  # what stands in brackets may be the same time in another zone
        parts = _parts(text)
        written = parts.zone if parts is not None else next(filter(names_zone, re.findall(r"[A-Z]{2,5}", text)), None)
        if written:
            try:
                read_zone(written)
            except BadZoneError as error:
                if not written.startswith(("+", "-")):  # else it is the end of a range: 17:00-18:00
                    if self.asked is None:
                        raise AnswerNeededError(f"{self.name}:{entry.line}: {error}", "--zone") from None
                    if self.asked.is_utc:  # the text says that it is another
                        raise BadTimeError(f'"{entry.time}": {error}') from None
                    return written
            else:
                return None
        found = entry.zone or self.zone.zone or self._found or self.asked
        if found is None:
            fault = entry.fault or self.zone.fault or f'"{entry.time}" is in no zone that the document states'
            raise AnswerNeededError(f"{self.name}:{entry.line}: {fault}", "--zone")
        return found

    def _day_of(self, entry: TimelineEntry, text: str) -> date:
        if self.day is None:
            found = self.default or self.only
            if found is None:
                raise AnswerNeededError(f'{self.name}:{entry.line}: "{entry.time}" has no date', "--date")
            if self.default is None:
                self.said.append(f"no heading states the day; {found}, the only one in the text, counts")
            self.day = found
        if (weekday := _weekday(text)) is not None and (apart := (weekday - self.day.weekday()) % 7):
            self.day += timedelta(days=apart)  # "Tuesday 09:30" below a Monday
            self.said.append(f"line {entry.line}: {entry.time} is read as on {self.day}")
        return self.day

    def _year_of(self, entry: TimelineEntry, month: int) -> int:
        year = entry.year or (self.day.year if self.day else 0) or self.year
        if not year:
            raise AnswerNeededError(f'{self.name}:{entry.line}: "{entry.time}" has no year', "--date")
        if self._last is not None and self._last.month == 12 and month == 1 and self._last.year == year:
            return year + 1
        return year


def _day_stated(text: str) -> Day | None:
    """Return the first day that a text states, in any language."""
    return find_day(text) or (find_day(in_english(text)) if text else None)


def _weekday(text: str) -> int | None:
    """Return the number of the day of the week that a text names in English; Monday is 0."""
    match = _WEEKDAY.search(text)
    return _WEEKDAYS.index(match[1][:3].casefold()) if match else None


def _needs_day(text: str) -> bool:
    """Say whether a time states a clock alone; a month or a week needs no day."""
    try:
        read_time(text)
    except IncompleteTimeError:
        return True
    except BadTimeError:
        return False
    return False


def _may_state_clock(text: str) -> bool:
    """Say whether a range, or what cannot be read, may state a time of day; weeks and quarters state none."""
    try:
        return read_time(text, day=_ANY_DAY, year=_ANY_DAY.year).moment.unit in _OF_CLOCKS
    except BadTimeError:
        return True


def _parts(text: str) -> TimeParts | None:
    try:
        return split_parts(text)
    except BadTimeError:
        return None


def _zone_or_none(text: str) -> Zone | None:
    try:
        return read_zone(text)
    except BadZoneError:
        return None


def _local(moment: Moment) -> datetime | None:
    """Return the begin of a moment on the clock of its zone."""
    return None if moment.utc is None else moment.utc.astimezone(moment.local_zone).replace(tzinfo=None)


def stated_zone(titles: Iterable[str], lines: Iterable[str]) -> Stated:
    """Return the zone that a document states for its times.

    Args:
        titles: of the timeline's headings, where a zone may stand alone: "Timeline (UTC)".
        lines: of the document, where a sentence must say it: "All times in CET".
    """
    fault = Stated()
    said = [(title, title) for title in titles]
    said += [
        (match[0], match[0]) for line in lines for match in (ALL_TIMES.search(line), TIMES_IN.search(line)) if match
    ]
    for words, text in said:
        written = [match[0] for match in _UTC.finditer(text)]
        written = [*(zone for zone in written if len(zone) > 3), *(zone for zone in written if len(zone) == 3)]
        written += [match[0] for match in ZONES.finditer(text)]
        for zone in written:
            try:
                return Stated(read_zone(zone), words.strip())
            except BadZoneError as error:
                fault = fault if fault.fault else Stated(None, words.strip(), str(error))
    return fault


def calls_times_estimates(texts: Iterable[str]) -> bool:
    """Say whether a document calls all its times approximate: in a heading of its timeline, or in a sentence."""
    said = (match[0] for text in texts for match in ALL_TIMES.finditer(text))
    return any(APPROXIMATE.search(words) for words in said)


def states_zone(line: str) -> bool:
    """Say whether a short line says nothing but the zone of the times."""
    match = ALL_TIMES.search(line) or TIMES_IN.search(line)
    return match is not None and len(line) <= len(match[0]) + _LONGEST_REST


def day_in(text: str, order: Order, year: int = 0) -> date | None:
    """Return the first day that a text states; None where it states none, or none that exists."""
    found = _day_stated(with_iso_dates(text, order))
    if found is None or not (found.year or year):
        return None
    try:
        return date(found.year or year, found.month, found.day)
    except ValueError:
        return None


def only_day_in(texts: Iterable[str], order: Order) -> date | None:
    """Return the one day that texts state, however often; None where they state none, or several."""
    days: set[date] = set()
    for text in texts:
        for found in find_days(with_iso_dates(text, order)):
            try:
                days.add(date(found.year, found.month, found.day))
            except ValueError:
                continue
    return next(iter(days)) if len(days) == 1 else None


def day_of_clock(texts: Iterable[str], clock: str, order: Order) -> date | None:
    """Return the one day that texts state beside a clock; None where they state none, or several."""
    match = _BARE_CLOCK.fullmatch(clock.strip())
    if match is None:
        return None
    beside = re.compile(rf"(?<![\d:])0?{match['hour']}:{match['minute']}(?![\d])")
    days = {day for text in texts if beside.search(text) and (day := only_day_in([text], order)) is not None}
    return days.pop() if len(days) == 1 else None


def year_in(texts: Sequence[str]) -> int:
    """Return the first year that texts state; 0 where they state none."""
    return next((int(match[0]) for text in texts if (match := _YEAR.search(text))), 0)
