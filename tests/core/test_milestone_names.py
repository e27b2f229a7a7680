"""Milestones are recognised where authors write them, and not where they are denied, planned or spoken of."""

from __future__ import annotations

import re

import pytest

from sphinx_postmortem.core.records.milestone_names import MilestoneNames, milestone_names
from sphinx_postmortem.core.records.milestones import DEFAULT_MILESTONES
from sphinx_postmortem.core.settings import SettingError, read_settings

NAMES = ("Adverse activity started", *DEFAULT_MILESTONES)


def _found(event, names):
    return milestone_names(tuple(names), ()).find(event)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("Alert detected", "Alert detected"),
        ("\U0001f514 Alert detected", "Alert detected"),
        ("- Alert detected", "Alert detected"),
        ("SEV-2 declared by the lead", "Severity declared"),
        ("Lead declared SEV 1", "Severity declared"),
        ("Threat was neutralised", "Threat neutralized"),
        ("**Alert detected**: uploads from a new network", "Alert detected"),
        ("*Alert  detected*, by Falco", "Alert detected"),
        ("The alert was detected by the SIEM", "Alert detected"),
        ("First alert has been detected", "Alert detected"),
        ("Pager goes off. Alert detected.", "Alert detected"),
        ("Pager goes off; **alert detected**", "Alert detected"),
        ("Ticket opened **Severity declared** as SEV-2", "Severity declared"),
        ("SRE on call pages security, and the severity was declared", "Severity declared"),
        ("Severity was formally declared: SEV-1", "Severity declared"),
        ("SRE declared the severity", "Severity declared"),
        ("The on-call lead engaged the Security IC", "Security IC engaged"),
        ("Activated the war room", "War room activated"),
        ("[Containment executed](https://example.org/1)", "Containment executed"),
        ("Threat neutralized: no traffic can leave the account", "Threat neutralized"),
        ("Alert [detected](https://example.org/1) by Falco", "Alert detected"),
        ("Milestone: recovery completed", "Recovery completed"),
        ("Traffic drained (containment executed)", "Containment executed"),
        ("Token revoked → threat neutralized", "Threat neutralized"),
        ("After a long night, recovery was fully completed", "Recovery completed"),
        ("Customers complain; no data was lost. Recovery completed", "Recovery completed"),
    ],
)
def test_a_milestone_is_recognised(event, name):
    assert _found(event, NAMES) == name


@pytest.mark.parametrize(
    "event",
    [
        "No alert detected",
        "[Message](https://example.org/alert detected) of a customer",
        "Before the alert was detected, logs were rotated",
        "Two hours before alert detected",
        "Alert not detected",
        "The alert wasn't detected",
        "Nobody declared the severity",
        "SRE had not declared the severity",
        "The team discusses the declared severity",
        "We wait until recovery completed",
        "If containment executed, then traffic returns",
        "Before triage and severity declared, access was open",
        "Still pending: recovery completed",
        "Severity declared?",
        "War room activated: no",
        "War room activated: not yet.",
        "The lead will activate the war room",
        "The lead plans to have the Security IC engaged",
        "Alert detected-by field is empty",
        "Alerting is mended",
        "",
    ],
)
def test_what_denies_plans_or_only_names_one_is_none(event):
    assert _found(event, NAMES) == ""


def test_the_first_of_two_counts():
    assert _found("Alert validated and severity declared", NAMES) == "Alert validated"


def test_the_longest_name_counts():
    assert _found("Containment executed in part", ["Containment executed", "Containment executed in part"]) == (
        "Containment executed in part"
    )


GERMAN = MilestoneNames(NAMES, {"Alert detected": ["Alarm erkannt", "検知"], "Recovery completed": ["Betrieb läuft"]})


@pytest.mark.parametrize("event", ["Alarm erkannt", "Anruf; Alarm erkannt durch das SIEM", "検知", "Alert detected"])
def test_a_site_names_milestones_in_its_language(event):
    assert GERMAN.find(event) == "Alert detected"


def test_the_column_wins_over_the_event():
    assert GERMAN.of_row("Alert detected", "**Recovery  completed**") == "Recovery completed"
    assert GERMAN.of_row("Alert detected", "alarm erkannt") == "Alert detected"


def test_an_empty_cell_of_the_column_leaves_it_to_the_event():
    assert GERMAN.of_row("Alert detected", " – ") == "Alert detected"


def test_an_unknown_name_is_kept_and_the_nearest_known():
    assert GERMAN.of_row("Alert detected", "Recovery complete") == "Recovery complete"
    assert GERMAN.stated("Recovery complete") is None
    assert GERMAN.nearest("Recovery complete") == "Recovery completed"
    assert GERMAN.nearest("Containment done") == "Containment executed"
    assert GERMAN.nearest("xyz") == ""


def test_synonyms_of_what_is_no_milestone_are_refused():
    with pytest.raises(SettingError, match='"Alert found" is no milestone'):
        read_settings({"milestone_synonyms": {"Alert found": ["Alarm"]}})


def test_of_a_long_event_the_beginning_is_read():
    assert _found("x" * 1_000_000 + ". Alert detected", NAMES) == ""


def test_a_name_is_prepared_when_a_text_holds_its_longest_word(monkeypatch):
    names, made = MilestoneNames(["Alert detected", "War room activated"], {}), []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda text, *flags: made.append(text) or compile_(text, *flags))
    assert names.find("The rain stopped") == ""
    assert made == []
    assert names.find("An alert was detected") == "Alert detected"
    assert [text for text in made if "alert" in text]
    assert not [text for text in made if "activated" in text]
