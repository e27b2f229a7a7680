"""Reads an export item by item: each goes to its incident by the first part of the kind that knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.imports.draft import Draft, SourceError
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.gathering import Gathered
from sphinx_postmortem.core.imports.json_values import mapping_of
from sphinx_postmortem.core.imports.peeking import Item, first_items, items_in, no_json, refuse_empty

MOST_INCIDENTS = 10_000  # in one file; the head of each is kept in memory


class Export:
    """The incidents of an export while it is read."""

    def __init__(self, kind: str, source: Source) -> None:
        """Begin with none."""
        self.kind, self.source = kind, source
        self.incidents: dict[str, Gathered] = {}
        self.heads: dict[str, Mapping[str, Any]] = {}

    def incident(self, key: str, head: Mapping[str, Any] | None = None) -> Gathered:
        """Return what was gathered of an incident.

        Args:
            key: its id in the export; empty where the items of the export do not say it.
            head: what the export says of the incident itself; the fullest one is kept.

        Raises:
            SourceError: there are more incidents than an import takes.
        """
        if head is not None and len(head) >= len(self.heads.get(key, {})):
            self.heads[key] = head
        if key not in self.incidents:
            if len(self.incidents) >= MOST_INCIDENTS:
                raise SourceError(f"{self.source.name}: it holds more than {MOST_INCIDENTS} incidents; export fewer")
            self.incidents[key] = Gathered(self.kind, self.source, key)
        return self.incidents[key]


@dataclass(frozen=True)
class Part:
    """One sort of items: how it is recognised, and what becomes of it.

    ``comes_last`` says that it is gathered when all others are: it states again what they state.
    """

    fits: Callable[[Any], bool]
    gather: Callable[[Export, Item], None]
    comes_last: bool = False


@dataclass(frozen=True)
class Format:
    """The exports of one tool.

    Attributes:
        kind: the name of the kind.
        lists: the names of the lists in which items stand.
        parts: the sorts of items.
        what: what a file must hold, for the message where it holds none.
        draft: returns the draft of an incident, from what was gathered, its head and its id.
        beside: says whether an item is known, and no part of an incident (users, teams); with its name in the plural.
    """

    kind: str
    lists: tuple[str, ...]
    parts: tuple[Part, ...]
    what: str
    draft: Callable[[Gathered, Mapping[str, Any], str], Draft]
    beside: tuple[str, Callable[[Any], bool]] = ("other records", lambda _item: False)

    def recognise(self, source: Source) -> bool:
        """Say whether one of the first items of a file is one of ours."""
        return any(part.fits(item) for item in first_items(source, *self.lists) for part in self.parts)

    def read(self, source: Source) -> Sequence[Draft]:
        """Return the incidents of a file.

        Raises:
            SourceError: the file is no JSON, or holds none of our items.
        """
        export = Export(self.kind, source)
        later: list[tuple[Part, Item]] = []
        stray = Gathered(self.kind, source)
        for item in items_in(source, *self.lists):
            part = next((part for part in self.parts if part.fits(item.value)), None)
            if part is None:
                self._stray(stray, item)
            elif not part.comes_last:
                part.gather(export, item)
            elif len(later) < MOST_INCIDENTS:
                later.append((part, item))
            else:
                raise SourceError(f"{source.name}: it holds more than {MOST_INCIDENTS} incidents; export fewer")
        for part, item in later:
            part.gather(export, item)
        if not export.incidents:
            raise refuse_empty(source, self.what)
        next(iter(export.incidents.values())).take(stray)
        return [self.draft(found, export.heads.get(key, {}), key) for key, found in export.incidents.items()]

    def _stray(self, gathered: Gathered, item: Item) -> None:
        name, is_beside = self.beside
        if broken := no_json(item):
            gathered.not_read(item.place, broken, "the line is no JSON")
        elif item.stream or is_pipeline(item.value) or is_beside(item.value):
            gathered.leave_out(name)
        else:
            gathered.not_read(item.place, item.value, f"it is no {self.what}")


def is_pipeline(value: object) -> bool:
    """Say whether a line is what a data pipeline says of itself."""
    return mapping_of(value).get("type") in ("LOG", "STATE", "SCHEMA", "SPEC", "TRACE", "CONTROL", "CATALOG")
