"""Which files each page draws in, and which paths the edition must not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.sphinx_ext.kept import KeptByPage, PerBuild


@dataclass(frozen=True)
class PageFiles:
    """Files that a page draws in: those of tables, those of which a table hides columns, and those published whole."""

    tables: tuple[str, ...] = ()
    hiding: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


FILES = KeptByPage[PageFiles]("files", PageFiles())
HIDDEN_PATTERNS = PerBuild[tuple[str, ...]](())
"""Patterns of the paths that the edition must not see, relative to the source folder."""
HIDDEN_FOLDERS = PerBuild[tuple[str, ...]](())
"""Those of them that settings name, and links to what these hide: a file that a page draws in may come to be hidden."""


def note_table_file(env: BuildEnvironment, docname: str, relative: str, absolute: str, *, hides_columns: bool) -> None:
    """Note the file of a table, and whether the edition sees only some of its columns."""
    files = FILES.of(env, docname)
    hiding = (*files.hiding, absolute) if hides_columns else files.hiding
    FILES.set(env, docname, replace(files, tables=(*files.tables, relative), hiding=hiding))


def note_copied_files(env: BuildEnvironment, docname: str, paths: Iterable[str]) -> None:
    """Note the files that a page publishes as they are, by absolute path."""
    files = replace(FILES.of(env, docname), copies=tuple(sorted(paths)))
    if files != PageFiles():
        FILES.set(env, docname, files)
