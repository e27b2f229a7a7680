"""A site that merely loads the extension stays as it is: what we add to pages comes with the first use of ours.

A site uses us when it sets one of our settings, when an edition is filtered, or when a page holds a directive, a role
or a marking of ours. What decides about a filtered edition never depends on what that edition hides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from sphinx_postmortem.core.audience.written_folders import STAMP
from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code
from sphinx_postmortem.core.settings import OPTIONS
from sphinx_postmortem.core.settings.setting_names import PREFIX
from sphinx_postmortem.sphinx_ext.kept import Kept, KeptByPage, PerBuild
from sphinx_postmortem.sphinx_ext.settings import is_given, settings_of
from sphinx_postmortem.sphinx_ext.upstream.myst import markdown_syntax
from sphinx_postmortem.sphinx_ext.warnings import warn

_logger = logging.getLogger("sphinx_postmortem")
_USES = KeptByPage[bool]("uses", nothing=False)
_IN_USE = PerBuild[bool | None](nothing=None)
_IS_SET_UP = PerBuild[bool](nothing=True)
Doubt = tuple[str, str]
"""A place, and what is doubtful there."""
_DOUBTS = KeptByPage[tuple[Doubt, ...]]("doubts", nothing=())
_ON_ALL_PAGES = Kept[tuple[str, ...]]("on_all_pages", nothing=())
_SHOWN_SETTINGS = tuple(option.name for option in OPTIONS if option.rebuild == "html")
_MARKDOWN = (".md", ".markdown", ".myst", ".txt", ".inc")  # pages, and what pages include
_OTHER_READERS = ("sphinx_mdinclude", "m2r2", "m2r", "recommonmark", "sphinx_markdown_parser")
_OPENED = expression(rb"(?:`{3}|~{3}|:{3})\s*\{\s*(?:postmortem:)?([\w-]+)", re.IGNORECASE)


def markdown_extension(app: Sphinx) -> str:
    """Return the extension that reads Markdown, whatever the order of the site's ``extensions``; empty for none.

    MyST-NB brings MyST-Parser, and neither can be loaded beside the other. A site that lists neither has MyST-Parser
    by us if it sets one of our settings, or if its root is a Markdown file: not if it is written in reStructuredText,
    whose README.md would become a page, and not beside another reader of ``.md`` files, which Sphinx refuses.
    """
    listed = [name for name in ("myst_nb", "myst_parser") if name in app.config.extensions]
    if listed:
        return listed[0]
    if any(name in app.config.extensions for name in _OTHER_READERS):
        return ""
    root = Path(app.srcdir, app.config.root_doc)
    wants = is_configured(app.config) or (_exists(root, ".md") and not _exists(root, ".rst"))
    return "myst_parser" if wants else ""


def _exists(root: Path, suffix: str) -> bool:
    return root.with_name(root.name + suffix).is_file()


def is_configured(config: Config) -> bool:
    """Say whether ``conf.py`` or the command line gives one of our settings."""
    return any(is_given(config, option.name) for option in OPTIONS)


def prepare_markdown(app: Sphinx, config: Config) -> None:
    """Handle ``config-inited``: switch on what our markup needs of MyST, if the site has Markdown and uses us."""
    if "myst_parser" not in app.extensions and "myst_nb" not in app.extensions:
        return
    if not is_configured(config) and not settings_of(config).edition.is_filtered and not _names_us(app):
        return
    if "colon_fence" not in markdown_syntax(config):
        # Without it a marked block would be read as text, in every edition.
        config.myst_enable_extensions = [*config.myst_enable_extensions, "colon_fence"]
    # Our options may carry `# comments`, which MyST reads but warns of; what it would lose of others' text we put back.
    config.suppress_warnings = [*config.suppress_warnings, "myst.directive_comments"]


def _names_us(app: Sphinx) -> bool:
    """Say whether a Markdown file below the source folder opens a directive of ours."""
    opened = (found for file in _markdown_files(app) for found in _OPENED.finditer(file.read_bytes()))
    return any(_is_ours(found[1].decode().casefold()) for found in opened)


def _is_ours(directive: str) -> bool:
    """Say whether a directive has a name of ours, or one that begins with it, as a misspelled one may."""
    parts = directive.split("-")
    return any("-".join(parts[:count]) in DIRECTIVE_NAMES for count in range(1, len(parts) + 1))


def _markdown_files(app: Sphinx) -> Iterator[Path]:
    written = {os.fspath(app.outdir), os.fspath(app.doctreedir)}
    for folder, folders, names in os.walk(app.srcdir):
        folders[:] = [name for name in folders if not name.startswith(".") and f"{folder}{os.sep}{name}" not in written]
        files = (Path(folder, name) for name in names if name.casefold().endswith(_MARKDOWN))
        yield from (file for file in files if file.is_file())


def note_presence(env: BuildEnvironment) -> None:
    """Note that the page that is being read holds something of ours."""
    _USES.set(env, env.current_document.docname, True)


def page_uses_us(env: BuildEnvironment) -> bool:
    """Say whether the site sets something of ours, or the page that is being read has something of ours so far."""
    docname = env.current_document.docname
    return _IS_SET_UP.of(env) or _USES.of(env, docname) or "audience" in env.metadata[docname]


def is_set_up(env: BuildEnvironment) -> bool:
    """Say whether the site sets one of our settings, or the edition is filtered: known before pages are read."""
    return _IS_SET_UP.of(env)


def note_set_up(app: Sphinx) -> None:
    """Handle ``builder-inited``."""
    _IS_SET_UP.set(app.env, is_configured(app.config) or settings_of(app.config).edition.is_filtered)


def note_doubts(env: BuildEnvironment, doubts: Iterable[Doubt]) -> None:
    """Keep what looks like a marking on a page without ours: it is one only if the site uses us."""
    _DOUBTS.set(env, env.current_document.docname, (*_DOUBTS.of(env, env.current_document.docname), *doubts))


def is_in_use(app: Sphinx) -> bool:
    """Say whether the site uses us; known as soon as all pages have been read."""
    return _IN_USE.of(app.env) is True


def is_unused(env: BuildEnvironment) -> bool:
    """Say whether it is known that the site does not use us: then no page holds anything of ours to look for."""
    return _IN_USE.of(env) is False


def decide_use(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Handle ``env-updated``: decide, and return all pages where what stands on all of them changes."""
    used = (
        is_set_up(env) or bool(_USES.by_page(env)) or any("audience" in metadata for metadata in env.metadata.values())
    )
    _IN_USE.set(env, used)
    _tell_doubts(env, used=used)
    shown = tuple(repr(app.config[PREFIX + name]) for name in _SHOWN_SETTINGS) if used else ()
    return env.found_docs if _ON_ALL_PAGES.exchange(env, shown) != shown else ()


def _tell_doubts(env: BuildEnvironment, *, used: bool) -> None:
    """Warn of what looks like a marking, once; a site that does not use us gets one line that is no warning."""
    doubts = [doubt for docname in sorted(_DOUBTS.by_page(env)) for doubt in _DOUBTS.of(env, docname)]
    for docname in list(_DOUBTS.by_page(env)) if used else ():
        _DOUBTS.forget(env, docname)
    for place, message in doubts if used else ():
        warn(Code.BROKEN_MARKING, message, place)
    if doubts and not used:
        more = f", and {len(doubts) - 1} more" if len(doubts) > 1 else ""
        _logger.info(
            "This site does not use sphinx-postmortem yet. Once it does, it is told of what looks like a marking: %s%s",
            doubts[0][0],
            more,
        )


def remove_stamp(app: Sphinx, exception: Exception | None) -> None:
    """Handle ``build-finished``: leave no stamp in the output of a site that does not use us."""
    if exception is None and not is_in_use(app):
        (Path(app.outdir) / STAMP).unlink(missing_ok=True)
