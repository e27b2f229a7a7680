"""Runs rst2pdf and reportlab, neither of which is typed; ``upstream.rst2pdf`` holds what they do in another way here.

It turns a lowered document into the bytes of a PDF and raises :class:`RenderingError` where rst2pdf would log a line
and write an empty file. What rst2pdf logs comes back as :class:`EngineMessage` records.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from io import BytesIO
from types import ModuleType
from typing import Protocol, cast

from docutils import nodes

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.sphinx_ext.pdf.layout_options import LayoutOptions
from sphinx_postmortem.sphinx_ext.upstream.rst2pdf import (
    LANDSCAPE,
    UPRIGHT,
    load_createpdf,
    prepare_headings,
    register_nodes,
    repeatable_output,
    tables_for,
)

INSTALL_HINT = "install sphinx-postmortem[pdf]"

_REQUIRED = ("rst2pdf", "reportlab", "pypdf")

_RENDERED = 0


class RenderingError(Exception):
    """rst2pdf or reportlab gave up on a document."""


@dataclass(frozen=True, slots=True)
class EngineMessage:
    """Something rst2pdf logged at the level WARNING or above."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class PdfProperties:
    """The properties that a PDF reader shows."""

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str


class _Styles(Protocol):
    pw: float
    ph: float
    pageTemplates: dict[str, dict[str, object]]
    firstTemplate: str


class _Renderer(Protocol):
    """rst2pdf's ``RstToPdf``."""

    styles: _Styles
    doc_author: str
    mustMultiBuild: bool
    gen_elements: Callable[..., list[object]]

    def createPdf(self, *, doctree: nodes.document, output: BytesIO, compressed: bool) -> int: ...


def missing_packages() -> list[str]:
    """Return the packages that a PDF build needs and that are not installed."""
    return [name for name in _REQUIRED if find_spec(name) is None]


def can_render_svg() -> bool:
    """Tell whether the optional package for SVG images is installed."""
    return find_spec("svglib") is not None


def render(
    tree: nodes.document,
    options: LayoutOptions,
    properties: PdfProperties,
    source_folder: str,
) -> tuple[bytes, list[EngineMessage]]:
    """Return the PDF of a lowered tree, and what rst2pdf had to say."""
    createpdf = load_createpdf()
    output = BytesIO()
    document = {
        "subject": properties.subject,
        "keywords": list(properties.keywords),
        "creator": "sphinx-postmortem",
        "lang": properties.language,
        "displayDocTitle": True,
        "invariant": 1 if os.environ.get("SOURCE_DATE_EPOCH", "").strip() else None,
    }
    with ExitStack() as stack:
        messages = stack.enter_context(_captured_log())
        stack.enter_context(repeatable_output(createpdf, document))
        try:
            renderer = _new_renderer(createpdf, options, source_folder)
            stack.enter_context(tables_for(min(renderer.styles.pw, renderer.styles.ph)))
            renderer.doc_author = properties.author
            # Said beforehand, since rst2pdf would append a second file to the
            # output on finding out that the number of pages is wanted.
            renderer.mustMultiBuild = True
            _show_header_and_footer_everywhere(renderer)
            prepare_headings(renderer)
            status = renderer.createPdf(doctree=tree, output=output, compressed=options.compressed)
        except SystemExit as error:
            raise RenderingError(_reason(messages, "rst2pdf stopped")) from error
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise RenderingError(reason) from error
    if status != _RENDERED or not output.getvalue():
        raise RenderingError(_reason(messages, "rst2pdf wrote nothing"))
    return output.getvalue(), messages


def preload(options: LayoutOptions, source_folder: str) -> None:
    """Import rst2pdf and read fonts and style sheets once, before processes are forked that would each do so.

    What is wrong with them is told when a document is rendered.
    """
    createpdf = load_createpdf()
    with suppress(Exception, SystemExit), _captured_log(), repeatable_output(createpdf, {}):
        _new_renderer(createpdf, options, source_folder)


def _new_renderer(createpdf: ModuleType, options: LayoutOptions, source_folder: str) -> _Renderer:
    register_nodes()
    # rst2pdf adds entries to the lists it gets, so each gets a copy.
    return cast(
        "_Renderer",
        createpdf.RstToPdf(
            sphinx=True,
            stylesheets=list(options.stylesheets),
            style_path=[*options.style_path, source_folder],
            font_path=list(options.font_path),
            language=options.language,
            breaklevel=options.break_level,
            breakside="any",
            fit_mode=options.fit_mode,
            background_fit_mode="scale",
            inline_footnotes=options.inline_footnotes,
            splittables=True,
            repeat_table_rows=True,
            basedir=source_folder,
            def_dpi=options.default_dpi,
            baseurl=None,
            section_header_depth=1,
            toc_depth=options.contents_depth,
            smarty=options.smartquotes,
        ),
    )


def _show_header_and_footer_everywhere(renderer: _Renderer) -> None:
    templates = renderer.styles.pageTemplates
    for name in (LANDSCAPE, UPRIGHT):
        templates[name] = dict(templates[renderer.styles.firstTemplate])
    # TLP asks for the label on every page, so no template may switch it off.
    for template in renderer.styles.pageTemplates.values():
        template["showHeader"] = True
        template["showFooter"] = True


@contextmanager
def _captured_log() -> Generator[list[EngineMessage], None, None]:
    """Collect what rst2pdf logs, once each, instead of printing it."""
    messages: list[EngineMessage] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = EngineMessage(record.levelno, record.getMessage())
            if message not in messages:
                messages.append(message)

    log = logging.getLogger("rst2pdf")
    handlers, propagate = list(log.handlers), log.propagate
    log.handlers[:] = [Collector(logging.WARNING)]
    log.propagate = False
    try:
        yield messages
    finally:
        log.handlers[:] = handlers
        log.propagate = propagate


def _reason(messages: Sequence[EngineMessage], otherwise: str) -> str:
    errors = [each.text for each in messages if each.level >= logging.ERROR]
    return "; ".join(errors) or otherwise
