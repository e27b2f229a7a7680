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


BOTH = "| Action | Owner | Addresses | Factor |"


def codes_of(head, *rows, severity="SEV-1", factors=FACTORS):
    summary = f":::{{incident-summary}} SEC-1\n:severity: {severity}\n:status: in-review\n\nText.\n:::\n\n"
    table = "\n".join([head, "|---" * (head.count("|") - 1) + "|", *rows])
    page = check_page("page.md", f"{summary}{factors}:::{{action-table}}\n{table}\n:::\n", read_settings({}))
    return [each.code for each in run_page(page) if each.code in ("factor-unaddressed", "factor-uncovered")]


@pytest.mark.parametrize(("severity", "code"), [("SEV-2", "factor-unaddressed"), ("SEV-3", "factor-uncovered")])
def test_one_rule_speaks_where_a_table_has_both_columns(severity, code):
    assert codes_of(BOTH, "| Add an alert | ops | Architecture | |", severity=severity) == [code]


@pytest.mark.parametrize("cells", ["Detection | ", " | Monitoring", "Architecture | 1"])
@pytest.mark.parametrize("severity", ["SEV-1", "SEV-3"])
def test_what_either_column_names_counts(cells, severity):
    assert codes_of(BOTH, f"| Add an alert | ops | {cells} |", severity=severity) == []


def test_a_factor_that_is_a_prompt_needs_no_action_in_the_column_factor_either():
    assert codes_of("| Action | Owner | Factor |", "| Add an alert | ops | Monitoring |", severity="SEV-3") == []


@pytest.mark.parametrize(
    "action", ["Agree on the actions at the review meeting", "TBD", "Combinar as ações na reunião de revisão"]
)
def test_an_action_that_is_a_prompt_addresses_nothing(action):
    assert codes_of("| Action | Owner | Addresses |", f"| {action} | ops | Detection |") == ["factor-unaddressed"]
