"""The TLP label that an incident bears in an edition."""

from __future__ import annotations

import json

import pypdf
import pytest
from sphinx.errors import SphinxError

from sphinx_postmortem.core.audience.tlp import is_forbidden, label_in_edition

PAGE = "# SEC-1: Token stolen\n\n:::{{incident-summary}} SEC-1\n:date: 2026-03-02\n:tlp: {}\n\nText.\n:::\n"


@pytest.mark.parametrize(
    ("own", "edition", "label", "forbidden"),
    [
        ("AMBER", "CLEAR", "CLEAR", False),
        ("GREEN", "CLEAR", "CLEAR", False),
        ("CLEAR", "AMBER", "AMBER", False),
        ("RED", "CLEAR", "RED", True),
        ("AMBER+STRICT", "GREEN", "AMBER+STRICT", True),
        ("RED", "AMBER+STRICT", "RED", True),
        ("AMBER+STRICT", "RED", "RED", False),
        ("RED", "", "RED", False),
        ("", "CLEAR", "", False),
        ("secret", "CLEAR", "secret", False),
    ],
)
def test_label_in_an_edition(own, edition, label, forbidden):
    assert label_in_edition(own, edition) == label
    assert is_forbidden(own, edition) is forbidden


def labels(site, edition, **settings):
    pytest.importorskip("rst2pdf")
    folder = site({"index.md": PAGE.format("AMBER")}).build(edition, "pdf", **settings).outdir
    return {
        (path.name, number, label)
        for path in folder.glob("*.pdf")
        for number, page in enumerate(pypdf.PdfReader(path).pages)
        for label in ("TLP:AMBER", "TLP:CLEAR", "TLP:GREEN")
        if label in page.extract_text()
    }


@pytest.mark.parametrize(("edition", "label"), [("public", "CLEAR"), ("leadership", "AMBER"), ("internal", "AMBER")])
def test_every_page_of_a_pdf_has_the_label_of_its_edition_and_no_other(site, edition, label):
    assert {found for _name, _page, found in labels(site, edition)} == {f"TLP:{label}"}


def test_an_edition_can_have_another_label(site):
    found = labels(site, "leadership", postmortem_edition_tlp={"leadership": "TLP:GREEN"})
    assert {label for _name, _page, label in found} == {"TLP:GREEN"}


@pytest.mark.parametrize("label", ["RED", "AMBER+STRICT"])
def test_a_label_that_forbids_the_edition_stays_and_is_reported(site, label):
    built = site({"index.md": PAGE.format(label)}).build("public", warnings=True)
    assert f"TLP:{label}" in built.read("index.html")
    assert "index.md:3: WARNING: TLP:" in built.warnings
    assert "[postmortem.tlp-conflict]" in built.warnings


def test_the_full_edition_says_nothing_of_it(site):
    site({"index.md": PAGE.format("RED")}).build("internal")


def test_the_data_file_bears_the_label_of_the_edition(site, tmp_path):
    made = site({"index.md": PAGE.format("AMBER")})
    made.build("public", postmortem_export_folder=str(tmp_path))
    assert json.loads((tmp_path / "postmortems.json").read_text())["incidents"][0]["tlp"] == "CLEAR"


@pytest.mark.parametrize(
    ("setting", "says"),
    [({"board": "RED"}, '"board" is no audience'), ({"public": "WHITE"}, '"WHITE" is no TLP label')],
)
def test_a_setting_that_cannot_be_used(site, setting, says):
    with pytest.raises(SphinxError, match=says):
        site({"index.md": "# T\n"}).build("public", postmortem_edition_tlp=setting)


def test_the_default_suits_sites_without_a_public_edition(site):
    site({"index.md": PAGE.format("AMBER")}, "postmortem_audiences = ['all', 'some']\n").build("some")
