"""Settings of what is recorded: severities, milestones, people, actions and their dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import NoneType
from typing import TYPE_CHECKING

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.records.action_statuses import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.factors import FactorVocabulary
from sphinx_postmortem.core.records.milestones import (
    DEFAULT_DURATIONS,
    DEFAULT_MILESTONES,
)
from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.records.phases import DEFAULT_PHASES
from sphinx_postmortem.core.records.vocabulary import DEFAULT_SEVERITIES
from sphinx_postmortem.core.records.zones import Zone
from sphinx_postmortem.core.settings import values as read
from sphinx_postmortem.core.settings.option import DICT, LIST, TEXT, option

if TYPE_CHECKING:
    from sphinx_postmortem.core.clocks.clock_rules import Rule


@dataclass(frozen=True, init=False, repr=False, eq=False)  # made by `Settings` alone
class RecordSettings:
    """Settings of what is recorded: severities, milestones, people, actions and their dates."""

    severities: tuple[str, ...] = option(
        DEFAULT_SEVERITIES, read.sequence, LIST, "env", "The severities, gravest first."
    )
    milestones: tuple[str, ...] = option(
        DEFAULT_MILESTONES, read.sequence, LIST, "env", "Names recognised where a clause of an Event cell begins."
    )
    milestone_synonyms: Mapping[str, tuple[str, ...]] = option(
        {},
        read.texts_by_text,
        DICT,
        "env",
        'Milestone to further names of it, in any language: ``{"Alert detected": ["Alarm erkannt"]}``.',
    )
    durations: tuple[tuple[str, str, str], ...] = option(
        DEFAULT_DURATIONS, read.durations, LIST, "env", "Derived times: (term, start milestone, end milestone)."
    )
    phases: tuple[tuple[str, str], ...] = option(
        DEFAULT_PHASES,
        read.phases,
        LIST,
        "env",
        "Phases of a timeline: (phase, milestone that begins it). An empty milestone means the first row, and "
        "``after Recovery completed`` the row after that milestone.",
    )
    owners: tuple[Owner, ...] = option(
        {},
        read.owners,
        (dict, str),
        "",  # The domain has the pages written again that show owners.
        "Owner id to ``name``, ``team``, ``contact`` and ``role``; or a TOML or CSV file, below the source folder.",
    )
    factors: FactorVocabulary = option(
        {},
        read.factors,
        (dict, str),
        "env",
        "Tag of a contributing factor to ``kind``, ``words``, ``definition``, ``since`` and ``formerly``; or a TOML "
        "file, below the source folder.",
    )
    pseudonyms: Mapping[str, str] = option(
        {},
        read.text_by_text,
        DICT,
        "env",
        "Name (of a person, a team, the organisation) to the role that stands in its place where names are not shown.",
    )
    pseudonym_audiences: tuple[str, ...] | None = option(
        None,
        read.optional_texts,
        (list, tuple, str, NoneType),
        "env",
        "The editions without names; unless set, the last audience where there are three or more.",
    )
    attack: str = option(
        "",
        read.text,
        TEXT,
        "env",
        "A STIX file of MITRE ATT&CK, such as ``enterprise-attack.json``, or a table of ``tools/attack_table.py``, "
        "below the source folder; else the table that ships with the package.",
    )
    runbook_paths: tuple[str, ...] = option(
        (),
        read.texts,
        LIST,
        "env",
        "Path patterns (below the source folder) of runbooks: each ends with the incidents that used it.",
    )
    done_statuses: tuple[str, ...] = option(
        DEFAULT_DONE_STATUSES, read.statuses, LIST, "env", "Statuses of actions that need no more work."
    )
    clock_rules: tuple[Rule, ...] = option(
        (),
        read.clock_rules,
        LIST,
        "env",
        "Rules of reporting clocks: tables as in our ``clock_rules.toml``; they replace ours of the same regime.",
    )
    clock_zone: Zone = option(
        "UTC",
        read.zone,
        TEXT,
        "env",
        "The zone (``Europe/Berlin``) in which reporting clocks count days, and show when they are due beside UTC.",
    )
    clock_calendar: str = option(
        "ECB",
        read.text,
        TEXT,
        "env",
        "Whose holidays count for reporting clocks of the site's own country: a country (``DE``), a part of one "
        "(``DE-BY``), or ``ECB`` for the closing days of TARGET.",
    )
    today: date | None = option(
        "",
        read.day,
        TEXT,
        "env",
        "The day (``YYYY-MM-DD``) by which actions are overdue; else SOURCE_DATE_EPOCH's.",
    )
