"""Front matter and docinfo of pages: what a filtered edition keeps of it.

Sphinx hands every key to the builder as metadata, and the JSON builder writes all of it. Readers of the page see none,
so authors put notes there; only keys that are known to be read by Sphinx, MyST-Parser or a theme are kept.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every

SHOWN_METADATA = (
    *("title", "orphan", "tocdepth", "nocomments", "no-search", "wordcount", "myst_slugs"),
    *("html_theme.*", "hide-toc", "hide-navigation", "sd_hide_title"),
)


def keep_shown_metadata(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: drop what is not known to be for readers, before anything collects it."""
    settings = domain_of(app.env).settings
    if not settings.edition.is_filtered:
        return
    shown = (*SHOWN_METADATA, *settings.shown_metadata)

    def is_shown(key: str) -> bool:
        return any(fnmatchcase(key, pattern) for pattern in shown)

    for docinfo in every(document, nodes.docinfo):
        docinfo.children = [field for field in docinfo.children if is_shown(_key(field))]
    # MyST writes into the environment while it reads the page.
    metadata = app.env.metadata[app.env.current_document.docname]
    for key in [key for key in metadata if not is_shown(key)]:
        del metadata[key]


def _key(field: nodes.Node) -> str:
    if isinstance(field, nodes.field):
        return field.children[0].astext()
    return type(field).__name__
