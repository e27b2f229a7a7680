"""The configuration: declared once, read in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import NoneType
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
from sphinx_postmortem.core.export import EXPORT_FORMATS
from sphinx_postmortem.core.federation import Source
from sphinx_postmortem.core.knowledge import DEFAULT_DONE_STATUSES
from sphinx_postmortem.core.milestones import DEFAULT_DURATIONS, DEFAULT_MILESTONES
from sphinx_postmortem.core.owners import BadOwnersError, as_mapping, read_owners
from sphinx_postmortem.core.phases import DEFAULT_PHASES
from sphinx_postmortem.core.publication import PAGE_LAYOUTS
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
        "trusted_builders", (), (list, tuple), "", "Builders of other extensions that may make filtered editions too."
    ),
    Option(
        "shown_metadata",
        (),
        (list, tuple),
        "env",
        "More front-matter keys and docinfo fields (patterns) that filtered editions keep as metadata.",
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
    Option(
        "owners",
        {},
        (dict, str),
        "",  # The domain has the pages written again that show owners.
        "Owner id to ``name``, ``team``, ``contact`` and ``role``; or a TOML or CSV file, below the source folder.",
    ),
    Option(
        "pseudonyms",
        {},
        (dict,),
        "env",
        "Name (of a person, a team, the organisation) to the role that stands in its place where names are not shown.",
    ),
    Option(
        "pseudonym_audiences",
        None,
        (list, tuple, NoneType),
        "env",
        "The editions without names; unless set, the last audience where there are three or more.",
    ),
    Option(
        "runbook_paths",
        (),
        (list, tuple),
        "env",
        "Path patterns (below the source folder) of runbooks: each ends with the incidents that used it.",
    ),
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
    Option("export_folder", "", (str,), "", "Folder into which the edition's data files are written after any build."),
    Option("export_formats", list(EXPORT_FORMATS), (list, tuple), "", "Which: ``json``, ``csv``, ``ics``, ``atom``."),
    Option(
        "export_pages",
        "",
        (str,),
        "",
        "How the addresses in data files are made: ``html`` or ``dirhtml``; by default as the builder's.",
    ),
    Option("sources", {}, (dict,), "env", "Other sites: name to ``file`` (their ``postmortems.json``) and ``url``."),
    Option(
        "check_builds",
        "error",
        (str,),
        "",
        "The least severity of findings of which builds warn: ``error``, ``warning``, ``note``, or ``off``.",
    ),
    Option(
        "check_baseline", "", (str,), "", "File, below the source folder, of findings that are known and do not count."
    ),
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
    trusted_builders: tuple[str, ...]
    shown_metadata: tuple[str, ...]
    edition_tlp: Mapping[str, str]
    severities: tuple[str, ...]
    milestones: tuple[str, ...]
    durations: tuple[tuple[str, str, str], ...]
    phases: tuple[tuple[str, str], ...]
    owners: tuple[Owner, ...]
    runbook_paths: tuple[str, ...]
    shows_names: bool
    done_statuses: tuple[str, ...]
    today: date | None
    edition_banner: str
    revisions_in_filtered_editions: bool
    author_roles: Mapping[str, str]
    export_folder: str
    export_formats: tuple[str, ...]
    export_pages: str
    sources: tuple[Source, ...]


def add_options(app: Sphinx) -> None:
    """Register every configuration value."""
    for option in OPTIONS:
        default = option.default
        if isinstance(default, tuple) and all(isinstance(item, str) for item in default):
            default = list(default)  # so that `-D` can give it: Sphinx splits values only where the default is a list
        app.add_config_value(
            f"postmortem_{option.name}", default, option.rebuild, types=option.types, description=option.help
        )


_KINDS = {
    bool: "True or False",
    str: "a text in quotes",
    dict: "a dictionary {...}",
    list: "a list [...]",
    NoneType: "None",
}


def refuse_wrong_types(config: Config) -> None:
    """Stop where a value is of a type with which nothing can be done.

    Raises:
        ExtensionError: the value, and what to write.
    """
    for option in OPTIONS:
        value = getattr(config, f"postmortem_{option.name}")
        fits = isinstance(value, option.types) or (tuple in option.types and isinstance(value, set | frozenset))
        if not fits and not (bool in option.types and isinstance(value, int)):
            wanted = " or ".join(_KINDS[kind] for kind in option.types if kind is not tuple)
            raise ExtensionError(f"postmortem_{option.name} is {value!r} in conf.py; write {wanted}")
    for pattern, audience in config.postmortem_audience_paths.items():
        if not (isinstance(pattern, str) and isinstance(audience, str)):
            raise ExtensionError(f"postmortem_audience_paths: {pattern!r}: {audience!r}: write two texts in quotes")


def read_audiences(config: Config) -> Audiences:
    """Return the site's audiences.

    Raises:
        ExtensionError: the setting cannot be used.
    """
    try:
        return Audiences(tuple(str(name) for name in config.postmortem_audiences))
    except ValueError as error:
        raise ExtensionError(str(error)) from error


def shows_names(config: Config, audiences: Audiences) -> bool:
    """Say whether the edition shows names as they are written.

    Raises:
        ExtensionError: the setting names an audience that does not exist.
    """
    chosen = audiences.without_names(config.postmortem_pseudonym_audiences)
    for name in chosen:
        if name not in audiences.names:
            known = ", ".join(audiences.names)
            raise ExtensionError(f"postmortem_pseudonym_audiences: {name!r} is no audience; they are {known}")
    return (config.postmortem_audience or audiences.internal) not in chosen


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
        trusted_builders=_names(config, "trusted_builders"),
        shown_metadata=_names(config, "shown_metadata"),
        edition_tlp=_edition_tlp(config.postmortem_edition_tlp, audiences),
        severities=tuple(str(name) for name in config.postmortem_severities),
        milestones=tuple(str(name) for name in config.postmortem_milestones),
        durations=_durations(config.postmortem_durations),
        phases=_phases(config.postmortem_phases),
        owners=read_owners(config.postmortem_owners, Path()),
        shows_names=shows_names(config, audiences),
        runbook_paths=tuple(str(pattern) for pattern in config.postmortem_runbook_paths),
        done_statuses=tuple(" ".join(str(name).casefold().split()) for name in config.postmortem_done_statuses),
        today=_today(config.postmortem_today),
        edition_banner=config.postmortem_edition_banner,
        revisions_in_filtered_editions=bool(config.postmortem_revisions_in_filtered_editions),
        author_roles={str(name): str(role) for name, role in config.postmortem_author_roles.items()},
        export_folder=config.postmortem_export_folder,
        export_formats=_choices("export_formats", config.postmortem_export_formats, EXPORT_FORMATS),
        sources=_sources(config.postmortem_sources),
        export_pages=_choices("export_pages", [config.postmortem_export_pages], ("", *PAGE_LAYOUTS))[0],
    )


def _names(config: Config, name: str) -> tuple[str, ...]:
    value = config[f"postmortem_{name}"]
    if isinstance(value, str):  # `-D` gives one text
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(map(str, value))


def _edition_tlp(value: Mapping[str, str], audiences: Audiences) -> dict[str, str]:
    labels = {str(name): str(label).upper().removeprefix("TLP:").strip() for name, label in value.items()}
    for name, label in labels.items():
        if name not in audiences.names and dict(value) != DEFAULT_EDITION_TLP:
            raise ExtensionError(f'postmortem_edition_tlp: "{name}" is no audience; use {", ".join(audiences.names)}')
        if label not in TLP_LABELS:
            raise ExtensionError(f'postmortem_edition_tlp: "{label}" is no TLP label; use {", ".join(TLP_LABELS)}')
    return labels


def _durations(value: Sequence[Any]) -> tuple[tuple[str, str, str], ...]:
    durations: list[tuple[str, str, str]] = []
    for item in value:
        if not isinstance(item, list | tuple) or len(item) != 3:
            raise ExtensionError(f"postmortem_durations: {item!r} must be (term, start milestone, end milestone)")
        durations.append((str(item[0]), str(item[1]), str(item[2])))
    return tuple(durations)


def _phases(value: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    phases: list[tuple[str, str]] = []
    for item in value:
        if not isinstance(item, list | tuple) or len(item) != 2:
            raise ExtensionError(f"postmortem_phases: {item!r} must be (phase, milestone that begins it)")
        phases.append((str(item[0]), str(item[1])))
    return tuple(phases)


def settle_owners(config: Config, source: Path) -> None:
    """Read the owners, and put a dict of them in place of a file's name.

    Raises:
        ExtensionError: an entry cannot be used; the message names file and line.
    """
    try:
        config.postmortem_owners = as_mapping(read_owners(config.postmortem_owners, source))
    except BadOwnersError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error


def _choices(name: str, values: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if value not in allowed:
            known = ", ".join(filter(None, allowed))
            raise ExtensionError(f"postmortem_{name}: {value!r} is not known; write {known}")
    return tuple(values)


def _sources(value: Mapping[str, Any]) -> tuple[Source, ...]:
    sources: list[Source] = []
    for name, entry in value.items():
        if not isinstance(entry, Mapping) or not str(name).strip():
            raise ExtensionError(f"postmortem_sources[{name!r}] must be a dict of file and url, and the name a text")
        parts = {str(key): str(text) for key, text in entry.items()}
        if set(parts) - {"file", "url"} or not parts.get("file"):
            raise ExtensionError(
                f'postmortem_sources[{name!r}] must name a "file", and may name an "url"; nothing else'
            )
        sources.append(Source(str(name), parts["file"], parts.get("url", "")))
    return tuple(sources)


def _today(value: str) -> date | None:
    if value.strip():
        try:
            return parse_date(value)
        except BadDateError as error:
            raise ExtensionError(f"postmortem_today: {error}") from error
    return epoch_day()


def epoch_day() -> date | None:
    """Return the day of SOURCE_DATE_EPOCH in UTC, or None where it is not set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), tz=UTC).date() if epoch.isdigit() else None
