"""Translations of what authors write in tables and options, by the site's own catalogues: those of ``gettext_*``.

Sphinx translates paragraphs of pages. The cells of our tables and the texts of our options are read before it comes to
them, so they are looked up here, each as it is written, in the same catalogues; the builder ``gettext`` of the first
edition is handed them. Only what the edition shows is ever looked up: the gate has gone before. What is shown in the
place of a page's texts, ours or Sphinx's, is noted: the accounting of the page looks for markings in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.i18n import docname_to_domain
from sphinx.util.nodes import extract_messages

from sphinx_postmortem.sphinx_ext.build_language import joined
from sphinx_postmortem.sphinx_ext.kept import BUILDER, Kept, PerBuild
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES

_CATALOGUES = PerBuild[dict[str, GNUTranslations | None] | None](None)
_USED = Kept[dict[str, str]]("catalogues", {})
"""A hash, by page, of the catalogues by which it was translated last."""
_SHOWN = "postmortem:translations"


def translated(env: BuildEnvironment, text: str) -> str:
    """Return an author's text in the language of the build; the text itself where no catalogue has it."""
    found = _catalogue(env, _domain(env))
    if found is None or not text.strip():
        return text
    message = " ".join(text.split())
    shown = found.gettext(message)
    if shown == message:
        return text
    _note(env, {message: shown})
    names = NAMES.of(env)
    return shown if names is None else names.apply(shown)


class NoteTranslations(SphinxTransform):
    """Notes what Sphinx is about to show in the place of a page's paragraphs."""

    default_priority = 19  # just before Sphinx's own

    def apply(self, **kwargs: Any) -> None:
        """Note the translations of all texts of the page."""
        found = _catalogue(self.env, _domain(self.env))
        if found is not None:
            texts = (text for _, text in extract_messages(self.document))
            shown = {text: translation for text in texts if (translation := found.gettext(text)) != text}
            _note(self.env, shown)


def shown_on_page(env: BuildEnvironment) -> Mapping[str, str]:
    """Return the translations that are shown on the page that is being read, by the texts in whose place they are."""
    return cast("Mapping[str, str]", env.current_document.get(_SHOWN, {}))


def _note(env: BuildEnvironment, shown: Mapping[str, str]) -> None:
    env.current_document[_SHOWN] = {**shown_on_page(env), **shown}


def place_of(env: BuildEnvironment, text: str) -> tuple[str, int]:
    """Return the catalogue of the page that translates a text, and the 1-based line; line 1 where it has no source."""
    from babel.messages.pofile import read_po

    files = list(_files(env, _domain(env)))
    for path in files:
        if path.with_suffix(".po").is_file():
            with path.with_suffix(".po").open("rb") as file:
                message = read_po(file).get(text)
            if message is not None and message.string:
                return str(path.with_suffix(".po")), message.lineno or 1
    return str(files[0]), 1


def reread_translated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Handle ``env-get-outdated``: name the pages whose catalogues are others now; Sphinx misses one that is gone."""
    digests = {domain: _digest(env, domain) for domain in set(_domains(env).values())}
    now = {docname: digests[domain] for docname, domain in _domains(env).items()}
    before = _USED.exchange(env, {docname: digest for docname, digest in now.items() if digest})
    return {docname for docname, digest in now.items() if docname in env.all_docs and before.get(docname, "") != digest}


def _domains(env: BuildEnvironment) -> dict[str, str]:
    return {docname: docname_to_domain(docname, env.config.gettext_compact) for docname in env.found_docs}


def _digest(env: BuildEnvironment, domain: str) -> str:
    """Return a hash of the catalogues of pages; empty where there is none."""
    found = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in _files(env, domain))
    return hashlib.sha256(found).hexdigest() if found else ""


def collects_messages(env: BuildEnvironment) -> bool:
    """Say whether the builder writes catalogues for translators."""
    builder = BUILDER.of(env)
    return builder is not None and builder.name == "gettext"


def _domain(env: BuildEnvironment) -> str:
    return docname_to_domain(env.current_document.docname, env.config.gettext_compact)


def _catalogue(env: BuildEnvironment, domain: str) -> GNUTranslations | None:
    """Return the catalogues of a page, joined as Sphinx joins them, which has compiled them."""
    known = _CATALOGUES.of(env)
    if known is None:
        known = {}
        _CATALOGUES.set(env, known)
    if domain not in known:
        known[domain] = joined(path.read_bytes() for path in _files(env, domain))
    return known[domain]


def _files(env: BuildEnvironment, domain: str) -> Iterator[Path]:
    """Yield the compiled catalogues of a page that are there."""
    names = dict.fromkeys([env.config.language, env.config.language.partition("_")[0]])
    for folder in env.config.locale_dirs:
        for name in names:
            path = Path(env.srcdir, folder, name, "LC_MESSAGES", f"{domain}.mo")
            if path.is_file():
                yield path
