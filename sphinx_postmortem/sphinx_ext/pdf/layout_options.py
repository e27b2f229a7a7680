"""How a document is laid out: rst2pdf's settings with defaults of our own.

rst2pdf's defaults suit a printed book (a cover, blank pages before chapters,
an index).  A value counts as the user's wish when it differs from that default,
or when it stands in the options of the user's ``pdf_documents`` entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from sphinx.config import Config

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.sphinx_ext.pdf.documents import PdfDocument

RST2PDF_SETTINGS: Mapping[str, object] = {
    "pdf_documents": [],
    "pdf_stylesheets": ["sphinx"],
    "pdf_style_path": None,
    "pdf_compressed": False,
    "pdf_font_path": [],
    "pdf_language": "en_US",
    "pdf_fit_mode": "",
    "pdf_break_level": 0,
    "pdf_inline_footnotes": True,
    "pdf_verbosity": 0,
    "pdf_use_index": True,
    "pdf_domain_indices": True,
    "pdf_use_modindex": True,
    "pdf_use_coverpage": True,
    "pdf_cover_template": "sphinxcover.tmpl",
    "pdf_appendices": [],
    "pdf_splittables": True,
    "pdf_repeat_table_rows": False,
    "pdf_breakside": "odd",
    "pdf_default_dpi": 300,
    "pdf_extensions": [],
    "pdf_page_template": "decoratedPage",
    "pdf_invariant": False,
    "pdf_real_footnotes": False,
    "pdf_use_toc": True,
    "pdf_toc_depth": 9999,
    "pdf_use_numbered_links": False,
    "pdf_fit_background_mode": "scale",
    "pdf_smartquotes": 0,
    "section_header_depth": 2,
    "pdf_baseurl": None,
    "subtitle_prefix": "version",
}
"""The settings that rst2pdf's own builder declares, with its defaults."""


@dataclass(frozen=True)
class LayoutOptions:
    """The decisions about one document that reach the renderer."""

    stylesheets: tuple[str, ...]
    style_path: tuple[str, ...]
    font_path: tuple[str, ...]
    language: str
    fit_mode: str
    break_level: int
    default_dpi: int
    compressed: bool
    inline_footnotes: bool
    smartquotes: str
    use_cover: bool
    use_contents: bool
    contents_depth: int
    use_index: bool
    appendices: tuple[str, ...]


def layout_options(document: PdfDocument, config: Config) -> LayoutOptions:
    """Return how *document* is laid out."""
    settings = _Settings(document.options, config)
    return LayoutOptions(
        stylesheets=settings.strings("pdf_stylesheets", ()),
        style_path=settings.strings("pdf_style_path", ()),
        font_path=settings.strings("pdf_font_path", ()),
        language=str(settings.value("pdf_language", config.language or "en_US")),
        fit_mode=str(settings.value("pdf_fit_mode", "shrink")),
        break_level=int(str(settings.value("pdf_break_level", 0))),
        default_dpi=int(str(settings.value("pdf_default_dpi", 150))),
        compressed=bool(settings.value("pdf_compressed", False)),
        inline_footnotes=bool(settings.value("pdf_inline_footnotes", True)),
        smartquotes=str(settings.value("pdf_smartquotes", 0)),
        use_cover=bool(settings.value("pdf_use_coverpage", document.is_collection)),
        use_contents=bool(settings.value("pdf_use_toc", document.is_collection)),
        contents_depth=int(str(settings.value("pdf_toc_depth", 1 if document.is_collection else 2))),
        use_index=bool(settings.value("pdf_use_index", False)),
        appendices=settings.strings("pdf_appendices", ()),
    )


@dataclass(frozen=True)
class _Settings:
    """Looks a value up: the document's options, the user's setting, our default."""

    options: Mapping[str, object]
    config: Config

    def value(self, name: str, ours: object) -> object:
        if name in self.options:
            return self.options[name]
        configured: object = getattr(self.config, name)
        return ours if configured == RST2PDF_SETTINGS[name] else configured

    def strings(self, name: str, ours: tuple[str, ...]) -> tuple[str, ...]:
        value = self.value(name, ours)
        if value is None:
            return ours
        if isinstance(value, str):
            return tuple(part for part in value.split(",") if part)
        return tuple(str(part) for part in cast("Iterable[object]", value))
