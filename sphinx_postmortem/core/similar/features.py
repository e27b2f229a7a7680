"""By what incidents are compared: their contributing factors, techniques, assets and runbooks, type, and terms.

Only what the records hold counts, and records hold what the edition shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sphinx_postmortem.core.attack.coverage import techniques_of
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import ASSET, Incident, Point
from sphinx_postmortem.core.similar.search_words import terms_in

FACTORS, TECHNIQUES, ASSETS, RUNBOOKS, TERMS = "factor", "technique", "asset", "runbook", "term"
Feature = tuple[str, str]
"""A kind, and what tells features of the kind apart."""

MOST_TEXT = 100_000  # characters; the begin of a text tells what it is about


@dataclass
class Features:
    """What a text or an incident is compared by: how often it has each feature, and how people call it.

    ``type`` is the incident's, in lower case.
    """

    type: str = ""
    counts: dict[Feature, int] = field(default_factory=dict[Feature, int])
    names: dict[Feature, str] = field(default_factory=dict[Feature, str])

    def add(self, kind: str, key: str, name: str) -> None:
        """Count a feature; the first name stays."""
        feature = (kind, key)
        self.counts[feature] = self.counts.get(feature, 0) + 1
        self.names.setdefault(feature, name)

    def add_text(self, text: str, ids: Collection[str]) -> None:
        """Count the terms of a text."""
        for key, word in terms_in(text[:MOST_TEXT], ids):
            self.add(TERMS, key, word)


def features_of_text(text: str, ids: Collection[str] = ()) -> Features:
    """Return the features of a text that is no incident, such as an alert."""
    found = Features()
    found.add_text(text, ids)
    return found


def features_of(incident: Incident, knowledge: KnowledgeBase, ids: Collection[str]) -> Features:
    """Return the features of an incident.

    Args:
        incident: the incident.
        knowledge: the records that the edition sees.
        ids: the ids of all incidents in lower case: who names an incident does not resemble it for that.
    """
    found = Features(incident.type.casefold())
    points = [p for p in knowledge.points_by_incident.get(incident.key, ()) if p.docname == incident.docname]
    for point in points:
        for tag in point.tags:
            found.add(FACTORS, tag, tag)
        if point.role == ASSET and (name := " ".join(point.text.split()).strip(" .")):
            found.add(ASSETS, name.casefold(), name)
    for technique in techniques_of(incident, knowledge):
        found.add(TECHNIQUES, technique, technique)
    for runbook in incident.runbooks:
        found.add(RUNBOOKS, runbook, runbook)
    found.add_text("\n".join(_texts(incident, points, knowledge)), ids)
    return found


def _texts(incident: Incident, points: list[Point], knowledge: KnowledgeBase) -> Iterator[str]:
    place = (incident.docname, incident.id)
    yield from (incident.bare_title, incident.summary, *(text for _, text in incident.impacts))
    for point in points:
        yield point.text  # its kind, such as Monitoring, stands in most
    for event in knowledge.events_by_incident.get(place, ()):
        yield from (event.text, event.notes)
    for response in knowledge.responses_by_incident.get(place, ()):
        yield from (response.text, response.rationale)
    for action in knowledge.actions_by_incident.get(place, ()):
        yield action.text
