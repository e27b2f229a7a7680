"""The settings of the checks, read from plain values such as those of ``conf.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sphinx_postmortem.core.audience.audiences import DEFAULT_AUDIENCES
from sphinx_postmortem.core.records.knowledge import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.milestones import DEFAULT_MILESTONES
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.vocabulary import DEFAULT_SEVERITIES

DEFAULT_FACTOR_KINDS = ("Configuration", "Monitoring", "Logging", "Process", "Architecture")
DEFAULT_MILESTONE_ORDER = (
    *(("Alert detected", name) for name in DEFAULT_MILESTONES[1:]),
    ("Containment executed", "Recovery completed"),
    ("Threat neutralized", "Recovery completed"),
)
DEFAULT_REQUIRED_MILESTONES = {
    "SEV-1": DEFAULT_MILESTONES,
    "SEV-2": DEFAULT_MILESTONES,
    "SEV-3": ("Alert detected", "Recovery completed"),
}
DEFAULT_DEADLINES = {"SEV-1": 30, "SEV-2": 30, "SEV-3": 60}


# The names, without ``postmortem_``, of the settings that the checks read.
CHECK_SETTINGS = (
    *("audiences", "audience_paths", "severities", "milestones", "done_statuses", "owners", "today"),
    *("checks", "required_milestones", "milestone_order", "factor_kinds", "people", "safe_terms", "ticket_pattern"),
    *("evidence", "register", "register_deadlines", "check_baseline"),
)


class BadCheckSettingError(ValueError):
    """A setting that cannot be used; the message names it and says how to mend it."""


@dataclass(frozen=True)
class CheckSettings:
    """What the checks must know of a site. Names are those of the settings without ``postmortem_``."""

    audiences: tuple[str, ...] = DEFAULT_AUDIENCES
    audience_paths: tuple[tuple[str, str], ...] = ()
    severities: tuple[str, ...] = DEFAULT_SEVERITIES
    milestones: tuple[str, ...] = DEFAULT_MILESTONES
    done_statuses: tuple[str, ...] = DEFAULT_DONE_STATUSES
    owners: tuple[str, ...] = ()
    today: date | None = None
    checks: tuple[tuple[str, str], ...] = ()
    required_milestones: tuple[tuple[str, tuple[str, ...]], ...] = tuple(DEFAULT_REQUIRED_MILESTONES.items())
    milestone_order: tuple[tuple[str, str], ...] = DEFAULT_MILESTONE_ORDER
    factor_kinds: tuple[str, ...] = DEFAULT_FACTOR_KINDS
    people_allow: tuple[str, ...] = ()
    people_deny: tuple[str, ...] = ()
    safe_terms: tuple[str, ...] = ()
    ticket_pattern: str = ""
    evidence: tuple[str, ...] = ()
    register: str = ""
    check_baseline: str = ""
    register_deadlines: tuple[tuple[str, int], ...] = tuple(DEFAULT_DEADLINES.items())

    def required_for(self, severity: str) -> tuple[str, ...]:
        """Return the milestones that a timeline of this severity needs, of those that the site has."""
        wanted, known = severity.casefold(), {name.casefold() for name in self.milestones}
        names = next((names for level, names in self.required_milestones if level.casefold() == wanted), ())
        return tuple(name for name in names if name.casefold() in known)

    @property
    def mandatory(self) -> tuple[str, ...]:
        """The severities for which a postmortem is mandatory: the two gravest."""
        return tuple(name.casefold() for name in self.severities[:2])


def read_settings(values: Mapping[str, Any]) -> CheckSettings:
    """Return the settings that ``values`` (names without ``postmortem_``) give; others keep their default.

    Raises:
        BadCheckSettingError: a value cannot be used.
    """
    read: dict[str, Any] = {}
    for name, value in values.items():
        if name == "people":
            people = _mapping("people", value)
            read["people_allow"] = _texts("people", people.get("allow", ()))
            read["people_deny"] = _texts("people", people.get("deny", ()))
        else:
            read[name] = _READERS.get(name, _texts)(name, value)
    known = {item.name for item in fields(CheckSettings)}
    return CheckSettings(**{name: value for name, value in read.items() if name in known})


def _mapping(name: str, value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise BadCheckSettingError(f"postmortem_{name} must be a dict, not {value!r}")
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadCheckSettingError(f"postmortem_{name} must be a list of texts, not {value!r}")
    return tuple(str(item) for item in value)


def _pairs(name: str, value: object) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for item in value if isinstance(value, Sequence) and not isinstance(value, str) else [value]:
        texts = _texts(name, item)
        if len(texts) != 2:
            raise BadCheckSettingError(f"postmortem_{name}: {item!r} must be (earlier milestone, later milestone)")
        pairs.append((texts[0], texts[1]))
    return tuple(pairs)


def _owner_names(name: str, value: object) -> tuple[str, ...]:
    names: list[str] = []
    for key, entry in _mapping(name, value).items():
        names.append(str(key).casefold())
        shown = entry.get("name", "") if isinstance(entry, Mapping) else entry
        if shown:
            names.append(str(shown).casefold())
    return tuple(names)


def _severity_of_checks(name: str, value: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), str(level).casefold()) for code, level in _mapping(name, value).items())


def _names_by_key(name: str, value: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(text).strip().casefold()) for key, text in _mapping(name, value).items())


def _lists(name: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((str(key), _texts(name, names)) for key, names in _mapping(name, value).items())


def _text(name: str, value: object) -> str:
    return str(value)


def _today(name: str, value: object) -> date | None:
    if isinstance(value, date):
        return value
    if not str(value or "").strip():
        return None
    try:
        return parse_date(str(value))
    except BadDateError as error:
        raise BadCheckSettingError(f"postmortem_today: {error}") from error


def _days(name: str, value: object) -> tuple[tuple[str, int], ...]:
    deadlines = _mapping(name, value)
    for key, days in deadlines.items():
        if not isinstance(days, int) or days < 0:
            raise BadCheckSettingError(f"postmortem_register_deadlines[{key!r}] must be a number of days, not {days!r}")
    return tuple((str(key), int(days)) for key, days in deadlines.items())


_READERS: Mapping[str, Callable[[str, object], object]] = {
    "owners": _owner_names,
    "today": _today,
    "audience_paths": _names_by_key,
    "checks": _severity_of_checks,
    "required_milestones": _lists,
    "milestone_order": _pairs,
    "register_deadlines": _days,
    "register": _text,
    "check_baseline": _text,
    "ticket_pattern": _text,
}
