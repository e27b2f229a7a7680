"""The columns of a timeline that hold its times: one or two of them, with the zone and the year that a title states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import english_column
from sphinx_postmortem.core.records.tables import Table, column_key, shown_title, without_links
from sphinx_postmortem.core.records.time_reading import Reading, read_time
from sphinx_postmortem.core.records.times import BadTimeError, Precision
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.records.zones import BadZoneError, Zone, names_zone, read_zone

_TIMES = frozenset(COLUMNS["time"])
_DATES = frozenset(["date", "day"])
_BRACKETS = expression(r"\(([^()]*)\)|\[([^\[\]]*)\]|（([^（）]*)）")
_ZONE_BESIDE = expression(
    r"^(?:utc|gmt)\b|\b(?:utc|gmt) ?[+ ]\d{1,2}(?::?\d{2})?$|\b(?:utc|gmt|z|[a-z]{3,4}|[a-z]+/[a-z_]+)$", re.IGNORECASE
)
_IN = expression(r" in\Z")  # "Time in CET"
_BEFORE_ZONE = expression(r"\A(?:all )?(?:times )?(?:are )?(?:in )?(?=.)", re.IGNORECASE)
_CLOCK_FORM = expression(
    r"\A(?:24|12)[ -]?(?:h|hr|hours?)(?: clock)?\Z|\A(?:YYYY-MM-DD )?HH:MM(?::SS)?(?: |\Z)", re.IGNORECASE
)
_LONGEST_TITLE = 60  # in a message
_LENGTHS_OF_ZONES = (3, 4)  # EDT, CEST
_ZONES_OF_TWO = 2  # UTC/CET
_YEAR = expression(r"(?:19|20)\d{2}\Z")


@dataclass(frozen=True)
class TimeColumns:
    """Where a table states times.

    ``time`` and ``day`` are the columns of the clock, or of both, and of the day; ``second`` another column of
    times, with ``second_zone``; ``precision`` the column of what the author says of how exact a time is. ``zone`` is
    stated in the title of ``time``, None where it states none; ``year`` in a title, or 0. ``faults`` are sentences.
    """

    time: int | None = None
    day: int | None = None
    second: int | None = None
    precision: int | None = None
    zone: Zone | None = None
    second_zone: Zone | None = None
    year: int = 0
    faults: tuple[str, ...] = ()

    def read(self, cells: Sequence[str]) -> Reading:
        """Read the time of a row.

        Raises:
            BadTimeError: it cannot be read.
        """
        if self.time is None:
            raise BadTimeError("the table has no column of times; add one, Time (UTC)")
        precision = cells[self.precision] if self.precision is not None else ""
        clock = cells[self.time]
        if self.day is not None and cells[self.day].strip() and not clock.strip("-–— "):
            return read_time(cells[self.day], zone=self.zone, precision=precision, year=self.year)
        day, weekday = self._day(cells)
        reading = read_time(clock, day=day, zone=self.zone, precision=precision, year=self.year)
        return replace(reading, weekday=weekday) if weekday else reading

    def read_second(self, cells: Sequence[str]) -> Reading | None:
        """Read the second time of a row; None where it has none, or where it cannot be read."""
        if self.second is None or not cells[self.second].strip():
            return None
        try:
            first = self.read(cells)
            day = self._day(cells)[0] or (first.moment.utc.date() if first.moment.utc else None)
            return read_time(cells[self.second], day=day, zone=self.second_zone, year=self.year)
        except BadTimeError:
            return None

    def _day(self, cells: Sequence[str]) -> tuple[date | None, str]:
        """Return the day that a column of its own states, and what is wrong with its day of the week."""
        if self.day is None or not cells[self.day].strip():
            return None, ""
        reading = read_time(cells[self.day], year=self.year)
        moment = reading.moment
        day = moment.utc.date() if moment.utc is not None and moment.unit is Precision.DAY else None
        return day, reading.weekday


def missing_columns(table: Table, names: Sequence[str]) -> list[str]:
    """Return what is wrong with a table that lacks one of the columns with these names (``vocabulary.COLUMNS``)."""
    titles = ", ".join(shown_title(title)[:_LONGEST_TITLE] for title in table.header)
    return [
        f'the table has no column "{name.capitalize()}"; add it, or rename one of: {titles}'
        for name in names
        if table.header
        and table.column(*COLUMNS[name]) is None
        and not (name == "time" and find_time_columns(table.header).time is not None)
    ]


def find_time_columns(header: Sequence[str]) -> TimeColumns:
    """Return the columns of times in a table's header; of two, that in UTC is the first."""
    return _find(tuple(header))


@lru_cache(maxsize=256)  # the tables of a site have the same few headers
def _find(titles: tuple[str, ...]) -> TimeColumns:
    header = [without_links(title) for title in titles]
    keys = [column_key(title) for title in header]
    bare = [_without_zone(key) for key in keys]
    zones, year, faults = _said_in_titles(header, bare)
    times = [index for index, key in enumerate(bare) if key in _TIMES]
    dates = [index for index, key in enumerate(bare) if key in _DATES]
    if "date" in (bare[index] for index in dates):
        dates = [index for index in dates if bare[index] == "date"]  # `Day` beside it holds the day of the week
    if not times:
        times, dates = dates[:1], []
    times.sort(key=lambda index: not ((zone := zones.get(index)) is not None and zone.is_utc))
    first, second = (*times, None, None)[:2]
    return TimeColumns(
        time=first,
        day=dates[0] if dates else None,
        second=second,
        precision=keys.index("precision") if "precision" in keys else None,
        zone=zones.get(first) if first is not None else None,
        second_zone=zones.get(second) if second is not None else None,
        year=year,
        faults=tuple(faults),
    )


def _without_zone(key: str) -> str:
    """Return a column's key without a zone that stands beside it without brackets: ``time utc``, ``utc time``.

    A sign before it and a footnote behind it do not count.
    """
    key = re.sub(r"^[^\w#]+|[^\w)\]]+$|[¹²³⁰-⁹]+$", "", key)
    if key in ("utc", "gmt") or (len(key) in _LENGTHS_OF_ZONES and names_zone(key.upper())):
        return "time"
    if key in _TIMES or key in _DATES:
        return key
    bare = english_column(_IN.sub("", _without_zone_beside(key)))
    return bare if bare in _TIMES or bare in _DATES else key


def _without_zone_beside(key: str) -> str:
    return _ZONE_BESIDE.sub("", key, count=1).strip(" ,/|:")


def _said_in_titles(header: Sequence[str], bare: Sequence[str]) -> tuple[dict[int, Zone], int, list[str]]:
    zones: dict[int, Zone] = {}
    faults: list[str] = []
    year = 0
    for index, title in enumerate(header):
        if bare[index] not in _TIMES and bare[index] not in _DATES:
            continue
        for said in _said_in(title, bare[index]):
            if _YEAR.match(said):
                year = int(said)
                continue
            if len(pair := said.split("/")) == _ZONES_OF_TWO and all(names_zone(each.strip()) for each in pair):
                faults.append(f'the column "{title.strip()}" names two zones; write one column for each')
                continue
            try:
                zone = read_zone(said)
            except BadZoneError as error:
                faults.append(f'the column "{title.strip()}": {error}')
                continue
            if index in zones and zones[index].rules != zone.rules:
                faults.append(f'the column "{title.strip()}" names two zones; write one column for each')
            zones.setdefault(index, zone)
    return zones, year, faults


def _in_english(title: str) -> str:
    """Return a title without brackets with the English name of its column: ``time UTC`` for "Zeit UTC"."""
    key = title.casefold().replace("-", " ")
    written = key if english_column(key) != key else _without_zone_beside(key)
    name = english_column(written)
    if name == written:
        return title
    return f"{name}{title[len(written) :]}" if key.startswith(written) else f"{title[: -len(written)]}{name}"


def _said_in(title: str, bare: str) -> list[str]:
    """Return what a title says of its times, in brackets or beside the name of the column."""
    plain = re.sub(r"[*_`]", "", title) if "/" not in title else re.sub(r"[*`]", "", title)
    bracketed = [match[1] or match[2] or match[3] or "" for match in _BRACKETS.finditer(plain)]
    in_brackets = [part.strip() for text in bracketed for part in re.split(r",|;| and ", text)]
    beside = _in_english(" ".join(_BRACKETS.sub(" ", plain).split()))
    words = re.sub(rf"\b{re.escape(bare)}\b", "", beside, flags=re.IGNORECASE).strip(" ,/|:-")
    footnotes = re.compile(r"\^|\d{1,2}\Z|\Z")
    said = (_BEFORE_ZONE.sub("", _CLOCK_FORM.sub("", part)) for part in (*in_brackets, words))
    return [part for part in said if part and not footnotes.match(part)]
