"""An incident's status and labels bind: which pages an edition has, and what it says of the others."""

from __future__ import annotations

import json
from functools import partial

import pytest
from sphinx.errors import ExtensionError, SphinxError

from sphinx_postmortem.cli.main import main
from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.hidden_pages import text_is_shown
from sphinx_postmortem.core.audience.incident_pages import IncidentGate
from sphinx_postmortem.core.audience.incident_rule import IncidentRule

pytestmark = pytest.mark.usefixtures("warm_start")

INDEX = """# Incidents

```{toctree}
:glob:

incidents/*
```

:::{incident-list}
:::

:::{action-list}
:::

:::{incident-metrics}
:::
"""
PAGE = """# {id}: Token of zqhidalpha stolen

:::{{incident-summary}} {id}
:date: 2026-03-02
:severity: SEV-1
:type: Security
{options}
Summary with zqhidalpha.
:::

:::{{timeline}}
| Time (UTC) | Event |
|---|---|
| 2026-03-02 01:14 | Alert detected zqhidalpha |

:::

:::{{action-table}}
| ID | Action | Owner | Priority | Due date | Status |
|---|---|---|---|---|---|
| A1 | Rotate zqhidalpha | appsec | P1 | 2026-03-20 | open |

:::
"""
SHOWN = "# SEC-1: Open\n\n:::{incident-summary} SEC-1\n:date: 2026-03-01\n:tlp: CLEAR\n:status: closed\n\nText.\n:::\n"


def page(options: str, incident: str = "SEC-9") -> str:
    return PAGE.format(id=incident, options=options.replace("; ", "\n") + "\n")


def files(options: str, **more: str):
    return {"index.md": INDEX, "incidents/one.md": SHOWN, "incidents/nine.md": page(options), **more}


HIDING = [
    ":tlp: CLEAR; :status: draft",
    ":tlp: RED; :status: closed",
    ":tlp: GREEN; :status: closed",
    ":tlp: WHITE; :status: closed",
    ":tlp: CLEAR; :status: finished",
    ":tlp:; :status: closed",
    ":tlp: RED; :tlp: CLEAR; :status: closed",
    ":tlp: CLEAR; ; :status: draft",
]


@pytest.mark.parametrize("options", HIDING)
def test_nothing_of_an_incident_that_does_not_allow_it_is_in_the_edition(site, tmp_path, options):
    made = site(files(options))
    built = made.build("public", postmortem_export_folder=str(tmp_path / "data"))
    data = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    for sign in (b"zqhidalpha", b"SEC-9", b"incidents/nine"):
        assert sign not in built.all_bytes() + data
    assert b"SEC-1" in built.all_bytes()
    assert b"SEC-1" in data


def test_the_pdfs_of_an_edition_leave_it_out(site):
    pytest.importorskip("rst2pdf")
    built = site(files(":tlp: RED")).build("public", "pdf")
    assert sorted(path.name for path in built.outdir.glob("*.pdf")) == ["SEC-1.pdf", "Test.pdf"]


def test_what_the_hidden_page_says_changes_no_byte(site):
    outputs = []
    for number, options in enumerate(HIDING):
        made = site(files(options), folder=f"site-{number}")
        outputs.append(made.build("leadership" if "GREEN" not in options else "public"))
    leadership = {
        built.all_bytes()
        for built in outputs
        if "GREEN" not in built.app.srcdir.name and "leadership" in str(built.outdir)
    }
    assert len(leadership) == 1


@pytest.mark.parametrize(
    "options", [":tlp: CLEAR; :status: closed", ":tlp: AMBER; :tlp-public: CLEAR", "", ":type: Hybrid"]
)
def test_an_incident_that_allows_it_is_shown(site, options):
    built = site(files(options)).build("public")
    assert "zqhidalpha" in built.read("incidents/nine.html")


def test_the_edition_says_its_own_label(site):
    made = site(files(":tlp: AMBER; :tlp-public: CLEAR"))
    assert "TLP:CLEAR" in made.build("public").read("incidents/nine.html")
    for edition in ("internal", "leadership"):
        assert "TLP:AMBER" in made.build(edition).read("incidents/nine.html")


def test_the_first_edition_shows_all_and_tells_what_the_others_leave_out(site):
    made = site(files(":status: draft; :tlp: CLEAR"))
    built = made.build("internal", progress=True)
    assert "zqhidalpha" in built.read("incidents/nine.html")
    said = built.app.status.getvalue()
    assert 'incidents/nine.md:3: the editions "leadership" and "public" will not show this incident' in said
    assert "draft" in said


def test_the_first_edition_tells_of_a_head_that_holds_the_page_back(site):
    head = "---\nvisibility: private\n---\n"
    made = site({**files(""), "incidents/nine.md": head + page(":status: closed; :tlp: CLEAR")})
    said = made.build("internal", progress=True).app.status.getvalue()
    assert 'nine.md:6: the editions "leadership" and "public" will not show this incident' in said
    assert "`visibility: private`" in said
    assert not (made.build("leadership").outdir / "incidents/nine.html").exists()


def test_a_filtered_edition_names_no_hidden_page(site):
    built = site(files(":status: draft; :tlp: CLEAR")).build("leadership", progress=True)
    assert "nine" not in built.app.status.getvalue()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in an included file", "# SEC-9\n\n```{include} ../parts/summary.txt\n```\n"),
        (
            "in reStructuredText within Markdown",
            "# SEC-9\n\n```{eval-rst}\n.. incident-summary:: SEC-9\n   :tlp: RED\n\n   zqhidalpha\n```\n",
        ),
        ("the second of two", SHOWN + page(":tlp: RED")),
        ("in a list", "# SEC-9\n\n- :::{incident-summary} SEC-9\n  :tlp: RED\n\n  zqhidalpha\n  :::\n"),
        ("with the domain's name", page(":tlp: RED").replace("{incident", "{postmortem:incident")),
        ("as a block of YAML", "# SEC-9\n\n:::{incident-summary} SEC-9\n---\ntlp: >\n  RED\n---\nzqhidalpha\n:::\n"),
    ],
)
def test_a_summary_counts_wherever_it_stands(site, name, text):
    made = site({"index.md": INDEX, "incidents/nine.md": text, "parts/summary.txt": page(":tlp: RED")})
    built = made.build("public")
    assert b"zqhidalpha" not in built.all_bytes()
    assert not (built.outdir / "incidents/nine.html").exists()


def test_restructuredtext(site):
    text = "SEC-9\n=====\n\n.. incident-summary:: SEC-9\n   :tlp: RED\n\n   zqhidalpha\n"
    built = site({"index.md": INDEX, "incidents/nine.rst": text}).build("public")
    assert not (built.outdir / "incidents/nine.html").exists()


def test_the_head_of_a_notebook_binds_the_incident_of_another_cell(tmp_path):
    cells = [["---\n", "tlp: RED\n", "---\n", "# N\n"], [":::{incident-summary} SEC-1\n", ":status: closed\n", ":::\n"]]
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": cell} for cell in cells]})
    for name, shown in (("internal", True), ("leadership", False)):
        edition = Edition(Audiences(), name)
        judge = partial(IncidentGate(tmp_path, edition, IncidentRule()).judge, tmp_path / "n.ipynb")
        assert text_is_shown(text, "myst-nb", edition, judge) == ([], shown)


def test_a_summary_that_the_edition_hides_keeps_no_page_back(site):
    text = (
        "# A page\n\nShown.\n\n:::::{internal-only}\n## Inner\n\n" + page(":tlp: RED").split("\n\n", 1)[1] + ":::::\n"
    )
    for label in ("RED", "CLEAR"):
        made = site({"index.md": INDEX, "incidents/nine.md": text.replace("RED", label)}, folder=label)
        assert "Shown." in made.build("public").read("incidents/nine.html")


def test_a_summary_that_is_generated_while_pages_are_read_stops_the_build(site):
    conf = (
        "def setup(app):\n"
        "    app.connect('source-read', lambda app, name, source: source.__setitem__(0, source[0].replace('@@', 'tlp')))\n"
    )
    made = site(files(":@@: RED"), conf)
    with pytest.raises(
        ExtensionError, match=r"nine\.md:3: the incident is not for the edition .public.: it is TLP:RED"
    ):
        made.build("public")


@pytest.mark.parametrize(
    ("head", "options", "says"),
    [
        ("---\naudience: public\n---\n", ":tlp: RED", "the page is marked `audience: public`"),
        ("", ":tlp: GREEN; :tlp-public: AMBER", "more privileged"),
        ("", ":tlp: CLEAR; :tlp-pubic: CLEAR", "names no audience"),
    ],
)
def test_a_contradiction_stops_what_is_published_and_is_told_with_its_place(site, head, options, says):
    made = site({**files(""), "incidents/nine.md": head + page(options)})
    line = 3 + head.count("\n")
    for edition in ("leadership", "public"):
        with pytest.raises(SphinxError, match=rf"nine\.md:{line}: .*{says}"):
            made.build(edition)
    warnings = made.build("internal", warnings=True).warnings
    assert f"nine.md:{line}: WARNING" in warnings
    assert "[postmortem.tlp-conflict]" in warnings


@pytest.mark.parametrize("text", ["TLP:AMBER. The source.", "**TLP:** AMBER", "## TLP:WHITE"])
def test_another_label_in_the_text_is_an_error_with_its_line(site, text):
    made = site({"index.md": INDEX, "incidents/one.md": f"{SHOWN}\n{text}\n"})
    with pytest.raises(SphinxError, match=r"one\.md:11: the text says TLP:(AMBER|WHITE)"):
        made.build("public")
    warnings = made.build("internal", warnings=True).warnings
    assert "one.md:11: WARNING: the text says TLP:" in warnings
    assert "[postmortem.tlp-conflict]" in warnings


@pytest.mark.parametrize("text", ["`TLP:AMBER` was proposed.", "```\nTLP:RED\n```", "TLP:CLEAR.", "% TLP:RED"])
def test_the_same_label_and_a_quoted_one_are_no_error(site, text):
    site({"index.md": INDEX, "incidents/one.md": f"{SHOWN}\n{text}\n"}).build("public")


@pytest.mark.parametrize("builder", ["html", "text", "latex", "man", "texinfo", "epub", "xml", "singlehtml"])
def test_the_role_writes_the_label_of_the_edition(site, builder):
    text = page(":tlp: AMBER; :tlp-public: CLEAR") + "\nDistribution: {tlp}`SEC-9`!\n"
    made = site({"index.md": INDEX, "incidents/nine.md": text}, "epub_show_urls='no'\nversion='1'\n")
    built = made.build("public", builder, warnings=builder == "epub")
    assert b"TLP:CLEAR" in built.all_bytes()
    tree = built.doctree("incidents/nine")
    assert "Distribution: TLP:CLEAR!" in tree.astext()
    assert "Distribution: TLP:AMBER!" in made.build("internal", "text").read("incidents/nine.txt").replace("\n", " ")


def test_a_role_without_incident_is_reported_where_all_is_shown(site):
    made = site({"index.md": INDEX, "incidents/one.md": SHOWN + "\nLabel {tlp}`SEC-7`.\n"})
    assert "Label (not in this edition)." in made.build("public", "text").read("incidents/one.txt")
    assert 'no incident "SEC-7" with a label' in made.build("internal", warnings=True).warnings


@pytest.mark.parametrize(
    "part",
    [
        "::::{internal-only}\nDetails.\n::::\n",
        "::::{audience} leadership\nDetails.\n::::\n",
        ":::{timeline}\n| Time (UTC) | Event | Audience |\n|---|---|---|\n| 2026-03-01 01:00 | Alert detected | internal |\n\n:::\n",
        ":::{timeline}\n:internal-columns: Notes\n\n| Time (UTC) | Event | Notes |\n|---|---|---|\n| 2026-03-01 01:00 | Alert detected | x |\n\n:::\n",
    ],
)
def test_the_first_edition_never_says_clear_beside_internal_parts(site, tmp_path, part):
    made = site({"index.md": INDEX, "incidents/one.md": f"{SHOWN}\n{part}\nLabel {{tlp}}`SEC-1`.\n"})
    built = made.build("internal", postmortem_export_folder=str(tmp_path))
    assert "TLP:CLEAR" not in built.read("incidents/one.html")
    assert built.read("incidents/one.html").count("TLP:AMBER") == 3  # the summary, the rows, the sheets of paper
    assert json.loads((tmp_path / "postmortems.json").read_text())["incidents"][0]["tlp"] == "AMBER"
    assert "TLP:CLEAR" in made.build("public").read("incidents/one.html")


@pytest.mark.parametrize(("conf", "label"), [("", "AMBER"), ('postmortem_edition_tlp = {"internal": "RED"}\n', "RED")])
def test_the_label_of_an_internal_page(site, conf, label):
    made = site({"index.md": INDEX, "incidents/one.md": f"---\naudience: internal\n---\n{SHOWN}"}, conf)
    assert f"TLP:{label}" in made.build("internal").read("incidents/one.html")


def test_the_author_may_state_the_label_of_the_first_edition(site):
    text = SHOWN.replace(":tlp: CLEAR", ":tlp: CLEAR\n:tlp-internal: CLEAR") + "\n::::{internal-only}\nDetails.\n::::\n"
    assert "TLP:CLEAR" in site({"index.md": INDEX, "incidents/one.md": text}).build("internal").read(
        "incidents/one.html"
    )


def test_parts_for_all_raise_no_label(site):
    text = f"{SHOWN}\n::::{{audience}} public\nDetails.\n::::\n"
    assert "TLP:CLEAR" in site({"index.md": INDEX, "incidents/one.md": text}).build("internal").read(
        "incidents/one.html"
    )


def test_the_command_publishes_the_editions_without_what_does_not_allow_it(site, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    made = site(files(":tlp: RED; :status: closed"))
    with pytest.raises(SystemExit) as ended:
        main(["build", str(made.source), str(tmp_path / "out"), "--edition", "public", "-j", "1"])
    assert ended.value.code == 0
    published = tmp_path / "out" / "public"
    assert (published / "html/incidents/one.html").exists()
    assert all(b"zqhidalpha" not in path.read_bytes() for path in published.rglob("*") if path.is_file())
