"""What a row states of how long it took, against its times."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_plain, read_settings, run_page
from sphinx_postmortem.core.checks.contradictions import timeline_text


def found(head: str, *rows: str) -> list[tuple[int, str]]:
    page = check_page("p.md", timeline_text(*(f"| {row} |" for row in rows), head=f"| {head} |"), read_settings({}))
    return [(each.line, each.message) for each in run_page(page) if each.code == "row-span"]


ENDS = "Start (UTC) | End (UTC) | Duration | Event"
SINCE = "Time (UTC) | Elapsed | Event"


@pytest.mark.parametrize(
    "row",
    [
        "2026-03-02 01:31 | 2026-03-02 03:01 | 30 min | Revoked",
        "2026-03-02 01:31 | 03:01 | 0:30 | Revoked",
        "2026-03-02 04:00 | 2026-03-02 03:00 | 1 h | Rebuilt",
        "2026-03-02 23:50 | 00:20 | 3 h | Rolled back",
    ],
)
def test_a_row_whose_duration_or_end_cannot_be_is_found(row: str) -> None:
    assert [line for line, _ in found(ENDS, "2026-03-02 01:14 | 01:31 | 17 min | Triage", row)] == [5]


@pytest.mark.parametrize(
    "row",
    [
        "2026-03-02 01:31 | 2026-03-02 03:01 | 90 min | Revoked",
        "2026-03-02 01:31 | 03:01 | about 2 h | Revoked",
        "2026-03-02 23:50 | 00:20 | 30 min | Rolled back",
        "2026-03-02 23:50 | | 30 min | Rolled back",
        "2026-03-02 23:50 | ongoing | - | Rolled back",
        "~2026-03-02 23:50 | 23:55 | 30 min | Rolled back",
    ],
)
def test_a_row_that_agrees_or_cannot_be_compared_is_not(row: str) -> None:
    assert not found(ENDS, row)


def test_the_row_that_counts_otherwise_than_the_others_is_found() -> None:
    rows = ["2026-04-10 02:11 | T-4m | A", "2026-04-10 02:15 | T+0 | B", "2026-04-10 02:19 | T+4m | C"]
    assert not found(SINCE, *rows)
    [(line, message)] = found(SINCE, *rows, "2026-04-10 02:44 | T+39m | D", "2026-04-10 02:50 | +00:35 | E")
    assert (line, '"T+39m"' in message, "29 min" in message) == (7, True, True)


def test_a_column_of_the_time_since_the_row_above_is_left_alone() -> None:
    rows = ["2026-04-10 02:00 | 0 | A", "2026-04-10 02:10 | 10 min | B", "2026-04-10 02:30 | 20 min | C"]
    assert not found(SINCE, *rows, "2026-04-10 02:35 | 5 min | D", "2026-04-10 03:35 | 1 h | E")


def test_a_duration_beside_its_start_and_end_is_compared() -> None:
    lines = ["- Start time: 2026-05-04 07:12 UTC", "- End time: 2026-05-04 09:40 UTC", "- Total duration: {}"]
    pages = [
        check_page("p.md", "\n".join(lines).format(said) + "\n\n" + timeline_text(), read_settings({}))
        for said in ("3h 28m", "2h 28m", "about 2 hours")
    ]
    found = [[each.line for each in run_page(page) if each.code == "row-span"] for page in pages]
    assert found == [[3], [], []]


def test_labels_and_severities_of_a_plain_document_are_compared() -> None:
    text = (
        "# Leak\n\n- Severity: ~severity::2\n- Classification: TLP:GREEN\n\n## Timeline\n\n- 2026-03-02 01:14 Alert detected\n"
        "- 2026-03-02 02:14 Contained\n\n## Cause\n\nThis was a SEV-1. The report is TLP:AMBER.\n"
    )
    page = check_page("report.md", text, read_settings({}))
    read_plain(page)
    found = {(each.code, each.line) for each in run_page(page) if each.code.endswith("-stated")}
    assert found >= {("severity-stated", 13), ("tlp-stated", 13)}
