"""The part of a check's results that is about some pages: an audit PDF tells of its own incident only."""

from __future__ import annotations

from collections.abc import Collection

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression

_FINDING = expression(r"(?P<file>.+?):(?:\d+:){0,2} (?:error|warning|note): ")
_NUMBERS = expression(r"\d+ pages? checked: ")


@dataclass(frozen=True)
class OwnFindings:
    """The findings about some pages, as lines, and how many lines of the results name no page of the site."""

    lines: tuple[str, ...]
    unknown: int


def own_findings(results: str, own: Collection[str], others: Collection[str]) -> OwnFindings:
    """Return what the results of ``sphinx-postmortem check`` (as text) say of some pages.

    Args:
        results: the results, a line for each finding.
        own: the source files of the pages, from the source folder.
        others: the source files of all other pages.

    Results may name files from another folder. Of two pages whose names fit, the longer name is meant.
    """
    every = sorted({*own, *others}, key=len, reverse=True)
    lines: list[str] = []
    unknown = 0
    for line in results.splitlines():
        match = _FINDING.match(line)
        file = next((name for name in every if match and f"/{match['file']}".endswith(f"/{name}")), None)
        if file in own:
            lines.append(line)
        elif file is None and line.strip() and not _NUMBERS.match(line):
            unknown += 1
    return OwnFindings(tuple(lines), unknown)
