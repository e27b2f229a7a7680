"""Makes the checked settings from Sphinx's configuration object."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.problems import FORMER_CODES, Code, codes_meant, former_codes
from sphinx_postmortem.core.records import factors
from sphinx_postmortem.core.records.owner_register import BadOwnersError, as_mapping, read_owners
from sphinx_postmortem.core.settings import OPTIONS, Option, SettingError, Settings, read_settings
from sphinx_postmortem.core.settings.setting_names import FORMER_NAMES, PREFIX, refuse_unknown_names
from sphinx_postmortem.sphinx_ext.upstream.sphinx import given_settings
from sphinx_postmortem.sphinx_ext.warnings import warn

_NAMES = [(option.name, PREFIX + option.name) for option in OPTIONS]
_LISTS = [(option.name, PREFIX + option.name) for option in OPTIONS if list in option.types]
_MAY_BE_EMPTY = ("redaction_notice", "hidden_reference", "edition_banner")


# Settings are asked for on every page, and reading them anew takes as long as a small page.
_read: WeakKeyDictionary[Config, tuple[dict[str, Any], Settings]] = WeakKeyDictionary()


def settings_of(config: Config) -> Settings:
    """Return the build's settings. After ``config-inited``, ``postmortem_audience`` names the edition.

    Raises:
        ExtensionError: a value cannot be used.
    """
    values: dict[str, Any] = {name: config[full] for name, full in _NAMES}
    for name, full in _LISTS:
        if full in config.overrides:
            values[name] = _parts(values[name], config.overrides[full])
    values["written_language"] = values["written_language"] or config.language
    before = _read.get(config)
    if before is not None and before[0] == values:
        return before[1]
    try:
        settings = read_settings(values)
    except SettingError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error
    _read[config] = (deepcopy(values), settings)  # a copy, so that a value changed in place is noticed
    return settings


def _parts(value: Any, given: object) -> Any:
    """Return the value of a list; of one that ``-D`` gives as a text, the parts between commas."""
    if not isinstance(given, str):
        return value
    parts = value.split(",") if isinstance(value, str) else list(value)
    return [str(part).strip() for part in parts]


def is_given(config: Config, name: str) -> bool:
    """Say whether ``conf.py`` or ``-D`` gives a setting."""
    return PREFIX + name in config.overrides or PREFIX + name in given_settings(config)


def of_theme(config: Config) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return ``html_theme_options`` and ``html_context``; empty where they are no dict, of which Sphinx warns."""
    options, context = (
        cast("Mapping[str, object]", value) if isinstance(value, Mapping) else dict[str, object]()
        for value in (config.html_theme_options, config.html_context)
    )
    return options, context


def prepare_names(config: Config) -> None:
    """Let former names of settings work, with a warning, and refuse names and overrides that would do nothing.

    Raises:
        ExtensionError: there are such names, or ``-D`` gives an empty value, or a text for what is no text.
    """
    try:
        known = frozenset(item.name for item in config)
        refuse_unknown_names({**vars(config), **given_settings(config)}, config.overrides, known)
        for option in OPTIONS:
            _refuse_override(option, config.overrides.get(PREFIX + option.name))
    except SettingError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error
    for former, name in FORMER_NAMES.items():
        given = {**given_settings(config), **config.overrides}
        if former in given:
            warn(Code.RENAMED_SETTING, f'the setting "{former}" is called "{name}" now; write that')
            if name not in given:
                config[name] = given[former]
    _let_former_codes_work(config)


def _let_former_codes_work(config: Config) -> None:
    """Let former codes work where ``conf.py`` names them, with a warning that says what to write."""
    prefix = "postmortem."
    hushed = [str(name).removeprefix(prefix) for name in config.suppress_warnings if str(name).startswith(prefix)]
    chosen: object = config.postmortem_checks
    named = map(str, cast("Mapping[object, object]", chosen)) if isinstance(chosen, Mapping) else ()
    for message in former_codes([*hushed, *named]).values():
        warn(Code.RENAMED_CODE, message)
    today = [f"{prefix}{code}" for name in hushed if name in FORMER_CODES for code in codes_meant(name)]
    if today:
        config.suppress_warnings = [*config.suppress_warnings, *today]


def _refuse_override(option: Option, value: object) -> None:
    if not isinstance(value, str):
        return
    name = PREFIX + option.name
    if not value.strip() and option.name not in _MAY_BE_EMPTY:
        raise SettingError(
            f"-D {name}= is empty, as a variable that is not set makes it; give a value, or leave it out"
        )
    if dict in option.types:
        raise SettingError(f"-D {name}={value}: it is a dictionary; write it in conf.py, or -D {name}.KEY=VALUE")
    is_plain = all(isinstance(item, str) for item in option.default or ()) if list in option.types else True
    if not is_plain:
        raise SettingError(f"-D {name}={value}: it is a list of tuples; write it in conf.py")


def resolve_owners(config: Config, source: Path) -> None:
    """Read the owners, and put a dict of them in place of a file's name.

    Raises:
        ExtensionError: an entry cannot be used; the message names file and line.
    """
    try:
        config.postmortem_owners = as_mapping(read_owners(config.postmortem_owners, source))
    except BadOwnersError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error


def resolve_factors(config: Config, source: Path) -> None:
    """Read the contributing factors, and put a dict of them in place of a file's name.

    Raises:
        ExtensionError: an entry cannot be used; the message names file and line.
    """
    try:
        config.postmortem_factors = factors.as_mapping(factors.read_factors(config.postmortem_factors, source))
    except factors.BadFactorsError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error


def resolve_attack(config: Config, source: Path) -> None:
    """Read the site's file of ATT&CK, and put its path in place of its name.

    Raises:
        ExtensionError: the file cannot be used.
    """
    name = config.postmortem_attack
    if not isinstance(name, str) or not name.strip():
        return  # what is no text is said when the settings are read
    from sphinx_postmortem.core.attack.site_table import resolved_file
    from sphinx_postmortem.core.attack.table import BadTableError

    try:
        config.postmortem_attack = resolved_file(name, source)
    except BadTableError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error
