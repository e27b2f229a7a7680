"""The names of calendars: one of each owner, and one of each incident."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx_postmortem.core.exports.publication import printable
from sphinx_postmortem.core.records.anchors import short_hash, slug
from sphinx_postmortem.core.records.model import Incident, Owner

_LONGEST = 80


def owner_file_names(owners: Iterable[Owner]) -> dict[str, str]:
    """Return a file name for each owner's key: ASCII, lower case, no longer than 100 characters, none twice."""
    return _file_names("owner", (owner.key for owner in owners))


def incident_file_names(incidents: Iterable[Incident]) -> dict[str, str]:
    """Return a file name for each incident's key, as those of owners."""
    return _file_names("incident", (incident.key for incident in incidents))


def _file_names(prefix: str, keys: Iterable[str]) -> dict[str, str]:
    """Return a name for each key. All begin with a word, since some systems give names such as ``con`` a meaning."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        stem = slug(printable(key))
        if len(stem) > _LONGEST:
            stem = f"{stem[:_LONGEST]}-{short_hash(key, 12)}"
        free, number = f"{prefix}-{stem}", 1
        while free in taken:
            number += 1
            free = f"{prefix}-{stem}-{number}"
        taken.add(free)
        names[key] = f"{free}.ics"
    return names
