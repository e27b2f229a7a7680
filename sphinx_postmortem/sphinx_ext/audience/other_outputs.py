"""What builds of other editions have written: a filtered edition publishes none of it, however a site draws it in.

Nothing in such a file looks like a marking. Its folder says whose it is: the stamp, the manifest or the exported data.
So does the content of exported data that was copied out of its folder, or it says at least that it is ours.
"""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.matching import Matcher

from sphinx_postmortem.core.audience.audiences import UnknownAudienceError
from sphinx_postmortem.core.audience.exported_data import UNTOLD, edition_of_data
from sphinx_postmortem.core.audience.written_folders import REPOSITORIES, edition_that_wrote
from sphinx_postmortem.sphinx_ext.kept import PerBuild
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

_FOLDERS = PerBuild[dict[Path, str | None] | None](None)


def refuse_output_of_others(env: BuildEnvironment, who: str, path: Path) -> None:
    """Stop the build if a build of an edition that shows more has written a file.

    Raises:
        ExtensionError: one has.
    """
    edition = domain_of(env).settings.edition
    if not edition.is_filtered:
        return
    writer = _writer_of(env, path.parent)
    if writer is None and (writer := edition_of_data(path)) is None:
        return
    try:
        is_shown = bool(writer.strip()) and edition.shows(writer)
    except UnknownAudienceError:
        is_shown = False
    if not is_shown:
        raise ExtensionError(
            f'{who} publishes the file "{path.name}", which {_written_by(writer)}. Nothing was published; the edition '
            f'"{edition.name}" must not see it: take it out, and link to the data that each build writes itself.'
        )


def _written_by(writer: str) -> str:
    if writer == UNTOLD:
        return "an export has written, of an edition that it does not name"
    return f'a build of the edition "{writer}" has written'


def _writer_of(env: BuildEnvironment, folder: Path) -> str | None:
    """Return the edition that has written a folder, or one above it; the sources themselves nobody has written."""
    known = _FOLDERS.of(env)
    if known is None:
        known = {}
        _FOLDERS.set(env, known)
    if folder not in known:
        holds_sources = folder == folder.parent or Path(env.srcdir).is_relative_to(folder)
        found = None if holds_sources else edition_that_wrote(folder)
        known[folder] = found if found is not None or holds_sources else _writer_of(env, folder.parent)
    return known[folder]


def refuse_repositories(app: Sphinx, folder: Path, found: Path) -> None:
    """Refuse a repository in a folder that is copied whole: it holds the sources, and those of each earlier day.

    Raises:
        ExtensionError: there is one, and no setting leaves it out.
    """
    if found.name in REPOSITORIES and found.is_dir():
        relative = found.relative_to(folder).as_posix()
        if not Matcher(app.config.exclude_patterns)(relative):
            raise ExtensionError(
                f"`html_extra_path` copies {found}, a repository, with all that this edition hides. Nothing was "
                f'published; name a folder without it, or put "{relative}" into `exclude_patterns`.'
            )


def refuse_own_folders(app: Sphinx, folder: Path) -> None:
    """Refuse a folder that is copied whole and takes in the one for data: these are of the build before.

    Raises:
        ExtensionError: it does.
    """
    data = domain_of(app.env).settings.export_folder
    if data and Path(os.path.realpath(data)).is_relative_to(os.path.realpath(folder)):
        raise ExtensionError(
            f"{folder} is copied whole, and `postmortem_export_folder` lies in it: what an earlier build has written "
            "there would be published, with all that has been hidden since. Nothing was published; write the data into "
            "a folder of the output."
        )
