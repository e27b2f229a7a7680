"""The fields of lists of reporting clocks: one row for each stage of each regime that an incident is under."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx_postmortem.core.clocks.clock_texts import ORDER, due_text, regime_text
from sphinx_postmortem.core.clocks.running_clocks import Clock, State
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, later_many
from sphinx_postmortem.core.lists.incident_fields import period_fields, severity_field
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind, SortKey
from sphinx_postmortem.core.records.model import EVENTS, Incident
from sphinx_postmortem.core.records.times import moment_text

_STATES = tuple(state.value for state in State)


@dataclass(frozen=True)
class ClockOfIncident:
    """A clock, and the incident that it runs for."""

    clock: Clock
    incident: Incident


def _rows(facts: Facts) -> Iterable[ClockOfIncident]:
    for incident in facts.knowledge.incidents:
        for clock in facts.clocks.of_incident(facts.knowledge, (incident.docname, incident.id)):
            yield ClockOfIncident(clock, incident)


def _incident(row: ClockOfIncident, _facts: Facts) -> Incident | None:
    return row.incident


def _due(row: ClockOfIncident, _facts: Facts) -> object:
    due = row.clock.due
    return due and (due.first or due.last)


CLOCK_LIST: ListKind[ClockOfIncident] = ListKind(
    noun="reporting clock",
    none=later("No reporting clocks."),
    more=later_many("{number} more reporting clock is not shown.", "{number} more reporting clocks are not shown."),
    fields=(
        Field(
            "incident",
            lambda row, _: (row.incident.id,),
            later("Incident"),
            Filter(
                "incident",
                "incident ids",
                "The incidents that owe the notifications.",
                names=lambda facts: (incident.id for incident in facts.knowledge.incidents),
            ),
            can_sort=True,
            can_group=True,
            listed=EVENTS,
        ),
        Field("title", lambda row, _: (row.incident.bare_title,), later("Title"), listed=EVENTS),
        severity_field(lambda row, _: (row.incident.severity,), listed=EVENTS),
        Field(
            "regime",
            lambda row, _: (regime_text(row.clock),),
            later("Regime"),
            Filter(
                "regime",
                "names of regimes",
                "Regimes, as `reporting-clocks` names them.",
                passes=lambda wanted, row, _: row.clock.rule.regime in wanted,
                names=lambda facts: facts.clocks.book.regimes,
            ),
            can_sort=True,
            can_group=True,
            listed=EVENTS,
        ),
        Field(
            "stage",
            lambda row, _: (row.clock.stage.name,),
            later("Stage"),
            can_sort=True,
            can_group=True,
            listed=EVENTS,
            says=True,
        ),
        Field("start", lambda row, _: (moment_text(row.clock.start),), later("Start (UTC)"), listed=EVENTS),
        Field(
            "due",
            lambda row, _: (due_text(row.clock),),
            later("Due (UTC)"),
            can_sort=True,
            sort_value=_due,
            listed=EVENTS,
        ),
        Field("sent", lambda row, _: (moment_text(row.clock.sent),), later("Sent (UTC)"), listed=EVENTS),
        Field(
            "state",
            lambda row, _: (row.clock.state.value,),
            later("State"),
            Filter(
                "state",
                "some of " + ", ".join(f"`{state}`" for state in _STATES),
                "How the clocks stand.",
                one_of=lambda _: _STATES,
            ),
            can_sort=True,
            sort_value=lambda row, _: ORDER.index(row.clock.state),
            can_group=True,
            order=lambda value, _: _STATES.index(value),
            says=True,
            listed=EVENTS,
        ),
        *period_fields(_incident),
    ),
    rows=_rows,
    columns=("incident", "regime", "stage", "due", "sent", "state"),
    sort=(SortKey("state"), SortKey("due")),
    sort_text="the most urgent state first, then by the due time",
    limit=500,
)
