"""Incremental and parallel builds give what a clean, serial build gives."""

from __future__ import annotations

import re

from tests.conftest import CONF

PAGE = """# Page {n}

:::{{incident-summary}} SEC-{n}
:date: 2026-01-{n:02}

Text {n}.
:::

:::{{action-table}}
| ID | Action | Owner | Due date | Status |
|----|--------|-------|----------|--------|
| A1 | Do {n} | team-{team} | 2026-03-{n:02} | open |
:::
"""
INDEX = "# T\n\n{incident}`SEC-1`\n\n```{toctree}\n:glob:\n\nactions\np*\n```\n"


def make(site, count: int = 6):
    pages = {f"p{n}.md": PAGE.format(n=n, team=n % 2) for n in range(1, count + 1)}
    return site({"index.md": INDEX, "actions.md": "# Actions\n\n:::{actions-by-owner}\n:::\n", **pages})


def test_the_index_is_fresh_after_an_edit_of_one_incident(site):
    source = make(site)
    source.build()
    source.edit("p3.md", "Do 3", "Do it differently")
    again = source.build(keep=True)
    assert "Do it differently" in again.read("actions.html")
    assert again.contents() == source.build().contents()


def test_an_overview_is_fresh_too(site):
    source = make(site).write({"actions.md": "# A\n\n:::{actions-by-owner}\n:overview:\n:::\n"})
    source.build()
    source.edit("p3.md", "| open |", "| done |")
    again = source.build(keep=True)
    assert again.contents() == source.build().contents()


def test_a_list_of_incidents_follows_their_fields(site):
    source = make(site).write({"actions.md": "# A\n\n:::{incident-list}\n:::\n"})
    source.build()
    source.edit("p3.md", ":date: 2026-01-03", ":date: 2026-01-03\n:severity: SEV-2")
    again = source.build(keep=True)
    assert "SEV-2" in again.read("actions.html")
    assert again.contents() == source.build().contents()


def test_an_edit_of_prose_writes_only_that_page_and_its_toctree(site):
    source = make(site)
    source.build()
    source.edit("p3.md", "# Page 3", "# Page 3\n\nMore prose.")
    again = source.build(keep=True, progress=True)
    said = re.sub(r"\x1b\[[0-9;]*m", "", again.app.status.getvalue())
    assert set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", said)) == {"index", "p3"}


def test_the_index_of_actions_is_not_written_for_a_factor_and_follows_the_order_of_actions(site):
    """The index shows no factors. Actions that are all alike to it stand there as on their page."""
    factor = "\n:::{contributing-factors}\n- No alert fired.\n:::\n"
    twins = "| A1 | Do 3 | team-1 | 2026-03-03 | open |\n| A2 | Do 3 again | team-1 | 2026-03-03 | open |"
    source = make(site).write({"p4.md": PAGE.format(n=4, team=0) + factor})
    source.edit("p3.md", twins.partition("\n")[0], twins)
    source.build()
    source.edit("p4.md", "No alert fired", "No alert was seen")
    again = source.build(keep=True, progress=True)
    said = re.sub(r"\x1b\[[0-9;]*m", "", again.app.status.getvalue())
    assert set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", said)) == {"index", "p4"}
    source.edit("p3.md", twins, "\n".join(reversed(twins.split("\n"))))
    again = source.build(keep=True)
    assert again.read("actions.html") == source.build().read("actions.html")


def test_pages_that_name_an_incident_follow_its_title(site):
    source = make(site)
    source.build()
    source.edit("p1.md", "# Page 1", "# New title")
    again = source.build(keep=True)
    assert 'title="New title"' in again.read("index.html")
    clean = source.build()
    assert again.read("index.html") == clean.read("index.html")
    assert again.read("actions.html") == clean.read("actions.html")


def test_a_removed_incident_leaves_the_index(site):
    source = make(site)
    source.build()
    (source.source / "p2.md").unlink()
    assert "Do 2" not in source.build(keep=True).read("actions.html")


def test_parallel_equals_serial(site):
    source = make(site, 12)
    assert source.build().contents() == source.build(parallel=2).contents()


def test_a_page_that_becomes_hidden_leaves_nothing(site):
    source = make(site)
    source.build("public")
    source.edit("p2.md", "# Page 2", "---\naudience: internal\n---\n# Page 2")
    again = source.build("public", keep=True)
    assert not (again.outdir / "p2.html").exists()
    assert "Do 2" not in again.read("actions.html")
    assert again.contents() == source.build("public").contents()


def test_a_hidden_page_that_is_edited_changes_nothing(site):
    source = make(site)
    source.edit("p2.md", "# Page 2", "---\naudience: internal\n---\n# Page 2")
    before = source.build("public").contents()
    source.edit("p2.md", "Do 2", "Do something else entirely")
    assert source.build("public", keep=True).contents() == before


def test_files_that_a_setting_hides_after_a_build_are_not_published_by_the_next(site):
    page = "# T\n\n![words](plan.svg) {download}`more <notes.txt>`\n\n```{literalinclude} log.txt\n```\n"
    files = {"plan.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>", "notes.txt": "quailword", "log.txt": "x\n"}
    source = site({"index.md": page, **files}).write({"conf.py": CONF + "html_title = 'T'\n"})
    before = source.build("public", keep=True).contents()
    assert any(name.endswith("plan.svg") for name in before)
    source.edit(
        "conf.py", "html_title = 'T'\n", "postmortem_audience_paths = {'*.svg': 'internal', 'notes.txt': 'internal'}\n"
    )
    after = source.build("public", keep=True).contents()
    assert not any(name.endswith(("plan.svg", "notes.txt")) or b"quailword" in data for name, data in after.items())
    source.edit(
        "conf.py", "postmortem_audience_paths = {'*.svg': 'internal', 'notes.txt': 'internal'}\n", "html_title = 'T'\n"
    )
    assert source.build("public", keep=True).contents() == before
