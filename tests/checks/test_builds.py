"""The checks as warnings of any build: on by default, about pages that say they are done, and never about what is hidden."""

from __future__ import annotations

import json

import pytest
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.settings import OPTIONS
from tests.command import run
from tests.conftest import CHECKED

pytestmark = pytest.mark.usefixtures("warm_start")

DONE = """\
# T

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-3
:type: Security
:status: in-review
:tlp: AMBER
:customer-impact: None.
:operational-impact: None.
:regulatory-impact: None.

A package was withdrawn.
:::

:::{timeline}
| Time (UTC) | Event |
|---|---|
| 2026-03-02 01:14 | Alert detected |
| 2026-03-02 02:14 | Recovery completed |
:::

:::{root-cause}
Uploads were not compared with tags.
:::

:::{contributing-factors}
- **Monitoring**: there was no alert.
:::

:::{action-table}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Compare uploads with tags | appsec | P1 | 2026-03-20 | done |
:::
"""
LEAK = DONE.replace("A package was withdrawn.", "Traffic went to 203.0.113.7.")
CAUSE = DONE[DONE.index(":::{root-cause}") : DONE.index(":::{contributing")]


def test_they_are_on_by_default():
    assert next(option for option in OPTIONS if option.name == "check_builds").default == "error"


def test_a_finished_page_builds_without_warning(site):
    site({"index.md": DONE}).build(**CHECKED)


def test_an_error_is_a_warning_with_file_line_and_code(site):
    said = site({"index.md": LEAK}).build(warnings=True, **CHECKED).warnings
    assert "index.md:13: WARNING: the IP address 203.0.113.7" in said
    assert "[postmortem.executive-ip]" in said
    assert said.count("WARNING") == 1


@pytest.mark.parametrize("status", ["in-review", "closed"])
def test_what_is_missing_is_said_when_the_page_is_done(site, status):
    text = DONE.replace(CAUSE, "").replace("in-review", status)
    assert "[postmortem.root-cause-missing]" in site({"index.md": text}).build(warnings=True, **CHECKED).warnings


def test_what_is_missing_from_a_draft_is_not(site):
    draft = "# T\n\n:::{incident-summary} SEC-1\n:status: draft\n\nWork has begun.\n:::\n\n## What went well\n\nTBD\n"
    site({"index.md": draft}).build(**CHECKED)


def test_what_is_said_in_a_draft_is_judged(site):
    draft = LEAK.replace("in-review", "draft").replace(CAUSE, "")
    said = site({"index.md": draft}).build(warnings=True, **CHECKED).warnings
    assert said.count("WARNING") == 1
    assert "executive-ip" in said


def test_a_fragment_has_one_warning(site):
    fragment = "# T\n\n:::{incident-summary} SEC-1\nText.\n:::\n"
    said = site({"index.md": fragment}).build(warnings=True, **CHECKED).warnings
    assert said.count("WARNING") == 1
    assert "[postmortem.summary-status]" in said


def test_what_sphinx_says_is_said_once(site):
    text = DONE.replace("SEV-3", "SEV-9").replace("2026-03-02 02:14", "soon")
    said = site({"index.md": text}).build(warnings=True, **CHECKED).warnings
    assert said.count("SEV-9") == 1
    assert said.count("soon") == 1


@pytest.mark.parametrize(
    ("cell", "code", "reason"),
    [
        ("around 2", "time-estimate", "not a time"),
        ("22026-03-02 03:00", "time-impossible", "five digits"),
        ("2026-03-02 01:00-02:00", "time-format", "range"),
        ("2026-03-02 03:00 CET", "time-not-utc", "another zone"),
        ("2026-03-02 ~03:00", "time-estimate", "an estimate"),
        ("2 March 2026 03:00", "time-format", "write 2026-03-02 03:00"),
    ],
)
def test_what_is_wrong_with_a_time_is_said_once_with_the_reason(site, cell, code, reason):
    said = site({"index.md": DONE.replace("2026-03-02 02:14", cell)}).build(warnings=True, **CHECKED).warnings
    assert said.count("WARNING") == 1
    assert f"[postmortem.{code}]" in said
    assert reason in said


def test_an_estimate_with_its_precision_builds_without_warning(site):
    rows = "| Time (UTC) | Event | Precision |\n|---|---|---|\n| 2026-03-02 01:14 | Alert detected | |\n"
    rows += "| 2026-03-02 ~02:14 | Recovery completed | 10 minutes either way |\n"
    before, rest = DONE.split("| Time (UTC)", 1)
    text = before + rows + rest[rest.index(":::") :]
    assert "≈" in site({"index.md": text}).build(**CHECKED).read("index.html")


def test_the_level_is_a_setting(site):
    made = site({"index.md": DONE + "\nThe engineer forgot it.\n"})
    made.build(**CHECKED)
    assert "blame-person" in made.build(warnings=True, postmortem_check_builds="warning").warnings
    assert "section-missing" in made.build(warnings=True, postmortem_check_builds="warning").warnings


def test_they_can_be_turned_off(site):
    site({"index.md": LEAK}).build(postmortem_check_builds="off")


def test_another_level_is_refused(site):
    with pytest.raises(ExtensionError, match="postmortem_check_builds"):
        site({"index.md": DONE}).build(postmortem_check_builds="errors")


def test_suppress_warnings_silences_a_code(site):
    site({"index.md": LEAK}).build(suppress_warnings=["postmortem.executive-ip"], **CHECKED)


def test_codes_as_they_were_called_go_on_to_work(site):
    """In ``suppress_warnings``, ``postmortem_checks`` and the baseline, each with a word that says what to write."""
    text = DONE.replace("SEV-3", "SEV-9")
    told = site({"index.md": text}).build(warnings=True, **CHECKED).warnings
    message = told.partition("WARNING: ")[2].partition(" [postmortem.bad-value]")[0]
    entry = {"file": "index.md", "code": "summary-value", "message": message}
    made = site({"index.md": text, "known.json": json.dumps({"findings": [entry]})}, folder="former")
    for former in (
        {"suppress_warnings": ["postmortem.summary-value"]},
        {"postmortem_checks": {"summary-value": "note"}},
        {"postmortem_check_baseline": "known.json"},
    ):
        said = made.build(warnings=True, **former, **CHECKED).warnings
        assert said.count("WARNING") == 1
        assert 'the code "summary-value" is called "bad-value" or "bad-date" now; write that' in said
        assert "[postmortem.renamed-code]" in said


def test_a_severity_of_the_site_holds(site):
    site({"index.md": LEAK}).build(postmortem_checks={"executive-ip": "warning"}, **CHECKED)


def test_an_edit_checks_only_the_pages_it_touches(site):
    made = site({"index.md": LEAK + "\n```{toctree}\nb\n```\n", "b.md": "# B\n\nText.\n"})
    made.build(warnings=True, **CHECKED)
    made.write({"b.md": "# B\n\nMore text.\n"})
    assert made.build(keep=True, **CHECKED).warnings == ""


def test_restructuredtext_is_checked(site):
    text = "T\n=\n\n.. incident-summary:: SEC-1\n   :status: draft\n\n   Traffic went to 203.0.113.7.\n"
    assert "index.rst:7: WARNING" in site({"index.rst": text}).build(warnings=True, **CHECKED).warnings


def test_fields_of_restructuredtext_are_no_text_of_the_page(site):
    text = ":postmortem-checks: executive-ip: off\n\nT\n=\n\n.. incident-summary:: SEC-1\n   :status: draft\n\n   From 203.0.113.7.\n"
    assert "postmortem-checks" not in site({"index.rst": text}).build(**CHECKED).read("index.html")


def test_a_folder_of_the_first_audience_is_not_for_leadership(site):
    files = {"index.md": "# I\n\n```{toctree}\nsecret/a\n```\n", "secret/a.md": LEAK}
    site(files).build(postmortem_audience_paths={"secret/**": "internal"}, **CHECKED)


def test_the_register_is_compared(site):
    made = site({"index.md": DONE, "r.csv": "id,severity,date\nSEC-9,SEV-1,2026-03-02\n"})
    said = made.build(warnings=True, postmortem_register="r.csv", **CHECKED).warnings
    assert "r.csv:2: WARNING: SEC-9" in said
    made.build("leadership", postmortem_register="r.csv", **CHECKED)


# --- filtered editions


HIDDEN = "\n::::{internal-only}\n<!-- postmortem-check: ignore-page executive-ip: why -->\n\nHuman error. WORD\n::::\n"


def test_a_filtered_build_judges_what_it_shows(site):
    hidden = "\n::::{internal-only}\n:::{root-cause}\nHuman error.\n:::\n::::\n"
    made = site({"index.md": LEAK + hidden})
    assert "[postmortem.human-error]" in made.build(warnings=True, **CHECKED).warnings
    said = made.build("leadership", warnings=True, **CHECKED).warnings
    assert "the IP address 203.0.113.7" in said
    assert said.count("WARNING") == 1


def test_a_filtered_build_claims_nothing_to_be_missing(site):
    text = DONE.replace(CAUSE, "::::{internal-only}\n" + CAUSE + "::::\n\n")
    site({"index.md": text}).build("leadership", **CHECKED)


def test_the_warnings_of_a_filtered_build_do_not_depend_on_hidden_content(site):
    one = site({"index.md": LEAK + HIDDEN}, folder="one").build("leadership", warnings=True, **CHECKED)
    other_text = LEAK + HIDDEN.replace("<!-- postmortem-check: ignore-page executive-ip: why -->", "Text.")
    other = site({"index.md": other_text}, folder="other").build("leadership", warnings=True, **CHECKED)
    assert "executive-ip" in one.warnings
    assert one.warnings.replace("/one/", "/") == other.warnings.replace("/other/", "/")


def test_a_comment_for_all_holds_in_filtered_builds(site):
    comment = "<!-- postmortem-check: ignore-page executive-ip: a documentation address -->\n\n"
    site({"index.md": comment + LEAK}).build("leadership", **CHECKED)


def test_a_denied_name_in_hidden_text_is_said_in_the_full_edition_only(site):
    public = DONE.replace(":tlp: AMBER", ":tlp: CLEAR")
    made = site({"index.md": public + "\n:::{internal-only}\nJane did it.\n:::\n"})
    settings = {"postmortem_people": {"deny": ["Jane"]}, **CHECKED}
    assert "Jane" in made.build(warnings=True, **settings).warnings
    made.build("public", **settings)


# --- the baseline


def known(file="index.md", count=1):
    message = "the IP address 203.0.113.7 in text that leadership reads; take it out, or move it into an internal block"
    found = {"file": file, "code": "executive-ip", "message": message, "count": count}
    return json.dumps({"version": 1, "findings": [found]})


def test_known_findings_are_no_warnings(site):
    made = site({"index.md": LEAK, "known.json": known()})
    made.build(postmortem_check_baseline="known.json", **CHECKED)
    made.build("leadership", postmortem_check_baseline="known.json", **CHECKED)


def test_a_second_finding_of_the_same_kind_is_one(site):
    text = LEAK.replace(":customer-impact: None.", ":customer-impact: It was 203.0.113.7.")
    said = site({"index.md": text, "known.json": known()}).build(
        warnings=True, postmortem_check_baseline="known.json", **CHECKED
    )
    assert said.warnings.count("executive-ip") == 1


@pytest.mark.parametrize("text", [None, "", "[]", '{"findings": [1]}', "[" * 9999])
def test_a_baseline_that_cannot_be_read_stops_the_build(site, text):
    files = {"index.md": DONE} if text is None else {"index.md": DONE, "known.json": text}
    with pytest.raises(ExtensionError, match="--write-baseline"):
        site(files).build(postmortem_check_baseline="known.json", **CHECKED)


def test_a_due_date_that_is_no_date_is_said_once(site):
    built = site({"index.md": DONE.replace("| 2026-03-20 |", "| 20.03.2026 |")}).build(warnings=True, **CHECKED)
    assert built.warnings.count("20.03.2026") == 1
    assert "[postmortem.bad-date]" in built.warnings


def test_an_unknown_audience_is_said_once(site):
    page = DONE.replace("| Event |\n|---|---|", "| Event | Audience |\n|---|---|---|").replace(
        "Alert detected |", "Alert detected | leadrship |"
    )
    built = site({"index.md": page.replace("Recovery completed |", "Recovery completed | |")}).build(
        warnings=True, **CHECKED
    )
    assert built.warnings.count("leadrship") == 1


FAULTS = (
    DONE.replace("SEV-3", "SEV-9")
    .replace("| 2026-03-20 |", "| soon |")
    .replace(":::{root-cause}", ":::{root-cause}\n:clas: x")
)


def test_what_the_baseline_has_accepted_is_no_warning_whoever_finds_it(site):
    made = site({"index.md": FAULTS + "\n```{toctree}\nb\n```\n", "b.md": DONE})
    assert len(made.build(warnings=True).warnings.splitlines()) >= 4
    run("check", made.source, "--write-baseline", made.source / "known.json")
    for edition in ("internal", "leadership"):
        made.build(edition, postmortem_check_baseline="known.json", **CHECKED)
        made.build(edition, postmortem_check_baseline="known.json")


def test_a_baseline_does_not_excuse_a_marking_that_hides(site):
    made = site({"index.md": DONE + "\n:::{audience} leadrship\nText.\n:::\n"})
    run("check", made.source, "--write-baseline", made.source / "known.json")
    assert "leadrship" not in (made.source / "known.json").read_text(encoding="utf-8")
    assert "leadrship" in made.build(warnings=True, postmortem_check_baseline="known.json", **CHECKED).warnings


def test_a_comment_excuses_what_a_build_finds_by_itself(site):
    excused = FAULTS.replace("# T\n", "# T\n\n<!-- postmortem-check: ignore-page bad-value: an old scale -->\n", 1)
    made = site({"index.md": excused})
    assert "SEV-9" not in made.build(warnings=True).warnings
    assert "SEV-9" not in made.build(warnings=True, **CHECKED).warnings
