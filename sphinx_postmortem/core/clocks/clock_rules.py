"""The rules of reporting clocks as dated data: which milestone starts a stage, how long it runs, what ends it.

Our own stand in ``clock_rules.toml``; a site adds its own, or puts them in their place, by ``postmortem_clock_rules``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, time, tzinfo
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.zones import BadZoneError, read_zone

IN_FORCE, PROPOSED = "in force", "proposed"
EXTENDS, NOON, BEGINS = "extends", "noon", "begins"
SITE_CALENDAR = "site"
CLOCK_SYNONYMS = {
    "Aware": ("Became aware",),
    "Classified as major": ("Classified as a major incident",),
    "Materiality determined": ("Determined materiality",),
}
"""Further names of our milestones."""
_RULE_KEYS = (
    "regime",
    "title",
    "status",
    "from",
    "until",
    "source",
    "read",
    "unverified",
    "note",
    "calendar",
    "closed",
    "zone",
    "ends",
)
_STAGE_KEYS = ("name", "starts", "after", "sent", "cap")
_PERIODS = ("hours", "days", "months", "working_days")


class BadRuleError(ValueError):
    """A rule that cannot be read; the message says which, and how to mend it."""


@dataclass(frozen=True)
class Period:
    """How long a stage runs: a number of one unit (``hours``, ``days``, ``months`` or ``working_days``)."""

    number: int
    unit: str

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.number} {unit.removesuffix('s') if self.number == 1 else unit}"


@dataclass(frozen=True)
class Cap:
    """A second period that ends a stage earlier, where the stage started before it was over.

    Source: Regulation (EU) 2025/301, Article 5(1)(a) and (2).
    """

    starts: tuple[str, ...]
    period: Period


@dataclass(frozen=True)
class Stage:
    """One notification that a rule asks for.

    ``starts`` are the milestones that start it, the most special first; ``after`` is the stage whose submission starts
    it instead; ``sent`` is the milestone that ends it.
    """

    name: str
    period: Period
    sent: str
    starts: tuple[str, ...] = ()
    after: str = ""
    cap: Cap | None = None


@dataclass(frozen=True)
class Rule:
    """The stages of one regime, for starts from ``first_day`` on (None: always) and before ``until`` (None: for ever).

    ``source`` is the text of the rule, ``read`` the pages in which its periods and its first day were read, and
    ``unverified`` what could be read in none. ``calendar`` says whose holidays count, ``closed`` what they do, ``zone``
    whose days are counted (None: the site's), ``ends`` when a day ends for a notification (None: at midnight).
    """

    regime: str
    title: str
    stages: tuple[Stage, ...]
    status: str = IN_FORCE
    first_day: date | None = None
    until: date | None = None
    source: str = ""
    read: tuple[str, ...] = ()
    unverified: str = ""
    note: str = ""
    calendar: str = ""
    closed: str = ""
    zone: tzinfo | None = None
    ends: time | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the rule holds for a start on that day."""
        return (self.first_day is None or self.first_day <= day) and (self.until is None or day < self.until)

    @property
    def is_proposed(self) -> bool:
        """Whether the rule is a proposal only."""
        return self.status == PROPOSED


@dataclass(frozen=True)
class RuleBook:
    """All rules, and the day on which ours were read."""

    rules: tuple[Rule, ...]
    as_of: date

    @property
    def regimes(self) -> tuple[str, ...]:
        """The names of the regimes, in their order."""
        return tuple(dict.fromkeys(rule.regime for rule in self.rules))

    def of(self, regime: str) -> tuple[Rule, ...]:
        """Return the rules of a regime, of all times; none where it is unknown."""
        return tuple(rule for rule in self.rules if rule.regime == regime)

    @cached_property
    def milestones(self) -> tuple[str, ...]:
        """All milestones that start or end a stage."""
        names: list[str] = []
        for rule in self.rules:
            for stage in rule.stages:
                names += [*stage.starts, *(stage.cap.starts if stage.cap else ()), stage.sent]
        return tuple(dict.fromkeys(names))

    def with_rules(self, own: Sequence[Rule]) -> RuleBook:
        """Return the book with a site's own rules: they take the place of all rules of their regimes."""
        named = {rule.regime for rule in own}
        return RuleBook((*(rule for rule in self.rules if rule.regime not in named), *own), self.as_of)

    def split(self, written: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the regimes that a text names, separated by commas, and a message for each that is unknown."""
        names = tuple(dict.fromkeys(part.strip().casefold() for part in written.split(",") if part.strip()))
        known = tuple(name for name in names if name in self.regimes)
        return known, tuple(self._unknown(name) for name in names if name not in self.regimes)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, self.regimes, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(self.regimes)}"
        return f'the regime "{name}" is not known; {hint}'


@cache
def our_rules() -> RuleBook:
    """Return the rules that come with the product."""
    # `tools/parsed_tables.py` makes the file of `clock_rules.toml`: Python takes long to read that.
    data = json.loads(Path(__file__).with_name("clock_rules.json").read_bytes())
    return RuleBook(read_rules(data["rules"]), date.fromisoformat(data["as_of"]))


@cache
def rule_book(own: tuple[Rule, ...]) -> RuleBook:
    """Return our rules with a site's own ones."""
    return our_rules().with_rules(own)


def read_rules(tables: Iterable[object]) -> tuple[Rule, ...]:
    """Read rules from tables, as TOML or ``conf.py`` give them.

    Raises:
        BadRuleError: one of them cannot be used.
    """
    return tuple(_rule(table, number) for number, table in enumerate(tables, 1))


def _rule(table: object, number: int) -> Rule:
    place = f"rule {number}"
    found = _table(table, place)
    regime = _text(found, "regime", place).strip().casefold()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", regime):
        raise BadRuleError(f'{place} needs a "regime" of letters, digits and hyphens')
    place = f'the rule "{regime}"'
    _refuse_unknown(found, (*_RULE_KEYS, "stages"), place)
    first_day, until = _day(found, "from", place), _day(found, "until", place)
    if first_day and until and until <= first_day:
        raise BadRuleError(f'{place} holds on no day: it is "until" {until} and "from" {first_day}; mend one of them')
    return Rule(
        regime=regime,
        title=_text(found, "title", place, regime.upper()),
        stages=_stages(found.get("stages", ()), place),
        status=_one_of((IN_FORCE, PROPOSED), found, "status", place),
        first_day=first_day,
        until=until,
        source=_text(found, "source", place),
        read=_names(found, "read", place),
        unverified=_text(found, "unverified", place),
        note=_text(found, "note", place),
        calendar=_text(found, "calendar", place),
        closed=_one_of(("", EXTENDS, NOON, BEGINS), found, "closed", place),
        zone=_zone(found, place),
        ends=_clock(found, place),
    )


def _stages(value: object, rule: str) -> tuple[Stage, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise BadRuleError(f'{rule} needs at least one stage: "stages" is a list of tables')
    stages = tuple(_stage(each, rule) for each in cast("Sequence[object]", value))
    names = [stage.name for stage in stages]
    for index, stage in enumerate(stages):
        if stage.name in names[:index]:
            raise BadRuleError(f'{rule} has two stages "{stage.name}"; give one of them another "name"')
        if stage.after and stage.after not in names[:index]:
            raise BadRuleError(f'{rule}: the stage "{stage.name}" runs after "{stage.after}", which is none above it')
    return stages


def _stage(value: object, rule: str) -> Stage:
    found = _table(value, f"each stage of {rule}")
    name = _text(found, "name", rule) or "notification"
    place = f'{rule}, stage "{name}"'
    _refuse_unknown(found, (*_STAGE_KEYS, *_PERIODS), place)
    starts, after, sent = _names(found, "starts", place), _text(found, "after", place), _text(found, "sent", place)
    if bool(starts) == bool(after):
        raise BadRuleError(f'{place} needs either "starts" (milestones) or "after" (a stage above)')
    if not sent:
        raise BadRuleError(f'{place} needs "sent", the milestone that ends it')
    cap = _cap(found["cap"], f'{place}, "cap"') if "cap" in found else None
    return Stage(name, _period(found, place), sent, starts, after, cap)


def _cap(value: object, place: str) -> Cap:
    found = _table(value, place)
    _refuse_unknown(found, ("starts", "hours"), place)
    starts = _names(found, "starts", place)
    if "hours" not in found or not starts:
        raise BadRuleError(f'{place} needs "starts" and "hours"')
    return Cap(starts, _period(found, place))


def _period(found: Mapping[str, Any], place: str) -> Period:
    units = [unit for unit in _PERIODS if unit in found]
    number = found[units[0]] if len(units) == 1 else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10_000:
        raise BadRuleError(f"{place} needs one period: a whole number of {', '.join(_PERIODS[:-1])} or working_days")
    return Period(number, units[0])


def _table(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadRuleError(f"{place} must be a table (a dictionary), not {value!r}")
    return {str(key): entry for key, entry in cast("Mapping[object, Any]", value).items()}


def _refuse_unknown(found: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
            raise BadRuleError(f'{place} has an unknown key "{key}"; {hint}')


def _text(found: Mapping[str, Any], key: str, place: str, default: str = "") -> str:
    value = found.get(key, default)
    if not isinstance(value, str):
        raise BadRuleError(f'{place}: "{key}" is {value!r}; write a text')
    return value


def _one_of(allowed: tuple[str, ...], found: Mapping[str, Any], key: str, place: str) -> str:
    """Return a word of a rule; the first that is allowed where it has none."""
    value = _text(found, key, place, allowed[0])
    if value not in allowed:
        first, *others = (f'"{each}"' for each in allowed if each)
        known = f"{', '.join([first, *others[:-1]])} or {others[-1]}"
        raise BadRuleError(f'{place}: {key} "{value}" is not known; write {known}')
    return value


def _names(found: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = found.get(key, ())
    given = (value,) if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise BadRuleError(f'{place}: "{key}" is {value!r}; write a list of texts')
    names = cast("Sequence[object]", given)
    for each in names:
        if not isinstance(each, str) or not each.strip():
            raise BadRuleError(f'{place}: "{key}" holds {each!r}; write a list of texts')
    return tuple(map(str, names))


def _day(found: Mapping[str, Any], key: str, place: str) -> date | None:
    value = found.get(key)
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise BadRuleError(f'{place}: "{key}" is "{value}"; write a day, YYYY-MM-DD') from None
    if value is not None and type(value) is not date:
        raise BadRuleError(f'{place}: "{key}" is {value!r}; write a day, YYYY-MM-DD')
    return value


def _zone(found: Mapping[str, Any], place: str) -> tzinfo | None:
    zone = _text(found, "zone", place)
    try:
        return read_zone(zone).rules if zone else None
    except BadZoneError as error:
        raise BadRuleError(f"{place}: {error}") from None


def _clock(found: Mapping[str, Any], place: str) -> time | None:
    value = found.get("ends", "")
    written = value.isoformat() if isinstance(value, time) else _text(found, "ends", place)
    try:
        clock = time.fromisoformat(written) if written else None
    except ValueError:
        clock = time(tzinfo=UTC)
    if clock is not None and clock.tzinfo is not None:
        raise BadRuleError(f'{place}: "ends" is "{written}"; write HH:MM, in the "zone" of the rule')
    return clock
