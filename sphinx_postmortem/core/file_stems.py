"""Names of files that are made from ids, such as those of incidents and owners: no longer than file systems take."""

from __future__ import annotations

from sphinx_postmortem.core.records.anchors import short_hash, slug

LONGEST_STEM = 160
"""Bytes of UTF-8. File systems take 255 for a name; what stands before and behind the stem has room."""


def fitting_stem(stem: str, longest: int = LONGEST_STEM) -> str:
    """Return the name of a file without its ending: as it is, or, where it is too long, its beginning and a hash.

    Args:
        stem: a name that is safe in all but its length.
        longest: the bytes of UTF-8 that may stay as they are; the hash needs 13 more.
    """
    written = stem.encode("utf-8", "surrogatepass")
    if len(written) <= longest:
        return stem
    return f"{written[:longest].decode('utf-8', 'ignore')}-{short_hash(stem, 12)}"


def stem_of_id(id_: str) -> str:
    """Return the name of a file for an id: ASCII, lower case, and not too long."""
    return fitting_stem(slug(id_))
