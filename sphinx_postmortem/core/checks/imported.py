"""The rule about what an import has proposed, which an author must confirm."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.records.milestone_names import proposed
from sphinx_postmortem.core.settings import Settings

_TABLE = (
    ":::{{timeline}}\n| Time (UTC) | Event | Milestone |\n|---|---|---|\n| 2026-03-02 01:14 | Pager rang | {} |\n:::\n"
)


@check(
    "milestone-proposed",
    "warning",
    source="template section 4",
    bad=_TABLE.format("Alert detected (proposed)"),
    good=_TABLE.format("Alert detected"),
)
def milestone_proposed(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """A milestone that an import proposes counts for none, until its author takes "(proposed)" away."""
    for row in page.all_events:
        if milestone := proposed(row.cell("milestone")):
            message = f'the milestone "{milestone}" is proposed; take "(proposed)" away, or the milestone'
            yield Hit(row.line, message, file=row.file)
