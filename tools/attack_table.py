"""Makes the table of ATT&CK techniques that the package ships, ``sphinx_postmortem/core/attack/techniques.tsv``.

Usage, as the table of version 19 was made::

    python -m tools.attack_table sphinx_postmortem/core/attack/techniques.tsv \
        --galaxy 19 misp-galaxy/clusters/mitre-attack-pattern.json \
        --stix 18.1 cti/enterprise-attack cti/mobile-attack cti/ics-attack cti/pre-attack

The galaxy cluster of MISP (https://github.com/MISP/misp-galaxy, CC0 or BSD) is all that was public of version 19 in a
small form. It lacks the industrial techniques (ICS), the order of the tactics and the mark of deprecated techniques, so
these come from MITRE's own STIX objects (https://github.com/mitre/cti), of the version that is named. A galaxy's text
that begins by calling its technique deprecated counts as well. Without ``--galaxy`` the table is made of STIX alone.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sphinx_postmortem.core.attack.site_table import read_objects
from sphinx_postmortem.core.attack.table import AttackTable, Tactic, Technique, write_table

_DOMAINS = {"attack": "enterprise", "mobile-attack": "mobile", "pre-attack": "enterprise"}
# Many techniques abuse what others call deprecated; those that are so themselves begin with these words.
_DEPRECATED = re.compile(r"\W*This (?:sub-)?(?:technique|object) (?:is|has been) deprecated\b", re.IGNORECASE)
# Version 19 put two tactics in the place of Defense Evasion (TA0005, which kept its id as Stealth).
_AFTER = {"TA0112": "TA0005"}


def stix_table(version: str, folders: Iterable[Path]) -> AttackTable:
    """Return the table of MITRE's STIX objects that lie in folders, one bundle in each file."""
    files = [path for folder in folders for path in sorted(folder.rglob("*.json"))]
    objects = [each for path in files for each in json.loads(path.read_text("utf-8"))["objects"]]
    return read_objects(objects, version)


def galaxy_table(version: str, cluster: Mapping[str, Any], older: AttackTable) -> AttackTable:
    """Return the table of a MISP galaxy cluster, completed from an older table."""
    values = cluster["values"]
    ids = {value["uuid"]: value["meta"]["external_id"] for value in values}
    techniques = {value["meta"]["external_id"]: _technique(value, ids, older) for value in values}
    named = {each: value["value"].removesuffix(f" - {each}") for value in values if (each := _id(value))[:2] == "TA"}
    kept = [technique for technique in older.techniques.values() if technique.domain == "ics"]
    found = [each for each in techniques.values() if not each.id.startswith("TA")] + kept
    versions = {**dict.fromkeys(("enterprise", "mobile"), version), "ics": older.versions["ics"]}
    return AttackTable(versions, tuple(_tactics(named, older)), {each.id: each for each in sorted(found, key=_key)})


def _id(value: Mapping[str, Any]) -> str:
    return str(value["meta"]["external_id"])


def _key(technique: Technique) -> str:
    return technique.id


def _technique(value: Mapping[str, Any], ids: Mapping[str, str], older: AttackTable) -> Technique:
    own, chain = _id(value), [entry.rpartition(":") for entry in value["meta"].get("kill_chain", ())]
    matrices = {re.sub(r"^(attack|mobile-attack|pre-attack).*", r"\1", matrix) for matrix, _, _ in chain}
    before = older.techniques.get(own)
    successors = [ids[each["dest-uuid"]] for each in value.get("related", ()) if each["type"] == "revoked-by"]
    said = bool(_DEPRECATED.match(value.get("description", "")))
    gone = bool(value.get("revoked"))
    old = not gone and (said or (before is not None and before.is_deprecated))
    tactics = () if gone or "pre-attack" in matrices else tuple(dict.fromkeys(tactic for _, _, tactic in chain))
    domain = before.domain if before else next((_DOMAINS[matrix] for matrix in sorted(matrices)), "enterprise")
    name = value["value"].removesuffix(f" - {own}")
    return Technique(own, name, tactics, domain, successors[0] if gone and successors else "", gone, old)


def _tactics(named: Mapping[str, str], older: AttackTable) -> Iterator[Tactic]:
    for tactic in older.tactics:
        name = named.get(tactic.id, tactic.name)
        yield Tactic(tactic.id, name, _short(name) if name != tactic.name else tactic.short, tactic.domain)
        for new, after in _AFTER.items():
            if after == tactic.id and new in named:
                yield Tactic(new, named[new], _short(named[new]), tactic.domain)


def _short(name: str) -> str:
    return name.casefold().replace(" ", "-")


def main() -> None:
    """Read the arguments and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--galaxy", nargs=2, metavar=("VERSION", "FILE"))
    parser.add_argument("--stix", nargs="+", required=True, metavar="VERSION FOLDER ...")
    given = parser.parse_args()
    table = stix_table(given.stix[0], map(Path, given.stix[1:]))
    if given.galaxy:
        table = galaxy_table(given.galaxy[0], json.loads(Path(given.galaxy[1]).read_text("utf-8")), table)
    given.out.write_text(write_table(table), "utf-8")


if __name__ == "__main__":
    main()
