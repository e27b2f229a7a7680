"""Translations of what authors write in tables and options, by the site's own catalogues: those of ``gettext_*``.

Sphinx translates paragraphs of pages. The cells of our tables and the texts of our options are read before it comes to
them, so they are looked up here, each as it is written, in the same catalogues; the builder ``gettext`` of the first
edition is handed them. Only what the edition shows is ever looked up: the gate has gone before.
"""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

from sphinx.environment import BuildEnvironment
from sphinx.util.i18n import docname_to_domain

from sphinx_postmortem.sphinx_ext.kept import BUILDER, PerBuild
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES

_CATALOGUES = PerBuild[dict[str, GNUTranslations | None] | None](None)


def translated(env: BuildEnvironment, text: str) -> str:
    """Return an author's text in the language of the build; the text itself where no catalogue has it."""
    found = _catalogue(env, docname_to_domain(env.current_document.docname, env.config.gettext_compact))
    if found is None or not text.strip():
        return text
    message = " ".join(text.split())
    shown = found.gettext(message)
    if shown == message:
        return text
    names = NAMES.of(env)
    return shown if names is None else names.apply(shown)


def collects_messages(env: BuildEnvironment) -> bool:
    """Say whether the builder writes catalogues for translators."""
    builder = BUILDER.of(env)
    return builder is not None and builder.name == "gettext"


def _catalogue(env: BuildEnvironment, domain: str) -> GNUTranslations | None:
    """Return the catalogue of a page, from the first of the folders that has one. Sphinx has compiled it."""
    known = _CATALOGUES.of(env)
    if known is None:
        known = {}
        _CATALOGUES.set(env, known)
    if domain not in known:
        known[domain] = None
        names = dict.fromkeys([env.config.language, env.config.language.partition("_")[0]])
        folders = [Path(env.srcdir, folder, name, "LC_MESSAGES") for folder in env.config.locale_dirs for name in names]
        for path in (folder / f"{domain}.mo" for folder in folders):
            if path.is_file():
                with path.open("rb") as file:
                    known[domain] = GNUTranslations(file)
                break
    return known[domain]
