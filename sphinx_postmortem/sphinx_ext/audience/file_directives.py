"""Directives of Sphinx and docutils that read files without telling Sphinx of all of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, DirectiveError
from docutils.parsers.rst.directives import misc, tables
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include
from sphinx.directives.patches import CSVTable
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.regular_files import is_special
from sphinx_postmortem.sphinx_ext.audience.marked_copies import refuse_marked_copy
from sphinx_postmortem.sphinx_ext.audience.page_accounting import note_drawn_in
from sphinx_postmortem.sphinx_ext.records.domain import domain_of

_PARTS = frozenset(["start-line", "end-line", "start-after", "end-before"])


def refuse_special(env: BuildEnvironment, name: str) -> None:
    """Refuse to read a pipe or a device, which could take for ever.

    Raises:
        DirectiveError: the name is that of one.
    """
    if name and not name.startswith("<") and is_special(Path(env.relfn2path(name.strip())[1])):
        raise DirectiveError(3, f"{name} is a pipe or a device, not a file; name a file")


class NotedInclude(Include):
    """Includes a file as part of a page; a part of a file may begin below the line that opens a marked block."""

    def run(self) -> Sequence[nodes.Node]:
        """Return the nodes of the file's text."""
        refuse_special(self.env, str(self.arguments[0]))
        refuse_marked_part(self.env, str(self.arguments[0]), self.options)
        if "parser" in self.options:  # Sphinx has an event for all other included texts
            note_drawn_in(self.env, Path(self.env.relfn2path(str(self.arguments[0]).strip())[1]))
        return super().run()


def refuse_marked_part(env: BuildEnvironment, name: str, options: Mapping[str, object]) -> None:
    """Refuse to include a part of a file of which the edition must not see all.

    Raises:
        ExtensionError: it is a part, and a marking in the file hides something.
    """
    if _PARTS & set(options) and domain_of(env).settings.edition.is_filtered:
        refuse_marked_copy(env, f'the page "{env.current_document.docname}"', Path(env.relfn2path(name.strip())[1]))


class NotedLiteralInclude(LiteralInclude):
    """Includes a file as code; the file that it is compared with (``:diff:``) is looked at as well."""

    def run(self) -> list[nodes.Node]:
        """Return the code."""
        for given in (str(self.arguments[0]), str(self.options.get("diff", ""))):
            refuse_special(self.env, given)
        if name := str(self.options.get("diff", "")):
            relative, absolute = self.env.relfn2path(name)
            self.env.note_dependency(relative)
            if domain_of(self.env).settings.edition.is_filtered:
                refuse_marked_copy(self.env, f'the page "{self.env.docname}"', Path(absolute))
        return super().run()


class NotedCSVTable(CSVTable):
    """A table of a CSV file; a local file must be named by ``:file:``."""

    def run(self) -> Any:  # Sphinx and docutils each have a type of their own
        """Return the table.

        Raises:
            DirectiveError: the file is in another encoding; docutils alone would stop with a traceback.
        """
        refuse_local_address(self)
        env, name = self.state.document.settings.env, str(self.options.get("file", ""))
        refuse_special(env, name)
        if name and domain_of(env).settings.edition.is_filtered:
            who = f'the page "{env.current_document.docname}"'
            refuse_marked_copy(env, who, Path(env.relfn2path(name)[1]), is_table=True)
        try:
            return super().run()
        except UnicodeError as error:
            raise self.error(f"{name} is no text in UTF-8; save it as UTF-8, or say its `:encoding:`") from error


class NotedRaw(misc.Raw):
    """Raw text; a local file must be named by ``:file:``."""

    def run(self) -> Sequence[nodes.Node]:
        """Return the raw text."""
        refuse_local_address(self)
        refuse_special(self.state.document.settings.env, str(self.options.get("file", "")))
        return super().run()


def guard_files(directive: Directive) -> None:
    """Look at the files that a directive draws in as docutils does, under whatever name it is registered.

    docutils knows its directives by a name in each language (``einfügen``, ``inclure``): they become ours. Those of
    other extensions draw in what they are written for, but no marked file. A filtered edition alone asks for this.

    Raises:
        ExtensionError: the file cannot be looked at, or a marking in it hides a part from the edition.
    """
    for name, (kind, guarded) in _GUARDED.items():
        if isinstance(directive, kind) and not isinstance(directive, guarded):
            if type(directive) in guarded.__mro__:
                directive.__class__ = guarded
            else:
                _look_at_files(directive, name)


def _look_at_files(directive: Directive, name: str) -> None:
    given = str(directive.arguments[0] if name == "include" else directive.options.get("file", "")).strip()
    if name != "include":
        refuse_local_address(directive)
    if not given or given.startswith("<"):
        return
    document = directive.state.document
    env: BuildEnvironment = document.settings.env
    current = Path(document.current_source or document["source"]).absolute().parent
    files = {Path(os.path.normpath(place)) for place in (env.relfn2path(given)[1], current / given)}
    place = f"{document['source']}:{directive.lineno}: the directive `{directive.name}` of another extension draws in"
    if any(map(is_special, files)):
        raise ExtensionError(f"{place} `{given}`, a pipe or a device. Nothing was published; name a file.")
    if not any(file.is_file() for file in files):
        raise ExtensionError(
            f"{place} the file `{given}`, which neither the page's folder nor the source folder has: nobody can say "
            "what it hides. Nothing was published; write its path from one of them, or put it into `internal-only`."
        )
    for file in filter(Path.is_file, sorted(files)):
        env.note_dependency(str(file))
        _look_at_file(env, file, directive, name)


def _look_at_file(env: BuildEnvironment, file: Path, directive: Directive, name: str) -> None:
    if name == "include" and not directive.options.keys() & {*_PARTS, "literal", "code"}:
        note_drawn_in(env, file)  # its markings work, as those of the page do
    else:
        who = f'the page "{env.current_document.docname}"'
        refuse_marked_copy(env, who, file, is_table=name == "csv-table")


_GUARDED: Mapping[str, tuple[type[Directive], type[Directive]]] = {
    "include": (misc.Include, NotedInclude),
    "raw": (misc.Raw, NotedRaw),
    "csv-table": (tables.CSVTable, NotedCSVTable),
}


def refuse_local_address(directive: Directive) -> None:
    """Refuse ``:url: file:...`` in filtered editions: it would draw in any file of the machine.

    Raises:
        ExtensionError: the address is that of a local file.
    """
    env = directive.state.document.settings.env
    url = str(directive.options.get("url", ""))
    if url.casefold().startswith("file:") and domain_of(env).settings.edition.is_filtered:
        raise ExtensionError(
            f"{directive.state.document['source']}:{directive.lineno}: `:url: {url}` draws in a local file, which may "
            "be hidden from this edition. Nothing was published; name a file of the site with `:file:`"
        )
