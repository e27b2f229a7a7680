"""What ``upstream`` uses of other projects is still there, and still does what it is used for.

``tests/pdf`` shows the rest: pages on their side, breaks, tables, words and equal bytes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from docutils import nodes
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.readers import standalone
from sphinx.config import Config
from sphinx.testing.util import SphinxTestApp
from sphinx.util import logging
from sphinx.util.tags import Tags

from sphinx_postmortem.sphinx_ext.upstream import docutils, rst2pdf, sphinx
from sphinx_postmortem.sphinx_ext.upstream.cheaper_steps import SettingsMadeOnce

MakeApp = Callable[..., SphinxTestApp]
BY_WORD = ("_mapping", "_title_mapping")


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeApp]:
    """Return a function that opens a Sphinx on some pages."""
    opened: list[SphinxTestApp] = []

    def make(pages: dict[str, str], **settings: object) -> SphinxTestApp:
        (tmp_path / "src").mkdir()
        (tmp_path / "src/conf.py").write_text("extensions = ['sphinx_postmortem']\n", encoding="utf-8")
        for name, text in pages.items():
            (tmp_path / "src" / name).write_text(text, encoding="utf-8")
        opened.append(SphinxTestApp("html", srcdir=tmp_path / "src", confoverrides=settings))
        return opened[-1]

    yield make
    for app in opened:
        app.cleanup()


def test_a_builder_knows_its_application(make_site: MakeApp) -> None:
    app = make_site({"index.md": "# Home\n"})
    assert sphinx.application_of(app.builder) is app


def test_warnings_are_counted(make_site: MakeApp) -> None:
    app = make_site({"index.md": "# Home\n"})
    before = sphinx.warning_count(app)
    logging.getLogger("sphinx_postmortem").warning("one")
    assert sphinx.warning_count(app) == before + 1
    sphinx.add_warnings(app, 2)
    assert sphinx.warning_count(app) == before + 3
    app.warning.truncate(0)


def test_settings_of_conf_py_alone(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("postmortem_audiences = ['all']\n", encoding="utf-8")
    given = sphinx.given_settings(Config.read(tmp_path, overrides={}, tags=Tags()))
    assert given["postmortem_audiences"] == ["all"]
    assert "html_theme" not in given


def test_index_of_two_writers_is_that_of_one(make_site: MakeApp) -> None:
    app = make_site({"index.md": "# Home\n\n```{toctree}\nother\n```\n", "other.md": "# Other\n\nA walrus.\n"})
    app.build()
    facts = deepcopy(sphinx.index_facts(app.builder.indexer))
    assert facts["_mapping"]["walrus"] == {"other"}
    assert facts["_titles"] == {"index": "Home", "other": "Other"}

    def share(page: str) -> sphinx.IndexFacts:
        words = {name: {word: found & {page} for word, found in facts[name].items()} for name in BY_WORD}
        return {name: {page: facts[name][page]} for name in facts if name not in BY_WORD} | words

    for found in sphinx.index_facts(app.builder.indexer).values():
        found.clear()
    sphinx.join_index_facts(app.builder.indexer, [share("index"), share("other")])
    assert sphinx.index_facts(app.builder.indexer) == facts


def test_no_index_has_no_facts() -> None:
    assert sphinx.index_facts(None) == {}
    sphinx.join_index_facts(None, [{}])


def test_registries_are_as_before() -> None:
    with docutils.registries_kept():
        directives.register_directive("walrus", Directive)
        roles.register_local_role("walrus", lambda *_args, **_kwargs: ([], []))
        assert docutils.registered_directives()["walrus"] is Directive
    assert "walrus" not in docutils.registered_directives()
    assert "walrus" not in vars(roles)["_roles"]


def test_lines_are_read_where_an_include_stands_above(make_site: MakeApp) -> None:
    text = "Home\n====\n\n.. include:: part.txt\n\n.. audience:: internal\n\n   Below\n   -----\n\n   A walrus.\n"
    app = make_site({"index.rst": text, "part.txt": "A part.\n"})
    app.build()
    section = next(
        app.env.get_doctree("index").findall(lambda node: "below" in getattr(node, "attributes", {}).get("ids", ()))
    )
    assert isinstance(section, nodes.section)
    assert "walrus" in section.astext()


def test_markdown_is_parsed_in_place(make_site: MakeApp) -> None:
    app = make_site({"index.md": "# Home\n\n:::{audience} internal\n## Below\n\nA walrus.\n:::\n"})
    app.build()
    section = next(
        app.env.get_doctree("index").findall(lambda node: "below" in getattr(node, "attributes", {}).get("ids", ()))
    )
    assert isinstance(section, nodes.section)
    assert "walrus" in section.astext()


def test_settings_of_docutils_are_made_once_and_pages_do_not_share_them(make_site: MakeApp) -> None:
    rst = "```{eval-rst}\n.. include:: part.txt\n```\n"
    app = make_site({"index.md": f"# Home\n\n{rst}", "other.md": "# Other\n", "part.txt": "A *walrus*.\n"})
    made = import_module("myst_parser.mdit_to_docutils.base").get_default_settings
    made.cache_clear()
    app.build()
    assert made.cache_info().misses == 1
    assert made.cache_info().hits > 0
    assert [Path(name).name for name in app.env.dependencies["index"]] == ["part.txt"]
    assert "other" not in app.env.dependencies
    assert "<em>walrus</em>" in (Path(app.outdir) / "index.html").read_text(encoding="utf-8")


def test_settings_of_pages_are_those_that_sphinx_makes_and_pages_do_not_share_them() -> None:
    made = import_module("sphinx.util.docutils")._get_settings
    once = made if isinstance(made, SettingsMadeOnce) else SettingsMadeOnce(made)
    defaults = {"traceback": True, "expose_internals": ["x"], "report_level": 2}
    asked = {"defaults": defaults, "read_config_files": True}
    expected = vars(once.make(standalone.Reader, Parser(), **asked))
    first, second = (vars(once(standalone.Reader, Parser(), **asked)) for _ in range(2))
    shared = {name for name in first if isinstance(first[name], list | dict) and first[name] is second[name]}
    assert {name for name in expected if first[name] != expected[name]} <= {"record_dependencies"}
    assert first["record_dependencies"] is not second["record_dependencies"]
    assert first.keys() == expected.keys()
    assert shared == set()
    defaults["report_level"] = 4
    assert once(standalone.Reader, Parser(), **asked).report_level == 4
    assert once(standalone.Reader, defaults={}).report_level == 2


REPLACED = (
    ("rst2pdf.createpdf", "FancyDocTemplate", ()),
    ("rst2pdf.createpdf", "FancyPage", ()),
    ("rst2pdf.createpdf", "UnhappyOnce", ()),
    ("rst2pdf.createpdf", "_counter", ()),
    ("rst2pdf.flowables", "Table", ()),
    ("rst2pdf.flowables", "Heading", ()),
    ("rst2pdf.flowables", "MyPageBreak.frameAction", ("self", "frame")),
    ("rst2pdf.image", "MyImage", ()),
    ("rst2pdf.styles", "yaml.safe_load", ("stream",)),
    ("rst2pdf.styles", "TTFont", ("name", "filename", "validate", "subfontIndex", "asciiReadable", "shapable")),
    ("rst2pdf.sphinxnodes", "sphinxhandlers.dispatchdict", ()),
    ("rst2pdf.sphinxnodes", "SphinxHandler.dispatchdict", ()),
    ("reportlab.pdfgen.canvas", "_digester", ("s",)),
    ("reportlab.pdfgen.canvas", "Canvas._restartAccumulators", ("self",)),
    ("reportlab.platypus.paragraph", "_getFragWords", ("frags", "maxWidth")),
    ("reportlab.platypus.doctemplate", "ActionFlowable", ()),
    ("reportlab.platypus.flowables", "PageBreak", ()),
)
"""Names of rst2pdf and reportlab, and the parameters of those that are functions."""


@pytest.mark.parametrize(("module", "name", "parameters"), REPLACED)
def test_what_pdfs_rely_on_is_there(module: str, name: str, parameters: tuple[str, ...]) -> None:
    rst2pdf.load_createpdf()
    found = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    if parameters:
        assert tuple(inspect.signature(found).parameters) == parameters


def test_frames_and_tables_keep_their_places() -> None:
    frame = import_module("reportlab.platypus.frames").Frame(0, 0, 200, 100)
    assert frame._atTop
    assert frame._y > frame._y1p
    table = import_module("reportlab.platypus").Table([["a"], ["b"]])
    table.wrap(100, 100)
    assert len(table._rowHeights) == 2


def test_rst2pdf_is_as_before_when_a_document_is_made() -> None:
    createpdf = rst2pdf.load_createpdf()
    image = import_module("rst2pdf.image").MyImage
    before = (createpdf.FancyPage, "_atTop" in vars(image))
    with rst2pdf.repeatable_output(createpdf, {}):
        assert createpdf.FancyPage is not before[0]
        assert "_atTop" in vars(image)
    assert (createpdf.FancyPage, "_atTop" in vars(image)) == before


def test_a_sheet_is_read_once_and_each_document_has_its_own_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "styles:\n  walrus: {fontSize: 9, colors: [1, 2]}\n"
    first = rst2pdf.ReadSheets.safe_load(text)
    assert first == yaml.safe_load(text)
    first["styles"]["walrus"]["colors"].append(3)
    monkeypatch.setattr(yaml, "load", None)
    assert rst2pdf.ReadSheets.safe_load(text)["styles"]["walrus"]["colors"] == [1, 2]


def test_a_font_is_read_once_wherever_it_lies_and_anew_when_it_differs(tmp_path: Path) -> None:
    fonts = import_module("pymupdf_fonts").fontbuffers
    for name, code in (("a", "figo"), ("b", "figo"), ("c", "figbo")):
        (tmp_path / f"{name}.ttf").write_bytes(fonts[code]())
    a, b, c = (rst2pdf.font("Walrus", str(tmp_path / f"{name}.ttf")) for name in "abc")
    assert a is b
    assert a is not c
    (tmp_path / "a.ttf").write_bytes(fonts["figbo"]())
    assert rst2pdf.font("Walrus", str(tmp_path / "a.ttf")) is c
    with pytest.raises(import_module("reportlab.pdfbase.ttfonts").TTFError):
        rst2pdf.font("Walrus", str(tmp_path / "none.ttf"))
