"""The TLP label that an incident bears in an edition: in HTML, on each page of PDFs, and in data files."""

from __future__ import annotations

import json

import pypdf
import pytest
from sphinx.errors import SphinxError

PAGE = "# SEC-1: Token stolen\n\n:::{{incident-summary}} SEC-1\n:date: 2026-03-02\n:tlp: {}\n\nText.\n:::\n"
SANITISED = "AMBER\n:tlp-public: CLEAR"


def labels(site, edition, label="AMBER", **settings):
    pytest.importorskip("rst2pdf")
    folder = site({"index.md": PAGE.format(label)}).build(edition, "pdf", **settings).outdir
    return {
        (path.name, number, label)
        for path in folder.glob("*.pdf")
        for number, page in enumerate(pypdf.PdfReader(path).pages)
        for label in ("TLP:AMBER", "TLP:CLEAR", "TLP:GREEN")
        if label in page.extract_text()
    }


@pytest.mark.parametrize(("edition", "label"), [("public", "CLEAR"), ("leadership", "AMBER"), ("internal", "AMBER")])
def test_every_page_of_a_pdf_has_the_label_of_its_edition_and_no_other(site, edition, label):
    assert {found for _name, _page, found in labels(site, edition, SANITISED)} == {f"TLP:{label}"}


def test_the_documents_of_an_edition_can_bear_a_stricter_label(site):
    found = labels(site, "leadership", "CLEAR", postmortem_edition_tlp={"leadership": "TLP:GREEN"})
    assert {label for _name, _page, label in found} == {"TLP:GREEN"}


@pytest.mark.parametrize("label", ["RED", "AMBER+STRICT", "AMBER", "GREEN"])
def test_a_landing_page_whose_incident_forbids_the_edition_stops_the_build(site, label):
    with pytest.raises(SphinxError, match="label or status hides its page"):
        site({"index.md": PAGE.format(label)}).build("public")


def test_the_data_file_bears_the_label_of_the_edition(site, tmp_path):
    made = site({"index.md": PAGE.format(SANITISED)})
    made.build("public", postmortem_export_folder=str(tmp_path))
    assert json.loads((tmp_path / "postmortems.json").read_text())["incidents"][0]["tlp"] == "CLEAR"


@pytest.mark.parametrize(
    ("name", "setting", "says"),
    [
        ("edition_tlp", {"board": "RED"}, '"board" is no audience'),
        ("edition_tlp", {"public": "WHITE"}, '"WHITE" is no TLP label'),
        ("edition_ceilings", {"board": "RED"}, '"board" is no audience'),
        ("edition_ceilings", {"public": "PINK"}, '"PINK" is no TLP label'),
        ("edition_ceilings", {"internal": "RED"}, '"internal" shows every incident'),
        ("edition_statuses", {"board": ["closed"]}, '"board" is no audience'),
        ("edition_statuses", {"internal": ["closed"]}, '"internal" shows every incident'),
        ("edition_statuses", {"public": "closed"}, "must be a list"),
    ],
)
def test_a_setting_that_cannot_be_used(site, name, setting, says):
    with pytest.raises(SphinxError, match=says):
        site({"index.md": "# T\n"}).build("public", **{f"postmortem_{name}": setting})


@pytest.mark.parametrize(
    "conf",
    [
        'postmortem_edition_ceilings = {"some": "AMBER"}\n',
        'postmortem_edition_tlp = {"some": "AMBER"}\n',
    ],
)
def test_a_site_says_how_strict_a_label_an_edition_may_show(site, conf):
    conf = f"postmortem_audiences = ['all', 'some']\n{conf}"
    assert "TLP:AMBER" in site({"index.md": PAGE.format("AMBER")}, conf).build("some").read("index.html")
