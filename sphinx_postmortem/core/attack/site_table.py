"""The table of techniques of a site: the shipped one, or that of the file which ``postmortem_attack`` names.

Such a file may be MITRE's own STIX file, as ``enterprise-attack.json``. All of ATT&CK has some 60 MB: it is read as a
stream, within the bounds of all files that are taken in. What is kept at any time is one object and the growing table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.attack.table import AttackTable, BadTableError, Tactic, Technique, read_table, shipped_table
from sphinx_postmortem.core.attack.technique_ids import is_tactic, is_technique

_TABLE_SUFFIX = ".tsv"


def table_of(file: str) -> AttackTable:
    """Return the table of a file, which is read once as long as it does not change; without a file the shipped one.

    Args:
        file: the path of a STIX bundle, or of a table of ``tools/attack_table.py``; empty for the shipped table.

    Raises:
        BadTableError: the file cannot be read.
    """
    if not file:
        return shipped_table()
    from sphinx_postmortem.core.imports.draft import SourceError

    path = Path(file)
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        message = f"postmortem_attack: {file} cannot be read ({error.strerror or error}); mend the path or the file"
        raise BadTableError(message) from error
    except (BadTableError, SourceError) as error:
        message = f"postmortem_attack: {file} cannot be used: {error}"
        raise BadTableError(message) from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> AttackTable:
    from sphinx_postmortem.core.imports.files import Source

    if path.suffix == _TABLE_SUFFIX:
        return read_table(Source(path, path.name).text())
    return read_stix(path)


def resolved_file(name: str, source: Path) -> str:
    """Return the path of the file that the setting names, after it has been read; an empty name stays so.

    Raises:
        BadTableError: it lies outside the source folder, or cannot be used.
    """
    if not name.strip():
        return ""
    path = (source / name).resolve()
    if not path.is_relative_to(source.resolve()):
        message = f"postmortem_attack: {name} lies outside the source folder; move it below"
        raise BadTableError(message)
    table_of(str(path))
    return str(path)


_SOURCES = {"mitre-attack": "enterprise", "mitre-mobile-attack": "mobile", "mitre-ics-attack": "ics"}
_KINDS = ("attack-pattern", "x-mitre-tactic", "x-mitre-matrix", "x-mitre-collection", "relationship")


def read_stix(path: Path) -> AttackTable:
    """Read the techniques of a STIX 2.0 or 2.1 bundle; it may be packed with gzip.

    Raises:
        BadTableError: it is no JSON, exceeds a bound, or holds no technique.
    """
    from sphinx_postmortem.core.imports.draft import SourceError
    from sphinx_postmortem.core.imports.files import Source

    try:
        return read_objects(Source(path, path.name).json_items("objects.item"), "")
    except SourceError as error:
        raise BadTableError(str(error)) from error


def read_objects(objects: Iterable[object], version: str) -> AttackTable:
    """Return the table of STIX objects; their collection says which version it is, else ``version`` does.

    Raises:
        BadTableError: there is no technique among them.
    """
    found = _Reading()
    for each in objects:
        if isinstance(each, Mapping) and each.get("type") in _KINDS:
            found.take(each)
    if not found.techniques:
        message = "it holds no technique of ATT&CK; write the path of a STIX bundle such as enterprise-attack.json"
        raise BadTableError(message)
    return found.table(version)


class _Reading:
    """What has been read of a bundle so far."""

    def __init__(self) -> None:
        self.techniques: dict[str, Technique] = {}
        self.by_stix_id: dict[str, str] = {}
        self.tactics: dict[str, Tactic] = {}
        self.order: list[str] = []
        self.revoked_by: dict[str, str] = {}
        self.version = ""

    def take(self, item: Mapping[str, Any]) -> None:
        """Take what an object says, if it is well-formed."""
        kind, own = item["type"], str(item.get("id", ""))
        if kind == "relationship":
            if item.get("relationship_type") == "revoked-by":
                self.revoked_by[str(item.get("source_ref", ""))] = str(item.get("target_ref", ""))
        elif kind == "x-mitre-matrix":
            self.order += _texts(item.get("tactic_refs"))
        elif kind == "x-mitre-collection":
            self.version = str(item.get("x_mitre_version", ""))
        elif kind == "x-mitre-tactic":
            self.take_tactic(item, own)
        else:
            self.take_technique(item, own)

    def take_tactic(self, item: Mapping[str, Any], own: str) -> None:
        external, domain = _external(item)
        if external and not item.get("x_mitre_deprecated") and not item.get("revoked"):
            short = str(item.get("x_mitre_shortname", ""))
            self.tactics[own] = Tactic(external, _plain(item), short, domain)

    def take_technique(self, item: Mapping[str, Any], own: str) -> None:
        external, domain = _external(item)
        if not external:
            return
        phases = _texts([phase.get("phase_name") for phase in _mappings(item.get("kill_chain_phases"))])
        revoked, deprecated = bool(item.get("revoked")), bool(item.get("x_mitre_deprecated"))
        tactics = () if revoked else tuple(dict.fromkeys(filter(None, phases)))
        technique = Technique(external, _plain(item), tactics, domain, "", revoked, deprecated and not revoked)
        before = self.techniques.get(external)
        # Of two objects with one id, that in use counts: MITRE has given ids a second time.
        if before is None or (before.is_revoked and not revoked):
            self.techniques[external] = technique
        self.by_stix_id[own] = external

    def table(self, version: str) -> AttackTable:
        """Return the table of all that was read."""
        successors = {
            self.by_stix_id[old]: self.by_stix_id.get(new, "")
            for old, new in self.revoked_by.items()
            if old in self.by_stix_id
        }
        techniques = {
            own: Technique(
                own, each.name, each.tactics, each.domain, successors.get(own, ""), each.is_revoked, each.is_deprecated
            )
            if each.is_revoked
            else each
            for own, each in sorted(self.techniques.items())
        }
        places = {ref: place for place, ref in enumerate(self.order)}
        ranks = {domain: rank for rank, domain in enumerate(_SOURCES.values())}
        tactics = sorted(
            self.tactics.items(), key=lambda pair: (ranks[pair[1].domain], places.get(pair[0], len(places)))
        )
        domains = {each.domain for each in techniques.values()}
        versions = {domain: self.version or version for domain in _SOURCES.values() if domain in domains}
        return AttackTable(versions, tuple(tactic for _, tactic in tactics), techniques)


def _external(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return the id of ATT&CK that an object has, and its domain; an empty id where it has none."""
    for reference in _mappings(item.get("external_references")):
        source, own = str(reference.get("source_name", "")), str(reference.get("external_id", ""))
        if source in (*_SOURCES, "mitre-pre-attack") and (is_technique(own) or is_tactic(own)):
            return own, _domain(item, source)
    return "", "enterprise"


def _domain(item: Mapping[str, Any], source: str) -> str:
    """Return the domain: newer files say it beside the source, which is always the same there."""
    stated = [name.removesuffix("-attack") for name in _texts(item.get("x_mitre_domains"))]
    known = [name for name in _SOURCES.values() if name in stated]
    return known[0] if known else _SOURCES.get(source, "enterprise")


def _texts(value: object) -> list[str]:
    """Return the texts of a list; none of anything else that a file may hold in its place."""
    return [each for each in cast("list[object]", value) if isinstance(each, str)] if isinstance(value, list) else []


def _mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; none of anything else that a file may hold in its place."""
    found = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Mapping[str, Any]", each) for each in found if isinstance(each, Mapping)]


def _plain(item: Mapping[str, Any]) -> str:
    return " ".join(" ".join(_texts([item.get("name")])).split())
