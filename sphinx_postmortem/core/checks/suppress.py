"""Suppressions: severities in the front matter, and comments that excuse a finding and say why.

Markdown: ``<!-- postmortem-check: ignore CODE: reason -->`` or ``% postmortem-check: ignore CODE: reason``;
reStructuredText: ``.. postmortem-check: ignore CODE: reason``. A comment holds for the block that follows: the
paragraph, or the whole directive. ``ignore-page`` holds for the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.checks.page import CheckedPage, file_of
from sphinx_postmortem.core.checks.registry import Finding, Hit, after_check, check, find_check
from sphinx_postmortem.core.checks.word_places import text_of_file
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import FORMER_CODES, Code, codes_meant, former_codes
from sphinx_postmortem.core.reader import Line
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES
from sphinx_postmortem.core.settings import Settings

KEY = "postmortem-checks"
_COMMENT = expression(
    r"^\s*(?:<!--|%|\.\.)\s*postmortem-check:\s*(?P<what>ignore-page|ignore)\s+(?P<codes>[a-z][a-z-]{0,60}[a-z](?:\s*,\s*[a-z][a-z-]{0,60}[a-z]){0,20})(?P<rest>.*)$"
)
_NEARLY = expression(r"^\s*(?:<!--|%|\.\.)\s*postmortem-checks?\b")


@dataclass(frozen=True)
class Suppression:
    """One comment: its codes, the lines of its file that it holds for, the reason, and its own line.

    Without a last line it holds for the whole page, with the files that it includes.
    """

    codes: tuple[str, ...]
    reason: str
    line: Line
    last: int = 0

    def excuses(self, page: CheckedPage, finding: Finding) -> bool:
        """Say whether it excuses a finding."""
        if all(finding.code not in codes_meant(code) for code in self.codes):
            return False
        is_here = file_of(page, self.line.file) == finding.file and self.line.number <= finding.line <= self.last
        return is_here or not self.last


def page_severities(page: CheckedPage) -> dict[str, tuple[str, int]]:
    """Return the severities that the page sets in ``postmortem-checks:``, with their lines."""
    entries = [entry for entry in page.source.front_matter.below(KEY) if entry.name]
    written = {entry.name: (entry.value.casefold(), entry.line) for entry in entries}
    former = {each: written[code] for code in written if code in FORMER_CODES for each in codes_meant(code)}
    return {**former, **written}


def read_suppressions(page: CheckedPage) -> tuple[list[Suppression], list[tuple[Line, str]]]:
    """Return the page's suppressions, and the comments that cannot be used with what is wrong."""
    found: list[Suppression] = []
    faults: list[tuple[Line, str]] = []
    ends: dict[str, list[int]] = {}
    for line in _nearly_suppressions(page):
        match = _COMMENT.match(line.text)
        if match is None:
            faults.append((line, "write `postmortem-check: ignore CODE: reason`"))
            continue
        codes = tuple(code.strip() for code in match["codes"].split(","))
        reason = match["rest"].replace("-->", "").strip(" :-–—")
        if not reason:
            faults.append((line, f"say why {', '.join(codes)} is ignored: `ignore {codes[0]}: reason`"))
            continue
        if line.file not in ends:
            ends[line.file] = _ends_of_blocks(page, line.file)
        last = 0 if match["what"] == "ignore-page" else ends[line.file][line.number]
        found.append(Suppression(codes, reason, line, last))
    return found, faults


def _nearly_suppressions(page: CheckedPage) -> Iterator[Line]:
    """Yield the lines that look like a suppression and are no code."""
    for file, lines in page.source.files.items():
        for number, text in enumerate(lines, start=1) if "postmortem-check" in text_of_file(page, file) else ():
            is_meant = "postmortem-check" in text and _NEARLY.match(text)
            if is_meant and (file, number) not in page.source.code:
                yield Line(number, text, file)


def apply_suppressions(page: CheckedPage, findings: Sequence[Finding], edition: Edition | None = None) -> list[Finding]:
    """Return the findings; those that a comment excuses carry its reason.

    With an edition, comments in what it hides do not count.
    """
    suppressions, _ = read_suppressions(page)
    if edition is not None:
        suppressions = [item for item in suppressions if _is_shown(page, item.line, edition)]
    if not suppressions:
        return list(findings)
    return [replace(finding, suppressed=_reason(suppressions, page, finding)) for finding in findings]


def _is_shown(page: CheckedPage, line: Line, edition: Edition) -> bool:
    marks = (mark for block in page.source.around(line.place) for mark in page.marks(block))
    return all(edition.shows_known(mark) for mark in marks)


def _reason(suppressions: Sequence[Suppression], page: CheckedPage, finding: Finding) -> str:
    return next((item.reason for item in suppressions if item.excuses(page, finding)), "")


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
        if not _is_known(code):
            yield Hit(line, f'there is no check "{code}"; write lines of the form `CODE: SEVERITY`')
        elif not severity:
            yield Hit(line, f"write `{code}: SEVERITY`, with one of {', '.join(CHECK_SEVERITIES)}")
        elif severity not in (*CHECK_SEVERITIES, "false"):
            yield Hit(line, f'"{severity}" is no severity; write one of {", ".join(CHECK_SEVERITIES)}')
    suppressions, faults = read_suppressions(page)
    for comment, message in faults:
        yield Hit(comment.number, message, file=comment.file)
    for item in suppressions:
        for code in item.codes:
            if not _is_known(code):
                yield Hit(item.line.number, f'there is no check "{code}"; mend the code', file=item.line.file)


def _is_known(code: str) -> bool:
    return all(find_check(each) is not None for each in codes_meant(code))


@check(
    Code.RENAMED_CODE,
    "warning",
    source=_SOURCE,
    any_page=True,
    bad="---\npostmortem-checks:\n  summary-value: note\n---\nText.\n",
    good="---\npostmortem-checks:\n  bad-value: note\n---\nText.\n",
)
def renamed_code(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """What excuses findings names codes as they are called today; former names work, too."""
    own = page_severities(page)
    for code, message in former_codes(own).items():
        yield Hit(own[code][1], message)
    for item in read_suppressions(page)[0]:
        for message in former_codes(item.codes).values():
            yield Hit(item.line.number, message, file=item.line.file)


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
        found = [find_check(each) for code in item.codes for each in codes_meant(code)]
        # The rules about tickets run elsewhere: what they would find is not known here.
        is_known = all(check is not None and check.ticket_rule is None for check in found)
        if is_known and not any(item.excuses(page, finding) for finding in findings):
            message = f"nothing is found here that {', '.join(item.codes)} would report; remove the comment"
            yield Hit(item.line.number, message, file=item.line.file)


def _ends_of_blocks(page: CheckedPage, file: str) -> list[int]:
    """Return, for the number of each line of a file, the last line of the block that follows it."""
    lines = page.source.files[file]
    directives = {each.place: each.end for each in reversed(page.source.directives)}
    # From the end: where the text that a line belongs to ends, and the first line that is neither empty nor a comment
    # (several comments may stand above one block).
    ends, starts = [len(lines)] * (len(lines) + 1), [len(lines)] * (len(lines) + 1)
    for number in reversed(range(len(lines))):
        is_empty = not lines[number].strip()
        ends[number] = number if is_empty else ends[number + 1]
        starts[number] = starts[number + 1] if is_empty or (file, number + 1) in page.source.comments else number
    return [directives.get((file, start + 1), ends[start]) for start in starts]
