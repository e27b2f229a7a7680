"""The directives of ours that ran on the page that is being read: what was built, whoever wrote it and wherever."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

from docutils.statemachine import StringList
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.reader import Directive, Line
from sphinx_postmortem.core.reader.reading import DOMAIN_PREFIX

_KEY = "postmortem:ran"


class _Running(Protocol):
    """The part of a directive that is noted."""

    name: str
    arguments: list[str]
    options: dict[str, object]
    content: StringList

    @property
    def env(self) -> BuildEnvironment: ...
    def get_source_info(self) -> tuple[str, int]: ...
    def line_of(self, index: int) -> int: ...


def note_ran(directive: _Running) -> None:
    """Note that a directive runs, with what it was given."""
    env = directive.env
    source, line = directive.get_source_info()
    file = _name_of(env, source)
    noted = Directive(
        directive.name.casefold().removeprefix(DOMAIN_PREFIX),
        directive.arguments[0] if directive.arguments else "",
        line,
        options={name: Line(line, _text(value), file) for name, value in directive.options.items()},
        body=[Line(directive.line_of(index), text, file) for index, text in enumerate(directive.content)],
        file=file,
    )
    noted.end = max([line, *(each.number for each in noted.body)])
    ran_on_page(env).append(noted)


def ran_on_page(env: BuildEnvironment) -> list[Directive]:
    """Return the directives of ours that have run on the page that is being read, in order."""
    if _KEY not in env.current_document:
        env.current_document[_KEY] = []
    return cast("list[Directive]", env.current_document[_KEY])


def _name_of(env: BuildEnvironment, source: str) -> str:
    """Return how places name a file: from the source folder, with a leading slash; empty for the page's own."""
    written = env.doc2path(env.current_document.docname)
    if source == str(written):
        return ""
    path, own = Path(source), Path(written)
    if path == own or not path.is_absolute():
        return ""
    root = Path(env.srcdir)
    return "/" + path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _text(value: object) -> str:
    return " ".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value)
