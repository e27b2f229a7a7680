"""Reads one published edition: its records and the Markdown of its pages.

Only files that its manifest names are read, and only as they were published: content with another SHA-256 may be that
of another edition, which a copy, a link or an edit has put there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.exports.export_files import EXPORT_FILES
from sphinx_postmortem.core.exports.manifest import ManifestError, read_listing
from sphinx_postmortem.core.records.federation import ForeignSourceError, read_source
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.regular_files import read_regular

Record = dict[str, Any]

_DATA = EXPORT_FILES["json"][0]
_PAGES, _SUFFIX = "md/", ".md"
_STATE = ".state"
_NO_ADDRESS = "https://no-address.invalid/"
_MAX_FILE = 64 * 1024 * 1024
_MAX_QUERY = 1000  # characters: each word is counted in each page
_AROUND = 120  # characters of a page that are shown before and after what was found
_BRIEF = ("id", "title", "page", "first_day", "severity", "type", "status", "tlp", "summary")


class EditionError(Exception):
    """A folder that is no published edition, or something that it does not hold; the message says which."""


@dataclass(frozen=True)
class Found:
    """A page in which words were found: its title, its incident's id if it has one, the text round the first word."""

    page: str
    title: str
    incident: str
    excerpt: str


class PublishedEdition:
    """One edition as it was published.

    Args:
        folder: the folder of the edition, OUT/EDITION.
        expected: the name that the edition must have; empty where any may be there.

    Raises:
        EditionError: the folder holds no such edition, or lies in the folder of caches, which is not published.
    """

    def __init__(self, folder: Path, expected: str = "") -> None:
        """Look at the folder."""
        self.folder = folder.resolve()
        if _STATE in self.folder.parts:
            raise EditionError(f"{folder} lies in {_STATE}, which is not published; name the folder of one edition")
        try:
            self.name, self.files = read_listing(self.folder)
        except (ManifestError, OSError) as error:
            raise EditionError(f"{folder} is no published edition: {error}") from error
        if not self.name:
            raise EditionError(f"{folder} is no published edition: its manifest names none")
        if self.name != (expected or self.name):
            raise EditionError(
                f"the folder holds the edition {self.name}, not {expected}; name the folder of the edition {expected}"
            )
        if _DATA not in self.files:
            raise EditionError(f"{folder} holds no {_DATA}; build the edition with the command `build` or `export`")

    def _text(self, name: str) -> str:
        """Return a file that the manifest names.

        Raises:
            EditionError: there is no such file, it cannot be read, it leads out, or it is not as it was published.
        """
        path = (self.folder / name).resolve()
        if name not in self.files or not path.is_relative_to(self.folder):
            raise EditionError(f"this edition has no file {name}")
        try:
            data = read_regular(path, _MAX_FILE)
            text = data.decode("utf-8")
        except OSError as error:  # without the path: where an edition lies is not for its readers
            raise EditionError(f"{name} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise EditionError(f"{name} cannot be read: {error}") from error
        if hashlib.sha256(data).hexdigest() != self.files[name]:
            raise EditionError(
                f"{name} is not as it was published: its content has another SHA-256 than the manifest states; "
                "publish the edition anew, or ask again where that is under way"
            )
        return text

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """What ``postmortems.json`` holds."""
        try:
            found = json.loads(self._text(_DATA))
        except (ValueError, RecursionError) as error:
            raise EditionError(f"{_DATA} is damaged ({error})") from error
        if not isinstance(found, dict) or found.get("edition") != self.name:
            raise EditionError(f"{_DATA} is not of the edition {self.name}")
        return cast("dict[str, Any]", found)

    def knowledge(self) -> KnowledgeBase:
        """Return the records, as those of another site are read.

        Raises:
            EditionError: they cannot be read.
        """
        url = str(self.data.get("site", {}).get("url", "")) or _NO_ADDRESS
        edition = Edition(Audiences((self.name,)), self.name)
        try:
            records = read_source(self._text(_DATA).encode(), ForeignSource(self.name, _DATA, url), edition)
        except ForeignSourceError as error:
            raise EditionError(str(error)) from error
        return KnowledgeBase({}, foreign=records)

    def address(self, url: str) -> str:
        """Return an address of ``knowledge``: on a site that has none, the path from its start page."""
        return url.removeprefix(_NO_ADDRESS)

    @property
    def incidents(self) -> list[Record]:
        """All incidents, as ``postmortems.json`` describes them."""
        return cast("list[Record]", self.data.get("incidents", []))

    def brief(self) -> list[Record]:
        """Return what tells the incidents apart."""
        return [{name: incident.get(name) for name in _BRIEF} for incident in self.incidents]

    def pages(self) -> list[str]:
        """Return the names of the pages that are published as Markdown."""
        inner = (name.removeprefix(_PAGES) for name in self.files if name.startswith(_PAGES))
        return sorted(name.removesuffix(_SUFFIX) for name in inner if name.endswith(_SUFFIX))

    def page(self, name: str) -> str:
        """Return a page as Markdown.

        Raises:
            EditionError: there is no such page.
        """
        if name not in self.pages():
            raise EditionError(f'this edition has no page "{name}" as Markdown')
        return self._text(f"{_PAGES}{name}{_SUFFIX}")

    def incident(self, id_: str, page: str = "") -> Record:
        """Return an incident with all its records; where its id occurs twice, that of the page, else the first.

        Raises:
            EditionError: there is no such incident.
        """
        wanted = id_.strip().casefold()
        found = [each for each in self.incidents if str(each.get("id", "")).casefold() == wanted]
        if not found:
            raise EditionError(f'this edition has no incident "{id_}"')
        return next((each for each in found if each.get("page") == page), found[0])

    def search(self, query: str, limit: int) -> list[Found]:
        """Return the pages that hold all words of a query, those with most of them first, and titles before texts.

        Raises:
            EditionError: the query is too long, or a page cannot be read.
        """
        if len(query) > _MAX_QUERY:
            raise EditionError(f"the query has {len(query)} characters, and may have {_MAX_QUERY}")
        words = list(dict.fromkeys(re.findall(r"\w+(?:[.-]\w+)*", query.casefold())))
        ranked: list[tuple[int, str, Found]] = []
        for page, (title, incident, text) in self._texts():
            counts = [text.casefold().count(word) + 10 * title.casefold().count(word) for word in words]
            if words and all(counts):
                ranked.append((-sum(counts), page, Found(page, title, incident, _excerpt(text, words))))
        return [found for _, _, found in sorted(ranked, key=lambda each: each[:2])[: max(0, limit)]]

    def _texts(self) -> Iterator[tuple[str, tuple[str, str, str]]]:
        """Yield each page with its title, its incident's id and its text; of pages without Markdown, their record's."""
        pages = self.pages()
        by_page = {str(each.get("page", "")): each for each in self.incidents}
        for page in pages:
            text = self._text(f"{_PAGES}{page}{_SUFFIX}")
            heading = re.search(r"^# (.+)$", text, re.MULTILINE)
            incident = by_page.get(page, {})
            yield (
                page,
                (str(incident.get("title") or (heading[1] if heading else page)), str(incident.get("id", "")), text),
            )
        for page, incident in by_page.items():
            if page not in pages:
                text = "\n".join(_strings(incident))
                yield page, (str(incident.get("title", "")), str(incident.get("id", "")), text)

    def actions_of(self, owner: str) -> list[Record]:
        """Return the actions that an owner has, by key or name, each with the id and title of its incident.

        Raises:
            EditionError: nobody of that name owns anything.
        """
        wanted = owner.strip().casefold()
        owners = cast("list[Record]", self.data.get("owners", []))
        keys = {str(each.get("id", "")).casefold() for each in owners if str(each.get("name", "")).casefold() == wanted}
        found = [
            {"incident": incident.get("id"), "incident_title": incident.get("title"), **action}
            for incident in (*self.incidents, {"actions": self.data.get("loose_actions", [])})
            for action in cast("list[Record]", incident.get("actions", []))
            if {str(name).casefold() for name in action.get("owners", [])} & {wanted, *keys}
        ]
        if not found and wanted not in {str(each.get("id", "")).casefold() for each in owners} | keys:
            raise EditionError(f'this edition has no owner "{owner}"')
        return found


def _excerpt(text: str, words: list[str]) -> str:
    """Return the text round the first word."""
    found = re.search(re.escape(words[0]), text, re.IGNORECASE)
    place = found.start() if found else 0
    start, end = max(0, place - _AROUND), place + len(words[0]) + _AROUND
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _strings(value: object) -> Iterator[str]:
    """Yield all texts within a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in cast("dict[str, object]", value).values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _strings(each)
