"""A site that merely loads the extension stays as it is, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.config import Config
from sphinx.testing.util import SphinxTestApp

from sphinx_postmortem.sphinx_ext.guest import markdown_extension

# Sphinx adds MyST's suffix to the default in place, so that a later site of the same process would have it too.
SUFFIX = 'source_suffix = {".rst": "restructuredtext"}\n'
RST = {
    "conf.py": f'project = "Test"\nhtml_theme = "alabaster"\n{SUFFIX}',
    "index.rst": "Home\n====\n\n.. toctree::\n\n   page\n\n.. include:: part.txt\n",
    "page.rst": (
        "Page\n====\n\n.. csv-table:: People\n   :header: Name, Public\n\n   Ann, yes\n\n"
        "See :cve:`2020-10735`, :cwe:`the weakness <787>`, and audience: internal.\n\n"
        "- password = 'hunter2hunter2'\n- key AKIA2E0A8F3B244C9986\n\n"
        ".. list-table::\n\n   * - Name\n     - Audience\n   * - Ann\n     - internal\n\n"
        ".. literalinclude:: part.txt\n   :lines: 1\n\n.. raw:: html\n   :file: part.txt\n"
    ),
    "part.txt": "A part.\n",
    "README.md": "# Notes for editors\n",
    "index.md": "# Another file\n",
}
MYST = {
    "conf.py": 'project = "Test"\nextensions = ["myst_parser"]\nhtml_theme = "alabaster"\n' + SUFFIX,
    "index.md": "# Home\n\n```{toctree}\npage\n```\n\n:::{note}\nno colon fences here\n:::\n",
    "page.md": "# Page\n\n```{note}\n---\nclass: x # a comment\n---\nText.\n```\n",
}


def build(folder: Path, files: dict[str, str], conf: str = "", builder: str = "html", **confoverrides) -> SphinxTestApp:
    source = folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name, text in files.items():
        (source / name).write_text(text, encoding="utf-8")
    with (source / "conf.py").open("a", encoding="utf-8") as file:
        file.write(conf)
    app = SphinxTestApp(builder, srcdir=source, builddir=folder / "build", confoverrides=confoverrides)
    try:
        app.build()
    finally:
        app.cleanup()
    return app


LOADED = 'extensions = [*globals().get("extensions", []), "sphinx_postmortem"]\n'
LOADED_FIRST = 'extensions = ["sphinx_postmortem", *globals().get("extensions", [])]\n'


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".doctrees" not in path.parts
    }


@pytest.fixture(autouse=True)
def day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764547200")


@pytest.mark.parametrize("load", [LOADED, LOADED_FIRST], ids=["last", "first"])
@pytest.mark.parametrize("site", [RST, MYST], ids=["reStructuredText", "MyST"])
def test_output_is_the_same_with_and_without_us(site, load, tmp_path):
    plain = build(tmp_path / "plain", site)
    guest = build(tmp_path / "guest", site, load)
    assert files_below(Path(guest.outdir)) == files_below(Path(plain.outdir))
    assert guest.warning.getvalue().replace("guest", "plain") == plain.warning.getvalue()


def test_a_directive_of_ours_brings_banner_style_and_colon_fences(tmp_path):
    build(tmp_path, MYST, LOADED)
    files = {**MYST, "page.md": "# Page\n\n:::{incident-list}\n:::\n"}
    out = Path(build(tmp_path, files, LOADED).outdir)
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "Edition: internal" in index
    assert "postmortem.css" in index
    assert '<div class="admonition note">' in index
    assert (out / "_static/postmortem.css").is_file()


def test_when_the_last_use_goes_all_pages_are_as_before(tmp_path):
    plain = files_below(Path(build(tmp_path / "plain", RST).outdir))
    files = {**RST, "page.rst": "Page\n====\n\n.. incident-list::\n"}
    used = build(tmp_path / "guest", files, LOADED)
    assert "Edition: internal" in (Path(used.outdir) / "index.html").read_text(encoding="utf-8")
    found = files_below(Path(build(tmp_path / "guest", RST, LOADED).outdir))
    assert found["index.html"] == plain["index.html"]


def test_a_marked_page_of_a_site_without_settings_brings_the_banner(tmp_path):
    files = {**MYST, "page.md": "---\naudience: internal\n---\n# Page\n"}
    out = Path(build(tmp_path, files, LOADED).outdir)
    assert "Edition: internal" in (out / "index.html").read_text(encoding="utf-8")


def test_a_filtered_edition_has_its_banner_whatever_the_pages_hold(tmp_path):
    out = Path(build(tmp_path, MYST, LOADED, postmortem_audience="public").outdir)
    assert "Edition: public" in (out / "index.html").read_text(encoding="utf-8")


def test_a_setting_of_ours_brings_markdown(tmp_path):
    files = {"conf.py": RST["conf.py"], "index.rst": RST["index.rst"], "part.txt": "", "page.md": "# Page\n"}
    app = build(tmp_path, files, LOADED + 'postmortem_audiences = ["internal", "public"]\n')
    assert "page" in app.env.found_docs


def test_a_site_whose_root_is_markdown_needs_no_more_than_us(tmp_path):
    app = build(tmp_path, {"conf.py": RST["conf.py"], "index.md": "# Home\n"}, LOADED)
    assert app.env.found_docs == {"index"}


def test_a_changed_banner_is_on_all_pages(tmp_path):
    files = {**RST, "page.rst": "Page\n====\n\n.. incident-list::\n"}
    build(tmp_path, files, LOADED)
    out = Path(build(tmp_path, files, LOADED + 'postmortem_edition_banner = "For {edition}"\n').outdir)
    assert "For internal" in (out / "index.html").read_text(encoding="utf-8")


def test_doubts_are_told_once_the_site_uses_us(tmp_path):
    first = build(tmp_path, RST, LOADED)
    assert first.warning.getvalue() == ""
    assert "told of what looks like a marking: " in first.status.getvalue()
    files = {**RST, "part.txt": "A part.\n\n.. incident-list::\n"}
    later = build(tmp_path, files, LOADED)
    assert "page.rst:9: WARNING: `audience: internal." in later.warning.getvalue()


@pytest.mark.parametrize(
    ("listed", "chosen"),
    [
        ([], "myst_parser"),
        (["myst_nb"], "myst_nb"),
        (["sphinx_mdinclude"], ""),
        (["m2r2", "myst_parser"], "myst_parser"),
    ],
)
def test_markdown_is_read_by_one_extension(listed, chosen, tmp_path):
    """A site that uses us has MyST by us, unless it has a reader of Markdown: two of them stop Sphinx."""
    config = Config({"extensions": listed, "postmortem_audiences": ["internal"]})
    assert markdown_extension(SimpleNamespace(config=config, srcdir=tmp_path)) == chosen
