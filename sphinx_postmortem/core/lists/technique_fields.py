"""The list of techniques of ATT&CK: which incidents met with each, and which actions answer it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sphinx_postmortem.core.attack.coverage import Coverage, coverage, techniques_of
from sphinx_postmortem.core.attack.table import AttackTable
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, later_many
from sphinx_postmortem.core.lists.incident_fields import SCOPE
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, ListKind, Query, folded, select
from sphinx_postmortem.core.lists.technique_filter import technique_filter
from sphinx_postmortem.core.records.model import Incident

TABLE, BY_TACTIC, MATRIX = "table", "by-tactic", "matrix"
LAYOUTS = (TABLE, BY_TACTIC, MATRIX)
NO_TACTIC = later("Without a tactic")


@dataclass(frozen=True)
class TechniqueOfIncident:
    """A technique, and an incident that met with it."""

    technique: str
    incident: Incident


def _pairs(facts: Facts) -> Iterator[TechniqueOfIncident]:
    for incident in facts.knowledge.incidents:
        for technique in techniques_of(incident, facts.knowledge):
            yield TechniqueOfIncident(technique, incident)


def _tactics(row: TechniqueOfIncident, facts: Facts) -> tuple[str, ...]:
    current = facts.attack.current(row.technique)
    return current.tactics if current else ()


def _in_tactic(wanted: Collection[str], row: TechniqueOfIncident, facts: Facts) -> bool:
    names = {short: folded(facts.attack.tactic_name(short)) for short in _tactics(row, facts)}
    return any(each in (short, name) for each in wanted for short, name in names.items())


def _is_tactic(name: str, facts: Facts) -> bool:
    return any(folded(name) in (tactic.short, folded(tactic.name)) for tactic in facts.attack.tactics)


def _any_row(wanted: Collection[str], row: TechniqueOfIncident, facts: Facts) -> bool:
    """Let every row pass: whether a technique is answered is known when its actions are."""
    return True


_TACTIC = Filter[TechniqueOfIncident](
    "tactic",
    "names of tactics",
    "Techniques of these tactics, such as `initial-access`.",
    passes=_in_tactic,
    names=lambda facts: facts.attack.tactic_order,
    knows=_is_tactic,
)
_ANSWERED = Filter[TechniqueOfIncident](
    "answered",
    "`yes` or `no`",
    "Techniques that some action answers, or those that none does.",
    one_of=lambda _: ("yes", "no"),
    passes=_any_row,
)
TECHNIQUES = ListKind[TechniqueOfIncident](
    noun="technique",
    none=later("No techniques."),
    more=later_many("{number} more technique is not shown.", "{number} more techniques are not shown."),
    fields=(
        Field("technique", filter=technique_filter(lambda row, _: (row.technique,), "Techniques.")),
        Field("tactic", _tactics, filter=_TACTIC),
        Field("answered", filter=_ANSWERED),
        *(
            replace(field.seen_from(lambda row: row.incident), title="", can_sort=False)
            for field in SCOPE
            if field.filter and field.name != "techniques"
        ),
    ),
    rows=_pairs,
)


def choose_techniques(query: Query, facts: Facts) -> tuple[list[Coverage], int]:
    """Return the techniques of a list, those of the most incidents first, and how many its limit leaves out."""
    pairs = select(replace(query, limit=0), TECHNIQUES, facts).rows
    incidents = {id(pair.incident): pair.incident for pair in pairs}
    wanted = {(pair.technique, id(pair.incident)) for pair in pairs}
    found: list[Coverage] = []
    for each in coverage(facts.knowledge, facts.attack, incidents.values()):
        met = tuple(incident for incident in each.incidents if (each.id, id(incident)) in wanted)
        answered = "yes" if each.actions else "no"
        if met and answered in (query.values("answered") or (answered,)):
            found.append(replace(each, incidents=met))
    found.sort(key=lambda each: (-len(each.incidents), each.id))
    shown = found[: query.limit] if query.limit else found
    return shown, len(found) - len(shown)


def by_tactic(found: Sequence[Coverage], table: AttackTable) -> dict[str, list[Coverage]]:
    """Return techniques by the names of their tactics, in the order of the matrix; one of two tactics stands twice."""
    groups: dict[str, list[Coverage]] = {}
    for each in found:
        for tactic in each.tactics or ("",):
            groups.setdefault(tactic, []).append(each)
    order = table.tactic_order
    shorts = sorted(groups, key=lambda short: (not short, order.get(short, len(order)), short))
    return {table.tactic_name(short) if short else NO_TACTIC: groups[short] for short in shorts}
