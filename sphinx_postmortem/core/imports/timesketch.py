"""Timesketch: events as its CSV or JSON Lines export has them: starred or tagged ones, unless all are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.gathering import EVERYTHING, Gathered, joined, moment_since_1970
from sphinx_postmortem.core.imports.json_values import items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item, first_items, is_json_lines, no_json
from sphinx_postmortem.core.records.anchors import short_hash
from sphinx_postmortem.core.records.tables import parse_csv_table
from sphinx_postmortem.core.records.time_reading import read_time
from sphinx_postmortem.core.records.times import BadTimeError

KIND = "timesketch"
COLUMNS = ("message", "datetime", "timestamp_desc")  # those that Timesketch asks of a CSV file
_STAR = "__ts_star"
_COMMENT = "__ts_comment"
_LEFT_UNMARKED = "events without a star or a tag"
_PER_SECOND = 1_000_000


def recognise(source: Source) -> bool:
    """Say whether a file is an export of Timesketch."""
    if source.is_zip:
        return False
    if is_json_lines(source):
        return any(all(name in mapping_of(item) for name in COLUMNS) for item in first_items(source)[:1])
    head = source.head.decode("utf-8-sig", "ignore").split("\n", 1)[0].replace('"', "")
    titles = [title.strip().casefold() for title in head.split(",")]
    return all(name in titles for name in COLUMNS)


def read(source: Source) -> Sequence[Draft]:
    """Return one draft with the events of a file.

    Raises:
        SourceError: the file is neither such CSV nor JSON Lines.
    """
    gathered = Gathered(KIND, source)
    takes_all = gathered.takes_everything or not any(_is_marked(item.value) for item in _items(source))
    for item in _items(source):
        if broken := no_json(item):
            gathered.not_read(item.place, broken, "the line is no JSON")
        elif not takes_all and not _is_marked(item.value):
            gathered.leave_out(_LEFT_UNMARKED, EVERYTHING)
        else:
            _event(gathered, item)
    return [gathered.draft(incident_type="Security")]


def _items(source: Source) -> Iterator[Item]:
    if is_json_lines(source):
        for number, value in source.json_lines():
            yield Item(f"{source.name}:{number}", value)
        return
    table = parse_csv_table(source.text())
    titles = [title.strip().casefold() for title in table.header]
    if missing := [name for name in COLUMNS if name not in titles]:
        raise SourceError(f"{source.name}:1: there is no column {joined(missing)}; Timesketch's CSV has it")
    for row in table.rows:
        value = dict(zip(titles, row.cells, strict=False)) if row.fits else {"cells": list(row.cells)}
        yield Item(f"{source.name}:{row.line}", value)


def _words(event: object, name: str) -> list[str]:
    """Return tags or labels, which are a list, or a text that looks like one."""
    if listed := items_of(event, name):
        return [str(each) for each in listed]
    return [word for word in re.split(r"[\[\]'\",\s]+", text_of(event, name)) if word]


def _is_marked(event: object) -> bool:
    tags, labels = _words(event, "tag"), _words(event, "label")
    return bool(tags) or _STAR in labels or _COMMENT in labels or text_of(event, "star").casefold() == "true"


def _event(gathered: Gathered, item: Item) -> None:
    event: Mapping[str, Any] = mapping_of(item.value)
    written, stamp = text_of(event, "datetime"), text_of(event, "timestamp")
    try:
        exact = moment_since_1970(stamp, _PER_SECOND) if stamp else None
    except BadTimeError:
        exact = None
    if written and exact is not None and _differs(written, exact.utc):
        gathered.say(f'{item.place}: datetime "{written}" and timestamp {stamp} are two times; datetime was taken')
    message, what = text_of(event, "message"), text_of(event, "timestamp_desc")
    tags = joined(_words(event, "tag"))
    notes = [what, f"Tags: {tags}" if tags else "", joined(items_of(event, "comment")) or text_of(event, "comment")]
    gathered.row(
        item.place,
        text_of(event, "_id") or short_hash(f"{written} {stamp} {what} {message}", 12),
        written or (exact or ""),
        message,
        notes=". ".join(filter(None, notes)),
        systems=[text_of(event, "source_short") or text_of(event, "data_type")],
        item=item.value,
    )


def _differs(written: str, utc: datetime | None) -> bool:
    try:
        moment = read_time(written).moment
    except BadTimeError:
        return False
    if not moment.has_zone or moment.utc is None or utc is None:
        return False
    return abs((moment.utc - utc).total_seconds()) >= 1
