"""``veris.json``: the VERIS record of each incident that has a block, as one list (the form of the VCDB)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.veris.veris_block import BlockRow, read_block
from sphinx_postmortem.core.veris.veris_record import valid_record


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    yield EXPORT_FILES["veris"][0], veris_json(edition.own).encode()


def veris_records(knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    """Return the records, the latest incident first; an incident without a block, or without a year, has none."""
    found = (veris_record(knowledge, incident) for incident in knowledge.incidents)
    return [record for record in found if record is not None]


def veris_record(knowledge: KnowledgeBase, incident: Incident) -> dict[str, Any] | None:
    """Return the record of one incident, of what the edition sees."""
    own = (incident.docname, incident.id)
    blocks = knowledge.veris_blocks.get(own, ())
    if not blocks:
        return None
    rows = [BlockRow(path, value) for block in blocks for path, value in (*block.names, *block.texts)]
    return valid_record(read_block(rows).record, incident, knowledge.events_by_incident.get(own, ()))


def veris_json(knowledge: KnowledgeBase) -> str:
    """Return the text of the file."""
    return json.dumps(veris_records(knowledge), indent=1) + "\n"
