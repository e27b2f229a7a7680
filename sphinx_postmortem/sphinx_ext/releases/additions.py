"""Texts that are added to a page after it has been read: they must be approved somewhere, too.

Most of what comes late repeats approved texts: titles in references and lists of pages, and our own lists. What another
extension adds besides, by a post-transform or at ``doctree-resolved``, is found here before the page is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_postmortem.core.audience.output_files import remove_files
from sphinx_postmortem.core.audience.written_folders import STAMP
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.kept import PerBuild
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of
from sphinx_postmortem.sphinx_ext.tree import every

_TAG = expression(r"<[^<>]*>")
_WORD = expression(r"\w+")


class ApprovedTexts:
    """The texts of an edition that was found to be as approved, for as long as its pages are written."""

    def __init__(self, env: BuildEnvironment) -> None:
        """Start with what references to records show."""
        from sphinx_postmortem.core.releases.statements import prose

        domain = domain_of(env)
        knowledge = domain.knowledge
        self.pieces = {prose(domain.settings.hidden_reference_text)}
        self.pieces |= {action.full_id for action in knowledge.actions} | {owner.label for owner in knowledge.owners}
        self.statements = ""
        self.before: set[int] = set()

    def note(self, tree: nodes.Node) -> None:
        """Note the texts of a page as it was read."""
        self.pieces.update(map(_folded, every(tree, nodes.Text)))

    def note_statements(self, texts: Iterable[str]) -> None:
        """Note the statements of all pages: a title may be shown without its markup."""
        self.statements = "\n".join(texts)

    def has(self, text: nodes.Text) -> bool:
        """Say whether a text is approved, or says nothing."""
        shown = _folded(text)
        if shown in self.pieces or not any(map(str.isalpha, shown)):
            return True
        up = text.parent
        while up is not None and not isinstance(up, nodes.reference):
            up = up.parent
        if isinstance(up, addnodes.number_reference):
            return True
        target = str(up.get("refuri", "")) if up is not None else ""
        if target and set(_WORD.findall(shown)) <= set(_WORD.findall(target)) and target in self.statements:
            return True  # a theme has shortened the address
        if shown.strip() not in self.statements:
            return False
        self.pieces.add(shown)
        return True


APPROVED_TEXTS = PerBuild[ApprovedTexts | None](None)
"""The texts that must be approved in this build; None where the edition needs no release."""


def _folded(text: nodes.Text) -> str:
    """Return a text as statements have it; of raw HTML only what stands between the tags."""
    from sphinx_postmortem.core.releases.statements import prose

    is_raw = isinstance(text.parent, nodes.raw)
    return prose(_TAG.sub(" ", text.astext()) if is_raw else text.astext())


class NoteTextsBeforeLists(SphinxPostTransform):
    """Notes which texts are on a page before our lists are put in place (priority 5)."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        """Note them."""
        if (approved := APPROVED_TEXTS.of(self.env)) is not None:
            approved.before = {id(text) for text in every(self.document, nodes.Text)}


class NoteTextsOfLists(SphinxPostTransform):
    """Notes the texts of our lists: they are made of approved statements."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Note them."""
        if (approved := APPROVED_TEXTS.of(self.env)) is not None:
            new = [text for text in every(self.document, nodes.Text) if id(text) not in approved.before]
            approved.pieces.update(map(_folded, new))
            approved.before = set()


class AdditionGate:
    """Refuses texts that come late, and takes the half-written edition away."""

    def __init__(self) -> None:
        """Start with nothing refused, and nothing written."""
        self.has_refused = False
        self.is_writing = False

    def note_writing(self, app: Sphinx, builder: Builder) -> None:
        """Handle ``write-started``."""
        self.is_writing = domain_of(app.env).settings.edition.is_filtered

    def refuse_additions(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Handle ``doctree-resolved``, after all others.

        Raises:
            ExtensionError: the page shows a text that nobody has approved.
        """
        approved = APPROVED_TEXTS.of(app.env)
        if approved is None:
            return
        allowed = settings_of(app.config).release_additions
        for text in every(doctree, nodes.Text):
            if approved.has(text) or any(fnmatchcase(_folded(text).strip(), pattern) for pattern in allowed):
                continue
            self.has_refused = True
            shown = _folded(text).strip()[:100]
            raise ExtensionError(
                f'the page "{docname}" shows "{shown}", which an extension has added after the page was read, and '
                "nobody has approved. Nothing of this edition is left in the output; take the extension out of this "
                "edition, or allow such texts by a pattern in `postmortem_release_additions`."
            )

    def empty_output(self, app: Sphinx, exception: Exception | None) -> None:
        """Handle ``build-finished``: what was written before the refusal is no edition."""
        if self.has_refused or (self.is_writing and isinstance(exception, ExtensionError)):
            output = Path(app.outdir)
            remove_files(output, [output / STAMP, Path(app.doctreedir)])
