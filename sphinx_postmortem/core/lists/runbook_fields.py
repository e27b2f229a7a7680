"""The fields of the list of runbooks: which were used, which were not, and which did not help."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sphinx_postmortem.core.language.texts import later, later_many, say
from sphinx_postmortem.core.lists.incident_fields import OF_INCIDENTS, SINCE, UNTIL
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind, Query, Selection, SortKey, select
from sphinx_postmortem.core.records.runbook_history import RunbookUse

USED, UNUSED, UNHELPFUL = "used", "unused", "unhelpful"
_STATES = (USED, UNUSED, UNHELPFUL)


def _any_row(wanted: Collection[str], row: RunbookUse, facts: Facts) -> bool:
    return True


def _is_in_state(wanted: Collection[str], row: RunbookUse, _: Facts) -> bool:
    states = {
        USED: bool(row.incidents),
        UNUSED: not row.incidents and not row.unhelpful,
        UNHELPFUL: bool(row.unhelpful),
    }
    return any(states[name] for name in wanted)


def _last_used(row: RunbookUse) -> str:
    return next((incident.first_day.isoformat() for incident in row.incidents if incident.first_day), "")


def _numbers(row: RunbookUse, facts: Facts) -> str:
    actions = (
        action
        for incident in row.incidents
        for action in facts.knowledge.actions_by_incident.get((incident.docname, incident.id), ())
    )
    numbers = facts.knowledge.numbers(actions, facts.today)
    if numbers.overdue:
        return say("{number} ({overdue} overdue)", number=numbers.open, overdue=numbers.overdue)
    return str(numbers.open)


# Every row passes: a period chooses the incidents that count, before runbooks are filtered.
_PERIOD = tuple(
    Filter[RunbookUse](
        each.option, each.takes, f"{each.meaning} Others do not count.", each.default, is_day=True, passes=_any_row
    )
    for each in (SINCE, UNTIL)
)

RUNBOOKS = ListKind[RunbookUse](
    noun="runbook",
    none=later("No runbooks."),
    more=later_many("{number} more runbook is not shown.", "{number} more runbooks are not shown."),
    fields=(
        Field(
            "runbook",
            lambda row, _: (row.title,),
            later("Runbook"),
            can_sort=True,
        ),
        Field(
            "incidents",
            lambda row, _: (str(len(row.incidents)),),
            later("Incidents"),
            can_sort=True,
            sort_value=lambda row, _: -len(row.incidents),
        ),
        Field(
            "which",
            lambda row, _: (incident.id for incident in row.incidents),
            later("Which"),
        ),
        Field(
            "last",
            lambda row, _: (_last_used(row),),
            later("Last used"),
            can_sort=True,
        ),
        Field(
            "unhelpful",
            lambda row, _: (f"{incident.id}: {point.text}" for incident, point in row.unhelpful),
            later("Where it did not help"),
        ),
        Field("open-actions", lambda row, facts: (_numbers(row, facts),), later("Open actions")),
        *(Field[RunbookUse](each.option, filter=each) for each in _PERIOD),
        Field(
            "state",
            filter=Filter(
                "state",
                f"some of {', '.join(f'`{state}`' for state in _STATES)}",
                "Runbooks that incidents used, that none did, or that one names below *What didn't go well*.",
                one_of=lambda _: _STATES,
                passes=_is_in_state,
            ),
        ),
    ),
    rows=lambda facts: facts.runbooks.uses,
    columns=("runbook", "incidents", "last", "unhelpful", "open-actions"),
    sort=(SortKey("incidents"), SortKey("runbook")),
    sort_text="`incidents`: those of the most incidents first",
)


def choose_runbooks(query: Query, facts: Facts) -> Selection[RunbookUse]:
    """Return the runbooks of a list; of their incidents only those of its period count."""
    asked = tuple((option, values) for option, values in query.wanted if option in (SINCE.option, UNTIL.option))
    in_period = {id(incident) for incident in select(Query(asked), OF_INCIDENTS, facts).rows}
    rows = [
        replace(
            row,
            incidents=tuple(incident for incident in row.incidents if id(incident) in in_period),
            unhelpful=tuple(pair for pair in row.unhelpful if id(pair[0]) in in_period),
        )
        for row in facts.runbooks.uses
    ]

    def in_rows(_: Facts) -> list[RunbookUse]:
        return rows

    return select(query, replace(RUNBOOKS, rows=in_rows), facts)
