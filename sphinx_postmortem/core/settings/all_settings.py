"""All settings of a site as one object, and what several of them say together.

Each is declared once, beside its kin, in the modules ``…_settings``.
The fields of ``Settings`` are the settings without ``postmortem_``. Builds, checks and commands use the same object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_postmortem.core.audience.audiences import Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.names import milestone_words
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.milestone_names import MilestoneNames, milestone_names
from sphinx_postmortem.core.records.milestones import (
    recognised_names,
)
from sphinx_postmortem.core.settings import values as read
from sphinx_postmortem.core.settings.audience_settings import DEFAULT_EDITION_TLP, AudienceSettings
from sphinx_postmortem.core.settings.check_settings import CheckSettings
from sphinx_postmortem.core.settings.option import Option
from sphinx_postmortem.core.settings.output_settings import OutputSettings
from sphinx_postmortem.core.settings.record_settings import RecordSettings
from sphinx_postmortem.core.settings.values import SettingError

if TYPE_CHECKING:
    from sphinx_postmortem.core.attack.table import AttackTable
    from sphinx_postmortem.core.clocks.running_clocks import ClockKeeper


@dataclass(frozen=True)
class Settings(CheckSettings, OutputSettings, RecordSettings, AudienceSettings):
    """The settings of a site, checked. Each field without a value has the setting's default."""

    @property
    def edition(self) -> Edition:
        """The edition that is built: the named one, or that of the first audience."""
        return Edition(self.audiences, self.audience or self.audiences.internal)

    @property
    def is_in_english(self) -> bool:
        """Whether incidents are written in English."""
        return not self.written_language or self.written_language.casefold().replace("_", "-").partition("-")[0] == "en"

    @property
    def hidden_reference_text(self) -> str:
        """What stands in the place of a reference to hidden content, in the language of the build."""
        return say(self.hidden_reference)

    @property
    def incident_rule(self) -> IncidentRule:
        """Which editions show an incident, by what it says of itself."""
        return IncidentRule(self.audiences, self.edition_ceilings, self.edition_statuses, self.edition_tlp)

    @property
    def needs_release(self) -> bool:
        """Whether the edition shows a page only as it was approved."""
        return self.release.get(self.edition.name) == "required"

    @property
    def without_names(self) -> tuple[str, ...]:
        """The editions that show roles in the place of names."""
        return self.audiences.without_names(self.pseudonym_audiences)

    @property
    def shows_names(self) -> bool:
        """Whether the edition shows names as they are written."""
        return self.edition.name not in self.without_names

    @cached_property
    def milestone_names(self) -> MilestoneNames:
        """The names by which timelines name milestones, and the end points of durations.

        Of those of our reporting clocks, only names with a regime ("Notified: GDPR") are looked for everywhere.
        """
        from sphinx_postmortem.core.clocks.clock_rules import CLOCK_SYNONYMS, our_rules

        synonyms: dict[str, tuple[str, ...]] = dict(CLOCK_SYNONYMS)
        for name, words in milestone_words().items():
            synonyms[name] = (*synonyms.get(name, ()), *words)
        for name, others in self.milestone_synonyms.items():
            synonyms[name] = (*synonyms.get(name, ()), *others)
        own = recognised_names(self.milestones, self.durations)
        of_clocks = tuple(name for name in our_rules().milestones if ":" not in name and name not in own)
        return milestone_names(self.recognised_milestones, tuple(synonyms.items()), of_clocks)

    @property
    def recognised_milestones(self) -> tuple[str, ...]:
        """The milestones, the end points of durations, and what starts and ends reporting clocks."""
        from sphinx_postmortem.core.clocks.clock_rules import rule_book

        names = recognised_names(self.milestones, self.durations)
        return tuple(dict.fromkeys([*names, *rule_book(self.clock_rules).milestones]))

    @property
    def clock_keeper(self) -> ClockKeeper:
        """What the reporting clocks run by."""
        from sphinx_postmortem.core.clocks.clock_rules import rule_book
        from sphinx_postmortem.core.clocks.deadlines import SiteClocks
        from sphinx_postmortem.core.clocks.running_clocks import ClockKeeper

        site = SiteClocks(self.clock_zone.rules, self.clock_calendar)
        return ClockKeeper(rule_book(self.clock_rules), site, self.today)

    @property
    def attack_table(self) -> AttackTable:
        """The techniques of ATT&CK that the site knows.

        Raises:
            BadTableError: the site's file has become unusable since its settings were read.
        """
        from sphinx_postmortem.core.attack.site_table import table_of

        return table_of(self.attack)

    @property
    def owner_names(self) -> frozenset[str]:
        """The ids and names of the owners, folded."""
        return frozenset(text.casefold() for owner in self.owners for text in (owner.id, owner.name) if text)

    @property
    def mandatory(self) -> tuple[str, ...]:
        """The severities for which a postmortem is mandatory: the two gravest, folded."""
        return tuple(name.casefold() for name in self.severities[:2])

    def required_for(self, severity: str) -> tuple[str, ...]:
        """Return the milestones that a timeline of this severity needs, of those that the site has."""
        wanted, known = severity.casefold(), {name.casefold() for name in self.milestones}
        names = next((names for level, names in self.required_milestones.items() if level.casefold() == wanted), ())
        return tuple(name for name in names if name.casefold() in known)

    def with_files_below(self, source: Path) -> Settings:
        """Return the same settings with the names of the checks' files as paths through the source folder."""
        return replace(
            self,
            register=str(source / self.register) if self.register else "",
            check_baseline=str(source / self.check_baseline) if self.check_baseline else "",
            attack=str(source / self.attack) if self.attack else "",
        )


OPTIONS: tuple[Option, ...] = tuple(replace(item.metadata["option"], name=item.name) for item in fields(Settings))
"""Every setting, in the order of the reference."""


def read_settings(values: Mapping[str, Any]) -> Settings:
    """Return the settings that raw values (by name without ``postmortem_``) give; others keep their default.

    Raises:
        SettingError: a value cannot be used, or two contradict each other.
    """
    found: dict[str, Any] = {}
    for item in OPTIONS:
        if item.name in values:
            read.refuse_wrong_type(item.name, values[item.name], item.types)
            found[item.name] = item.read(item.name, values[item.name])
    settings = Settings(**found)
    _refuse_unknown_audiences(settings, values)
    _refuse_unknown_milestones(settings)
    return settings


def _refuse_unknown_milestones(settings: Settings) -> None:
    for name in settings.milestone_synonyms:
        known = settings.recognised_milestones
        if name not in known:
            raise SettingError(
                f'postmortem_milestone_synonyms: "{name}" is no milestone; use one of {", ".join(known)}'
            )


def _refuse_unknown_audiences(settings: Settings, given: Mapping[str, Any]) -> None:
    known = settings.audiences.names
    named = {
        "pseudonym_audiences": settings.pseudonym_audiences or (),
        "audience_paths": tuple(settings.audience_paths.values()),
        "release": tuple(settings.release),
        "edition_ceilings": tuple(settings.edition_ceilings),
        "edition_statuses": tuple(settings.edition_statuses),
        "source_links": settings.source_links.editions or (),
    }
    # The default speaks of an audience that a site need not have.
    if given.get("edition_tlp", DEFAULT_EDITION_TLP) != DEFAULT_EDITION_TLP:
        named["edition_tlp"] = tuple(settings.edition_tlp)
    for name, audiences in named.items():
        for audience in audiences:
            if audience not in known:
                raise SettingError(f'postmortem_{name}: "{audience}" is no audience; use {", ".join(known)}')
    name = settings.audiences.internal
    for rule in ("edition_ceilings", "edition_statuses"):
        if name in named[rule]:
            raise SettingError(f'postmortem_{rule}: "{name}" shows every incident; take it out')
    if name in settings.release:
        raise SettingError(
            f'postmortem_release: "{name}" shows everything, so there is nothing to approve; take it out'
        )
