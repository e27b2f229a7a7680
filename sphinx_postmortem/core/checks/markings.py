"""Rules about audiences: what is marked for nobody, or cannot be read, is told without a build and in each commit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sphinx_postmortem.core.audience.audiences import Edition, UnknownAudienceError
from sphinx_postmortem.core.audience.rows import gate_table
from sphinx_postmortem.core.audience.static_accounting import find_source_faults
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.settings import Settings

_SOURCE = "template section 5"


def _in_tables(page: CheckedPage, full: Edition, code: Code) -> Iterator[Hit]:
    for directive, table, file in page.tables:
        columns = directive.option("internal-columns")
        for problem in _problems_of(table, full, columns, directive.line):
            if problem.code is code:
                yield Hit(problem.line, problem.message, file=file)


@lru_cache(maxsize=16)  # two rules look at the tables of a page
def _problems_of(table: Table, full: Edition, columns: str, line: int) -> tuple[Problem, ...]:
    return gate_table(table, full, columns, line).problems


@check(
    Code.UNKNOWN_AUDIENCE,
    "error",
    source=_SOURCE,
    in_build=True,
    any_page=True,
    bad=":::{audience} leadrship\nText.\n:::\n",
    good=":::{audience} leadership\nText.\n:::\n",
)
def unknown_audience(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each marking names one of `postmortem_audiences`. What is marked for another is in no edition."""
    audiences = settings.audiences
    full = Edition(audiences, audiences.internal)
    named = [(page.marking.name, ("", page.marking.line))]
    for directive in page.source.directives:
        if directive.name == "audience":
            named.append((directive.argument, directive.place))
        if mark := directive.options.get("audience"):
            named.append((mark.text, mark.place))
    for name, (file, line) in named:
        try:
            full.shows(name)
        except UnknownAudienceError as error:
            yield Hit(line, str(error), file=file)
    yield from _in_tables(page, full, Code.UNKNOWN_AUDIENCE)


@check(
    Code.BROKEN_MARKING,
    "error",
    source=_SOURCE,
    in_build=True,
    any_page=True,
    bad=":::{internal-only}\n:::{note}\nText.\n:::\n:::\n",
    good="::::{internal-only}\n:::{note}\nText.\n:::\n::::\n",
)
def broken_marking(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each marking can be read. A filtered edition with one that cannot is not published."""
    audiences = settings.audiences
    if page.marking.broken:
        mend = f"write `audience: {audiences.internal}` between two `---` lines at the top"
        yield Hit(page.marking.line, f"{page.marking.broken}; {mend}")
    tables = {directive: table for directive, table, _ in page.tables}
    for fault in find_source_faults(page.source, page.marking, tables, settings.incident_rule):
        yield Hit(fault.line, fault.message, file=fault.path)
    yield from _in_tables(page, Edition(audiences, audiences.internal), Code.BROKEN_MARKING)
