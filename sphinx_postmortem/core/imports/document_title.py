"""Finds the title of a document."""

from __future__ import annotations

from pathlib import PurePath

from sphinx_postmortem.core.imports.document_parts import Part
from sphinx_postmortem.core.imports.template_sections import home_of
from sphinx_postmortem.core.imports.timeline_finder import is_timeline_title


def take_title(parts: list[Part], stated: str, name: str) -> str:
    """Return the title, and take it from the parts: the first heading, if it is the highest and no section.

    Args:
        parts: of the document.
        stated: the title in its front matter; empty where there is none.
        name: its file, whose name stands for a title where there is none.
    """
    highest = min((part.level for part in parts if part.level), default=0)
    alone = sum(part.level == highest for part in parts) == 1
    for index, part in enumerate(parts[:2]):
        is_title = part.level == highest and (alone or not stated) and not is_timeline_title(part.plain)
        if not highest or not is_title or (home_of(part.plain) and not (alone and highest == 1)):
            continue
        if highest > 1 and stated:
            continue
        parts[index] = Part((), 0, part.line, part.blocks)
        return part.plain
    return stated or PurePath(name).name.split(".")[0]


def without_id(title: str, incident_id: str) -> str:
    """Return a title without the incident's id before it, which the page's title has already."""
    rest = title.removeprefix(incident_id)
    return rest.lstrip(" :–—-") or title if incident_id and rest != title and not rest[:1].isalnum() else title
