"""The configuration, read in one place. ``config_values`` declares it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.exports.edition_json import EXPORT_FORMATS
from sphinx_postmortem.core.exports.publication import PAGE_LAYOUTS
from sphinx_postmortem.core.records.federation import Source
from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.records.owners import BadOwnersError, as_mapping, read_owners
from sphinx_postmortem.core.records.times import BadDateError, parse_date
from sphinx_postmortem.core.records.vocabulary import TLP_LABELS
from sphinx_postmortem.sphinx_ext.config_values import DEFAULT_EDITION_TLP


@dataclass(frozen=True)
class Settings:
    """The configuration of one build, checked."""

    edition: Edition
    redaction_notice: str
    hidden_reference: str
    trusted_builders: tuple[str, ...]
    generated_pages: tuple[str, ...]
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
        generated_pages=_names(config, "generated_pages"),
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
