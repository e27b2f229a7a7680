"""What a template put there is a prompt; what people write is not."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.prompts import find_prompt, is_prompt


@pytest.mark.parametrize(
    "text",
    [
        *(
            "TBD",
            "tbd.",
            "TODO: name the cause",
            "???",
            "…",
            "...",
            "<owner>",
            "<what was affected>",
            "[insert the cause]",
        ),
        *(
            "being analysed.",
            "Being investigated",
            "The root cause is being analysed.",
            "The summary is being written.",
        ),
        *("Not yet known.", "To be determined", "Fill this in", "**Rapid alert detection**", "Hosts / Instances"),
        *("Unclear ownership", "Blameless does not mean uncritical", "Monitoring: being analysed."),
        "Brief, non-technical description of what occurred, the impact, and the resolution.",
    ],
)
def test_prompts(text):
    assert is_prompt(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "No tag was compared.", "Unclear ownership of the registry delayed the call by 20 minutes."),
        *("The TODO list of the team was full, so that nobody looked.", "None: no personal data was reached."),
        *("Rapid alert detection: the SIEM paged within a minute", "Cloud services of two regions were down"),
        *("The alert was being analysed when the second one came", "[ ] checked", "[x]", "a < b > c", "unknown"),
        *("[The dashboard](https://example.com)", "Todorov's patch was not applied"),
    ],
)
def test_facts(text):
    assert not is_prompt(text)


def test_a_prompt_within_a_text_is_found_with_its_place():
    assert find_prompt("We will ask the team TBD.").start() == 21
    assert find_prompt("The team was asked.") is None
