"""Data that exports have written, wherever a copy of it lies: its content says that it is ours, and JSON whose.

No row of it carries a marking any more, so that nothing else tells what it holds.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.regular_files import open_regular

UNTOLD = ""
"""The edition of data that does not state it."""
OURS = {".postmortem-edition": "holds", "manifest.json": "manifest", "postmortems.json": "schema_version"}
"""The JSON that names its edition, and of each the field that only ours has beside the edition's name."""
_HEAD = 8192
_LARGEST = 256 * 1024 * 1024
_OF_TABLES = (
    frozenset({"incident", "incident title", "owners", "due date as written"}),
    frozenset({"incident", "incident title", "time as written", "earliest (utc)"}),
)
"""Titles that stand together in our ``actions.csv`` and ``events.csv`` alone."""
_CALENDAR = expression(r"^PRODID:[^\r\n]*//sphinx-postmortem//", re.MULTILINE)
_FEED = expression(r"<id>[^<]{0,300}:postmortem/feed/")
_SUM = expression(r"\\?[0-9a-f]{64} [ *]")
_OF_STAMP = expression(r"^\\?[0-9a-f]{64} [ *](?:[^\r\n]*/)?\.postmortem-edition\r?$", re.MULTILINE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def edition_of_data(path: Path) -> str | None:
    """Return the edition whose data a file holds: ``UNTOLD`` where it does not say; None where it is no data of ours.

    Raises:
        OSError: the file cannot be read.
    """
    with open_regular(path) as stream:
        head = stream.read(_HEAD)
        begin = _decoded(head)
        if _CALENDAR.search(begin) or _FEED.search(begin) or _is_table(begin):
            return UNTOLD
        may_be_json = begin.lstrip().startswith("{")
        if not may_be_json and not _SUM.match(begin):
            return None  # pictures and the like are not read to their end
        text = _decoded(head + stream.read(_LARGEST))
    if may_be_json:
        return _of_json(text) if '"edition"' in text else None
    return UNTOLD if _OF_STAMP.search(text) else None


def edition_of_json(content: str | bytes, field: str) -> str | None:
    """Return the edition that JSON of ours names; None where it is none.

    Args:
        content: the JSON.
        field: the field that it must have beside the edition's name.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deep.
    """
    found: object = json.loads(content)
    if not isinstance(found, dict):
        return None
    fields = cast("Mapping[str, object]", found)
    return str(fields["edition"]) if "edition" in fields and field in fields else None


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace")
    return data.replace(b"\0", b"").decode("utf-8-sig", "replace")


def _of_json(text: str) -> str | None:
    fields = [field for field in OURS.values() if f'"{field}"' in text]
    try:
        found = [edition_of_json(text, field) for field in fields]
    except (ValueError, RecursionError):
        return UNTOLD  # a part of it, or more than is read: it has the words that ours has
    return next((each for each in found if each is not None), None)


def _is_table(begin: str) -> bool:
    header = begin.partition("\n")[0]
    if "incident title" not in header.casefold():
        return False
    rows = (next(csv.reader([header], delimiter=delimiter), []) for delimiter in ",;\t|")
    titles = [{" ".join(title.casefold().split()) for title in row} for row in rows]
    return any(wanted <= found for wanted in _OF_TABLES for found in titles)
