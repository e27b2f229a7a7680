"""Files that an edition must not see: hidden folders and pages as images, downloads, includes and static files.

``exclude_patterns`` keeps pages out of the site, but not files that a visible page draws in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.i18n import search_image_for_language
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.hidden_pages import page_is_shown
from sphinx_postmortem.core.audience.incident_pages import IncidentGate
from sphinx_postmortem.core.audience.published_files import TABLE_SUFFIXES
from sphinx_postmortem.core.regular_files import real_path
from sphinx_postmortem.sphinx_ext.audience.marked_copies import (
    FILE_LIST_SETTINGS,
    FILE_SETTINGS,
    depend_on_tables,
    note_copies,
    refuse_marked_copy,
)
from sphinx_postmortem.sphinx_ext.audience.other_outputs import (
    refuse_output_of_others,
    refuse_own_folders,
    refuse_repositories,
)
from sphinx_postmortem.sphinx_ext.audience.page_files import FILES, HIDDEN_PATTERNS
from sphinx_postmortem.sphinx_ext.audience.references import plain_text, refuse_name_in_anchor
from sphinx_postmortem.sphinx_ext.html.static_files import STATIC
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every


def drop_hidden_files(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: images leave their description, downloads their text; included files are refused.

    Raises:
        ExtensionError: the page includes a hidden file: its text is in the page, so nothing may be published.
    """
    domain = domain_of(app.env)
    docname = app.env.current_document.docname
    if not domain.settings.edition.is_filtered:
        depend_on_tables(app.env, docname)
        return
    hidden = Matcher(HIDDEN_PATTERNS.of(app.env))
    _refuse_includes(app.env, document, docname, hidden)
    for image in every(document, nodes.image):
        if _is_hidden(app.env, str(image["uri"]), docname, hidden):
            _replace_image(image)
        elif _is_hidden(app.env, translated := search_image_for_language(str(image["uri"]), app.env), docname, hidden):
            raise ExtensionError(
                f'the page "{docname}" shows the image "{image["uri"]}", whose place "{translated}" takes in its '
                "language, and that file is hidden from this edition. Nothing was published; hide both, or show both."
            )
    for download in every(document, addnodes.download_reference):
        target = str(download["reftarget"])
        path = Path(app.srcdir, app.env.relfn2path(target, docname)[0]) if "://" not in target else None
        if path is not None and (_is_hidden(app.env, target, docname, hidden) or not path.is_file()):
            # A file that is not there may be a hidden one that somebody has deleted: the same must come out.
            refuse_name_in_anchor(download)
            download.replace_self(plain_text(download, domain.settings.hidden_reference_text))
    note_copies(app.env, document, docname)
    depend_on_tables(app.env, docname)


def _is_hidden(env: BuildEnvironment, uri: str, docname: str, hidden: Matcher) -> bool:
    if "://" in uri or uri.startswith("data:"):
        return False
    relative = Path(os.path.normpath(env.relfn2path(uri, docname)[0])).as_posix()
    if relative.endswith(".*"):
        folder = Path(env.srcdir, relative).parent
        return any(hidden(path.relative_to(env.srcdir).as_posix()) for path in folder.glob(Path(relative).name))
    return bool(hidden(relative))


def _replace_image(image: nodes.image) -> None:
    """Put an image's description in its place; with a figure goes its caption only if nothing describes it."""
    alt = str(image.get("alt", ""))
    text = nodes.inline("", alt) if isinstance(image.parent, nodes.TextElement) else nodes.paragraph("", alt)
    image.replace_self([text] if alt else [])


def _refuse_includes(env: BuildEnvironment, document: nodes.document, docname: str, hidden: Matcher) -> None:
    recorded = document.settings.record_dependencies
    tables = FILES.of(env, docname).tables
    noted = [*env.dependencies.get(docname, ()), *(recorded.list if recorded else ()), *tables]
    for name in noted:
        for path in {real_path(Path(env.srcdir, name)), real_path(name)}:
            if path.is_file():
                refuse_output_of_others(env, f'the page "{docname}"', path)
            if path.is_file() and _is_hidden_include(env, path, hidden):
                raise ExtensionError(
                    f'the page "{docname}" includes a file that this edition must not see, or whose markings are '
                    "broken. Nothing was published; put the include into an `internal-only` block, or mend that file."
                )


def _is_hidden_include(env: BuildEnvironment, path: Path, hidden: Matcher) -> bool:
    source = Path(env.srcdir).resolve()
    if path.is_relative_to(source) and hidden(path.relative_to(source).as_posix()):
        return True
    if path.name.casefold().endswith(TABLE_SUFFIXES):
        return False  # what is hidden in a table is looked for in `marked_copies`
    # A file of no known type may be read in either syntax; a slip in either counts.
    known = [kind for suffix, kind in env.config.source_suffix.items() if path.name.endswith(suffix)]
    edition = domain_of(env).settings.edition
    incidents = IncidentGate(Path(env.srcdir), edition, domain_of(env).settings.incident_rule)
    kinds = known[:1] or ("markdown", "restructuredtext")
    return not all(page_is_shown(path, kind, edition, incidents)[1] for kind in kinds)


def drop_hidden_static_files(app: Sphinx, config: Config, patterns: tuple[str, ...]) -> None:
    """Keep hidden files out of what ``html_static_path`` and ``html_extra_path`` copy wholesale."""
    hidden = Matcher(patterns)
    for name in ("html_static_path", "html_extra_path", *FILE_LIST_SETTINGS):
        config[name] = [entry for entry in config[name] if not hidden(_relative(app, str(entry)))]
    for name in FILE_SETTINGS:
        if config[name] and hidden(_relative(app, str(config[name]))):
            config[name] = None


def hidden_static_patterns(app: Sphinx, patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the hidden files within copied folders, as Sphinx matches them: relative to each folder.

    Raises:
        ExtensionError: a part of a file that would be copied is hidden from the edition, or another's build wrote it.
    """
    hidden = Matcher(patterns)
    extra = [Path(app.confdir, str(entry)) for entry in app.config.html_extra_path]
    static = (str(entry) for entry in app.config.html_static_path if str(entry) != str(STATIC))  # ours mark nothing
    for folder in (*(Path(app.confdir, entry) for entry in static), *extra):
        refuse_own_folders(app, folder)
        if folder.is_file():  # a setting may name a file, too
            refuse_marked_copy(app.env, "`html_static_path` or `html_extra_path`", folder)
        for parent, folders, files in os.walk(folder, followlinks=True):
            for path in (Path(parent, name) for name in (*folders, *files)):
                if folder in extra:  # Sphinx leaves out what begins with a dot in the others
                    refuse_repositories(app, folder, path)
                if hidden(_relative(app, str(path))):
                    relative = path.relative_to(folder).as_posix()
                    # Sphinx compares what stands right in the folder with a dot before it.
                    yield from (relative, f"./{relative}")
                elif path.is_file():
                    refuse_marked_copy(app.env, "`html_static_path` or `html_extra_path`", path)


def _relative(app: Sphinx, path: str) -> str:
    return Path(os.path.relpath(Path(app.confdir, path), app.srcdir)).as_posix()
