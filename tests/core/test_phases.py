"""Gaps and phases between the rows of a timeline."""

from __future__ import annotations

from sphinx_postmortem.core.records.phases import DEFAULT_PHASES, Step, derive_steps
from sphinx_postmortem.core.records.time_reading import parse_moment


def steps(*rows: tuple[str, str]) -> tuple[Step, ...]:
    return derive_steps([(parse_moment(time) if time else None, name) for time, name in rows], DEFAULT_PHASES)


def gaps(*times: str) -> list[str]:
    return [step.gap for step in steps(*((time, "") for time in times))]


def test_gap_is_the_time_since_the_row_before():
    assert gaps("2026-03-02 01:00", "2026-03-02 01:07", "2026-03-03 02:07") == ["", "7 min", "1 d 1 h"]


def test_gap_over_rows_without_a_time_says_since_when():
    same_day = steps(("2026-03-02 01:00", ""), ("unknown", ""), ("", ""), ("2026-03-02 01:30", ""))
    next_day = steps(("2026-03-02 01:00", ""), ("unknown", ""), ("2026-03-03 01:30", ""))
    assert (same_day[-1].gap, same_day[-1].since) == ("30 min", "since 01:00")
    assert (next_day[-1].gap, next_day[-1].since) == ("1 d 30 min", "since 2026-03-02 01:00")


def test_gaps_to_and_from_an_estimate_are_guesses():
    found = gaps("2026-05-10 23:29", "2026-05-11 ~10:49", "2026-05-11 11:01")
    assert found == ["", "about 11 h 20 min", "about 12 min"]


def test_row_that_is_not_later_has_no_gap():
    assert gaps("2026-03-02 01:00", "2026-03-02 01:00", "2026-03-02 00:50") == ["", "", ""]


def test_gap_over_an_offset_is_counted_in_utc():
    assert gaps("2026-03-02 01:00", "2026-03-02T03:10:00+02:00") == ["", "10 min"]


def test_phase_begins_at_its_milestone_once_and_never_goes_back():
    found = steps(
        ("unknown", ""),
        ("unknown", "Alert detected"),
        ("unknown", "Alert detected"),
        ("unknown", "Recovery completed"),
        ("unknown", "Threat neutralized"),
    )
    shown = ["Before detection", "Detection and analysis", "", "Eradication and recovery", "After recovery"]
    assert [step.phase for step in found] == shown


def test_rows_before_detection_have_a_phase_only_where_detection_follows():
    assert [step.phase for step in steps(("unknown", ""), ("unknown", "Severity declared"))] == ["", ""]


def test_phase_of_a_milestone_begins_above_it_and_another_after_it():
    found = steps(
        ("unknown", "Containment executed"), ("unknown", ""), ("unknown", "Recovery completed"), ("unknown", "")
    )
    assert [step.phase for step in found] == ["Containment", "", "Eradication and recovery", "After recovery"]
