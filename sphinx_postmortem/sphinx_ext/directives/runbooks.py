"""Runbooks and the incidents that used them: the list at the end of every runbook, what names them, and rebuilds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.model import PageRecords
from sphinx_postmortem.core.records.runbook_history import find_page, near_pages, split_runbooks
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.warnings import warn

if TYPE_CHECKING:
    from sphinx_postmortem.sphinx_ext.directives.base import PostmortemDirective


def read_runbooks(directive: PostmortemDirective) -> tuple[str, ...]:
    """Return the pages that the option ``:runbooks:`` names and the edition has.

    What leads nowhere is reported in the full edition only: in a filtered one it may be hidden.
    """
    from sphinx_postmortem.sphinx_ext.directives.options import without_comment

    env = directive.env
    found: list[str] = []
    pages = env.project.docnames
    for written in split_runbooks(without_comment(directive.options.get("runbooks", ""))):
        page = find_page(written, env.current_document.docname, env.config.source_suffix, pages)
        if page:
            found.append(page)
        elif not directive.edition.is_filtered:
            near = near_pages(written, pages)
            hint = f"did you mean {' or '.join(near)}?" if near else "write its path below the source folder"
            directive.warn(Code.UNKNOWN_RUNBOOK, f'runbooks: there is no page "{written}"; {hint}')
            env.note_reread()  # it may come
    return tuple(dict.fromkeys(found))


def add_to_runbooks(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: put the list at the end of each page that the setting calls a runbook."""
    docname = app.env.current_document.docname
    if not is_runbook(app.env, docname):
        return
    from sphinx_postmortem.sphinx_ext.directives.runbook_foot import HEADING, RunbookFoot

    if every(document, RunbookFoot):
        return
    end = next((part for part in reversed(document.children) if isinstance(part, nodes.section)), document)
    end.append(RunbookFoot(docname=docname, none="", heading=HEADING, css=[]))
    if not every(document, toctree):  # a page that leads to runbooks is none
        domain = domain_of(app.env)
        domain.note_page(docname, replace(domain.records_of(docname), is_runbook=True))


def is_runbook(env: BuildEnvironment, docname: str) -> bool:
    """Say whether ``postmortem_runbook_paths`` names a page, by its name or its path."""
    patterns = domain_of(env).settings.runbook_paths
    if not patterns:
        return False
    matches = Matcher(patterns)
    return matches(docname) or matches(str(env.doc2path(docname, base=False)))


def report_paths_without_page(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-check-consistency``: report patterns that match no page, but nearly the name of one.

    A filtered edition says nothing: there the pages may be hidden.
    """
    settings = domain_of(env).settings
    if settings.edition.is_filtered:
        return
    names = [name for docname in env.found_docs for name in (docname, str(env.doc2path(docname, base=False)))]
    for pattern in settings.runbook_paths:
        if any(map(Matcher([pattern]), names)):
            continue
        begin = re.split(r"[*?\[]", pattern)[0].strip("/")
        known = sorted({*names, *(parent.as_posix() for name in names for parent in PurePosixPath(name).parents)})
        if near := get_close_matches(begin, known, n=1, cutoff=0.8):
            message = f'postmortem_runbook_paths: "{pattern}" matches no page; did you mean "{near[0]}"?'
            warn(Code.UNKNOWN_RUNBOOK, message)


def reread_incidents(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Handle ``env-get-outdated``: read incidents again whose runbooks have come, gone, or moved."""
    names = {docname.rpartition("/")[2] for docname in added | removed}
    if not names:
        return set()
    return {
        docname
        for docname, page in domain_of(env).pages.items()
        if any(name.rpartition("/")[2] in names for name in _named_on(page))
    }


def _named_on(page: PageRecords) -> Iterator[str]:
    for incident in page.incidents:
        yield from incident.runbooks
    for point in page.points:
        yield from point.runbooks
