"""What actions address: each factor of a grave incident, by the column Addresses."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

FACTORS = ":::{contributing-factors}\n- **Monitoring**: no alert.\n- **Process**: being analysed.\n:::\n\n"


def found(head, row, severity="SEV-1", factors=FACTORS):
    summary = f":::{{incident-summary}} SEC-1\n:severity: {severity}\n:status: in-review\n\nText.\n:::\n\n"
    rule = "|---" * (head.count("|") - 1) + "|"
    text = f"{summary}{factors}:::{{action-table}}\n{head}\n{rule}\n{row}\n:::\n"
    page = check_page("page.md", text, read_settings({}))
    return [finding for finding in run_page(page) if finding.code == "factor-unaddressed"]


def test_a_table_without_the_column_is_told_once():
    (finding,) = found("| Action | Owner |", "| Add an alert | ops |")
    assert "column Addresses" in finding.message
    assert finding.line == 13


def test_a_factor_that_no_action_addresses_is_told_and_an_open_one_is_not():
    (finding,) = found("| Action | Owner | Addresses |", "| Add an alert | ops | architecture |")
    assert "Monitoring" in finding.message


@pytest.mark.parametrize(
    ("head", "row", "severity"),
    [
        ("| Action | Owner | Addresses |", "| Add an alert | ops | detection |", "SEV-1"),
        ("| Action | Owner | Factor |", "| Add an alert | ops | Monitoring |", "SEV-1"),
        ("| Action | Owner |", "| Add an alert | ops |", "SEV-3"),
        ("| Action | Owner |", "| Agree on the actions at the review meeting | ops |", "SEV-1"),
    ],
)
def test_nothing_is_told(head, row, severity):
    assert found(head, row, severity) == []


def test_nothing_is_told_while_all_factors_are_open():
    assert found("| Action | Owner |", "| Add an alert | ops |", factors=FACTORS.replace("no alert", "TBD")) == []
