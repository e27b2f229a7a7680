"""Keeps residues of hidden content out of the trees of a filtered edition: raw source, comments, messages, metadata.

Sphinx hands every key of front matter and docinfo to the builder as metadata, and the JSON builder writes all of it.
Readers of the page see none, so authors put notes there; only keys that are known to be read by Sphinx, MyST-Parser or
a theme are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.audience.page_accounting import note_literal
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.upstream.myst import forget_lines_of_headings
from sphinx_postmortem.sphinx_ext.warnings import place_of

SHOWN_METADATA = (
    *("title", "orphan", "tocdepth", "nocomments", "no-search", "wordcount", "myst_slugs"),
    *("html_theme.*", "hide-toc", "hide-navigation", "sd_hide_title"),
)
_HTML_COMMENT = expression(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_READ_AS_COMMENT = expression(
    r"<\?(?:(?!<\?).)*?\?>|<(?:\?|!(?!--|\[CDATA\[)|/(?=[^a-z>]))[^>]*(?:>|\Z)", re.DOTALL | re.IGNORECASE
)
"""What browsers take for a comment: instructions (``<?php ?>``), declarations (``<!x>``), tags that end nothing."""
_CDATA = expression(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_HAS_CDATA = expression(r"<(?:svg|math|style|script)\b", re.IGNORECASE)
_LATEX_COMMENT = expression(r"(?:^|(?<=[\s}\]]))%[^\n]+", re.MULTILINE)
_VERBATIM = expression(
    r"(\\begin\{(\w*verbatim\*?|lstlisting|minted|alltt)\}.*?(?:\\end\{\2\}|\Z)|\\verb[^\n]*)",
    re.DOTALL | re.IGNORECASE,
)


class ScrubResidues(SphinxTransform):
    """Removes raw source of blocks, comments and parse messages when a page has been read.

    A block's ``rawsource`` repeats what stands in it, hidden directives included; a text's names the targets of its
    references. Translation, which reads it, has run by now; code keeps it, since highlighting compares with it.
    """

    # After translation (20), which reads the raw source, and before anything collects texts. docutils sorts priorities
    # as texts of three digits: 1000 would come right after 100.
    default_priority = 110

    def apply(self) -> None:
        """Scrub the page in a filtered edition."""
        if not domain_of(self.env).settings.edition.is_filtered:
            return
        for node in every(self.document, nodes.Element):
            if not isinstance(node, nodes.FixedTextElement):
                node.rawsource = ""
            if type(node) is nodes.comment:  # autosummary's tables are of a class below it
                note_literal(self.env, node, node.astext())
                node.parent.remove(node)
            elif isinstance(node, nodes.raw):
                self.scrub_raw(node)
        for node in every(self.document, nodes.block_quote):
            if not node.children:
                node.parent.remove(node)  # all of it was hidden; Sphinx (210) takes it for doctests, and stops
        self.document.parse_messages.clear()
        self.document.transform_messages.clear()

    def scrub_raw(self, node: nodes.raw) -> None:
        """Take the comments out of raw HTML.

        Raises:
            ExtensionError: a comment is not closed: what the author commented out goes on after this text.
        """
        if node.astext().rpartition("<!--")[2].find("-->") < 0 <= node.astext().find("<!--"):
            raise ExtensionError(
                f"{place_of(node)}: a comment of HTML is opened here and not closed, so that no gate can tell what it "
                "takes in. Nothing was published; close it in the same text, or use an `internal-only` block."
            )
        text = _without_comments(node.astext(), str(node.get("format", "")).casefold().split())
        if text != node.astext():
            for comment in _HTML_COMMENT.findall(node.astext()):
                note_literal(self.env, node, comment)
            node.rawsource = text
            node.children = []
            node += nodes.Text(text)
            if not text.strip():
                node.parent.remove(node)


def _without_comments(text: str, formats: Sequence[str]) -> str:
    """Return raw text without what nobody reads in the format for which it is written."""
    text = _HTML_COMMENT.sub("", text)
    if "html" in formats:
        text = _READ_AS_COMMENT.sub("", text)
        text = text if _HAS_CDATA.search(text) else _CDATA.sub("", text)
    if "latex" in formats:  # every third part is the name of what is written as it is
        parts = _VERBATIM.split(text)
        parts[::3] = [_LATEX_COMMENT.sub("%", part) for part in parts[::3]]
        text = "".join(part for index, part in enumerate(parts) if index % 3 != 2)
    return text


class ForgetLines(SphinxPostTransform):
    """Takes line numbers from links before ``linkcheck`` collects them (priority 800).

    It writes them into its report, and the line of a visible link tells how long the hidden text above it is.
    """

    default_priority = 799
    builders = ("linkcheck",)

    def run(self, **kwargs: Any) -> None:
        """Forget the lines in a filtered edition."""
        if domain_of(self.env).settings.edition.is_filtered:
            for node in every(self.document, nodes.Element):
                node.line = None


def keep_shown_metadata(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: drop what is not known to be for readers, before anything collects it."""
    settings = domain_of(app.env).settings
    if not settings.edition.is_filtered:
        return
    shown = (*SHOWN_METADATA, *settings.shown_metadata)

    def is_shown(key: str) -> bool:
        return any(fnmatchcase(key, pattern) for pattern in shown)

    # Substitutions have been made. Sphinx writes what defines them into the search index and XML, used or not.
    for definition in every(document, nodes.substitution_definition):
        definition.parent.remove(definition)
    for docinfo in every(document, nodes.docinfo):
        docinfo.children = [field for field in docinfo.children if is_shown(_key(field))]
    # MyST writes into the environment while it reads the page.
    metadata = app.env.metadata[app.env.current_document.docname]
    for key in [key for key in metadata if not is_shown(key)]:
        del metadata[key]
    forget_lines_of_headings(metadata)


def _key(field: nodes.Node) -> str:
    if isinstance(field, nodes.field):
        return field.children[0].astext()
    return type(field).__name__
