"""Says in words why two incidents, or a text and an incident, resemble one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sphinx_postmortem.core.attack.table import AttackTable
from sphinx_postmortem.core.language.texts import later_many, say, say_many
from sphinx_postmortem.core.records.factors import FactorVocabulary
from sphinx_postmortem.core.similar.features import ASSETS, FACTORS, RUNBOOKS, TECHNIQUES
from sphinx_postmortem.core.similar.similar_incidents import Similar

_MOST_NAMED = 5
_SHARED = {
    FACTORS: later_many("factor {names}", "factors {names}"),
    TECHNIQUES: later_many("technique {names}", "techniques {names}"),
    ASSETS: later_many("asset {names}", "assets {names}"),
    RUNBOOKS: later_many("runbook {names}", "runbooks {names}"),
}


def reason(similar: Similar, names: Callable[[str, str], str]) -> str:
    """Return in words what both have in common: factors, techniques, assets, runbooks, and the weightiest terms.

    Args:
        similar: the incident that was found, with what it shares.
        names: returns the name that people know a feature by, given its kind and its name in the records.
    """
    return "; ".join(_parts(similar, names))


def _parts(similar: Similar, names: Callable[[str, str], str]) -> Iterator[str]:
    said = ""
    for kind, (one, several) in _SHARED.items():
        if found := [names(kind, name) for of_kind, name in similar.shared if of_kind == kind]:
            said += " ".join(found).casefold()
            yield say_many(one, several, len(found), names=_listed(found))
    if words := [word for word in dict.fromkeys(similar.words) if word not in said][:_MOST_NAMED]:
        yield say_many("word {names}", "words {names}", len(words), names=", ".join(words))


def _listed(names: list[str]) -> str:
    shown, more = ", ".join(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    return say("{names} and {number} more", names=shown, number=more) if more > 0 else shown


class FeatureNames:
    """Returns the names that people know features by.

    Args:
        factors: the site's contributing factors.
        attack: the techniques that the site knows.
        runbook_title: returns the title of a page; without it, its name is shown.
    """

    def __init__(
        self, factors: FactorVocabulary, attack: AttackTable, runbook_title: Callable[[str], str] | None = None
    ) -> None:
        self._factors, self._attack, self._runbook_title = factors, attack, runbook_title

    def __call__(self, kind: str, name: str) -> str:
        """Return the name that people know a feature by; a kind without names of its own has the record's."""
        if kind == FACTORS:
            return self._factors.label_of(name)
        if kind == TECHNIQUES:
            return f"{name} {self._attack.title(name)}".rstrip()
        if kind == RUNBOOKS:
            return self._runbook_title(name) if self._runbook_title else name.rpartition("/")[2]
        return name
