"""Words of blame, causes and technical detail: what is found, and what must not be."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

# `executive-host` is off by default.
SETTINGS = read_settings({"people": {"deny": ["Jane Doe"]}, "checks": {"executive-host": "warning"}})


def codes(text, prefix):
    page = check_page("p.md", text, SETTINGS)
    page.forced = True
    return {finding.code for finding in run_page(page) if finding.code.startswith(prefix)}


def in_cause(text):
    return codes(f":::{{root-cause}}\n{text}\n:::\n", ("cause", "human"))


def in_summary(text):
    return codes(f":::{{incident-summary}} SEC-1\n:customer-impact: None.\n\n{text}\n:::\n", ("executive", "secret"))


def in_timeline(time):
    return codes(f":::{{timeline}}\n| Time (UTC) | Event |\n|---|---|\n| {time} | Alert detected |\n:::\n", "time-")


@pytest.mark.parametrize(
    "text",
    [
        "The on-call engineer did not check the dashboard.",
        "Bob forgot to renew the certificate.",
        "The DBA should have tested the migration.",
        "We should have tested the migration before the release.",
        "The engineer made a mistake.",
        "The admin accidentally deleted the table.",
        "The operator was careless.",
        "If only someone had looked.",
        "This could easily have been prevented.",
        "A canary release would have caught the fault.",
        "With one more reviewer this would probably have been noticed.",
        "In an act of laziness the old key was kept.",
        "An engineer unintentionally deleted the bucket.",
    ],
)
def test_blame_is_found(text):
    assert codes(text + "\n", "blame")


@pytest.mark.parametrize(
    "text",
    [
        "The alert should have a runbook.",
        "Users should have limited access.",
        "We should have automated tests.",
        "The job failed to start.",
        "Kubernetes ignored the label.",
        "The engineer on call restarted the service.",
        "Downstream actions should have been automatically corrected as the backlog was processed.",
        "> He should have known better.",
    ],
)
def test_what_blames_nobody_is_not(text):
    assert not codes(text + "\n", "blame")


@pytest.mark.parametrize(
    "text",
    [
        "Human error.",
        "The outage was caused by operator error.",
        "Human error in the deployment process.",
        "The operator should have checked the target.",
        "The engineer failed to follow the process.",
        "The team failed to patch the server.",
        "An engineer deleted the volume by mistake.",
        "A lack of attention during the night shift.",
        "Human error. Sam should have checked the policy.",
        "Human error: the admin did not test the script.",
        "Operator error: the operator must be trained in the review process.",
        "The records were unintentionally deleted.",
        "Jane Doe deleted the cluster.",
    ],
)
def test_a_cause_without_systemic_context_is_found(text):
    assert in_cause(text)


@pytest.mark.parametrize(
    "text",
    [
        "Human error: the tool shows both clusters under the same name and asks for no confirmation.",
        "The engineer should have checked, but the tool has no confirmation step.",
        "The health check failed to detect the hang.",
        "The load balancer failed to drain connections.",
    ],
)
def test_a_cause_with_systemic_context_is_not(text):
    assert not in_cause(text)


def test_a_timeline_may_tell_what_was_thought():
    row = "| 2026-03-02 01:14 | Assumed user error at the time |\n"
    assert not codes(f":::{{timeline}}\n| Time (UTC) | Event |\n|---|---|\n{row}:::\n", "human")


@pytest.mark.parametrize(
    "time",
    [
        *("~01:14", "around 14:00", "approx 14:00", "ca 14:00", "early morning", "TBC", "14:??", "2026-03-02"),
        *("2026-03-02 10:00 -", "2026-03-02 10:00 to", "until 10:00", "<10:00", "2026-03-02 10:0x", "2026-03-02 10:xx"),
    ],
)
def test_estimates_are_found(time):
    assert in_timeline(time) == {"time-estimate"}


@pytest.mark.parametrize("time", ["2026-03-02 10:00 CET", "2026-03-02 10:00 America/New_York", "10:00 AM ET"])
def test_other_zones_are_found(time):
    assert in_timeline(time) == {"time-not-utc"}


@pytest.mark.parametrize("line", ["All times in CET.", "## Timeline (all times PST)", "All times are US/Pacific"])
def test_a_zone_of_all_times_is_found(line):
    assert "time-not-utc" in codes(line + "\n", "time-")


@pytest.mark.parametrize(
    "line", ["All times in UTC.", "At all times the CET team was on call.", "All times are exact."]
)
def test_what_is_no_zone_of_all_times_is_not(line):
    assert not codes(line + "\n", "time-")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Traffic went to evil[.]example[.]com.", "executive-host"),
        ("It came from 192[.]168[.]1[.]1.", "executive-ip"),
        ("See [the console](https://vault.prod.internal/x).", "executive-machine"),
        ("Key 5f:4d:cc:3b:5a:a7:65:d6:1d:83:27:de:b8:82:cf:99.", "executive-hash"),
    ],
)
def test_technical_detail_is_found(text, code):
    assert code in in_summary(text)


@pytest.mark.parametrize(
    "text",
    [
        "See [the report](https://www.example.org/blog/88767d85c306784754560dedc1d5ac7abdb8a2a0).",
        "See https://nvd.nist.gov/vuln/search.",
        "The package eslint-scope@3.7.2 was withdrawn.",
        "A post in /r/python drew visitors.",
        "Version 1.2.3.4 mends it, at 24/7 cover.",
    ],
)
def test_what_leadership_may_read_is_not(text):
    assert not in_summary(text)


def test_two_events_may_share_a_heading_that_is_a_time():
    assert not codes("### 22:00\n\nA.\n\n### 22:00\n\nB.\n", "duplicate")


@pytest.mark.parametrize(
    "text",
    [
        "The file org/apache/log4j/net/JMSAppender.class was removed.",
        "It is in log4j.properties.",
        "It ran /etc/cron.d/x.",
    ],
)
def test_names_of_files_are_found(text):
    assert "executive-path" in in_summary(text)


@pytest.mark.parametrize(
    "text",
    [
        "See [the runbook](../../runbooks/node-failure.md).",
        "See [the picture](/img/a/chart.png) and ![the flow](./diagrams/flow.png).",
        "Support is there 24/7/365, in and/or out.",
    ],
)
def test_targets_within_the_site_are_no_paths(text):
    assert not in_summary(text)


def test_each_statement_about_all_times_is_read():
    found = codes("## Timeline (all times PST). All times approximations\n", "time-")
    assert found == {"time-not-utc", "time-estimate"}


def test_a_box_to_tick_is_no_prompt():
    assert not codes("| GDPR | ☐ Yes ☐ No ☐ TBD |\n", "prompt")
    assert codes("Decided by: TBD\n", "prompt")


def test_what_we_did_incorrectly_is_a_fault_in_a_cause():
    assert in_cause("We incorrectly assessed that the change was small.") == {"cause-fault"}
