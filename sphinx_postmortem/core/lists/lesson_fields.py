"""The fields of lists of lessons, and the kinds of factors that contributed to several incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, later_many, say
from sphinx_postmortem.core.lists.incident_fields import SCOPE
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind, Query, select
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
LESSON_TITLES = {
    TAKEAWAY: later("Key takeaways"),
    WENT_WELL: later("What went well"),
    DID_NOT_GO_WELL: later("What did not go well"),
}
ROLES = {"factors": FACTOR, "assets": ASSET}
FACTOR_LAYOUTS = ("table", "texts", "details")
NO_KIND = later("Without a kind")
_TAGGED = "tag:"


@dataclass(frozen=True)
class PointOfIncident:
    """A lesson, factor or asset, and its incident."""

    point: Point
    incident: Incident


def _points(*roles: str) -> Callable[[Facts], Iterator[PointOfIncident]]:
    """Return how the points of these roles are found: those of the latest incidents first.

    Two incidents that share an id share their points; each is found once.
    """

    def rows(facts: Facts) -> Iterator[PointOfIncident]:
        seen: set[int] = set()
        for incident in facts.knowledge.incidents:
            for point in facts.knowledge.points_by_incident.get(incident.key, ()):
                if point.role in roles and point.docname == incident.docname and id(point) not in seen:
                    seen.add(id(point))
                    yield PointOfIncident(point, incident)

    return rows


def _incident(row: PointOfIncident) -> Incident:
    return row.incident


def _incident_name(row: PointOfIncident, facts: Facts) -> tuple[str, ...]:
    return (row.incident.full_title,)


def _year(row: PointOfIncident, facts: Facts) -> tuple[str, ...]:
    return (str(row.incident.first_day.year),) if row.incident.first_day else ()


# The fields of the incident by which both lists are filtered; a lesson list is grouped by the severity, too.
_SCOPE = tuple(
    replace(field.seen_from(_incident), title="", can_sort=False, can_group=field.name == "severity")
    for field in SCOPE
    if field.filter
)
_WHAT = Filter[PointOfIncident](
    "what",
    f"some of {', '.join(f'`{role}`' for role in LESSONS)}",
    "Under which heading of the template the lesson stands.",
    one_of=lambda _: LESSONS,
    passes=lambda wanted, row, _: row.point.role in wanted,
)
_TAG = Filter[PointOfIncident](
    "tag",
    "words",
    "The bold words with which an item begins: `- **Detection**: ...`.",
    names=lambda facts: (point.kind for point in facts.knowledge.points if point.role in LESSONS),
)

LESSON_LIST = ListKind[PointOfIncident](
    noun="lesson",
    none=later("No lessons."),
    more=later_many("{number} more lesson is not shown.", "{number} more lessons are not shown."),
    fields=(
        Field(
            "what",
            lambda row, _: (LESSON_TITLES[row.point.role],),
            filter=_WHAT,
            can_group=True,
            order=lambda title, _: [*LESSON_TITLES.values()].index(title),
            says=True,
        ),
        Field("tag", lambda row, _: (row.point.kind,), filter=_TAG, can_group=True, nothing=later("Without a tag")),
        *_SCOPE,
        Field("incident", _incident_name, can_group=True, keeps_order=True),
        Field("year", _year, can_group=True, keeps_order=True, nothing=later("Without a date")),
    ),
    rows=_points(*LESSONS),
)


def _factor_names(row: PointOfIncident, facts: Facts) -> tuple[str, ...]:
    """Return what a point counts for: its factors, or its kind where it has no tag."""
    return tuple(f"{_TAGGED}{tag}" for tag in row.point.tags) or (row.point.kind,)


def _label(name: str, facts: Facts) -> str:
    return facts.factors.label_of(name.removeprefix(_TAGGED)) if name.startswith(_TAGGED) else name


def _recurring(role: str) -> ListKind[PointOfIncident]:
    kind = Field[PointOfIncident]("kind", _factor_names, nothing=NO_KIND, keeps_order=True, label=_label)
    fields, rows = (kind, *_SCOPE), _points(role)
    if role == FACTOR:
        more = later_many(
            "{number} more contributing factor is not shown.", "{number} more contributing factors are not shown."
        )
        return ListKind("contributing factor", fields, rows, none=later("No contributing factors."), more=more)
    more = later_many("{number} more affected asset is not shown.", "{number} more affected assets are not shown.")
    return ListKind("affected asset", fields, rows, none=later("No affected assets."), more=more)


RECURRING = {role: _recurring(role) for role in ROLES.values()}
FACTOR_LIST = RECURRING[FACTOR]


@dataclass(frozen=True)
class Recurrence:
    """A factor or a kind of them, the incidents to which it contributed, the newest first, and what they say of it.

    ``factor`` is the tag; empty for the points of a kind without a tag.
    """

    kind: str
    incidents: tuple[Incident, ...]
    points: tuple[PointOfIncident, ...] = field(default=(), compare=False)
    factor: str = ""


def count_recurrence(query: Query, facts: Facts, role: str = FACTOR, least: int = 1) -> tuple[list[Recurrence], int]:
    """Return each factor or kind with its incidents, the most frequent first; and how many are left out.

    Where points have tags, these count, and come first; a kind counts the points that have none.

    An incident counts once for a kind, however many of its factors are of it.

    Args:
        query: of which incidents; its limit is how many kinds are returned at most.
        facts: what is known.
        role: ``FACTOR`` or ``ASSET``.
        least: of how many incidents a kind must be at least.
    """
    selection = select(replace(query, group_by="kind", limit=0), RECURRING[role], facts)
    recurring: list[Recurrence] = []
    for group, rows in selection.groups:
        incidents = {id(row.incident): row.incident for row in rows}
        if group and len(incidents) >= least:
            factor = group.value.removeprefix(_TAGGED) if group.value.startswith(_TAGGED) else ""
            recurring.append(Recurrence(group.title, tuple(incidents.values()), rows, factor))
    if any(each.factor for each in recurring):
        recurring = [
            each if each.factor else replace(each, kind=say("{kind}, no tag", kind=each.kind)) for each in recurring
        ]
    recurring.sort(key=lambda each: (each.kind == NO_KIND, not each.factor, -len(each.incidents), each.kind.casefold()))
    shown = recurring[: query.limit] if query.limit else recurring
    return shown, len(recurring) - len(shown)
