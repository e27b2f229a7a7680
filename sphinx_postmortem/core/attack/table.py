"""The table of ATT&CK techniques that ships with the package, and what it says of an id.

``techniques.tsv`` is made by ``tools/attack_table.py``, which names its sources. ATT&CK is reproduced and distributed
with the permission of The MITRE Corporation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from sphinx_postmortem.core.dataclass_on_demand import dataclass

SHIPPED = Path(__file__).with_name("techniques.tsv")
_NONE = "-"
DOMAINS = ("enterprise", "mobile", "ics")
_HEADER = """\
# Techniques and tactics of MITRE ATT&CK (https://attack.mitre.org/): id, name, tactics, domain, what became of it.
# Copyright 2015-2026, The MITRE Corporation. ATT&CK is a registered trademark of The MITRE Corporation.
# This work is reproduced and distributed with the permission of The MITRE Corporation.
# Made by tools/attack_table.py, which names its sources. The first lines say which version of each domain this is;
# "deprecated" stands for what has no successor, "revoked" for what lost it, and an id for the successor.
"""


class BadTableError(ValueError):
    """A file that holds no table of techniques. The message says what is wrong with it, and how to mend it."""


@dataclass(frozen=True)
class Tactic:
    """Why something is done: its id (``TA0001``), name, short name (``initial-access``) and domain."""

    id: str
    name: str
    short: str
    domain: str


@dataclass(frozen=True)
class Technique:
    """How something is done.

    ``id`` is that of a technique or a sub-technique, such as ``T1078.004``; ``tactics`` are short names of tactics in
    its ``domain`` (one of ``DOMAINS``); ``revoked_by`` is the id of its successor, where MITRE has named one.
    """

    id: str
    name: str
    tactics: tuple[str, ...] = ()
    domain: str = "enterprise"
    revoked_by: str = ""
    is_revoked: bool = False
    is_deprecated: bool = False

    @property
    def parent(self) -> str:
        """The id of the technique that a sub-technique belongs to; its own for a technique."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class AttackTable:
    """All techniques of one version, by id, and the tactics in the order of their matrices.

    ``versions`` holds the version of each domain.
    """

    versions: Mapping[str, str]
    tactics: tuple[Tactic, ...]
    techniques: Mapping[str, Technique]

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """The ids of the techniques in use, by name in lower case; of equal names the first domain's stands."""
        in_use = [each for each in self.techniques.values() if not each.is_revoked and not each.is_deprecated]
        found: dict[str, str] = {}
        for each in sorted(in_use, key=lambda technique: DOMAINS.index(technique.domain)):
            found.setdefault(each.name.casefold(), each.id)
            found.setdefault(self.title(each.id).casefold(), each.id)
        return found

    @cached_property
    def tactic_order(self) -> Mapping[str, int]:
        """The place of each tactic, by short name: those of the enterprise matrix first."""
        order: dict[str, int] = {}
        for tactic in self.tactics:
            order.setdefault(tactic.short, len(order))
        return order

    @cached_property
    def _tactic_names(self) -> Mapping[str, str]:
        return {tactic.short: tactic.name for tactic in reversed(self.tactics)}

    def tactic_name(self, short: str) -> str:
        """Return the name of a tactic; the short name in words where the table lacks it."""
        return self._tactic_names.get(short) or short.replace("-", " ").capitalize()

    def find_tactic(self, tactic_id: str) -> Tactic | None:
        """Return the tactic with this id."""
        return next((tactic for tactic in self.tactics if tactic.id == tactic_id), None)

    def successor(self, technique_id: str) -> Technique | None:
        """Return what stands in the place of a revoked technique today; None where MITRE names nothing."""
        seen: set[str] = set()
        found = self.techniques.get(technique_id)
        while found is not None and found.is_revoked and found.id not in seen:
            seen.add(found.id)
            found = self.techniques.get(found.revoked_by)
        return None if found is None or found.id in seen or found.id == technique_id else found

    def current(self, technique_id: str) -> Technique | None:
        """Return the technique, or its successor where it was revoked; None for an unknown id."""
        return self.successor(technique_id) or self.techniques.get(technique_id)

    def title(self, technique_id: str) -> str:
        """Return the name, with that of the technique before it for a sub-technique; empty for an unknown id."""
        found = self.techniques.get(technique_id)
        if found is None:
            return ""
        parent = self.techniques.get(found.parent)
        return found.name if parent is None or parent is found else f"{parent.name}: {found.name}"

    def suggestion(self, written: str) -> str:
        """Return the id that was perhaps meant, with its name; empty where nothing is near.

        A name leads to its id, a sub-technique with too few or too many zeros to the full id, an unknown one to its
        technique, and another id to one that looks like it.
        """
        by_name = get_close_matches(written.casefold(), self.by_name, n=1, cutoff=0.8)
        if by_name:
            return self.named(self.by_name[by_name[0]])
        wanted = written.strip().upper().replace("/", ".")
        parent, _, number = wanted.partition(".")
        whole = (f"{parent}.{number.lstrip('0'):0>3}", parent)
        near = [each for each in whole if each in self.techniques]
        near = near or get_close_matches(wanted, self.techniques, n=1, cutoff=0.7)
        return self.named(near[0]) if near else ""

    def named(self, technique_id: str) -> str:
        """Return an id with its name in brackets; the id alone where it is unknown."""
        name = self.title(technique_id)
        return f"{technique_id} ({name})" if name else technique_id


@cache
def shipped_table() -> AttackTable:
    """Return the table that ships with the package."""
    return read_table(SHIPPED.read_text("utf-8"))


def read_table(text: str) -> AttackTable:
    """Read a table as ``write_table`` writes it.

    Raises:
        BadTableError: a line is none of a table.
    """
    versions: dict[str, str] = {}
    tactics: list[Tactic] = []
    techniques: dict[str, Technique] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split("\t")
        if line.startswith("#") or not line.strip():
            continue
        if cells[0] == "version" and len(cells) == 3:
            versions[cells[1]] = cells[2]
        elif cells[0].startswith("TA") and len(cells) == 4 and cells[3] in DOMAINS:
            tactics.append(Tactic(*cells))
        elif cells[0].startswith("T") and len(cells) == 5 and cells[3] in DOMAINS:
            techniques[cells[0]] = _technique(*cells)
        else:
            message = f"line {number} is no row of a table of techniques; make the file with tools/attack_table.py"
            raise BadTableError(message)
    if not techniques:
        message = "the file holds no technique"
        raise BadTableError(message)
    return AttackTable(versions, tuple(tactics), techniques)


def _technique(technique_id: str, name: str, tactics: str, domain: str, fate: str) -> Technique:
    found = () if tactics == _NONE else tuple(tactics.split(","))
    is_revoked = fate not in (_NONE, "deprecated")
    successor = fate if is_revoked and fate != "revoked" else ""
    return Technique(technique_id, name, found, domain, successor, is_revoked, fate == "deprecated")


def write_table(table: AttackTable) -> str:
    """Return a table as a file's text."""
    return _HEADER + "\n".join(_lines(table)) + "\n"


def _lines(table: AttackTable) -> Iterator[str]:
    for domain, version in table.versions.items():
        yield f"version\t{domain}\t{version}"
    for tactic in table.tactics:
        yield "\t".join((tactic.id, tactic.name, tactic.short, tactic.domain))
    for each in table.techniques.values():
        fate = each.revoked_by or ("revoked" if each.is_revoked else "deprecated" if each.is_deprecated else _NONE)
        yield "\t".join((each.id, each.name, ",".join(each.tactics) or _NONE, each.domain, fate))
