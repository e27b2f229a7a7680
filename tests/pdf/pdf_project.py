"""Small projects that build PDFs, without the rest of the extension."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from types import ModuleType

import pypdf
import pytest
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import SphinxDirective

from sphinx_postmortem.sphinx_ext.extension import add_options, connect, handlers, setup_pdf
from sphinx_postmortem.sphinx_ext.pdf import PDF_DOCUMENTS_EVENT, PdfDocument

pytest.importorskip("rst2pdf")


LOCAL_EXTENSION = "local_pdf_extension"

INDEX = PdfDocument("index", "all", "All incidents", "Security team", "AMBER", "leadership", True)


class LostNode(nodes.General, nodes.Element):
    """A node without children that no PDF writer knows."""


class WrappingNode(nodes.General, nodes.Element):
    """A node that no PDF writer knows, with a paragraph inside."""


class LostDirective(SphinxDirective):
    """Makes a node whose content would vanish."""

    def run(self) -> list[nodes.Node]:
        return [LostNode()]


class WrappingDirective(SphinxDirective):
    """Makes a node around its content."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        node = WrappingNode()
        self.state.nested_parse(StringList(self.content), self.content_offset, node)
        return [node]


@dataclass
class Project:
    """A project on disk, and what its last build said."""

    folder: Path
    extensions: list[str]
    documents: list[PdfDocument] | None
    settings: dict[str, object]
    warnings: str = ""

    def build(self, builder: str = "pdf", output: str = "out") -> Path:
        """Build and return the output folder; an error is raised as Sphinx does."""
        global _documents
        _documents = self.documents
        warning = StringIO()
        app = None
        try:
            app = SphinxTestApp(
                builder,
                srcdir=self.folder,
                builddir=self.folder.parent / output,
                confoverrides={"extensions": self.extensions, **self.settings},
                warning=warning,
                freshenv=True,
            )
            app.build()
            return Path(app.outdir)
        finally:
            self.warnings = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue())
            if app is not None:
                app.cleanup()


_documents: list[PdfDocument] | None = None


def _local_setup(app: Sphinx) -> dict[str, object]:
    add_options(app)
    setup_pdf(app)
    ours = [each for each in handlers() if ".pdf." in each.run.__module__ or each.run.__name__.endswith("_pdfs")]
    connect(app, ours)
    app.add_directive("lost", LostDirective)
    app.add_directive("wrapping", WrappingDirective)
    app.connect(PDF_DOCUMENTS_EVENT, lambda _app: _documents)
    return {"parallel_read_safe": True}


@pytest.fixture(autouse=True)
def local_extension() -> Iterator[None]:
    """Make the extension that registers the PDF part alone importable."""
    module = ModuleType(LOCAL_EXTENSION)
    vars(module)["setup"] = _local_setup
    sys.modules[LOCAL_EXTENSION] = module
    yield
    del sys.modules[LOCAL_EXTENSION]


MakeProject = Callable[..., Project]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Return a function that writes a project of the given pages."""

    def make(
        pages: Mapping[str, str],
        *,
        documents: list[PdfDocument] | None = None,
        extensions: list[str] | None = None,
        **settings: object,
    ) -> Project:
        folder = tmp_path / "src"
        folder.mkdir(exist_ok=True)
        (folder / "conf.py").write_text("project = 'Incidents'\n", encoding="utf-8")
        for name, text in pages.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Project(
            folder,
            ["myst_parser", LOCAL_EXTENSION] if extensions is None else extensions,
            documents,
            {"myst_enable_extensions": ["colon_fence", "deflist"], **settings},
        )

    return make


def text_of(path: Path) -> str:
    """Return the text of a PDF with single spaces."""
    reader = pypdf.PdfReader(BytesIO(path.read_bytes()))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
