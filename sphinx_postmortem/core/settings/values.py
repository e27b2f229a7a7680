"""How a setting's value is read: from what ``conf.py`` or ``-D`` gives to a checked value.

Every reader takes the setting's name without ``postmortem_``, for its messages, and the raw value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, cast

from sphinx_postmortem.core.audience.audiences import Audiences
from sphinx_postmortem.core.audience.path_patterns import fault_of
from sphinx_postmortem.core.audience.tlp import read_label
from sphinx_postmortem.core.check_codes import check_codes
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.problems import FORMER_CODES, codes_meant
from sphinx_postmortem.core.records.factors import BadFactorsError, FactorVocabulary, read_factors
from sphinx_postmortem.core.records.foreign_site import ForeignSource
from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.records.owner_register import BadOwnersError, read_owners
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES, TLP_LABELS
from sphinx_postmortem.core.records.zones import BadZoneError, Zone, read_zone
from sphinx_postmortem.core.source_links import KEYS as LINK_KEYS
from sphinx_postmortem.core.source_links import SourceLinks
from sphinx_postmortem.core.source_links import fault_of as fault_of_address

if TYPE_CHECKING:
    from sphinx_postmortem.core.clocks.clock_rules import Rule


class SettingError(ValueError):
    """A setting that cannot be used. The message names it, its value, and what to write."""


@dataclass(frozen=True)
class People:
    """Names for the checks: those that may not stand on a page, and those that may."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


_KINDS = {
    bool: "True or False",
    str: "a text in quotes",
    dict: "a dictionary {...}",
    list: "a list [...]",
    NoneType: "None",
}


def refuse_wrong_type(name: str, value: object, types: tuple[type, ...]) -> None:
    """Refuse a value of a type that the setting does not take.

    Raises:
        SettingError: the value is of another type.
    """
    is_set = tuple in types and isinstance(value, set | frozenset)
    is_number = bool in types and isinstance(value, int)
    if not (isinstance(value, types) or is_set or is_number):
        wanted = " or ".join(_KINDS[kind] for kind in types if kind is not tuple)
        raise SettingError(f"postmortem_{name} is {value!r} in conf.py; write {wanted}")


def text(name: str, value: Any) -> str:
    """Return a text as it is written."""
    if not isinstance(value, str):
        raise SettingError(f"postmortem_{name} is {value!r}; write a text in quotes")
    return value


def flag(name: str, value: Any) -> bool:
    """Return True or False; 1 and 0 mean the same."""
    return bool(value)


def sequence(name: str, value: Any) -> tuple[str, ...]:
    """Return a list of texts whose order counts."""
    if isinstance(value, set | frozenset):
        raise SettingError(f"postmortem_{name} is a set, which has no order; write a list [...]")
    return texts(name, value)


def texts(name: str, value: Any) -> tuple[str, ...]:
    """Return a list of texts. A set is sorted, so that each build has the same order."""
    if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
        raise SettingError(f"postmortem_{name} must be a list of texts, not {value!r}")
    items = list(cast("Iterable[object]", value))
    for item in items:
        if not isinstance(item, str | int | float):
            raise SettingError(f"postmortem_{name}: {item!r} must be a text in quotes")
    found = [str(item) for item in items]
    return tuple(sorted(found) if isinstance(value, set | frozenset) else found)


def optional_texts(name: str, value: Any) -> tuple[str, ...] | None:
    """Return a list of texts, or None where the setting is not made. A text is divided at its commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    return None if value is None else texts(name, value)


def mapping(name: str, value: Any) -> Mapping[str, Any]:
    """Return a dictionary whose keys are texts."""
    if not isinstance(value, Mapping):
        raise SettingError(f"postmortem_{name} must be a dict, not {value!r}")
    entries = cast("Mapping[object, Any]", value)
    for key in entries:
        if not isinstance(key, str | int | float):
            raise SettingError(f"postmortem_{name}: the key {key!r} must be a text in quotes")
    return {str(key): entry for key, entry in entries.items()}


def text_by_text(name: str, value: Any) -> Mapping[str, str]:
    """Return a dictionary of texts to texts."""
    found = mapping(name, value)
    for key, entry in found.items():
        if not isinstance(entry, str):
            raise SettingError(f"postmortem_{name}: {key!r}: {entry!r}: write two texts in quotes")
    return found


def audience_by_path(name: str, value: Any) -> Mapping[str, str]:
    """Return path patterns with the audience of each; whether the audience exists is compared later."""
    found = text_by_text(name, value)
    for written in found:
        if fault := fault_of(written):
            raise SettingError(f'postmortem_{name}: the pattern "{written}" {fault}')
    return {written: audience.strip().casefold() for written, audience in found.items()}


def texts_by_text(name: str, value: Any) -> Mapping[str, tuple[str, ...]]:
    """Return a dictionary of texts to lists of texts."""
    return {key: sequence(name, entry) for key, entry in mapping(name, value).items()}


def days_by_text(name: str, value: Any) -> Mapping[str, int]:
    """Return a dictionary of texts to numbers of days."""
    found = mapping(name, value)
    for key, days in found.items():
        if not isinstance(days, int) or isinstance(days, bool) or days < 0:
            raise SettingError(f"postmortem_{name}[{key!r}] must be a number of days, not {days!r}")
    return found


def statuses(name: str, value: Any) -> tuple[str, ...]:
    """Return statuses in the form in which they are compared: folded, with single blanks."""
    return tuple(" ".join(item.casefold().split()) for item in texts(name, value))


def statuses_by_audience(name: str, value: Any) -> Mapping[str, tuple[str, ...]]:
    """Return statuses for each of some audiences, in the form in which they are compared."""
    return {key: statuses(name, entry) for key, entry in mapping(name, value).items()}


def audiences(name: str, value: Any) -> Audiences:
    """Return the site's audiences, most privileged first."""
    names = sequence(name, value)
    try:
        return Audiences(names)
    except ValueError as error:
        raise SettingError(str(error)) from error


def tlp_by_audience(name: str, value: Any) -> Mapping[str, str]:
    """Return a TLP 2.0 label for each audience that has one; ``TLP:`` before it and its case do not count."""
    labels = {key: read_label(str(label)) for key, label in mapping(name, value).items()}
    for label in labels.values():
        if label not in TLP_LABELS:
            raise SettingError(f'postmortem_{name}: "{label}" is no TLP label; use {", ".join(TLP_LABELS)}')
    return labels


def rule_by_audience(*allowed: str) -> Callable[[str, Any], Mapping[str, str]]:
    """Return a reader of audiences, each with one of some words."""

    def read(name: str, value: Any) -> Mapping[str, str]:
        return {key: _one_of(name, word, allowed) for key, word in text_by_text(name, value).items()}

    return read


def _tuples(name: str, value: Any, size: int, meaning: str) -> list[tuple[str, ...]]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise SettingError(f"postmortem_{name} must be a list of {meaning}, not {value!r}")
    found: list[tuple[str, ...]] = []
    for item in cast("Sequence[object]", value):
        if not isinstance(item, list | tuple) or len(cast("Sequence[object]", item)) != size:
            raise SettingError(f"postmortem_{name}: {item!r} must be {meaning}")
        found.append(tuple(map(str, cast("Sequence[object]", item))))
    return found


def durations(name: str, value: Any) -> tuple[tuple[str, str, str], ...]:
    """Return derived times: term, start milestone, end milestone."""
    found = _tuples(name, value, 3, "(term, start milestone, end milestone)")
    return tuple((term, start, end) for term, start, end in found)


def phases(name: str, value: Any) -> tuple[tuple[str, str], ...]:
    """Return phases, each with the milestone that begins it."""
    return tuple((phase, start) for phase, start in _tuples(name, value, 2, "(phase, milestone that begins it)"))


def milestone_pairs(name: str, value: Any) -> tuple[tuple[str, str], ...]:
    """Return pairs of milestones, the earlier one first."""
    return tuple((first, then) for first, then in _tuples(name, value, 2, "(earlier milestone, later milestone)"))


def owners(name: str, value: Any) -> tuple[Owner, ...]:
    """Return the owners of a dictionary. A file must have been read before."""
    try:
        return read_owners(value, Path())
    except BadOwnersError as error:
        raise SettingError(str(error)) from error


def factors(name: str, value: Any) -> FactorVocabulary:
    """Return the contributing factors of a dictionary. A file must have been read before."""
    try:
        return read_factors(value, Path())
    except BadFactorsError as error:
        raise SettingError(str(error)) from error


def people(name: str, value: Any) -> People:
    """Return the names that pages may not hold, and those that they may."""
    found = mapping(name, value)
    for key in found:
        if key not in ("allow", "deny"):
            raise SettingError(f'postmortem_{name} has no key {key!r}; write "allow" or "deny"')
    return People(*(texts(name, found.get(key, ())) for key in ("allow", "deny")))


def sources(name: str, value: Any) -> tuple[ForeignSource, ...]:
    """Return other sites: name, file and address of each."""
    found: list[ForeignSource] = []
    for key, entry in mapping(name, value).items():
        if not isinstance(entry, Mapping) or not key.strip():
            raise SettingError(f"postmortem_{name}[{key!r}] must be a dict of file and url, and the name a text")
        parts = {str(part): str(said) for part, said in cast("Mapping[object, object]", entry).items()}
        if set(parts) - {"file", "url"} or not parts.get("file"):
            raise SettingError(f'postmortem_{name}[{key!r}] must name a "file", and may name an "url"; nothing else')
        found.append(ForeignSource(key, parts["file"], parts.get("url", "")))
    return tuple(found)


def source_links(name: str, value: Any) -> SourceLinks:
    """Return where sources are edited and their history is read, and in which editions pages say so."""
    found = text_by_text(name, value)
    for key, said in found.items():
        if key not in LINK_KEYS:
            raise SettingError(f"postmortem_{name} has no key {key!r}; write one of {', '.join(LINK_KEYS)}")
        if key != "editions" and said and (fault := fault_of_address(said)):
            raise SettingError(f"postmortem_{name}[{key!r}]: {said!r} {fault}")
    editions = [part.strip().casefold() for part in found.get("editions", "").split(",") if part.strip()]
    named = tuple(editions) if "editions" in found else None
    return SourceLinks(found.get("edit", ""), found.get("history", ""), named)


def severity_by_code(name: str, value: Any) -> Mapping[str, str]:
    """Return the severity that the site gives to each of some checks; former names of codes stand for today's."""
    found = text_by_text(name, value)
    for code, level in found.items():
        if any(each not in check_codes() for each in codes_meant(code)):
            near = get_close_matches(code, check_codes(), n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise SettingError(f'postmortem_{name}: there is no check "{code}"{hint}')
        if level.casefold() not in CHECK_SEVERITIES:
            raise SettingError(f"postmortem_{name}[{code!r}] is {level!r}; write one of {', '.join(CHECK_SEVERITIES)}")
    # What is written by the name of today goes before what is written by a former one, which stays to be told.
    former = {each: found[code] for code in found if code in FORMER_CODES for each in codes_meant(code)}
    return {code: level.casefold() for code, level in {**former, **found}.items()}


def pattern(name: str, value: Any) -> str:
    """Return a regular expression."""
    written = text(name, value)
    try:
        re.compile(written)
    except re.error as error:
        raise SettingError(
            f"postmortem_{name} is {written!r}, which is no regular expression ({error}); mend it"
        ) from error
    return written


def choice(*allowed: str) -> Callable[[str, Any], str]:
    """Return a reader of one of some words; their case does not count."""

    def read(name: str, value: Any) -> str:
        return _one_of(name, text(name, value), allowed)

    return read


def choices(*allowed: str) -> Callable[[str, Any], tuple[str, ...]]:
    """Return a reader of a list of some words; their case does not count."""

    def read(name: str, value: Any) -> tuple[str, ...]:
        return tuple(_one_of(name, item, allowed) for item in texts(name, value))

    return read


def _one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    known = {word.casefold(): word for word in allowed}
    if value.strip().casefold() not in known:
        listed = ", ".join(f'"{word}"' for word in allowed if word)
        raise SettingError(f"postmortem_{name}: {value!r} is not known; write one of {listed}")
    return known[value.strip().casefold()]


def day(name: str, value: Any) -> date | None:
    """Return the day that counts as today: the written one, else that of SOURCE_DATE_EPOCH, else none."""
    written = text(name, value)
    if not written.strip():
        return epoch_day()
    try:
        return parse_date(written)
    except BadDateError as error:
        raise SettingError(f"postmortem_{name}: {error}") from error


def clock_rules(name: str, value: Any) -> tuple[Rule, ...]:
    """Return rules of reporting clocks."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise SettingError(f"postmortem_{name} must be a list of tables (dictionaries), not {value!r}")
    if not value:
        return ()
    from sphinx_postmortem.core.clocks.clock_rules import BadRuleError, read_rules

    try:
        return read_rules(cast("Sequence[object]", value))
    except BadRuleError as error:
        raise SettingError(f"postmortem_{name}: {error}") from error


def zone(name: str, value: Any) -> Zone:
    """Return a time zone."""
    try:
        return read_zone(text(name, value))
    except BadZoneError as error:
        raise SettingError(f"postmortem_{name}: {error}") from error


def epoch_day() -> date | None:
    """Return the day of SOURCE_DATE_EPOCH in UTC, or None where it is not set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), tz=UTC).date() if epoch.isdigit() else None
