"""The fields of the list of runbooks: which were used, which were not, and which did not help."""

from __future__ import annotations

from collections.abc import Collection

from sphinx_postmortem.core.language.texts import later, later_many, say
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind, SortKey
from sphinx_postmortem.core.records.runbook_history import RunbookUse

USED, UNUSED, UNHELPFUL = "used", "unused", "unhelpful"
_STATES = (USED, UNUSED, UNHELPFUL)


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
