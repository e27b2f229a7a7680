"""How often the rules about causes are right, on labelled sentences of which half were not seen when they were written."""

from __future__ import annotations

import pytest

from benchmarks.cause_sentences import blame, later, measure, sentences
from sphinx_postmortem.core.checks.acts_of_persons import act_of_person
from sphinx_postmortem.core.checks.causes import names_control


def test_there_are_enough_sentences_in_each_half() -> None:
    halves = [is_unseen for is_unseen, _, _ in sentences()]
    assert len(halves) >= 60
    assert 0.4 < sum(halves) / len(halves) < 0.6


@pytest.mark.parametrize("unseen", [False, True])
def test_nine_of_ten_findings_are_right_and_found(unseen: bool) -> None:
    right, false, missed, wrong = measure(unseen=unseen)
    assert right / (right + false) >= 0.9, wrong
    assert right / (right + missed) >= 0.9, wrong


def test_sentences_that_were_written_later_are_judged_rightly() -> None:
    right, false, missed, wrong = later()
    assert right + missed >= 90
    assert (false, right / (right + missed) >= 0.9) == (0, True), wrong


def test_blame_in_running_text_is_judged_rightly() -> None:
    right, false, missed, wrong = blame()
    assert right + missed >= 35
    assert (false, right / (right + missed) >= 0.9) == (0, True), wrong


@pytest.mark.parametrize(
    "text",
    [
        "A contractor clicked on a link, which the mail filter had let through.",
        "The clerk replied to a forged mail. Nothing marks mail from outside.",
        "The change was not reviewed by another developer.",
        "An operator could delete the cluster.",
        "Engineers have root on all hosts.",
        "The server dropped connections.",
        "The admin account expired.",  # no verb, for all that it ends as one
        "The shift of that night was one person short.",
        "The network team joined at 02:40 and opened the firewall at 02:52.",
        "Users were granted administrator rights at enrolment.",
        "Three contractors shared one account.",
    ],
)
def test_a_sentence_that_says_more_than_what_a_person_did_is_no_finding(text: str) -> None:
    assert act_of_person(text) == "" or names_control(text, 0)
