"""What a postmortem leaves open: what it calls unknown, what it estimates, and where it contradicts itself.

Everything is read from what one edition has published: the record in ``postmortems.json``, and the statements of the
page (``core.releases.statements``). What the edition hides raises no question. Contradictions are those of the checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.edition_json import read_time_fields
from sphinx_postmortem.core.exports.published_edition import Record
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.language.names import unknown_words
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.action_statuses import says_done
from sphinx_postmortem.core.records.model import is_owner
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.records.times import Moment, Precision
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.releases.statements import Statement, cells_of, without_targets
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.sheets.published_page import contradictions

_TEXTS = frozenset(["text", "item", "term", "fact", "caption", "row"])
_OF_RECORDS = ("event", "action", "response", "who", "field")
"""Columns of the tables whose rows are records; other tables are the author's own."""
_SENTENCE_END = expression(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])")
_LONGEST = 100_000  # characters of a statement that are looked at
_UNKNOWN = expression(
    r"\b(?:un(?:known|clear|confirmed|explained|determined|identified)|no(?:body| one) knows|TB[CD]"
    r"|not (?:yet |fully )?(?:known|clear|recorded|logged|established|understood|determined|confirmed)"
    r"|(?:under|being) (?:examination|examined|investigat(?:ion|ed)|analy[sz]ed)"
    r"|to be (?:confirmed|determined|clarified)|(?:can ?not|could not)(?: yet)? be (?:determined|established|explained)"
    r")(?!\w)|\?{3,}",
    re.IGNORECASE,
)


class QuestionKind(StrEnum):
    """What kind of an open question it is, in the order in which they are asked."""

    UNKNOWN = later("Not known")
    ESTIMATE = later("Estimated")
    CONTRADICTION = later("Contradictory")


@dataclass(frozen=True)
class OpenQuestion:
    """One open question: what raises it, where that stands, and why it is open. ``event`` is its row, from 0, or -1."""

    kind: QuestionKind
    quote: str
    place: str
    why: str
    event: int = -1


def open_questions(
    incident: Record, statements: Sequence[Statement], settings: Settings, *, shares_page: bool = False
) -> tuple[OpenQuestion, ...]:
    """Return the open questions of an incident, by their kind, and in the order of the page.

    Args:
        incident: its record in ``postmortems.json``.
        statements: what the edition shows of its page.
        settings: the site's settings.
        shares_page: whether the page holds other incidents, too: then its sentences contradict nothing for certain.
    """
    compared = () if shares_page else statements
    found = [
        *_of_times(incident["events"]),
        *_of_words(incident, statements),
        *_of_actions(incident["actions"], settings),
        *(
            OpenQuestion(QuestionKind.CONTRADICTION, each.quote, each.place, each.why, each.event)
            for each in contradictions(incident, compared, settings)
        ),
    ]
    order = tuple(QuestionKind)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: order.index(each.kind)))


_BY_UNIT: Mapping[Precision, str] = {
    Precision.HOUR: later("Only the hour is known."),
    Precision.DAY: later("Only the day is known."),
    Precision.MONTH: later("Only the month is known."),
    Precision.YEAR: later("Only the year is known."),
}


def _of_times(events: Sequence[Record]) -> Iterator[OpenQuestion]:
    for number, event in enumerate(events):
        moment = read_time_fields(event)
        if moment.is_exact:
            continue
        kind, why = _doubt(moment)
        if said := str(event.get("stated_precision") or ""):
            why = say("{sentence} The author says: {text}", sentence=why, text=said)
        yield OpenQuestion(kind, str(event["event"]), say("Timeline"), why, number)


def _doubt(moment: Moment) -> tuple[QuestionKind, str]:
    if moment.is_estimate:
        return QuestionKind.ESTIMATE, say("The time is an estimate.")
    if not moment.is_known:
        return QuestionKind.UNKNOWN, say("The time is not known.")
    return QuestionKind.ESTIMATE, say(_BY_UNIT.get(moment.unit, later("The time is known within bounds only.")))


def _of_words(incident: Record, statements: Sequence[Statement]) -> Iterator[OpenQuestion]:
    for number, event in enumerate(incident["events"]):
        for text in (event["event"], event.get("notes", "")):
            yield from _in_text(str(text), say("Timeline"), number)
    for action in incident["actions"]:
        yield from _in_text(str(action["action"]), say("Actions"))
    for response in incident.get("responses", ()):
        for name in ("response", "rationale", "validation", "monitoring"):
            yield from _in_text(str(response.get(name) or ""), say("Containment and remediation"))
    section, is_of_records = "", False
    for statement in statements:
        if statement.kind.startswith("heading "):
            section = without_targets(statement.text)
        elif statement.kind == "head":
            table = Table(cells_of(statement.text), ())
            is_of_records = any(table.column(*COLUMNS[name]) is not None for name in _OF_RECORDS)
        elif statement.kind in _TEXTS and not (statement.kind == "row" and is_of_records):
            yield from _in_text(without_targets(statement.text), section)


def _in_text(text: str, place: str, event: int = -1) -> Iterator[OpenQuestion]:
    """Yield the sentences of a text that say that something is not known, or that a prompt stands in."""
    if is_prompt(text):
        yield OpenQuestion(QuestionKind.UNKNOWN, text, place, say("This is still to be written."), event)
    elif says_unknown(text):
        for sentence in _SENTENCE_END.split(text[:_LONGEST]):
            if says_unknown(sentence):
                yield OpenQuestion(
                    QuestionKind.UNKNOWN, sentence.strip(), place, say("What is known of it by now?"), event
                )


def says_unknown(text: str) -> bool:
    """Say whether a text holds a word for what nobody knows, in one of our languages."""
    if _UNKNOWN.search(text):
        return True
    folded = text.casefold()
    return any(word in folded for word in unknown_words())


def _of_actions(actions: Sequence[Record], settings: Settings) -> Iterator[OpenQuestion]:
    for action in actions:
        if says_done(str(action.get("status") or ""), settings.done_statuses):
            continue
        if not any(is_owner(name) for name in action.get("owners", ())):
            yield OpenQuestion(
                QuestionKind.UNKNOWN, str(action["action"]), say("Actions"), say("Nobody owns this action.")
            )
        if not action.get("due"):
            yield OpenQuestion(QuestionKind.UNKNOWN, str(action["action"]), say("Actions"), say("No due date is set."))
