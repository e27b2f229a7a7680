"""Runs rst2pdf and reportlab, neither of which is typed; :mod:`.flowables` holds what they do in another way here.

It turns a lowered document into the bytes of a PDF and raises
:class:`RenderingError` where rst2pdf would log a line and write an empty file.
What rst2pdf logs comes back as :class:`EngineMessage` records.

Two things that rst2pdf and reportlab take from the process (addresses of
objects, names of image files) end up in the file and are replaced here, so that
two builds of the same source give the same bytes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from types import ModuleType
from typing import Any, Protocol, cast

from docutils import nodes
from docutils.parsers.rst import directives, roles

from sphinx_postmortem.sphinx_ext.pdf.drawing import draw_timeline
from sphinx_postmortem.sphinx_ext.pdf.figure import LineBreak, TimelineFigure
from sphinx_postmortem.sphinx_ext.pdf.flowables import (
    LANDSCAPE,
    UPRIGHT,
    document_class,
    fragment_words,
    page_break,
    page_class,
    second_pass,
    table_class,
)
from sphinx_postmortem.sphinx_ext.pdf.options import LayoutOptions

INSTALL_HINT = "install sphinx-postmortem[pdf]"

_REQUIRED = ("rst2pdf", "reportlab", "pypdf")

_RENDERED = 0
_ABSENT = object()


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


class _Heading(Protocol):
    """reportlab's flowable for a heading, as rst2pdf makes it."""

    parent_id: str


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
    document: nodes.document,
    options: LayoutOptions,
    properties: PdfProperties,
    source_folder: str,
) -> tuple[bytes, list[EngineMessage]]:
    """Return the PDF of a lowered *document*, and what rst2pdf had to say."""
    createpdf = _createpdf_module()
    output = BytesIO()
    with ExitStack() as stack:
        messages = stack.enter_context(_captured_log())
        stack.enter_context(_repeatable_output(createpdf, properties))
        try:
            renderer = _new_renderer(createpdf, options, source_folder)
            stack.enter_context(_tables_for(renderer))
            renderer.doc_author = properties.author
            # Said beforehand, since rst2pdf would append a second file to the
            # output on finding out that the number of pages is wanted.
            renderer.mustMultiBuild = True
            _show_header_and_footer_everywhere(renderer)
            _number_headings(renderer)
            status = renderer.createPdf(doctree=document, output=output, compressed=options.compressed)
        except SystemExit as error:
            raise RenderingError(_reason(messages, "rst2pdf stopped")) from error
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise RenderingError(reason) from error
    if status != _RENDERED or not output.getvalue():
        raise RenderingError(_reason(messages, "rst2pdf wrote nothing"))
    return output.getvalue(), messages


def preload() -> None:
    """Import rst2pdf once, before processes are forked that would each import it."""
    _createpdf_module()


def _createpdf_module() -> ModuleType:
    # Importing rst2pdf replaces directives and roles of docutils for the whole
    # process, which would change how later documents are read.
    with (
        _unchanged(vars(directives)["_directives"]),
        _unchanged(vars(roles)["_roles"]),
    ):
        import_module("sphinx.ext.graphviz")
        import_module("sphinx.roles")
        import_module("rst2pdf.sphinxnodes")
        return import_module("rst2pdf.createpdf")


def _new_renderer(createpdf: ModuleType, options: LayoutOptions, source_folder: str) -> _Renderer:
    _register_nodes()
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
            section_header_depth=2,
            toc_depth=options.contents_depth,
            smarty=options.smartquotes,
        ),
    )


@lru_cache(maxsize=1)
def _register_nodes() -> None:
    """Teach rst2pdf the two nodes of ours that it draws."""
    sphinxnodes: Any = import_module("rst2pdf.sphinxnodes")
    handler = sphinxnodes.SphinxHandler

    def gather_elements(_self: object, client: Any, node: TimelineFigure, _style: object) -> list[object]:
        style = client.styles["table-body"]
        return [draw_timeline(node, client.styles.tw, style.fontName)]

    def break_line(_self: object, _client: object, _node: object, _replace_entities: object) -> str:
        return "<br/>"

    # Making the class is what registers it, but not with the table that was made when rst2pdf was loaded.
    type("HandleTimelineFigure", (handler, TimelineFigure), {"gather_elements": gather_elements})
    type("HandleLineBreak", (handler, LineBreak), {"get_text": break_line})
    for kind in (TimelineFigure, LineBreak):
        sphinxnodes.sphinxhandlers.dispatchdict[kind] = handler.dispatchdict[kind]


def _show_header_and_footer_everywhere(renderer: _Renderer) -> None:
    templates = renderer.styles.pageTemplates
    for name in (LANDSCAPE, UPRIGHT):
        templates[name] = dict(templates[renderer.styles.firstTemplate])
    # TLP asks for the label on every page, so no template may switch it off.
    for template in renderer.styles.pageTemplates.values():
        template["showHeader"] = True
        template["showFooter"] = True


def _number_headings(renderer: _Renderer) -> None:
    """Name the bookmarks by their order; rst2pdf uses addresses of objects."""
    generate = renderer.gen_elements
    heading = import_module("rst2pdf.flowables").Heading

    def generate_and_number(node: nodes.Node, *args: Any, **kwargs: Any) -> list[object]:
        elements = generate(node, *args, **kwargs)
        if isinstance(node, nodes.document):
            for number, element in enumerate(elements):
                if isinstance(element, heading):
                    found = cast("_Heading", element)
                    section_id = found.parent_id.rpartition("-")[0]
                    found.parent_id = f"{section_id}-{number}"
        return elements

    renderer.gen_elements = generate_and_number


@contextmanager
def _repeatable_output(createpdf: ModuleType, properties: PdfProperties) -> Generator[None, None, None]:
    """Set the properties, the date and the names of images for one document."""
    names: dict[object, str] = {}

    def name_of_image(key: object) -> str:
        return names.setdefault(key, f"image-{len(names)}")

    document = partial(
        document_class(createpdf),
        subject=properties.subject,
        keywords=list(properties.keywords),
        creator="sphinx-postmortem",
        lang=properties.language,
        displayDocTitle=True,
        invariant=1 if os.environ.get("SOURCE_DATE_EPOCH", "").strip() else None,
    )
    flowables = import_module("rst2pdf.flowables")
    canvas = import_module("reportlab.pdfgen.canvas")
    paragraph = import_module("reportlab.platypus.paragraph")
    image_class = import_module("rst2pdf.image").MyImage
    with (
        _replaced(createpdf, "FancyDocTemplate", document),
        _replaced(createpdf, "FancyPage", page_class(createpdf)),
        _replaced(createpdf, "UnhappyOnce", second_pass(createpdf)),
        _replaced(canvas, "_digester", name_of_image),
        _replaced(paragraph, "_getFragWords", fragment_words(paragraph)),
        _replaced(flowables.MyPageBreak, "frameAction", page_break(flowables)),
        # Without this an image in a list or a table shrinks to what is left of
        # the page; with it, the image goes to the next page.
        _replaced(image_class, "_atTop", False),
    ):
        yield


def _tables_for(renderer: _Renderer) -> AbstractContextManager[None]:
    flowables = import_module("rst2pdf.flowables")
    styles = renderer.styles
    return _replaced(flowables, "Table", table_class(flowables, min(styles.pw, styles.ph)))


@contextmanager
def _replaced(owner: object, name: str, value: object) -> Generator[None, None, None]:
    """Set an attribute of a module or a class for a while."""
    original: object = getattr(owner, name, _ABSENT)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if original is _ABSENT:
            delattr(owner, name)
        else:
            setattr(owner, name, original)


@contextmanager
def _unchanged(registry: dict[str, object]) -> Generator[None, None, None]:
    original = dict(registry)
    try:
        yield
    finally:
        registry.clear()
        registry.update(original)


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
