"""What a page states twice is compared, and what only looks alike is left alone."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, read_settings, run_page

SUMMARY = ":::{incident-summary} SEC-1\n:date: 2026-03-02\n:severity: SEV-2\n:tlp: AMBER\n\nText.\n:::\n\n"
CODES = (
    *("milestone-twice", "unknown-milestone", "second-time", "zone-unstated", "duration-stated"),
    *("date-stated", "severity-stated", "tlp-stated"),
)


def found(text, codes=CODES, **settings):
    page = check_page("p.md", text, read_settings(settings))
    page.forced = True
    return [(item.code, item.line) for item in run_page(page) if item.code in codes]


def timeline(*rows, head="Time (UTC) | Event"):
    lines = [
        ":::{timeline}",
        f"| {head} |",
        "|---" * (head.count("|") + 1) + "|",
        *(f"| {row} |" for row in rows),
        ":::",
    ]
    return "\n".join(lines) + "\n"


DETECTED, DONE = "2026-03-02 01:14 | Alert detected", "2026-03-02 10:20 | Recovery completed"


def test_a_milestone_with_two_times_is_found_at_the_later_row():
    assert found(timeline(DETECTED, DONE, "2026-03-03 09:00 | Recovery completed: all regions")) == [
        ("milestone-twice", 6)
    ]


@pytest.mark.parametrize("other", ["2026-03-02 01:14", "2026-03-02", "unknown", "~2026-03-02"])
def test_a_milestone_with_times_that_may_agree_is_not(other):
    assert not found(timeline(DETECTED, f"{other} | Alert detected: by a customer"))


def test_an_unknown_milestone_names_the_nearest():
    text = timeline("2026-03-02 01:14 | A call | Recovery complete", head="Time (UTC) | Event | Milestone")
    page = check_page("p.md", text, read_settings({}))
    message = next(item.message for item in run_page(page) if item.code == "unknown-milestone")
    assert 'write "Recovery completed"' in message


def test_a_row_off_in_the_second_column_is_named():
    rows = ["2026-07-14 11:18 | 13:18 | A", "2026-07-14 11:30 | 12:30 | B", "2026-07-14 23:30 | 01:30 | C"]
    assert found(timeline(*rows, head="Time (UTC) | Time (CEST) | Event")) == [("second-time", 5)]


def test_a_column_that_is_off_in_each_row_is_named_once():
    rows = ["2026-07-14 11:18 | 12:18 | A", "2026-07-14 11:30 | 12:30 | B"]
    assert found(timeline(*rows, head="Time (UTC) | Time (CEST) | Event")) == [("second-time", 1)]


def test_a_second_column_without_a_zone_is_not_compared():
    assert not found(timeline("2026-07-14 11:18 | 12:18 | A", head="Time (UTC) | Start time | Event"))


@pytest.mark.parametrize(
    "said",
    [
        "The outage lasted four hours.",
        "Time to recover: 4 hours 20 minutes",
        "**Time to resolution**: 1h 37m",
        "The incident took 11 days.",
        "A two-hour outage followed.",
        "There were 3 hours of downtime.",
        "Total duration: 14 h",
        "The disruption lasted for about three hours.",
        "The outage lasted more than a day.",
        "Total downtime was 6:20 hours.",
        "Duration: 06:20:00",
        "| Duration | 6 hours |",
        "It took the team 6 hours to recover.",
        "Recovery took 6 hours.",
        "The incident was resolved after 6 hours.",
        "The service was unavailable for 12 hours.",
        "We recovered 6 hours after the alert.",
        "Between 01:14 and 10:20 UTC (6 hours) uploads failed.",
        "Der Ausfall dauerte 6 Stunden 20 Minuten.",
        "**Ausfalldauer:** 6 Std.",
        "Die Zeit bis zur Wiederherstellung betrug sechs Stunden.",
        "Vom Alarm bis zur Wiederherstellung vergingen 6 Stunden.",
        "La panne a duré 6 heures 20 minutes.",
        "Durée de l\u2019incident : 2 h 05",
        "Temps de rétablissement : 6 heures",
        "El incidente duró 6 horas y 20 minutos.",
        "Tiempo de recuperación: 6 horas",
        "A interrupção durou 6 horas e 20 minutos.",
        "障害は約6時間続いた。",
    ],
)
def test_a_duration_that_no_rows_give_is_found(said):
    assert found(timeline(DETECTED, DONE) + f"\n{said}\n") == [("duration-stated", 8)]


@pytest.mark.parametrize(
    "said",
    [
        "The outage lasted for about nine hours.",
        "The outage lasted 9 h 6 min.",
        "Time to recover: 9 hours",
        "Time to recover: more than 9 hours",
        "**Time to recovery**: 546 minutes",
        "A nine-hour outage followed.",
        "The incident lasted 8-10 hours.",
        "Backups are kept for 30 days.",
        "The token had been valid for 11 days.",
        "The target for time to recover is 4 hours.",
        "The previous outage lasted two hours.",
        "An outage of 20 minutes should be enough.",
        "Time to resolve: 2h 5m (during support hours 10:00-17:00)",
        "The queue took three hours to drain.",
        "Requests timed out after 30 seconds.",
        "The mean time to recover was 3 hours.",
        "The database was unavailable for 20 minutes.",
        "Recovery took 9 hours.",
        "The incident was resolved within the 4 hours of the target.",
        "We recovered 9 hours after the alert.",
        "Between 01:14 and 10:20 UTC (about 9 hours) uploads failed.",
        "| Duration | 9 h 06 min |",
        "Der Ausfall dauerte etwa neun Stunden.",
        "Ziel für die Zeit bis zur Wiederherstellung: 4 Stunden",
        "Der vorige Ausfall dauerte zwei Stunden.",
        "Geplante Ausfallzeit: 1 Stunde",
        "Durée de l'incident : 9 h 06",
        "L\u2019objectif du temps de rétablissement est de 4 heures.",
        "El incidente duró unas 9 horas.",
        "A interrupção durou cerca de nove horas.",
        "障害は9時間6分続いた。",
    ],
)
def test_a_duration_that_agrees_or_is_of_something_else_is_not(said):
    assert not found(timeline(DETECTED, DONE) + f"\n{said}\n")


def test_the_message_quotes_the_authors_own_words_at_their_line():
    text = timeline(DETECTED, DONE) + "\nEs war spät.\nDer Ausfall dauerte\nsechs Stunden.\n"
    [item] = [each for each in run_page(check_page("p.md", text, read_settings({}))) if each.code == "duration-stated"]
    assert (item.line, item.message.startswith('"sechs Stunden" is stated')) == (10, True)


def test_an_hour_is_not_two():
    rows = timeline(DETECTED, "2026-03-02 02:14 | Containment executed")
    assert found(rows + "\nTime to contain: 2 hours\n") == [("duration-stated", 8)]
    assert not found(rows + "\nTime to contain: 1 hour\n")


def test_a_duration_of_the_sites_own_is_compared():
    durations = [("Time to repair", "First seen", "Mended")]
    rows = timeline("2026-03-02 11:48 | First seen", "2026-03-02 11:56 | Mended", "2026-03-02 14:00 | Closed")
    assert found(rows + "\n- **Time to repair**: 80m\n", durations=durations) == [("duration-stated", 9)]
    assert not found(rows + "\n- **Time to repair**: 8m\n", durations=durations)


def test_bounds_that_allow_a_stated_duration_are_no_contradiction():
    rows = timeline("2026-03-02 01:14 | Alert detected", "2026-03-04 | Recovery completed")
    assert not found(rows + "\nTime to recover: 2 days\n")
    assert found(rows + "\nTime to recover: 4 hours\n") == [("duration-stated", 8)]


def test_an_impact_that_states_a_duration_is_compared():
    summary = SUMMARY.replace(":tlp:", ":operational-impact: An outage of three hours.\n:tlp:")
    assert found(summary + timeline(DETECTED, DONE)) == [("duration-stated", 4)]


def test_the_title_and_the_first_sentence_name_a_day_of_the_incident():
    body = SUMMARY.replace("Text.", "On 2026-04-02 a token was stolen.") + timeline(DETECTED)
    assert found("# Outage of 2026-03-20\n\n" + body) == [("date-stated", 1), ("date-stated", 8)]
    assert not found("# Outage of 2026-03-02\n\n" + SUMMARY + timeline(DETECTED))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This report is TLP RED.\n", [("tlp-stated", 9)]),
        ("This report is TLP:AMBER.\n", []),
        ("The sanitised copy is TLP:CLEAR.\n", []),
        ("This incident was classified as SEV-1.\n", [("severity-stated", 9)]),
        ("This was a Sev1.\n", [("severity-stated", 9)]),
        ("| Severity | SEV 1 |\n", [("severity-stated", 9)]),
        ("Der Vorfall wurde als Schweregrad 1 eingestuft.\n", [("severity-stated", 9)]),
        ("Gravité : SEV-1\n", [("severity-stated", 9)]),
        ("This was a SEV 2.\n", []),
        ("Zunächst als Schweregrad 1 eingestuft, später als Schweregrad 2.\n", []),
        ("TLP-AMBER+STRICT\n", [("tlp-stated", 9)]),
        ("Labels are TLP:RED and TLP:GREEN.\n", []),
        ("This was a SEV-1 incident.\n", [("severity-stated", 9)]),
        ("Severity: SEV-1\n", [("severity-stated", 9)]),
        ("This was a SEV-2 incident.\n", []),
        ("At first this was a SEV-3, then it was raised.\n", []),
        ("SEV-1 incidents page the board.\n", []),
    ],
)
def test_label_and_severity_in_prose_are_the_summarys(text, expected):
    assert found(SUMMARY + text) == expected


def test_the_last_severity_of_the_rows_counts():
    rows = ["2026-03-02 01:14 | Severity declared: SEV-3", "2026-03-02 02:14 | Severity raised to SEV-2"]
    assert not found(SUMMARY + timeline(*rows))
    assert found(SUMMARY + timeline(rows[0])) == [("severity-stated", 12)]


@pytest.mark.parametrize(
    ("head", "text", "expected"),
    [
        ("Time | Event", "", [("zone-unstated", 1)]),
        ("Time (UTC) | Event", "", []),
        ("Time (Europe/London) | Event", "", []),
        ("Time | Event", "\nAll times are in UTC.\n", []),
        ("Time | Event", "\nAll times are CET.\n", []),
    ],
)
def test_a_page_without_any_zone_has_one_note(head, text, expected):
    assert found(timeline(DETECTED, DONE, head=head) + text) == expected


def test_two_times_in_one_cell_are_compared():
    text = timeline("2026-07-14 10:00 UTC (11:00 CEST) | A", "2026-07-14 10:05 UTC (12:05 CEST) | B")
    assert found(text) == [("second-time", 4)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It took 11 days from detection to recovery.",
        "From the alert to full recovery: 3 hours.",
        "Detection-recovery: 2 d",
    ],
)
def test_a_duration_with_its_ends_that_contradicts_the_rows_is_found(sentence):
    assert found(f"{timeline(DETECTED, DONE)}\n{sentence}\n") == [("duration-stated", 8)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It took 9 hours from detection to recovery.",
        "From detection to containment: 3 hours.",
        "About nine hours passed between alert and recovery.",
    ],
)
def test_a_duration_with_its_ends_that_agrees_or_cannot_be_compared_is_not(sentence):
    assert not found(f"{timeline(DETECTED, DONE)}\n{sentence}\n")


def test_a_day_of_the_zone_of_the_times_is_a_day_of_the_incident():
    rows = timeline("2026-07-14 02:00 | Alert detected", head="Time (Asia/Kolkata) | Event")
    text = f"# Outage of 2026-07-14\n\n{SUMMARY.replace('2026-03-02', '2026-07-14')}{rows}"
    assert not found(text, ("summary-dates", "date-stated"))


def test_events_of_one_wording_on_two_days_are_no_duplicates():
    rows = ("2026-03-02 | 10:00 | Restarted", "2026-03-03 | 10:00 | Restarted")
    assert not found(timeline(*rows, head="Date | Time (UTC) | Event"), ("timeline-duplicate",))


def test_an_event_that_goes_on_needs_no_other_spelling_where_the_column_precision_says_so():
    text = timeline("2026-03-02 10:49 onwards | Runs | from then on", head="Time (UTC) | Event | Precision")
    assert not found(text, ("time-format", "time-estimate"))


NOTED = timeline(DETECTED, DONE)


@pytest.mark.parametrize("day", ["12 March 2026", "March 12th, 2026", "12. März 2026", "2026年3月12日"])
def test_a_title_with_another_day_in_words_is_found(day):
    assert found(f"# Outage of {day}\n\n{SUMMARY}{NOTED}", ("date-stated",)) == [("date-stated", 1)]


@pytest.mark.parametrize(
    "title", ["Outage of 2 March 2026", "Ausfall vom 2. März 2026", "Release March 2026", "RFC 12 May 20261"]
)
def test_a_title_with_its_own_day_or_with_none_is_not(title):
    assert not found(f"# {title}\n\n{SUMMARY}{NOTED}", ("date-stated",))


@pytest.mark.parametrize(
    "opening", ["On 2 March 2025", "On March 2, 2025,", "Am 2. März 2025", "Le 2 mars 2025,", "2025年3月2日に"]
)
def test_a_summary_that_begins_with_another_day_in_words_is_found(opening):
    summary = SUMMARY.replace("Text.", f"{opening} a token was stolen.")
    assert found(summary + NOTED, ("date-stated",)) == [("date-stated", 6)]


@pytest.mark.parametrize(
    "opening", ["On 2 March 2026", "Am 2. März 2026", "12 March 2025 saw that", "A key of 2 March 2025"]
)
def test_a_summary_that_begins_otherwise_is_not(opening):
    summary = SUMMARY.replace("Text.", f"{opening} a token was stolen.")
    assert not found(summary + NOTED, ("date-stated",))


@pytest.mark.parametrize(("said", "is_found"), [("Schweregrad 3", True), ("Schweregrad 2", False), ("重大度3", True)])
def test_a_row_that_declares_another_severity_is_found_in_each_language(said, is_found):
    row = f"2026-03-02 01:40 | Schweregrad festgelegt: {said}"
    assert bool(found(SUMMARY + timeline(DETECTED, row, DONE), ("severity-stated",))) is is_found


@pytest.mark.parametrize(
    "said",
    [
        "The incident took place on 2026-03-05.",
        "The breach happened on 5 March 2026.",
        "Incident date: 5 March 2026",
        "**Date(s):** 2026-03-05",
        "Der Vorfall ereignete sich am 5. März 2026.",
    ],
)
def test_a_day_that_the_text_gives_the_incident_is_compared(said):
    assert found(f"{SUMMARY}{timeline(DETECTED)}\n{said}\n") == [("date-stated", 15)]


@pytest.mark.parametrize(
    "said",
    [
        "The incident took place on 2026-03-02.",
        "The previous incident happened on 2026-01-05.",
        "The report of the incident was on 2026-03-09 in the news.",
        "Date: 2026-03-09",
    ],
)
def test_a_day_of_something_else_is_not(said):
    assert not found(f"{SUMMARY}{timeline(DETECTED)}\n{said}\n")


def test_one_label_in_the_text_is_one_finding():
    text = SUMMARY + "This report is TLP:GREEN.\n"
    assert found(text, ("tlp-stated", "tlp-conflict")) == [("tlp-conflict", 9)]
