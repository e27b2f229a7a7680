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
from sphinx_postmortem.sphinx_ext.records.stored_records import StoredRecords

OWNERS = Kept[tuple[Owner, ...]]("owners", ())
"""The owners that the settings knew when the pages were last written."""

_BEFORE = PerBuild[Mapping[str, StoredRecords]]({})
_READ_BEFORE = PerBuild[Mapping[str, int]]({})
_NOTHING = PageRecords()


def remember_records(app: Sphinx) -> None:
    """Handle ``builder-inited``: remember what the pages held before this build reads any."""
    _BEFORE.set(app.env, domain_of(app.env).stored_pages())
    _READ_BEFORE.set(app.env, dict(app.env.all_docs))


def have_records_changed(env: BuildEnvironment) -> bool:
    """Say whether this build has read any page with records, or lost one; asked before ``rewrite_dependants``."""
    before, now = _BEFORE.of(env), domain_of(env).stored_pages()
    return before.keys() != now.keys() or any(before[name] is not page for name, page in now.items())


def have_pages_changed(env: BuildEnvironment) -> bool:
    """Say whether this build has read any page, with records or without, or lost one."""
    return _READ_BEFORE.of(env) != env.all_docs  # when each page was read, in microseconds


def rewrite_dependants(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: name the pages that show changed records of others, in lists or references."""
    domain, before = domain_of(env), _BEFORE.of(env)
    now = domain.stored_pages()
    # A page that was not read again has the very same records.
    changes = {
        name: PageChange(before[name].records if name in before else _NOTHING, domain.records_of(name))
        for name in {*before, *now}
        if before.get(name) is not now.get(name)
    }
    for change in changes.values():
        refers(change.after)  # the answer is stored with the records
    _BEFORE.set(env, now)
    owners = domain.settings.owners
    return sorted(pages_that_show(changes, domain.pages, owners, OWNERS.exchange(env, owners)))
