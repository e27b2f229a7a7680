"""The fields of lists of events, of responses, and of evidence: rows of tables, each with its incident."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, later_many
from sphinx_postmortem.core.lists import relative_days
from sphinx_postmortem.core.lists.incident_fields import incident_label, period_fields, severity_field
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind
from sphinx_postmortem.core.lists.technique_filter import technique_field
from sphinx_postmortem.core.records.model import (
    EVENTS,
    REMEDIATION,
    RESPONSE_KINDS,
    Event,
    Evidence,
    Incident,
    Response,
)
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.core.records.times import Moment, Precision, moment_text

DEFAULT_ROWS = 500


@dataclass(frozen=True)
class EvidenceOfRow:
    """A piece of evidence, and the event or response that names it."""

    evidence: Evidence
    row: Event | Response


AnyRow = TypeVar("AnyRow", Event, Response)
Listed = TypeVar("Listed")


def _row(listed: Event | Response | EvidenceOfRow) -> Event | Response:
    return listed.row if isinstance(listed, EvidenceOfRow) else listed


def _incident(listed: Event | Response | EvidenceOfRow, facts: Facts) -> Incident | None:
    return facts.knowledge.incident_of(_row(listed))


def _of_incident(read: Callable[[Incident], str]) -> Callable[[Event | Response | EvidenceOfRow, Facts], Iterable[str]]:
    def value(listed: Event | Response | EvidenceOfRow, facts: Facts) -> Iterable[str]:
        incident = _incident(listed, facts)
        return (read(incident),) if incident else ()

    return value


def _is_since(wanted: Collection[str], moment: Moment | None) -> bool:
    last = moment and moment.latest
    return bool(last) and all(last.date().isoformat() >= day for day in wanted if last)


def _is_until(wanted: Collection[str], moment: Moment | None) -> bool:
    first = moment and moment.earliest
    return bool(first) and all(first.date().isoformat() <= day for day in wanted if first)


def _instant(moment: Moment | None) -> object:
    return moment and (moment.utc or moment.earliest)


def _about_incident(noun: str) -> tuple[Field[Any], ...]:
    """Return the fields that rows have through their incident."""
    return (
        Field(
            "incident",
            lambda listed, _: (_row(listed).incident_id,),
            later("Incident"),
            Filter(
                "incident",
                "incident ids",
                f"The incidents that the {noun} belongs to.",
                names=lambda facts: (incident.id for incident in facts.knowledge.incidents),
            ),
            can_sort=True,
            can_group=True,
            label=incident_label,
            listed=EVENTS,
        ),
        Field("title", _of_incident(lambda incident: incident.title), later("Incident title"), listed=EVENTS),
        severity_field(_of_incident(lambda incident: incident.severity), listed=EVENTS),
    )


def _about_time(noun: str) -> tuple[Field[Any], ...]:
    """Return the fields of a row's time."""
    since = f"The {noun} was on that day or later, as far as its time is known."
    until = f"The {noun} was on that day or earlier, as far as its time is known."
    return (
        Field(
            "time",
            lambda row, _: (moment_text(row.moment),),
            later("Time (UTC)"),
            can_sort=True,
            sort_value=lambda row, _: _instant(row.moment),
            listed=EVENTS,
        ),
        Field(
            "since",
            filter=Filter(
                "since",
                relative_days.TAKES,
                since,
                "no limit",
                is_day=True,
                passes=lambda wanted, row, _: _is_since(wanted, row.moment),
            ),
        ),
        Field(
            "until",
            filter=Filter(
                "until",
                relative_days.TAKES,
                until,
                "no limit",
                is_day=True,
                passes=lambda wanted, row, _: _is_until(wanted, row.moment),
            ),
        ),
    )


def _text(name: str, title: str, read: Callable[[Listed], str]) -> Field[Listed]:
    return Field(name, lambda row, _: (read(row),), title, listed=EVENTS)


def _word(
    name: str, title: str, meaning: str, read: Callable[[Listed], str], rows: Callable[[Facts], Iterable[Listed]]
) -> Field[Listed]:
    """Return a field that a list can be filtered, sorted and grouped by."""
    known = Filter[Listed](name, "texts", meaning, names=lambda facts: (read(row) for row in rows(facts)))
    return Field(
        name,
        lambda row, _: (read(row),),
        title,
        known,
        can_sort=True,
        can_group=True,
        listed=EVENTS,
        says=name == "milestone",
    )


def _evidence_texts(row: Event | Response, _: Facts) -> Iterable[str]:
    return (each.text for each in row.evidence)


def _columns_of(rows: Callable[[Facts], Iterable[AnyRow]]) -> Callable[[Facts], Iterator[Field[AnyRow]]]:
    """Return how the further columns of the tables are found, with the titles as they are first written."""

    def fields(facts: Facts) -> Iterator[Field[AnyRow]]:
        titles: dict[str, str] = {}
        for row in rows(facts):
            for title, _ in row.other:
                titles.setdefault(column_key(title), title)
        for key, title in titles.items():
            yield Field(key, _in_column(key), title, listed=EVENTS)

    return fields


def _in_column(key: str) -> Callable[[Event | Response, Facts], Iterable[str]]:
    return lambda row, _: (text for title, text in row.other if column_key(title) == key)


def _events(facts: Facts) -> Iterable[Event]:
    return facts.knowledge.events


def _responses(facts: Facts) -> Iterable[Response]:
    return facts.knowledge.responses


def _all_evidence(facts: Facts) -> Iterable[EvidenceOfRow]:
    rows: tuple[Event | Response, ...] = (*facts.knowledge.events, *facts.knowledge.responses)
    return (EvidenceOfRow(evidence, row) for row in rows for evidence in row.evidence)


EVENT_LIST = ListKind[Event](
    noun="event",
    none=later("No events."),
    more=later_many("{number} more event is not shown.", "{number} more events are not shown."),
    fields=(
        *_about_time("event"),
        _text("event", later("Event"), lambda event: event.text),
        _word(
            "milestone",
            later("Milestone"),
            "Milestones that the event reaches.",
            lambda event: event.milestone,
            _events,
        ),
        _text("notes", later("Notes"), lambda event: event.notes),
        Field("evidence", _evidence_texts, later("Evidence"), listed=EVENTS),
        _word("source", later("Source"), "Sources, as written.", lambda event: event.source, _events),
        _word("who", later("Who"), "Who acted or saw it, as written.", lambda event: event.who, _events),
        Field(
            "precision",
            lambda event, _: (event.moment.precision.value if event.moment else Precision.UNKNOWN.value,),
            later("Precision"),
            Filter(
                "precision",
                f"some of {', '.join(f'`{each.value}`' for each in Precision)}",
                "How exactly the time is known.",
                one_of=lambda _: tuple(each.value for each in Precision),
            ),
            can_group=True,
            order=lambda value, _: [each.value for each in Precision].index(value),
            says=True,
            listed=EVENTS,
        ),
        technique_field(lambda event, _: event.techniques, "Techniques that the row names.", listed=EVENTS),
        *_about_incident("event"),
    ),
    rows=_events,
    columns=("time", "event", "notes", "incident"),
    sort_text="pages and rows",
    limit=DEFAULT_ROWS,
    further_fields=_columns_of(_events),
)

RESPONSE_LIST = ListKind[Response](
    noun="response",
    none=later("No responses."),
    more=later_many("{number} more response is not shown.", "{number} more responses are not shown."),
    fields=(
        Field(
            "kind",
            lambda response, _: (response.kind,),
            later("Kind"),
            Filter(
                "kind",
                f"some of {', '.join(f'`{kind}`' for kind in RESPONSE_KINDS)}",
                "What it was for.",
                one_of=lambda _: RESPONSE_KINDS,
            ),
            can_sort=True,
            can_group=True,
            says=True,
            listed=EVENTS,
        ),
        *_about_time("response"),
        _text("response", later("Response"), lambda response: response.text),
        _text("rationale", later("Rationale"), lambda response: response.rationale),
        Field("evidence", _evidence_texts, later("Evidence"), listed=EVENTS),
        _text("validation", later("Validation"), lambda response: response.validation),
        _text("monitoring", later("Monitoring"), lambda response: response.monitoring),
        _word("who", later("Who"), "Who did it, as written.", lambda response: response.who, _responses),
        Field(
            "validated",
            filter=Filter(
                "validated",
                "`yes` or `no`",
                "Fixes that say how they were validated, or those that do not.",
                one_of=lambda _: ("yes", "no"),
                passes=lambda wanted, response, _: (
                    response.kind == REMEDIATION and ("yes" if response.validation else "no") in wanted
                ),
            ),
        ),
        *_about_incident("response"),
    ),
    rows=_responses,
    columns=("kind", "response", "evidence", "validation", "incident"),
    sort_text="pages and rows",
    limit=DEFAULT_ROWS,
    further_fields=_columns_of(_responses),
)


def _incident_of_exhibit(listed: EvidenceOfRow, facts: Facts) -> Incident | None:
    return facts.knowledge.incident_of(listed.row)


EVIDENCE_LIST = ListKind[EvidenceOfRow](
    noun="exhibit",
    none=later("No exhibits."),
    more=later_many("{number} more exhibit is not shown.", "{number} more exhibits are not shown."),
    fields=(
        _text("evidence", later("Evidence"), lambda listed: listed.evidence.text),
        _text("file", later("File"), lambda listed: listed.evidence.file),
        _text("sha256", "SHA-256", lambda listed: listed.evidence.sha256),
        _text("of", later("Of"), lambda listed: listed.row.text),
        *_about_incident("exhibit"),
        *period_fields(_incident_of_exhibit),
    ),
    rows=_all_evidence,
    columns=("evidence", "of", "incident", "sha256"),
    sort_text="pages and rows",
    limit=DEFAULT_ROWS,
)
