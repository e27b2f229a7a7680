"""Editions that show no names: roles stand in their place in everything that is written, and what remains is listed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from sphinx.errors import ExtensionError

from tests.built_files import texts_of
from tests.conftest import Site
from tests.noninterference.positions import MYST, RST

MakeSite = Callable[..., Site]

CONF = """
project = "Zorblat postmortems"
copyright = "Zorblat Ltd"
html_title = "Zorblat incident library"
extensions += ["sphinx_design"]
myst_enable_extensions = ["deflist", "fieldlist", "substitution"]
myst_substitutions = {"lead": "Quentin Vexler"}
rst_epilog = ".. |lead| replace:: Quentin Vexler"
postmortem_pseudonyms = {"Quentin Vexler": "the on-call engineer", "Zorblat": "the company"}
postmortem_owners = {
    "krumm-eng": {"name": "Krumm engineering", "team": "Operations", "contact": "krumm@zorblat.example"},
    "platform": {"name": "Wibble platform", "role": "the platform owner"},
    "vost": {"name": "Vost squad"},
}
latex_documents = [("index", "all.tex", "Zorblat postmortems", "Quentin Vexler", "manual")]
"""
# None of these words may be left in any form; the last is written in a table only.
NAMES = re.compile("quentin|vexler|zorblat|krumm|wibble|vost|snerf", re.IGNORECASE)

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)

PAGE = """---
description: written by Quentin Vexler
myst:
  html_meta:
    keywords: Zorblat, Quentin Vexler
---
# SEC-1: Quentin Vexler found it

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:customer-impact: Customers of Zorblat called Quentin Vexler's desk.

Quentin *Vexler* of ZORBLAT saw it; {{ lead }} wrote to quentin.vexler@zorblat.example. Krumm Engineering helped.
:::

(quentin-vexler)=
## How Quentin **Vexler** and Krumm
engineering acted

See {ref}`quentin-vexler` and [the desk](https://zorblat.example/quentin-vexler), {owner}`krumm-eng`, {owner}`platform`,
{owner}`the squad <vost>`. Snerf helped. Quentin&nbsp;Vexler, Quentin
Vexler and Quentin_Vexler are one.

```{index} Quentin Vexler; at work
```

```python
author = "Quentin Vexler <quentin@zorblat.example>"  # event-stream@3.3.6 stays
```

```{literalinclude} part.txt
```

```{include} part.txt
```

```{image} pixel.png
:alt: Quentin Vexler at a desk of Zorblat
```

Term of Quentin Vexler
: What Zorblat means[^n].

[^n]: Said Quentin Vexler.

````{note}
Quentin Vexler, in <b>Quentin</b> <i>Vexler</i>'s words
````

<div title="Quentin Vexler">Zorblat</div>

:::{timeline}
| Time | Event |
|--|--|
| 2026-03-02 01:00 | Alert detected by Quentin *Vexler* |
:::

:::{contributing-factors}
- **Zorblat**: Quentin Vexler was alone.
:::

:::{action-table}
| ID | Action | Owner | Status |
|--|--|--|--|
| A1 | Ask Quentin *Vexler* | krumm-eng, Quentin Vexler | open |
| A2 | Replace | [Wibble platform](x.md), snerf | open |
| A3 | Drop | `platform` | open |
:::

:::{action-table}
:file: actions.csv
:::
"""
OTHER = """About |lead|
============

.. _quentin-vexler-rst:

Quentin *Vexler* and :owner:`vost`, |lead| of ``Zorblat``.

.. csv-table:: By Quentin Vexler
   :file: table.csv

:ref:`quentin-vexler-rst` :doc:`the page of Zorblat <page>`

.. raw:: html

   <p>Quentin Vexler</p>
"""


def make(site: MakeSite) -> Site:
    made = site(
        {
            "index.md": "# Zorblat\n\n:::{actions-by-owner}\n:::\n\n:::{action-list}\n:owner: krumm-eng\n:::\n\n"
            ":::{toctree}\n:caption: By Quentin Vexler\n\nThe page of Quentin Vexler <page>\nother\n:::\n",
            "page.md": PAGE,
            "other.rst": OTHER,
            "part.txt": "Quentin Vexler of Zorblat wrote this.\n",
            "table.csv": "who,what\nQuentin Vexler,Zorblat\n",
            "actions.csv": "ID,Action,Owner,Status\nB1,Call Quentin Vexler,Vost squad,open\n",
        },
        CONF,
    )
    (made.source / "pixel.png").write_bytes(PIXEL)
    return made


def left_in(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        if not path.is_file() or "_static" in path.parts:
            continue
        for text in (str(path.relative_to(folder)), *texts_of(path)):
            for name in NAMES.findall(text):
                found.setdefault(str(path.relative_to(folder)), set()).add(name.lower())
    return found


BUILDERS = ["html", "dirhtml", "singlehtml", "json", "text", "latex", "epub", "man", "texinfo", "xml", "pdf"]


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_name_in_any_file(site: MakeSite, builder: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = {"postmortem_export_folder": str(data), "version": "1", "release": "1"}
    built = make(site).build("public", builder, warnings=True, **settings)
    assert left_in(built.outdir) == {}
    for path in (path for path in data.rglob("*") if path.is_file()):
        assert NAMES.findall(path.name + path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_other_editions_show_names(site: MakeSite, edition: str) -> None:
    page = make(site).build(edition, warnings=True).read("page.html")
    assert "Quentin" in page
    assert "Krumm engineering" in page


def test_owner_is_a_role_with_an_anchor_of_its_own(site: MakeSite) -> None:
    index = make(site).build("public", warnings=True).read("index.html")
    assert re.findall(r'class="pm-owner[^>]*id="([^"]*)"|id="(pm-owner-[^"]*)"', index)
    shown = re.sub(r"<[^>]+>", " ", index)
    assert "the platform owner" in shown  # the register's role
    assert "Operations" in shown  # the team, without a role
    assert "Owner C" in shown  # neither
    assert "Replace" in shown  # the owner whom the register lacks keeps the action


def test_list_of_one_owner_is_found_by_the_role(site: MakeSite) -> None:
    text = make(site).build("public", "text", warnings=True).read("index.txt")
    assert text.count("Ask the on-call engineer") >= 2  # by owner, and in the list of `krumm-eng`


def test_list_of_an_owner_whom_the_register_lacks_shows_no_other(site: MakeSite) -> None:
    made = make(site)
    made.write({"index.md": "# T\n\n:::{action-list}\n:owner: nobody\n:::\n\n:::{toctree}\npage\nother\n:::\n"})
    assert "No actions." in made.build("public", "text", warnings=True).read("index.txt")


def test_page_whose_path_holds_a_name_is_left_out_and_reported(site: MakeSite) -> None:
    made = make(site).write({"people/quentin-vexler.md": "# A page\n\nSecret of a page.\n"})
    built = made.build("public", warnings=True)
    assert re.search(
        r'quentin-vexler\.md:1: WARNING: the path of this page holds the name "quentin vexler"', built.warnings
    )
    assert left_in(built.outdir) == {}
    assert b"Secret of a page" not in built.all_bytes()


def test_names_in_copied_files_are_listed(site: MakeSite) -> None:
    made = site(
        {"index.md": "# T\n\n{download}`notes.txt`\n", "notes.txt": "Quentin Vexler", "static/vost-squad.css": ""}, CONF
    )
    said = made.build("public", warnings=True, html_static_path=["static"]).warnings
    assert re.search(r'_downloads/\w+/notes.txt holds the name "quentin vexler"', said)
    assert '_static/vost-squad.css holds the name "vost squad"' in said
    assert "postmortem.pseudonym-left" in said


def pdf_that_says(text: str) -> bytes:
    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


def test_names_in_copied_pdfs_are_listed_and_broken_ones_reported(site: MakeSite) -> None:
    files = {"index.md": "# T\n\n{download}`notes.pdf` {download}`torn.pdf` {download}`torn.zip`\n"}
    files |= {"notes.pdf": pdf_that_says("Written by Quentin Vexler"), "torn.pdf": b"%PDF-1.4\n", "torn.zip": b"PK"}
    said = site(files, CONF).build("public", warnings=True).warnings
    assert re.search(r'notes\.pdf holds the name "quentin vexler"', said)
    assert re.search(r"torn\.pdf cannot be searched for names: \w+", said)
    assert re.search(r"torn\.zip cannot be searched for names: \w+", said)


def test_names_in_data_files_beside_the_site_are_listed(site: MakeSite, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "calendars").mkdir(parents=True)
    (data / "calendars/owner-vost-squad.ics").write_text("of another program")
    (data / "mine.txt").write_text("Quentin Vexler")
    said = make(site).build("public", warnings=True, postmortem_export_folder=str(data)).warnings
    assert '"vost squad"' in said
    assert "owner-vost-squad.ics holds" in said
    assert "mine.txt" not in said  # not ours


def test_calendar_of_an_owner_who_is_gone_is_removed(site: MakeSite, tmp_path: Path) -> None:
    row = "# SEC-1\n\n:::{{incident-summary}} SEC-1\nText.\n:::\n\n:::{{action-table}}\n| Action | Owner | Due date |\n|--|--|--|\n| Do | {} | 2026-01-01 |\n:::\n"
    made = site({"index.md": row.format("ann")})
    folder = str(tmp_path / "data")
    made.build(postmortem_export_folder=folder)
    made.write({"index.md": row.format("bob")}).build(postmortem_export_folder=folder)
    assert sorted(path.name for path in (tmp_path / "data/calendars").iterdir()) == [
        "incident-sec-1.ics",
        "owner-bob.ics",
    ]


def test_clean_site_has_nothing_to_report(site: MakeSite) -> None:
    assert "pseudonym-left" not in make(site).build("public", warnings=True).warnings


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"postmortem_pseudonyms": {"leadership": "the bosses"}}, "is the name of an audience"),
        ({"postmortem_pseudonyms": {"Zed": "public"}}, "choose another"),
        ({"postmortem_pseudonyms": {"Zed": "a *star*"}}, "may hold letters"),
        ({"postmortem_pseudonym_audiences": ["publik"]}, "is no audience"),
    ],
)
def test_setting_that_cannot_be_used_stops_the_build(site: MakeSite, settings: dict[str, object], fault: str) -> None:
    with pytest.raises(ExtensionError, match=fault):
        site({"index.md": "# T\n"}).build("public", **settings)


def test_site_with_two_audiences_shows_names_unless_it_asks_for_roles(site: MakeSite) -> None:
    made = site({"index.md": "# By Quentin Vexler\n"}, CONF)
    two = {"postmortem_audiences": ["internal", "shared"]}
    assert "Quentin Vexler" in made.build("shared", **two).read("index.html")
    asked = made.build("shared", **two, postmortem_pseudonym_audiences=["shared"]).read("index.html")
    assert "By the on-call engineer" in asked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Quentin Vexler's shift", "the on-call engineer's shift"),
        ("ZORBLAT-wide", "the-company-wide"),
        ("Zorblatt and preZorblat stay", "Zorblatt and preZorblat stay"),
        ("the platform is ours", "the platform is ours"),
        ("`pkg@1.2.3` by a@b.example", "pkg@1.2.3 by [address]"),
        ("`zorblat@1.2.3`", "The company@1.2.3"),
        ("Quentin Vexler, krumm-eng, Vost squad", "the on-call engineer, Operations, Owner C"),
    ],
)
def test_what_counts_as_a_name(site: MakeSite, text: str, shown: str) -> None:
    built = site({"index.md": f"# T\n\nSo: {text}\n"}, CONF).build("public", "text")
    assert f"So: {shown}" in built.read("index.txt").replace('"', "")


def test_new_role_reaches_every_page_of_an_incremental_build(site: MakeSite) -> None:
    made = make(site)
    made.build("public", warnings=True)
    other = {
        "postmortem_owners": {"krumm-eng": {"role": "the fixers"}, "vost": "Vost squad", "platform": "Wibble platform"}
    }
    again = made.build("public", keep=True, warnings=True, **other)
    clean = made.build("public", warnings=True, **other)
    assert "the fixers" in again.read("page.html")
    assert {page: again.read(page) for page in ("index.html", "page.html", "other.html")} == {
        page: clean.read(page) for page in ("index.html", "page.html", "other.html")
    }


def test_parallel_build_equals_a_serial_one(site: MakeSite) -> None:
    made = make(site).write({f"p{n}.md": f"---\norphan: true\n---\n# P{n} of Quentin *Vexler*\n" for n in range(8)})
    parallel, serial = made.build("public", parallel=2, warnings=True), made.build("public", warnings=True)
    assert left_in(parallel.outdir) == {}
    assert parallel.read("p3.html") == serial.read("p3.html")


def positions_page(kind: str, name: str) -> str:
    """Return a page with a name in every position in which text can stand."""
    # With one name everywhere, an attribute and the label within `eval-rst` would be one id, which MyST cannot read.
    snippets = {key: text for key, text in (MYST if kind == "myst" else RST).items() if key != "eval-rst"}
    text = "# Page\n\n" if kind == "myst" else "Page\n====\n\n"
    for number, snippet in enumerate(snippets.values()):
        filled = snippet.replace("{n}", str(number)).replace("{kind}", kind).replace("CANARY", name)
        text += filled + ("\n\nshown\n\n" if kind == "myst" else "\n\n.. end\n\nshown\n\n")
    return text


# Which name it is matters before a builder writes, so one builder tries both.
@pytest.mark.parametrize(
    ("builder", "name"),
    [("html", "Krumm"), *((builder, "Zorblat") for builder in ("html", "json", "text", "latex", "epub", "xml", "pdf"))],
)
def test_no_name_in_any_position(site: MakeSite, builder: str, name: str) -> None:
    """`Krumm` stands in the register alone, `Zorblat` in the setting."""
    owners = 'postmortem_owners["krumm"] = {"name": "Krumm", "role": "the fixers"}\nexclude_patterns = ["files"]\n'
    files = {f"{kind}.{suffix}": positions_page(kind, name) for kind, suffix in (("myst", "md"), ("rst", "rst"))}
    files |= {f"files/part{kind}{n}.txt": f"{name}\n" for kind in ("myst", "rst") for n in range(80)}
    files |= {"files/shared.txt": "x", f"files/{name}.txt": "x"}
    more = 'extensions += ["sphinx.ext.todo"]\nmyst_enable_extensions += ["attrs_block", "dollarmath"]\nnumfig = True\n'
    more += 'suppress_warnings = ["postmortem.pdf-image"]\n'  # a file that has the name in its own is not found
    made = site({"index.md": "# T\n\n```{toctree}\nmyst\nrst\n```\n", **files}, CONF + owners + more)
    (made.source / "images").mkdir()
    for file in ("shared", name):
        (made.source / f"images/{file}.png").write_bytes(PIXEL)
    built = made.build("public", builder, warnings=True, version="1", release="1", linkcheck_ignore=[".*"])
    assert left_in(built.outdir) == {}
    assert "the company" in built.doctree("myst").astext().lower() or name == "Krumm"


def test_owner_whom_the_register_lacks_is_replaced_on_other_pages_also_later(site: MakeSite) -> None:
    made = make(site).write({"index.md": "# T\n\nSnerf was told.\n\n:::{toctree}\npage\nother\n:::\n"})
    (made.source / "page.md").write_text("# P\n")
    assert "Snerf was told" in made.build("public", warnings=True).read("index.html")
    made.write({"page.md": PAGE})
    again = made.build("public", keep=True, warnings=True)
    assert "Unnamed owner was told" in again.read("index.html")
    assert again.read("index.html") == made.build("public", warnings=True).read("index.html")
    assert "pseudonym-left" not in again.warnings


def test_title_with_an_unknown_owner_is_listed(site: MakeSite) -> None:
    made = make(site).write({"index.md": "# For Snerf\n\n:::{toctree}\npage\nother\n:::\n"})
    assert re.search(r'holds the name "snerf".*pseudonym-left', made.build("public", warnings=True).warnings)
