"""What sheets say of an incident as a whole, from its published record."""

from __future__ import annotations

from sphinx_postmortem.core.exports.published_edition import Record
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.model import full_title
from sphinx_postmortem.core.records.tones import shown_status


def titled(incident: Record) -> str:
    """Return the id and the title; the id once where the title begins with it."""
    return full_title(str(incident.get("id") or ""), str(incident.get("title") or ""))


def facts_line(incident: Record) -> str:
    """Return the days, severity, type and status of an incident, as far as they are stated."""
    first, last = (str(incident.get(name) or "") for name in ("first_day", "last_day"))
    days = say("{first} to {last}", first=first, last=last) if last and last != first else first
    status = shown_status(str(incident.get("status") or "")) if incident.get("status") else ""
    facts = (days, str(incident.get("severity") or ""), say(str(incident.get("type") or "")), status)
    return " \u00b7 ".join(filter(None, facts))


def origin_text(edition: str) -> str:
    """Return what a sheet was made from: an edition, of which it holds no more than it shows."""
    return say(
        "Made by sphinx-postmortem from the edition {edition}. It holds nothing that this edition hides.",
        edition=edition,
    )


def point_text(point: Record) -> str:
    """Return an item of a list, with the bold words with which it begins."""
    return f"{point['kind']}: {point['text']}" if point.get("kind") else str(point["text"])
