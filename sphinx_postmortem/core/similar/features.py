"""Collects by what incidents are compared: contributing factors, techniques, assets, runbooks, type, and terms.

Only what the records hold counts, and records hold what the edition shows. A term is the stem of a word that has four
letters or more, or is an abbreviation such as VPN or S3: short words are small words in most languages. Names with
hyphens and dots (``ci-pub-7``, ``cve-2021-44228``, ``203.0.113.7``) count whole and in parts. Chinese and Japanese put
no spaces between words: there each pair of neighbouring characters counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sphinx_postmortem.core.attack.coverage import techniques_of
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.factors import COMMON_WORDS, stem
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import ASSET, Incident, Point

_WORD = expression(r"[^\W_]++(?:[.-][^\W_]++)*+")
_UNSPACED = expression(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_ADDRESS = expression(r"\d{1,3}(?:\.\d{1,3}){3}")
_SHORT = 3
_LONGEST = 64  # characters; what is longer is no word
_MORE_COMMON = frozenset(
    ["will", "just", "like", "very", "once", "again", "still", "even", "within", "without", "during", "until", "since"]
    + ["being", "done", "made", "make", "took", "take", "used", "using", "however", "these", "those", "here", "through"]
    + ["between", "against", "cannot", "did", "none", "unknown", "yet", "incident", "incidents", "recorded"]
    + ["january", "february", "march", "april", "june", "july", "august", "september", "october", "november"]
    + ["december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    + ["sev1", "sev2", "sev3", "sev4", "sev-1", "sev-2", "sev-3", "sev-4", "utc", "e.g", "i.e"]
)


def terms_in(text: str, left_out: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield the stem of each word of a text and the word itself, both in lower case.

    Args:
        text: any text.
        left_out: words in lower case that do not count, such as the ids of incidents.
    """
    for match in _WORD.finditer(text):
        word = match[0]
        low = word.casefold()
        if len(word) > _LONGEST or low in left_out or low in _MORE_COMMON:
            continue
        if _UNSPACED.search(word):
            yield from _pairs(word)
            continue
        parts = re.split(r"[.-]", word)
        if len(parts) > 1 and (_has_letter(word) or _ADDRESS.fullmatch(word)):
            yield low, low
        for part in parts:
            if _counts(part):
                yield stem(part.casefold()), part.casefold()


def _pairs(word: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of characters of the parts of a word that has no spaces."""
    for run in _UNSPACED.findall(word):
        for start in range(len(run) - 1):
            yield run[start : start + 2], run[start : start + 2]


def _counts(word: str) -> bool:
    """Say whether a word tells something: a long one that is not common, or an abbreviation."""
    low = word.casefold()
    if not _has_letter(word) or low in COMMON_WORDS or low in _MORE_COMMON:
        return False
    return len(word) > _SHORT or (len(word) > 1 and (word.isupper() or any(map(str.isdigit, word))))


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


FACTORS, TECHNIQUES, ASSETS, RUNBOOKS, TERMS = "factor", "technique", "asset", "runbook", "term"
Feature = tuple[str, str]
"""The kind of a feature, and the key by which features of that kind differ."""

MOST_TEXT = 100_000  # characters; the beginning of a text tells what it is about


@dataclass
class Features:
    """The features of a text or an incident: how often each occurs, and the name that people know it by.

    ``type`` is the type of the incident, in lower case; empty for a text.
    """

    type: str = ""
    counts: dict[Feature, int] = field(default_factory=dict[Feature, int])
    names: dict[Feature, str] = field(default_factory=dict[Feature, str])

    def add(self, kind: str, key: str, name: str) -> None:
        """Count a feature once more, and keep the name under which it came first."""
        feature = (kind, key)
        self.counts[feature] = self.counts.get(feature, 0) + 1
        self.names.setdefault(feature, name)

    def add_text(self, text: str, ids: Collection[str]) -> None:
        """Count the terms of a text, up to ``MOST_TEXT`` characters, without the ids of incidents."""
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
        ids: the ids of all incidents in lower case. They do not count as terms: naming an incident is no resemblance.
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
