"""What a postmortem leaves open: what is called unknown, what is estimated, and what contradicts itself."""

from __future__ import annotations

from typing import Any

import pytest

from sphinx_postmortem.core.releases.statements import Statement, visible, without_targets
from sphinx_postmortem.core.settings import Settings, read_settings
from sphinx_postmortem.core.sheets.open_questions import OpenQuestion, QuestionKind, open_questions, says_unknown
from sphinx_postmortem.core.sheets.published_page import CONTRADICTIONS, contradictions
from tests.learning.published_records import event, incident

NO_TEXT: tuple[Statement, ...] = ()


def asked(record: dict[str, Any], *statements: Statement, **settings: Any) -> tuple[OpenQuestion, ...]:
    return open_questions(record, statements, read_settings(settings))


def test_each_time_that_is_not_exact_is_a_question_by_what_is_known_of_it():
    written = ("2026-01-02 01:00", "unknown", "~2026-01-02 02:00", "2026-01-02", "2026-01-02 03:00 to 03:30")
    found = asked(incident(*(event(each, f"Row {number}") for number, each in enumerate(written))))
    assert [(each.kind, each.quote, each.event, each.why) for each in found] == [
        (QuestionKind.UNKNOWN, "Row 1", 1, "The time is not known."),
        (QuestionKind.ESTIMATE, "Row 2", 2, "The time is an estimate."),
        (QuestionKind.ESTIMATE, "Row 3", 3, "Only the day is known."),
        (QuestionKind.ESTIMATE, "Row 4", 4, "The time is known within bounds only."),
    ]


def test_what_the_author_says_of_a_time_is_quoted():
    (found,) = asked(incident(event("~2026-01-02 02:00", "Row", stated_precision="from memory")))
    assert found.why == "The time is an estimate. The author says: from memory"


def test_only_the_sentence_that_says_so_is_quoted_with_its_section():
    statements = (
        Statement("heading 2", "Root cause analysis"),
        Statement("text", "The key was old. Who made it is not known. It was revoked."),
        Statement("head", "Signal | Meaning"),
        Statement("row", "Beacon | purpose unclear"),
    )
    assert [(each.quote, each.place) for each in asked(incident(), *statements)] == [
        ("Who made it is not known.", "Root cause analysis"),
        ("Beacon | purpose unclear", "Root cause analysis"),
    ]


def test_rows_of_records_are_not_asked_twice():
    statements = (
        Statement("heading 2", "Timeline"),
        Statement("head", "Time (UTC) | Event | Notes"),
        Statement("row", "2026-01-02 01:00 | The sender is unknown |"),
    )
    found = asked(incident(event("2026-01-02 01:00", "The sender is unknown")), *statements)
    assert [(each.quote, each.event) for each in found] == [("The sender is unknown", 0)]


def test_a_prompt_is_still_to_be_written():
    (found,) = asked(incident(), Statement("text", "TBD"))
    assert found.why == "This is still to be written."


def test_actions_without_owner_or_day_are_open_unless_they_are_done():
    actions = [
        {"action": "Rotate", "owners": [], "due": None, "status": "open"},
        {"action": "Alert", "owners": ["TBD"], "due": "2026-02-01", "status": ""},
        {"action": "Train", "owners": [], "due": None, "status": "Done"},
    ]
    assert [(each.quote, each.why) for each in asked(incident(actions=actions))] == [
        ("Rotate", "Nobody owns this action."),
        ("Rotate", "No due date is set."),
        ("Alert", "Nobody owns this action."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The vector is unknown",
        "It could not be determined",
        "This is still under investigation",
        "Nobody knows",
        "Owner: TBC",
        "Der Zeitpunkt ist unbekannt",
        "La cause n'est pas connue: inconnu",
        "Se desconocida",
        "Não se sabe quem",
        "原因は不明です",
    ],
)
def test_words_for_what_nobody_knows(text):
    assert says_unknown(text)


@pytest.mark.parametrize("text", ["The host is known", "unknownst", "All is clear", "It was recorded", "Really??"])
def test_other_words_raise_no_question(text):
    assert not says_unknown(text)


DETECTED = event("2026-01-02 02:00", "Alert detected", milestone="Alert detected")
VALIDATED = event("2026-01-02 02:10", "Alert validated", milestone="Alert validated")
RECOVERED = event("2026-01-02 06:00", "Recovery completed", milestone="Recovery completed")
SECOND = {"other": [{"column": "Time (CET)", "text": "2026-01-02 04:00"}]}


@pytest.mark.parametrize(
    ("code", "record", "statements"),
    [
        ("milestone-twice", incident(DETECTED, {**DETECTED, **event("2026-01-02 03:00", "Alert detected")}), NO_TEXT),
        ("milestone-order", incident({**VALIDATED, **event("2026-01-02 01:00", "V"), "milestone": "Alert validated"}, DETECTED), NO_TEXT),
        ("timeline-order", incident(DETECTED, RECOVERED, event("2026-01-02 05:00", "B"), event("2026-01-02 07:00", "C")), NO_TEXT),
        ("time-slip", incident(DETECTED, VALIDATED, event("2025-01-02 02:20", "X"), RECOVERED), NO_TEXT),
        ("second-time", incident({**DETECTED, **SECOND}, VALIDATED), NO_TEXT),
        ("duration-stated", incident(DETECTED, RECOVERED), (Statement("text", "Time to recover: 9 hours."),)),
        ("date-stated", incident(DETECTED, first_day="2026-01-02"), (Statement("heading 1", "Outage of 2026-03-12"),)),
        ("time-stated", incident(DETECTED, RECOVERED), (Statement("text", "The alert was detected at 02:41."),)),
        ("severity-stated", incident(DETECTED, severity="SEV-1"), (Statement("text", "The incident was SEV-3."),)),
        ("tlp-stated", incident(DETECTED, tlp="AMBER"), (Statement("text", "This report is TLP:GREEN."),)),
    ],
)  # fmt: skip
def test_contradictions_are_those_of_the_checks(code, record, statements):
    why = {each.value: text for each, text in CONTRADICTIONS.items()}[code]
    if code == "milestone-twice":
        record["events"][1]["milestone"] = "Alert detected"
    assert why in [each.why for each in contradictions(record, statements, Settings())]
    off = read_settings({"checks": {code: "off"}})
    assert why not in [each.why for each in contradictions(record, statements, off)]


def test_every_contradiction_is_tried():
    (mark,) = test_contradictions_are_those_of_the_checks.pytestmark
    assert {each[0] for each in mark.args[1]} == {code.value for code in CONTRADICTIONS}


def test_what_agrees_is_no_contradiction():
    record = incident(DETECTED, VALIDATED, RECOVERED, severity="SEV-1", tlp="AMBER", first_day="2026-01-02")
    text = "The incident was SEV-1 and TLP:AMBER. Time to recover: 4 hours."
    assert list(contradictions(record, [Statement("text", text)], Settings())) == []


def test_a_contradiction_knows_its_row():
    record = incident(DETECTED, event("2026-01-02 06:00", "A"), event("2026-01-02 05:00", "B"), RECOVERED)
    found = [(each.quote, each.event) for each in contradictions(record, (), Settings())]
    assert found in ([("A", 1)], [("B", 2)])


def test_questions_stand_by_their_kind():
    record = incident(DETECTED, event("~2026-01-02 03:00", "About"), event("2026-01-02 01:00", "Early"), RECOVERED)
    found = asked(record, Statement("text", "The rest is unknown."))
    assert [each.kind for each in found] == [QuestionKind.UNKNOWN, QuestionKind.ESTIMATE, QuestionKind.CONTRADICTION]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("The runbook⟨doc runbooks/a⟩ helped", "The runbook helped"),
        ("See ⟨incident SEC-2⟩, too", "See SEC-2, too"),
        ("⟨owner sre⟩", "sre"),
        ("a \\u{7c} b", "a | b"),
        ("⟨⟨⟨ x", "⟨⟨⟨ x"),
        ("It [raw html <b>]broke[raw html </b>] twice", "It broke twice"),
        (visible("می\u200cخواهیم \\u{200c} ⟨x⟩"), "می\u200cخواهیم \\u{200c} ⟨x⟩"),
        (visible("a\x07b"), "a\\u{7}b"),
    ],
)
def test_statements_are_read_without_the_targets_of_links(statement, text):
    assert without_targets(statement) == text
