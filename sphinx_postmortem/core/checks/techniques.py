"""Rules for the techniques of ATT&CK that a page names: in its summary, its tables, and by the role ``attack``."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.attack.technique_ids import (
    NamedTechniques,
    is_tactic,
    normal_id,
    outdated,
    read_techniques,
    unknown_techniques,
)
from sphinx_postmortem.core.checks.page import CheckedPage, plain_value
from sphinx_postmortem.core.checks.registry import Hit, check
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.prompts import is_prompt
from sphinx_postmortem.core.settings import Settings

_SOURCE = "MITRE ATT&CK"
_ROLE = expression(r"(?:\{(?:postmortem:)?attack\}|:(?:postmortem:)?attack:)`(?:[^`<]{0,200}<)?([^`<>]{1,80})>?`")


def _page(technique: str) -> str:
    return f":::{{incident-summary}} SEC-1\n:attack: {technique}\n\nText.\n:::\n"


def _places(page: CheckedPage) -> Iterator[tuple[int, str, str, bool]]:
    """Yield each place that names techniques: its line, its file, what it says, and whether it is a role.

    A role may name a tactic.
    """
    for summary in page.source.named("incident-summary"):
        written = plain_value(summary.option("attack"))
        if written and not is_prompt(written):
            yield page.source.own_line(summary.place), summary.file, written, False
    for row in (*page.all_events, *page.actions):
        written = row.cell("techniques")
        if written and not is_prompt(written):
            yield row.line, row.file, written, False
    for line in page.source.prose:
        for match in _ROLE.finditer(line.text) if "attack" in line.text else ():
            yield line.number, line.file, match[1], True


def _named(page: CheckedPage, settings: Settings) -> Iterator[tuple[int, str, NamedTechniques]]:
    """Yield what each place names. The table of techniques, which is large, is read once a page names any."""
    for line, file, written, is_role in _places(page):
        table, target = settings.attack_table, normal_id(written)
        if not (is_role and is_tactic(target) and table.find_tactic(target) is not None):
            yield line, file, read_techniques(written, table)


def _hits(page: CheckedPage, settings: Settings, code: Code) -> Iterator[Hit]:
    seen = set[tuple[str, int, str]]()
    for line, file, named in _named(page, settings):
        table = settings.attack_table
        messages = [*unknown_techniques(named, table)] if code is Code.TECHNIQUE_UNKNOWN else []
        messages += [fault[1] for each in named.ids if (fault := outdated(each, table)) and fault[0] is code]
        for message in messages:
            if (file, line, message) not in seen:
                seen.add((file, line, message))
                yield Hit(line, message, file=file)


@check(
    Code.TECHNIQUE_UNKNOWN,
    "error",
    source=_SOURCE,
    in_build=True,
    any_page=True,
    bad=_page("T1078.099"),
    good=_page("T1078.004"),
)
def technique_unknown(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """Each technique that a page names is one of ATT&CK, by its id.

    Where `postmortem_attack` names no file, the table that ships with the package decides.
    """
    yield from _hits(page, settings, Code.TECHNIQUE_UNKNOWN)


@check(
    Code.TECHNIQUE_REVOKED,
    "warning",
    source=_SOURCE,
    any_page=True,
    bad=_page("T1562.001"),
    good=_page("T1685"),
)
def technique_revoked(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No technique that a page names has been revoked; the message names its successor."""
    yield from _hits(page, settings, Code.TECHNIQUE_REVOKED)


@check(
    Code.TECHNIQUE_DEPRECATED,
    "note",
    source=_SOURCE,
    any_page=True,
    bad=_page("T1043"),
    good=_page("T1571"),
)
def technique_deprecated(page: CheckedPage, settings: Settings) -> Iterator[Hit]:
    """No technique that a page names is deprecated: MITRE keeps such techniques without care for them."""
    yield from _hits(page, settings, Code.TECHNIQUE_DEPRECATED)
