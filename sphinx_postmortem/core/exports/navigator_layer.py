"""Layers for MITRE's ATT&CK Navigator, format 4.5: how many incidents of the edition met with each technique.

The Navigator shows one domain at a time, so each domain with techniques has a layer of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sphinx_postmortem.core.attack.coverage import Coverage, coverage
from sphinx_postmortem.core.attack.table import DOMAINS, AttackTable, Technique
from sphinx_postmortem.core.exports.export_files import LAYER_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication, printable
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Incident

LAYER_FORMAT, NAVIGATOR = "4.5", "5.1.0"
_COLOURS = ("#ffffff", "#c0392b")


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    yield from layers(edition.knowledge, edition.publication, edition.settings.attack_table)


def layers(knowledge: KnowledgeBase, publication: Publication, table: AttackTable) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each layer: that of the enterprise always, others where they have techniques.

    A technique that was revoked counts for its successor, since the Navigator knows no other; an unknown one is left
    out.
    """
    found: dict[str, dict[str, list[Coverage]]] = {domain: {} for domain in DOMAINS}
    for each in coverage(knowledge, table):
        technique = table.current(each.id)
        if technique is not None:
            found[technique.domain].setdefault(technique.id, []).append(each)
    for domain, covered in found.items():
        if covered or domain == DOMAINS[0]:
            techniques = [_technique(table.techniques[own], covered[own], publication) for own in sorted(covered)]
            layer = _layer(domain, techniques, publication, table)
            yield LAYER_FILES[domain], (json.dumps(layer, indent=1) + "\n").encode()


def _layer(
    domain: str, techniques: list[dict[str, Any]], publication: Publication, table: AttackTable
) -> dict[str, Any]:
    title = printable(publication.title)
    return {
        "name": f"{title}: incidents ({publication.edition})",
        "versions": {
            "attack": table.versions.get(domain, "") or next(iter(table.versions.values()), ""),
            "navigator": NAVIGATOR,
            "layer": LAYER_FORMAT,
        },
        "domain": f"{domain}-attack",
        "description": f"How many incidents met with each technique, as the {publication.edition} edition shows them.",
        "techniques": techniques,
        "gradient": {
            "colors": list(_COLOURS),
            "minValue": 0,
            "maxValue": max((each["score"] for each in techniques), default=1),
        },
    }


def _technique(technique: Technique, covered: list[Coverage], publication: Publication) -> dict[str, Any]:
    incidents = list({id(each): each for part in covered for each in part.incidents}.values())
    actions = list({id(each): each for part in covered for each in part.actions}.values())
    former = [part.id for part in covered if part.id != technique.id]
    comment = ", ".join(incident.id for incident in incidents)
    if actions:
        comment += f"; answered by {', '.join(action.full_id for action in actions)}"
    if former:
        comment += f"; written as {', '.join(former)}"
    records: list[Incident | Action] = [*incidents, *actions]
    links = [link for record in records if (link := _link(record, publication))]
    return {
        "techniqueID": technique.id,
        "score": len(incidents),
        "comment": printable(comment),
        "enabled": True,
        **({"links": links} if links else {}),
    }


def _link(record: Incident | Action, publication: Publication) -> dict[str, str]:
    url, name = publication.address(record), record.full_id if isinstance(record, Action) else record.id
    return {"label": printable(name), "url": url} if url else {}
