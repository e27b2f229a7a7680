"""What authors write in tables and options reaches the catalogues of the first edition, and comes back translated."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext.build_language import compiled_catalogue

SETTINGS = 'locale_dirs = ["locale"]\npostmortem_today = "2026-05-01"\n'
PAGE = """\
# SEC-2026-014: Stolen token

:::{incident-summary} SEC-2026-014
:date: 2026-03-02
:severity: SEV-1
:status: closed
:tlp: CLEAR
:customer-impact: Forty customers were told.

A token was copied.
:::

:::{timeline}
| Time (UTC) | Event | Notes | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | A new network | |
| 2026-03-02 02:00 | Containment executed | HIDDENROW of the vault | internal |
| 2026-03-02 03:00 | Recovery completed | | |

:::

:::{internal-only}
HIDDENBLOCK about the vault.
:::

:::{action-table}
| Action | Owner | Due date | Status |
|---|---|---|---|
| Revoke tokens daily | platform | 2026-06-01 | open |

:::

:::{event-list}
:columns: time, event, milestone
:::
"""
GERMAN = {
    "Forty customers were told.": "Vierzig Kunden wurden informiert.",
    "Alert detected": "Erster Alarm im SIEM",
    "A new network": "Ein neues Netz",
    "HIDDENROW of the vault": "LEAKCANARYROW",
    "HIDDENBLOCK about the vault.": "LEAKCANARYBLOCK",
    "Notes": "Hinweise",
    "Revoke tokens daily": "Tokens täglich widerrufen",
    "A token was copied.": "Ein Token wurde kopiert.",
}


def site_in_german(site, **others):
    made = site({"index.md": PAGE}, SETTINGS)
    catalogue = Catalog("de")
    for english, german in {**GERMAN, **others}.items():
        catalogue.add(english, german)
    path = made.source / "locale/de/LC_MESSAGES/index.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(compiled_catalogue(catalogue))
    return made


def test_texts_of_tables_and_options_reach_the_catalogues(site):
    built = site({"index.md": PAGE}, SETTINGS).build("internal", "gettext")
    found = {message.id for message in read_po(io.BytesIO((Path(built.outdir) / "index.pot").read_bytes()))}
    assert set(GERMAN) <= found
    assert not {"2026-03-02 01:14", "platform", "open", "internal", "SEV-1"} & found


def test_filtered_editions_make_no_catalogues(site):
    with pytest.raises(ExtensionError, match="gettext"):
        site({"index.md": PAGE}, SETTINGS).build("public", "gettext")


def test_translations_come_back_and_records_hold_them(site):
    built = site_in_german(site).build("internal", language="de", postmortem_check_builds="off")
    text = built.read("index.html")
    for german in (
        "Vierzig Kunden",
        "Ein neues Netz",
        "Hinweise",
        "Tokens täglich widerrufen",
        "Ein Token wurde kopiert",
    ):
        assert german in text
    assert text.count("Erster Alarm im SIEM") == 2  # in the timeline, and in the list
    assert "Alarm erkannt" in text  # the milestone is that of the original


def test_anchors_are_the_same_in_every_language(site):
    made = site_in_german(site)
    english, german = made.build("internal"), made.build("internal", language="de")
    ids = [
        [node["ids"] for node in built.doctree().findall() if getattr(node, "attributes", {}).get("ids")]
        for built in (english, german)
    ]
    assert ids[0] == ids[1]


def test_translations_of_hidden_texts_are_nowhere_in_a_filtered_edition(site):
    built = site_in_german(site).build("public", language="de")
    assert "Ein neues Netz" in built.read("index.html")
    assert b"LEAKCANARY" not in built.all_bytes()
    assert b"HIDDEN" not in built.all_bytes()


@pytest.mark.parametrize("text", ["A new network", "A token was copied.", "Notes", "Forty customers were told."])
@pytest.mark.parametrize("marking", [":::{internal-only} der Tresor", "Netz ({audience}`internal` der Tresor)"])
def test_a_translation_that_holds_a_marking_is_refused(site, text, marking):
    made = site_in_german(site, **{text: marking})
    with pytest.raises(ExtensionError, match=f'index.mo:1: the translation of "{text}" holds'):
        made.build("public", language="de")


def test_a_marking_in_the_translation_of_a_hidden_text_changes_nothing(site):
    marked = site_in_german(site, **{"HIDDENROW of the vault": ":::{internal-only}"}).build("public", language="de")
    assert "Ein neues Netz" in marked.read("index.html")


def test_a_catalogue_that_is_gone_translates_nothing_in_the_next_build(site):
    made = site_in_german(site)
    assert "Ein neues Netz" in made.build("public", language="de").read("index.html")
    (made.source / "locale/de/LC_MESSAGES/index.mo").unlink()
    text = made.build("public", language="de", keep=True).read("index.html")
    assert "A new network" in text
    assert "Ein neues Netz" not in text


def test_catalogues_hold_hidden_texts_and_are_in_no_filtered_edition(site):
    made = site_in_german(site)
    (made.source / "locale/de/LC_MESSAGES/index.po").write_text('msgid "HIDDENROW of the vault"\nmsgstr ""\n')
    linked = "{download}`all <locale/de/LC_MESSAGES/index.mo>` and {download}`texts <locale/de/LC_MESSAGES/index.po>`"
    (made.source / "index.md").write_text(f"{PAGE}\n{linked}\n")
    built = made.build("public", html_extra_path=["locale"], html_static_path=["locale"])
    assert b"HIDDENROW" not in built.all_bytes()
    assert b"LEAKCANARY" not in built.all_bytes()
    assert not [path for path in Path(built.outdir).rglob("*") if path.suffix in (".po", ".mo")]
    (made.source / "index.md").write_text(f"{PAGE}\n```{{literalinclude}} locale/de/LC_MESSAGES/index.po\n```\n")
    with pytest.raises(ExtensionError, match="must not see"):
        made.build("public")
