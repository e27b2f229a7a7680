"""The incidents as an Atom feed: ``incidents.atom`` (RFC 4287)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urljoin

from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.publication import EditionRecords, Publication, printable
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.core.records.vocabulary import impact_title

_NAMESPACE = "http://www.w3.org/2005/Atom"


def files(edition: EditionRecords) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the format: its name and its content."""
    yield EXPORT_FILES["atom"][0], incident_feed(edition.knowledge, edition.publication, edition.feed)


def incident_feed(knowledge: KnowledgeBase, publication: Publication, path: str = "") -> bytes:
    """Return the feed of all incidents, the latest first.

    An entry is dated by the incident's last day, the feed by its latest entry: no clock is read, and a build that
    changes nothing makes no reader show an incident as new. Where ``html_baseurl`` is not set, entries have no link.
    ``path`` is the feed as the site's first page folder sees it: with it, the feed names its own address.
    """
    incidents = knowledge.incidents
    feed = ET.Element("feed", {"xmlns": _NAMESPACE})
    _add(feed, "id", publication.tag("feed", publication.edition))
    _add(feed, "title", say("{site}: incidents", site=publication.title) if publication.title else say("Incidents"))
    _add(feed, "updated", _moment(max((publication.day_of(i) for i in incidents), default=publication.day_of(None))))
    author = ET.SubElement(feed, "author")
    _add(author, "name", publication.author or publication.title or say("unknown"))
    if publication.url:
        ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": publication.url})
        if path:
            ET.SubElement(feed, "link", {"rel": "self", "href": urljoin(publication.url, path)})
    taken: set[str] = set()
    for incident in incidents:
        feed.append(_entry(incident, publication, taken))
    ET.indent(feed, space=" ")
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(incident: Incident, publication: Publication, taken: set[str]) -> ET.Element:
    entry = ET.Element("entry")
    wanted = publication.tag("incident", incident.id, incident.url)
    name, number = wanted, 1
    while name in taken:  # An id that two incidents share is reported elsewhere; entries must differ (section 4.1.1).
        number += 1
        name = f"{wanted}/{number}"
    taken.add(name)
    _add(entry, "id", name)
    _add(entry, "title", incident.full_title)
    _add(entry, "updated", _moment(publication.day_of(incident)))
    if incident.first_day:
        _add(entry, "published", _moment(incident.first_day))
    if address := publication.address(incident):
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    for term in filter(None, (incident.severity, incident.type, incident.status)):
        ET.SubElement(entry, "category", {"term": printable(term)})
    _add(entry, "content", "\n\n".join(_paragraphs(incident)), {"type": "text"})
    return entry


def _paragraphs(incident: Incident) -> Iterable[str]:
    if incident.site:
        yield say("From {site}.", site=incident.site)
    if incident.summary:
        yield incident.summary
    for kind, text in incident.impacts:
        yield say("{name}: {value}", name=say(impact_title(kind)), value=text)


def _add(parent: ET.Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    ET.SubElement(parent, name, attributes or {}).text = printable(text)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
