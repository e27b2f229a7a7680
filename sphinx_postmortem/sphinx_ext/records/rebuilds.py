"""Which pages are written again because of what a build has changed on others."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.records.changes import PageChange, pages_that_show
from sphinx_postmortem.core.records.model import Owner, PageRecords
from sphinx_postmortem.core.records.text_references import refers
from sphinx_postmortem.sphinx_ext.kept import Kept, PerBuild
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

OWNERS = Kept[tuple[Owner, ...]]("owners", ())
"""The owners that the settings knew when the pages were last written."""

_BEFORE = PerBuild[Mapping[str, PageRecords]]({})
_NOTHING = PageRecords()


def remember_records(app: Sphinx) -> None:
    """Handle ``builder-inited``: remember what the pages held before this build reads any."""
    _BEFORE.set(app.env, dict(domain_of(app.env).pages))


def have_records_changed(env: BuildEnvironment) -> bool:
    """Say whether this build has read any page, or lost one; asked before ``rewrite_dependants``."""
    before, pages = _BEFORE.of(env), domain_of(env).pages
    return before.keys() != pages.keys() or any(before[name] is not page for name, page in pages.items())


def rewrite_dependants(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: name the pages that show changed records of others, in lists or references."""
    domain, before = domain_of(env), _BEFORE.of(env)
    names = {*before, *domain.pages}
    # A page that was not read again has the very same records.
    changes = {
        name: PageChange(before.get(name, _NOTHING), domain.records_of(name))
        for name in names
        if before.get(name) is not domain.pages.get(name)
    }
    for change in changes.values():
        refers(change.after)  # the answer is stored with the records
    _BEFORE.set(env, dict(domain.pages))
    owners = domain.settings.owners
    return sorted(pages_that_show(changes, domain.pages, owners, OWNERS.exchange(env, owners)))
