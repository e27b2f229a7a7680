"""Takes in what other sites publish, before pages are read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import fields
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.knowledge import NO_FOREIGN_RECORDS, ForeignRecords
from sphinx_postmortem.core.records.model import PageRecords
from sphinx_postmortem.core.regular_files import read_regular
from sphinx_postmortem.sphinx_ext.audience.page_files import HIDDEN_PATTERNS
from sphinx_postmortem.sphinx_ext.kept import Kept
from sphinx_postmortem.sphinx_ext.records.domain import FOREIGN, domain_of
from sphinx_postmortem.sphinx_ext.settings import settings_of

_logger = logging.getLogger("sphinx_postmortem")
_NOTHING = PageRecords()
_DIGEST = Kept[str]("other-sites", "")
"""A hash of what other sites published when the pages were last written."""


def read_other_sites(app: Sphinx) -> None:
    """Handle ``builder-inited``, when hidden files are known: read the files of all other sites.

    Raises:
        ExtensionError: one of them cannot be taken in. A list that silently lacks a site would be wrong.
    """
    sources = settings_of(app.config).sources
    if not sources:
        FOREIGN.set(app.env, NO_FOREIGN_RECORDS)
        return
    from sphinx_postmortem.core.records.federation import ForeignSourceError, joined

    try:
        FOREIGN.set(app.env, joined([_read(app, source) for source in sources]))
    except ForeignSourceError as error:
        raise ExtensionError(f"postmortem_sources: {error}. Nothing was built.") from error


def _read(app: Sphinx, source: ForeignSource) -> ForeignRecords:
    from sphinx_postmortem.core.records.federation import (
        LARGEST_SOURCE,
        ForeignSourceError,
        read_source,
        what_is_allowed,
    )

    settings = settings_of(app.config)
    edition = settings.edition
    name = source.file_for(edition.name)
    path = Path(app.srcdir, name)
    relative = Path(os.path.relpath(path, app.srcdir)).as_posix()
    if Matcher(HIDDEN_PATTERNS.of(app.env))(relative):
        raise ForeignSourceError(
            f'the file "{name}" of the site "{source.name}" lies in a folder that the edition "{edition.name}" must '
            "not see; keep the files of each audience in folders of their own"
        )
    try:
        data = read_regular(path, LARGEST_SOURCE)
    except OSError as error:
        mend = f"fetch it before the build ({error.strerror})"
        raise ForeignSourceError(f'the file "{name}" of the site "{source.name}" cannot be read; {mend}') from None
    records, told = what_is_allowed(read_source(data, source, edition), settings.incident_rule, edition.name)
    for sentence in told:
        _logger.info("postmortem_sources: this edition does not show %s", sentence)
    return records


_OWN_FACTS = frozenset(["incidents", "events", "actions", "points", "title"])


def rewrite_pages_about_other_sites(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: name the pages that may show other sites, where these have changed."""
    foreign = FOREIGN.of(env)
    digest = hashlib.sha256(repr(foreign).encode()).hexdigest() if foreign.pages else ""
    if _DIGEST.exchange(env, digest) == digest:
        return []
    return sorted(name for name, page in domain_of(env).pages.items() if _shows_others(page))


def _shows_others(page: PageRecords) -> bool:
    """Say whether a page holds more than facts of its own: a list, or references."""
    more = (part.name for part in fields(PageRecords) if part.name not in _OWN_FACTS)
    return any(getattr(page, name) != getattr(_NOTHING, name) for name in more)
