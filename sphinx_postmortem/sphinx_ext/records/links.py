"""Links from lists to records. Of two records with one id each leads to its own page, or its own site."""

from __future__ import annotations

from docutils import nodes

from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Incident, Response
from sphinx_postmortem.sphinx_ext import output


def incident_link(incident: Incident, knowledge: KnowledgeBase, docname: str, text: str = "") -> nodes.Node:
    """Return a link on page ``docname`` to an incident, shown by its id or another text."""
    if incident.url:
        return output.elsewhere(incident.url, incident.site, text or incident.id)
    if knowledge.find_incident(incident.id) is incident:
        return output.link("incident", incident.id, text or incident.id, docname)
    return output.place_link(incident.docname, incident.anchor, text or incident.id, docname)


def action_link(
    action: Action, knowledge: KnowledgeBase, docname: str, text: str = "", *, names_site: bool = True
) -> nodes.Node:
    """Return a link on page ``docname`` to an action, shown by its full id or another text."""
    if action.url:
        return output.elsewhere(action.url, action.site if names_site else "", text or action.full_id)
    if knowledge.find_action(action.full_id) is action:
        return output.link("action", action.full_id, text or action.full_id, docname)
    return output.place_link(action.docname, action.anchor, text or action.full_id, docname)


def row_link(row: Event | Response, docname: str, text: str) -> nodes.Node:
    """Return a link on page ``docname`` to a row of a timeline or response table."""
    if row.url:
        return output.elsewhere(row.url, "", text)
    return output.place_link(row.docname, row.anchor, text, docname)
