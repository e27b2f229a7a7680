"""Severities per site and page, and comments that excuse a finding."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import (
    SettingError,
    Settings,
    check_page,
    read_settings,
    run_page,
)

TABLE = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| ~01:14 | Alert detected |\n:::\n"
RST = ".. timeline::\n\n   | Time (UTC) | Event |\n   |---|---|\n   | ~01:14 | Alert detected |\n"


def estimates(text, *, markdown=True, **values):
    page = check_page("page.md", text, read_settings(values), markdown=markdown)
    return [finding for finding in run_page(page) if finding.code == "time-estimate"]


def other(text, code="bad-suppression"):
    return [f for f in run_page(check_page("page.md", text, Settings())) if f.code == code]


@pytest.mark.parametrize("severity", ["note", "warning", "error"])
def test_a_setting_changes_the_severity(severity):
    assert [item.severity for item in estimates(TABLE, checks={"time-estimate": severity})] == [severity]


def test_a_setting_turns_a_check_off():
    assert not estimates(TABLE, checks={"time-estimate": "off"})


def test_an_unknown_code_in_the_settings_is_refused():
    with pytest.raises(SettingError, match="time-estimat"):
        read_settings({"checks": {"time-estimat": "off"}})


@pytest.mark.parametrize(
    "head", ["postmortem-checks:\n  time-estimate: off\n", "postmortem-checks: {time-estimate: off}\n"]
)
def test_front_matter_turns_a_check_off(head):
    assert not estimates(f"---\n{head}---\n\n{TABLE}")


def test_front_matter_changes_the_severity():
    text = f"---\npostmortem-checks:\n  time-estimate: note  # a reconstructed record\n---\n\n{TABLE}"
    assert [item.severity for item in estimates(text)] == ["note"]


@pytest.mark.parametrize("entry", ["no-such-check: off", "time-estimate: loud"])
def test_an_unknown_entry_of_the_front_matter_is_an_error(entry):
    assert other(f"---\npostmortem-checks:\n  {entry}\n---\n\n{TABLE}")[0].severity == "error"


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- postmortem-check: ignore time-estimate: the log was lost -->\n",
        "<!-- postmortem-check: ignore time-estimate, time-format: the log was lost -->\n\n",
        "% postmortem-check: ignore time-estimate: the log was lost\n",
        "<!-- postmortem-check: ignore-page time-estimate: the log was lost -->\n\nText.\n\n",
    ],
)
def test_a_comment_excuses_a_finding_and_keeps_the_reason(comment):
    assert [item.suppressed for item in estimates(comment + TABLE)] == ["the log was lost"]


def test_a_comment_excuses_a_finding_in_restructuredtext():
    comment = ".. postmortem-check: ignore time-estimate: the log was lost\n\n"
    assert [item.suppressed for item in estimates(RST, markdown=False)] == [""]
    assert [item.suppressed for item in estimates(comment + RST, markdown=False)] == ["the log was lost"]


def test_a_comment_holds_for_its_block_only():
    comment = "<!-- postmortem-check: ignore time-estimate: the log was lost -->\n"
    assert [item.suppressed for item in estimates(f"{comment}{TABLE}\n{TABLE}")] == ["the log was lost", ""]


def test_a_comment_without_reason_excuses_nothing():
    text = "<!-- postmortem-check: ignore time-estimate -->\n" + TABLE
    assert [item.suppressed for item in estimates(text)] == [""]
    assert other(text)[0].severity == "error"


def test_a_comment_that_excuses_nothing_is_noted():
    assert (
        other("<!-- postmortem-check: ignore time-slip: because -->\n" + TABLE, "unused-suppression")[0].severity
        == "note"
    )


def test_what_is_missing_from_a_draft_is_a_note():
    text = ":::{incident-summary} SEC-1\n:status: draft\n\nText.\n:::\n"
    found = run_page(check_page("page.md", text, Settings()))
    assert {item.severity for item in found} == {"note"}


def test_a_comment_in_a_code_block_is_none():
    comment = "```text\n<!-- postmortem-check: ignore time-slip -->\n```\n\n"
    assert not other(comment + TABLE)
    assert not other(comment + TABLE, "unused-suppression")


def test_a_milestone_that_the_site_does_not_have_is_not_asked_for():
    text = ":::{incident-summary} SEC-1\n:severity: SEV-3\n:status: closed\n\nText.\n:::\n\n" + TABLE
    page = check_page("page.md", text, read_settings({"milestones": ["Alert detected", "Restored"]}))
    assert "milestone-missing" not in {finding.code for finding in run_page(page)}


WRONG = ":::{incident-summary} SEC-1\n:severity: SEV-9\n:status: draft\n\nText.\n:::\n"
TODAY = 'the code "summary-value" is called "bad-value" or "bad-date" now; write that'


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (f"---\npostmortem-checks:\n  summary-value: note\n---\n{WRONG}", "note"),
        (f"---\npostmortem-checks: {{summary-value: note, bad-value: warning}}\n---\n{WRONG}", "warning"),
        (f"<!-- postmortem-check: ignore summary-value: our old scale -->\n{WRONG}", ""),
    ],
)
def test_a_page_may_name_a_code_as_it_was_called(text, severity):
    assert [(hit.message, hit.severity) for hit in other(text, "renamed-code")] == [(TODAY, "warning")]
    assert not other(text)
    assert not other(text, "unused-suppression")
    assert [hit.severity for hit in other(text, "bad-value") if not hit.suppressed] == [severity] * bool(severity)


def test_a_site_may_name_a_code_as_it_was_called():
    settings = read_settings({"checks": {"summary-value": "note", "bad-date": "off"}})
    assert (settings.checks["bad-value"], settings.checks["bad-date"]) == ("note", "off")
    found = [f for f in run_page(check_page("page.md", WRONG, settings)) if f.code == "bad-value"]
    assert [finding.severity for finding in found] == ["note"]
