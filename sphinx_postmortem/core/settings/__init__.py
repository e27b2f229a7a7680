"""The settings: each declared once beside its kin (``…_settings``), with the reader of its value (``values``)."""

from __future__ import annotations

from sphinx_postmortem.core.settings.all_settings import OPTIONS, Settings, read_settings
from sphinx_postmortem.core.settings.option import Option
from sphinx_postmortem.core.settings.values import SettingError

__all__ = ["OPTIONS", "Option", "SettingError", "Settings", "read_settings"]
