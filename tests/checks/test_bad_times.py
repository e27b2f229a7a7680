"""Times that are no times: each is a finding with its line, its text is kept and shown, and the time that it takes is bounded."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page
from tests.counted_steps import steps

FINDINGS = {
    "time-format",
    "time-impossible",
    "time-not-utc",
    "time-estimate",
    "time-slip",
    "timeline-order",
    "malformed-table",
}


def timeline(*rows: str, head: str = "Time (UTC) | Event") -> str:
    dashes = "|---" * (head.count("|") + 1)
    return "\n".join([":::{timeline}", f"| {head} |", f"{dashes}|", *(f"| {row} |" for row in rows), ":::", ""])


def findings(text: str) -> list[tuple[str, int]]:
    page = check_page("p.md", text, read_settings({}))
    return [(item.code, item.line) for item in run_page(page) if item.code in FINDINGS]


BAD = {
    "13:61": "2026-03-02 13:61",
    "an hour that is none": "2026-03-02 25:00",
    "a year of five digits": "22025-03-02 01:14",
    "bounds that contradict": "2026-03-02 05:00 to 01:00",
    "days that contradict": "between 2026-03-10 and 2026-03-02",
    "a day that is none": "2026-02-30 01:14",
    "a zone that does not exist": "2026-03-02 01:14 XYZ",
    "a place that does not exist": "2026-03-02 01:14 Europe/Atlantis",
    "two dates": "03/04/2026 01:14",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_time_is_a_finding_at_its_row(name: str) -> None:
    found = findings(timeline("2026-03-02 01:00 | A", f"{BAD[name]} | B"))
    assert [line for _, line in found] == [5]


def test_a_leap_second_is_read() -> None:
    assert findings(timeline("2016-12-31 23:59:60 | A", "2017-01-01 00:00:10 | B")) == []


def test_a_sentence_that_repeats_the_zone_of_the_column_is_no_second_finding() -> None:
    table = timeline("2026-03-02 01:14 | A", "2026-03-02 01:20 | B", head="Time (CET) | Event")
    assert findings(f"All times are in CET.\n\n{table}") == [("time-not-utc", 3)]


def test_a_sentence_about_all_times_may_be_broken_over_two_lines() -> None:
    table = timeline("2026-03-02 01:14 | A", head="Time | Event")
    assert findings(f"As a reader will see, all times are in\nCET here.\n\n{table}") == [("time-not-utc", 1)]


def test_a_column_with_two_zones_is_one_finding() -> None:
    rows = [f"2026-03-02 01:{minute:02} | A{minute}" for minute in range(5)]
    assert findings(timeline(*rows, head="Time (UTC, CET) | Event")) == [("time-not-utc", 1)]


def test_a_column_without_dates_is_one_finding() -> None:
    rows = [f"01:{minute:02} | A{minute}" for minute in range(5)]
    assert findings(timeline(*rows)) == [("time-format", 1)]


def test_two_bad_rows_among_good_ones_are_two_findings() -> None:
    rows = ["2026-03-02 01:00 | A", "01:10 | B", "01:20 | C", "2026-03-02 01:30 | D"]
    assert findings(timeline(*rows)) == [("time-format", 5), ("time-format", 6)]


def test_work_grows_with_the_rows_and_no_faster() -> None:
    def rows(number: int) -> str:
        return timeline(*(f"2026-03-02 {i // 60 % 24:02}:{i % 60:02} | Step {i}" for i in range(number)))

    few, many = steps(findings, rows(200)), steps(findings, rows(800))
    assert many < 6 * few


def test_a_cell_of_a_megabyte_is_a_finding_and_costs_no_more_steps_than_a_small_one() -> None:
    small, large = timeline("1 soon | A"), timeline("1 " + "soon " * 200_000 + "| A")
    assert findings(large)[0][1] in (1, 4)
    assert steps(findings, large) < 3 * steps(findings, small) + 20_000


def test_a_bad_time_is_shown_as_it_is_written(site) -> None:  # type: ignore[no-untyped-def]
    text = "# T\n\n:::{incident-summary} S-1\n:date: 2026-03-02\n\nText.\n:::\n\n" + timeline("2026-03-02 13:61 | A")
    built = site({"index.md": text}).build(warnings=True)
    assert "2026-03-02 13:61" in built.read("index.html")
    assert "[postmortem.time-impossible]" in built.warnings


def test_times_of_responses_are_judged_and_may_be_missing():
    head = ":::{response-table}\n| Kind | Response | Time (UTC) |\n|---|---|---|\n"
    text = f"{head}| fix | A | 25:61 |\n| fix | B | |\n| fix | C | 2026-03-02 01:00 CET |\n:::\n"
    found = [(each.code, each.line) for each in run_page(check_page("p.md", text, read_settings({})))]
    assert ("time-format", 4) in found or ("time-impossible", 4) in found
    assert ("time-not-utc", 6) in found
    assert not [line for code, line in found if code.startswith("time-") and line == 5]


def test_ten_thousand_wrong_rows_and_a_cell_of_a_megabyte_are_told_in_few_lines():
    rows = "".join(f"| 2026-02-30 01:{n % 60:02} | Event {n} |\n| 03/04/2026 | x |\n" for n in range(5000))
    text = f":::{{timeline}}\n| Time (UTC) | Event |\n|---|---|\n{rows}| {'9' * 1_000_000} | x |\n:::\n"
    findings = run_page(check_page("p.md", text, read_settings({})))
    assert len(findings) < 500
    assert sum(len(each.message) for each in findings) < 100_000


def test_a_slip_is_told_in_the_zone_of_its_author() -> None:
    rows = ("2026-03-02 23:50 | A", "2026-03-02 00:20 | B", "2026-03-02 00:40 | C")
    page = check_page("p.md", timeline(*rows, head="Time (Europe/Paris) | Event"), read_settings({}))
    told = [item.message for item in run_page(page) if item.code == "time-slip"]
    assert told[0].startswith('"2026-03-02 00:20" is after midnight')
    assert told[0].endswith("probably 2026-03-03 00:20, and so on for the 2 rows to line 6")
