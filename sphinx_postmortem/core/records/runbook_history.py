"""The runbooks that incidents name, and how they fared: in which incidents each was used, and where it did not help."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, Incident, Point


def split_runbooks(text: str) -> tuple[str, ...]:
    """Return the pages that an option names, separated by commas, as written but for white space and back-ticks."""
    names = (part.strip().strip("`").strip() for part in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def find_page(written: str, from_page: str, suffixes: Iterable[str], pages: Collection[str]) -> str:
    """Return the name of the page that is meant, or an empty text.

    Args:
        written: a document name or path, with or without suffix: relative to the page, or from the source folder.
        from_page: the page on which it is written; what stands relative to it is looked for first.
        suffixes: the suffixes of sources, such as ``.md``.
        pages: the pages that the edition has.
    """
    name = next((written.removesuffix(suffix) for suffix in suffixes if written.endswith(suffix)), written)
    beside = posixpath.join(posixpath.dirname(from_page), name)
    candidates = [name] if name.startswith("/") else [beside, name]
    return next((page for each in candidates if (page := posixpath.normpath(each).lstrip("/")) in pages), "")


def near_pages(written: str, pages: Collection[str]) -> list[str]:
    """Return up to three pages whose name is like the one that was written."""
    name = posixpath.normpath(written).lstrip("./")
    last = posixpath.basename(name)
    same_last = sorted(page for page in pages if posixpath.basename(page) == last)
    return [*dict.fromkeys([*same_last, *get_close_matches(name, sorted(pages), n=3, cutoff=0.7)])][:3]


_SPEAKS_OF_ONE = expression(r"\b(?:run|play)[- ]?books?\b", re.IGNORECASE)


@dataclass(frozen=True)
class RunbookUse:
    """One runbook: its page and title, the incidents that used it, the latest first, and where it did not help.

    ``unhelpful`` pairs an incident, the latest first, with its own sentence below "What didn't go well".
    """

    page: str
    title: str
    incidents: tuple[Incident, ...] = ()
    unhelpful: tuple[tuple[Incident, Point], ...] = ()


class RunbookHistory:
    """The runbooks of a knowledge base.

    A runbook is a page that shows what incidents taught about it, or one that an incident names in ``:runbooks:``.

    Args:
        knowledge: the records.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    @cached_property
    def unhelpful(self) -> dict[str, list[tuple[Incident, Point]]]:
        """The incidents in which a runbook did not help, each with its sentences, by the runbook's page.

        A sentence below "What didn't go well" names a runbook by a link to it; or by its title, where the incident
        used it and the sentence speaks of a runbook.
        """
        table: dict[str, list[tuple[Incident, Point]]] = {}
        for incident in self._knowledge.incidents:
            for point in self._knowledge.points_by_incident.get(incident.key, ()):
                if point.role == DID_NOT_GO_WELL and point.docname == incident.docname:
                    for page in self._named(incident, point):
                        table.setdefault(page, []).append((incident, point))
        return table

    @cached_property
    def uses(self) -> tuple[RunbookUse, ...]:
        """All runbooks of this site, by the names of their pages."""
        titles = self._knowledge.titles
        return tuple(
            RunbookUse(
                page,
                titles[page] or page,
                tuple(self._knowledge.incidents_by_runbook.get(page, ())),
                tuple(self.unhelpful.get(page, ())),
            )
            for page in sorted(self._runbooks)
        )

    @cached_property
    def _runbooks(self) -> frozenset[str]:
        knowledge = self._knowledge
        return knowledge.runbook_pages | (knowledge.incidents_by_runbook.keys() & knowledge.titles.keys())

    def _named(self, incident: Incident, point: Point) -> Iterator[str]:
        text = f" {_words(f'{point.kind} {point.text}')} "
        speaks_of_one = _SPEAKS_OF_ONE.search(text) is not None
        for page in dict.fromkeys((*point.runbooks, *incident.runbooks)):
            if page in self._runbooks:
                title = _words(self._knowledge.titles[page])
                if page in point.runbooks or (speaks_of_one and title and f" {title} " in text):
                    yield page


def _words(text: str) -> str:
    """Return the words of a text in lower case, with one space between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))
