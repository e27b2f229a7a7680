"""What would hide an incident's page and binds nothing: a summary that no directive has read, another page's head."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule, IncidentStatement, said_in, said_in_head
from sphinx_postmortem.core.audience.mentions import OPENED, OPENINGS, Mention, plain
from sphinx_postmortem.core.audience.withheld import names_status, own_head
from sphinx_postmortem.core.expressions import expression

SUMMARY = "incident-summary"
_SUMMARY = expression(r"incident[ \t_.-]{0,3}sum+ar(?:y|ies)")
_CODE = expression(r"(?<!`)`[^`]*`(?!`)")  # within a sentence: it names a directive
_FENCE_ALONE = expression(r"[\s>]*(?:`{3,}|~{3,}|:{3,})\s*$")
_INTRODUCES = expression(r"\s{0,3}\w.*\w[\W_]{0,3}:\s*$")  # "So it is written:"
_MOST_LINES = 15  # of options below the opening line


def unread_statements(
    lines: Sequence[str], rule: IncidentRule, edition: Edition, *, has_incident: bool
) -> Iterator[Mention]:
    """Yield each place at which a filtered edition would hide the page, if any directive had read it.

    Args:
        lines: of one file of a page.
        rule: the site's rule of statuses and labels.
        edition: the edition being built; for the first, what any other would hide counts.
        has_incident: whether a directive has read the summary of an incident, so that the head of the page binds.
    """
    editions = [edition.name] if edition.is_filtered else edition.audiences.names[1:]

    def hides(said: Iterable[tuple[str, str]], unread: Iterable[str] = ()) -> bool:
        statement = IncidentStatement(said=tuple(said), unread=tuple(unread))
        return any(rule.why_hidden(statement, name) for name in editions)

    for index, line in enumerate(lines):
        if opens_summary(plain(line)) and not _is_introduced(lines, index) and hides(said_in(_below(lines, index))):
            yield Mention(index + 1, "summary", " ".join(plain(line).replace("`", "").split())[:60])
    for number, line in () if has_incident else own_head(lines):
        if not names_status(plain(line)) and hides(*said_in_head([line])):
            yield Mention(number, "switch", " ".join(plain(line).split())[:60])


def opens_summary(line: str) -> bool:
    """Say whether a line, as ``plain`` gives it, opens the summary of an incident, or nearly does."""
    if not any(opening in line for opening in OPENINGS):
        return False
    line = _CODE.sub("", line)
    return bool(_SUMMARY.search(line)) or any(
        _is_nearly_summary(match["inner"] or match["name"]) for match in OPENED.finditer(line)
    )


@lru_cache(maxsize=1024)
def _is_nearly_summary(name: str) -> bool:
    return bool(difflib.get_close_matches(SUMMARY, [name], n=1, cutoff=0.8))


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
