"""The Sphinx builder that writes the PDFs."""

from __future__ import annotations

import logging as standard_logging
import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from docutils import nodes
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.logging import LogCollector, convert_serializable, is_suppressed_warning
from sphinx.util.parallel import ParallelTasks, parallel_available

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.pdf import engine
from sphinx_postmortem.sphinx_ext.pdf.assembly import assemble
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument, PdfError
from sphinx_postmortem.sphinx_ext.pdf.finished_pdf import problems_of_pdf
from sphinx_postmortem.sphinx_ext.pdf.fonts import (
    FontSet,
    available_fonts,
    characters_of,
    characters_of_labels,
    more_fonts,
    warn_about_standard_fonts,
)
from sphinx_postmortem.sphinx_ext.pdf.images import printable_image_types
from sphinx_postmortem.sphinx_ext.pdf.inner_links import PAGE_MARK
from sphinx_postmortem.sphinx_ext.pdf.kinds.kinds import documents_to_write, identity_search
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions, layout_options
from sphinx_postmortem.sphinx_ext.pdf.style_sheets import problems_of_sheets
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.upstream.sphinx import application_of
from sphinx_postmortem.sphinx_ext.warnings import warn

logger = logging.getLogger(__name__)

STYLE_SHEET = Path(__file__).with_name("postmortem.yaml")

_Written = tuple[list[str], list[standard_logging.LogRecord]]
"""Why a PDF could not be written, if so; and what was said meanwhile."""

_HARMLESS = ("for the frame, rescaling",)
_PROBLEM_WORDS = (
    ("unkn. node", Code.PDF_NODE),
    ("image", Code.PDF_IMAGE),
    ("font", Code.PDF_FONT),
    ("style", Code.PDF_STYLE),
    ("table command", Code.PDF_STYLE),
    ("unknown class", Code.PDF_STYLE),
)


class PostmortemPdfBuilder(Builder):
    """Writes a PDF per document, and fails the build if one is not right.

    rst2pdf's renderer does the typesetting; the steps before it are Sphinx's
    own (``inline_all_toctrees``, post-transforms, image selection), so that
    other extensions find what they know from the LaTeX builder.
    """

    name = "pdf"
    format = "pdf"
    epilog = "The PDFs are in %(outdir)s."
    allow_parallel = False
    supported_image_types = printable_image_types()
    # Else Sphinx would fetch them; a build makes no network call. They are reported as missing.
    supported_remote_images = True
    _reported: frozenset[str] = frozenset()

    def init(self) -> None:
        """Refuse to start without the packages that are optional for HTML."""
        missing = engine.missing_packages()
        if missing:
            names = ", ".join(missing)
            raise PdfError(f"the builder 'pdf' needs {names}: {engine.INSTALL_HINT}")

    def get_outdated_docs(self) -> str:
        """Return a phrase, which makes Sphinx write everything."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return a mark that :mod:`.links` turns into a destination or text."""
        return f"{PAGE_MARK}{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same mark: all pages of a PDF are in one file."""
        return self.get_target_uri(to, typ)

    def discard_earlier_pdfs(self) -> None:
        """Remove the PDFs of an earlier run, which might pass for new ones."""
        for path in sorted(Path(self.outdir).glob("*.pdf")):
            path.unlink()

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Write all PDFs; fail after the last one if any of them is not right."""
        fonts = available_fonts()
        warn_about_standard_fonts(fonts)
        lacking = fonts.lacks(self.characters() | characters_of_labels())
        fonts = fonts.with_fonts(more_fonts(self.config, Path(self.srcdir), lacking))
        documents = self.documents()
        with TemporaryDirectory() as folder:
            sheets = [
                fonts.write_to(Path(folder)),
                STYLE_SHEET,
                page_size_sheet(self.config, Path(folder)),
            ]
            ours = [each for each in sheets if each]
            self._look_over_sheets(documents, ours)
            failures = self._write_all(documents, fonts, ours)
        if failures:
            raise PdfError("\n".join(failures))

    def documents(self) -> list[PdfDocument]:
        """Return what is to be written."""
        return documents_to_write(application_of(self))

    def characters(self) -> frozenset[str]:
        """Return the characters that may have to be printed."""
        return characters_of(self.env)

    def tree_of(self, document: PdfDocument, options: LayoutOptions, fonts: FontSet) -> nodes.document:
        """Return the whole of a document, ready for the renderer."""
        return assemble(self, document, options, fonts)

    def _look_over_sheets(self, documents: Iterable[PdfDocument], ours: list[Path]) -> None:
        """Report what is wrong with the project's style sheets.

        Raises:
            PdfError: no PDF can be made with one of them.
        """
        layouts = [layout_options(document, self.config) for document in documents]
        looked_over = {(each.stylesheets, (*each.style_path, str(self.srcdir), *each.font_path)) for each in layouts}
        conf = Path(self.confdir) / "conf.py"
        problems = {
            each: None for names, paths in sorted(looked_over) for each in problems_of_sheets(names, ours, paths, conf)
        }
        for problem in problems:
            if not problem.is_fatal:
                warn(problem.code, problem.message, problem.place)
        self._reported = frozenset(each.message for each in problems)
        fatal = [f"{each.place}: {each.message}" for each in problems if each.is_fatal]
        if fatal:
            raise PdfError("\n".join(fatal))

    def _write_all(self, documents: list[PdfDocument], fonts: FontSet, sheets: list[Path]) -> list[str]:
        """Write the PDFs, each in a process of its own where that is possible."""
        failures: dict[str, list[str]] = {}
        said = _Said(self.config)
        done = 0

        def note(document: PdfDocument, written: _Written) -> None:
            nonlocal done
            done += 1
            problems, records = written
            said.repeat(records)
            failures[document.filename] = problems
            state = "failed" if problems else "written"
            logger.info(f"{document.filename}.pdf {state} ({done} of {len(documents)})")

        def write(document: PdfDocument) -> _Written:
            collector = LogCollector()
            with collector.collect():
                problems = self._write(document, fonts, sheets)
            convert_serializable(collector.logs)
            return problems, collector.logs

        processes = min(application_of(self).parallel, len(documents))
        if parallel_available and processes > 1:
            engine.preload(_with_our_sheets(layout_options(documents[0], self.config), sheets), str(self.srcdir))
            tasks = ParallelTasks(processes)
            # The whole collection comes first: it takes longest.
            for document in sorted(documents, key=lambda each: not each.is_collection):
                tasks.add_task(write, document, note)
            tasks.join()
        else:
            for document in documents:
                note(document, write(document))
        return [*(problem for each in documents for problem in failures[each.filename]), *said.losses()]

    def _write(self, document: PdfDocument, fonts: FontSet, sheets: list[Path]) -> list[str]:
        """Write one PDF and return why it could not be written, if so."""
        try:
            options = _with_our_sheets(layout_options(document, self.config), sheets)
            tree = self.tree_of(document, options, fonts)
            content, messages = engine.render(tree, options, _properties(document, options), str(self.srcdir))
            _report(messages, document, self._reported)
            problems = problems_of_pdf(content, document, identity_search(self.env, document))
            if not problems:
                self._save(content, document)
        except (engine.RenderingError, PdfError, OSError) as error:
            problems = [str(error)]
        return [f"{document.filename}.pdf: {problem}" for problem in problems]

    def _save(self, content: bytes, document: PdfDocument) -> None:
        folder = Path(self.outdir).resolve()
        path = (folder / f"{document.filename}.pdf").resolve()
        if not path.is_relative_to(folder):
            raise PdfError("its name leads out of the output folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class _Said:
    """Repeats what was said while PDFs were written: once, though a page is in its own PDF and in that of all."""

    def __init__(self, config: Config) -> None:
        self._suppressed = config.suppress_warnings
        self._seen: set[tuple[str, str]] = set()
        self._images = 0

    def repeat(self, records: Iterable[standard_logging.LogRecord]) -> None:
        for record in records:
            message = (str(getattr(record, "location", None)), record.getMessage())
            if record.levelno >= standard_logging.WARNING and message in self._seen:
                continue
            self._seen.add(message)
            self._images += getattr(record, "subtype", None) == Code.PDF_IMAGE.value
            logger.handle(record)

    def losses(self) -> list[str]:
        """Return what is not in the PDFs though it should be."""
        if not self._images or is_suppressed_warning("postmortem", Code.PDF_IMAGE.value, self._suppressed):
            return []
        count = "1 image is" if self._images == 1 else f"{self._images} images are"
        setting = f'suppress_warnings = ["postmortem.{Code.PDF_IMAGE.value}"]'
        return [f"{count} not in the PDFs, see above; if that is right, set {setting}"]


def page_size_sheet(config: Config, folder: Path) -> Path | None:
    """Write a style sheet with the page size that the settings ask for, if it is not that of ours."""
    if settings_of(config).pdf_page_size == "A4":
        return None
    path = folder / "page-size.yaml"
    path.write_text("pageSetup:\n  size: LETTER\n", encoding="utf-8")
    return path


def _with_our_sheets(options: LayoutOptions, sheets: list[Path]) -> LayoutOptions:
    """Put our style sheets below the user's, and our fonts within reach."""
    return replace(
        options,
        stylesheets=(*map(str, sheets), *options.stylesheets),
        font_path=(*options.font_path, *(str(each.parent) for each in sheets)),
    )


def _properties(document: PdfDocument, options: LayoutOptions) -> engine.PdfProperties:
    labels = [each for each in (document.purpose, document.edition_label, document.tlp_label) if each]
    return engine.PdfProperties(
        title=document.title,
        author=document.author,
        subject=", ".join([say("Incident postmortem"), *labels]),
        keywords=tuple(labels),
        language=options.language.replace("_", "-"),
    )


def _report(messages: Iterable[engine.EngineMessage], document: PdfDocument, reported: Iterable[str]) -> None:
    """Repeat what rst2pdf logged as Sphinx warnings, unless it was reported before, with file and line."""
    quoted = {name for text in reported for name in re.findall('"([^"]+)"', text)}
    for message in messages:
        text = message.text.lower()
        is_harmless = any(words in text for words in _HARMLESS)
        is_repeated = any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message.text) for name in quoted)
        if message.level < standard_logging.WARNING or is_harmless or is_repeated:
            logger.debug(message.text)
            continue
        problem = next(
            (kind for words, kind in _PROBLEM_WORDS if words in text),
            Code.PDF_RENDERER,
        )
        warn(problem, f"{document.filename}.pdf: {message.text}")
