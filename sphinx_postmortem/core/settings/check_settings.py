"""Settings of the checks."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.milestones import (
    DEFAULT_MILESTONE_ORDER,
    DEFAULT_REQUIRED_MILESTONES,
)
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES, DEFAULT_DEADLINES
from sphinx_postmortem.core.settings import values as read
from sphinx_postmortem.core.settings.option import DICT, LIST, TEXT, option
from sphinx_postmortem.core.settings.values import People

DEFAULT_FACTOR_KINDS = ("Configuration", "Monitoring", "Logging", "Process", "Architecture")


@dataclass(frozen=True, init=False, repr=False, eq=False)  # made by `Settings` alone
class CheckSettings:
    """Settings of the checks."""

    check_builds: str = option(
        "error",
        read.choice(*CHECK_SEVERITIES),
        TEXT,
        "",
        "The least severity of findings of which builds warn: ``error``, ``warning``, ``note``, or ``off``.",
    )
    check_baseline: str = option(
        "", read.text, TEXT, "", "File, below the source folder, of findings that are known and do not count."
    )
    checks: Mapping[str, str] = option(
        {}, read.severity_by_code, DICT, "", "Check code to ``off``, ``note``, ``warning`` or ``error``."
    )
    required_milestones: Mapping[str, tuple[str, ...]] = option(
        DEFAULT_REQUIRED_MILESTONES,
        read.texts_by_text,
        DICT,
        "",
        "Severity to the milestones that its timelines need.",
    )
    milestone_order: tuple[tuple[str, str], ...] = option(
        DEFAULT_MILESTONE_ORDER,
        read.milestone_pairs,
        LIST,
        "",
        "Pairs of milestones: the first may not be timed after the second.",
    )
    written_language: str = option(
        "",
        read.text,
        TEXT,
        "",
        "The language in which incidents are written (``de``), where it is not that of the site, ``language``. Checks "
        "of English sentences are quiet in others.",
    )
    factor_kinds: tuple[str, ...] = option(
        DEFAULT_FACTOR_KINDS, read.sequence, LIST, "", "The kinds with which a contributing factor begins."
    )
    people: People = option(
        {}, read.people, DICT, "", "Names for the checks: ``deny`` may not stand on a page, ``allow`` may."
    )
    safe_terms: tuple[str, ...] = option(
        (), read.texts, LIST, "", "Texts that the executive-safe scan allows, such as a product's host."
    )
    ticket_pattern: str = option(
        "", read.pattern, TEXT, "", "Regular expression that the ticket of each action must match."
    )
    action_areas: tuple[str, ...] = option((), read.texts, LIST, "", "More areas that actions may address.")
    evidence: tuple[str, ...] = option(
        (), read.choices("events", "actions"), LIST, "", "What must name its evidence: ``events``, ``actions``."
    )
    register: str = option("", read.text, TEXT, "", "CSV or JSON file of all incidents, below the source folder.")
    register_deadlines: Mapping[str, int] = option(
        DEFAULT_DEADLINES, read.days_by_text, DICT, "", "Severity to the days in which its postmortem is written."
    )
    review_days: Mapping[str, int] = option(
        {},
        read.days_by_text,
        DICT,
        "",
        "Severity to the days, counted from the last day of the incident, in which all readers of its review record "
        "have read and agreed. Severities that are not named need no review.",
    )
