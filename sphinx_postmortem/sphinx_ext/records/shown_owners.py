"""Owners as the edition shows them: as they are written, or as roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sphinx.environment import BuildEnvironment

from sphinx_postmortem.sphinx_ext.kept import KeptByPage, PerBuild

if TYPE_CHECKING:
    from sphinx_postmortem.core.names.public_names import PublicNames

NAMES: PerBuild[PublicNames | None] = PerBuild(None)
"""The names that the edition does not show, with their roles; None in an edition that shows names."""

UNKNOWN_OWNERS = KeptByPage[frozenset[str]]("unknown-owners", frozenset())
"""The owners whom the register lacks, as pages write them; noted only in editions without names."""

_ALL_NAMES: PerBuild[tuple[frozenset[str], PublicNames] | None] = PerBuild(None)


def shown_owners(env: BuildEnvironment, written: Iterable[str]) -> tuple[str, ...]:
    """Return the owners that the page being read names, as the edition shows them."""
    names = NAMES.of(env)
    if names is None:
        return tuple(written)
    docname = env.current_document.docname
    shown: dict[str, None] = {}
    for name in written:
        shown[names.owner(name)] = None
        if not names.knows_owner(name):
            UNKNOWN_OWNERS.set(env, docname, UNKNOWN_OWNERS.of(env, docname) | {name})
    return tuple(shown)


def unknown_owners(env: BuildEnvironment) -> frozenset[str]:
    """Return the owners whom the register lacks, of all pages that have been read."""
    return frozenset[str]().union(*UNKNOWN_OWNERS.by_page(env).values())


def all_names(env: BuildEnvironment) -> PublicNames | None:
    """Return the names that the edition does not show, unknown owners' too, when all pages have been read."""
    names = NAMES.of(env)
    if names is None:
        return None
    unknown, made = unknown_owners(env), _ALL_NAMES.of(env)
    if made is None or made[0] != unknown:
        made = (unknown, names.with_unknown_owners(sorted(unknown)))
        _ALL_NAMES.set(env, made)
    return made[1]
