"""Takes in what other sites publish, before pages are read."""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.federation import Source, SourceError, joined, read_source
from sphinx_postmortem.core.knowledge import ForeignRecords
from sphinx_postmortem.sphinx_ext.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of


def take_in_other_sites(app: Sphinx) -> None:
    """Handle ``builder-inited``, when hidden files are known: read the files of all other sites.

    Raises:
        ExtensionError: one of them cannot be taken in. A list that silently lacks a site would be wrong.
    """
    settings, domain = settings_of(app.config), domain_of(app.env)
    try:
        domain.take_in(joined([_read(app, source) for source in settings.sources]))
    except SourceError as error:
        raise ExtensionError(f"postmortem_sources: {error}. Nothing was built.") from error


def _read(app: Sphinx, source: Source) -> ForeignRecords:
    domain, edition = domain_of(app.env), settings_of(app.config).edition
    name = source.file_for(edition.name)
    path = Path(app.srcdir, name)
    relative = Path(os.path.relpath(path, app.srcdir)).as_posix()
    if Matcher(domain.hidden_patterns)(relative):
        raise SourceError(
            f'the file "{name}" of the site "{source.name}" lies in a folder that the edition "{edition.name}" must '
            "not see; keep the files of each audience in folders of their own"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        mend = f"fetch it before the build ({error.strerror})"
        raise SourceError(f'the file "{name}" of the site "{source.name}" cannot be read; {mend}') from None
    return read_source(data, source, edition)


def setup_federation(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("builder-inited", take_in_other_sites, priority=30)
