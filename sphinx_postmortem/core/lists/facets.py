"""The facets of a list of incidents: what they can be filtered by, and how many have each value.

They are made of the incidents of the list and of nothing else: a value that only hidden incidents have is in no facet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.lists.incident_fields import INCIDENTS
from sphinx_postmortem.core.lists.query import Facts, folded, severity_order
from sphinx_postmortem.core.records.anchors import slug
from sphinx_postmortem.core.records.knowledge import natural_key
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.vocabulary import INCIDENT_STATUSES, INCIDENT_TYPES

MOST_VALUES = 12
LEAST_ROWS = 5  # Of fewer incidents all are seen at once.


@dataclass(frozen=True)
class FacetValue:
    """One value: as first written, as a part of an id, and how many incidents of the list have it."""

    text: str
    slug: str
    count: int


@dataclass(frozen=True)
class Facet:
    """What incidents are filtered by.

    Of an incident with several values (``has_many``), all that a reader chooses are wanted; else one of them.
    """

    name: str
    title: str
    values: tuple[FacetValue, ...]
    has_many: bool = False


@dataclass(frozen=True)
class _Kind:
    name: str
    title: str
    read: Callable[[Incident, Facts], Iterable[str]]
    order: Callable[[str, int, Facts], Any]
    has_many: bool = False


def _year(incident: Incident, facts: Facts) -> Iterable[str]:
    return (str(incident.first_day.year),) if incident.first_day else ()


def _listed(names: Sequence[str]) -> Callable[[str, int, Facts], Any]:
    """Return how words of which there are only these are sorted: as they stand in the list."""
    places = {folded(name): place for place, name in enumerate(names)}
    return lambda text, _count, _facts: (places.get(folded(text), len(places)), folded(text))


def _frequent_first(text: str, count: int, facts: Facts) -> Any:
    return (-count, natural_key(text))


_KINDS = (
    _Kind(
        "severity", later("Severity"), lambda i, _: (i.severity,), lambda text, _, facts: severity_order(text, facts)
    ),
    _Kind("type", later("Type"), lambda i, _: (i.type,), _listed(INCIDENT_TYPES)),
    _Kind("status", later("Status"), lambda i, _: (i.status,), _listed(INCIDENT_STATUSES)),
    _Kind("year", later("Year"), _year, lambda text, _count, _facts: -int(text)),
    _Kind("factor", later("Factor"), INCIDENTS.field("factors").read, _frequent_first, has_many=True),
    _Kind("asset", later("Asset"), INCIDENTS.field("assets").read, _frequent_first, has_many=True),
)


def facets_of(incidents: Sequence[Incident], facts: Facts) -> tuple[Facet, ...]:
    """Return the facets of these incidents; none of which all have the same, and none at all for a few incidents."""
    made = (_facet(kind, incidents, facts) for kind in _KINDS) if len(incidents) >= LEAST_ROWS else ()
    return tuple(facet for facet in made if any(value.count < len(incidents) for value in facet.values))


def _facet(kind: _Kind, incidents: Sequence[Incident], facts: Facts) -> Facet:
    written: dict[str, str] = {}
    counts: dict[str, int] = {}
    for incident in incidents:
        for text in _values(kind, incident, facts):
            written.setdefault(folded(text), text)
            counts[folded(text)] = counts.get(folded(text), 0) + 1
    values = [FacetValue(written[key], slug(key), count) for key, count in counts.items()]
    values.sort(key=lambda value: kind.order(value.text, value.count, facts))
    return Facet(kind.name, kind.title, tuple(values[:MOST_VALUES]), kind.has_many)


def _values(kind: _Kind, incident: Incident, facts: Facts) -> Iterable[str]:
    """Return an incident's values, each once."""
    return {folded(text): text for text in kind.read(incident, facts) if text.strip()}.values()


def slugs_of(incident: Incident, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return an incident's values as parts of ids, by the names of the facets."""
    return {kind.name: tuple(slug(folded(text)) for text in _values(kind, incident, facts)) for kind in _KINDS}
