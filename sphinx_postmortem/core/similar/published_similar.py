"""Finds the incidents of a published edition that resemble a text, or one of the incidents."""

from __future__ import annotations

from sphinx_postmortem.core.attack.site_table import table_of
from sphinx_postmortem.core.exports.command_json import SimilarItem
from sphinx_postmortem.core.exports.published_edition import EditionError, PublishedEdition
from sphinx_postmortem.core.records.factors import NO_FACTORS
from sphinx_postmortem.core.similar.reasons import FeatureNames, reason
from sphinx_postmortem.core.similar.similar_incidents import Similar, SimilarIncidents


def similar_to_text(edition: PublishedEdition, text: str, most: int) -> list[SimilarItem]:
    """Return at most ``most`` incidents that resemble a text, the most similar first.

    Raises:
        EditionError: the edition's records cannot be read.
    """
    found = SimilarIncidents(edition.knowledge()).to_text(text, most)
    return [_item(each, edition) for each in found]


def similar_to_incident(edition: PublishedEdition, incident_id: str, most: int) -> list[SimilarItem]:
    """Return at most ``most`` incidents that resemble one of them, the most similar first.

    Raises:
        EditionError: there is no such incident, or the records cannot be read.
    """
    knowledge = edition.knowledge()
    incident = knowledge.find_incident(incident_id)
    if incident is None:
        raise EditionError(f'this edition has no incident "{incident_id}"')
    return [_item(each, edition) for each in SimilarIncidents(knowledge).to_incident(incident, most)]


def _item(each: Similar, edition: PublishedEdition) -> SimilarItem:
    incident = each.incident
    return {
        "id": incident.id,
        "title": incident.bare_title,
        "first_day": incident.first_day.isoformat() if incident.first_day else None,
        "severity": incident.severity,
        "status": incident.status,
        "address": edition.address(incident.url),
        "reason": reason(each, FeatureNames(NO_FACTORS, table_of(""))),
    }
