"""The rows of all timelines as CSV that Timesketch imports: ``timesketch.csv``.

Source: Timesketch's guide to CSV: UTF-8, a header with ``message``, ``datetime`` (ISO 8601) and ``timestamp_desc``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from sphinx_postmortem.core.exports.csv_tables import evidence_text, guarded
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase

COLUMNS = (
    *("message", "datetime", "timestamp_desc", "timestamp", "incident", "milestone", "precision", "time_written"),
    *("notes", "who", "source", "evidence", "address"),
)
_DESCRIPTION = "Postmortem timeline"


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    yield EXPORT_FILES["timesketch"][0], timesketch_csv(edition.knowledge, edition.publication)


def timesketch_csv(knowledge: KnowledgeBase, publication: Publication) -> bytes:
    """Return the table, in the order of pages and rows. A row whose time is not known has no place on a timeline.

    There is no byte order mark, which would become a part of the first column's name.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(guarded, row) for row in _rows(knowledge, publication))
    return text.getvalue().encode()


def _rows(knowledge: KnowledgeBase, publication: Publication) -> Iterator[tuple[str, ...]]:
    for event in knowledge.events:
        if event.moment is None or event.moment.utc is None:
            continue
        utc = event.moment.utc
        microseconds = int(utc.timestamp()) * 1_000_000 + utc.microsecond
        yield (
            event.text,
            utc.isoformat(),
            event.milestone or _DESCRIPTION,
            str(microseconds),
            event.incident_id,
            event.milestone,
            event.moment.precision.value,
            event.moment.written,
            event.notes,
            event.who,
            event.source,
            "; ".join(map(evidence_text, event.evidence)),
            publication.address(event),
        )
