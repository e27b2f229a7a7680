"""An event as it was found in a document, before its time is known."""

from __future__ import annotations

import re
from enum import StrEnum

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.reader.foreign_markdown import Block, Spans
from sphinx_postmortem.core.records.time_parts import find_day
from sphinx_postmortem.core.records.zones import Zone

UNLESS_NOTED = ", unless otherwise noted"
_UNLESS_NOTED = expression(r"\bunless (?:otherwise )?(?:noted|stated|specified|indicated|mentioned)\b", re.IGNORECASE)
_LONGEST_STATEMENT = 200


class Form(StrEnum):
    """How a document writes its timeline."""

    TABLE = "table"
    LIST = "list"
    LINE = "lines"
    HEADING = "headings"


@dataclass(frozen=True)
class TimelineEntry:
    """One event.

    Attributes:
        form: how it is written.
        time: its time as written, without markup; empty where it has none.
        event: what happened.
        line: where it stands.
        detail: what belongs to it and fits into no cell.
        day: the text above it that states its day, if any.
        phase: the heading above it that is no time.
        notes: further cells of its row, each with the title of its column.
        who: those whom a column names.
        evidence: the cell of a column *Evidence*.
        precision: the cell of a column *Precision*.
        milestone: the cell of a column *Milestone*.
        zone: the zone of its column.
        year: the year in the title of its column, or 0.
        fault: what the title of its column says that cannot be read.
        place: the line of the heading that announces its timeline, or of its own part of the document.
    """

    form: Form
    time: str
    event: Spans
    line: int
    detail: tuple[Block, ...] = ()
    day: str = ""
    phase: str = ""
    notes: tuple[tuple[str, Spans], ...] = ()
    who: tuple[str, ...] = ()
    evidence: str = ""
    precision: str = ""
    milestone: str = ""
    zone: Zone | None = None
    year: int = 0
    fault: str = ""
    place: int = 0


def day_of_all(text: str) -> str:
    """Return the day that a sentence gives to all events "unless otherwise noted"; empty where it gives none."""
    day = find_day(text) if len(text) <= _LONGEST_STATEMENT and _UNLESS_NOTED.search(text) else None
    return f"{day.year}-{day.month:02}-{day.day:02}{UNLESS_NOTED}" if day is not None and day.year else ""
