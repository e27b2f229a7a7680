"""The one way in which the extension warns: an enumerated code, a place, what is wrong and how to mend it."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging

from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.terminal_text import lines_without_controls, without_controls

_logger = logging.getLogger("sphinx_postmortem")

Location = nodes.Node | tuple[str, int | None] | str | None


def warn(code: Code, message: str, location: Location = None) -> None:
    """Emit one warning of type ``postmortem`` and subtype ``code``; ``suppress_warnings`` and ``-W`` apply."""
    warn_by_name(code.value, message, location)


def warn_by_name(code: str, message: str, location: Location = None) -> None:
    """Emit what a check has found, by its code as users write it."""
    place = (place_of(location) or location) if isinstance(location, nodes.Node) else location
    if isinstance(place, str):
        place = without_controls(place)
    _logger.warning(lines_without_controls(message), type="postmortem", subtype=code, location=place)


def place_of(node: nodes.Node) -> str:
    """Return where a node, or else the nearest node around it, is in the source (``path:line``); else an empty text.

    Sphinx takes the nearest node with a file, which may have no line.
    """
    up: nodes.Node | None = node
    while up is not None and not (isinstance(up, nodes.Element) and up.source and up.line):
        up = up.parent
    return f"{up.source}:{up.line}" if up is not None else ""


def warn_problem(problem: Problem, file: str) -> None:
    """Emit a problem that ``core`` found in ``file``."""
    # Without a line Sphinx would take the path for the name of a page.
    warn(problem.code, problem.message, f"{file}:{problem.line or 1}")
