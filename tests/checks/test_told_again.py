"""What the text tells again of the rows: durations between milestones by their other names, times, days, severities."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

PAGE = """# SEC-1: Token

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-2
:type: Security
:status: in-review
:tlp: AMBER
:customer-impact: None.
:operational-impact: None.
:regulatory-impact: None.

A token was stolen.
:::

:::{timeline}
| Time (UTC) | Event |
|---|---|
| 2026-02-19 22:10 | Adverse activity started |
| 2026-03-02 01:14 | Alert detected |
| 2026-03-02 01:31 | Alert validated |
| 2026-03-02 01:40 | Severity declared: SEV-2 |
| 2026-03-02 02:05 | Containment executed |
| 2026-03-02 03:00 | Threat neutralized |
| 2026-03-02 05:34 | Recovery completed |

:::

"""
CODES = ("duration-stated", "time-stated", "date-stated", "severity-stated")


def found(said: str) -> list[tuple[str, int]]:
    text = f"{PAGE}{said}\n"
    findings = run_page(check_page("p.md", text, read_settings({})))
    return [(item.code, item.line) for item in findings if item.code in CODES]


@pytest.mark.parametrize(
    "said",
    [
        "Dwell time: 14 days.",
        "The dwell time was 14 days.",
        "Dwell time was about three weeks.",
        "The attacker had access for 14 days before we noticed.",
        "The attackers were in our network for 21 days before detection.",
        "It took 3 days to detect the intrusion.",
        "MTTD: 3 minutes.",
        "MTTD was 12 days.",
        "MTTR: 6 h.",
        "MTTR was 6 hours 20 minutes.",
        "MTTA: 45 min",
        "Time to detect: 4 days",
        "TTD: 4 d",
        "Time to contain: 2 hours",
        "TTR: 7h",
        "TTC 2h",
        "Time from alert to containment: 90 minutes",
        "Containment took 2 hours.",
        "We contained it within 15 minutes of detection.",
        "The incident was resolved in 9 hours.",
        "The incident lasted 20 days.",
        "Total duration: 30 days",
        "From 01:14 to 05:34 the registry was frozen, five hours and 40 minutes in all.",
        "The registry was frozen from 01:14 to 05:34 (6 hours).",
        "Between 01:14 and 05:34 UTC, nearly nine hours, releases were frozen.",
        "The outage from 01:14 to 05:34 UTC lasted 6 hours.",
        "The alert was detected at 01:44.",
        "Containment was executed at 02:50 UTC.",
        "Recovery completed at 06:34 UTC on 2 March 2026.",
        "The incident was first detected on 3 March 2026.",
        "The incident happened on 12 March 2026.",
        "Date of incident: 2026-03-03",
        "Incident date: 3 March 2026",
        "This was a SEV-1.",
        "The incident was declared a SEV-1 at 01:40.",
        "Severity: Sev 1",
        "We treated it as a Sev1 incident.",
        "Classified as SEV 3.",
        "Detection to containment took 3 hours.",
        "Mean time to detect (MTTD) was 3 minutes.",
        "Acknowledged after 40 minutes.",
        "The on-call acknowledged the page within 2 minutes of the alert.",
        "It was 17 days from compromise to detection.",
        "Recovery was completed 9 hours after the alert.",
        "The whole incident took 12 days from start to finish.",
        "Die Verweildauer betrug 14 Tage.",
    ],
)
def test_what_contradicts_the_rows_is_found(said: str) -> None:
    assert [line for _, line in found(said)] == [PAGE.count("\n") + 1]


@pytest.mark.parametrize(
    "said",
    [
        "Dwell time: 10 days.",
        "The dwell time was about ten days.",
        "The attacker had access for 10 days before we noticed.",
        "It took 10 days to detect the intrusion.",
        "MTTD: 10 days.",
        "MTTR: 4 h 20 min.",
        "MTTA: 17 min",
        "TTD: 10 d",
        "Time to contain: 51 min",
        "TTR: 4h20m",
        "Containment took 51 minutes.",
        "Containment took 34 minutes from validation.",
        "We contained it within an hour of detection.",
        "From 01:14 to 05:34 the registry was frozen, four hours and 20 minutes in all.",
        "The registry was frozen from 01:14 to 05:34 (4 h 20).",
        "The alert fired at 01:14 UTC.",
        "The alert was detected at 01:14.",
        "A second alert fired at 01:44 UTC.",
        "Containment was executed at 02:05 UTC.",
        "Logs are kept for 14 days.",
        "Tokens expire after 21 days.",
        "Our target is to detect within 15 minutes.",
        "The next review takes place on 12 March 2026.",
        "The report was published on 4 March 2026.",
        "Similar incidents are a SEV-1.",
        "If it had been public, this would have been a SEV-1.",
        "MTTD across the last quarter was 3 minutes.",
        "The industry's average dwell time is 21 days.",
        "The previous incident lasted 20 days.",
        "Last year's MTTR was 6 hours.",
        "The deploy took 20 minutes.",
        "Users were affected for 4 hours.",
        "The token was valid for 90 days.",
    ],
)
def test_what_agrees_or_is_of_something_else_is_not(said: str) -> None:
    assert not found(said)
