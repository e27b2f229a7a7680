"""The fields of lists of incidents that come from their blocks ``veris``: one table of columns and filters.

Only what the schema lists is shown and asked for, and never a text of an author.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from sphinx_postmortem.core.language.texts import later
from sphinx_postmortem.core.lists.query import Facts, Field, Filter, folded
from sphinx_postmortem.core.records.model import EVENTS, Incident
from sphinx_postmortem.core.veris.veris_block import BlockRow, read_block
from sphinx_postmortem.core.veris.veris_schema import node_at, values_below

_PARTS = (
    # the name of the field, the title of its column, and where its values stand: `*` is any name
    ("veris-actor", later("Actor (VERIS)"), ("actor", "actor.*.variety")),
    ("veris-motive", later("Motive (VERIS)"), ("actor.*.motive",)),
    ("veris-action", later("Action (VERIS)"), ("action", "action.*.variety")),
    ("veris-vector", later("Vector (VERIS)"), ("action.*.vector",)),
    ("veris-asset", later("Asset (VERIS)"), ("asset.assets.variety",)),
    ("veris-attribute", later("Attribute (VERIS)"), ("attribute", "attribute.*.variety")),
    ("veris-discovery", later("Discovery (VERIS)"), ("discovery_method", "discovery_method.*.variety")),
    ("veris-confidence", later("Confidence (VERIS)"), ("confidence",)),
)
_Rows = tuple[tuple[str, str], ...]


def statements_of(incident: Incident, facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return what the blocks of an incident state: each path with a value, and each path alone with an empty one."""
    blocks = facts.knowledge.veris_blocks.get((incident.docname, incident.id), ())
    return _statements(tuple(row for block in blocks for row in block.names))


@lru_cache(maxsize=4096)  # each filter and column of each list asks for them
def _statements(rows: _Rows) -> tuple[tuple[str, str], ...]:
    record = read_block(BlockRow(path, value) for path, value in rows).record
    return tuple(dict.fromkeys(_flat("", record)))


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if path:
        yield path, ""
    if isinstance(value, Mapping):
        for name, member in cast("Mapping[str, Any]", value).items():
            if path and isinstance(member, Mapping):
                yield path, name
            yield from _flat(f"{path}.{name}" if path else name, member)
    elif isinstance(value, list):
        for item in value:
            yield from _flat(path, item)
    elif value is not None:
        yield path, str(value)


def _is_at(path: str, place: str) -> bool:
    names, wanted = path.split("."), place.split(".")
    return len(names) == len(wanted) and all(one in ("*", other) for one, other in zip(wanted, names, strict=True))


def _values(places: tuple[str, ...]) -> Callable[[Incident, Facts], Iterable[str]]:
    """Return how the values at some places are read; of ``action`` these are the names below it."""

    def read(incident: Incident, facts: Facts) -> Iterable[str]:
        stated = statements_of(incident, facts)
        return dict.fromkeys(value for path, value in stated if value and any(_is_at(path, each) for each in places))

    return read


def _known(places: tuple[str, ...]) -> Iterator[str]:
    """Yield the values that the schema lists at some places."""
    for place in places:
        yield from values_below(place)


def _part(name: str, title: str, places: tuple[str, ...]) -> Field[Incident]:
    read = _values(places)
    known = {folded(value) for value in _known(places)}
    chosen = Filter[Incident](
        name,
        "names of VERIS",
        f"{title.removesuffix(' (VERIS)')} of the incident, by the names of its block `veris`.",
        names=lambda facts: sorted({value for each in facts.knowledge.incidents for value in read(each, facts)}),
        knows=lambda value, _: value in known,
    )
    return Field(name, read, title, chosen, can_sort=True, can_group=True, listed=EVENTS)


def _states(wanted: Collection[str], incident: Incident, facts: Facts) -> bool:
    stated = {folded(f"{path}: {value}" if value else path) for path, value in statements_of(incident, facts)}
    return any(each in stated for each in map(_with_colon, wanted))


def _with_colon(wanted: str) -> str:
    path, _, value = wanted.replace("=", ":", 1).partition(":")
    return f"{path.strip()}: {value.strip()}" if value.strip() else path.strip()


def _all_statements(facts: Facts) -> Iterable[str]:
    stated = (each for incident in facts.knowledge.incidents for each in statements_of(incident, facts))
    return sorted({f"{path}: {value}" if value else path for path, value in stated})


def _is_in_schema(wanted: str, facts: Facts) -> bool:
    path, _, value = _with_colon(wanted).partition(": ")
    known = {folded(each) for each in values_below(path)}
    return (not value or value in known) if known else node_at(path) is not None


STATES = Filter[Incident](
    "veris",
    "paths of VERIS, as `action.hacking` or `asset.assets.variety: S - Database`",
    "What the block `veris` of the incident states: anything at a path, or a value at it.",
    passes=_states,
    names=_all_statements,
    knows=_is_in_schema,
)

VERIS_FIELDS: tuple[Field[Incident], ...] = (
    *(_part(*part) for part in _PARTS),
    Field("veris", filter=STATES, listed=EVENTS),
)
"""The fields of lists of incidents that come from VERIS."""
