"""Lists of incidents by their blocks ``veris``: columns, filters, groups, and what an edition sees."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.lists.veris_fields import VERIS_FIELDS
from sphinx_postmortem.core.veris.veris_schema import values_below

PAGE = """# SEC-{number}: Case {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-03-0{number}
:status: in-review
:tlp: CLEAR

What happened.
:::

:::{{veris}}
| Field | Value | Audience |
|---|---|---|
{rows}

:::
"""
ROWS = {
    1: "| actor.external.variety | Organized crime | |\n| action.hacking.variety | Use of stolen creds; Brute force | |\n"
    "| asset.assets | S - Database; amount: 2 | internal |\n| actor.external.name | zqcanary | internal |",
    2: "| action.social.variety | Phishing | |\n| asset.assets | P - End-user | |\n| confidence | High | |",
}
LISTS = """# Lists

:::{{incident-list}}
{options}
:::

```{{toctree}}
a
b
```
"""


@pytest.fixture
def listed(site):
    """Return a function that builds a site of two incidents with a list, and returns the list's page as text."""

    def build(options: str, edition: str = "internal", *, warnings: bool = False) -> tuple[str, str]:
        pages = {"a.md": PAGE.format(number=1, rows=ROWS[1]), "b.md": PAGE.format(number=2, rows=ROWS[2])}
        made = site({"index.md": LISTS.format(options=options), **pages})
        built = made.build(edition, "text", warnings=warnings)
        return built.read("index.txt").split("Lists")[1], built.warnings

    return build


@pytest.mark.parametrize(
    ("option", "found"),
    [
        (":veris-action: hacking", "SEC-1"),
        (":veris-action: brute force", "SEC-1"),
        (":veris-action: phishing, error", "SEC-2"),
        (":veris-actor: organized crime", "SEC-1"),
        (":veris-asset: p - end-user", "SEC-2"),
        (":veris-confidence: high", "SEC-2"),
        (":veris: action.social", "SEC-2"),
        (":veris: action: social", "SEC-2"),
        (":veris: asset.assets.variety: S - Database", "SEC-1"),
        (":veris: action.hacking.variety = Brute force", "SEC-1"),
    ],
)
def test_incidents_are_chosen_by_what_their_blocks_state(listed, option, found):
    text, warnings = listed(f"{option}\n:columns: id")
    assert (found in text, {"SEC-1": "SEC-2", "SEC-2": "SEC-1"}[found] in text.split("*")[0]) == (True, False)
    assert warnings == ""


def test_columns_and_groups_show_the_names_of_the_schema(listed):
    text, warnings = listed(":columns: id, veris-asset, veris-confidence\n:group-by: veris-action")
    assert warnings == ""
    for word in ("Asset", "S - Database", "P - End-user", "High", "hacking", "Use of stolen creds", "Phishing"):
        assert word in text


def test_an_edition_lists_what_it_sees(listed):
    text, _ = listed(":columns: id, veris-asset", "leadership")
    assert "P - End-user" in text
    assert "Database" not in text


def test_what_an_edition_does_not_see_chooses_nothing(listed):
    text, _ = listed(":veris: asset.assets.variety: S - Database\n:none: Nothing of it.", "leadership")
    assert "Nothing of it." in text


@pytest.mark.parametrize(
    ("option", "hint"),
    [(":veris-action: hackin", "hacking"), (":veris: action.hackin", "action.hacking"), (":veris: nowhere", "nowhere")],
)
def test_a_name_that_nobody_knows_is_told(listed, option, hint):
    assert hint in listed(option, warnings=True)[1]


def test_a_name_of_the_schema_that_no_incident_states_is_no_fault(listed):
    text, warnings = listed(":veris-action: malware\n:none: Nothing of it.")
    assert (warnings, "Nothing of it." in text) == ("", True)


def test_each_field_finds_names_in_the_schema():
    for place in (
        "actor",
        "actor.*.motive",
        "action",
        "action.*.vector",
        "asset.assets.variety",
        "attribute",
        "confidence",
    ):
        assert values_below(place), place
    assert len({field.name for field in VERIS_FIELDS}) == len(VERIS_FIELDS)
