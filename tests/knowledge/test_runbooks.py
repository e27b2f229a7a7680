"""Runbooks both ways: the incident names its runbooks, and each runbook shows the incidents that used it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docutils import nodes

from tests.conftest import Built, Site

MakeSite = Callable[..., Site]

AUTOMATIC = 'postmortem_runbook_paths = ["runbooks/**"]\n'
INDEX = "# Home\n\n:::{toctree}\n:glob:\n\nincidents/*\nrunbooks/*\n:::\n"
BLOCK = "# Stolen credential\n\nRevoke it.\n\n## Used by\n\n:::{runbook-incidents}\n:::\n"


def incident(number: int, runbooks: str, before: str = "") -> str:
    return f"""{before}# Incident {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-0{number}-02
:severity: SEV-2
:runbooks: {runbooks}

Text.
:::
"""


def files(**more: str) -> dict[str, str]:
    return {
        "index.md": INDEX,
        "incidents/one.md": incident(1, "runbooks/stolen"),
        "incidents/two.md": incident(2, "../runbooks/stolen.md, /runbooks/nodes"),
        "runbooks/stolen.md": BLOCK,
        "runbooks/nodes.md": "# Node failure\n\nDrain it.\n",
        **{name.replace("__", "/") + ".md": text for name, text in more.items()},
    }


def shown_on(built: Built, docname: str) -> list[str]:
    lists = [each for each in built.doctree(docname).findall(nodes.bullet_list) if "pm-taught" in each["classes"]]
    return [item[0].astext().partition(" ")[0] for each in lists for item in each]


def test_runbook_shows_the_incidents_that_name_it(site: MakeSite) -> None:
    built = site(files()).build()
    assert shown_on(built, "runbooks/stolen") == ["SEC-2", "SEC-1"]
    assert shown_on(built, "runbooks/nodes") == []


def test_incident_links_to_its_runbooks_by_title(site: MakeSite) -> None:
    page = site(files()).build().read("incidents/two.html")
    assert 'href="../runbooks/stolen.html"><span class="doc">Stolen credential' in page.replace(" xref std std-doc", "")
    assert "Node failure" in page


def test_list_stands_at_the_end_of_each_runbook_where_the_setting_asks_for_it(site: MakeSite) -> None:
    built = site(files(), AUTOMATIC).build()
    assert shown_on(built, "runbooks/nodes") == ["SEC-2"]
    assert '<h2 class="rubric">What past incidents taught</h2>' in built.read("runbooks/nodes.html")
    assert shown_on(built, "runbooks/stolen") == ["SEC-2", "SEC-1"]  # once only: the page has a list of its own


def test_runbook_that_no_incident_used(site: MakeSite) -> None:
    unused = files(
        runbooks__own="# Own\n\n:::{runbook-incidents}\n:none: Never used.\n:::\n", runbooks__x="# X\n\nDo.\n"
    )
    built = site(unused, AUTOMATIC).build()
    assert "Never used." in built.read("runbooks/own.html")
    assert "What past incidents" not in built.read("runbooks/x.html")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("runbooks/stollen", "did you mean runbooks/stolen?"),
        ("runbook/nodes.md", "did you mean runbooks/nodes?"),
        ("xyz", "write its path below the source folder"),
    ],
)
def test_wrong_name_is_reported_with_near_ones_and_the_rest_is_kept(site: MakeSite, written: str, near: str) -> None:
    built = site(files(incidents__one=incident(1, f"{written}, runbooks/nodes"))).build(warnings=True)
    assert f'one.md:3: WARNING: runbooks: there is no page "{written}"; {near}' in built.warnings
    assert built.warnings.count("WARNING") == 1
    assert "Node failure" in built.read("incidents/one.html")


def test_pattern_without_page_is_reported(site: MakeSite) -> None:
    said = site(files(), 'postmortem_runbook_paths = ["runbook/**"]\n').build(warnings=True).warnings
    assert '"runbook/**" matches no page; did you mean "runbooks"?' in said
    assert "postmortem.unknown-runbook" in said


def test_hidden_runbook_and_hidden_incident_leave_no_trace(site: MakeSite) -> None:
    hidden = "---\naudience: internal\n---\n"
    shown = files(incidents__one=incident(1, "runbooks/nodes", hidden), runbooks__stolen=hidden + BLOCK)
    never = files(incidents__two=incident(2, "runbooks/nodes"))
    del never["incidents/one.md"], never["runbooks/stolen.md"]
    built = site(shown, AUTOMATIC).build("public")
    assert b"tolen" not in built.all_bytes()
    assert shown_on(built, "runbooks/nodes") == ["SEC-2"]
    assert built.all_bytes() == site(never, AUTOMATIC, folder="never").build("public").all_bytes()


@pytest.mark.parametrize("builder", ["singlehtml", "json", "text", "latex", "epub", "man", "xml", "pdf"])
def test_both_ways_in_every_builder(site: MakeSite, builder: str) -> None:
    made = site(files(), AUTOMATIC + 'latex_documents = [("index", "all.tex", "T", "A", "manual")]\n')
    settings = {"epub_copyright": "x", "version": "1", "postmortem_pdf_page_size": "A4"}
    built = made.build(builder=builder, warnings=builder == "pdf", **settings)
    assert "postmortem" not in built.warnings
    assert any(built.outdir.rglob("*"))


CHANGES = {
    "incident names another runbook": {"incidents/one.md": incident(1, "runbooks/nodes")},
    "incident has a new title": {"incidents/one.md": incident(1, "runbooks/stolen").replace("# Inc", "# Big inc")},
    "runbook has a new title": {"runbooks/stolen.md": BLOCK.replace("# Stolen cred", "# Lost cred")},
    "runbook has come": {"incidents/runbooks/stolen.md": "# Nearer\n\n:::{runbook-incidents}\n:::\n"},
    "incident has gone": {"incidents/one.md": None},
}


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_incremental_builds_equal_clean_ones(site: MakeSite, edition: str) -> None:
    made = site(files(), AUTOMATIC).write({"index.md": INDEX.replace("runbooks/*", "runbooks/*\nincidents/runbooks/*")})
    for change, again, clean in made.rebuilds(CHANGES, edition, "text", warnings=True):
        pages = [page.relative_to(clean.outdir).as_posix() for page in clean.outdir.rglob("*.txt")]
        assert (change, [name for name in pages if again.read(name) != clean.read(name)]) == (change, [])


def test_removed_runbook_is_reported_by_the_next_build(site: MakeSite) -> None:
    made = site(files())
    made.build()
    (made.source / "runbooks/nodes.md").unlink()
    assert 'there is no page "/runbooks/nodes"' in made.build(keep=True, warnings=True).warnings
    made.write({"runbooks/nodes.md": "# Nodes again\n"})
    assert "Nodes again" in made.build(keep=True).read("incidents/two.html")


def test_parallel_build_equals_a_serial_one(site: MakeSite) -> None:
    more = {f"incidents__p{n}": incident(n, "runbooks/nodes") for n in range(3, 9)}
    made = site(files(**more), AUTOMATIC)
    assert made.build(parallel=2).read("runbooks/nodes.html") == made.build().read("runbooks/nodes.html")
