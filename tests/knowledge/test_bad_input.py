"""What should not be there is listed with a finding, or shown; nothing is lost, and nothing breaks."""

from __future__ import annotations

import os
import re

import pytest
from docutils import nodes

from benchmarks.many_actions import OWNERS, write_site

LISTS = """\
# Lists

:::{actions-by-owner}
:::

:::{action-list}
:group-by: incident
:::

:::{incident-list}
:::

:::{lesson-list}
:::

:::{incident-metrics}
:show: actions
:no-chart:
:::
"""
INDEX = "# Home\n\n```{toctree}\n:glob:\n\n*\n```\n"
HEAD = "| ID | Action | Owner | Priority | Due date | Status |\n|---|---|---|---|---|---|"


def table(rows):
    return f":::{{action-table}}\n{HEAD}\n{rows}\n:::\n"


def page(incident_id, rows, more=""):
    return f"# {incident_id} title\n\n:::{{incident-summary}} {incident_id}\n\nText.\n:::\n\n{table(rows)}\n{more}"


def build(site, files, conf="", **options):
    return site({"index.md": INDEX, "lists.md": LISTS, **files}, conf).build(warnings=True, **options)


def links(built, docname="lists"):
    return re.findall(
        r'<a class="reference internal" href="([^"]+)"[^>]*><span[^>]*>([^<]+)</span>', built.read(f"{docname}.html")
    )


def test_two_incidents_with_one_id_are_listed_both_and_each_leads_to_its_own_page(site):
    lesson = "## Key takeaways\n\n- Lesson of {}.\n"
    files = {
        name: page("SEC-1", f"| A1 | Do {name} | ops | | | open |", lesson.format(name)) for name in ("a.md", "b.md")
    }
    built = build(site, files)
    assert "[postmortem.incident-duplicate]" in built.warnings
    found = [href for href, text in links(built) if text == "SEC-1"]
    assert sorted(found) == ["a.html#pm-incident-sec-1"] * 2 + ["b.html#pm-incident-sec-1"] * 2
    assert [href for href, text in links(built) if text == "SEC-1/A1"] == [
        "a.html#pm-action-sec-1-a1",
        "b.html#pm-action-sec-1-a1",
    ] * 2
    for name in ("a", "b"):
        assert f"Lesson of {name}.md." in built.read("lists.html")


def test_an_action_without_incident_is_reported_and_listed(site):
    built = build(site, {"loose.md": f"# Loose\n\n{table('| A1 | Loose one | ops | | | open |')}"})
    assert "[postmortem.summary-missing]" in built.warnings
    assert built.doctree("lists").astext().count("Loose one") == 2
    assert "No incident" in built.read("lists.html")


def test_actions_without_incident_and_with_one_id_lead_to_their_own_pages(site):
    files = {f"{name}.md": f"# L\n\n{table(f'| A1 | Loose {name} | ops | | | open |')}" for name in "ab"}
    built = build(site, files)
    found = [href for href, text in links(built) if text == "A1"]
    assert sorted(found) == [
        "a.html#pm-action-a-a1",
        "a.html#pm-action-a-a1",
        "b.html#pm-action-b-a1",
        "b.html#pm-action-b-a1",
    ]


def test_an_owner_that_the_register_lacks_is_listed_by_its_id(site):
    built = build(
        site, {"a.md": page("SEC-1", "| A1 | Do | 保安, Ωps | | | open |")}, 'postmortem_owners = {"x": "X"}\n'
    )
    assert [node.astext() for node in built.doctree("lists").findall(nodes.rubric)][:2] == ["Ωps", "保安"]


def test_actions_with_one_id_are_all_listed(site):
    rows = "\n".join(f"| A1 | Do {n} | ops | | | open |" for n in range(4))
    built = build(site, {"a.md": page("SEC-1", rows)})
    assert built.warnings.count("[postmortem.action-duplicate]") == 3
    assert all(f"Do {n}" in built.read("lists.html") for n in range(4))


def test_a_cycle_of_links_builds(site):
    files = {
        f"{one}.md": page(
            f"SEC-{one}", f"| A1 | After {{action}}`SEC-{other}/A1` | ops | | | open |", f"{{incident}}`SEC-{other}`"
        )
        for one, other in ("ab", "bc", "ca")
    }
    built = build(site, files)
    assert built.warnings == ""
    assert "After SEC-b/A1" in built.read("lists.html")


def test_ten_thousand_equal_ids_cost_no_more_than_ten_thousand_others(site, monkeypatch):
    from sphinx_postmortem.sphinx_ext.directives.directive_tables import TableDirective

    asked = 0
    original = TableDirective.numbered

    def numbered(self, wanted, is_taken):
        def counting(name):
            nonlocal asked
            asked += 1
            return is_taken(name)

        return original(self, wanted, counting)

    monkeypatch.setattr(TableDirective, "numbered", numbered)
    rows = "\n".join(f"| A1 | Do {n} | ops | | | open |" for n in range(300))
    site({"index.md": page("SEC-1", rows)}).build(builder="dummy", warnings=True)
    assert asked <= 300 * 3


@pytest.mark.skipif(not os.environ.get("LARGE_SITE"), reason="set LARGE_SITE=1; it takes minutes")
def test_sixty_thousand_actions_stay_usable(site):
    """One incident with 10,000 actions and 500 with 100 each; 200 owners, half of whom have a page of their own."""
    made = site({})
    write_site(made.source, 60_000)
    built = made.build()
    sizes = {path.stem: path.stat().st_size for path in (built.outdir / "owners").glob("*.html")}
    assert len(sizes) == 100
    assert max(sizes.values()) < 1_000_000
    assert (built.outdir / "index.html").stat().st_size < 2_000_000
    listed = sum(
        len(list(body.findall(nodes.row)))
        for name in OWNERS[:3]
        for body in built.doctree(f"owners/{name}").findall(nodes.tbody)
    )
    written = [path.read_text() for path in (made.source / "incidents").iterdir()]
    assert listed == sum(text.count(f"| {name} |") for text in written for name in OWNERS[:3])
