"""Find the pages and files that an edition must not see, before Sphinx looks for documents.

The marking of a Jupyter notebook may stand in each of its cells.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from functools import partial
from pathlib import Path

from sphinx_postmortem.core.audience.audiences import Edition, UnknownAudienceError
from sphinx_postmortem.core.audience.incident_pages import IncidentGate
from sphinx_postmortem.core.audience.looks import FileLook, look_at
from sphinx_postmortem.core.audience.notebooks import cells_of
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.audience.path_patterns import literal_pattern, sphinx_patterns
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.source_walk import fault_of_name, walk_sources

Judge = Callable[[str, str, bool], tuple[list[Problem], bool]]
"""Takes a text, the audience that its head names, and whether it is Markdown; see ``IncidentGate.judge``."""


@dataclass(frozen=True)
class HiddenPages:
    """The result of a scan: source paths of hidden pages and folder patterns, and problems by source path.

    ``looks`` holds what each page was that is shown, by source path.
    """

    pages: tuple[str, ...]
    patterns: tuple[str, ...]
    problems: tuple[tuple[str, Problem], ...]
    looks: Mapping[str, FileLook] = field(default_factory=dict[str, FileLook])


def source_files(
    source_folder: Path,
    suffixes: Mapping[str, str],
    is_excluded: Callable[[str], bool],
    say_circle: Callable[[str], None] = lambda _: None,
    say_unreadable: Callable[[str, str], None] = lambda _path, _why: None,
) -> Iterator[tuple[str, str]]:
    """Yield every source file below the folder, as its ``/``-separated path and its file type.

    ``say_circle`` takes the path of a link to a folder in which the link itself lies, ``say_unreadable`` that of a
    folder that cannot be listed, and why.
    """
    for folder, names in walk_sources(source_folder, is_excluded, say_circle, say_unreadable):
        for name in names:
            suffix = next((s for s in suffixes if name.endswith(s)), None)
            path = f"{folder}/{name}" if folder else name
            if suffix is not None and not is_excluded(path):
                yield path, suffixes[suffix]


def find_hidden_pages(
    source_folder: Path,
    suffixes: Mapping[str, str],
    edition: Edition,
    audience_paths: Mapping[str, str],
    is_excluded: Callable[[str], bool],
    encoding: str = "utf-8",
    incidents: IncidentGate | None = None,
) -> HiddenPages:
    """Scan the heads of all sources, and what incidents say of themselves.

    Args:
        source_folder: the site's source folder.
        suffixes: file suffix to type (``markdown``, ``restructuredtext``), as Sphinx's ``source_suffix``.
        edition: the edition being built.
        audience_paths: the setting ``postmortem_audience_paths``: path pattern to audience.
        is_excluded: whether a path is excluded from the site anyway.
        encoding: that of the sources, as Sphinx's ``source_encoding``.
        incidents: decides by what incidents say of themselves.

    A page whose marking is broken, unreadable or unknown is hidden in every edition, and reported.
    """
    problems: list[tuple[str, Problem]] = []
    pages: list[str] = []
    looks: dict[str, FileLook] = {}
    circles: list[str] = []

    def note_unreadable(path: str, why: str) -> None:
        mend = "mend its rights, or name it in `exclude_patterns`"
        message = f"the folder cannot be read ({why}), and its pages are left out; {mend}"
        problems.append((path, Problem(Code.BROKEN_MARKING, message)))

    for path, file_type in source_files(source_folder, suffixes, is_excluded, circles.append, note_unreadable):
        try:
            refuse_odd_name(path)
            text, looks[path] = look_at(source_folder / path, encoding)
        except OSError as error:
            found, shown = [_unreadable(error)], False
        else:
            judge = partial(incidents.judge, source_folder / path) if incidents else None
            found, shown = text_is_shown(text, file_type, edition, judge)
        problems.extend((path, problem) for problem in found)
        if not shown:
            pages.append(path)
    for path in circles:
        message = "the link leads to a folder in which it lies, so that its pages would have no end; it is left out"
        problems.append((path, Problem(Code.BAD_FILE, message)))
    patterns = (*map(literal_pattern, circles), *_hidden_patterns(edition, audience_paths, problems))
    for path in pages:
        looks.pop(path, None)
    return HiddenPages(tuple(pages), patterns, tuple(problems), looks)


def page_is_shown(
    file: Path, file_type: str, edition: Edition, incidents: IncidentGate | None = None
) -> tuple[list[Problem], bool]:
    """Return what is wrong with the markings of one source file, and whether the edition may show it."""
    try:
        text, _ = look_at(file)
    except OSError as error:
        return [_unreadable(error)], False
    return text_is_shown(text, file_type, edition, partial(incidents.judge, file) if incidents else None)


def refuse_odd_name(path: str) -> None:
    """Look whether a page can have this name.

    Raises:
        OSError: no list, address or manifest could name it, or Sphinx cannot keep it.
    """
    if why := fault_of_name(path):
        raise OSError(errno.EILSEQ, why)


def _unreadable(error: OSError) -> Problem:
    return Problem(Code.BROKEN_MARKING, f"the file cannot be read ({error.strerror}); the page is hidden")


def text_is_shown(
    text: str, file_type: str, edition: Edition, judge: Judge | None = None
) -> tuple[list[Problem], bool]:
    """Return what is wrong with the markings of a page's text, and whether the edition may show it.

    A cell of a notebook marks the whole page. ``judge`` decides by what incidents say of themselves.
    """
    problems, shown = _part_is_shown(text, file_type, edition, judge)
    cells = cells_of(text)
    for cell in cells:
        found, cell_is_shown = _part_is_shown(cell, "markdown", edition, None)
        problems += [replace(problem, line=0) for problem in found]
        shown = shown and cell_is_shown
    if cells and judge and shown:  # the head of the page stands in one cell, and its incident in another
        found, shown = judge("\n\n".join(cells), "", True)
        problems += [replace(problem, line=0) for problem in found]
    return problems, shown


def _part_is_shown(text: str, file_type: str, edition: Edition, judge: Judge | None) -> tuple[list[Problem], bool]:
    markdown = file_type != "restructuredtext"  # other parsers of Markdown have types of their own
    marking = read_page_marking(text, markdown=markdown)
    if marking.broken:
        mend = f"Write `audience: {edition.audiences.internal}` between two `---` lines at the top"
        return [Problem(Code.BROKEN_MARKING, f"{marking.broken}; the page is hidden. {mend}", marking.line)], False
    try:
        if not edition.shows(marking.name):
            return [], False
    except UnknownAudienceError as error:
        return [Problem(Code.UNKNOWN_AUDIENCE, f"{error}; the page is hidden until it is mended", marking.line)], False
    return judge(text, marking.name, markdown) if judge else ([], True)


def _hidden_patterns(
    edition: Edition, audience_paths: Mapping[str, str], problems: list[tuple[str, Problem]]
) -> tuple[str, ...]:
    hidden: list[str] = []
    for pattern, audience in audience_paths.items():
        try:
            shown = edition.shows(str(audience)) and bool(str(audience).strip())
        except UnknownAudienceError as error:
            message = f'postmortem_audience_paths["{pattern}"]: {error}; what it matches is hidden'
            problems.append(("conf.py", Problem(Code.UNKNOWN_AUDIENCE, message)))
            shown = False
        if not shown:
            hidden.extend(sphinx_patterns(pattern))
    return tuple(hidden)
