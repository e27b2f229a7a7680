"""A published incident as the checks see a page, so that its contradictions are those that ``check`` would tell.

The page is made of what the edition has published, and of nothing else: hidden rows contradict nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from sphinx_postmortem.core.checks import CheckedPage, CheckedRow, find_check, severity_of
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.edition_json import read_time_fields
from sphinx_postmortem.core.exports.published_edition import Record
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive, Heading, Line, Prose, SourcePage
from sphinx_postmortem.core.records.tables import Row, Table
from sphinx_postmortem.core.releases.statements import Statement, without_targets
from sphinx_postmortem.core.settings import Settings

CONTRADICTIONS: Mapping[Code, str] = {
    Code.MILESTONE_TWICE: later("This milestone stands twice, with times that cannot both be right."),
    Code.MILESTONE_ORDER: later("This milestone is timed before one that must precede it."),
    Code.TIMELINE_ORDER: later("The row stands out of the order of time."),
    Code.TIME_SLIP: later("Its time has another day than the rows beside it."),
    Code.SECOND_TIME: later("The two times of the row are not the same instant."),
    Code.DURATION_STATED: later("The timeline gives another duration."),
    Code.DATE_STATED: later("The summary and the timeline have other days."),
    Code.TIME_STATED: later("The timeline gives another time."),
    Code.SEVERITY_STATED: later("The summary states another severity."),
    Code.TLP_STATED: later("The summary states another TLP label."),
}
"""The checks that compare what a page says twice, and what a reader is told of each."""

_PROSE = frozenset(["text", "item", "term", "fact", "caption"])
_FIRST_ROW = 1_000_000
"""The line of the first row of the timeline: above it are those of the statements."""


@dataclass(frozen=True)
class Contradiction:
    """What contradicts something else, where it stands, and in which way. ``event`` is its row, from 0, or -1."""

    quote: str
    place: str
    why: str
    event: int = -1


def contradictions(incident: Record, statements: Sequence[Statement], settings: Settings) -> Iterator[Contradiction]:
    """Yield where a published incident contradicts itself, by the site's own severities of checks.

    Args:
        incident: its record in ``postmortems.json``.
        statements: what the edition shows of its page.
        settings: the site's settings.
    """
    page = _page_of(incident, statements, settings)
    places = _places(incident, page.source)
    for code, why in CONTRADICTIONS.items():
        item = find_check(code.value)
        is_asked = severity_of(code.value, settings) != "off"
        for hit in item.page_rule(page, settings) if item and item.page_rule and is_asked else ():
            quote, place, row = places.get(hit.line, ("", "", -1))
            yield Contradiction(quote, place, say(why), row)


def _places(incident: Record, source: SourcePage) -> dict[int, tuple[str, str, int]]:
    """Return what stands at a line: the text, its section, and its row of the timeline, or -1."""
    found = {each.line: (each.text, "", -1) for each in source.headings}
    found |= {each.number: (each.text, each.section, -1) for each in source.prose}
    rows = (str(event["event"]) for event in incident["events"])
    return found | {_FIRST_ROW + row: (text, say("Timeline"), row) for row, text in enumerate(rows)}


@dataclass(eq=False)
class _PublishedPage(CheckedPage):
    """A page whose timeline was published as records; ``rows`` are its rows."""

    rows: list[CheckedRow] = field(default_factory=list[CheckedRow])
    table: Table = field(default_factory=lambda: Table((), ()))

    @cached_property
    def events(self) -> list[list[CheckedRow]]:
        """The rows of the timeline."""
        return [self.rows]

    @cached_property
    def timelines(self) -> list[tuple[Directive, Table, str]]:
        """The timeline as a table."""
        return [(Directive("timeline", "", _FIRST_ROW), self.table, "")]


def _page_of(incident: Record, statements: Sequence[Statement], settings: Settings) -> CheckedPage:
    summary = Directive("incident-summary", str(incident["id"]), 0, _options(incident))
    source = SourcePage(markdown=True, lines=[], directives=[summary])
    section = ""
    for number, statement in enumerate(statements, start=1):
        text = without_targets(statement.text)
        if statement.kind.startswith("heading "):
            section = text
            source.headings.append(Heading(int(statement.kind[-1]), text, number))
        elif statement.kind in _PROSE:
            is_summary = statement.kind == "text" and text == " ".join(str(incident.get("summary") or "").split())
            source.prose.append(Prose(number, text, summary if is_summary else None, section))
    rows = [_row(number, event) for number, event in enumerate(incident["events"])]
    return _PublishedPage("", source, settings=settings, rows=rows, table=_table(incident["events"]))


def _options(incident: Record) -> dict[str, Line]:
    days = " to ".join(dict.fromkeys(str(incident[name]) for name in ("first_day", "last_day") if incident.get(name)))
    given = {"date": days, **{name: str(incident.get(name) or "") for name in ("severity", "type", "status", "tlp")}}
    return {name: Line(0, text) for name, text in given.items() if text}


def _row(number: int, event: Record) -> CheckedRow:
    cells = {"event": str(event["event"]), "notes": str(event.get("notes") or "")}
    return CheckedRow(
        _FIRST_ROW + number, cells, moment=read_time_fields(event), milestone=str(event.get("milestone") or "")
    )


def _table(events: Sequence[Record]) -> Table:
    """Return the exact times in UTC beside the author's further columns, one of which may hold them in another zone."""
    titles = tuple(dict.fromkeys(str(each["column"]) for event in events for each in event.get("other", ())))
    rows: list[Row] = []
    for number, event in enumerate(events):
        moment, other = read_time_fields(event), {each["column"]: str(each["text"]) for each in event.get("other", ())}
        time = str(moment) if moment.is_exact else "unknown"
        rows.append(Row((time, *(other.get(title, "") for title in titles)), _FIRST_ROW + number))
    return Table(("Time (UTC)", *titles), tuple(rows))
