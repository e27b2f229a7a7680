"""The times that a page's timelines could not read: reported when the page is read, once, as the checks report them."""

from __future__ import annotations

from typing import cast

from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.checks import Finding

_KEY = "postmortem:unread"


def note_unread(env: BuildEnvironment, finding: Finding) -> None:
    """Note a time that cannot be read."""
    unread_on_page(env).append(finding)


def unread_on_page(env: BuildEnvironment) -> list[Finding]:
    """Return what is noted of the page that is being read, in order."""
    if _KEY not in env.current_document:
        env.current_document[_KEY] = []
    return cast("list[Finding]", env.current_document[_KEY])
