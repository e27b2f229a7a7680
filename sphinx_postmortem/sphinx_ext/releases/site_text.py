"""What an edition shows of the whole site beside its pages: titles, banners, owners, templates, files copied whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.releases.release_files import file_statement
from sphinx_postmortem.core.releases.statements import Statement, cells, one_line, prose, visible
from sphinx_postmortem.sphinx_ext.audience.page_files import HIDDEN_PATTERNS
from sphinx_postmortem.sphinx_ext.html.page_context import banner_text
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.releases.shown_links import Links
from sphinx_postmortem.sphinx_ext.shown_names import DOCUMENT_SETTINGS, TEXT_SETTINGS
from sphinx_postmortem.sphinx_ext.upstream.sphinx import given_settings

_MORE_SETTINGS = ("version", "release", "html_baseurl", "html_additional_pages", "html_logo", "html_favicon")
_NOT_TEXT = ("rst_prolog", "rst_epilog", "myst_substitutions")  # they stand on pages, where they are used


def site_text(app: Sphinx, links: Links) -> list[Statement]:
    """Return the statements of the release ``_site``. The pages must have been read with ``links`` before."""
    return [*_settings(app), *_owners(app, links), *_sources(app, links), *_files(app)]


def _settings(app: Sphinx) -> Iterator[Statement]:
    """Yield the texts of the settings that ``conf.py`` or the command line gives, and the edition's banner."""
    config = app.config
    given = {*given_settings(config), *config.overrides}
    names = [name for name in (*TEXT_SETTINGS, *DOCUMENT_SETTINGS, *_MORE_SETTINGS) if name not in _NOT_TEXT]
    for name in names:
        if name in given and name in config:
            yield from (Statement("setting", text) for text in _texts(name, config[name]))
    if banner := banner_text(app):
        yield Statement("setting", one_line([prose(f"banner: {banner}")]))


def _texts(name: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(f"{name}.{key}", each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(name, each)
    elif isinstance(value, str) and value.strip():
        yield one_line([prose(f"{name}: {value}")])


def _owners(app: Sphinx, links: Links) -> Iterator[Statement]:
    """Yield the owners whom the edition names, as far as it shows them."""
    domain = domain_of(app.env)
    knowledge = domain.knowledge
    named = {owner.key for target in links.owners if (owner := knowledge.find_owner(target))}
    for owner in knowledge.owners:
        if owner.key in named or owner.key in knowledge.owners_with_actions:
            shown = (owner.id, owner.name, owner.team, owner.contact, owner.role)
            yield Statement("owner", cells(prose(text or "") for text in shown))


def _sources(app: Sphinx, links: Links) -> Iterator[Statement]:
    """Yield the data of other sites, from which lists are made too."""
    for source in domain_of(app.env).settings.sources:
        yield Statement("file", visible(f"{source.name}: {links.source_file(source.file)}"))


def _files(app: Sphinx) -> Iterator[Statement]:
    """Yield the files of the site that its pages are made with, or that are copied whole."""
    config = app.config
    entries = [*config.html_static_path, *config.html_extra_path, *config.templates_path]
    entries += [entry for entry in (config.html_logo, config.html_favicon) if isinstance(entry, str)]
    is_excluded = Matcher(config.exclude_patterns)
    is_hidden = Matcher(HIDDEN_PATTERNS.of(app.env))
    found: dict[str, str] = {}
    for entry in dict.fromkeys(map(str, entries)):
        root = Path(app.confdir, entry)
        if Path(entry).is_absolute() and not root.is_relative_to(app.confdir):
            continue  # an extension's, not the site's
        for path in _below(root):
            below = path.relative_to(root).as_posix()
            name = Path(os.path.relpath(path, app.srcdir)).as_posix()
            if not is_excluded(below) and not is_hidden(name):
                found[name] = visible(file_statement(name, path.read_bytes()))
    return (Statement("file", found[name]) for name in sorted(found))


def _below(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
    for folder, subfolders, names in os.walk(root, followlinks=True):
        subfolders.sort()
        yield from (Path(folder, name) for name in names if Path(folder, name).is_file())
