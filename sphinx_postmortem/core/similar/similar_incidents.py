"""Finds the incidents that resemble one another, or a text, with the reason in words.

Terms weigh as in Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009),
on both sides. Factors, techniques, assets and runbooks weigh by how few incidents have them (Sparck Jones, "A
statistical interpretation of term specificity", 1972), several times as much as a term. All weights are whole numbers,
so that every machine finds the same. For each search only the rarest features count, up to a bound of work.
``benchmarks/similar_recall.py`` measures what is found, and at what cost, beside the library bm25s.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from functools import cached_property

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.similar import MOST_SIMILAR
from sphinx_postmortem.core.similar.features import (
    ASSETS,
    FACTORS,
    RUNBOOKS,
    TECHNIQUES,
    TERMS,
    Feature,
    Features,
    features_of,
    features_of_text,
)

_WEIGHTS = {FACTORS: 9, TECHNIQUES: 6, ASSETS: 9, RUNBOOKS: 6}  # times the weight of a term that stands once
_MOST_TERMS = 80  # of one incident or text, the rarest
_MOST_WORK = 6000  # how many pairs of a term and an incident one search looks at; as many of other features
_LEAST_TERMS = 3  # shared by two incidents that share nothing else
_LEAST_TERMS_OF_TEXT = 2  # an alert may be short
_FEW_WITH_TERM, _FEW_WITH_OTHER = 5, 20  # a feature of more incidents, and of more than a quarter of all, tells nothing
_MOST_TRIED = 50
_SHARE_OF_BEST = 3  # an incident with less than a third of the best one's weight is not shown


@dataclass(frozen=True)
class Similar:
    """An incident that was found, and what it has in common with the incident or text that was asked about.

    ``shared`` holds pairs of a kind of feature and a name, ``words`` holds terms; both have the weightiest first,
    with the names that the incident or text has which was asked about.
    """

    incident: Incident
    shared: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Posting:
    """The incidents that have a feature, by their places, each with the weight that it has there."""

    places: list[int]
    weights: list[int]


class SimilarIncidents:
    """Finds similar incidents of a knowledge base.

    Args:
        knowledge: the records that the edition sees.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._found: dict[tuple[str, int], tuple[Similar, ...]] = {}

    def to_incident(self, incident: Incident, most: int = MOST_SIMILAR) -> tuple[Similar, ...]:
        """Return at most ``most`` incidents that resemble ``incident``, the most similar first."""
        asked = (incident.key, most)
        if asked not in self._found:
            place = self._places.get(incident.key)
            features = self._features[place] if place is not None else features_of(incident, self._knowledge, self._ids)
            self._found[asked] = tuple(self._nearest(features, place, most, _LEAST_TERMS))
        return self._found[asked]

    def to_text(self, text: str, most: int = MOST_SIMILAR) -> tuple[Similar, ...]:
        """Return at most ``most`` incidents that resemble a text, such as an alert, the most similar first."""
        return tuple(self._nearest(features_of_text(text), None, most, _LEAST_TERMS_OF_TEXT))

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """The incidents, the latest first. Where two have one id, it is the one to which references lead."""
        return tuple(i for i in self._knowledge.incidents if self._knowledge.find_incident(i.id) is i)

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(incident.key for incident in self.incidents)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {incident.key: place for place, incident in enumerate(self.incidents)}

    @cached_property
    def _features(self) -> list[Features]:
        return [features_of(incident, self._knowledge, self._ids) for incident in self.incidents]

    @cached_property
    def _postings(self) -> dict[Feature, _Posting]:
        """The incidents of each feature that several have; of terms, only of those that tell them apart."""
        places: dict[Feature, list[int]] = {}
        for place, features in enumerate(self._features):
            for feature in features.counts:
                places.setdefault(feature, []).append(place)
        lengths = [sum(n for (kind, _), n in each.counts.items() if kind == TERMS) for each in self._features]
        quarter = len(self.incidents) // 4
        return {
            feature: _Posting(found, list(self._weights(feature, found, lengths)))
            for feature, found in places.items()
            if len(found) <= max(quarter, _FEW_WITH_TERM if feature[0] == TERMS else _FEW_WITH_OTHER)
        }

    def _weights(self, feature: Feature, places: list[int], lengths: list[int]) -> Iterator[int]:
        """Yield the weight of a feature in each incident that has it."""
        rarity = _rarity(len(self.incidents), len(places))
        if feature[0] != TERMS:
            yield from [rarity * 16 * _WEIGHTS[feature[0]]] * len(places)
            return
        total = max(1, sum(lengths))
        for place in places:
            relative = lengths[place] * len(lengths) * 256 // total  # the length by that of the average, in 1/256
            yield rarity * _often(self._features[place].counts[feature], relative)

    def _nearest(self, features: Features, own: int | None, most: int, least_terms: int) -> Iterator[Similar]:
        scores = self._scores(features)
        if own is not None:
            scores[own] = 0
        best = max(scores, default=0)
        if not best:
            return
        able = (place for place, score in enumerate(scores) if score * _SHARE_OF_BEST >= best)

        def order(place: int) -> tuple[int, int]:
            is_of_type = bool(features.type) and self._features[place].type == features.type
            return -scores[place] * (17 if is_of_type else 16), place

        found = 0
        for place in heapq.nsmallest(_MOST_TRIED, able, key=order):
            similar = self._similar(features, place)
            if similar.shared or len(similar.words) >= least_terms:
                yield similar
                if (found := found + 1) == most:
                    return

    def _scores(self, features: Features) -> list[int]:
        """Return how much each incident has in common with the features."""
        scores = [0] * len(self.incidents)
        known = [(self._postings[feature], feature) for feature in features.counts if feature in self._postings]
        known.sort(key=lambda each: (len(each[0].places), each[1]))
        terms = [each for each in known if each[1][0] == TERMS][:_MOST_TERMS]
        others = [each for each in known if each[1][0] != TERMS]
        for posting, feature in (*_within_bound(terms), *_within_bound(others)):
            asked, weights = _often(features.counts[feature], 256), posting.weights
            if asked != 16:  # most stand once, and weigh what they weigh
                weights = [weight * asked // 16 for weight in weights]
            for place, weight in zip(posting.places, weights, strict=True):
                scores[place] += weight
        return scores

    def _similar(self, features: Features, place: int) -> Similar:
        """Return an incident with what it has in common with the features."""
        theirs = self._features[place].counts
        shared = [feature for feature in features.counts if feature in theirs and feature in self._postings]

        def order(feature: Feature) -> tuple[int, Feature]:
            often = _often(features.counts[feature], 256) * _often(theirs[feature], 256)
            return -often * _rarity(len(self.incidents), len(self._postings[feature].places)), feature

        shared.sort(key=order)
        words = [features.names[feature] for feature in shared if feature[0] == TERMS]
        others = [(feature[0], features.names[feature]) for feature in shared if feature[0] != TERMS]
        return Similar(self.incidents[place], tuple(others), tuple(words))


def _within_bound(known: list[tuple[_Posting, Feature]]) -> Iterator[tuple[_Posting, Feature]]:
    """Yield the features, the rarest first, until the bound of work is reached."""
    work = 0
    for posting, feature in known:
        work += len(posting.places)
        if work > _MOST_WORK:
            return
        yield posting, feature


def _rarity(total: int, having: int) -> int:
    """Return how much a feature tells that ``having`` of ``total`` incidents have: log2(1 + total / having).

    The result is in eighths, rounded down, and made from whole numbers: logarithms of floating point differ from
    machine to machine.
    """
    return int(((total + having) ** 8 // having**8).bit_length()) - 1


def _often(count: int, relative_length: int) -> int:
    """Return the weight of a term by how often it stands in a text, in sixteenths (k1 = 1.2, b = 0.75).

    Args:
        count: how often.
        relative_length: the length of the text by the average length, in 1/256.
    """
    length = 64 + 192 * relative_length // 256
    return 16 * 22 * 256 * count // (10 * 256 * count + 12 * length)
