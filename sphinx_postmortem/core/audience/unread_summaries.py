"""Summaries of incidents that no directive has read: their status or label would hide the page, and binds nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule, IncidentStatement, said_in
from sphinx_postmortem.core.audience.mentions import OPENED, OPENINGS, Mention, plain
from sphinx_postmortem.core.expressions import expression

SUMMARY = "incident-summary"
_SUMMARY = expression(r"incident[ \t_.-]{0,3}sum+ar(?:y|ies)")
_CODE = expression(r"(?<!`)`[^`]*`(?!`)")  # within a sentence: it names a directive
_FENCE_ALONE = expression(r"[\s>]*(?:`{3,}|~{3,}|:{3,})\s*$")
_INTRODUCES = expression(r"\s{0,3}\w.*\w[\W_]{0,3}:\s*$")  # "So it is written:"
_MOST_LINES = 15  # of options below the opening line


def summaries_that_hide(text: str, rule: IncidentRule, edition: Edition) -> Iterator[Mention]:
    """Yield each place that looks like the opening of a summary by which a filtered edition would hide the page.

    Args:
        text: of one file.
        rule: the site's rule of statuses and labels.
        edition: the edition being built; for the first, what any other would hide counts.
    """
    folded = text.casefold()
    if not any(word in folded for word in ("draft", "tlp", "status", "published", "classification")):
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    editions = [edition.name] if edition.is_filtered else edition.audiences.names[1:]
    for index, line in enumerate(lines):
        if _opens_summary(plain(line)) and not _is_introduced(lines, index):
            statement = IncidentStatement(said=tuple(said_in(_below(lines, index))))
            if any(rule.why_hidden(statement, name) for name in editions):
                yield Mention(index + 1, "summary", " ".join(plain(line).replace("`", "").split())[:60])


def _opens_summary(line: str) -> bool:
    line = _CODE.sub("", line)
    if not any(opening in line for opening in OPENINGS):
        return False
    names = [match["inner"] or match["name"] for match in OPENED.finditer(line)]
    return bool(_SUMMARY.search(line) or difflib.get_close_matches(SUMMARY, names, n=1, cutoff=0.8))


def _is_introduced(lines: Sequence[str], index: int) -> bool:
    """Say whether a line stands in indented code below a sentence that ends with a colon: then it is a sample."""
    while index and (not lines[index].strip() or lines[index].startswith(("    ", "\t"))):
        index -= 1
        if _INTRODUCES.match(lines[index]):
            return lines[index + 1 : index + 2] == [""]
    return False


def _below(lines: Sequence[str], index: int) -> Iterator[str]:
    for line in lines[index + 1 : index + 1 + _MOST_LINES]:
        if _FENCE_ALONE.match(line):
            return
        yield line
