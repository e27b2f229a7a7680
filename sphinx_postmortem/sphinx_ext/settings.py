"""The configuration: declared once, read in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audiences import DEFAULT_AUDIENCES, Audiences, Edition
from sphinx_postmortem.core.checks.settings import (
    DEFAULT_DEADLINES,
    DEFAULT_FACTOR_KINDS,
    DEFAULT_MILESTONE_ORDER,
    DEFAULT_REQUIRED_MILESTONES,
)
from sphinx_postmortem.core.knowledge import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.milestones import DEFAULT_DURATIONS, DEFAULT_MILESTONES
from sphinx_postmortem.core.phases import DEFAULT_PHASES
from sphinx_postmortem.core.records import Owner
from sphinx_postmortem.core.times import BadDateError, parse_date
from sphinx_postmortem.core.vocabulary import DEFAULT_SEVERITIES, TLP_LABELS

DEFAULT_LEADERSHIP_SECTIONS = (
    "Executive summary",
    "Business impact",
    "Leadership summary",
    "Assurance of follow-up",
)

DEFAULT_EDITION_TLP = {"public": "CLEAR"}


@dataclass(frozen=True)
class Option:
    """One configuration value: name without ``postmortem_``, default, types, effect of a change, and meaning."""

    name: str
    default: Any
    types: tuple[type, ...]
    rebuild: Literal["", "env", "html"]
    help: str


OPTIONS = (
    Option("audiences", DEFAULT_AUDIENCES, (list, tuple), "env", "The audiences, most privileged first."),
    Option("audience", "", (str,), "env", "The edition to build; usually given as ``-D`` or as a tag (``-t``)."),
    Option("audience_paths", {}, (dict,), "", "Path pattern (below the source folder) to audience."),
    Option("redaction_notice", "", (str,), "env", "Text in place of a hidden block that has no ``:summary:``."),
    Option(
        "hidden_reference", "(not in this edition)", (str,), "env", "Text in place of a reference to hidden content."
    ),
    Option(
        "edition_tlp",
        DEFAULT_EDITION_TLP,
        (dict,),
        "env",
        "Audience to the TLP label of its documents; without an entry each incident bears its own.",
    ),
    Option("severities", DEFAULT_SEVERITIES, (list, tuple), "env", "The severities, gravest first."),
    Option("milestones", DEFAULT_MILESTONES, (list, tuple), "env", "Names recognised at the start of an Event cell."),
    Option(
        "durations", DEFAULT_DURATIONS, (list, tuple), "env", "Derived times: (term, start milestone, end milestone)."
    ),
    Option("phases", DEFAULT_PHASES, (list, tuple), "env", "Phases of a timeline: (phase, milestone that begins it)."),
    Option("owners", {}, (dict,), "env", "Owner id to ``name``, ``team`` and ``contact``."),
    Option("done_statuses", DEFAULT_DONE_STATUSES, (list, tuple), "env", "Statuses of actions that need no more work."),
    Option(
        "today", "", (str,), "env", "The day (``YYYY-MM-DD``) by which actions are overdue; else SOURCE_DATE_EPOCH's."
    ),
    Option(
        "edition_banner",
        "Edition: {edition}",
        (str,),
        "html",
        "Text at the head of every HTML page; ``{edition}`` is the audience's name, an empty text means no banner.",
    ),
    Option(
        "revisions_in_filtered_editions",
        False,
        (bool,),
        "env",
        "Whether ``revision-history`` shows days and hashes in filtered editions too; never authors and subjects.",
    ),
    Option(
        "author_roles", {}, (dict,), "env", "Author name in Git to the role shown instead; ``*`` stands for the others."
    ),
    Option("pdf_kind", "", (str,), "", "The kind of PDFs to write: ``leadership``, ``audit``, ``interview``, or none."),
    Option(
        "pdf_leadership_sections",
        DEFAULT_LEADERSHIP_SECTIONS,
        (list, tuple),
        "",
        "Headings of the sections that the kind ``leadership`` shows whole.",
    ),
    Option("pdf_offsets", False, (bool,), "", "Show dates as offsets from the first event in the kind ``interview``."),
    Option("pdf_check_results", "", (str,), "", "Text file with results of a check, for the audit appendix."),
    Option("pdf_page_size", "A4", (str,), "", "``A4`` or ``Letter``."),
    Option("pdf_fonts", (), (list, tuple), "", "TrueType font files for what the fonts of PDFs lack, such as Chinese."),
    Option("export_path", "", (str,), "", "File into which the edition's ``postmortems.json`` is written."),
    Option("check_builds", False, (bool,), "", "Whether builds warn of what the checks find to be an error."),
    Option("checks", {}, (dict,), "", "Check code to ``off``, ``note``, ``warning`` or ``error``."),
    Option(
        "required_milestones",
        DEFAULT_REQUIRED_MILESTONES,
        (dict,),
        "",
        "Severity to the milestones that its timelines need.",
    ),
    Option(
        "milestone_order",
        DEFAULT_MILESTONE_ORDER,
        (list, tuple),
        "",
        "Pairs of milestones: the first may not be timed after the second.",
    ),
    Option(
        "factor_kinds", DEFAULT_FACTOR_KINDS, (list, tuple), "", "The kinds with which a contributing factor begins."
    ),
    Option("people", {}, (dict,), "", "Names for the checks: ``deny`` may not stand on a page, ``allow`` may."),
    Option("safe_terms", (), (list, tuple), "", "Texts that the executive-safe scan allows, such as a product's host."),
    Option("ticket_pattern", "", (str,), "", "Regular expression that the ticket of each action must match."),
    Option("evidence", (), (list, tuple), "", "What must name its evidence: ``events``, ``actions``."),
    Option("register", "", (str,), "", "CSV or JSON file of all incidents, below the source folder."),
    Option(
        "register_deadlines", DEFAULT_DEADLINES, (dict,), "", "Severity to the days in which its postmortem is written."
    ),
)


@dataclass(frozen=True)
class Settings:
    """The configuration of one build, checked."""

    edition: Edition
    redaction_notice: str
    hidden_reference: str
    edition_tlp: Mapping[str, str]
    severities: tuple[str, ...]
    milestones: tuple[str, ...]
    durations: tuple[tuple[str, str, str], ...]
    phases: tuple[tuple[str, str], ...]
    owners: tuple[Owner, ...]
    done_statuses: tuple[str, ...]
    today: date | None
    edition_banner: str
    revisions_in_filtered_editions: bool
    author_roles: Mapping[str, str]
    export_path: str


def add_options(app: Sphinx) -> None:
    """Register every configuration value."""
    for option in OPTIONS:
        app.add_config_value(
            f"postmortem_{option.name}", option.default, option.rebuild, types=option.types, description=option.help
        )


def read_audiences(config: Config) -> Audiences:
    """Return the site's audiences.

    Raises:
        ExtensionError: the setting cannot be used.
    """
    try:
        return Audiences(tuple(str(name) for name in config.postmortem_audiences))
    except ValueError as error:
        raise ExtensionError(str(error)) from error


def settings_of(config: Config) -> Settings:
    """Return the build's settings. After ``config-inited``, ``postmortem_audience`` names the edition.

    Raises:
        ExtensionError: a value cannot be used.
    """
    audiences = read_audiences(config)
    return Settings(
        edition=Edition(audiences, config.postmortem_audience or audiences.internal),
        redaction_notice=config.postmortem_redaction_notice,
        hidden_reference=config.postmortem_hidden_reference,
        edition_tlp=_edition_tlp(config.postmortem_edition_tlp, audiences),
        severities=tuple(str(name) for name in config.postmortem_severities),
        milestones=tuple(str(name) for name in config.postmortem_milestones),
        durations=_durations(config.postmortem_durations),
        phases=_phases(config.postmortem_phases),
        owners=_owners(config.postmortem_owners),
        done_statuses=tuple(" ".join(str(name).casefold().split()) for name in config.postmortem_done_statuses),
        today=_today(config.postmortem_today),
        edition_banner=config.postmortem_edition_banner,
        revisions_in_filtered_editions=bool(config.postmortem_revisions_in_filtered_editions),
        author_roles={str(name): str(role) for name, role in config.postmortem_author_roles.items()},
        export_path=config.postmortem_export_path,
    )


def _edition_tlp(value: Mapping[str, str], audiences: Audiences) -> dict[str, str]:
    labels = {str(name): str(label).upper().removeprefix("TLP:").strip() for name, label in value.items()}
    for name, label in labels.items():
        if name not in audiences.names and dict(value) != DEFAULT_EDITION_TLP:
            raise ExtensionError(f'postmortem_edition_tlp: "{name}" is no audience; use {", ".join(audiences.names)}')
        if label not in TLP_LABELS:
            raise ExtensionError(f'postmortem_edition_tlp: "{label}" is no TLP label; use {", ".join(TLP_LABELS)}')
    return labels


def _durations(value: Sequence[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    durations: list[tuple[str, str, str]] = []
    for item in value:
        if isinstance(item, str) or len(item) != 3:
            raise ExtensionError(f"postmortem_durations: {item!r} must be (term, start milestone, end milestone)")
        durations.append((str(item[0]), str(item[1]), str(item[2])))
    return tuple(durations)


def _phases(value: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    phases: list[tuple[str, str]] = []
    for item in value:
        if isinstance(item, str) or len(item) != 2:
            raise ExtensionError(f"postmortem_phases: {item!r} must be (phase, milestone that begins it)")
        phases.append((str(item[0]), str(item[1])))
    return tuple(phases)


def _owners(value: Mapping[str, Any]) -> tuple[Owner, ...]:
    owners: list[Owner] = []
    for owner_id, entry in value.items():
        known = {"name", "team", "contact"}
        described = {"name": entry} if isinstance(entry, str) else entry
        if not isinstance(described, Mapping) or set(described) - known:
            raise ExtensionError(f"postmortem_owners[{owner_id!r}] must be a dict of name, team and contact")
        owners.append(Owner(id=str(owner_id), **{key: str(text) for key, text in described.items()}))
    return tuple(owners)


def _today(value: str) -> date | None:
    if value.strip():
        try:
            return parse_date(value)
        except BadDateError as error:
            raise ExtensionError(f"postmortem_today: {error}") from error
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), tz=UTC).date() if epoch.isdigit() else None
