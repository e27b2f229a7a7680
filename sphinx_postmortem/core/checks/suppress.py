"""Suppressions: severities in the front matter, and comments that excuse a finding and say why.

Markdown: ``<!-- postmortem-check: ignore CODE: reason -->`` or ``% postmortem-check: ignore CODE: reason``;
reStructuredText: ``.. postmortem-check: ignore CODE: reason``. A comment holds for the block that follows: the
paragraph, or the whole directive. ``ignore-page`` holds for the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sphinx_postmortem.core.checks.page import CheckedPage

KEY = "postmortem-checks"
_COMMENT = re.compile(
    r"^\s*(?:<!--|%|\.\.)\s*postmortem-check:\s*(?P<what>ignore-page|ignore)\s+(?P<codes>[a-z][a-z-]{0,60}[a-z](?:\s*,\s*[a-z][a-z-]{0,60}[a-z]){0,20})(?P<rest>.*)$"
)
_NEARLY = re.compile(r"^\s*(?:<!--|%|\.\.)\s*postmortem-checks?\b")


@dataclass(frozen=True)
class Suppression:
    """One comment: its codes, the lines it holds for, the reason, and its own line."""

    codes: tuple[str, ...]
    first: int
    last: int
    reason: str
    line: int


def page_severities(page: CheckedPage) -> dict[str, tuple[str, int]]:
    """Return the severities that the page sets in ``postmortem-checks:``, with their lines."""
    entries = list(_entries(page))
    return {code: (severity.casefold(), line) for code, severity, line in entries if code}


def _entries(page: CheckedPage) -> Iterator[tuple[str, str, int]]:
    from sphinx_postmortem.core.source_reader import front_matter_entries

    yield from front_matter_entries(page.source.front_matter, KEY)


def read_suppressions(page: CheckedPage) -> tuple[list[Suppression], list[tuple[int, str]]]:
    """Return the page's suppressions, and the comments that cannot be used with what is wrong."""
    found: list[Suppression] = []
    faults: list[tuple[int, str]] = []
    for number, text in enumerate(page.source.lines, start=1):
        if "postmortem-check" not in text or not _NEARLY.match(text):
            continue
        match = _COMMENT.match(text)
        if match is None:
            faults.append((number, "write `postmortem-check: ignore CODE: reason`"))
            continue
        codes = tuple(code.strip() for code in match["codes"].split(","))
        reason = match["rest"].replace("-->", "").strip(" :-–—")
        if not reason:
            faults.append(
                (number, f"say why {', '.join(codes)} is ignored: `ignore {codes[0] if codes else 'CODE'}: reason`")
            )
            continue
        last = len(page.source.lines) if match["what"] == "ignore-page" else _end_of_block(page, number)
        first = 0 if match["what"] == "ignore-page" else number
        found.append(Suppression(codes, first, last, reason, number))
    return found, faults


def _end_of_block(page: CheckedPage, number: int) -> int:
    """Return the last line of the block that follows a comment on line ``number``."""
    lines = page.source.lines
    start = number
    while start < len(lines) and not lines[start].strip():
        start += 1
    for directive in page.source.directives:
        if directive.line == start + 1:
            return directive.end or len(lines)
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    return end
