"""Statuspage (Atlassian): the incidents of a status page with their updates, which the public has read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sphinx_postmortem.core.imports.draft import Draft, DraftSection, Text
from sphinx_postmortem.core.imports.exported import Export, Format, Part
from sphinx_postmortem.core.imports.gathering import RECOVERED, Gathered, joined
from sphinx_postmortem.core.imports.json_values import first_text, items_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import Item


def _is_incident(item: object) -> bool:
    keys = mapping_of(item)
    has_updates = isinstance(keys.get("incident_updates"), list)
    return has_updates and bool(text_of(item, "name") and text_of(item, "status")) and "impact" in keys


def _incident(export: Export, item: Item) -> None:
    incident: Mapping[str, Any] = item.value
    gathered = export.incident(text_of(incident, "id"), incident)
    url = text_of(incident, "shortlink")
    for number, update in enumerate(items_of(incident, "incident_updates"), start=1):
        status, body = text_of(update, "status"), text_of(update, "body")
        affected = (text_of(each, "name") for each in items_of(update, "affected_components"))
        when = first_text(update, "display_at", "created_at")
        words = status.replace("_", " ").capitalize()
        gathered.row(
            f"{item.place}, update {number}",
            text_of(update, "id") or f"{text_of(incident, 'id')}/{when}/{status}",
            when,
            f"{words}: {body}" if body else words,
            notes=joined(affected),
            evidence=url,
            milestone=RECOVERED if status in ("resolved", "completed") else "",
            is_public=True,
            item=update,
        )
    if postmortem := text_of(incident, "postmortem_body"):
        key = f"statuspage:{text_of(incident, 'id')}/postmortem"
        section = DraftSection(key, "Postmortem on the status page", Text(postmortem, is_markdown=True))
        gathered.section(section, item.place)


def _draft(gathered: Gathered, head: Mapping[str, Any], of: str) -> Draft:
    url = text_of(head, "shortlink")
    parts = joined(text_of(each, "name") for each in items_of(head, "components"))
    return gathered.draft(
        incident_id=of,
        title=text_of(head, "name"),
        severity=first_text(head, "impact_override", "impact"),
        status=text_of(head, "status"),
        impacts=(("customer", Text(f"Affected: {parts}")),) if parts else (),
        links=(("The incident on the status page", url),) if url else (),
    )


FORMAT = Format(
    kind="statuspage",
    lists=("incidents", "incident", "data"),
    parts=(Part(_is_incident, _incident),),
    what="incident of a status page",
    draft=_draft,
    beside=("components, pages and users", lambda _item: False),
)
