"""Writes the data files of an edition: when a build ends, where the settings ask for them, or on request."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from sphinx_postmortem.sphinx_ext.settings import settings_of


def write_exports(app: Sphinx, exception: Exception | None) -> None:
    """Handle ``build-finished``: write the edition's data where the settings ask for it."""
    settings = settings_of(app.config)
    if exception is None and settings.export_folder:
        from sphinx_postmortem.sphinx_ext.exports.write import write_files

        write_files(app, Path(settings.export_folder))
