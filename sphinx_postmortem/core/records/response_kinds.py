"""What a response was for, as people write it: to contain the incident, or to remedy it (template section 7)."""

from __future__ import annotations

from sphinx_postmortem.core.language.names import english
from sphinx_postmortem.core.records.model import CONTAINMENT, REMEDIATION
from sphinx_postmortem.core.records.tables import column_key

_WORDS = {
    CONTAINMENT: ("containment", "contain", "contained", "immediate containment", "mitigation"),
    REMEDIATION: ("remediation", "remediate", "remedied", "fix", "eradication", "recovery"),
}
_TITLES = {
    CONTAINMENT: ("action taken", "actions taken", "containment action"),
    REMEDIATION: ("fix applied", "fixes applied", "fix", "remediation action"),
}


def read_kind(text: str) -> str:
    """Return the kind that a text names, or an empty text."""
    word = " ".join(english("response_kinds", text.strip("*_` .")).casefold().split())
    return next((kind for kind, words in _WORDS.items() if word in words), "")


def kind_of_title(title: str) -> str:
    """Return the kind that the title of a column says, or an empty text."""
    return next((kind for kind, titles in _TITLES.items() if column_key(title) in titles), "")
