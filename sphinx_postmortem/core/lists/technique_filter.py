"""The field of techniques of ATT&CK, which lists of incidents, events and actions have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sphinx_postmortem.core.attack.coverage import covers, techniques_of
from sphinx_postmortem.core.attack.technique_ids import normal_id
from sphinx_postmortem.core.lists.query import Facts, Field, Filter
from sphinx_postmortem.core.records.field_uses import RECORDS

Row = TypeVar("Row")


def technique_field(read: Callable[[Row, Facts], Iterable[str]], meaning: str, listed: str = RECORDS) -> Field[Row]:
    """Return the field of the techniques that ``read`` finds, with its filter."""
    return Field("techniques", read, "ATT&CK", technique_filter(read, meaning), listed=listed)


def technique_filter(read: Callable[[Row, Facts], Iterable[str]], meaning: str) -> Filter[Row]:
    """Return the filter by techniques; a technique stands for its sub-techniques, too."""

    def passes(wanted: Collection[str], row: Row, facts: Facts) -> bool:
        ids = [normal_id(each) for each in wanted]
        return any(covers(one, other) for one in ids for other in read(row, facts))

    return Filter(
        "technique",
        "ids of ATT&CK",
        f"{meaning} A technique, such as `T1078`, stands for its sub-techniques, too.",
        passes=passes,
        names=_all_techniques,
        knows=lambda name, facts: normal_id(name) in facts.attack.techniques or _is_used(normal_id(name), facts),
    )


def _all_techniques(facts: Facts) -> Iterable[str]:
    knowledge = facts.knowledge
    return sorted({each for incident in knowledge.incidents for each in techniques_of(incident, knowledge)})


def _is_used(technique: str, facts: Facts) -> bool:
    return technique in _all_techniques(facts)
