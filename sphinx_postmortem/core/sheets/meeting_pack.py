"""The pack of a review meeting: the timeline, what is open, what to ask, and room for what is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sphinx_postmortem.core.exports.edition_json import read_time_fields
from sphinx_postmortem.core.exports.published_edition import Record
from sphinx_postmortem.core.file_stems import stem_of_id
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.times import shown_time
from sphinx_postmortem.core.records.tones import shown_status
from sphinx_postmortem.core.records.vocabulary import impact_title
from sphinx_postmortem.core.releases.statements import Statement
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.sheets.incident_facts import facts_line, origin_text, point_text, titled
from sphinx_postmortem.core.sheets.meeting_questions import SECTIONS, SOURCES
from sphinx_postmortem.core.sheets.open_questions import OpenQuestion, open_questions
from sphinx_postmortem.core.sheets.sheet import (
    Block,
    Grid,
    Items,
    Paragraph,
    Sheet,
    SheetHeading,
    Subheading,
    blank_rows,
)

_HOW_TO = (
    later("Everybody reads this pack beforehand, and writes down what they saw themselves and what they miss in it."),
    later("Name a facilitator who was not among the responders, and somebody who writes."),
    later("Begin with the aim: to learn how it came about. Everybody acted on what they knew at the time."),
    later("Go through the timeline first, then the open questions. A question without an answer gets an owner."),
    later("Ask what and how. Put a why that sounds like blame into other words."),
    later("Keep the last fifteen minutes for the decisions, and read them aloud."),
)
_DECISIONS, _READERS = 8, 5
"""How many empty rows there are to write in."""
_LONGEST_PLACE = 60


def agenda_sheet(
    incident: Record, statements: Sequence[Statement], data: Mapping[str, Any], settings: Settings
) -> Sheet:
    """Return the pack of an incident.

    Args:
        incident: its record in ``postmortems.json``.
        statements: what the edition shows of its page.
        data: all of ``postmortems.json``.
        settings: the site's settings.
    """
    on_page = sum(each.get("page") == incident.get("page") for each in data["incidents"])
    questions = open_questions(incident, statements, settings, shares_page=on_page > 1)
    labels = {str(each["id"]).casefold(): str(each["name"] or each["id"]) for each in data["owners"]}
    return Sheet(
        name=f"agenda-{stem_of_id(str(incident['id']))}",
        title=say("Review meeting: {incident}", incident=titled(incident)),
        about=facts_line(incident),
        blocks=(
            SheetHeading(say("How to run it")),
            Items(tuple(map(say, _HOW_TO)), is_numbered=True),
            *_summary(incident),
            *_timeline(incident["events"], questions),
            *_open_questions(questions),
            *_sections(incident),
            *_actions(incident, labels),
            *_decisions(),
            *_readers(incident),
            *_sources(),
        ),
        origin=origin_text(data["edition"]),
        tlp=str(incident.get("tlp") or ""),
    )


def _summary(incident: Record) -> list[Block]:
    summary = str(incident.get("summary") or "")
    impacts = tuple(f"{say(impact_title(each['kind']))}: {each['text']}" for each in incident.get("impacts", ()))
    blocks: list[Block] = [*([Paragraph(summary)] if summary else []), *([Items(impacts)] if impacts else [])]
    return [SheetHeading(say("Incident summary")), *blocks] if blocks else []


def _timeline(events: Sequence[Record], questions: Sequence[OpenQuestion]) -> list[Block]:
    """Return the timeline, with the open questions of each row by their number."""
    if not events:
        return [SheetHeading(say("Timeline")), Paragraph(say("This edition shows no timeline."))]
    open_in: dict[int, list[str]] = {}
    for number, question in enumerate(questions, start=1):
        open_in.setdefault(question.event, []).append(f"{question.why} ({number})")
    titles = (say("Time (UTC)"), say("Event"), say("What is open (number of the question)"))
    rows = tuple((_time(event), _event(event), "\n".join(open_in.get(row, ()))) for row, event in enumerate(events))
    return [SheetHeading(say("Timeline")), Grid(titles, rows, (18, 50, 32))]


def _time(event: Record) -> str:
    shown = shown_time(read_time_fields(event))
    return " ".join(filter(None, (shown.day, shown.clock, shown.note)))


def _event(event: Record) -> str:
    return "\n".join(filter(None, (str(event["event"]), str(event.get("notes") or ""))))


def _open_questions(questions: Sequence[OpenQuestion]) -> list[Block]:
    if not questions:
        found = say("Nothing is called unknown or estimated, and nothing contradicts itself. Ask what is missing.")
        return [SheetHeading(say("Open questions")), Paragraph(found)]
    titles = (say("No."), say("Open question"), say("Where"), say("Answer, or who finds out"))
    rows = tuple(
        (str(number), f"{say(each.kind)}: {each.quote}\n{each.why}", _place(each.place), "")
        for number, each in enumerate(questions, start=1)
    )
    return [SheetHeading(say("Open questions")), Grid(titles, rows, (8, 44, 18, 30))]


def _place(heading: str) -> str:
    """Return a heading as far as a narrow column holds it."""
    return heading if len(heading) <= _LONGEST_PLACE else f"{heading[: _LONGEST_PLACE - 1].rstrip()}\u2026"


def _sections(incident: Record) -> list[Block]:
    """Return what to ask, section by section, below what stands there."""
    blocks: list[Block] = [SheetHeading(say("Questions by section"))]
    for section in SECTIONS:
        texts = tuple(point_text(point) for name in section.lists for point in incident.get(name, ()))
        blocks.append(Subheading(say(section.heading)))
        blocks += [Items(texts)] if texts else []
        blocks.append(Items(tuple(map(say, section.questions)), is_asked=True))
    return blocks


def _actions(incident: Record, labels: Mapping[str, str]) -> list[Block]:
    rows = tuple(
        (
            str(each.get("local_id") or ""),
            str(each["action"]),
            ", ".join(labels.get(name.casefold(), name) for name in each.get("owners", ())),
            str(each.get("due") or each.get("due_written") or ""),
            shown_status(str(each["status"])) if each.get("status") else "",
        )
        for each in incident["actions"]
    )
    titles = (say("ID"), say("Action"), say("Owner"), say("Due date"), say("Status"))
    return [SheetHeading(say("Actions")), Grid(titles, rows, (8, 42, 20, 16, 14))] if rows else []


def _decisions() -> list[Block]:
    titles = (say("Decision"), say("Owner"), say("Due date"))
    return [SheetHeading(say("Decisions")), Grid(titles, blank_rows(_DECISIONS, 3), (60, 22, 18), is_to_write_in=True)]


def _readers(incident: Record) -> list[Block]:
    rows = tuple(
        (str(each["who"]), str(each["role"]), str(each["read_on"] or each["read_written"]), str(each["state"]))
        for each in incident.get("reviews", ())
    )
    titles = (say("Who"), say("Role"), say("Read on"), say("Agreed / state"))
    grid = Grid(titles, (*rows, *blank_rows(_READERS, 4)), (28, 26, 16, 30), is_to_write_in=True)
    return [SheetHeading(say("Who has read and agreed")), grid]


def _sources() -> list[Block]:
    guides = "; ".join(f"{name} <{address}>" for name, address in SOURCES)
    text = say("The questions are ours. The method is that of these guides: {guides}.", guides=guides)
    return [Paragraph(text, is_quiet=True)]
