"""Rules about how our directives are written: options, columns, files and bodies. A build tells the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.directive_names import REQUIRED_COLUMNS
from sphinx_postmortem.core.directives import (
    WHAT_IS_MISSING,
    empty_body,
    meant_marking,
    old_option,
    options_of,
    unknown_option,
)
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.reader import Directive
from sphinx_postmortem.core.records.time_columns import missing_columns
from sphinx_postmortem.core.settings import Settings

NO_ID = "the summary has no incident id; write it after the name, as in `{incident-summary} SEC-2026-014`"

_SUMMARY = ":::{incident-summary} SEC-1\n:severity: SEV-1\n\nText.\n:::\n"
_TABLE = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n| unknown | Alert detected |\n:::\n"


def _written_options(page: CheckedPage, directive: Directive) -> Iterator[tuple[str, str, int, str]]:
    """Yield the options with their names as written, their values, lines and files."""
    for name, line in directive.options.items():
        lines = page.source.files.get(line.file, [])
        raw = lines[line.number - 1] if 0 < line.number <= len(lines) else ""
        found = re.search(re.escape(name), raw, re.IGNORECASE)
        yield (found[0] if found else name), line.text, line.number, line.file


@check(
    Code.MISSING_ID,
    "error",
    source="template section 3",
    in_build=True,
    bad=_SUMMARY.replace(" SEC-1", ""),
    good=_SUMMARY,
)
def missing_id(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each summary has the incident's id. Without it the incident is in no list, and nothing can refer to it."""
    for summary in page.source.named("incident-summary"):
        if not summary.argument.strip():
            yield Hit(summary.line, NO_ID, file=summary.file)


@check(
    Code.UNKNOWN_OPTION,
    "error",
    source="none: what an unknown option says is lost",
    in_build=True,
    any_page=True,
    bad=_SUMMARY.replace("severity", "severty"),
    good=_SUMMARY,
)
def unknown_options(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each option of a directive exists."""
    for directive in page.source.directives:
        known = options_of(directive.name, settings.audiences.names)
        options = list(_written_options(page, directive))
        if any(meant_marking(name, known) for name, *_ in options):
            continue  # a marking that cannot be read hides the directive, and is told as that
        for name, value, line, file in options:
            if name not in known and old_option(directive.name, name, value) is None:
                yield Hit(line, unknown_option(directive.name, name, known), file=file)


@check(
    Code.OLD_OPTION,
    "warning",
    source="none: names of earlier versions",
    in_build=True,
    any_page=True,
    bad=_SUMMARY.replace(":severity: SEV-1", ":dates: 2026-03-02"),
    good=_SUMMARY.replace(":severity: SEV-1", ":date: 2026-03-02"),
)
def old_options(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Options have the names of today."""
    for directive in page.source.directives:
        for name, value, line, file in _written_options(page, directive):
            if found := old_option(directive.name, name, value):
                yield Hit(line, found[2], file=file)


@check(
    Code.EMPTY_DIRECTIVE,
    "error",
    source="template sections 3, 4, 6 and 10",
    in_build=True,
    any_page=True,
    bad=":::{root-cause}\n:::\n",
    good=":::{root-cause}\nThe token could publish any package.\n:::\n",
)
def empty_directive(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Summaries, causes and tables have a body."""
    for directive in page.source.directives:
        is_empty = not any(line.text.strip() for line in directive.body)
        if is_empty and directive.name in WHAT_IS_MISSING and not directive.option("file"):
            yield Hit(directive.line, empty_body(directive.name), file=directive.file)


@check(
    Code.MISSING_COLUMN,
    "error",
    source="template sections 4, 7 and 10",
    in_build=True,
    any_page=True,
    bad=_TABLE.replace("Event", "Room"),
    good=_TABLE,
)
def missing_column(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each table has the columns that it needs: time and event, action and owner, response, field and value."""
    for directive, table, _ in page.tables:
        for message in missing_columns(table, REQUIRED_COLUMNS[directive.name]):
            yield Hit(directive.line, message, file=directive.file)


@check(
    Code.BAD_FILE,
    "error",
    source="none: what cannot be read cannot be shown",
    in_build=True,
    any_page=True,
    bad=":::{timeline}\n:file: missing.csv\n:::\n",
    good=_TABLE,
)
def bad_file(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """The CSV file that a table names exists below the source folder, is UTF-8, and stands in for the body alone."""
    for directive, _, _ in page.tables:
        name = directive.option("file")
        if name and any(line.text.strip() for line in directive.body):
            yield Hit(directive.line, body_and_file(name), file=directive.file)
    for fault in page.faults:
        if fault.code == "bad-file":
            yield Hit(fault.line, fault.message, file=fault.file)


def body_and_file(name: str) -> str:
    """Return what is wrong with a table that has a body and names a file."""
    return f"both a body and `:file: {name}`; the file is left out, remove one of them"
