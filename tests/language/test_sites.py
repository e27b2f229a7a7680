"""Whole sites in other languages: understood, shown in their language, and the same for programs."""

from __future__ import annotations

from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from tests.language.pseudo_language import write_catalogue

PAGE = """\
# SEC-2026-014: Ein gestohlenes Token

:::{incident-summary} SEC-2026-014
:date: 2026-03-02
:severity: Schweregrad 1
:type: Sicherheit
:status: closed
:tlp: CLEAR

Ein Token wurde kopiert.
:::

:::{timeline}
| Zeit (UTC) | Ereignis | Anmerkungen | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alarm erkannt: neues Netz | | |
| 2026-03-02 02:00 | Alarm bestätigt | LEAKCANARY | internal |
| 2026-03-02 03:10 | Eindämmung durchgeführt | | |

:::

## Was gut lief

- Der Alarm kam früh.

:::{action-table}
| Nr. | Maßnahme | Verantwortlich | Fällig am | Status |
|---|---|---|---|---|
| A1 | Uploads vergleichen | plattform | 2026-04-20 | erledigt |
| A2 | Tokens laufen ab | plattform | 2026-04-20 | offen |

:::

:::{lesson-list}
:::
"""
SETTINGS = 'language = "de"\npostmortem_today = "2026-05-01"\n'


def test_a_german_postmortem_is_understood_and_shown_in_german(site):
    built = site({"index.md": PAGE}, SETTINGS).build()
    page = built.read("index.html")
    for text in (
        *("Zeit bis zur Eindämmung", "1 h 56 min", "Erkennung und Analyse"),
        *("1 von 2 erledigt.", "11 Tage überfällig", "Was gut lief", "Sicherheit", "Ausgabe: internal"),
    ):
        assert text in page
    assert 'class="pm-col-due-date' in page  # classes, ids and data stay English
    knowledge = domain_of(built.app.env).knowledge
    (incident,) = knowledge.incidents
    assert (incident.severity, incident.type) == ("SEV-1", "Security")
    milestones = [event.milestone for event in knowledge.events]
    assert milestones == ["Alert detected", "Alert validated", "Containment executed"]


def test_a_filtered_edition_in_german_hides_as_in_english(site):
    assert b"LEAKCANARY" not in site({"index.md": PAGE}, SETTINGS).build("public").all_bytes()


def test_a_site_in_english_gets_nothing_of_it(site):
    page = site({"index.md": PAGE}, "").build().read("index.html")
    assert "pm-words" not in page
    assert "direction:rtl" not in page


def test_a_page_from_right_to_left_says_so(site):
    page = site({"index.md": PAGE}, "").build(language="he").read("index.html")
    assert ":where(html:not([dir])){direction:rtl}" in page


def test_words_of_our_scripts_are_handed_to_pages(site):
    assert "Zeilen filtern: {table}" in site({"index.md": PAGE}, SETTINGS).build().read("index.html")


def test_a_site_says_it_in_its_own_words(site):
    made = site({"index.md": PAGE}, SETTINGS + 'locale_dirs = ["own"]\n')
    made.write(
        {
            "own/de/LC_MESSAGES/sphinx_postmortem.po": 'msgid "Due date"\nmsgstr "Termin"\n\nmsgid "{done} of {total} done."\nmsgstr "{done} von {total} fertig."\n'
        }
    )
    assert "1 von 2 fertig." in made.build().read("index.html")


def test_a_translation_without_its_names_is_reported_and_shown_in_english(site):
    made = site({"index.md": PAGE}, SETTINGS + 'locale_dirs = ["own"]\n')
    made.write(
        {"own/de/LC_MESSAGES/sphinx_postmortem.po": 'msgid "{done} of {total} done."\nmsgstr "{fertig} fertig."\n'}
    )
    built = made.build(warnings=True)
    assert "must name done, total in braces" in built.warnings
    assert "[postmortem.bad-catalogue]" in built.warnings
    assert "1 of 2 done." in built.read("index.html")


def test_a_changed_catalogue_has_pages_read_again(site):
    made = site({"index.md": PAGE}, 'locale_dirs = ["own"]\n')
    made.build(language="eo")
    write_catalogue(made.source, "own")
    assert "Ｔｉｍｅ ｔｏ ｃｏｎｔａｉｎ" in made.build(language="eo", keep=True).read("index.html")
