"""Incidents in order of time, by year and by severity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.records.model import Incident

UNDATED, UNRATED = later("Undated"), later("No severity")


def year_of(incident: Incident | None) -> str:
    """Return the year in which an incident began, or ``UNDATED``."""
    return str(incident.first_day.year) if incident is not None and incident.first_day else UNDATED


def by_year(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    """Return the incidents of each year, the latest year first and those without date last; their order stays."""
    groups: dict[str, list[Incident]] = {}
    for incident in incidents:
        groups.setdefault(year_of(incident), []).append(incident)
    return dict(sorted(groups.items(), key=lambda group: (group[0] != UNDATED, group[0]), reverse=True))


def by_severity(incidents: Iterable[Incident], severities: Sequence[str]) -> dict[str, list[Incident]]:
    """Return the incidents of each severity, the gravest first and unknown ones last; their order stays."""
    ranks = {name: rank for rank, name in enumerate(severities)}
    groups: dict[str, list[Incident]] = {}
    for incident in incidents:
        groups.setdefault(incident.severity or UNRATED, []).append(incident)
    return dict(sorted(groups.items(), key=lambda group: (ranks.get(group[0], len(ranks)), group[0])))


def in_order(pages: Iterable[str], incidents: Mapping[str, Incident]) -> list[str]:
    """Return pages by the first day of their incident, those without one last.

    Args:
        pages: names of pages.
        incidents: the first incident of each page that has one.
    """

    def place(page: str) -> tuple[date, str]:
        incident = incidents.get(page)
        return (incident.first_day if incident and incident.first_day else date.max), page

    return sorted(pages, key=place)
