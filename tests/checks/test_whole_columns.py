"""A fault that each row of a table has is told once, at the table."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page
from sphinx_postmortem.core.checks.runner import MOST_OF_A_KIND

OWNED = ":::{action-table}\n| Action | Owner |\n|---|---|\n"


def found(text: str, code: str, **settings: object) -> list[tuple[int, str, str]]:
    """Return the findings of a code: line, message, and the reason that excuses it."""
    page = check_page("p.md", text, read_settings(settings))
    return [(item.line, item.message, item.suppressed) for item in run_page(page) if item.code == code]


def table(rows: int) -> str:
    """Return an action table whose rows have no priority."""
    return OWNED + "".join(f"| A{number} | ann |\n" for number in range(rows)) + ":::\n"


@pytest.mark.parametrize("code", ["action-priority", "action-due", "action-status", "action-id"])
def test_a_column_that_is_missing_is_one_finding(code: str) -> None:
    [(line, message, _)] = found(table(3), code)
    assert (line, message[:34]) == (1, "each of the 3 rows of the table: t")


def test_more_rows_than_are_told_of_a_kind_are_one_finding_too() -> None:
    assert len(found(table(MOST_OF_A_KIND + 1), "action-due")) == 1


def test_a_table_without_owners_is_told_once_by_its_missing_column() -> None:
    text = ":::{action-table}\n| Action |\n|---|\n| A |\n| B |\n:::\n"
    assert found(text, "action-owner") == []
    assert len(found(text, "missing-column")) == 1


def test_one_row_is_told_at_its_line() -> None:
    assert [line for line, *_ in found(table(1), "action-due")] == [4]


def test_rows_are_told_apart_where_another_has_what_they_lack() -> None:
    text = table(2).replace("Owner |\n|---", "Owner | Priority |\n|---|---").replace("A1 | ann |", "A1 | ann | P1 |")
    assert [line for line, *_ in found(text.replace("A0 | ann |", "A0 | ann | |"), "action-priority")] == [4]


def test_messages_that_differ_stay_apart() -> None:
    text = OWNED + "| A | ann |\n| B | bob |\n:::\n"
    assert len(found(text, "owner-unknown", owners={"eve": {"name": "Eve"}})) == 2


def test_the_rule_of_events_is_folded_too() -> None:
    text = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| 2026-03-02 01:14 | A |\n| 2026-03-02 01:15 | B |\n:::\n"
    assert [line for line, *_ in found(text, "event-evidence", evidence=["events"])] == [1]


def test_what_a_comment_excuses_is_not_folded() -> None:
    reasons = [
        reason for *_, reason in found(f"% postmortem-check: ignore action-due: later\n\n{table(2)}", "action-due")
    ]
    assert reasons == ["later", "later"]


def test_tables_are_folded_one_by_one() -> None:
    assert [line for line, *_ in found(f"{table(2)}\n{table(2)}", "action-due")] == [1, 8]
