"""Lists of what was learned, and of what contributed again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sphinx_postmortem.core.lists.filters import Group, folded, meets, unknown_values
from sphinx_postmortem.core.lists.incidents import IncidentFilter, select_incidents
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, natural_key
from sphinx_postmortem.core.records.model import (
    ASSET,
    DID_NOT_GO_WELL,
    FACTOR,
    LESSONS,
    TAKEAWAY,
    WENT_WELL,
    Incident,
    Point,
)

# How lists call the lessons, in the order in which they are shown.
LESSON_TITLES = {TAKEAWAY: "Key takeaways", WENT_WELL: "What went well", DID_NOT_GO_WELL: "What did not go well"}
ROLES = {"factors": FACTOR, "assets": ASSET}
GROUPS = ("what", "tag", "severity", "incident", "year")
NO_KIND = "Without a kind"


@dataclass(frozen=True)
class LessonFilter:
    """Which lessons a list shows: of which ``what`` (``LESSONS``), with which tags, of which incidents."""

    what: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    of: IncidentFilter = field(default_factory=IncidentFilter)
    group_by: str = ""
    limit: int = 0


@dataclass(frozen=True)
class FactorFilter:
    """Which kinds of factors (or assets) a list counts, and over which incidents; ``least`` is the least count."""

    role: str = FACTOR
    of: IncidentFilter = field(default_factory=IncidentFilter)
    least: int = 1
    limit: int = 0


@dataclass(frozen=True)
class Recurrence:
    """A kind of factor, and the incidents to which it contributed, the newest first."""

    kind: str
    incidents: tuple[Incident, ...]


Lesson = tuple[Point, Incident]


def select_lessons(
    chosen: LessonFilter, knowledge: KnowledgeBase, severities: Sequence[str]
) -> tuple[list[tuple[Group | None, list[Lesson]]], int]:
    """Return the lessons that pass, in groups, those of the newest incidents first; and how many are left out."""
    incidents, _ = select_incidents(chosen.of, knowledge, severities)
    found = list(_lessons(chosen, incidents, knowledge))
    shown = found[: chosen.limit] if chosen.limit else found
    left_out = len(found) - len(shown)
    if not chosen.group_by:
        return [(None, shown)] if shown else [], left_out
    groups: dict[str, list[Lesson]] = {}
    titles: dict[str, str] = {}
    for lesson in shown:
        title = _group_title(chosen.group_by, lesson)
        groups.setdefault(folded(title), []).append(lesson)
        titles.setdefault(folded(title), title)
    order = {folded(name): number for number, name in enumerate((*LESSON_TITLES.values(), *severities))}
    keys = list(groups)
    if chosen.group_by not in ("incident", "year"):  # those stand in the order of the incidents
        keys.sort(key=lambda key: (not key, order.get(key, len(order)), natural_key(key)))
    nothing = {"tag": "Without a tag", "year": "Without a date"}.get(chosen.group_by, f"No {chosen.group_by}")
    return [(Group(titles[key], titles[key] or nothing), groups[key]) for key in keys], left_out


def _lessons(chosen: LessonFilter, incidents: Sequence[Incident], knowledge: KnowledgeBase) -> Iterator[Lesson]:
    seen: set[int] = set()
    for incident in incidents:
        for point in knowledge.points_by_incident.get(incident.key, ()):
            is_meant = point.role in (chosen.what or LESSONS) and meets(chosen.tag, (point.kind,))
            # Two incidents that share an id share their lessons; each is shown once.
            if is_meant and point.docname == incident.docname and id(point) not in seen:
                seen.add(id(point))
                yield point, incident


def _group_title(group_by: str, lesson: Lesson) -> str:
    point, incident = lesson
    year = str(incident.first_day.year) if incident.first_day else ""
    name = f"{incident.id}: {incident.title}" if incident.title else incident.id
    titles = {"what": LESSON_TITLES[point.role], "tag": point.kind, "severity": incident.severity, "year": year}
    return {**titles, "incident": name}[group_by]


def count_recurrence(
    chosen: FactorFilter, knowledge: KnowledgeBase, severities: Sequence[str]
) -> tuple[list[Recurrence], int]:
    """Return each kind of factor with its incidents, the most frequent first; and how many kinds are left out.

    An incident counts once for a kind, however many of its factors are of it.
    """
    incidents, _ = select_incidents(chosen.of, knowledge, severities)
    kinds: dict[str, dict[int, Incident]] = {}
    names: dict[str, str] = {}
    for incident in incidents:
        for point in knowledge.points_by_incident.get(incident.key, ()):
            if point.role == chosen.role and point.docname == incident.docname:
                key = folded(point.kind)
                kinds.setdefault(key, {})[id(incident)] = incident
                names.setdefault(key, point.kind or NO_KIND)
    found = [Recurrence(names[key], tuple(kinds[key].values())) for key in kinds]
    found = [recurrence for recurrence in found if len(recurrence.incidents) >= chosen.least]
    found.sort(key=lambda each: (each.kind == NO_KIND, -len(each.incidents), each.kind.casefold()))
    shown = found[: chosen.limit] if chosen.limit else found
    return shown, len(found) - len(shown)


def unknown_in_lesson_list(chosen: LessonFilter, knowledge: KnowledgeBase) -> list[str]:
    """Return a message for each tag that no lesson has."""
    return unknown_values("tag", chosen.tag, (point.kind for point in knowledge.points if point.role in LESSONS))
