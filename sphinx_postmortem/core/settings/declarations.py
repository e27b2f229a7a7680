"""Every setting, once: its default, how it is read, what it takes, what a change costs, and what it means.

The fields of ``Settings`` are the settings without ``postmortem_``. Builds, checks and commands use the same object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any

from sphinx_postmortem.core.audience.audiences import DEFAULT_AUDIENCES, Audiences, Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.exports.edition_json import EXPORT_FORMATS
from sphinx_postmortem.core.exports.publication import PAGE_LAYOUTS
from sphinx_postmortem.core.records.federation import Source
from sphinx_postmortem.core.records.knowledge import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.records.milestone_names import MilestoneNames, milestone_names
from sphinx_postmortem.core.records.milestones import (
    DEFAULT_DURATIONS,
    DEFAULT_MILESTONE_ORDER,
    DEFAULT_MILESTONES,
    DEFAULT_REQUIRED_MILESTONES,
    recognised_names,
)
from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.records.phases import DEFAULT_PHASES
from sphinx_postmortem.core.records.vocabulary import CHECK_SEVERITIES, DEFAULT_DEADLINES, DEFAULT_SEVERITIES, PdfKind
from sphinx_postmortem.core.settings import values as read
from sphinx_postmortem.core.settings.option import Option, option
from sphinx_postmortem.core.settings.values import People, SettingError

_LIST = (list, tuple)
_DICT = (dict,)
_TEXT = (str,)
_FLAG = (bool,)

DEFAULT_EDITION_TLP = {"public": "CLEAR"}
DEFAULT_LEADERSHIP_SECTIONS = ("Executive summary", "Business impact", "Leadership summary", "Assurance of follow-up")
DEFAULT_FACTOR_KINDS = ("Configuration", "Monitoring", "Logging", "Process", "Architecture")


@dataclass(frozen=True)
class Settings:
    """The settings of a site, checked. Each field without a value has the setting's default."""

    audiences: Audiences = option(
        DEFAULT_AUDIENCES, read.audiences, _LIST, "env", "The audiences, most privileged first."
    )
    audience: str = option(
        "", read.text, _TEXT, "env", "The edition to build; usually given as ``-D`` or as a tag (``-t``)."
    )
    require_edition: bool = option(
        False, read.flag, _FLAG, "", "Whether a build that names no edition is an error; else it is the first."
    )
    audience_paths: Mapping[str, str] = option(
        {}, read.audience_by_path, _DICT, "", "Path pattern (below the source folder) to audience."
    )
    redaction_notice: str = option(
        "", read.text, _TEXT, "env", "Text in place of a hidden block that has no ``:summary:``."
    )
    hidden_reference: str = option(
        "(not in this edition)", read.text, _TEXT, "env", "Text in place of a reference to hidden content."
    )
    trusted_builders: tuple[str, ...] = option(
        (), read.texts, _LIST, "", "Builders of other extensions that may make filtered editions too."
    )
    generated_pages: tuple[str, ...] = option(
        (),
        read.texts,
        _LIST,
        "env",
        "Path patterns (below the source folder) of pages that other extensions write and filtered editions may show.",
    )
    shown_metadata: tuple[str, ...] = option(
        (),
        read.texts,
        _LIST,
        "env",
        "More front-matter keys and docinfo fields (patterns) that filtered editions keep as metadata.",
    )
    edition_tlp: Mapping[str, str] = option(
        DEFAULT_EDITION_TLP,
        read.tlp_by_audience,
        _DICT,
        "env",
        "Audience to the TLP label that its documents bear at least; no entry lowers an incident's own label.",
    )
    edition_ceilings: Mapping[str, str] = option(
        {},
        read.tlp_by_audience,
        _DICT,
        "env",
        "Edition to the strictest TLP label of the incidents that it shows; by default the label of its documents, "
        "else AMBER+STRICT for the second of three or more editions and for ``leadership``, CLEAR for the last, "
        "GREEN for others.",
    )
    edition_statuses: Mapping[str, tuple[str, ...]] = option(
        {},
        read.statuses_by_audience,
        _DICT,
        "env",
        "Edition to the statuses of the incidents that it shows; by default all but ``draft``. The first shows all.",
    )
    release: Mapping[str, str] = option(
        {},
        read.rule_by_audience("required", "off"),
        _DICT,
        "",
        "Edition to ``required``: it shows a page only as ``approve`` has written it; the first edition has none.",
    )
    release_folder: str = option(
        "releases", read.text, _TEXT, "", "Folder of what was approved, below the source folder or beside it."
    )
    release_additions: tuple[str, ...] = option(
        (),
        read.texts,
        _LIST,
        "",
        "Texts (patterns) that extensions may add to approved pages when these are written, such as ``Posted on *``.",
    )
    severities: tuple[str, ...] = option(
        DEFAULT_SEVERITIES, read.sequence, _LIST, "env", "The severities, gravest first."
    )
    milestones: tuple[str, ...] = option(
        DEFAULT_MILESTONES, read.sequence, _LIST, "env", "Names recognised where a clause of an Event cell begins."
    )
    milestone_synonyms: Mapping[str, tuple[str, ...]] = option(
        {},
        read.texts_by_text,
        _DICT,
        "env",
        'Milestone to further names of it, in any language: ``{"Alert detected": ["Alarm erkannt"]}``.',
    )
    durations: tuple[tuple[str, str, str], ...] = option(
        DEFAULT_DURATIONS, read.durations, _LIST, "env", "Derived times: (term, start milestone, end milestone)."
    )
    phases: tuple[tuple[str, str], ...] = option(
        DEFAULT_PHASES, read.phases, _LIST, "env", "Phases of a timeline: (phase, milestone that begins it)."
    )
    owners: tuple[Owner, ...] = option(
        {},
        read.owners,
        (dict, str),
        "",  # The domain has the pages written again that show owners.
        "Owner id to ``name``, ``team``, ``contact`` and ``role``; or a TOML or CSV file, below the source folder.",
    )
    pseudonyms: Mapping[str, str] = option(
        {},
        read.text_by_text,
        _DICT,
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
    runbook_paths: tuple[str, ...] = option(
        (),
        read.texts,
        _LIST,
        "env",
        "Path patterns (below the source folder) of runbooks: each ends with the incidents that used it.",
    )
    done_statuses: tuple[str, ...] = option(
        DEFAULT_DONE_STATUSES, read.statuses, _LIST, "env", "Statuses of actions that need no more work."
    )
    today: date | None = option(
        "",
        read.day,
        _TEXT,
        "env",
        "The day (``YYYY-MM-DD``) by which actions are overdue; else SOURCE_DATE_EPOCH's.",
    )
    edition_banner: str = option(
        "Edition: {edition}",
        read.text,
        _TEXT,
        "html",
        "Text at the head of every HTML page; ``{edition}`` is the audience's name, an empty text means no banner.",
    )
    revisions_in_filtered_editions: bool = option(
        False,
        read.flag,
        _FLAG,
        "env",
        "Whether ``revision-history`` shows days and hashes in filtered editions too; never authors and subjects.",
    )
    author_roles: Mapping[str, str] = option(
        {},
        read.text_by_text,
        _DICT,
        "env",
        "Author name in Git to the role shown instead; ``*`` stands for the others.",
    )
    pdf_kind: str = option(
        "",
        read.choice("", *PdfKind),
        _TEXT,
        "",
        "The kind of PDFs to write: ``leadership``, ``audit``, ``interview``, or none.",
    )
    pdf_leadership_sections: tuple[str, ...] = option(
        DEFAULT_LEADERSHIP_SECTIONS,
        read.texts,
        _LIST,
        "",
        "Headings of the sections that the kind ``leadership`` shows whole.",
    )
    pdf_offsets: bool = option(
        False, read.flag, _FLAG, "", "Show dates as offsets from the first event in the kind ``interview``."
    )
    pdf_check_results: str = option("", read.text, _TEXT, "", "Text file with a check's results, for audit PDFs.")
    pdf_page_size: str = option("A4", read.choice("A4", "Letter"), _TEXT, "", "``A4`` or ``Letter``.")
    pdf_fonts: tuple[str, ...] = option(
        (), read.sequence, _LIST, "", "TrueType font files for what the fonts of PDFs lack, such as Chinese."
    )
    export_folder: str = option("", read.text, _TEXT, "html", "Folder for the edition's data files, which pages link.")
    pdf_folder: str = option("", read.text, _TEXT, "html", "Folder into which its PDFs are written, for links to them.")
    export_formats: tuple[str, ...] = option(
        list(EXPORT_FORMATS), read.choices(*EXPORT_FORMATS), _LIST, "", "Which: ``json``, ``csv``, ``ics``, ``atom``."
    )
    export_pages: str = option(
        "",
        read.choice("", *PAGE_LAYOUTS),
        _TEXT,
        "",
        "How the addresses in data files are made: ``html`` or ``dirhtml``; by default as the builder's.",
    )
    sources: tuple[Source, ...] = option(
        {}, read.sources, _DICT, "env", "Other sites: name to ``file`` (their ``postmortems.json``) and ``url``."
    )
    check_builds: str = option(
        "error",
        read.choice(*CHECK_SEVERITIES),
        _TEXT,
        "",
        "The least severity of findings of which builds warn: ``error``, ``warning``, ``note``, or ``off``.",
    )
    check_baseline: str = option(
        "", read.text, _TEXT, "", "File, below the source folder, of findings that are known and do not count."
    )
    checks: Mapping[str, str] = option(
        {}, read.severity_by_code, _DICT, "", "Check code to ``off``, ``note``, ``warning`` or ``error``."
    )
    required_milestones: Mapping[str, tuple[str, ...]] = option(
        DEFAULT_REQUIRED_MILESTONES,
        read.texts_by_text,
        _DICT,
        "",
        "Severity to the milestones that its timelines need.",
    )
    milestone_order: tuple[tuple[str, str], ...] = option(
        DEFAULT_MILESTONE_ORDER,
        read.milestone_pairs,
        _LIST,
        "",
        "Pairs of milestones: the first may not be timed after the second.",
    )
    factor_kinds: tuple[str, ...] = option(
        DEFAULT_FACTOR_KINDS, read.sequence, _LIST, "", "The kinds with which a contributing factor begins."
    )
    people: People = option(
        {}, read.people, _DICT, "", "Names for the checks: ``deny`` may not stand on a page, ``allow`` may."
    )
    safe_terms: tuple[str, ...] = option(
        (), read.texts, _LIST, "", "Texts that the executive-safe scan allows, such as a product's host."
    )
    ticket_pattern: str = option(
        "", read.pattern, _TEXT, "", "Regular expression that the ticket of each action must match."
    )
    action_areas: tuple[str, ...] = option((), read.texts, _LIST, "", "More areas that actions may address.")
    evidence: tuple[str, ...] = option(
        (), read.choices("events", "actions"), _LIST, "", "What must name its evidence: ``events``, ``actions``."
    )
    register: str = option("", read.text, _TEXT, "", "CSV or JSON file of all incidents, below the source folder.")
    register_deadlines: Mapping[str, int] = option(
        DEFAULT_DEADLINES, read.days_by_text, _DICT, "", "Severity to the days in which its postmortem is written."
    )

    @property
    def edition(self) -> Edition:
        """The edition that is built: the named one, or that of the first audience."""
        return Edition(self.audiences, self.audience or self.audiences.internal)

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

    @property
    def milestone_names(self) -> MilestoneNames:
        """The names by which timelines name milestones, and the end points of durations."""
        synonyms = tuple((name, tuple(others)) for name, others in self.milestone_synonyms.items())
        return milestone_names(recognised_names(self.milestones, self.durations), synonyms)

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
    known = recognised_names(settings.milestones, settings.durations)
    for name in settings.milestone_synonyms:
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
