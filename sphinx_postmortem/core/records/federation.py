"""What other sites publish: their ``postmortems.json`` files become records beside this site's own.

Nothing is fetched: the files lie in the source folder or beside it. An edition takes in what is for its own audience
or for a less privileged one, and refuses everything else before it looks at it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlsplit

from sphinx_postmortem.core.audience.audiences import Edition, UnknownAudienceError
from sphinx_postmortem.core.audience.incident_rule import IncidentRule, IncidentStatement
from sphinx_postmortem.core.exports.edition_json import POINT_LISTS, read_time_fields
from sphinx_postmortem.core.exports.publication import folder_url, printable
from sphinx_postmortem.core.exports.schema import READABLE_VERSIONS, first_fault, schema_of, upgraded
from sphinx_postmortem.core.records.field_uses import from_exported
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.knowledge import ForeignRecords
from sphinx_postmortem.core.records.model import Action, Event, Incident, Owner, PageRecords, Point, Response

_Json = dict[str, Any]
_IN_ADDRESSES = "/#?%:@!$&'()*+,;=~-._[]"
# No document of Sphinx has a name that begins so.
_FOREIGN = "//"


LARGEST_SOURCE = 256 * 1024 * 1024
"""How many bytes a file of another site may hold."""


class ForeignSourceError(ValueError):
    """A file of another site that cannot be taken in; the message says which, why, and how to mend it."""


def read_source(data: bytes, source: ForeignSource, edition: Edition) -> ForeignRecords:
    """Read the file of another site.

    Args:
        data: the file.
        source: the site that it is said to come from.
        edition: the edition that is built.

    Raises:
        SourceError: it is malformed, of another version, or not for this edition's audience.
    """
    content = _parse(data, source, edition)
    _check_version(content, source, edition)
    _check_audience(content, source, edition)
    fault = first_fault(content, schema_of(content["schema_version"]))
    if fault:
        raise _refused(source, f"{fault}; export it again", edition)
    try:
        content = _printable(content)
    except RecursionError:
        raise _refused(source, "it is nested too deep; export it again", edition) from None
    url = folder_url(source.url.replace("{edition}", edition.name) or content["site"]["url"])
    if not _is_web_address(url):
        mend = 'give postmortem_sources an "url" that begins with https:// or http://'
        raise _refused(source, f"the address of its pages is {url!r}; {mend}", edition)
    return _Reader(printable(source.name), quote(url, safe=_IN_ADDRESSES)).read(upgraded(content))


def joined(parts: Iterable[ForeignRecords]) -> ForeignRecords:
    """Return the records of several sites as one; of owners that two describe, the first counts."""
    every = list(parts)
    pages = {docname: records for part in every for docname, records in part.pages.items()}
    urls = {docname: url for part in every for docname, url in part.urls.items()}
    return ForeignRecords(pages, tuple(owner for part in every for owner in part.owners), urls)


def what_is_allowed(
    records: ForeignRecords, rule: IncidentRule, edition: str
) -> tuple[ForeignRecords, tuple[str, ...]]:
    """Return the records of another site that an edition may show, and why not the others, one sentence for each.

    The other site has its own ceilings and statuses. Here an incident is held to this site's, and its page with it.
    """
    told: dict[str, str] = {}
    for docname, page in records.pages.items():
        for incident in page.incidents:
            labels = {"": incident.tlp} if incident.tlp else {}
            if reason := rule.why_hidden(IncidentStatement(incident.status or None, labels), edition):
                told.setdefault(docname, f"{incident.id} ({incident.site}): {reason}")
    pages = {docname: page for docname, page in records.pages.items() if docname not in told}
    urls = {docname: url for docname, url in records.urls.items() if docname not in told}
    return ForeignRecords(pages, records.owners, urls), tuple(told.values())


def _parse(data: bytes, source: ForeignSource, edition: Edition) -> _Json:
    try:
        content: object = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise _refused(source, f"it is not JSON ({error}); export it again", edition) from None
    if not isinstance(content, dict):
        raise _refused(source, "it holds no object; name the file postmortems.json of the other site", edition)
    return cast("_Json", content)


def _object(pairs: list[tuple[str, Any]]) -> _Json:
    """Return an object; of two fields with one name the first would be lost (RFC 8259, section 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the field {twice!r} stands twice in one object")
    return found


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a host or a port that is none
        return False


def _check_version(content: _Json, source: ForeignSource, edition: Edition) -> None:
    version: object = content.get("schema_version")
    # True and 1.0 equal 1 in Python, and are no versions that a release of ours has written.
    if type(version) is not int or version not in READABLE_VERSIONS:
        found = json.dumps(version) if isinstance(version, int | float | str) else "not stated"
        mend = "export it with the version of sphinx-postmortem that this site uses"
        readable = " and ".join(map(str, READABLE_VERSIONS))
        raise _refused(source, f"its schema version is {found}, this site reads {readable}; {mend}", edition)


def _check_audience(content: _Json, source: ForeignSource, edition: Edition) -> None:
    named = content.get("edition")
    if not isinstance(named, str):
        raise _refused(source, "it does not say for which audience it is; export it again", edition)
    try:
        audience = edition.audiences.named(named)
    except UnknownAudienceError as error:
        raise _refused(source, f"{error}; only data whose audience is known is taken in", edition) from None
    if not edition.audiences.is_visible(audience, edition.name):
        reason = f'it is for the audience "{audience}", which may see more than this edition'
        mend = "take the other site's file for this audience; `{edition}` in the path stands for it"
        raise _refused(source, f"{reason}; {mend}", edition)


def _refused(source: ForeignSource, reason: str, edition: Edition) -> ForeignSourceError:
    file = source.file_for(edition.name)
    return ForeignSourceError(f'the file "{file}" of the site "{source.name}" cannot be taken in: {printable(reason)}')


def _printable(value: Any) -> Any:
    """Return JSON values with what no page can show replaced, in all texts."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in cast("_Json", value).items()}
    return value


@dataclass
class _Page:
    """The records of one page of another site, as they are found."""

    incidents: list[Incident] = field(default_factory=list[Incident])
    events: list[Event] = field(default_factory=list[Event])
    actions: list[Action] = field(default_factory=list[Action])
    points: list[Point] = field(default_factory=list[Point])
    responses: list[Response] = field(default_factory=list[Response])

    def records(self) -> PageRecords:
        """Return them."""
        return PageRecords(
            tuple(self.incidents),
            tuple(self.events),
            tuple(self.actions),
            tuple(self.points),
            tuple(self.responses),
        )


class _Reader:
    """Turns the checked content of one file into records."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url
        self.pages: dict[str, _Page] = {}
        self.urls: dict[str, str] = {}

    def read(self, content: _Json) -> ForeignRecords:
        for item in content["incidents"]:
            self.incident(item)
        self.rows("", content["loose_events"], content["loose_actions"], content["loose_responses"])
        for item in content["loose_points"]:
            self.points("", self.docname(item["page"]), item["list"], [item])
        pages = {docname: page.records() for docname, page in self.pages.items()}
        owners = tuple(from_exported(Owner, item) for item in content["owners"])
        return ForeignRecords(pages, owners, self.urls)

    def incident(self, item: _Json) -> None:
        docname, url = self.place(item)
        runbooks = tuple(map(self.docname, item["runbooks"]))
        incident = from_exported(Incident, item, docname=docname, runbooks=runbooks, site=self.name, url=url)
        self.page(docname).incidents.append(incident)
        self.rows(item["id"], item["events"], item["actions"], item["responses"])
        for name in POINT_LISTS.values():
            self.points(item["id"], docname, name, item[name])

    def rows(
        self, incident_id: str, events: Iterable[_Json], actions: Iterable[_Json], responses: Iterable[_Json]
    ) -> None:
        for item in events:
            docname, given = self.timed(item, incident_id)
            self.page(docname).events.append(from_exported(Event, item, **given))
        for item in responses:
            docname, given = self.timed(item, incident_id)
            self.page(docname).responses.append(from_exported(Response, item, **given))
        for item in actions:
            docname, url = self.place(item)
            owners = tuple(name for name in item["owners"] if name.strip())
            known = {"incident_id": incident_id, "docname": docname, "owners": owners, "site": self.name, "url": url}
            action = from_exported(Action, item, **known)
            self.page(docname).actions.append(action)

    def timed(self, item: _Json, incident_id: str) -> tuple[str, dict[str, Any]]:
        """Return the page of a row that has a time, and the fields that are not exported as they are."""
        docname, url = self.place(item)
        place = {"incident_id": incident_id, "docname": docname, "site": self.name, "url": url}
        return docname, {**place, "moment": read_time_fields(item)}

    def points(self, incident_id: str, docname: str, name: str, items: Iterable[_Json]) -> None:
        role = next(role for role, written in POINT_LISTS.items() if written == name)
        for item in items:
            place = {"incident_id": incident_id, "docname": docname, "role": role}
            runbooks = tuple(map(self.docname, item.get("runbooks", ())))
            point = from_exported(Point, item, **place, runbooks=runbooks)
            self.page(docname).points.append(point)

    def page(self, docname: str) -> _Page:
        return self.pages.setdefault(docname, _Page())

    def docname(self, page: str) -> str:
        return f"{_FOREIGN}{self.name}/{page}"

    def place(self, item: _Json) -> tuple[str, str]:
        """Return the page on which a record stands, and its address; the page's own address is noted."""
        docname = self.docname(item["page"])
        url = self.url + quote(item["uri"], safe=_IN_ADDRESSES)
        self.urls.setdefault(docname, url.partition("#")[0])
        return docname, url
