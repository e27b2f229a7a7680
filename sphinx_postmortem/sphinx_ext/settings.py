"""Makes the checked settings from Sphinx's configuration object."""

from __future__ import annotations

from pathlib import Path

from sphinx.config import Config
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.records.owners import BadOwnersError, as_mapping, read_owners
from sphinx_postmortem.core.settings import OPTIONS, SettingError, Settings, read_settings


def settings_of(config: Config) -> Settings:
    """Return the build's settings. After ``config-inited``, ``postmortem_audience`` names the edition.

    Raises:
        ExtensionError: a value cannot be used.
    """
    try:
        return read_settings({option.name: config[f"postmortem_{option.name}"] for option in OPTIONS})
    except SettingError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error


def settle_owners(config: Config, source: Path) -> None:
    """Read the owners, and put a dict of them in place of a file's name.

    Raises:
        ExtensionError: an entry cannot be used; the message names file and line.
    """
    try:
        config.postmortem_owners = as_mapping(read_owners(config.postmortem_owners, source))
    except BadOwnersError as error:
        raise ExtensionError(f"{error}. Nothing was built.") from error
