"""What is wrong with the techniques that a page names: unknown, revoked or deprecated ones, and how to mend each."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_postmortem.core.attack.table import AttackTable
from sphinx_postmortem.core.attack.technique_ids import NamedTechniques, is_tactic, is_technique, normal_id
from sphinx_postmortem.core.problems import Code


def unknown_techniques(named: NamedTechniques, table: AttackTable) -> Iterator[str]:
    """Yield a message for each part of a text that names no technique of the table."""
    for each in named.ids:
        if each not in table.techniques:
            yield unknown_message(each, table)
    for part in named.loose:
        yield unknown_message(part, table)


def unknown_message(written: str, table: AttackTable) -> str:
    """Return what is wrong with an id, or with words in the place of one, and what to write."""
    known = normal_id(written)
    near = table.suggestion(known if is_technique(known) else written)
    hint = f"; did you mean {near}?" if near else ""
    if is_tactic(known):
        return f'"{known}" is a tactic; name its techniques, such as T1078'
    if is_technique(known):
        return f'ATT&CK {version_text(table)} has no technique "{known}"{hint or "; mend the id"}'
    return f'"{written}" is no id of a technique{hint or "; write one such as T1078 or T1078.004"}'


def version_text(table: AttackTable) -> str:
    """Return which versions a table holds, such as ``19`` or ``19 (ics: 18.1)``."""
    first, *others = [*table.versions.items()] or [("", "")]
    differing = [f"{domain}: {version}" for domain, version in others if version != first[1]]
    return f"{first[1]} ({', '.join(differing)})" if differing else first[1] or "of the site's file"


def outdated(technique_id: str, table: AttackTable) -> tuple[Code, str] | None:
    """Return the code and the message for a technique that MITRE has revoked or deprecated; None for others."""
    found = table.techniques.get(technique_id)
    if found is None or not (found.is_revoked or found.is_deprecated):
        return None
    since = f"in ATT&CK {table.versions.get(found.domain) or version_text(table)}"
    if found.is_deprecated:
        return Code.TECHNIQUE_DEPRECATED, f"{table.named(technique_id)} is deprecated {since}; name another technique"
    successor = table.successor(technique_id)
    mend = f"write {table.named(successor.id)}" if successor else "MITRE names no successor; name another technique"
    return Code.TECHNIQUE_REVOKED, f"{table.named(technique_id)} is revoked {since}; {mend}"
