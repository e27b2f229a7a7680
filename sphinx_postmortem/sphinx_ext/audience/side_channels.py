"""What tells of hidden text without holding any of it: when a page was changed, and at which line something stands."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_postmortem.sphinx_ext.records.domain import domain_of

LOCKED_SETTINGS: dict[str, Any] = {
    "sitemap_show_lastmod": False,
    "git_last_updated_metatags": False,
    "todo_link_only": True,  # otherwise a list of to-dos names the line of each, which counts hidden lines above it
    "needs_reproducible_json": True,
    "duration_write_json": "",  # how long it took to read each page
}
"""Settings of other extensions, and the values that they have in a filtered edition."""

LINES_OF_NEEDS = ("lineno", "lineno_content")


def lock_settings_of_extensions(config: Config) -> None:
    """Give settings the values without which a filtered edition would tell of what it hides."""
    for name, value in LOCKED_SETTINGS.items():
        if name in config:
            config[name] = value
    if "needs_json_exclude_fields" in config:
        config["needs_json_exclude_fields"] = [*config["needs_json_exclude_fields"], *LINES_OF_NEEDS]


def forget_dates(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Handle ``html-page-context`` last: an extension may have given the page the date of its last change."""
    if domain_of(app.env).settings.edition.is_filtered:
        context["last_updated"] = None
