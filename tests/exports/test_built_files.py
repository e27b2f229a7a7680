"""Pages link what the same build writes beside them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.sphinx_ext.exports.built_files import BuiltFiles
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from tests.conftest import Built, Site
from tests.exports.conftest import CONF, FILES

PAGE = "incidents/sec-1"


@pytest.fixture
def build(site: Callable[..., Site]) -> Callable[..., Built]:
    """Return a function that builds HTML, with its data beside the folder of the pages."""
    made = site(FILES, CONF)

    def run(where: str = "", edition: str = "internal", **settings: object) -> Built:
        folder = made.source.parent / f"build-{edition}-html-{made.builds + 1}"
        wanted = {"postmortem_export_folder": str(folder / "html" / where)} if where else {}
        return made.build(edition, **wanted, **settings)

    return run


def files_of(built: Built) -> BuiltFiles:
    return BuiltFiles(domain_of(built.app.env))


def feed_link(built: Built) -> list[str]:
    return re.findall(
        r'<link rel="alternate" type="application/atom.xml"[^>]*href="([^"]*)"', built.read(f"{PAGE}.html")
    )


@pytest.mark.parametrize(("where", "way"), [(".", "../"), ("..", "../../"), ("data", "../data/")])
def test_addresses_lead_to_the_files_that_were_written(build, where, way):
    built = build(where)
    files, incident = files_of(built), domain_of(built.app.env).knowledge.incidents[0]
    addresses = [files.data(name, PAGE) for name in ("json", "csv", "ics", "atom")]
    addresses += [files.calendar_of_incident(incident, PAGE), files.calendar_of_owner(Owner("ops"), PAGE)]
    assert addresses[0] == f"{way}postmortems.json"
    page = built.outdir / f"{PAGE}.html"
    assert [address for address in addresses if not (page.parent / address).is_file()] == []
    assert feed_link(built) == [f"{way}incidents.atom"]
    feed = (page.parent / addresses[3]).read_text(encoding="utf-8")
    self_link = re.search(r'<link rel="self" href="([^"]*)"', feed)
    assert self_link is not None
    assert self_link[1] == {
        ".": "https://kb.example.com/reg/incidents.atom",
        "..": "https://kb.example.com/incidents.atom",
    }.get(where, "https://kb.example.com/reg/data/incidents.atom")


def test_the_page_of_an_incident_leads_to_its_pdf_and_its_calendar(site):
    made = site(FILES, CONF)
    folder = made.source.parent / "build-leadership-html-1"
    settings = {"postmortem_pdf_folder": str(folder / "pdf"), "postmortem_export_folder": str(folder / "html")}
    built = made.build("leadership", **settings)
    text = built.read(f"{PAGE}.html")
    assert '<a href="../../pdf/SEC-1.pdf">PDF</a>' in text
    calendar = re.search('<a href="([^"]*)">Calendar of its actions', text)
    assert calendar is not None
    assert (built.outdir / PAGE).parent.joinpath(calendar[1]).is_file()


def test_a_build_that_writes_no_data_links_none(build):
    built = build()
    assert "Calendar of its actions" not in built.read(f"{PAGE}.html")
    files = files_of(built)
    assert [files.data(name, PAGE) for name in ("json", "csv", "ics", "atom")] == [""] * 4
    assert files.pdf_of_page(PAGE, PAGE) == ""
    assert feed_link(built) == []


def test_a_folder_that_is_not_published_is_not_named(build, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    built = build(postmortem_export_folder=str(elsewhere), postmortem_pdf_folder=str(elsewhere))
    assert elsewhere.name.encode() not in built.all_bytes()
    assert feed_link(built) == []


def test_formats_that_are_not_written_are_not_linked(build):
    files = files_of(build(".", postmortem_export_formats=["json", "csv"]))
    assert files.data("csv", PAGE)
    assert files.data("atom", PAGE) == files.data("ics", PAGE) == files.calendar_of_owner(Owner("ops"), PAGE) == ""


def test_pdfs_are_linked_by_the_names_that_they_get(site):
    made = site(FILES, CONF)
    pdfs = made.source.parent / "build-leadership-html-1" / "pdf"
    files = files_of(made.build("leadership", postmortem_pdf_folder=str(pdfs)))
    assert files.pdf_of_page(PAGE, PAGE) == "../../pdf/SEC-1.pdf"
    assert files.pdf_of_all("index") == "../pdf/Registry.pdf"
    assert files.pdf_of_page("loose", "index") == ""


def test_an_incident_says_what_it_is_to_the_search(build):
    assert '<meta name="pm-facts" content="SEV-1 · closed · 2026-03-02">' in build().read(f"{PAGE}.html")


def test_the_first_edition_leads_to_the_source_and_others_only_where_the_site_says_so(build):
    context = {"github_user": "o", "github_repo": "r"}
    own = 'href="https://github.com/o/r/edit/main/incidents/sec-1.md"'
    assert own in build(html_context=context).read(f"{PAGE}.html")
    assert "github.com" not in build(edition="leadership", html_context=context).read(f"{PAGE}.html")
    shown = build(edition="leadership", html_context=context, postmortem_source_links={"editions": "leadership"})
    assert own in shown.read(f"{PAGE}.html")
