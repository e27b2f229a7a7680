"""Pages for owners: where owners lead, what stands there, and that no page grows without bound."""

from __future__ import annotations

import re
import zlib

import pytest
from click.testing import CliRunner
from docutils import nodes
from sphinx.errors import ExtensionError

from sphinx_postmortem.cli.main import main

pytestmark = pytest.mark.usefixtures("warm_start")

CONF = 'postmortem_today = "2026-06-01"\npostmortem_owners = "owners.toml"\n'
OWNERS = """\
[ops]
name = "Operations"
team = "Platform"
contact = "ops@example.com"

[db]
name = "Databases"
team = "Platform"

[idle]
name = "Idle"
"""
INDEX = "# Home\n\n{owner}`ops`, {owner}`db`, {owner}`dev`, {owner}`idle`\n\n```{toctree}\n:glob:\n\n*\n```\n"
ROWS = """\
| A1 | Done | ops | 2026-05-01 | done | |
| A2 | Late | ops, db | 2026-05-01 | open | |
| A3 | Soon | ops | 2026-07-01 | open | |
| A4 | Unregistered | dev | 2026-07-01 | open | |
| A5 | Nobody's | | | open | |
| A6 | Hidden | spy, db | 2026-07-01 | open | internal |"""


def incident(number: int = 1, rows: str = ROWS) -> str:
    head = "| ID | Action | Owner | Due date | Status | Audience |\n|----|----|----|----|----|----|"
    summary = f":::{{incident-summary}} SEC-{number}\n:date: 2026-04-02\n\nText.\n:::"
    return f"# Incident {number}\n\n{summary}\n\n:::{{action-table}}\n{head}\n{rows}\n:::\n"


def page(options: str = "", title: str = "Page") -> str:
    return f"# {title}\n\n:::{{actions-by-owner}}\n{options}\n:::\n"


@pytest.fixture
def kb(site):
    def make(**pages):
        files = {"index.md": INDEX, "owners.toml": OWNERS, "sec.md": incident()}
        return site({**files, **{f"{name}.md": text for name, text in pages.items()}}, CONF)

    return make


def first_column(built, docname):
    rows = [row for table in built.doctree(docname).findall(nodes.tbody) for row in table.findall(nodes.row)]
    return [row[1].astext().rpartition("/")[2] for row in rows]


def homes(built):
    packed = (built.outdir / "objects.inv").read_bytes().split(b"\n", 4)[4]
    lines = [
        re.match(r"(\S+) postmortem:owner 1 ([^#]+)#", line) for line in zlib.decompress(packed).decode().splitlines()
    ]
    return {match[1]: match[2] for match in lines if match}


def test_own_page_lists_the_owner_overdue_first_and_done_last(kb):
    built = kb(actions=page(), ops=page(":owner: ops")).build()
    assert first_column(built, "ops") == ["A2", "A3", "A1"]
    assert "2 open (1 overdue), 1 done · Platform · ops@example.com" in built.doctree("ops").astext()


def test_references_and_inventory_lead_to_the_owners_page_then_the_team_then_the_index(kb):
    built = kb(actions=page(), ops=page(":owner: Operations"), platform=page(":team: platform")).build()
    assert homes(built) == {
        "ops": "ops.html",
        "db": "platform.html",
        "dev": "actions.html",
        "spy": "actions.html",
    }
    assert re.findall(r'href="(\w+\.html)#pm-owner-\w+"', built.read("index.html")) == [
        "ops.html",
        "platform.html",
        "actions.html",
    ]
    for docname, anchor in (("ops", "ops"), ("platform", "db"), ("actions", "dev")):
        assert f'id="pm-owner-{anchor}"' in built.read(f"{docname}.html")


def test_index_lists_those_without_a_page_and_names_the_others(kb):
    built = kb(actions=page(), ops=page(":owner: ops")).build()
    assert first_column(built, "actions") == ["A2", "A6", "A4", "A6", "A5"]  # db, dev, spy, no owner
    text = built.doctree("actions").astext()
    assert "The actions stand on the page of Operations." in text
    assert "No owner" in text


def test_every_action_is_on_an_owners_page(kb):
    built = kb(actions=page(), ops=page(":owner: ops")).build()
    assert {*first_column(built, "actions"), *first_column(built, "ops")} == {f"A{n}" for n in range(1, 7)}


def test_overview_counts_for_each_owner_and_team_and_in_all(kb):
    built = kb(actions=page(), overview=page(":overview:")).build()
    rows = [
        [cell.astext() for cell in row[:4]]
        for table in built.doctree("overview").findall(nodes.tbody)
        for row in table.findall(nodes.row)
    ]
    assert rows == [
        ["Databases", "2", "1", "0"],
        ["Operations", "2", "1", "1"],
        ["dev", "1", "0", "0"],
        ["spy", "1", "0", "0"],
        ["No owner", "1", "0", "0"],
        ["All actions", "5", "1", "1"],
        ["Platform", "3", "1", "1"],
    ]


def test_no_bar_is_longer_than_its_column(kb):
    built = kb(overview=page(":overview:")).build()
    text = (built.outdir / "overview.html").read_text(encoding="utf-8")
    shares = [int(share) for share in re.findall(r'pm-bar-track" style="width:(\d+)%', text)]
    assert shares == [66, 100, 33, 33, 33, 100]  # five owners, and the team of two of them


def test_filtered_edition_counts_and_lists_only_what_it_sees(kb):
    built = kb(actions=page(), overview=page(":overview:"), ops=page(":owner: ops")).build("leadership")
    assert b"spy" not in built.all_bytes()
    assert first_column(built, "actions") == ["A2", "A4", "A5"]


def test_owners_of_one_team_are_one_owner_where_no_names_are_shown(kb):
    built = kb(actions=page(), ops=page(":owner: ops")).build("public")
    assert first_column(built, "ops") == ["A2", "A3", "A1"]
    assert first_column(built, "actions") == ["A4", "A5"]  # an owner whom the register lacks, and no owner
    assert b"Databases" not in built.all_bytes()


def test_a_page_has_no_more_rows_than_its_limit_and_says_what_is_left_out(kb):
    rows = "\n".join(f"| A{n} | Do | ops | 2026-07-01 | {'done' if n > 8 else 'open'} | |" for n in range(1, 13))
    made = kb(actions=page(":limit: 5"), next=page(":owner: ops\n:limit: 5\n:page: 2"))
    built = made.write({"sec.md": incident(rows=rows), "index.md": INDEX.replace(", {owner}`dev`", "")}).build()
    assert first_column(built, "actions") == ["A1", "A2", "A3", "A4", "A5"]
    assert "Not listed here: 3 more open and 4 more done, on the pages of their incidents." in built.read(
        "actions.html"
    )
    assert first_column(built, "next") == ["A6", "A7", "A8", "A9", "A10"]
    assert "5 come before these" in built.read("next.html")
    assert homes(built)["ops"] == "actions.html"  # the second page is nobody's first


def test_open_actions_of_all_owners_come_before_done_ones(kb):
    rows = "\n".join(
        f"| A{n} | Do | {'db' if n < 4 else 'ops'} | | {'done' if n < 4 else 'open'} | |" for n in range(1, 7)
    )
    made = kb(actions=page(":limit: 4"), index=INDEX.replace(", {owner}`dev`", ""))
    built = made.write({"sec.md": incident(rows=rows)}).build()
    assert first_column(built, "actions") == ["A4", "A5", "A6", "A1"]


def test_open_only_counts_the_done_ones(kb):
    built = kb(actions=page(":open-only:\n:owner: ops")).build()
    assert first_column(built, "actions") == ["A2", "A3"]
    assert "1 done" in built.read("actions.html")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (":owner: nobody", '`:owner:` does not know "nobody"; write one of db, dev, idle, ops, spy'),
        (":team: none", '`:team:` does not know "none"; write one of Platform'),
        (":page: 0", "whole number above 0"),
    ],
)
def test_a_wrong_choice_names_the_valid_ones(kb, options, said):
    assert said in kb(actions=page(), other=page(options)).build(warnings=True).warnings


@pytest.mark.parametrize("builder", ["text", "latex", "singlehtml", "epub", "man"])
def test_owner_pages_work_in_other_builders(kb, builder):
    settings = {"epub_copyright": "x", "version": "1"} if builder == "epub" else {}
    built = kb(actions=page(), ops=page(":owner: ops"), team=page(":team: Platform")).build(builder=builder, **settings)
    assert b"Late" in built.all_bytes() or builder == "epub"


def contents(built):
    # Sphinx keeps words that are gone in its search index, with no page behind them.
    return {
        str(path.relative_to(built.outdir)): re.sub(rb'"[^"]+":\[\],?', b"", path.read_bytes())
        for path in sorted(built.outdir.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }


CHANGES = [
    ("sec.md", "Late", "Later"),
    ("sec.md", "| ops |", "| db |"),
    ("sec.md", "| dev |", "| idle |"),
    ("sec.md", "# Incident 1", "# Another title"),
    ("sec.md", "Nobody's", "Somebody's"),
    ("owners.toml", '"Operations"', '"Service operations"'),
    ("owners.toml", '"Platform"', '"Infrastructure"'),
    ("ops.md", ":owner: ops", ":owner: db"),
    ("ops.md", ":owner: db", ""),
    ("index.md", "{owner}`idle`", "nobody"),
]


def test_incremental_builds_equal_clean_ones(kb):
    made = kb(
        actions=page(), ops=page(":owner: ops"), team=page(":team: Platform, Infrastructure"), sum=page(":overview:")
    )
    changes = {f"{old}: {new}": {name: (old, new)} for name, old, new in CHANGES}
    for change, again, clean in made.rebuilds(changes, warnings=True):
        found, expected = contents(again), contents(clean)
        assert (change, [name for name in found | expected if found.get(name) != expected.get(name)]) == (change, [])


def test_an_edit_writes_only_the_pages_of_the_owners_concerned(kb):
    made = kb(
        ops=page(":owner: ops"), db=page(":owner: db"), dev=page(":owner: dev"), index=INDEX.replace("*", "[!i]*")
    )
    made.build()
    made.edit("sec.md", "Soon", "Sooner")
    said = re.sub(r"\x1b\[[0-9;]*m", "", made.build(keep=True, progress=True).app.status.getvalue())
    assert set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", said)) == {"index", "ops", "sec"}


def test_an_edit_of_the_register_reads_no_page_again(kb):
    made = kb(actions=page())
    made.build()
    made.edit("owners.toml", '"Operations"', '"Service operations"')
    again = made.build(keep=True, progress=True)
    assert "Service operations" in again.read("sec.html")
    assert "0 added, 0 changed, 0 removed" in again.app.status.getvalue()


def test_a_fault_in_the_register_stops_the_build_with_file_and_line(kb):
    made = kb().write({"owners.toml": "[ops]\nname = 'x'\nphone = '1'\n"})
    with pytest.raises(ExtensionError, match=r'owners.toml, line 3: "ops" has no key "phone"'):
        made.build()


def test_command_check_reads_the_register_from_the_file(kb):
    made = kb(actions=page())
    done = CliRunner().invoke(main, ["check", str(made.source), "--fail-on", "error"])
    assert '"dev" is not in postmortem_owners' in done.output
    assert '"ops" is not in postmortem_owners' not in done.output
    made.write({"owners.toml": "[ops]\nphone = '1'\n"})
    done = CliRunner().invoke(main, ["check", str(made.source)])
    assert done.exit_code == 2
    assert "owners.toml, line 2" in done.output


def test_command_owners_writes_pages_that_build_and_keeps_what_exists(kb):
    made = kb().write({"owners.toml": OWNERS + '\n["Ω team"]\nname = "[Ω] *team*"\n'})
    assert CliRunner().invoke(main, ["owners", str(made.source)]).exit_code == 0
    made.write({"index.md": INDEX.replace("*", "*\nowners/index"), "owners/ops.md": page(":owner: ops", "Mine")})
    done = CliRunner().invoke(main, ["owners", str(made.source)])
    assert done.output.count("kept") == 5
    built = made.build()
    assert "<h1>Mine" in built.read("owners/ops.html")
    assert first_column(built, "owners/ops") == ["A2", "A3", "A1"]
    assert homes(built)["dev"] == "owners/index.html"
    assert any("[Ω] *team*" in path.read_text(encoding="utf-8") for path in (built.outdir / "owners").glob("*.html"))


def test_command_owners_writes_no_second_index(kb):
    made = kb(actions=page(":overview:") + "\n" + page(title="Each"), some=page(":team: platform"))
    done = CliRunner().invoke(main, ["owners", str(made.source)])
    assert "actions.md lists all actions by owner" in done.output
    assert "    owners/*\n" in done.output
    assert not (made.source / "owners/index.md").exists()
    made.write({"actions.md": page() + "\n```{toctree}\n:glob:\n\nowners/*\n```\n"})
    built = made.build()
    assert homes(built)["ops"] == "owners/ops.html"
    assert homes(built)["dev"] == "actions.html"


@pytest.mark.parametrize(("title", "headings"), [("Operations", 0), ("What operations owe", 0), ("Mine", 1)])
@pytest.mark.parametrize("builder", ["html", "latex"])
def test_page_of_one_owner_says_the_name_once_and_is_where_references_lead(kb, builder, title, headings):
    built = kb(ops=page(":owner: ops", title)).build(builder=builder)
    assert [node.astext() for node in built.doctree("ops").findall(nodes.rubric)] == ["Operations"] * headings
    if builder == "html":
        assert built.read("ops.html").count('id="pm-owner-ops"') == 1
        assert 'href="ops.html#pm-owner-ops"' in built.read("index.html")


def test_command_owners_marks_its_pages_for_those_who_see_names(kb, tmp_path):
    """The address of a page holds the owner's name, and the public edition has roles in its place."""
    made = kb().write({"index.md": INDEX.replace("*", "*\nowners/index")})
    CliRunner().invoke(main, ["owners", str(made.source)])
    done = CliRunner().invoke(main, ["build", str(made.source), str(tmp_path / "out"), "--fail-on-warning"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out/leadership/html/owners/ops.html").exists()
    assert [path.name for path in (tmp_path / "out/public/html/owners").iterdir()] == ["index.html"]
