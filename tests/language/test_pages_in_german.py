"""What checks, lists and exports make of a page in German, and of a site that has words of its own."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import check_page, run_page
from sphinx_postmortem.core.lists.action_fields import ACTIONS
from sphinx_postmortem.core.lists.list_options import read_query
from sphinx_postmortem.core.lists.query import Facts, select
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES, says_done, says_given_up
from sphinx_postmortem.core.records.kind_words import area_of
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, PageRecords
from sphinx_postmortem.core.settings import read_settings

PAGE = """\
# SEC-2026-014: Ein Ausfall

:::{incident-summary} SEC-2026-014
:date: 2026-03-02
:severity: Schweregrad 1
:type: Verfügbarkeit

The engineer was careless.
:::

:::{timeline}
| Zeit (UTC) | Ereignis |
|---|---|
| 2026-03-02 01:14 | Alarm erkannt |

:::

:::{root-cause}
@jdoe hatte Rechte, die niemand prüfte.
:::

:::{contributing-factors}
- **Prozess**: Der Admin hatte einen Fehler gemacht.
- **Ablauf**: Niemand sah den Alarm.
:::
"""


def findings(code: str, **settings: object) -> list[str]:
    page = check_page("p.md", PAGE, read_settings(settings))
    page.forced = True
    return [finding.message for finding in run_page(page) if finding.code == code]


def test_an_outage_needs_no_neutralised_threat():
    missing = " ".join(findings("milestone-missing"))
    assert "Recovery completed" in missing
    assert "Threat neutralized" not in missing


@pytest.mark.parametrize(("language", "found"), [("de", False), ("en-GB", True), ("", True)])
def test_checks_of_english_sentences_are_quiet_on_a_site_in_another_language(language, found):
    assert bool(findings("blame-word", written_language=language)) is found
    assert findings("cause-person", written_language=language)  # a handle is one in all languages


def test_a_sites_own_words_go_before_the_table():
    own = {"severities": ["Schweregrad 1", "Schweregrad 2"], "factor_kinds": ["Prozess"], "action_areas": ["Prozess"]}
    assert findings("bad-value", **own) == []
    assert check_page("p.md", PAGE, read_settings(own)).severity == "Schweregrad 1"
    assert len(findings("factor-kind", **own)) == 1  # "Ablauf" is a word of the table, and the site has no such kind
    assert area_of("Prozess", read_settings(own).action_areas) == "Prozess"
    assert says_done("Ausgeliefert", read_settings({"done_statuses": ["ausgeliefert"]}).done_statuses)


def test_an_action_that_was_given_up_is_done_and_no_fix():
    assert says_done("verworfen")
    assert says_given_up("Verworfen")
    assert not says_given_up("erledigt")


def test_a_list_finds_kinds_of_actions_in_all_languages():
    kinds = ("vorbeugend", "Preventive", "corrective", "préventif")
    actions = tuple(Action("SEC-1", "p", f"A{number}", "Text.", kind=kind) for number, kind in enumerate(kinds))
    facts = Facts(KnowledgeBase({"p": PageRecords(actions=actions)}), None, DEFAULT_DONE_STATUSES, ())
    query = read_query({"kind": "vorbeugend, korrektiv"}, ACTIONS, ())
    assert len(select(query, ACTIONS, facts).rows) == 4
    query = read_query({"kind": "preventative"}, ACTIONS, ())
    assert [action.kind for action in select(query, ACTIONS, facts).rows] == ["vorbeugend", "Preventive", "préventif"]
