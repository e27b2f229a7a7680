"""Suppressions: severities in the front matter, and comments that excuse a finding and say why.

Markdown: ``<!-- postmortem-check: ignore CODE: reason -->`` or ``% postmortem-check: ignore CODE: reason``;
reStructuredText: ``.. postmortem-check: ignore CODE: reason``. A comment holds for the block that follows: the
paragraph, or the whole directive. ``ignore-page`` holds for the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.registry import Finding, Hit, after_check, check, find_check
from sphinx_postmortem.core.reader.source_reader import front_matter_entries
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES
from sphinx_postmortem.core.settings import Settings

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
    entries = front_matter_entries(page.source.front_matter, KEY)
    return {code: (severity.casefold(), line) for code, severity, line in entries if code}


def read_suppressions(page: CheckedPage) -> tuple[list[Suppression], list[tuple[int, str]]]:
    """Return the page's suppressions, and the comments that cannot be used with what is wrong."""
    found: list[Suppression] = []
    faults: list[tuple[int, str]] = []
    for number, text in enumerate(page.source.lines, start=1):
        if "postmortem-check" not in text or number in page.source.code or not _NEARLY.match(text):
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


def apply_suppressions(
    page: CheckedPage, findings: Sequence[Finding], shows: Callable[[str], bool] | None = None
) -> list[Finding]:
    """Return the findings; those that a comment excuses carry its reason.

    ``shows`` says whether an edition shows what is marked for an audience; comments in what it hides do not count.
    """
    suppressions, _ = read_suppressions(page)
    if shows is not None:
        suppressions = [item for item in suppressions if _is_shown(page, item.line, shows)]
    return [replace(finding, suppressed=_reason(suppressions, page, finding)) for finding in findings]


def _is_shown(page: CheckedPage, line: int, shows: Callable[[str], bool]) -> bool:
    around = (block for block in page.source.directives if block.line <= line <= (block.end or len(page.source.lines)))
    return all(shows(mark) for block in around for mark in block.audiences)


def _reason(suppressions: Sequence[Suppression], page: CheckedPage, finding: Finding) -> str:
    return next((item.reason for item in suppressions if _excuses(item, page, finding)), "")


def _excuses(item: Suppression, page: CheckedPage, finding: Finding) -> bool:
    return finding.code in item.codes and finding.file == page.file and item.first <= finding.line <= item.last


_SOURCE = "none: what is excused must be readable"
_PAGE = ":::{incident-summary} SEC-1\n:status: draft\n\nText.\n:::\n\n"
_COMMENT_LINE = "<!-- postmortem-check: ignore blame-word: a quotation -->\n"


@check(
    "bad-suppression",
    "error",
    source=_SOURCE,
    any_page=True,
    bad="<!-- postmortem-check: ignore blame-word -->\nA careless thing.\n",
    good=_PAGE + _COMMENT_LINE + "A careless thing.\n",
)
def bad_suppression(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """What excuses findings can be read: comments name known codes and say why; front matter sets known severities."""
    for code, (severity, line) in page_severities(page).items():
        if find_check(code) is None:
            yield Hit(line, f'there is no check "{code}"; write lines of the form `CODE: SEVERITY`')
        elif not severity:
            yield Hit(line, f"write `{code}: SEVERITY`, with one of {', '.join(CHECK_SEVERITIES)}")
        elif severity not in (*CHECK_SEVERITIES, "false"):
            yield Hit(line, f'"{severity}" is no severity; write one of {", ".join(CHECK_SEVERITIES)}')
    suppressions, faults = read_suppressions(page)
    for line, message in faults:
        yield Hit(line, message)
    for item in suppressions:
        for code in item.codes:
            if find_check(code) is None:
                yield Hit(item.line, f'there is no check "{code}"; mend the code')


@after_check(
    "unused-suppression",
    "note",
    source=_SOURCE,
    bad=_PAGE + _COMMENT_LINE + "A thing.\n",
    good=_PAGE + _COMMENT_LINE + "A careless thing.\n",
)
def unused_suppression(page: CheckedPage, findings: Sequence[Finding]) -> Iterator[Hit]:
    """Each comment that excuses findings excuses at least one."""
    for item in read_suppressions(page)[0]:
        is_known = all(find_check(code) for code in item.codes)
        if is_known and not any(_excuses(item, page, finding) for finding in findings):
            yield Hit(item.line, f"nothing is found here that {', '.join(item.codes)} would report; remove the comment")


def _is_comment(page: CheckedPage, number: int) -> bool:
    """Say whether a line is a comment or, in reStructuredText, goes on with the one above."""
    goes_on = not page.source.markdown and number in page.source.code and number - 1 in page.source.comments
    return number in page.source.comments or goes_on


def _end_of_block(page: CheckedPage, number: int) -> int:
    """Return the last line of the block that follows a comment on line ``number``."""
    lines = page.source.lines
    start = number
    while start < len(lines) and (not lines[start].strip() or _is_comment(page, start + 1)):
        start += 1  # several comments may stand above one block
    for directive in page.source.directives:
        if directive.line == start + 1:
            return directive.end or len(lines)
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    return end
