"""Slips as they stand in published postmortems, retold: each is found, in plain Markdown and in a timeline of ours."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from benchmarks import text_rules
from sphinx_postmortem.core.checks import Settings, check_page, run_page

TODAY = date(2026, 11, 24)
KEY_EVENTS = "# Incident\n\n- **Key events**\n  - First detected {}\n  - Repaired {}\n  - Incident declared {}\n  - Resolved {}\n"
PLAIN = {
    "declared a year early": (
        KEY_EVENTS.format("2021-06-09 13:15", "2021-06-09 13:46", "2020-06-09 13:54", "2021-06-09 13:58"),
        ("time-slip", 6),
    ),
    "resolved in another month": (
        KEY_EVENTS.format("2023-07-25 14:05", "2023-07-25 15:55", "2023-07-25 15:21", "2023-09-25 15:55"),
        ("time-slip", 7),
    ),
    "resolved before it was declared": (
        KEY_EVENTS.format("2021-09-04 22:05", "2021-09-05 12:16", "2021-09-05 12:53", "2021-09-05 12:27"),
        ("milestone-order", 7),
    ),
    "a year of five digits": (
        KEY_EVENTS.format("22025-03-18 09:36", "2025-03-18 10:00", "2025-03-18 09:50", "2025-03-18 11:00"),
        ("time-impossible", 4),
    ),
    "rows out of order": (
        "| Time | Event |\n|---|---|\n| 2023-02-14 11:08 | Call begins |\n| 2023-02-14 11:07 | Ticket raised |\n",
        ("timeline-order", 4),
    ),
    "headings out of order": ("# 2017-03-06\n\n### 23:21\n\nA.\n\n### 21:31\n\nB.\n", ("timeline-order", 7)),
    "items of one day out of order": (
        "2023-11-22\n\n- 14:46 An answer is sent\n- 14:44 The team discusses it\n- 14:46 The account is closed\n",
        ("timeline-order", 4),
    ),
    "a summary with another month than the title": (
        "# March 26th, 2019 Outage\n\n## Impact\n\nAll jobs failed between 2019-02-25 23:04 and 2019-02-26 08:12.\n",
        ("summary-dates", 1),
    ),
}
ROWS = {
    "time-slip": ("2021-06-09 13:15", "2021-06-09 13:46", "2020-06-09 13:54", "2021-06-09 13:58"),
    "time-impossible": ("22025-03-18 09:36", "2025-03-18 10:00"),
    "timeline-order": ("2023-02-14 11:08", "2023-02-14 11:07"),
}
# The files of the corpus that hold known slips, and the rule that names each.
CORPUS = {
    "2021-06-09-unable-to-create": "time-slip",
    "2023-07-25-prometheus": "time-slip",
    "2021-09-04-pingdom": "milestone-order",
    "PM2023-001": "timeline-order",
    "post-mortems__2019-03-26": "summary-dates",
    "2017-03-06-helm": "timeline-order",
    "2023-12-04-account-takeover": "timeline-order",
    "2020-10-28-memory": "summary-dates",
}


def slips(lines, name="page.md"):
    found = [*text_rules.timeline_findings(lines, TODAY), *text_rules.title_finding(Path(name), lines)]
    return {(code, line) for code, line, _ in found}


@pytest.mark.parametrize("name", PLAIN)
def test_a_slip_in_plain_markdown_is_named(name):
    text, expected = PLAIN[name]
    assert slips(text.split("\n")) == {expected}


def test_a_title_with_another_day_than_the_file_name_is_named():
    assert slips(["# 2020-08-28 - Memory"], "2020-10-28-memory.md") == {("summary-dates", 1)}


def test_a_story_of_several_days_is_no_slip():
    lines = ["# 2018-01-11, A warning", "", "", "### 2018-01-11", "A.", "### 2018-01-18", "B."]
    assert not slips(lines, "2018-01-18-warning.md")


@pytest.mark.parametrize("code", ROWS)
def test_a_slip_in_a_timeline_is_named(code):
    rows = "".join(f"| {time} | Event {number} |\n" for number, time in enumerate(ROWS[code]))
    page = check_page("p.md", f":::{{timeline}}\n| Time (UTC) | Event |\n|---|---|\n{rows}:::\n", Settings())
    assert code in {finding.code for finding in run_page(page)}


@pytest.mark.skipif("POSTMORTEM_CORPUS" not in os.environ, reason="POSTMORTEM_CORPUS names no folder of postmortems")
@pytest.mark.parametrize("name", CORPUS)
def test_a_known_slip_of_the_corpus_is_named(name):
    path = next(path for path in Path(os.environ["POSTMORTEM_CORPUS"]).iterdir() if name in path.name)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert CORPUS[name] in {code for code, _ in slips(lines, path.name.rpartition("__")[2])}
