"""What tells of hidden text without holding any of it.

When a page was changed, how long it took to read, at which line something stands, that there is a page at all, and
where the sources lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.core.source_links import LEADS_TO_NO_SOURCE, without_source
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.settings import of_theme

_logger = logging.getLogger("sphinx_postmortem")

LOCKED_SETTINGS: dict[str, Any] = {
    "sitemap_show_lastmod": False,
    "git_last_updated_metatags": False,
    "todo_link_only": True,  # otherwise a list of to-dos names the line of each, which counts hidden lines above it
    "needs_reproducible_json": True,
    "duration_write_json": "",  # how long it took to read each page
}
"""Settings of other extensions, and the values that they have in a filtered edition."""

LINES_OF_NEEDS = ("lineno", "lineno_content")


REDIRECTS = ("redirects", "rediraffe_redirects")
_STEPS_UP = expression(r"^(?:\.{0,2}/)+")
_PAGE_END = expression(r"(?:\.\w+|/index\.html|/)?(?:[#?].*)?$")


def lock_settings_of_extensions(config: Config, hidden: Callable[[str], bool]) -> None:
    """Set what other extensions read from ``conf.py`` so that a filtered edition tells nothing of what it hides.

    Args:
        config: the build's settings.
        hidden: says whether the edition hides a path below the source folder.
    """
    for name, value in LOCKED_SETTINGS.items():
        if name in config:
            config[name] = value
    if "needs_json_exclude_fields" in config:
        config["needs_json_exclude_fields"] = [*config["needs_json_exclude_fields"], *LINES_OF_NEEDS]

    for name in REDIRECTS:
        if name in config and isinstance(config[name], dict):
            pairs: dict[str, str] = config[name]
            config[name] = {old: new for old, new in pairs.items() if not _names_hidden((old, new), config, hidden)}


def _names_hidden(addresses: Iterable[str], config: Config, hidden: Callable[[str], bool]) -> bool:
    """Say whether an address, or the name of a page, is that of a hidden page."""
    pages = [_PAGE_END.sub("", _STEPS_UP.sub("", str(address))) for address in addresses]
    return any(hidden(f"{page}{suffix}") for page in pages for suffix in config.source_suffix)


def lead_to_no_source(config: Config, settings: Settings) -> None:
    """Take from themes what they make of the repository of the sources: buttons to view, edit and report.

    The sources hold what the edition hides. A site whose readers may see them names the edition in
    ``postmortem_source_links``.
    """
    if settings.edition.name in (settings.source_links.editions or ()):
        return
    options, context, dropped = without_source(*of_theme(config))
    if dropped:
        config.html_theme_options, config.html_context = options, context
        _logger.info(
            "The edition %s %s, so it does without %s. If its readers may see the sources, name it "
            'in postmortem_source_links = {"editions": "…"}.',
            settings.edition.name,
            LEADS_TO_NO_SOURCE,
            ", ".join(dropped),
        )


def forget_dates(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Handle ``html-page-context`` last: an extension may have given the page the date of its last change."""
    if domain_of(app.env).settings.edition.is_filtered:
        context["last_updated"] = None
