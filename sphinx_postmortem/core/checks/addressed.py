"""Rules for what actions address (template section 10): the areas, and the contributing factors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.records.kind_words import AREAS, area_of, split_areas
from sphinx_postmortem.core.records.prompts import is_prompt, is_template_action
from sphinx_postmortem.core.settings import Settings

_GRAVEST = 2  # SEV-1 and SEV-2, for which a postmortem is mandatory (template section 1)


def _page(addresses: str, severity: str = "SEV-1") -> str:
    return (
        f":::{{incident-summary}} SEC-1\n:severity: {severity}\n\nText.\n:::\n\n"
        ":::{contributing-factors}\n- **Monitoring**: no alert.\n- **Process**: no review.\n:::\n\n"
        ":::{action-table}\n| Action | Owner | Addresses |\n|---|---|---|\n"
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
    Detection for Monitoring and Logging, Access control, Architecture, Process or documentation. A table without that
    column is told once, unless it has a column Factor (`factor-uncovered`).
    """
    gravest = [severity.casefold() for severity in settings.severities[:_GRAVEST]]
    factors = [(number, factor) for number, factor in enumerate(page.factors, start=1) if not _is_open(factor.text)]
    if page.severity.casefold() not in gravest or not factors:
        return
    rows = [row for row in page.actions if "addresses" in row.cells]
    if not rows:
        if _real(page) and not any("factor" in row.cells for row in page.actions):
            directive = page.action_tables[0][0]
            message = "no action says which factor it addresses; add a column Addresses, with the kind or number of one"
            yield Hit(directive.line, message, file=directive.file)
        return
    tags = [set(settings.factors.read_item(line.text)[1].ids) for line in page.written_factors]
    named = {text.casefold() for row in rows for text in _named(row.cell("addresses"), settings)}
    for number, factor in factors:
        kind = _kind(factor.text)
        if (
            not {kind.casefold(), str(number), area_of(kind, settings.action_areas).casefold(), *tags[number - 1]}
            & named
        ):
            message = f'no action addresses the factor "{kind}" (number {number})'
            yield Hit(factor.number, f"{message}; add one, or name it in the column Addresses", file=factor.file)


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


def _named(cell: str, settings: Settings) -> Iterator[str]:
    for written in split_areas(cell):
        yield factor.id if (factor := settings.factors.find_named(written)) else written
        yield area_of(written, settings.action_areas)


def _real(page: CheckedPage) -> bool:
    """Say whether the page has an action that is no prompt, nor the one that ``new`` writes."""
    texts = (row.cell("action") for row in page.actions)
    return any(text.strip() and not is_template_action(text) and not is_prompt(text) for text in texts)


def _is_open(factor: str) -> bool:
    """Say whether a factor is still a prompt."""
    rest = factor.partition(":")[2]
    return is_prompt(factor) or bool(rest and is_prompt(rest))


def _kind(factor: str) -> str:
    return re.split(r"[:.–—]", factor, maxsplit=1)[0].strip("*_` ")
