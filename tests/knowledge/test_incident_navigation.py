"""Incidents have their place without a toctree that lists them on every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.conftest import Built, Site

MakeSite = Callable[..., Site]

INDEX = "# Home\n\n:::{toctree}\nincidents/index\nabout\n:::\n"
NAVIGATION = "# Incidents\n\n:::{incident-navigation}\n:::\n"
# The names do not follow the dates.
DAYS = {"d": "2025-02-01", "c": "2025-07-01", "b": "2026-01-05", "a": "2026-03-01"}


def incident(name: str, day: str, before: str = "") -> str:
    severity = 1 + int(day[6]) % 2
    return f"{before}# Case {name}\n\n:::{{incident-summary}} SEC-{name}\n:date: {day}\n:severity: SEV-{severity}\n\nText.\n:::\n"


def files(**more: str) -> dict[str, str]:
    return {
        "index.md": INDEX,
        "about.md": "# About\n",
        "incidents/index.md": NAVIGATION,
        **{f"incidents/{name}.md": incident(name, day) for name, day in DAYS.items()},
        **{f"incidents/{name}.md": text for name, text in more.items()},
    }


def neighbours(built: Built, name: str) -> tuple[str, str]:
    page = built.read(f"incidents/{name}.html")
    found = [re.search(rf'<link rel="{side}" title="([^"]*)"', page) for side in ("prev", "next")]
    return found[0][1] if found[0] else "", found[1][1] if found[1] else ""


def rubrics(built: Built) -> list[str]:
    return re.findall(r'<h2 class="pm-group rubric"[^>]*>([^<]*)<', built.read("incidents/index.html"))


def test_index_shows_incidents_by_year_and_by_severity(site: MakeSite) -> None:
    both = NAVIGATION.replace("\n:::\n", "\n:by: year, severity\n:::\n", 1)
    built = site(files(index=both)).build()
    assert rubrics(built) == ["2026", "2025", "SEV-1", "SEV-2"]
    text = re.sub(r"<[^>]+>", "", built.read("incidents/index.html"))
    assert text.index("SEC-a: Case a (2026-03-01") < text.index("SEC-b: Case b") < text.index("SEC-c: Case c")


def test_one_view_alone(site: MakeSite) -> None:
    assert rubrics(site(files(index=NAVIGATION.replace("\n:::\n", "\n:by: year\n:::\n", 1))).build()) == [
        "2026",
        "2025",
    ]


def test_previous_and_next_go_by_date_within_the_year(site: MakeSite) -> None:
    built = site(files()).build()
    assert neighbours(built, "d") == ("", "Case c")
    assert neighbours(built, "c") == ("Case d", "")
    assert neighbours(built, "b") == ("", "Case a")
    assert neighbours(built, "a") == ("Case b", "")


def test_incident_shows_the_way_to_it(site: MakeSite) -> None:
    page = site(files()).build().read("incidents/a.html")
    way = re.search(r'<nav class="pm-way".*?</nav>', page, re.DOTALL)
    assert way
    assert re.findall(r'<a href="([^"]*)">([^<]*)', way[0]) == [
        ("index.html", "Incidents"),
        ("index.html#pm-year-2026", "2026"),
    ]
    assert 'id="pm-year-2026"' in site(files(), folder="again").build().read("incidents/index.html")


LANDING = "# Home\n\n:::{incident-navigation}\n:pages: incidents/**\n:::\n"


@pytest.mark.parametrize("place", ["page of its own", "landing page", "landing page without other pages"])
@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_no_page_lists_all_incidents_but_the_index(site: MakeSite, theme: str, place: str) -> None:
    sizes: list[int] = []
    for count in (3, 9):
        more = files(**{f"p{n:03}": incident(f"{n:03}", f"2024-01-{1 + n % 28:02}") for n in range(count)})
        if place != "page of its own":
            del more["incidents/index.md"]
            is_alone = place.endswith("other pages")
            more["index.md"] = LANDING + ("" if is_alone else "\n:::{toctree}\nabout\n:::\n")
            more["about.md"] = "---\norphan: true\n---\n# About\n" if is_alone else "# About\n"
        built = site(more, f'html_theme = "{theme}"\n', folder=f"{theme}{count}").build()
        page = built.read("incidents/a.html")
        assert len(re.findall(r'href="p\d+.html"', page)) == 0
        assert place.startswith("landing") == ("incidents/p001.html" in built.read("index.html"))
        sizes.append(len(page))
    assert sizes[0] == sizes[1]


def test_landing_page_keeps_the_incidents_for_other_builders(site: MakeSite) -> None:
    more = {**files(), "index.md": LANDING + "\n:::{toctree}\nabout\n:::\n"}
    del more["incidents/index.md"]
    made = site(more, 'latex_documents = [("index", "all.tex", "T", "A", "manual")]\n')
    made.build(keep=True)
    assert "Case a" in made.build(builder="latex", keep=True).read("all.tex")
    assert "Case a" in made.build(builder="singlehtml", keep=True).read("index.html")
    again = made.write({"about.md": "# Other\n"}).build(keep=True)
    clean = made.build()
    for page in clean.outdir.rglob("*.html"):
        name = page.relative_to(clean.outdir).as_posix()
        assert again.read(name) == clean.read(name), name


def test_documents_of_many_pages_hold_the_incidents(site: MakeSite) -> None:
    made = site(files(), 'latex_documents = [("index", "all.tex", "T", "A", "manual")]\n')
    assert "Case a" in made.build(builder="latex").read("all.tex")
    assert "Case a" in made.build(builder="singlehtml").read("index.html")
    epub = made.build(builder="epub", epub_copyright="x", version="1")
    package = epub.read("content.opf")
    names = {href: item for item, href in re.findall(r'<item id="([^"]*)" href="([^"]*)"', package)}
    order = re.findall(r'<itemref idref="([^"]*)" />', package)
    ids = [names[f"incidents/{name}.xhtml"] for name in ("index", *DAYS)]
    assert [each for each in order if each in ids] == ids


def test_search_finds_them(site: MakeSite) -> None:
    assert "incidents/a" in site(files()).build().read("searchindex.js")


def test_page_in_the_source_folder_names_its_pages(site: MakeSite) -> None:
    top = INDEX + "\n" + NAVIGATION.replace("# Incidents", "## Incidents")
    made = site(files())
    (made.source / "incidents/index.md").unlink()
    said = made.write({"index.md": top.replace("incidents/index\n", "")}).build(warnings=True).warnings
    assert "index.md:9: WARNING: on a page in the source folder itself" in said
    named = top.replace("{incident-navigation}", "{incident-navigation}\n:pages: incidents/*").replace(
        "incidents/index\n", ""
    )
    built = made.write({"index.md": named}).build()
    assert neighbours(built, "d") == ("", "Case c")


def test_hidden_incident_is_no_neighbour(site: MakeSite) -> None:
    hidden = site(files(b=incident("b", DAYS["b"], "---\naudience: internal\n---\n"))).build("public")
    never = files()
    del never["incidents/b.md"]
    assert neighbours(hidden, "a") == ("", "")
    assert hidden.all_bytes() == site(never, folder="never").build("public").all_bytes()


CHANGES = {
    "new title": {"incidents/a.md": incident("a", DAYS["a"]).replace("# Case a", "# New title")},
    "new date": {"incidents/a.md": incident("a", "2025-05-05")},
    "gone": {"incidents/b.md": None},
    "come": {"incidents/e.md": incident("e", "2026-02-01")},
    "another page with an incident": {"incidents/about.md": incident("about", "2026-02-01")},
}


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_incremental_builds_equal_clean_ones(site: MakeSite, edition: str) -> None:
    for change, again, clean in site(files()).rebuilds(CHANGES, edition):
        names = [path.relative_to(clean.outdir).as_posix() for path in clean.outdir.rglob("incidents/*.html")]
        assert len(names) > 3
        assert (change, [name for name in names if again.read(name) != clean.read(name)]) == (change, [])


def test_parallel_build_equals_a_serial_one(site: MakeSite) -> None:
    more = {f"p{n}": incident(str(n), f"2024-01-0{n}") for n in range(1, 9)}
    made = site(files(**more), 'html_theme = "furo"\n')
    parallel, serial = made.build(parallel=2), made.build()
    for page in serial.outdir.rglob("*.html"):
        name = page.relative_to(serial.outdir).as_posix()
        assert parallel.read(name) == serial.read(name), name


def test_a_page_that_leads_to_the_navigation_does_not_stand_below_it(site: MakeSite) -> None:
    files = {
        "index.md": "# Home\n\n```{toctree}\nsub/index\n```\n",
        "sub/index.md": "# Sub\n\n```{toctree}\nall\n```\n",
        "sub/all.md": "# All\n\n:::{incident-navigation}\n:::\n",
        "sub/one.md": "# SEC-2026-001: One\n\n:::{incident-summary} SEC-2026-001\nText.\n:::\n",
    }
    built = site(files).build("internal")
    assert built.app.env.toctree_includes["sub/all"] == ["sub/one"]
