"""Markings that Markdown or reStructuredText has read as something else, so that they hide nothing.

The reader of sources in ``core`` finds many slips, but cannot know all that a parser does: an HTML block or a formula
swallows a fence, an include in the other syntax shows it as text. What stands in the parsed page is the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.block_faults import MARKING_DIRECTIVES
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import warn

_NAME = r"(?:postmortem:)?(?:audience|internal-only)"
_BLOCK = re.compile(
    rf"(?:(?<!:):{{3,}}+|(?<!`)`{{3,}}+|(?<!~)~{{3,}}+)\s*\{{+\s*{_NAME}\s*\}}|(?:\.\.|…)\s*{_NAME}\s*:", re.IGNORECASE
)
_KEY = re.compile(
    r"""^[^\S\n]*+["'“]?audience["'”]?\s*+[:=]\s*+["'“]?(?P<name>[^"'“”\n]++)["'”]?[^\S\n]*+$""",
    re.IGNORECASE | re.MULTILINE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SAMPLES = (nodes.literal, nodes.literal_block, nodes.doctest_block, nodes.comment)
_UNREAD_PAGE = "the page's `audience` is written in a way that hides nothing; write it plainly, as `audience: internal`"


def find_unread_markings(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: warn of a marking without effect; stop a filtered edition.

    Raises:
        ExtensionError: there is such a marking, and the edition is filtered.
    """
    edition = domain_of(app.env).settings.edition
    for node in document.findall():
        for fault in _faults(node, edition):
            refuse_or_warn(app.env, node, fault)
    keys = list(app.env.metadata[app.env.current_document.docname].items())
    keys += [
        (field.children[0].astext(), field.children[1].astext())
        for docinfo in every(document, nodes.docinfo)
        for field in docinfo.children
        if isinstance(field, nodes.field)
    ]
    marked = {str(value).strip().casefold() for key, value in keys if str(key).strip().casefold() == "audience"}
    if marked and marked != {_marking_of(app.env)}:
        refuse_or_warn(app.env, document, _UNREAD_PAGE)


def _marking_of(env: BuildEnvironment) -> str:
    """Return the audience that the page gate has read at the head of the page, which it has let pass."""
    path = Path(env.doc2path(env.current_document.docname))
    kind = next((kind for suffix, kind in env.config.source_suffix.items() if path.name.endswith(suffix)), "")
    text = path.read_bytes().decode("utf-8", errors="replace")
    return read_page_marking(text, markdown=kind != "restructuredtext").name.casefold()


def refuse_or_warn(env: BuildEnvironment, node: nodes.Node, fault: str) -> None:
    """Warn of a marking that hides nothing.

    Raises:
        ExtensionError: in a filtered edition.
    """
    found: nodes.Node | None = node
    while found is not None and not found.line:
        found = found.parent
    path = (found.source if found else "") or env.doc2path(env.current_document.docname)
    place = f"{path}:{found.line if found else 1}"
    if not domain_of(env).settings.edition.is_filtered:
        warn(Code.BROKEN_MARKING, f"{fault}. Editions that must not see what it marks are refused", place)
        return
    raise ExtensionError(f"{place}: {fault}. Nothing was published.")


def _faults(node: nodes.Node, edition: Edition) -> Iterator[str]:
    if isinstance(node, nodes.Text):
        yield from _faults_of_text(node, edition)
    elif isinstance(node, nodes.field) and not isinstance(node.parent, nodes.docinfo):
        name, value = (child.astext() for child in node.children[:2])
        if name.strip().casefold() == "audience" and _is_named(value, edition):
            yield f"the field `:{name}: {value}` marks nothing here; put it at the top of the page, at the left margin"
    elif isinstance(node, nodes.Element) and "internal-only" in map(str, node.get("classes", ())):
        yield "the class `internal-only` marks nothing; use the directive `internal-only`"


def _faults_of_text(node: nodes.Text, edition: Edition) -> Iterator[str]:
    text = node.astext()
    if "internal-only" not in text.casefold() and "audience" not in text.casefold():
        return
    parent: nodes.Node | None = node.parent
    while parent is not None:
        if isinstance(parent, _SAMPLES):
            return
        parent = parent.parent
    if isinstance(node.parent, nodes.raw):
        text = _COMMENT.sub("", text)
    if match := _BLOCK.search(text):
        mend = (
            "put a blank line above it, and let it begin its line, outside HTML, formulas and files of other syntaxes"
        )
        yield f"`{match[0]}` is read as text here and marks nothing; {mend}. Write a sample of it as code"
    elif match := next((m for m in _KEY.finditer(text) if _is_named(m["name"], edition)), None):
        mend = f"`{MARKING_DIRECTIVES[0]}` marks a page only in the front matter, which begins the file"
        yield f"`{match[0].strip()}` is read as text here and marks nothing; {mend}. Or word it in another way"


def _is_named(name: str, edition: Edition) -> bool:
    """Say whether it is the name of an audience, of one that must not see it if the edition is filtered."""
    bare = name.strip().casefold()
    return bare in edition.audiences.names and (not edition.is_filtered or not edition.shows(bare))
