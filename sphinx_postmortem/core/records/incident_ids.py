"""The ids of incidents as an option lists them."""

from __future__ import annotations

import re


def split_ids(written: str) -> tuple[str, ...]:
    """Return the ids that a text names, separated by commas or semicolons, without markup; each once."""
    plain = re.sub(r"\{[\w:-]+\}|:[\w:-]+:(?=`)", "", written)
    names = (part.strip().strip("`*_[]").strip() for part in re.split(r"[,;]", plain))
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())
