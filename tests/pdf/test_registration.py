"""The builder takes rst2pdf's place, and HTML builds do not pay for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_postmortem.sphinx_ext.pdf import PdfError, engine
from tests.pdf.pdf_project import INDEX, LOCAL_EXTENSION, MakeProject, text_of

RST2PDF = "rst2pdf.pdfbuilder"
PAGES = {"index.md": "# All incidents\n\nSome text.\n"}


@pytest.mark.parametrize(
    "extensions",
    [
        ["myst_parser", LOCAL_EXTENSION],
        ["myst_parser", RST2PDF, LOCAL_EXTENSION],
        ["myst_parser", LOCAL_EXTENSION, RST2PDF],
    ],
)
def test_any_order_of_extensions(make_project: MakeProject, extensions: list[str]) -> None:
    project = make_project(PAGES, documents=[INDEX], extensions=extensions)
    out = project.build()
    assert project.warnings == ""
    assert [path.name for path in out.glob("*.pdf")] == ["all.pdf"]
    assert "TLP:AMBER" in text_of(out / "all.pdf")


def _run_in_new_process(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    extension = folder / "local_pdf_extension.py"
    extension.write_text(
        "from sphinx_postmortem.sphinx_ext.extension import add_options, connect, handlers, setup_pdf\n"
        "def setup(app):\n"
        "    add_options(app)\n"
        "    setup_pdf(app)\n"
        "    connect(app, [each for each in handlers() if '.pdf.' in each.run.__module__])\n",
        encoding="utf-8",
    )
    paths = [str(root), str(folder), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


BUILD = """
import sys
from sphinx.cmd.build import build_main
code = build_main(["-q", "-b", {builder!r}, "-D", "extensions=myst_parser,local_pdf_extension", {source!r}, {out!r}])
loaded = {{name.partition(".")[0] for name in sys.modules if sys.modules[name]}}
print("code", code, "loaded", sorted(loaded & {{"rst2pdf", "reportlab", "pypdf", "pymupdf_fonts"}}))
"""


def test_html_build_loads_nothing_of_it(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(PAGES)
    code = BUILD.format(builder="html", source=str(project.folder), out=str(tmp_path / "html"))
    result = _run_in_new_process(code, tmp_path)
    assert "code 0 loaded []" in result.stdout, result.stderr


@pytest.mark.parametrize("missing", ["rst2pdf", "pypdf"])
def test_missing_package_is_named(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    find = engine.find_spec
    monkeypatch.setattr(engine, "find_spec", lambda name: None if name == missing else find(name))
    with pytest.raises(PdfError, match=rf"needs {missing}: install sphinx-postmortem\[pdf\]"):
        make_project(PAGES, documents=[INDEX]).build()
