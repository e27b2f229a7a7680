"""Files that are published as they are. No gate reads them, so a marking that hides a part of one stops the build.

A marking stands in the file itself, or in the directive of a table that draws its rows from the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audience.published_files import TABLE_SUFFIXES, hides_something
from sphinx_postmortem.core.regular_files import real_path
from sphinx_postmortem.sphinx_ext.audience.other_outputs import refuse_output_of_others
from sphinx_postmortem.sphinx_ext.audience.page_files import FILES, note_copied_files
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every

FILE_SETTINGS = ("html_logo", "html_favicon", "latex_logo")
FILE_LIST_SETTINGS = ("latex_additional_files",)


def note_copies(env: BuildEnvironment, document: nodes.document, docname: str) -> None:
    """Note which files a page publishes as they are. Must run before ``depend_on_tables``.

    Raises:
        ExtensionError: a part of such a file is hidden from the edition.
    """
    drawn_in = {path for path in _drawn_in(env, document, docname) if path.is_file()}
    tables = {path for path in drawn_in if path.name.casefold().endswith(TABLE_SUFFIXES)}
    copies = tables | {path for path in _copies(env, document, docname) if path.is_file()}
    for path in sorted(copies):
        refuse_marked_copy(env, f'the page "{docname}"', path)
    note_copied_files(env, docname, [str(path) for path in copies | drawn_in])


def depend_on_tables(env: BuildEnvironment, docname: str) -> None:
    """Make a page depend on the files of its tables: not before it is known which files others' directives draw in."""
    for table in FILES.of(env, docname).tables:
        env.note_dependency(table)


def _copies(env: BuildEnvironment, document: nodes.document, docname: str) -> Iterator[Path]:
    written = [str(image["uri"]) for image in every(document, nodes.image)]
    written += [str(download["reftarget"]) for download in every(document, addnodes.download_reference)]
    for target in written:
        if "://" not in target and not target.startswith("data:"):
            yield real_path(env.relfn2path(target, docname)[1])
    for node in (*every(document, nodes.literal_block), *every(document, nodes.raw)):
        if (name := str(node.get("source", ""))) and "://" not in name:
            yield from _places(env, name)


def _drawn_in(env: BuildEnvironment, document: nodes.document, docname: str) -> Iterator[Path]:
    """Yield the files that a page's directives have read."""
    recorded = document.settings.record_dependencies
    for name in (*env.dependencies.get(docname, ()), *(recorded.list if recorded else ())):
        yield from _places(env, os.fspath(name))


def _places(env: BuildEnvironment, name: str) -> tuple[Path, Path]:
    """Return what a recorded name may mean: Sphinx writes it from the source folder, docutils from the working one."""
    return real_path(Path(env.srcdir, name)), real_path(name)


def refuse_marked_copy(env: BuildEnvironment, who: str, path: Path, *, is_table: bool = False) -> None:
    """Stop the build if a marking in the file, which may be read as a table, hides a part of it.

    Raises:
        ExtensionError: one does, or a build of another edition has written the file.
    """
    if not path.is_file():
        return
    refuse_output_of_others(env, who, path)
    settings = domain_of(env).settings
    if hides_something(path, settings.edition, is_table=is_table, rule=settings.incident_rule):
        reason = "a marking in it, or what an incident in it says of itself, hides a part from this edition"
        raise _refusal(who, path, reason)


def refuse_copies_of_hidden_columns(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-check-consistency``: stop where a table hides columns of a file that is also published whole.

    Any page may hold the table, any other the copy, so that all must have been read.

    Raises:
        ExtensionError: there is such a file.
    """
    if not domain_of(env).settings.edition.is_filtered:
        return
    for path in files_in_settings(app):
        refuse_marked_copy(env, "a setting", path)
    drawn_in = FILES.by_page(env)
    published = [(name, f'the page "{docname}"') for docname, files in drawn_in.items() for name in files.copies]
    published += [(str(path), "a setting") for path in (*files_in_settings(app), *_tables_in_copied_folders(app))]
    hiding = {name: docname for docname, files in drawn_in.items() for name in files.hiding}
    for name, who in sorted(published):
        if name in hiding:
            reason = f'a table on the page "{hiding[name]}" hides columns of it from this edition'
            raise _refusal(who, Path(name), reason)


def files_in_settings(app: Sphinx) -> Iterator[Path]:
    """Yield the files that settings name."""
    names = [app.config[name] for name in FILE_SETTINGS if app.config[name]]
    names += [name for setting in FILE_LIST_SETTINGS for name in app.config[setting]]
    yield from (real_path(Path(app.confdir, str(name))) for name in names if "://" not in str(name))


def _tables_in_copied_folders(app: Sphinx) -> Iterator[Path]:
    """Yield the tables below the folders that are copied wholesale."""
    for folder in (*app.config.html_static_path, *app.config.html_extra_path):
        path = Path(app.confdir, str(folder))
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (real_path(file) for file in found if file.name.casefold().endswith(TABLE_SUFFIXES))


def _refusal(who: str, path: Path, reason: str) -> ExtensionError:
    return ExtensionError(
        f'{who} publishes the file "{path.name}" as it is, but {reason}. Nothing '
        "was published; put the reference into an `internal-only` block, or take the marked content out of that file."
    )
