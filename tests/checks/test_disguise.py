"""What a careless or unlucky author writes: blame, closure and times in disguise."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page
from sphinx_postmortem.core.checks.closure import closure_criteria

SETTINGS = read_settings({"today": "2026-11-24", "people": {"deny": ["Jane Doe"]}})


def findings(text, settings=SETTINGS, **more):
    page = check_page("p.md", text, settings, **more)
    page.forced = True
    return run_page(page)


def codes(text, prefix):
    return {finding.code for finding in findings(text) if finding.code.startswith(prefix)}


@pytest.mark.parametrize(
    "text",
    [
        "It was the intern's fault.",
        "The engineer who deployed it had not read the runbook.",
        "The DBA, again, typed the wrong host.",
        "Bob, who was on call, did not bother to look.",
        "The mistake was made by the database team.",
        "Someone fat-fingered the command.",
        "Had the reviewer checked the change, it would have been refused.",
        "With a load test we could have caught the leak.",
        "With the other setting the issue wouldn't have occurred.",
        "Operations dropped the ball.",
        "It was a rookie mistake.",
        "The night shift was asleep at the wheel.",
        "PEBKAC.",
    ],
)
def test_blame_in_disguise_is_found(text):
    assert codes(text + "\n", "blame")


@pytest.mark.parametrize(
    "text",
    [
        "We had checked the backups before.",
        "The team could have a rota.",
        "The analysis wouldn't have been possible without the tools.",
        "What would we have asked had we known?",
        "The job, which had not read the file, was restarted.",
        "Errors were made visible by the new panel.",
        "The engineer who deployed it read the runbook first.",
        "The operator, an automated controller, did not start.",
    ],
)
def test_what_only_looks_like_blame_is_not(text):
    assert not codes(text + "\n", "blame")


@pytest.mark.parametrize("text", ["Jane **Doe** left.", "JANE DOE left.", "Then Jane\nDoe left.", "`Jane Doe` left."])
def test_a_denied_name_is_found_however_it_is_written(text):
    found = [finding for finding in findings(text + "\n") if finding.code == "person-name"]
    assert [finding.line for finding in found] == [1]


PAGE = """\
:::{{incident-summary}} SEC-1
:status: closed

Text.
:::

:::{{root-cause}}
{cause}
:::

:::{{action-table}}
| Action | Owner | Due date |
|---|---|---|
| Compare tags | {owner} | 2026-03-20 |
:::

:::{{closure-checklist}}
:lessons: {lessons}
:::
"""
GOOD = {"cause": "No tag was compared.", "owner": "appsec", "lessons": "Presented by the IC to all teams on 2026-04-22"}


def met(**more):
    return [
        item.is_met
        for item in closure_criteria(check_page("p.md", PAGE.format(**{**GOOD, **more}), SETTINGS), SETTINGS)
    ]


def test_a_closed_page_meets_all_criteria():
    assert met() == [True] * 4


@pytest.mark.parametrize("cause", ["...", "-", "???", "See ticket SEC-41.", "see above", "N/A", "TBA", "% a comment"])
def test_a_root_cause_in_name_only_is_none(cause):
    assert met(cause=cause)[0] is False


@pytest.mark.parametrize("owner", ["<owner>", "???", "unassigned", "everyone", "nobody", "TBA"])
def test_an_owner_in_name_only_is_none(owner):
    assert met(owner=owner)[1] is False
    assert "action-owner" in {finding.code for finding in findings(PAGE.format(**{**GOOD, "owner": owner}))}


@pytest.mark.parametrize(
    "lessons",
    [
        "no, not before 2026-10-01",
        "We intend to share them on 2026-10-01",
        "Presented on 2027-01-01",
        "By 2026-10-01",
        "Planned for 2026-10-01",
        "Shared with all teams",
        "Next month, after 2026-10-01",
    ],
)
def test_lessons_that_are_still_to_be_shared_are_not(lessons):
    assert met(lessons=lessons)[3] is False


@pytest.mark.parametrize(
    "lessons", ["2026-04-22, by mail to the teams that were not there", "Shared after the review: 2026-04-22"]
)
def test_lessons_that_have_been_shared_are(lessons):
    assert met(lessons=lessons)[3] is True


def times(*cells):
    rows = "".join(f"| {cell} | Event {number} |\n" for number, cell in enumerate(cells))
    found = findings(f":::{{timeline}}\n| Time (UTC) | Event |\n|---|---|\n{rows}:::\n")
    return [(f.code, f.line - 4) for f in found if f.code.startswith(("time-", "timeline-order"))]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-03-02 01:00-02:00", "time-format"),
        ("2026-03-02 02:20-02:40", "time-estimate"),
        ("2026-03-02 01:00 to 02:00", "time-estimate"),
        ("01:00 – 02:00", "time-format"),
    ],
)
def test_a_range_is_no_time_with_an_offset(cell, code):
    assert times(cell) == [(code, 0)]


@pytest.mark.parametrize("cell", ["2026-03-02T01:14-08:00", "2026-03-02 01:14 -08:00", "2026-03-02 01:14+05:30"])
def test_an_offset_is_still_one(cell):
    assert times(cell) == [("time-offset", 0)]


def test_one_slip_is_one_finding():
    assert times("2026-03-02 01:00", "2026-03-02 01:10", "2027-03-02 01:20", "2026-03-02 01:30") == [("time-slip", 2)]


def test_one_impossible_year_is_one_finding():
    assert times("2026-03-02 01:00", "2026-03-02 01:10", "0226-03-02 01:20", "2026-03-02 01:30") == [
        ("time-impossible", 2)
    ]


@pytest.mark.parametrize("cell", ["-", "–", "--"])
def test_a_dash_is_an_empty_time(cell):
    assert times(cell) == [("time-format", 0)]


def test_very_many_findings_of_a_kind_are_counted():
    row = "| 2026-03-02 01:14 | Alert detected |\n"
    text = f":::{{timeline}}\n| Time (UTC) | Event |\n|---|---|\n{row * 3000}:::\n"
    found = [finding for finding in findings(text) if finding.code == "timeline-duplicate"]
    assert len(found) == 101
    assert found[-1].message.startswith("2899 more")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("See <https://203.0.113.9:8443/login>.", "executive-ip"),
        ("See https://203.0.113.9/x.", "executive-ip"),
        ("Host db01.prod.internal was hit.", "executive-machine"),
        ("The server `web-prod-01` was hit.", "executive-machine"),
    ],
)
def test_detail_in_disguise_is_found(text, code):
    assert codes(f":::{{incident-summary}} SEC-1\n\n{text}\n:::\n", "executive") == {code}


@pytest.mark.parametrize("text", ["See section 1.2.3.4.", "See § 1.2.3.4 of the policy.", "Release 1.2.3.4 mends it."])
def test_numbers_of_sections_are_no_addresses(text):
    assert not codes(f":::{{incident-summary}} SEC-1\n\n{text}\n:::\n", "executive")


def test_a_block_of_the_first_audience_is_not_for_leadership():
    settings = read_settings({"audiences": ["security", "staff"]})
    text = ":::{internal-only}\n:::{incident-summary} SEC-1\n\nFrom 203.0.113.9.\n:::\n:::\n".replace(
        ":::{internal-only}", "::::{internal-only}"
    ).replace(":::\n:::\n", ":::\n::::\n")
    assert not [f for f in findings(text, settings) if f.code == "executive-ip"]


def test_several_comments_excuse_the_block_below_them():
    comments = (
        "<!-- postmortem-check: ignore executive-ip: a documentation address -->\n"
        "<!-- postmortem-check: ignore executive-email: a public one -->\n\n"
    )
    text = comments + ":::{incident-summary} SEC-1\n\nFrom 203.0.113.9, write to a@example.org.\n:::\n"
    assert {f.suppressed for f in findings(text) if f.code.startswith("executive")} == {
        "a documentation address",
        "a public one",
    }


def test_a_severity_that_is_no_mapping_says_how_to_write_it():
    said = [f.message for f in findings("---\npostmortem-checks: off\n---\n\n# T\n") if f.code == "bad-suppression"]
    assert said == ['there is no check "off"; write lines of the form `CODE: SEVERITY`']


def test_a_page_in_a_folder_of_the_first_audience_is_not_for_leadership(tmp_path):
    from sphinx_postmortem.core.checks import read_file

    settings = read_settings({"audience_paths": {"secret": "internal"}})
    for folder, expected in (("secret", set()), ("open", {"executive-ip"})):
        path = tmp_path / folder / "a.md"
        path.parent.mkdir()
        path.write_text(":::{incident-summary} SEC-1\n:status: draft\n\nFrom 203.0.113.9.\n:::\n", encoding="utf-8")
        found = run_page(read_file(path, path.as_posix(), settings, tmp_path))
        assert {f.code for f in found if f.code.startswith("executive")} == expected


RST = """\
:postmortem-waived: Timeline
:postmortem-checks: executive-ip: off

T
=

.. incident-summary:: SEC-1
   :status: in-review

   From 203.0.113.9.
"""


def test_fields_above_the_title_are_the_front_matter_of_restructuredtext():
    found = findings(RST, markdown=False)
    assert "executive-ip" not in {f.code for f in found}
    assert not [f for f in found if f.code == "section-missing" and '"Timeline"' in f.message]
    assert "executive-ip" in {f.code for f in findings(RST.replace(":postmortem-checks", ":other"), markdown=False)}


def test_a_comment_of_two_lines_excuses_the_block_below_it():
    comment = ".. postmortem-check: ignore executive-ip: a documentation address,\n   of the RFC\n\n"
    text = comment + ".. incident-summary:: SEC-1\n   :status: draft\n\n   From 203.0.113.9.\n"
    found = [f for f in findings(text, markdown=False) if f.code == "executive-ip"]
    assert [bool(f.suppressed) for f in found] == [True]
