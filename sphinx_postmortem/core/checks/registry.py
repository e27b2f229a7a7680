"""The registry of checks: what a check is, what it finds, and how one is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache
from importlib import import_module
from typing import Any

from sphinx_postmortem.core.check_codes import check_codes
from sphinx_postmortem.core.checks.page import CheckedPage
from sphinx_postmortem.core.checks.ticket_pairs import Comparison
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.records.tracker_ticket import Ticket
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES
from sphinx_postmortem.core.settings import Settings

AnyCode = Code | str
"""A code that other code uses, too, or one that stands in the declaration of its check alone."""


@dataclass(frozen=True)
class Hit:
    """One place that breaks a rule: line and column are 1-based, 0 where unknown. ``file`` when it is another one."""

    line: int
    message: str
    column: int = 0
    file: str = ""


@dataclass(frozen=True)
class Finding:
    """One hit of a check, with its code and severity. ``suppressed`` holds the reason why it does not count."""

    code: str
    severity: str
    message: str
    file: str
    line: int = 0
    column: int = 0
    suppressed: str = ""


# A rule about what the others have found on a page, with the suppressed.
AfterRule = Callable[[CheckedPage, Sequence[Finding]], Iterable[Hit]]
PageRule = Callable[[CheckedPage, Settings], Iterable[Hit]]
# A rule about actions and their tickets, which runs where the tickets are given.
TicketRule = Callable[[Comparison, Settings], Iterable[Hit]]
SiteRule = Callable[[Sequence[CheckedPage], Settings], Iterable[Hit]]


@dataclass(frozen=True)
class Check:
    """One rule: code, default severity, where the template states it, and examples that break and keep it.

    ``incomplete`` marks rules about what is not written yet: they are notes while the incident is a draft or
    states no status.
    ``english`` marks rules that look for English words: they are quiet where incidents are written in another language.
    ``in_build`` says that a build finds the same by itself, and tells it also where its checks are off.
    ``example_settings`` and ``example_tickets`` are the settings and the tickets with which the examples hold.
    """

    code: str
    severity: str
    source: str
    rule: str
    bad: str
    good: str
    page_rule: PageRule | None = None
    site_rule: SiteRule | None = None
    after_rule: AfterRule | None = None
    ticket_rule: TicketRule | None = None
    incomplete: bool = False
    english: bool = False
    in_build: bool = False
    any_page: bool = False
    example_settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    example_tickets: tuple[Ticket, ...] = ()


_DECLARED: dict[str, dict[str, Check]] = {}


def check(
    code: AnyCode,
    severity: str,
    *,
    source: str,
    bad: str,
    good: str,
    incomplete: bool = False,
    english: bool = False,
    in_build: bool = False,
    any_page: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> Callable[[PageRule], PageRule]:
    """Declare a rule about one page; its docstring is the rule as users read it."""

    def add(rule: PageRule) -> PageRule:
        _add(
            Check(
                _named(code),
                severity,
                source,
                _text(rule),
                bad,
                good,
                page_rule=rule,
                incomplete=incomplete,
                english=english,
                in_build=in_build,
                any_page=any_page,
                example_settings=settings or {},
            ),
            rule,
        )
        return rule

    return add


def site_check(
    code: AnyCode,
    severity: str,
    *,
    source: str,
    bad: str,
    good: str,
    in_build: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> Callable[[SiteRule], SiteRule]:
    """Declare a rule about all pages together."""

    def add(rule: SiteRule) -> SiteRule:
        item = Check(_named(code), severity, source, _text(rule), bad, good, site_rule=rule, in_build=in_build)
        _add(replace(item, example_settings=settings or {}), rule)
        return rule

    return add


def after_check(code: AnyCode, severity: str, *, source: str, bad: str, good: str) -> Callable[[AfterRule], AfterRule]:
    """Declare a rule about what the other rules have found on a page."""

    def add(rule: AfterRule) -> AfterRule:
        _add(Check(_named(code), severity, source, _text(rule), bad, good, after_rule=rule, any_page=True), rule)
        return rule

    return add


def ticket_check(
    code: AnyCode, severity: str, *, source: str, tickets: tuple[Ticket, ...], bad: str, good: str
) -> Callable[[TicketRule], TicketRule]:
    """Declare a rule about actions and their tickets; ``tickets`` are those with which the examples hold."""

    def add(rule: TicketRule) -> TicketRule:
        item = Check(_named(code), severity, source, _text(rule), bad, good, ticket_rule=rule)
        _add(replace(item, example_tickets=tickets), rule)
        return rule

    return add


@cache
def _checks() -> Mapping[str, Check]:
    """Return every check by its code."""
    names = [f"{__package__}.{name}" for name in dict.fromkeys(check_codes().values())]
    for name in names:
        import_module(name)
    return {code: item for name in names for code, item in _DECLARED[name].items()}


def all_checks() -> Iterator[Check]:
    """Yield every check, in the order of the modules."""
    yield from _checks().values()


def find_check(code: str) -> Check | None:
    """Return the check with this code."""
    return _checks().get(code)


def _text(rule: Callable[..., object]) -> str:
    return " ".join((rule.__doc__ or "").split())


def _named(code: AnyCode) -> str:
    return code.value if isinstance(code, Code) else code


def _add(item: Check, rule: Callable[..., object]) -> None:
    is_declared = any(item.code in declared for declared in _DECLARED.values())
    if item.code not in check_codes() or is_declared or item.severity not in CHECK_SEVERITIES or not item.rule:
        raise ValueError(f"check {item.code!r} is declared twice, without rule, or with an unknown severity")
    _DECLARED.setdefault(rule.__module__, {})[item.code] = item
