"""Rules for what actions address (template section 10): the areas, and the contributing factors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage, CheckedRow
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.records.kind_words import AREAS, area_of, split_areas
from sphinx_postmortem.core.records.prompts import is_prompt, is_template_action
from sphinx_postmortem.core.settings import Settings

_GRAVEST = 2  # SEV-1 and SEV-2, for which a postmortem is mandatory (template section 1)


def _page(addresses: str, severity: str = "SEV-1", column: str = "Addresses") -> str:
    return (
        f":::{{incident-summary}} SEC-1\n:severity: {severity}\n\nText.\n:::\n\n"
        ":::{contributing-factors}\n- **Monitoring**: no alert.\n- **Process**: no review.\n:::\n\n"
        f":::{{action-table}}\n| Action | Owner | {column} |\n|---|---|---|\n"
        f"| Alert on uploads | appsec | Detection |\n| Review | appsec | {addresses} |\n:::\n"
    )


@check(
    "factor-unaddressed",
    "warning",
    source="template sections 6 and 10",
    incomplete=True,
    bad=_page("Architecture"),
    good=_page("Process or documentation"),
)
def factor_unaddressed(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each contributing factor of an incident of the two gravest severities has an action that addresses it.

    The action's column Addresses names the factor's tag, its kind, its number, or the area that the kind belongs to:
    Detection for Monitoring and Logging, Access control, Architecture, Process or documentation. What a column Factor
    names counts, too. A table without the column Addresses is told once, unless it has a column Factor
    (`factor-uncovered`). Neither a factor nor an action that is still a prompt counts.
    """
    if not _is_grave(page, settings):
        return
    if _has_column(page, "addresses"):
        for number, factor in _unanswered(page, settings):
            message = f'no action addresses the factor "{_kind(factor.text)}" (number {number})'
            yield Hit(factor.number, f"{message}; add one, or name it in the column Addresses", file=factor.file)
    elif _written(page) and any(_real_actions(page)) and not _has_column(page, "factor"):
        directive = page.action_tables[0][0]
        message = "no action says which factor it addresses; add a column Addresses, with the kind or number of one"
        yield Hit(directive.line, message, file=directive.file)


@check(
    "factor-uncovered",
    "warning",
    source="template sections 6 and 10",
    incomplete=True,
    bad=_page("Architecture", column="Factor").replace("Detection", "Monitoring"),
    good=_page("Process", column="Factor").replace("Detection", "Monitoring"),
)
def factor_uncovered(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each contributing factor is covered by an action: its tag, kind or number stands in the actions' column Factor.

    Without that column nothing is said, nor where `factor-unaddressed` speaks: of an incident of the two gravest
    severities whose actions have a column Addresses. What that column names counts, too.
    """
    if not _has_column(page, "factor") or (_is_grave(page, settings) and _has_column(page, "addresses")):
        return
    for number, factor in _unanswered(page, settings):
        message = f'no action covers the factor "{_kind(factor.text)}" (number {number}); name it in the column Factor'
        yield Hit(factor.number, message, file=factor.file)


@check(
    "action-area",
    "warning",
    source="template section 10",
    bad=_page("Lunch"),
    good=_page("process"),
)
def action_area(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """An action addresses an area of the template, one of `postmortem_action_areas`, or a factor of the page."""
    kinds = {_kind(factor.text).casefold() for factor in page.factors}
    numbers = {str(number) for number in range(1, len(page.factors) + 1)}
    valid = (*AREAS, *settings.action_areas)
    known = {area.casefold() for area in valid} | kinds | numbers
    for row in page.actions:
        for written in split_areas(row.cell("addresses")):
            if settings.factors.find_named(written):
                continue
            if not is_prompt(written) and area_of(written, settings.action_areas).casefold() not in known:
                message = f'the action addresses "{written}", which is no area; write one of {", ".join(valid)}'
                yield Hit(row.line, f"{message}, or the kind of a factor", file=row.file)


def _unanswered(page: CheckedPage, settings: Settings) -> Iterator[tuple[int, Line]]:
    """Yield the factors that no action names, with their numbers."""
    named = {name.casefold() for row in _real_actions(page) for name in _named(row, settings)}
    tags = [settings.factors.read_item(line.text)[1].ids for line in page.written_factors]
    for number, factor in _written(page):
        kind = _kind(factor.text)
        answers = (kind, str(number), area_of(kind, settings.action_areas), *tags[number - 1])
        if named.isdisjoint(answer.casefold() for answer in answers):
            yield number, factor


def _named(row: CheckedRow, settings: Settings) -> Iterator[str]:
    """Yield the factors and areas that an action names."""
    for written in split_areas(row.cell("addresses")):
        yield factor.id if (factor := settings.factors.find_named(written)) else written
        yield area_of(written, settings.action_areas)
    for part in re.split(r"[,;]", row.cell("factor")):
        written = part.strip("*_` .[]")
        yield factor.id if (factor := settings.factors.find_named(written)) else written


def _is_grave(page: CheckedPage, settings: Settings) -> bool:
    return page.severity.casefold() in [severity.casefold() for severity in settings.severities[:_GRAVEST]]


def _has_column(page: CheckedPage, name: str) -> bool:
    return any(name in row.cells for row in page.actions)


def _real_actions(page: CheckedPage) -> Iterator[CheckedRow]:
    """Yield the actions that are no prompts, nor the one that ``new`` writes."""
    for row in page.actions:
        text = row.cell("action").strip()
        if text and not is_template_action(text) and not is_prompt(text):
            yield row


def _written(page: CheckedPage) -> list[tuple[int, Line]]:
    """Return the factors that are no prompts, with their numbers."""
    return [(number, factor) for number, factor in enumerate(page.factors, start=1) if not _is_open(factor.text)]


def _is_open(factor: str) -> bool:
    """Say whether a factor is still a prompt."""
    rest = factor.partition(":")[2]
    return is_prompt(factor) or bool(rest and is_prompt(rest))


def _kind(factor: str) -> str:
    return re.split(r"[:.–—]", factor, maxsplit=1)[0].strip("*_` ")
