"""How often the rules about causes are right, on labelled sentences of which half were not seen when they were written."""

from __future__ import annotations

import pytest

from benchmarks.cause_sentences import measure, sentences


def test_there_are_enough_sentences_in_each_half() -> None:
    halves = [is_unseen for is_unseen, _, _ in sentences()]
    assert len(halves) >= 60
    assert 0.4 < sum(halves) / len(halves) < 0.6


@pytest.mark.parametrize("unseen", [False, True])
def test_nine_of_ten_findings_are_right_and_found(unseen: bool) -> None:
    right, false, missed, wrong = measure(unseen=unseen)
    assert right / (right + false) >= 0.9, wrong
    assert right / (right + missed) >= 0.9, wrong
