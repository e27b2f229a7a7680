"""The rows of all timelines as a table for spreadsheets: ``events.csv``."""

from __future__ import annotations

from datetime import datetime

from sphinx_postmortem.core.exports.csv_tables import csv_table
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Event, Evidence
from sphinx_postmortem.core.records.times import Moment

COLUMNS = (
    *("Incident", "Incident title", "Severity", "Time (UTC)", "Earliest (UTC)", "Latest (UTC)", "Precision"),
    *("Time as written", "Zone", "Event", "Milestone", "Notes", "Evidence", "Source", "Who", "Stated precision"),
    *("ATT&CK", "Site", "Address"),
)


def events_csv(knowledge: KnowledgeBase, publication: Publication) -> bytes:
    """Return the table of all events, in the order of pages and rows: ``COLUMNS``, then columns of the timelines.

    Times are ``YYYY-MM-DD HH:MM:SS``, which spreadsheets read as times; empty where nothing is known.
    """
    return csv_table(COLUMNS, ((_known(each, knowledge, publication), each.other) for each in knowledge.events))


def _known(event: Event, knowledge: KnowledgeBase, publication: Publication) -> tuple[str, ...]:
    incident, moment = knowledge.incident_of(event), event.moment or Moment("")
    return (
        event.incident_id,
        incident.title if incident else "",
        incident.severity if incident else "",
        *map(_instant, (moment.utc, moment.earliest, moment.latest)),
        moment.precision.value,
        moment.written,
        moment.zone,
        event.text,
        event.milestone,
        event.notes,
        "; ".join(map(evidence_text, event.evidence)),
        event.source,
        event.who,
        event.stated_precision,
        "; ".join(event.techniques),
        event.site,
        publication.address(event),
    )


def evidence_text(evidence: Evidence) -> str:
    """Return a piece of evidence in one cell: its text, then its link or file and the hash unless the text has them."""
    target = evidence.url or evidence.file
    parts = [evidence.text] if target in ("", evidence.text) else [evidence.text, f"<{target}>"]
    return " ".join([*parts, *([f"sha256:{evidence.sha256}"] if evidence.sha256 else [])])


def _instant(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else ""
