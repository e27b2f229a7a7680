"""Rows that were moved or pasted together are one finding, which names the block."""

from __future__ import annotations

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

HEAD = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n"


def said(*rows: str) -> list[tuple[int, str, str]]:
    text = HEAD + "".join(f"| 2026-03-{row} |\n" for row in rows) + "\n:::\n"
    findings = run_page(check_page("page.md", text, read_settings({})))
    codes = ("timeline-order", "time-slip", "timeline-duplicate")
    return [(found.line, found.code, found.message) for found in findings if found.code in codes]


def at(day: int, *minutes: int) -> list[str]:
    return [f"{day:02} 10:{minute:02} | Step {minute}" for minute in minutes]


def test_a_block_that_stands_twice_is_told_once_by_each_rule() -> None:
    found = said(*at(2, 1, 2, 3, 4, 5), *at(2, 3, 4, 5), *at(2, 6))
    assert found == [
        (9, "timeline-duplicate", "the 3 rows to line 11 repeat those of lines 6 to 8; remove one of each"),
        (
            9,
            "timeline-order",
            (
                "the 2 rows to line 10, 2026-03-02 10:03 to 2026-03-02 10:04, stand after 2026-03-02 10:05 (line 8); "
                "mend their times or move the rows"
            ),
        ),
    ]


def test_rows_that_repeat_rows_here_and_there_are_told_one_by_one() -> None:
    found = said(*at(2, 1, 2, 3), *at(2, 3, 1))
    assert [(line, code) for line, code, _ in found if code == "timeline-duplicate"] == [
        (7, "timeline-duplicate"),
        (8, "timeline-duplicate"),
    ]


def test_rows_from_the_latest_to_the_earliest_are_one_finding() -> None:
    message = "the rows to line 7 run from the latest to the earliest; turn their order round"
    assert said(*at(2, 40, 30, 20, 10)) == [(5, "timeline-order", message)]


def test_rows_with_one_slip_are_one_finding() -> None:
    found = said(*at(2, 1, 2), *at(3, 3, 4), *at(1, 5, 6, 7), *at(3, 8))
    message = "2026-03-01 10:05 has another day than its neighbours; probably 2026-03-03 10:05"
    assert found == [(8, "time-slip", f"{message}, and so on for the 3 rows to line 10")]
