"""Tells a fault that each row of a table has once: a column is missing, or nothing is written into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sphinx_postmortem.core.checks.page import CheckedPage, file_of
from sphinx_postmortem.core.checks.registry import Finding
from sphinx_postmortem.core.reader import Directive

_FEWEST = 2


def told_once(page: CheckedPage, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of one rule, with one in the place of those that each row of a table has in the same words.

    A finding that a comment excuses stays as it is, with those of the other rows.
    """
    found = list(findings)
    if len(found) < _FEWEST:
        return found
    for directive, lines in _tables(page).items():
        file, rows = lines
        at = {finding.line: finding for finding in found if finding.file == file and finding.line in rows}
        same = {(finding.message, finding.suppressed) for finding in at.values()}
        if len(rows) < _FEWEST or len(at) < len(rows) or len(same) > 1 or next(iter(same))[1]:
            continue
        first = found.index(at[min(at)])
        message = f"each of the {len(rows)} rows of the table: {found[first].message}"
        own = file_of(page, directive.file)
        found[first] = replace(found[first], message=message, line=directive.line, column=0, file=own)
        folded = {id(finding) for finding in at.values()}
        found = [finding for finding in found if id(finding) not in folded]
    return found


def _tables(page: CheckedPage) -> dict[Directive, tuple[str, frozenset[int]]]:
    """Return for each table the file that its rows stand in, and the lines of those that say anything."""
    rows = dict(page.rows_of)
    rows |= dict(zip((each[0] for each in page.timelines), page.events, strict=True))
    rows |= {directive: timed for directive, _, timed in page.responses}
    found = {directive: [row for row in each if not row.is_empty] for directive, each in rows.items()}
    return {
        directive: (file_of(page, each[0].file), frozenset(row.line for row in each))
        for directive, each in found.items()
        if each
    }
