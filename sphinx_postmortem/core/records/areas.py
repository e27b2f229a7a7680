"""What an action improves: the areas of the template (section 10), and those that a site adds."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sphinx_postmortem.core.language.names import english
from sphinx_postmortem.core.language.texts import later

DETECTION, ACCESS_CONTROL, ARCHITECTURE = later("Detection"), later("Access control"), later("Architecture")
PROCESS = later("Process or documentation")
AREAS = (DETECTION, ACCESS_CONTROL, ARCHITECTURE, PROCESS)

# Other words for an area, among them the kinds of contributing factors that it covers.
_WORDS = {
    DETECTION: ("monitoring", "logging", "alerting", "telemetry", "detection improvements", "observability"),
    ACCESS_CONTROL: ("access", "identity", "iam", "authentication", "authorization", "access control changes"),
    ARCHITECTURE: ("design", "architectural updates", "architectural decisions"),
    PROCESS: ("process", "documentation", "process and documentation", "runbook", "training", "procedure"),
}


def split_areas(cell: str) -> tuple[str, ...]:
    """Return what a cell of the column *Addresses* names, separated by commas, semicolons or slashes."""
    parts = (part.strip().strip("*_`.").strip() for part in re.split(r"[,;/]", cell))
    return tuple(dict.fromkeys(part for part in parts if part))


def area_of(text: str, more: Iterable[str] = ()) -> str:
    """Return the area that a text names, as it is spelled here or in ``more``; the text itself when it is none."""
    known = (*more, *AREAS)
    for name in (text, english("areas", text)):  # a site's own words go first
        wanted = " ".join(name.casefold().split())
        for area in known:
            if wanted == area.casefold() or wanted in _WORDS.get(area, ()):
                return area
    return text
