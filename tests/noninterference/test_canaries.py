"""A word in every position where hidden text can stand: none of them is in any file of a filtered edition."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from sphinx_postmortem.sphinx_ext.audience.gate import PROVEN_BUILDERS, REFUSED_BUILDERS
from tests.built_files import texts_of
from tests.command import run
from tests.noninterference.positions import MYST, RST, page
from tests.noninterference.sites import LISTS

pytestmark = pytest.mark.usefixtures("warm_start")

CONF = """
extensions += ["sphinx_design", "sphinx.ext.todo", "sphinx.ext.doctest", "sphinx.ext.coverage"]
applehelp_bundle_id = "x"
applehelp_disable_external_tools = True
myst_enable_extensions = ["deflist", "fieldlist", "attrs_block", "dollarmath"]
todo_include_todos = True
numfig = True
version = release = "1.0"
copyright = "us"
postmortem_audience_paths = {"secret": "internal"}
exclude_patterns = ["files"]
postmortem_export_formats = ["json", "csv", "ics", "atom", "navigator", "stix", "timesketch", "veris"]
latex_documents = [("index", "all.tex", "T", "A", "manual")]
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
WORD = re.compile(r"zq(?:myst|rst|page|row|file)\d{3}zq")

TABLES = """# Tables

:::{incident-summary} SEC-1
Text.
:::

:::{timeline}
:internal-columns: Remarks
| Time | Event | Remarks | Audience |
|--|--|--|--|
| 2026-01-01 00:00 | Alert detected | zqrow000zq | |
| 2026-01-01 01:00 | Containment executed zqrow001zq | x | internal |
| 2026-01-01 02:00 | Recovery completed | | |
:::

:::{action-table}
| Action | Owner | Audience |
|--|--|--|
| shown | team | |
| zqrow002zq | zqrow003zq | internal |
:::

"""
TABLES += LISTS.replace(":no-chart:\n", "")


@pytest.fixture
def canaries(site):
    """A site with every canary, and all the words that are in it."""
    myst, myst_words = page("myst")
    rst, rst_words = page("rst")
    words = {**{f"myst {k}": v for k, v in myst_words.items()}, **{f"rst {k}": v for k, v in rst_words.items()}}
    files = {
        "index.md": "# T\n\n```{toctree}\nmyst\nrst\ntables\nzqpage000zq\nsecret/zqpage002zq\n```\n\n"
        "[text](secret/zqpage002zq.md)\n",
        "myst.md": myst,
        "rst.rst": rst,
        "tables.md": TABLES,
        "zqpage000zq.md": "---\naudience: internal\n---\n# zqpage001zq\n",
        "secret/zqpage002zq.md": "# zqpage003zq\n",
        "files/shared.txt": "shared",
    }
    made = site(files, CONF)
    (made.source / "images").mkdir()
    (made.source / "images/shared.png").write_bytes(PIXEL)
    for kind, kind_words in (("myst", myst_words), ("rst", rst_words)):
        for number, word in enumerate(kind_words.values()):
            (made.source / f"images/{word}.png").write_bytes(PIXEL)
            (made.source / f"files/{word}.txt").write_text("x")
            (made.source / f"files/part{kind}{number}.txt").write_text(f"{word}\n")
    words |= {f"row {n}": f"zqrow{n:03}zq" for n in range(4)} | {f"page {n}": f"zqpage{n:03}zq" for n in range(4)}
    return made, words


def found_in(folder: Path) -> dict[str, set[str]]:
    """Return the canaries in all files below a folder, whatever their format, and in their names."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        texts = [name, *(texts_of(path) if path.is_file() else ())]
        for word in WORD.findall("\n".join(texts)):
            found.setdefault(word, set()).add(name)
    return found


@pytest.mark.parametrize("builder", [name for name in PROVEN_BUILDERS if name != "postmortem-sheets"])
def test_no_canary_in_a_filtered_edition(canaries, builder):
    source, _words = canaries
    built = source.build("leadership", builder, linkcheck_ignore=[".*"])
    assert found_in(built.outdir) == {}
    assert found_in(Path(built.app.doctreedir)) == {}
    assert "shown" in "".join(p.read_text(errors="replace") for p in built.outdir.rglob("*.html")) or builder not in (
        "html",
        "dirhtml",
    )


@pytest.mark.parametrize("sheets", ["agenda", "drill"])
def test_no_canary_in_the_sheets_of_an_incident(canaries, tmp_path, sheets):
    source, _words = canaries
    asked = ("SEC-1", "--edition", "leadership", "--format", "html,pdf", "--out", tmp_path / "out")
    done = run(sheets, source.source, *asked)
    assert done.exit_code == 0, done.output
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".html", ".pdf"}
    assert found_in(tmp_path / "out") == {}


@pytest.mark.parametrize("builder", REFUSED_BUILDERS)
def test_builders_that_cannot_keep_the_promise_are_refused(canaries, builder):
    with pytest.raises(ExtensionError, match="refused"):
        canaries[0].build("leadership", builder)


def test_every_canary_is_in_the_full_edition(canaries):
    source, words = canaries
    built = source.build("internal", warnings=True, html_copy_source=False)
    found = found_in(built.outdir) | found_in(Path(built.app.doctreedir))
    missing = {name for name, word in words.items() if word not in found and word not in built.warnings}
    # MyST drops the body of an unknown directive everywhere; a shown block needs no summary.
    assert missing == {"myst unknown directive", "myst summary of an inner block"}


def test_there_are_many_positions():
    assert len(MYST) + len(RST) > 100
