"""What all exports of one edition share: where its pages are, by which names others know it, and text made safe."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Incident
from sphinx_postmortem.core.settings import Settings

# All that XML 1.0 (section 2.2) cannot hold or discourages: control characters, of which a terminal obeys those beyond
# ASCII too, halves of surrogate pairs, two non-characters.
_UNPRINTABLE = expression("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TAGGING_SINCE = "2026-01-01"


@dataclass(frozen=True)
class Publication:
    """How one edition of a site is published.

    ``url`` is the address of the site's first page folder, ending in ``/``, or empty; ``pages`` is one of
    ``PAGE_LAYOUTS``, as Sphinx's builders of these names lay their pages out; ``suffix`` is that of ``html`` pages;
    ``author`` and ``title`` are those of the site.
    """

    edition: str
    title: str = ""
    author: str = ""
    url: str = ""
    pages: str = "html"
    suffix: str = ".html"
    today: date | None = None

    def uri(self, docname: str, anchor: str = "") -> str:
        """Return the address of a place on a page, relative to the site's first page folder."""
        page = quote(docname)
        if self.pages != "dirhtml":
            page += self.suffix
        elif page == "index" or page.endswith("/index"):
            page = page.removesuffix("index")
        else:
            page += "/"
        return f"{page}#{quote(anchor)}" if anchor else page

    def address(self, record: Incident | Action | Event) -> str:
        """Return the full address of a record, on its own site; empty where the site's address is not known."""
        if record.url or not self.url:
            return record.url
        return self.url + self.uri(record.docname, record.anchor)

    def tag(self, kind: str, record_id: str, site_url: str = "") -> str:
        """Return the lasting name of a record as a ``tag:`` URI (RFC 4151), the same in every build and edition.

        Args:
            kind: what it is, such as ``incident``.
            record_id: its id; case does not count.
            site_url: an address on the record's site; this site's when empty.
        """
        host = urlsplit(site_url or self.url).hostname or ""
        # Without an address nobody has given the site a name of its own; `.invalid` can belong to no one (RFC 2606).
        authority = quote(host) or f"{uuid5(NAMESPACE_URL, self.title).hex}.invalid"
        return f"tag:{authority},{_TAGGING_SINCE}:postmortem/{kind}/{quote(printable(record_id).casefold(), safe='')}"

    def day_of(self, incident: Incident | None) -> date:
        """Return the day by which an incident's entry is dated: its last day, else today, else the epoch's first."""
        known = (incident.last_day or incident.first_day) if incident else None
        return known or self.today or date(1970, 1, 1)


@dataclass(frozen=True)
class EditionRecords:
    """What the formats of an edition's data are made from.

    ``knowledge`` is all that the edition sees, ``own`` is this site's part of it; ``feed`` is the path of the feed as
    the site's first page folder sees it, empty where that is not known.
    """

    knowledge: KnowledgeBase
    own: KnowledgeBase
    publication: Publication
    settings: Settings
    feed: str = ""


def printable(text: str) -> str:
    """Return a text with what no format can carry (control characters, lone surrogates) replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def folder_url(url: str) -> str:
    """Return a base address with the ``/`` at its end that relative addresses need."""
    return url if not url or url.endswith("/") else f"{url}/"
