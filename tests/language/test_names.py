"""Postmortems in other languages are read by one table of names."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.rows import gate_table
from sphinx_postmortem.core.checks.bad_values import bad_options
from sphinx_postmortem.core.imports.template_sections import Home, home_of
from sphinx_postmortem.core.language import names
from sphinx_postmortem.core.records.kind_words import lesson_role
from sphinx_postmortem.core.records.knowledge import is_done
from sphinx_postmortem.core.records.milestones import DEFAULT_DURATIONS, DEFAULT_MILESTONES, recognised_names
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, TAKEAWAY, WENT_WELL, Action
from sphinx_postmortem.core.records.tables import column_key, parse_pipe_table
from sphinx_postmortem.core.records.time_columns import find_time_columns
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.records.zones import read_zone
from sphinx_postmortem.core.settings import read_settings
from tools.parsed_tables import TABLES, as_json

TABLE = tomllib.loads(Path(names.__file__).with_name("names.toml").read_text("utf-8"))
LANGUAGES = {"de", "fr", "es", "pt", "ja"}
MEANINGS = [frozenset(titles) for titles in COLUMNS.values()] + [frozenset(["date"]), frozenset(["day"])]
ENGLISH_TITLES = frozenset[str]().union(*MEANINGS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_what_is_read_is_what_people_write(table: Path):
    """``python -m tools.parsed_tables`` makes the one of the other."""
    assert table.with_suffix(".json").read_text("utf-8") == as_json(table)


def test_a_column_leads_to_a_title_that_is_read():
    assert set(TABLE["columns"]) <= ENGLISH_TITLES


def test_an_english_title_means_what_it_meant():
    changed = {title: now for title in ENGLISH_TITLES if (now := names.english_column(title)) != title}
    assert [pair for pair in changed.items() if not any(meaning.issuperset(pair) for meaning in MEANINGS)] == []


@pytest.mark.parametrize(
    "title",
    [
        *("Tag", "Tags", "Detection", "Incident", "Name", "Plan", "Cause", "Detail", "Grade", "Champ", "Note", "Art"),
        *("Stage", "State", "Phase", "Team", "Impact", "Region", "Agenda", "Zone"),
        *("Alert", "Service", "Version", "Host", "Symptom", "Reporter", "Result", "Support"),
        *("Actions", "Location", "Page", "Part", "Point", "Sample", "Total"),
    ],
)
def test_a_title_of_other_english_columns_stays(title):
    assert column_key(title) == title.casefold()


@pytest.mark.parametrize("status", ["Close", "Close to done", "Fast", "Open", "Stand-by", "Plan", "Support", "Passed"])
def test_a_status_that_is_english_closes_no_action(status):
    """ "close" is a French word for done, and an English one for nearly done."""
    assert not is_done(Action("SEC-1", "p", "A1", "Text.", status=status))


@pytest.mark.parametrize(
    "heading", ["Diffusion of the worm", "Confine the host", "Verification", "Analyse the logs", "Impact", "Lead-up"]
)
def test_an_english_heading_is_no_section_of_the_template_in_another_language(heading):
    assert names.english_heading(heading) == heading


def test_an_english_column_of_tags_is_no_day():
    assert find_time_columns(["Time (UTC)", "Tag", "Event"]).day is None


@pytest.mark.parametrize("part", ["columns", *get_args(names.Kind)])
def test_no_word_means_two_things(part):
    def read(word: str) -> str:
        return names.english_column(word) if part == "columns" else names.english(part, word)

    words = [(word, name) for name, each in TABLE[part].items() for some in each.values() for word in some]
    assert [(word, name) for word, name in words if read(word) != name] == []


def test_every_milestone_has_a_name_in_every_language():
    ours = set(recognised_names(DEFAULT_MILESTONES, DEFAULT_DURATIONS))
    assert set(TABLE["milestones"]) == ours
    assert {name: set(each) for name, each in TABLE["milestones"].items()} == dict.fromkeys(ours, LANGUAGES)


@pytest.mark.parametrize(
    ("event", "milestone"),
    [
        ("Alarm erkannt: Upload aus neuem Netz", "Alert detected"),
        ("Der Alarm wurde bestätigt", "Alert validated"),
        ("Der Alarm wurde um 01:14 Uhr vom SIEM erkannt", "Alert detected"),
        ("Die Wiederherstellung ist nach vier Stunden abgeschlossen", "Recovery completed"),
        ("Der Alarm wurde zunächst nicht erkannt", ""),
        ("Der Alarm wurde gelöscht; der Angriff wurde erkannt", ""),
        ("Se detectó la alerta en el SIEM", "Alert detected"),
        ("No se detectó la alerta", ""),
        ("Beginn des Angriffs", "Adverse activity started"),
        ("Die Eindämmung wurde durchgeführt", "Containment executed"),
        ("Eindämmung nicht durchgeführt", ""),
        ("Falls nötig: Eindämmung durchgeführt", ""),
        ("Sem confirmação: alerta validado", ""),
        ("L'alerte détectée par le SIEM", "Alert detected"),
        ("Alerte détectée", "Alert detected"),
        ("La contención fue ejecutada", "Containment executed"),
        ("Ameaça neutralizada", "Threat neutralized"),
        ("アラートを検知した。", "Alert detected"),
        ("封じ込めを実施していない", ""),
        ("復旧完了", "Recovery completed"),
        ("The error rate falls: recovery completed", "Recovery completed"),
        ("SEM: alert detected", "Alert detected"),
        ("Alert validated by SANS and PAS", "Alert validated"),
        ("SANS ISC: alert detected", "Alert detected"),
        ("Sans preuve: alerte validée", ""),
    ],
)
def test_a_milestone_is_found_in_the_words_of_an_event(event, milestone):
    assert read_settings({}).milestone_names.find(event) == milestone


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Zeit (UTC)", "time"),
        ("Fällig am", "due date"),
        ("Événement", "event"),
        ("時刻（UTC）", "time"),
        ("Notes", "notes"),
    ],
)
def test_a_title_is_matched_by_its_english_name(title, key):
    assert column_key(title) == key


@pytest.mark.parametrize("title", ["Zeit (UTC)", "Zeit UTC", "Heure (UTC)", "時刻（UTC）"])
def test_a_column_of_times_states_its_zone(title):
    found = find_time_columns([title, "Ereignis"])
    assert (found.time, found.faults) == (0, ())
    assert found.zone == read_zone("UTC")


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Was gut lief", WENT_WELL),
        ("Was nicht gut lief", DID_NOT_GO_WELL),
        ("Ce qui a bien fonctionné", WENT_WELL),
        ("Lo que no salió bien", DID_NOT_GO_WELL),
        ("O que deu certo", WENT_WELL),
        ("うまくいかなかったこと", DID_NOT_GO_WELL),
        ("教訓", TAKEAWAY),
        ("Was geschah", ""),
    ],
)
def test_a_heading_says_which_lessons_stand_below_it(heading, role):
    assert lesson_role(heading) == role


def test_an_import_knows_the_sections():
    assert home_of("3. Zeitlicher Ablauf") is Home.TIMELINE
    assert home_of("Cause racine") is Home.ROOT_CAUSE
    assert home_of("再発防止策") is Home.ACTIONS


def test_values_of_the_summary_are_read():
    settings = read_settings({})
    assert list(bad_options({"type": "Sicherheit", "severity": "Schweregrad 2"}, settings)) == []
    assert [bad.name for bad in bad_options({"type": "Wetter", "severity": "Schweregrad 9"}, settings)] == [
        "severity",
        "type",
    ]


@pytest.mark.parametrize(("status", "done"), [("Erledigt", True), ("offen", False), ("terminée", True), ("完了", True)])
def test_an_action_is_done_in_every_language(status, done):
    assert is_done(Action("SEC-1", "page", "A1", "Text.", status=status)) is done


@pytest.mark.parametrize("status", ["Entwurf", "geschlossen", "brouillon"])
def test_statuses_that_decide_who_reads_stay_english(status):
    assert [bad.name for bad in bad_options({"status": status}, read_settings({}))] == ["status"]


@pytest.mark.parametrize("title", ["Zielgruppe", "Público-alvo", "公開範囲", "Visibilité"])
def test_a_marking_column_in_another_language_shows_no_row(title):
    lines = [f"| Event | {title} |", "|---|---|", "| LEAKCANARY | intern |"]
    audiences = Audiences(("internal", "public"))
    gated = gate_table(parse_pipe_table(lines, [1, 2, 3]), Edition(audiences, "public"))
    assert (gated.header, gated.rows) == ((), ())
    assert any('is called "Audience" in all languages' in problem.message for problem in gated.problems)


@pytest.mark.parametrize("title", ["Événement", "Anmerkungen", "Übung", "備考"])
def test_a_column_with_accents_is_hidden_by_its_title(title):
    lines = [f"| X | {title} |", "|---|---|", "| shown | LEAKCANARY |"]
    audiences = Audiences(("internal", "public"))
    gated = gate_table(parse_pipe_table(lines, [1, 2, 3]), Edition(audiences, "public"), title)
    assert (gated.header, [row.cells for row in gated.rows], gated.problems) == (("X",), [("shown",)], ())
