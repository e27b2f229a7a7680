"""Ids of ATT&CK as people write them: which techniques a text names, where each leads, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.vocabulary import DASHES, UNSTATED

if TYPE_CHECKING:
    from sphinx_postmortem.core.attack.table import AttackTable

SITE = "https://attack.mitre.org/"
_ID = expression(r"T\d{4}(?:\.\d{3})?\Z", re.ASCII)
_TACTIC = expression(r"TA\d{4}\Z", re.ASCII)
# What begins as an id does, well-formed or not; addresses write the number of a sub-technique after a slash.
_LIKE_ID = expression(r"(?<![\w.-])TA?\d\w*(?:[./]\d\w*)?", re.IGNORECASE)
_SEPARATOR = expression(r"[,;\n]|<br ?/?>", re.IGNORECASE)
# Names and addresses are bounded: without that, a long run of what begins them takes quadratic time.
_MARKUP = expression(r"\{[\w:-]{1,60}\}(?=`)|:[\w:-]{1,60}:(?=`)|\]\([^)]{0,500}\)|https?://\S+|[`*_\[\]<>()]")
_NOTHING = UNSTATED | DASHES | {"", "none"}


@dataclass(frozen=True)
class NamedTechniques:
    """What a text names: the ids of techniques, each once and in order, and the parts that name none.

    ``is_plain`` says that the text holds nothing beside ids and their names.
    """

    ids: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    is_plain: bool = True


def is_technique(text: str) -> bool:
    """Say whether a text is the id of a technique or sub-technique, such as ``T1078.004``."""
    return bool(_ID.match(text))


def is_tactic(text: str) -> bool:
    """Say whether a text is the id of a tactic, such as ``TA0001``."""
    return bool(_TACTIC.match(text))


def normal_id(text: str) -> str:
    """Return an id in MITRE's spelling: ``t1078/004`` is ``T1078.004``."""
    return text.strip().upper().replace("/", ".")


def address(attack_id: str) -> str:
    """Return the page of a technique, sub-technique or tactic on MITRE's site."""
    folder = "tactics" if is_tactic(attack_id) else "techniques"
    return f"{SITE}{folder}/{attack_id.replace('.', '/')}/"


def read_techniques(written: str, table: AttackTable) -> NamedTechniques:
    """Return the techniques that an option or a cell names, separated by commas, semicolons, lines or blanks.

    Names may stand beside the ids, and ids within links and roles. A name alone is no technique: it is loose.
    """
    ids: list[str] = []
    loose: list[str] = []
    is_plain = True
    for part in _parts(written):
        found = [normal_id(each) for each in _LIKE_ID.findall(part)]
        good = [each for each in found if is_technique(each)]
        ids += good
        loose += [each for each in found if not is_technique(each)]
        rest = _rest(part)
        if not found:
            loose.append(rest)
        names = {name.casefold() for each in good if each in table.techniques for name in _names(each, table)}
        is_plain = is_plain and bool(good) and len(good) == len(found) and rest.casefold() in {"", *names}
    return NamedTechniques(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(loose)), is_plain)


def _parts(written: str) -> Iterator[str]:
    for part in _SEPARATOR.split(written):
        if _rest(part).casefold() not in _NOTHING or _LIKE_ID.search(part):
            yield part


def _rest(part: str) -> str:
    """Return what a part says beside ids, without markup."""
    return _MARKUP.sub(" ", _LIKE_ID.sub(" ", _MARKUP.sub(" ", part))).strip(" \t:.–—-|/&") if part.strip() else ""


def _names(technique_id: str, table: AttackTable) -> tuple[str, str]:
    return table.techniques[technique_id].name, table.title(technique_id)


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
