"""The rules of reporting clocks as dated data: which milestone starts a stage, how long it runs, what ends it.

Our own stand in ``clock_rules.toml``; a site adds its own, or puts them in their place, by ``postmortem_clock_rules``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, tzinfo
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

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
    """The stages of one regime, for starts from ``first_day`` (None: always) to ``last_day``, both included.

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
    data = tomllib.loads(Path(__file__).with_name("clock_rules.toml").read_text("utf-8"))
    return RuleBook(read_rules(data["rules"]), data["as_of"])


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
    regime = str(found.get("regime", "")).strip().casefold()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", regime):
        raise BadRuleError(f'{place} needs a "regime" of letters, digits and hyphens')
    place = f'the rule "{regime}"'
    _refuse_unknown(found, (*_RULE_KEYS, "stages"), place)
    status = str(found.get("status", IN_FORCE))
    closed = str(found.get("closed", ""))
    if status not in (IN_FORCE, PROPOSED):
        raise BadRuleError(f'{place}: status "{status}" is not known; write "{IN_FORCE}" or "{PROPOSED}"')
    if closed not in ("", EXTENDS, NOON, BEGINS):
        raise BadRuleError(f'{place}: closed "{closed}" is not known; write "{EXTENDS}", "{NOON}" or "{BEGINS}"')
    stages = tuple(_stage(each, place) for each in cast("Iterable[object]", found.get("stages", ())))
    if not stages:
        raise BadRuleError(f"{place} needs at least one stage")
    for index, stage in enumerate(stages):
        if stage.after and stage.after not in [each.name for each in stages[:index]]:
            raise BadRuleError(f'{place}: the stage "{stage.name}" runs after "{stage.after}", which is none above it')
    return Rule(
        regime=regime,
        title=str(found.get("title", regime.upper())),
        stages=stages,
        status=status,
        first_day=_day(found, "from", place),
        until=_day(found, "until", place),
        source=str(found.get("source", "")),
        read=_names(found, "read"),
        unverified=str(found.get("unverified", "")),
        note=str(found.get("note", "")),
        calendar=str(found.get("calendar", "")),
        closed=closed,
        zone=_zone(found, place),
        ends=_clock(found, place),
    )


def _stage(value: object, rule: str) -> Stage:
    found = _table(value, rule)
    name = str(found.get("name", "notification"))
    place = f'{rule}, stage "{name}"'
    _refuse_unknown(found, (*_STAGE_KEYS, *_PERIODS), place)
    starts, after, sent = _names(found, "starts"), str(found.get("after", "")), str(found.get("sent", ""))
    if bool(starts) == bool(after):
        raise BadRuleError(f'{place} needs either "starts" (milestones) or "after" (a stage above)')
    if not sent:
        raise BadRuleError(f'{place} needs "sent", the milestone that ends it')
    cap = None
    if "cap" in found:
        limit = _table(found["cap"], place)
        cap = Cap(_names(limit, "starts"), _period(limit, place))
        if cap.period.unit != "hours" or not cap.starts:
            raise BadRuleError(f'{place}: "cap" needs "starts" and "hours"')
    return Stage(name, _period(found, place), sent, starts, after, cap)


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


def _names(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = found.get(key, ())
    return (value,) if isinstance(value, str) else tuple(str(each) for each in value)


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
    try:
        return read_zone(str(found["zone"])).rules if found.get("zone") else None
    except BadZoneError as error:
        raise BadRuleError(f"{place}: {error}") from None


def _clock(found: Mapping[str, Any], place: str) -> time | None:
    try:
        return time.fromisoformat(str(found["ends"])) if found.get("ends") else None
    except ValueError:
        raise BadRuleError(f'{place}: "ends" is "{found["ends"]}"; write HH:MM') from None
