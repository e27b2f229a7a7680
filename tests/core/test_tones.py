"""Tones and marks go by the name of a severity or a status."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.tones import DONE, INKS, OPEN, Tone, severity_look, status_look


def test_a_severity_has_its_tone_alone_or_among_others():
    assert severity_look("SEV-2").tone == Tone.WARNING
    assert severity_look("High", ["Critical", "High", "Low"]).tone == Tone.WARNING
    assert severity_look("sev-1").tone == Tone.CRITICAL


def test_a_severity_that_the_site_does_not_know_is_quiet():
    assert severity_look("P9").tone == Tone.QUIET


def test_severities_have_marks_of_their_own():
    assert len({severity_look(f"SEV-{number}").mark for number in (1, 2, 3, 4)}) == 4


def test_statuses_of_the_site_that_need_no_more_work_are_done():
    assert status_look("shipped", ["shipped"]) == DONE
    assert status_look("shipped") == OPEN


@pytest.mark.parametrize(("status", "tone"), [("in-progress", "info"), ("In Progress", "info"), ("draft", "mute")])
def test_spelling_of_a_status_changes_nothing(status, tone):
    assert status_look(status).tone == tone


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tone", list(Tone))
def test_text_of_a_tone_can_be_read_on_paper(tone):
    assert contrast(INKS[tone].text, "#ffffff") >= 6.4
    assert contrast(INKS[tone].text, INKS[tone].soft) >= 5.5
