"""The titles of groups of rows that hold nothing in the field by which a list is grouped."""

from __future__ import annotations

from sphinx_postmortem.core.language.texts import later

_NOTHING_OF = {
    "owner": later("No owner"),
    "team": later("No team"),
    "incident": later("No incident"),
    "severity": later("No severity"),
    "priority": later("No priority"),
    "status": later("No status"),
    "kind": later("No kind"),
    "addresses": later("No addresses"),
    "state": later("No state"),
    "milestone": later("No milestone"),
    "source": later("No source"),
    "who": later("No who"),
    "precision": later("No precision"),
    "regime": later("No regime"),
    "stage": later("No stage"),
}


def nothing_of(field: str) -> str:
    """Return the title, in English."""
    return _NOTHING_OF.get(field) or f"No {field}"
