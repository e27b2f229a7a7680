"""The settings: what each value is read as, what is refused, and which names exist."""

from __future__ import annotations

import os
from datetime import date

import pytest

from sphinx_postmortem.core.settings import OPTIONS, SettingError, Settings, read_settings
from sphinx_postmortem.core.settings.setting_names import SETTING_NAMES, nearest, refuse_unknown_names


def test_the_defaults_are_what_no_value_gives():
    assert read_settings({}) == Settings() == read_settings({option.name: option.default for option in OPTIONS})


def test_statuses_that_count_as_done_are_compared_without_case():
    assert read_settings({"done_statuses": ["Shipped", "Won't  Do"]}).done_statuses == ("shipped", "won't do")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("audiences", "internal"),
        ("audiences", {"internal", "public"}),  # a set has no order
        ("audiences", ["internal", None]),
        ("audience_paths", {"secret": None}),
        ("audience_paths", [("secret", "internal")]),
        ("edition_tlp", {"public": "WHITE"}),
        ("edition_tlp", {"pubic": "CLEAR"}),
        ("pseudonym_audiences", ["pubic"]),
        ("durations", [("Time to detect", "Alert detected")]),
        ("phases", ["Containment"]),
        ("milestone_order", "Alert detected"),
        ("people", {"denied": ["Jane Doe"]}),
        ("checks", {"time-estimat": "off"}),
        ("checks", {"time-estimate": "loud"}),
        ("required_milestones", {"SEV-1": "Alert detected"}),
        ("register_deadlines", {"SEV-1": "30"}),
        ("register_deadlines", {"SEV-1": True}),
        ("evidence", ["event"]),
        ("export_formats", ["jsn"]),
        ("pdf_kind", "audits"),
        ("pdf_page_size", "A5"),
        ("check_builds", "always"),
        ("ticket_pattern", "SEC-["),
        ("today", "tomorrow"),
        ("sources", {"other": {"url": "https://example.org"}}),
        ("owners", ["appsec"]),
        ("edition_banner", None),
        ("pdf_offsets", "yes"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name, value):
    with pytest.raises(SettingError, match=f"postmortem_{name}"):
        read_settings({name: value})


def test_a_word_counts_without_its_case():
    settings = read_settings({"pdf_page_size": "letter", "check_builds": " Warning ", "export_formats": ["JSON"]})
    assert (settings.pdf_page_size, settings.check_builds, settings.export_formats) == ("Letter", "warning", ("json",))


def test_a_set_is_read_in_one_order():
    assert read_settings({"safe_terms": {"b", "a", "c"}}).safe_terms == ("a", "b", "c")


def test_today_is_the_written_day_or_else_that_of_the_epoch(monkeypatch):
    monkeypatch.setitem(os.environ, "SOURCE_DATE_EPOCH", "86400")
    assert read_settings({"today": "2026-03-02"}).today == date(2026, 3, 2)
    assert read_settings({}).today == date(1970, 1, 2)
    monkeypatch.delitem(os.environ, "SOURCE_DATE_EPOCH")
    assert read_settings({}).today is None


def strange(namespace=None, overrides=(), known=SETTING_NAMES):
    try:
        refuse_unknown_names(namespace or {}, overrides, known)
    except SettingError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "name",
    [
        *("postmortem_audience_path", "postmortem_audiences_paths", "postmortem_audience_pathes"),
        *("postmortem_audiencepaths", "postmortems_audience_paths", "post_mortem_audience_paths"),
        *(
            "Postmortem_Audience_Paths",
            "POSTMORTEM_AUDIENCE_PATHS",
            "postmortem-audience-paths",
            "postmortem.audience_paths",
        ),
        *("posmortem_audience_paths", "postmortem_audience_paths_", "postmortem__audience_paths"),
    ],
)
def test_what_is_nearly_a_setting_is_refused_with_the_setting(name):
    for found in (strange({name: {"secret": "internal"}}), strange(overrides=[name])):
        assert name in found
        assert "postmortem_audience_paths" in found


def test_a_name_with_our_prefix_is_refused_though_nothing_is_near():
    assert "postmortem_zzz" in strange({"postmortem_zzz": 1})
    assert not strange({"postmortem_zzz": 1}, known=None)  # another extension may have it


def test_each_setting_is_known():
    assert not strange(dict.fromkeys(SETTING_NAMES))
    assert all(nearest(name) == name for name in SETTING_NAMES)


@pytest.mark.parametrize(
    "name", ["project", "html_theme", "audience", "release", "_postmortem_audience_path", "exclude_patterns"]
)
def test_other_variables_are_the_authors_own(name):
    assert not strange({name: "x"})


def test_a_constant_that_the_setting_is_given_is_the_authors_own():
    assert not strange({"POSTMORTEM_AUDIENCES": ["a"], "postmortem_audiences": ["a"]})
    assert strange({"POSTMORTEM_AUDIENCES": ["a", "b"], "postmortem_audiences": ["a"]})


def test_modules_and_functions_are_no_settings():
    assert not strange({"postmortem_audience_path": os, "postmortem_helper": strange, "postmortem_Kind": Settings})


def test_the_paths_without_our_prefix_are_refused_where_nothing_uses_them():
    paths = {"secret": "internal"}
    assert "postmortem_audience_paths" in strange({"audience_paths": paths})
    assert not strange({"audience_paths": paths, "postmortem_audience_paths": paths})


@pytest.mark.parametrize("name", ["audience", "edition_audience", "audiences", "postmortem", "check_builds"])
def test_an_override_that_sets_nothing_is_refused(name):
    assert name in strange(overrides=[name])


@pytest.mark.parametrize("name", ["html_theme", "language", "smartquotes"])
def test_an_override_of_others_is_theirs(name):
    assert not strange(overrides=[name])
