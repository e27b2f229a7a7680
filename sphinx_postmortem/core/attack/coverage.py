"""Which incidents met with which techniques, and which actions answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sphinx_postmortem.core.attack.table import AttackTable
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Incident


@dataclass(frozen=True)
class Coverage:
    """A technique, the incidents that met with it (the latest first), and the actions that answer it.

    ``tactics`` are short names, of the successor where the technique was revoked; ``title`` its name.
    """

    id: str
    title: str
    tactics: tuple[str, ...]
    incidents: tuple[Incident, ...]
    actions: tuple[Action, ...] = ()


def techniques_of(incident: Incident, knowledge: KnowledgeBase) -> tuple[str, ...]:
    """Return the ids of an incident's techniques: those of its summary, then those of its timeline's rows."""
    events = knowledge.events_by_incident.get((incident.docname, incident.id), ())
    rows = (each for event in events for each in event.techniques)
    return tuple(dict.fromkeys((*incident.techniques, *rows)))


def covers(technique: str, other: str) -> bool:
    """Say whether what is said of ``technique`` holds for ``other``: the same one, or a sub-technique of it."""
    return other == technique or other.startswith(f"{technique}.")


def coverage(
    knowledge: KnowledgeBase, table: AttackTable, incidents: Iterable[Incident] | None = None
) -> tuple[Coverage, ...]:
    """Return every technique that incidents name, by id, with the incidents and the actions that answer it.

    An action answers the technique that it names and, if it names no sub-technique, all sub-techniques of that.

    Args:
        knowledge: the records.
        table: the techniques that the site knows.
        incidents: those that count; without them, all.
    """
    found: dict[str, list[Incident]] = {}
    for incident in knowledge.incidents if incidents is None else incidents:
        for technique in techniques_of(incident, knowledge):
            found.setdefault(technique, []).append(incident)
    answers = _answers(knowledge.actions)
    return tuple(_covered(each, found[each], answers, table) for each in sorted(found))


def _answers(actions: Iterable[Action]) -> Mapping[str, list[Action]]:
    answers: dict[str, list[Action]] = {}
    for action in actions:
        for technique in action.techniques:
            answers.setdefault(technique, []).append(action)
    return answers


def _covered(
    technique: str, incidents: Iterable[Incident], answers: Mapping[str, list[Action]], table: AttackTable
) -> Coverage:
    current = table.current(technique)
    wanted = dict.fromkeys((technique, technique.partition(".")[0]))
    actions = {id(action): action for each in wanted for action in answers.get(each, ())}
    tactics = current.tactics if current else ()
    return Coverage(technique, table.title(technique), tactics, tuple(incidents), tuple(actions.values()))
