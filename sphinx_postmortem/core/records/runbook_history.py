"""How the runbooks of a site fared: in which incidents each was used, and where it did not help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import DID_NOT_GO_WELL, Incident, Point

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
