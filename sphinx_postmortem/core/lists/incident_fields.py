"""The fields of lists of incidents, and the filter by their runbooks, which lists of actions have too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sphinx_postmortem.core.attack.coverage import techniques_of
from sphinx_postmortem.core.language.texts import later, later_many, say
from sphinx_postmortem.core.lists import relative_days
from sphinx_postmortem.core.lists.query import (
    Facts,
    Field,
    Filter,
    ListKind,
    Query,
    SortKey,
    folded,
    meets,
    severity_order,
)
from sphinx_postmortem.core.lists.technique_filter import technique_field
from sphinx_postmortem.core.lists.veris_fields import VERIS_FIELDS
from sphinx_postmortem.core.records.field_uses import RECORDS, SUMMARIES
from sphinx_postmortem.core.records.knowledge import Numbers, natural_key
from sphinx_postmortem.core.records.model import ASSET, EVENTS, FACTOR, Incident, Point
from sphinx_postmortem.core.records.vocabulary import IMPACT_TITLES, INCIDENT_STATUSES, INCIDENT_TYPES, TLP_LABELS

Row = TypeVar("Row")

_NO_RUNBOOK = "none"


def incident_label(value: str, facts: Facts) -> str:
    """Return the heading of the rows of an incident: its id and title."""
    incident = facts.knowledge.find_incident(value)
    return incident.full_title if incident else value


def runbook_filter(read: Callable[[Row, Facts], Iterable[str]]) -> Filter[Row]:
    """Return the filter by the runbooks that ``read`` finds."""
    return Filter(
        "runbook",
        "pages",
        "Runbooks that the incident used, by the name of their page or its last part; `none` for no runbook.",
        passes=lambda wanted, row, facts: _used_one_of(wanted, tuple(read(row, facts))),
        names=_all_runbooks,
        knows=lambda name, facts: name == _NO_RUNBOOK or _is_one_of([name], _all_runbooks(facts)),
    )


def _all_runbooks(facts: Facts) -> Collection[str]:
    return facts.knowledge.incidents_by_runbook


def _used_one_of(wanted: Collection[str], runbooks: Collection[str]) -> bool:
    return _is_one_of(wanted, runbooks) or (_NO_RUNBOOK in wanted and not runbooks)


def _is_one_of(wanted: Collection[str], runbooks: Iterable[str]) -> bool:
    """Say whether a runbook is wanted, by its page's name or the last parts of it."""
    names = [name.strip("/").removesuffix(".md").removesuffix(".rst") for name in wanted]
    return any(f"/{runbook.casefold().strip('/')}".endswith(f"/{name}") for runbook in runbooks for name in names)


def points_of(incident: Incident, role: str, facts: Facts) -> list[Point]:
    """Return the factors, assets or lessons of an incident."""
    return [point for point in facts.knowledge.points_by_incident.get(incident.key, ()) if point.role == role]


def _kinds(role: str) -> Callable[[Incident, Facts], Iterable[str]]:
    """Return how the kinds of an incident's points are read: each once, as first written."""

    def read(incident: Incident, facts: Facts) -> Iterable[str]:
        kinds: dict[str, str] = {}
        for point in points_of(incident, role, facts):
            kinds.setdefault(folded(point.kind), point.kind)
        return kinds.values()

    return read


def _all_kinds(role: str) -> Callable[[Facts], Iterable[str]]:
    return lambda facts: (point.kind for point in facts.knowledge.points if point.role == role)


def _factor_names(incident: Incident, facts: Facts) -> Iterable[str]:
    """Return the words of an incident's factors; the kinds of those that have no tag."""
    points = points_of(incident, FACTOR, facts)
    tagged = (facts.factors.label_of(tag) for point in points for tag in point.tags)
    return {folded(name): name for name in (*tagged, *(point.kind for point in points if not point.tags))}.values()


def _factor_id(name: str, facts: Facts) -> str:
    factor = facts.factors.find_named(name)
    return factor.id if factor else name


def _tags_and_kinds(points: Iterable[Point]) -> Iterable[str]:
    return dict.fromkeys(name for point in points for name in (*point.tags, point.kind))


def _names_asset(wanted: Collection[str], point: Point) -> bool:
    """Say whether an asset is of one of the kinds, or its text holds one of the names."""
    return any(name == folded(point.kind) or name in folded(point.text) for name in wanted)


def _has_asset(wanted: Collection[str], incident: Incident, facts: Facts) -> bool:
    return any(_names_asset(wanted, point) for point in points_of(incident, ASSET, facts))


def _is_an_asset(name: str, facts: Facts) -> bool:
    return any(_names_asset([name], point) for point in facts.knowledge.points if point.role == ASSET)


def _lasted_to(wanted: Collection[str], incident: Incident, facts: Facts) -> bool:
    return incident.last_day is not None and all(incident.last_day.isoformat() >= day for day in wanted)


def _began_by(wanted: Collection[str], incident: Incident, facts: Facts) -> bool:
    return incident.first_day is not None and all(incident.first_day.isoformat() <= day for day in wanted)


def days_of(incident: Incident) -> str:
    """Return an incident's day, or its first and last one."""
    first, last = incident.first_day, incident.last_day
    if first is None:
        return ""
    return first.isoformat() if last in (None, first) else say("{first} to {last}", first=first, last=last)


def _action_counts(incident: Incident, facts: Facts) -> Iterable[str]:
    """Return how many actions an incident has, such as ``2 open (1 overdue)`` and ``3 done``."""
    actions = facts.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    numbers = facts.knowledge.numbers(actions, facts.today)
    return (
        open_text(numbers) if numbers.open else "",
        say("{number} done", number=numbers.done) if numbers.done else "",
    )


def open_text(numbers: Numbers) -> str:
    """Return how many actions are open, and how many of them are overdue: ``2 open (1 overdue)``."""
    if numbers.overdue:
        return say("{number} open ({overdue} overdue)", number=numbers.open, overdue=numbers.overdue)
    return say("{number} open", number=numbers.open)


def _open_actions(incident: Incident, facts: Facts) -> Iterable[str]:
    """Return how many actions of an incident need more work, such as ``3 (1 overdue)``."""
    actions = facts.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    numbers = facts.knowledge.numbers(actions, facts.today)
    late = say("{number} ({overdue} overdue)", number=numbers.open, overdue=numbers.overdue) if numbers.overdue else ""
    return (late or str(numbers.open) if actions else "",)


def _status_rank(incident: Incident, facts: Facts) -> int | None:
    return INCIDENT_STATUSES.index(incident.status) if incident.status in INCIDENT_STATUSES else None


def _impact(kind: str) -> Field[Incident]:
    title = IMPACT_TITLES[kind]
    return Field(f"{kind}-impact", lambda i, _: (dict(i.impacts).get(kind, ""),), title, listed=SUMMARIES)


def _words(option: str, allowed: tuple[str, ...], meaning: str) -> Filter[Incident]:
    """Return a filter by words of which there are only these."""
    return Filter(option, f"some of {', '.join(f'`{word}`' for word in allowed)}", meaning, one_of=lambda _: allowed)


_TLP = Filter[Incident](
    "tlp",
    f"some of {', '.join(f'`{label}`' for label in TLP_LABELS)}",
    "TLP 2.0 labels of the incident.",
    one_of=lambda _: TLP_LABELS,
    spelled=lambda text: text.upper().replace("TLP:", ""),
)
_INCIDENT = Filter[Incident](
    "incident",
    "incident ids",
    "The incidents themselves.",
    names=lambda facts: (incident.id for incident in facts.knowledge.incidents),
)
SINCE = Filter[Incident](
    "since",
    relative_days.TAKES,
    "Incidents that lasted to that day or began later.",
    "no limit",
    is_day=True,
    passes=_lasted_to,
)
UNTIL = Filter[Incident](
    "until",
    relative_days.TAKES,
    "Incidents that began on that day or earlier.",
    "no limit",
    is_day=True,
    passes=_began_by,
)
_FACTOR = Filter[Incident](
    "factor",
    "tags or kinds",
    "Its contributing factors: their tags, or their kinds.",
    resolved=_factor_id,
    passes=lambda wanted, incident, facts: meets(wanted, _tags_and_kinds(points_of(incident, FACTOR, facts))),
    names=lambda facts: _tags_and_kinds(point for point in facts.knowledge.points if point.role == FACTOR),
    knows=lambda name, facts: (
        folded(_factor_id(name, facts))
        in {folded(each) for each in _tags_and_kinds(p for p in facts.knowledge.points if p.role == FACTOR)}
    ),
)
_ASSET = Filter[Incident](
    "asset",
    "kinds or names",
    "Kinds of its affected assets, or names in their texts.",
    passes=_has_asset,
    names=_all_kinds(ASSET),
    knows=_is_an_asset,
)


def period_fields(incident_of: Callable[[Row, Facts], Incident | None]) -> tuple[Field[Row], Field[Row]]:
    """Return the filters ``since`` and ``until`` of rows that have an incident; those without one do not pass."""

    def when(each: Filter[Incident]) -> Filter[Row]:
        test = each.passes

        def passes(wanted: Collection[str], row: Row, facts: Facts) -> bool:
            incident = incident_of(row, facts)
            return incident is not None and test is not None and test(wanted, incident, facts)

        return Filter(each.option, each.takes, each.meaning, each.default, is_day=True, passes=passes)

    return Field("since", filter=when(SINCE)), Field("until", filter=when(UNTIL))


def severity_field(
    read: Callable[[Row, Facts], Iterable[str]], *, can_group: bool = True, listed: str = RECORDS
) -> Field[Row]:
    """Return the field of an incident's severity, with its filter, for any list.

    Args:
        read: returns the severity of a row's incident, or nothing.
        can_group: whether the list can be grouped by it.
        listed: what a page that shows the field is written again for, as in ``Field``.
    """
    severities = Filter[Row](
        "severity", "some of `postmortem_severities`", "Severities of the incident.", one_of=lambda known: known
    )
    title = later("Severity")
    return Field(
        "severity", read, title, severities, can_sort=True, can_group=can_group, order=severity_order, listed=listed
    )


# By these fields all lists choose the incidents that they are about.
SCOPE: tuple[Field[Incident], ...] = (
    Field("id", lambda i, _: (i.id,), later("Incident"), _INCIDENT, can_sort=True),
    Field("title", lambda i, _: (i.bare_title,), later("Title"), can_sort=True, sort_value=lambda i, _: _key(i.title)),
    Field("date", lambda i, _: (days_of(i),), later("Date"), can_sort=True, sort_value=lambda i, _: i.first_day),
    severity_field(lambda i, _: (i.severity,), can_group=False),
    Field(
        "type",
        lambda i, _: (i.type,),
        later("Type"),
        _words("type", INCIDENT_TYPES, "Types of the incident."),
        can_sort=True,
        says=True,
    ),
    Field(
        "status",
        lambda i, _: (i.status,),
        later("Status"),
        _words("status", INCIDENT_STATUSES, "Statuses of the incident."),
        can_sort=True,
        sort_value=_status_rank,
    ),
    Field("tlp", lambda i, _: (i.tlp,), "TLP", _TLP),
    Field("runbooks", lambda i, _: i.runbooks, later("Runbooks"), runbook_filter(lambda i, _: i.runbooks)),
    technique_field(
        lambda i, facts: techniques_of(i, facts.knowledge),
        "Techniques that the summary or the timeline names.",
        listed=EVENTS,
    ),
    Field("since", filter=SINCE),
    Field("until", filter=UNTIL),
)

OF_INCIDENTS = ListKind[Incident]("incident", SCOPE, lambda facts: facts.knowledge.incidents)
"""The incidents that numbers are about."""


def _key(text: str) -> object:
    return natural_key(text) or None


def _first_of_a_day_first(incidents: list[Incident], query: Query) -> None:
    if query.sort and query.sort[0].field == "oldest":
        incidents.reverse()


INCIDENTS = ListKind[Incident](
    noun="incident",
    none=later("No incidents."),
    more=later_many("{number} more incident is not shown.", "{number} more incidents are not shown."),
    all_of=later("All incidents"),
    fields=(
        Field("name", lambda i, _: (i.bare_title or i.id,), later("Incident")),  # "Incident" alone means the id, below
        *SCOPE,
        Field("factors", _factor_names, later("Contributing factors"), _FACTOR),
        Field("assets", _kinds(ASSET), later("Affected assets"), _ASSET),
        Field("actions", _action_counts, later("Actions")),
        Field("open-actions", _open_actions, later("Open actions")),
        Field("summary", lambda i, _: (" ".join(i.summary.split()),), later("Summary"), listed=SUMMARIES),
        *map(_impact, ("customer", "operational", "regulatory")),
        *VERIS_FIELDS,
        Field(
            "newest",
            can_sort=True,
            sort_value=lambda i, _: -i.first_day.toordinal() if i.first_day else None,
        ),
        Field("oldest", can_sort=True, sort_value=lambda i, _: i.first_day),
    ),
    rows=lambda facts: facts.knowledge.incidents,
    columns=("id", "title", "date", "severity", "type", "status"),
    sort=(SortKey("newest"),),
    sort_text="`newest`",
    arrange=_first_of_a_day_first,
)
