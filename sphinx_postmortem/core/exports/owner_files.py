"""The names of files that are made for each owner."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx_postmortem.core.exports.publication import printable
from sphinx_postmortem.core.records.anchors import short_hash, slug
from sphinx_postmortem.core.records.model import Owner

_LONGEST = 80


def owner_file_names(owners: Iterable[Owner], suffix: str) -> dict[str, str]:
    """Return a file name for each owner's key: ASCII, lower case, no longer than 100 characters, none twice.

    It begins with ``owner-``, since some systems give names such as ``con`` a meaning.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for owner in owners:
        stem = slug(printable(owner.key))
        if len(stem) > _LONGEST:
            stem = f"{stem[:_LONGEST]}-{short_hash(owner.key, 12)}"
        free, number = f"owner-{stem}", 1
        while free in taken:
            number += 1
            free = f"owner-{stem}-{number}"
        taken.add(free)
        names[owner.key] = f"{free}{suffix}"
    return names
