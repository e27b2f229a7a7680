"""Rules about what an incident says of itself: its TLP labels and its status bind (``core.audience.incident_rule``)."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.incident_pages import is_visible, statement_of
from sphinx_postmortem.core.audience.incident_rule import IncidentStatement, held_back
from sphinx_postmortem.core.audience.rows import gate_table, has_marking
from sphinx_postmortem.core.audience.tlp import labels_in
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.checks.word_places import possible_phrases
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive
from sphinx_postmortem.core.settings import Settings

_SOURCE = "Traffic Light Protocol 2.0; template section 12"
_RED = ":::{incident-summary} SEC-1\n:tlp: RED\n\nText.\n:::\n"
_DRAFT = ":::{incident-summary} SEC-1\n:status: draft\n:tlp: CLEAR\n\nText.\n:::\n"


def _statements(page: CheckedPage) -> list[tuple[Directive, IncidentStatement]]:
    return [(each, statement_of(page.source, each)) for each in page.source.named("incident-summary")]


def _marked_for(page: CheckedPage) -> str:
    return page.marking.name.strip().casefold()


@check(
    Code.TLP_CONFLICT,
    "error",
    source=_SOURCE,
    in_build=True,
    any_page=True,
    bad=f"---\naudience: public\n---\n{_RED}",
    good=_RED + "\nThe label `TLP:AMBER` was proposed; it became {tlp}`SEC-1`.\n",
)
def tlp_conflict(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The labels of an incident agree with each other, with the marking of its page, and with those in the text."""
    statements = _statements(page)
    for summary, statement in statements:
        for message in settings.incident_rule.contradictions(statement, _marked_for(page)):
            yield Hit(summary.line, message, file=summary.file)
    if not statements or not possible_phrases(page, ("tlp",)):
        return
    lines = [(each.text, each.number, each.file, each.directive) for each in page.source.prose]
    headings = [(each.text, each.line, each.file, None) for each in page.source.headings]
    for text, number, file, block in [*lines, *headings]:
        for _, label in labels_in(text):
            for edition, borne in _labels_borne(page, statements, block, settings):
                if label not in borne:
                    bears = " and ".join(f"TLP:{each}" for each in sorted(borne) if each) or "no label"
                    message = (
                        f'the text says TLP:{label}, and the incident bears {bears} in the edition "{edition}"; write '
                        "the role `tlp` with the incident's id, or put the label into code if it is only quoted"
                    )
                    yield Hit(number, message, file=file)
                    break


def _labels_borne(
    page: CheckedPage,
    statements: list[tuple[Directive, IncidentStatement]],
    block: Directive | None,
    settings: Settings,
) -> Iterator[tuple[str, set[str]]]:
    """Yield each edition that shows a block of the page, and the labels that the page's incidents bear there."""
    for edition, shown in _shown_in(page, statements, block, settings):
        marked = not edition.is_filtered and _is_restricted(page, settings)
        yield edition.name, {settings.incident_rule.label(each, edition.name, marked=marked) for each in shown}


def editions_showing(page: CheckedPage, block: Directive, settings: Settings) -> Iterator[Edition]:
    """Yield each edition that shows a block of the page, with its incidents."""
    yield from (edition for edition, _ in _shown_in(page, _statements(page), block, settings))


def _shown_in(
    page: CheckedPage,
    statements: list[tuple[Directive, IncidentStatement]],
    block: Directive | None,
    settings: Settings,
) -> Iterator[tuple[Edition, list[IncidentStatement]]]:
    """Yield each edition that shows a block of the page, and what the incidents that it shows say of themselves."""
    for name in settings.audiences.names:
        edition = Edition(settings.audiences, name)
        marks = [_marked_for(page), *page.folder_audiences]
        shown = [statement for summary, statement in statements if is_visible(summary, edition)]
        hidden = not all(edition.shows_known(mark) for mark in marks) or (block and not is_visible(block, edition))
        if not hidden and shown and not any(settings.incident_rule.why_hidden(each, name) for each in shown):
            yield edition, shown


def _is_restricted(page: CheckedPage, settings: Settings) -> bool:
    """Say whether the page has parts that the least privileged audience does not see."""
    audiences = settings.audiences
    blocks = [mark for directive in page.source.directives for mark in page.marks(directive)]
    if audiences.restrict([_marked_for(page), *page.folder_audiences, *blocks]):
        return True
    last = Edition(audiences, audiences.names[-1])
    tables = [*page.timelines, *page.action_tables]
    return last.is_filtered and any(
        directive.option("internal-columns").strip()
        or (has_marking(table) and len(gate_table(table, last).rows) < len(table.rows))
        for directive, table, _ in tables
    )


@check(
    "held-back",
    "note",
    source=_SOURCE,
    bad=_DRAFT,
    good=_DRAFT.replace("draft", "closed"),
)
def held_back_incident(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Which editions do not show the incident, since its status or its TLP label does not allow it."""
    if _marked_for(page) == settings.audiences.internal or settings.audiences.internal in page.folder_audiences:
        return
    for summary, statement in _statements(page):
        for message in held_back(settings.incident_rule, statement):
            yield Hit(summary.line, message, file=summary.file)
