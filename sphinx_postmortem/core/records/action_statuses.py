"""What the status of an action says, in English and in the languages of ``names.toml``: done, or given up."""

from __future__ import annotations

from collections.abc import Collection

from sphinx_postmortem.core.language.names import english

DEFAULT_DONE_STATUSES = ("done", "closed", "completed", "complete", "resolved", "cancelled", "wontfix", "won't do")
GIVEN_UP = frozenset(
    ["won't do", "wont do", "wontfix", "won't fix", "cancelled", "canceled", "rejected", "not planned", "dropped"]
    + ["obsolete"]
)
"""Statuses, in lower case and English, of actions that were closed on purpose without being done."""


def plain_status(status: str) -> str:
    """Return a status in lower case, without markup, and in English where it is a word of another language."""
    return english("action_statuses", _folded(status))


def says_done(status: str, done_statuses: Collection[str] = DEFAULT_DONE_STATUSES) -> bool:
    """Say whether an action needs no more work; the site's own words, in lower case, may be of any language."""
    written = _folded(status)
    return written in done_statuses or english("action_statuses", written) in done_statuses


def says_given_up(status: str) -> bool:
    """Say whether an action was closed on purpose without being done."""
    return plain_status(status) in GIVEN_UP


def _folded(status: str) -> str:
    return " ".join(status.strip("*_` ").casefold().split())
